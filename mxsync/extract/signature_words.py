"""Words by which a closing, a contact block and the fields in it are recognised, in the languages of the users."""

from __future__ import annotations

import re

from mxsync.extract.word_list import words

_CLOSINGS = (
    # English
    r"(?:(?:with )?(?:my )?(?:very )?(?:kind(?:est)?|warm(?:est)?|best|sincere|kindest personal"
    r"|personal) (?:personal )?regards|regards|rgds|kr|br|b\.?rgds|best|best wishes|all the best"
    r"|all best|cheers"
    r"|(?:yours )?(?:sincerely|faithfully|truly|respectfully|cordially)(?: yours)?"
    r"|(?:very )?truly yours|yours|take care|respectfully(?: submitted)?|warmly|cordially"
    r"|(?:many |much |kind |with )?thanks(?: (?:and|&) (?:kind |best |warm )?regards)?"
    r"|thanks(?: again| so much| very much| a lot| a million| in advance|,? all)?"
    r"|thank you(?: again| so much| very much| in advance| kindly)?|thank u|thx|thnx|tks|tx|ta"
    r"|many thanks(?: in advance| again)?|thanking you(?: in advance)?|have a (?:great|nice|good"
    r"|lovely|wonderful) (?:day|evening|weekend|week|one)|talk (?:to you )?soon|speak soon"
    r"|see you(?: soon| then)?|looking forward|love|hugs|later|ciao"
    # German
    r"|(?:mit )?(?:freundlichen|freundlichem|besten|herzlichen|schönen|lieben|sonnigen|vielen"
    r"|kollegialen) gr(?:ü|ue)(?:ß|ss)en?|(?:mit )?(?:freundlichen?|besten?|herzlichen?|herzliche"
    r"|schönen?|schöne|liebe|viele|beste|freundliche|sonnige) gr(?:ü|ue)(?:ß|ss)en?(?: aus \S+)?"
    r"|mit freundlichem gru(?:ß|ss)|gru(?:ß|ss)|gr(?:ü|ue)(?:ß|ss)e|mfg|lg|vg|hochachtungsvoll"
    r"|(?:vielen |besten |herzlichen )?dank(?: im voraus)?|danke(?: schön| im voraus)?"
    # Dutch and Afrikaans
    r"|(?:met )?(?:vriendelijke|hartelijke|beste|warme) groet(?:en|jes)?|groet(?:en|jes)?|mvg"
    r"|m\.v\.g\.?|hoogachtend|(?:bij voorbaat )?dank(?:je wel| u(?: wel)?|jewel)?|bedankt"
    r"|alvast bedankt"
    r"|(?:met )?vriendelike groete|groete|beste groete|vriendelik die uwe|die uwe|baie dankie|dankie(?: by voorbaat)?"
    # French
    r"|(?:bien )?(?:cordialement|amicalement|sincèrement)(?: vôtre)?|(?:avec mes )?(?:meilleures"
    r"|sincères|cordiales|respectueuses) salutations|salutations(?: distinguées| cordiales)?"
    r"|(?:bien )?à vous|bonne journée|bonne réception"
    r"|merci(?: d'avance| beaucoup| par avance)?|respectueusement|cdlt|bien à toi"
    r"|veuillez agréer.{0,80}|je vous prie.{0,80}"
    # Spanish, Portuguese, Italian
    r"|(?:reciba )?(?:un )?(?:cordial|atento|afectuoso) saludo|(?:un )?saludos?(?: cordial(?:es)?"
    r"| atentos?)?|atentamente|atte\.?|cordialmente|(?:muchas )?gracias(?: de antemano)?"
    r"|quedo a la espera.{0,60}|abrazos?|un abrazo"
    r"|atenciosamente|att\.?|cumprimentos|(?:com os )?(?:melhores|meus) cumprimentos|abraços?"
    r"|(?:muito )?obrigad[oa]|grat[oa]|saudações"
    r"|(?:un )?(?:cordiali|distinti|cari) saluti|saluti|cordialmente|(?:molte )?grazie(?: mille)?"
    r"|buona giornata|a presto|un saluto"
    # Nordic, Polish, Czech, Russian, Ukrainian, Turkish, Hungarian, Greek, Finnish
    r"|(?:med )?(?:vänliga|vänlig|bästa|varma) hälsning(?:ar)?|(?:med )?(?:vennlig|beste|venlig"
    r"|bedste|de bedste) hils(?:en|ener)|hilsen|mvh|hälsningar|(?:mange |venlige |gode |varme )hils(?:en|ner|ener)|mvh\.?|tack|tak|takk|(?:ystävällisin"
    r"|parhain) terveisin|terveisin|terv\.?|kiitos"
    r"|(?:z )?(?:poważaniem|wyrazami szacunku)|pozdrawiam|(?:serdeczne )?pozdrowienia|dziękuję"
    r"|(?:s )?(?:pozdravem|přátelským pozdravem)|děkuji|(?:s )?pozdravom"
    r"|с уважением|с наилучшими пожеланиями|всего доброго|спасибо|з повагою|дякую|saygılarımla"
    r"|saygılar|iyi çalışmalar|teşekkürler|üdvözlettel|tisztelettel|köszönettel|με εκτίμηση"
    r"|ευχαριστώ|εκτίμηση"
    r"|(?:med )?(?:hjertelig hilsen|kærlig hilsen|kær hilsen|de venligste hilsner|vh|dbh|hälsn\.?|bästa|på förhand tack|på forhånd tak)|(?:sydämellisin|parhaimmin) terveisin|kiittäen|ystävällisesti"
    r"|łączę pozdrowienia|z wyrazami szacunku|z pozdrowieniami|pozdr\.?|miłego dnia|s úctou|přeji hezký den|hezký den|s přáním hezkého dne|zdravím|s pozdravom|ďakujem"
    r"|(?:szívélyes )?üdvözlettel|üdv\.?|üdvözlettel|előre is köszönöm|köszönöm|tisztelettel|cu (?:stimă|respect|considerație|deosebită considerație)|toate cele bune|o zi bună|vă mulțumesc|mulțumesc|mulţumesc|cu drag"
    r"|с (?:наилучшими|добрыми) пожеланиями|с глубоким уважением|заранее спасибо|благодарю|хорошего дня|з найкращими побажаннями|щиро ваш[аі]?|дякую заздалегідь|гарного дня"
    r"|saygılarımızla|saygılarımla|sevgiler|iyi günler|iyi çalışmalar dilerim|teşekkür ederim|kolay gelsin|με φιλικούς χαιρετισμούς|φιλικά|με τιμή|ευχαριστώ πολύ|ευχαριστώ εκ των προτέρων|χαιρετισμούς"
    r"|děkuji(?: předem)?|předem děkuji|přeji (?:vám )?(?:pěkný|hezký|krásný) den|pěkný den|köszönettel|szép napot(?: kívánok)?|tisztelettel|щиро (?:ваша?|дякую)|з (?:найкращими побажаннями|повагою)"
    r"|(?:με )?(?:εκτίμηση|φιλικούς χαιρετισμούς)|σας ευχαριστώ|grazie e \S+ \S+|buon(?:a giornata| lavoro)|cdt|bàv|a\+|baie groete|groetnis|vriendelike|hartelike groete|byvoorbaat dank|lieben gruß|herzlichst|beste|freundlichst"
    # Chinese, Japanese, Korean, Arabic, Hebrew
    r"|[\uac00-\ud7a3]{1,6}(?: [\uac00-\ud7a3]{1,4})? (?:드림|올림|배상)"
    r"|[顺順并並敬]?祝[您你]?[\u4e00-\u9fff]{0,6}(?:愉快|顺利|順利|商祺|安好|健康|安康|进步|進步|快乐|快樂|顺遂)"
    r"|此致敬礼|此致敬禮|此致|敬礼|敬禮|祝好|祝商祺|商祺|顺祝商祺|順頌商祺|顺祝|祝您工作愉快|谢谢|謝謝|多谢|感谢|感謝|顺颂商祺|敬具|草々|よろしくお願い申し上げます|宜しくお願い申し上げます|何卒よろしくお願いいたします|どうぞよろしくお願いいたします|ありがとうございます|감사드립니다|고맙습니다|안녕히 계십시오|안녕히 계세요|수고하십시오|수고하세요|좋은 하루 되세요|안녕히 계세요|드림|よろしくお願いいたします|宜しくお願い致します"
    r"|(?:何卒|どうぞ|以上)?[、,]?\s?(?:よろしく|宜しく)お願い(?:いたします|致します|申し上げます|します)(?:。)?|以上|감사합니다|مع (?:خالص )?(?:التحية"
    r"|التحيات|تحياتي)|تحياتي|تحية طيبة|أطيب التحيات|أطيب تحياتي|مع أطيب التحيات|شكراً? جزيلاً?|جزيل الشكر|شكرا|شكراً|وتفضلوا.{0,60}|בברכה|בברכת \S+|תודה(?: רבה)?|תודה מראש|בכבוד רב)"
)
CLOSING = re.compile(rf"^[\s*>_~-]*+(?P<words>{_CLOSINGS})(?P<rest>[\s,.;:!*~–—_-]*+.*)$", re.IGNORECASE)
"""`words` is the closing, `rest` what stands behind it on the same line."""

