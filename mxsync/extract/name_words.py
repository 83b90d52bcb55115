"""Words by which the parts of a personal name are told apart, and a person's name from another's."""

from __future__ import annotations

from mxsync.extract.word_list import words

PARTICLES = words(
    """
    van von vom zu zum zur der den dem de da das do dos du di del dela della dello degli dei de' d' des la le
    les lo las los
    ter ten te tot op 't ’t in't ver af av el al bin ibn bint binti ben ould abu abd bar san santa st st. mac ap
    ferch
    ван фон де ля бин ибн оглы بن ابن بنت آل أبو ابو
    """
)
"""In lower case. A last name begins with the first of them that is not the first word."""

HONORIFICS = words(
    """
    mr mrs ms miss mx mister madam sir dame lord lady dr doctor doc prof professor assoc rev reverend fr father
    pastor rabbi imam
    hon capt captain col colonel lt maj gen sgt cmdr adv advocate judge justice ambassador
    herr frau hr dr-ing dr.-ing med rer dipl dipl-ing dipl.-ing dipl-kfm ing mag univ-prof
    mme mlle monsieur madame mademoiselle maître dhr mevr mevrouw mnr mej ir drs mr.dr
    sr sra srta señor señora señorita doña dra lic arq sig sig.ra signor signora dott dott.ssa avv
    dhr. heer mgr judr mudr phdr rndr eng shri smt г-н г-жа господин госпожа د. أ. السيد السيدة
    """
)
"""In lower case, without a full stop at the end."""

SUFFIXES = words(
    """
    jr sr jnr snr ii iii iv junior senior phd dphil md mba emba esq esquire cpa cfa pe peng pmp jd dds dvm rn
    llb llm lld bsc msc
    beng meng ba ma bcom mcom bsc(hons) ca ca(sa) cissp facs frcs mrics frics acca aca fca fcca cima chfc clu shrm-cp
    ret obe mbe kbe cbe
    prince2 itil pr.eng prof.eng dipl.-ing ll.m ll.b m.sc b.sc b.eng m.eng b.a m.a ph.d m.d j.d m.b.a b.com c.a
    mcse ccie csm p.eng p.e r.n c.eng ceng c.p.a e.i.t eit csc mpa mph pharmd psyd edd dba lcsw rph sphr leed cfp
    """
)
"""In lower case, without a full stop at the end."""

CASED_SUFFIXES = {
    "jr": "Jr",
    "sr": "Sr",
    "jnr": "Jnr",
    "snr": "Snr",
    "phd": "PhD",
    "ph.d": "PhD",
    "ii": "II",
    "iii": "III",
    "iv": "IV",
    "esq": "Esq",
}

FOR_ANOTHER = words("i.a i.v ppa i.o i.a.v p.p p/p pp")
"""What stands before the name of somebody who signs for another; no part of the name."""

CYRILLIC = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "e", "є": "ye", "ж": "zh", "з": "z",
        "и": "i", "і": "i", "ї": "yi", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
        "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "",
        "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    }
)  # fmt: skip
"""As passports write Russian and Ukrainian letters (ICAO 9303), which addresses follow more often than not."""

NOT_A_PERSON = words(
    """
    support helpdesk helpline service services servicedesk customer customers sales marketing team teams info
    information admin administration
    administrator administrators accounts accounting billing invoice invoices invoicing payments payroll finance
    newsletter newsletters
    news notification notifications alert alerts noreply no-reply donotreply reply do-not-reply mailer
    mailer-daemon postmaster webmaster
    office reception orders order department dept division desk group groups committee council board association
    society institute foundation
    university college school academy hotel hospital clinic bank insurance airlines airways ministry government
    municipality agency
    company corporation corp inc llc llp ltd limited plc pty gmbh ag kg ohg ug sarl sas bv nv oy ab aps srl spa
    spzoo holdings holding
    solutions systems technologies technology consulting consultants partners associates enterprises industries
    international global
    careers jobs recruiting recruitment hr events webinar webinars conference calendar bot robot system systems
    automated automation
    undisclosed recipients list mailinglist announce updates digest security privacy legal compliance feedback
    survey surveys
    store shop online app cloud api server daemon monitor monitoring backup scanner printer copier fax voicemail
    kundenservice kundendienst vertrieb verkauf buchhaltung rechnung rechnungen sekretariat empfang bestellung
    einkauf personalabteilung
    équipe equipe service-client comptabilité secrétariat ventes commercial boutique klantenservice
    administratie verkoop boekhouding
    ventas soporte atención cliente clientes administración facturación vendas suporte atendimento vendite
    assistenza
    поддержка рассылка бухгалтерия отдел 客服 服务
    通知 公司 有限公司 株式会社 サポート 事務局 고객센터 주식회사 الدعم شركة
    """
)
"""In lower case. One of them as a word of the name, and it is a desk's or a firm's."""

CHINESE_COMPOUND = words(
    """
    欧阳 歐陽 司马 司馬 诸葛 諸葛 上官 司徒 夏侯 东方 東方 皇甫 尉迟 尉遲
    公孙 公孫 慕容 令狐 长孙 長孫 宇文 轩辕 軒轅 端木 南宫 南宮 西门 西門
    """
)
KOREAN_COMPOUND = words(
    """
    남궁 황보 제갈 사공 선우 독고 동방 서문
    """
)
PATRONYMIC_ENDINGS = ("вич", "вна", "чна", "ьич", "ович", "евич", "івна", "ївна")

CHINESE_SURNAMES = words(
    """
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie tang song han
    feng deng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu ding ren lv yao shen zhong cui
    tan lu fan jin shi liao jia xia fu fang zou xiong bai meng qin qiu hou yan xue lei long tao
    """
)
KOREAN_SURNAMES = words(
    """
    kim lee park choi jung jeong kang cho yoon jang lim han oh seo shin kwon hwang ahn song yoo hong jeon moon bae
    baek heo nam noh ha
    """
)
VIETNAMESE_SURNAMES = words(
    """
    nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý
    """
)