TITLE = re.compile(
    r"\b(?:president|vice[- ]president|(?:e|s)?vp|ceo|cfo|cto|coo|cio|cmo|ciso|chief|chair(?:man"
    r"|woman|person)?|director|managing|manager|mgr|head of|lead|leader|supervisor|superintendent"
    r"|foreman|officer|executive|exec"
    r"|\w{2,20}ologist|chemist|physicist|economist|engineer|developer|architect|programmer|scientist|researcher|analyst|consultant|advis[oe]r"
    r"|specialist|expert|coordinator|co-ordinator|administrator|assistant|secretary|receptionist"
    r"|clerk|bookkeeper|accountant|auditor|controller|comptroller|treasurer"
    r"|counsel|attorney|lawyer|solicitor|barrister|paralegal|partner|associate|principal|founder"
    r"|co-founder|cofounder|owner|proprietor|agent|broker|trader|buyer|planner|estimator|surveyor"
    r"|representative|sales rep|rep|technician|operator|foreman|designer|editor|writer|journalist"
    r"|producer"
    r"|teacher|lecturer|professor|dean|registrar|librarian|nurse|physician|pharmacist|therapist"
    r"|psychologist|veterinarian|pastor|curator|intern|trainee|apprentice|fellow|student|recruiter"
    r"|account executive|evangelist|strategist|marketer|merchandiser|scheduler|originator"
    r"|underwriter|actuary|contractor|deputy|senior|junior"
    r"|geschäftsführer(?:in)?|geschäftsleit\w+|leiter(?:in)?|\w{2,30}leiter(?:in)?|vertriebs\w+"
    r"|projektleit\w+|sachbearbeiter(?:in)?|prokurist(?:in)?|inhaber(?:in)?|berater(?:in)?"
    r"|entwickler(?:in)?|ingenieur(?:in)?|referent(?:in)?|rechtsanwalt|rechtsanwältin"
    r"|steuerberater(?:in)?|assistenz|vorstand|einkäufer(?:in)?|verkäufer(?:in)?|buchhalter(?:in)?"
    r"|mitarbeiter(?:in)?|werkstudent(?:in)?|kaufmann|kauffrau|techniker(?:in)?|redakteur(?:in)?"
    r"|directeur|directrice|responsable|gérante?|chef de \w+|chargée? d[e'].{0,30}|ingénieure?"
    r"|avocate?|conseiller|conseillère|président|présidente|comptable|associée?|technicien(?:ne)?"
    r"|attachée?|assistante|commercial(?:e)?"
    r"|directeur|bestuurder|eigenaar|hoofd|adviseur|medewerker|beheerder|accountmanager"
    r"|ontwikkelaar|bestuursleier|besturende direkteur|direkteur|eienaar|ingenieur|rekenmeester"
    r"|prokureur|verkoops?bestuurder|verteenwoordiger|verkoopleider|inkoper|verkoper|teamleider"
    r"|directora?|gerente|jefe|jefa|responsable|ingeniera?|abogad[oa]|asesora?|consultora?"
    r"|encargad[oa]|presidenta?|diretora?|engenheir[oa]|advogad[oa]|sócio|gestora?|coordenadora?"
    r"|analista|direttore|direttrice|responsabile|ingegnere|avvocato|titolare|amministratore"
    r"|consulente|socio"
    r"|vd|chef|ansvarig|ingenjör|konsult|säljare|direktör|sjef|leder|rådgiver|dyrektor|kierownik"
    r"|specjalista|prezes|inżynier|ředitel(?:ka)?|jednatel|vedoucí|manažer(?:ka)?|директор"
    r"|менеджер|руководитель|инженер|специалист|начальник|бухгалтер|юрист|müdürü?|uzmanı?"
    r"|mühendisi?|toimitusjohtaja|johtaja|päällikkö|asiantuntija|igazgató|ügyvezető|mérnök"
    # compounds of the Germanic languages and Finnish
    r"|\w{2,30}(?:chefin|chef|sjef|ansvarig|ansvarlig|ledare|leder|direktör|direktør|direktor|direktorin|ingenjör|ingeniør|konsulent|konsult|rådgiver|rådgivare"
    r"|assistent|assistentin|tekniker|koordinator|koordinatorin|manager|managerin|adviseur|medewerker|leider|beheerder|directeur|bestuurder|berater|beraterin|ingenieur|ingenieurin"
    r"|entwickler|entwicklerin|referent|referentin|beauftragter?|spezialist|spezialistin|sekretär|sekretärin|sekreterare|sekretær|chefredakteur|mekaniker|säljare|selger|sælger"
    r"|päällikkö|johtaja|insinööri|asiantuntija|sihteeri|vastaava|assistentti|konsultti|suunnittelija|myyjä|vezető|igazgató|mérnök|szakértő|asszisztens|kezelő|előadó)"
    # Polish, Czech, Slovak, Romanian, Turkish
    r"|specjalistka|dyrektorka|kierowniczka|asystent(?:ka)?|analityk|koordynator(?:ka)?|księgow[ay]|doradca|handlowiec|właściciel(?:ka)?|radca|menedżer(?:ka)?|przedstawiciel(?:ka)?|główn[ay]|starsz[ay]"
    r"|specialist(?:a|ka)|referent(?:ka)?|asistent(?:ka|ă)?|obchodník|nákupčí|projektant(?:ka)?|účetní|majitel(?:ka)?|konzultant(?:ka)?|obchodní \w+|vedúc[ia]|riaditeľ(?:ka)?|technik"
    r"|szakértő|szakreferens|tanácsadó|elnök|titkárnő|inginer|contabil[ăa]?|șef|şef|consilier|reprezentant|coordonator|economist|jurist|avocat|asociat"
    r"|müdür(?:ü|lüğü)?|uzman|yönetici(?:si)?|mühendis|sorumlu(?:su)?|temsilci(?:si)?|danışman(?:ı)?|şefi?|koordinatör(?:ü)?|asistan(?:ı)?|başkan(?:ı)?|avukat|muhasebeci"
    # Russian, Ukrainian, Greek
    r"|ведущий|ведущая|главный|главная|коммерческий|помощник|секретарь|консультант|аналитик|разработчик|координатор|представитель|заместитель|закупщик|технолог|президент|адвокат"
    r"|керівник|керівниця|директорка|менеджерка|інженер(?:ка)?|фахівець|спеціаліст(?:ка)?|провідний|головний|головна|заступник|бухгалтерка|помічник"
    r"|διευθυντής|διευθύντρια|υπεύθυν(?:ος|η)|προϊστάμεν(?:ος|η)|μηχανικός|σύμβουλος|λογιστής|λογίστρια|γραμματέας|στέλεχος|αναλυτής|συντον(?:ιστής|ίστρια)|δικηγόρος|πρόεδρος|πωλητής|τεχνικός"
    # more of the Romance languages and Dutch, Portuguese
    r"|acheteu(?:r|se)|vendeu(?:r|se)|secrétaire|juriste|chargée? de|développeu(?:r|se)|architecte|consultante?|adjointe?|vendedora?|comprador[a]?|contador[a]?|técnic[oa]|secretari[ao]|desarrollador[a]?"
    r"|secretári[ao]|comercial|responsável|encarregad[oa]|impiegat[oa]|segretari[ao]|contabile|tecnico|venditore|compratore|addett[oa]|presidente|legale rappresentante|inkoopster|verkoopster|secretaresse|boekhouder)\b"
    r"|经理|總監|經理|主管|专员|專員|助理|董事长|会计|會計|律师|律師|秘书|祕書|工程師|采购员|销售员|负责人|总监|董事|总裁|主任|工程师|顧問|顾问|部長|課長|代表取締役|取締役|社長|係長|主任|営業|マネージャー|マネジャー|リーダー|室長|本部長|エンジニア|執行役員|専務|常務|主査|担当|コンサルタント|대표|이사|부장|과장|차장|대리|팀장|사원|주임|실장|본부장|전무|상무|연구원|매니저|책임|선임|엔지니어|مدير|مهندس|مستشار|مديرة|رئيس|رئيسة|مسؤول|مسؤولة|منسق|محاسب|مندوب|مهندسة|نائب|موظف|أخصائي|محام|מנהל|מנכ|סמנכ|יועץ|יועצת|רכז|ראש צוות|עורך דין|עו.ד|רואה חשבון|מזכיר|מהנדסת|מתכנת|מהנדס",
    re.IGNORECASE,
)

LEGAL_FORM = re.compile(
    r"(?:^|[\s(,])(?:inc|incorporated|l\.?l\.?c|l\.?l\.?p|ltd|limited|plc|p\.?l\.?c|corp"
    r"|corporation|co|company|(?:\(?pty\)?\.? )?ltd|(?:\(edms\)\.? )?bpk|bk|edms|\(pty\)|pty|n\.?p\.?c|\(rf\)|soc|cc"
    r"|gmbh(?: & co\.? ?kg(?:aa)?)?|mbh|ag|kg|kgaa|ohg|ug|e\.?v|e\.?k|gbr|se|eg"
    r"|s\.?a\.?r\.?l|s\.?a\.?s|s\.?a|s\.?n\.?c|eurl|sasu|s\.?p\.?r\.?l|b\.?v\.?b\.?a|b\.?v|n\.?v"
    r"|v\.?o\.?f|s\.?l\.?u?|s\.?r\.?l|s\.?p\.?a|ltda|lda|s\.?a\.? de c\.?v|s\.?de r\.?l|eireli|me"
    r"|aps|a/s|a\.?s|asa|as|ab|oyj?|hf|ehf"
    r"|sp\. ?z ?o\. ?o|s\.? ?r\.? ?o|a\.s|spol\. s r\.o|kft|bt|kkt|zrt|nyrt|d\.o\.o|d\.d|eood|ood|ad|oü"
    r"|uab|sia|ооо|оао|пао|зао|ип|тов|a\.ş|ltd\.? şti|k\.?k|sdn\.? bhd|bhd|pte|pvt|private limited"
    r"|fzc?o?|fze|wll|jsc|pjsc|tbk|pt)(?=$|[\s.,;)|])"
    r"|银行|銀行|大学|大學|事務所|律师事务所|研究所|商事|製作所|工業|법무법인|은행|대학교|연구소|بنك|جامعة|מכללת|אוניברסיטת|משרד עו|בנק"
    r"|(?:^|\s)(?:α\.?ε|ε\.?π\.?ε|ο\.?ε|ε\.?ε|ι\.?κ\.?ε|α\.?β\.?ε\.?ε)\.?(?=$|[\s.,;)|])|בע[\"״']{1,2}מ|ذ\.?\s?م\.?\s?م|ش\.?\s?م\.?\s?[مكع]|(?:^|\s)(?:مؤسسة|مجموعة)\s|㈱|\(株\)|（株）|㈜|\(주\)|集团|集團|股份公司|公司$"
    r"|有限公司|株式会社|有限会社|合同会社|주식회사|유한회사|(?:^|\s)شركة",
    re.IGNORECASE,
)

ORGANISATION_WORD = re.compile(
    r"\b(?:bank|university|universität|université|universiteit|universidad|universidade|università"
    r"|college|institute|institut|school|hospital|clinic|group|gruppe|groupe|groep|grupo|gruppo"
    r"|holdings?|solutions|technologies|technology|systems|software|consulting|consultants"
    r"|consultancy|partners|associates|industries"
    r"|enterprises|services|international|global|foundation|stiftung|trust|association|society"
    r"|ministry|department|council|municipality|authority|agency|logistics|engineering|electronics"
    r"|energy|power|pipeline|motors|pharma|pharmaceuticals|insurance|versicherung(?:en)?|attorneys"
    r"|law firm|properties|construction"
    r"|manufacturing|mining|foods|farms|hotels?|airlines|airways|media|publishing|press|studios?"
    r"|labs?|laboratories|networks?|communications|telecom|capital|investments?|ventures|advisors"
    r"|securities|werke|verlag|kanzlei|steuerkanzlei|ingenieurbüro|architekten|makelaars|advocaten|\w{0,20}advokat\w{0,10}|\w{0,20}anwält\w{0,5}|\w{0,12}anwaltskanzlei|kancelaria|ügyvédi iroda|studio legale|studio|notariat|bureau|cabinet|étude|despacho|bufete|estudio|escritório|stowarzyszenie|fundacja|urząd|asianajotoimisto|toimisto|банк|университет|завод|группа|институт|адвокатское бюро|τράπεζα|πανεπιστήμιο|δικηγορικ\w+|üniversitesi|hukuk bürosu|bankası|holding"
    r"|prokureurs)\b",
    re.IGNORECASE,
)

SOCIAL_HOSTS = words(
    """
    linkedin.com facebook.com fb.com twitter.com x.com instagram.com youtube.com youtu.be xing.com tiktok.com
    pinterest.com whatsapp.com wa.me t.me telegram.me skype.com github.com medium.com vimeo.com threads.net
    bsky.app mastodon.social calendly.com zoom.us teams.microsoft.com meet.google.com goo.gl bit.ly
    maps.google.com maps.app.goo.gl google.com aka.ms outlook.com
    """
)

PROFILE_HOSTS = words(
    """
    linkedin.com xing.com facebook.com twitter.com x.com instagram.com github.com gitlab.com medium.com youtube.com
    tiktok.com threads.net bsky.app researchgate.net orcid.org vk.com weibo.com viadeo.com t.me
    """
)
"""Networks on which a path is somebody's page."""

DEPARTMENT = re.compile(
    r"\b(?:department|dept|division|unit|section|abteilung|abt|bereich|referat|stabsstelle|fachbereich|ressort"
    r"|département|direction (?:des?|de la|du|générale)|service (?:des?|du|commercial|client|achats|ventes|comptabilité|juridique|technique|marketing)"
    r"|departamento|dpto|depto|área de|departament|dipartimento|ufficio|reparto|afdeling|avd|avdelning\w*|avdeling\w*|osasto|yksikkö"
    r"|dział\w*|oddělení|odbor|osztály|departamentul|serviciul|отдел\w*|департамент\w*|управление|відділ\w*|bölümü|departmanı|müdürlüğü|τμήμα|διεύθυνση"
    r")\b|(?:部門|部门|事業部|本部|[^\W\d_]{2,6}[部課]|[^\W\d_]{2,6}部)$|부서|사업부|[^\W\d_]{2,6}팀$|قسم|إدارة|מחלקת|אגף",
    re.IGNORECASE,
)
DEPARTMENT_NAMES = frozenset(
    name.strip()
    for name in [
        "human resources",
        "hr",
        "people & culture",
        "sales",
        "inside sales",
        "marketing",
        "sales & marketing",
        "finance",
        "accounts",
        "accounting",
        "accounts payable",
        "accounts receivable",
        "legal",
        "legal affairs",
        "procurement",
        "purchasing",
        "engineering",
        "it",
        "it services",
        "information technology",
        "r&d",
        "research & development",
        "research and development",
        "customer service",
        "customer services",
        "customer support",
        "technical support",
        "logistics",
        "operations",
        "quality",
        "quality assurance",
        "public relations",
        "corporate communications",
        "investor relations",
        "product management",
        "business development",
        "risk management",
        "internal audit",
        "supply chain",
        "production",
        "export",
        "tax",
        "treasury",
        "facilities",
        "vertrieb",
        "einkauf",
        "verkauf",
        "buchhaltung",
        "rechnungswesen",
        "personal",
        "personalwesen",
        "entwicklung",
        "forschung und entwicklung",
        "kundenservice",
        "kundendienst",
        "technik",
        "logistik",
        "qualitätssicherung",
        "marketing & vertrieb",
        "recht",
        "innendienst",
        "außendienst",
        "ventes",
        "achats",
        "comptabilité",
        "ressources humaines",
        "juridique",
        "logistique",
        "informatique",
        "service client",
        "qualité",
        "ventas",
        "compras",
        "contabilidad",
        "recursos humanos",
        "atención al cliente",
        "administración",
        "logística",
        "calidad",
        "financiero",
        "vendas",
        "recursos humanos",
        "financeiro",
        "administração",
        "qualidade",
        "vendite",
        "acquisti",
        "amministrazione",
        "risorse umane",
        "contabilità",
        "ufficio acquisti",
        "qualità",
        "verkoop",
        "inkoop",
        "administratie",
        "personeelszaken",
        "klantenservice",
        "boekhouding",
        "personeel",
        "verkope",
        "aankope",
        "försäljning",
        "inköp",
        "ekonomi",
        "kundtjänst",
        "salg",
        "indkøb",
        "økonomi",
        "kundeservice",
        "innkjøp",
        "regnskab",
        "regnskap",
        "myynti",
        "osto",
        "talous",
        "asiakaspalvelu",
        "sprzedaż",
        "zakupy",
        "księgowość",
        "kadry",
        "obchod",
        "nákup",
        "účetnictví",
        "értékesítés",
        "beszerzés",
        "könyvelés",
        "vânzări",
        "achiziții",
        "contabilitate",
        "resurse umane",
        "отдел продаж",
        "отдел закупок",
        "бухгалтерия",
        "відділ продажів",
        "satış",
        "satın alma",
        "muhasebe",
        "insan kaynakları",
        "πωλήσεις",
        "προμήθειες",
        "λογιστήριο",
        "销售部",
        "采购部",
        "财务部",
        "市场部",
        "人事部",
        "技术部",
        "営業部",
        "総務部",
        "経理部",
        "人事部",
        "開発部",
        "영업부",
        "총무부",
        "인사부",
        "영업팀",
        "المبيعات",
        "المشتريات",
        "الموارد البشرية",
    ]
)
"""In lower case: what is a department when it stands alone."""
