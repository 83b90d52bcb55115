"""What programs, providers and legal departments add to a mail, in the languages of the users.

`DEVICE`, `ADVERT` and `ATTACHED` are for whole lines; the others are searched for anywhere in the end of a mail, which
RE2 does in one pass however many words there are (its `\\b` and `\\w` know ASCII letters only).
"""

from __future__ import annotations

import re

import re2


def _searched(alternatives: str) -> re2._Regexp:
    """RE2 for a search in whatever case. It falls back from its fast automaton to a slower one where a text makes that
    too large, which is nothing to be told on the standard error."""
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    options.max_mem = 32 << 20
    return re2.compile(alternatives, options)


def _anywhere(alternatives: str) -> re2._Regexp:
    """What is written for the `re` module and for one line, as RE2 for a search through many: it finds all that the
    original matches, and now and then a little more. The ends of words are spelt out, because RE2's know ASCII letters only;
    how many letters may lie between is left open."""
    begins = re.sub(r"(?<=[|(:])\\b", r"(?:^|[^\\pL\\pN_])", alternatives)
    ended = begins.replace(r"\b", r"(?:$|[^\pL\pN_])")
    return _searched(re.sub(r"\.\{\d,\d+\}|\\s\?", ".*", ended))


_DEVICES = (
    r"(?:sent (?:from|via|using|with|by) (?:my |the |an? |outlook|mail for|mail\.|yahoo|aol|gmx"
    r"|samsung|proton|gmail|blackberry|windows|iphone|ipad|android|galaxy).{0,80}|sent from:? \S{1,200}"
    r"|sent from (?:outlook|mail|yahoo|gmail|nine|spark|airmail|workspace).{0,60}|get (?:outlook|bluemail|spark) for .{0,60}"
    r"|typed (?:on|with) (?:my )?(?:phone|mobile|tiny).{0,80}|(?:please )?(?:excuse|pardon) (?:the |any |my )?(?:brevity|typos).{0,80}"
    # German, Dutch, Afrikaans
    r"|(?:von meinem|von meiner|gesendet von|gesendet mit|gesendet über|diese nachricht wurde von|von unterwegs gesendet)(?:\s.{0,80})?"
    r"|holen sie sich outlook.{0,40}|outlook (?:für|pour|voor|para|per|til|för) .{0,60}"
    r"|verzonden (?:vanaf|met|via|vanuit) .{0,80}|verstuurd (?:vanaf|met|vanuit) .{0,80}|download outlook voor.{0,40}"
    r"|gestuur (?:vanaf|van|met) .{0,60}|van my (?:iphone|ipad|selfoon|foon) gestuur.{0,20}"
    # French, Spanish, Portuguese, Italian, Romanian
    r"|envoyée? (?:de|depuis|par|à partir) .{0,80}|(?:télécharger|obtenir|obtenez) outlook.{0,60}"
    r"|enviado (?:desde|do|de|a partir|por|con|via) .{0,80}|obtener outlook.{0,60}|obter o outlook.{0,60}|baixe o outlook.{0,40}"
    r"|inviato da(?:l|ll[’'])?\s?.{0,60}|ottieni outlook.{0,40}|scarica outlook.{0,40}"
    r"|trimis (?:de pe|din|cu|de la) .{0,60}|obțineți outlook.{0,40}"
    # Nordic
    r"|skickat från .{0,60}|hämta outlook.{0,40}|sendt fra .{0,60}|hent outlook.{0,40}|få outlook.{0,40}|lähetetty .{0,60}|hanki outlook.{0,40}"
    # Polish, Czech, Hungarian, Russian, Ukrainian, Greek, Turkish
    r"|wysłan[eoay] z .{0,60}|pobierz outlook.{0,40}|odesláno z(?:e)? .{0,60}|získat outlook.{0,40}|odoslané z(?:o)? .{0,60}"
    r"|(?:az )?(?:iphone|ipad|android|outlook).{0,30}(?:küldve|küldtem).{0,20}|elküldve .{0,60}"
    r"|отправлено (?:с|из|от) .{0,60}|надіслано (?:з|із|через) .{0,60}|відправлено (?:з|із) .{0,60}"
    r"|στάλθηκε από .{0,60}|εστάλη από .{0,60}|.{0,20}(?:iphone|ipad|android|galaxy).{0,20}(?:gönderildi|gönderilmiştir).{0,10}|outlook.{0,20}edinin"
    # Chinese, Japanese, Korean, Arabic, Hebrew
    r"|发自我的.{0,40}|從我的.{0,40}|从我的.{0,20}发送|发送自 .{0,40}|私の.{0,20}から送信|.{0,20}から送信|나의 .{0,30}에서 보냄|.{0,20}에서 보냄"
    r"|أُرسلت من .{0,40}|مرسل من .{0,40}|تم الإرسال من .{0,40}|נשלח מה.{0,40}|נשלח מ.{0,40})"
)
DEVICE = re.compile(rf"^\s*[*_–—-]{{0,3}}\s?{_DEVICES}\s*$", re.IGNORECASE)

_ADVERTS = (
    r"(?:do you yahoo!\?|get your free .{0,80}|join the world.s largest e-?mail.{0,80}|get more from the web.{0,120}"
    r"|yahoo! .{1,80}|get 250 color .{0,80}|free pop3 email.{0,80}|find the best deals.{0,80})"
)
ADVERT = re.compile(rf"^\s*{_ADVERTS}\s*$", re.IGNORECASE)

LINE_ADDED_ANYWHERE = _anywhere(f"{_DEVICES}|{_ADVERTS}")
"""Whether `DEVICE` or `ADVERT` may match a line of a text."""

ATTACHED = re.compile(
    r"^\s*(?:<<[^<>]{1,200}>>\s*)+$|^\s*-\s+[\w .,()-]{1,80}\.\w{2,4}\s*$"
    r"|^\s*[\[(<](?:image|cid|bild|inline image|attachment)\s?[:.][^\[\]]{0,200}[\])>]\s*$",
    re.IGNORECASE,
)

GATEWAY = re.compile(
    r"^\W{0,4}(?:external(?: e-?mail| sender| message)?\b|caution\b|warning\b|attention\b|achtung\b|vorsicht\b|externe? (?:e-?mail|nachricht)|this (?:e-?mail|message) (?:originated|came|was sent) from outside"
    r"|diese (?:e-?mail|nachricht) (?:kommt|stammt|wurde) von (?:extern|außerhalb)|expéditeur externe|ce message provient de l.extérieur|correo externo|mensaje externo|e-?mail esterna|let op:|externe afzender)"
    r".{0,200}(?:link|attachment|outside|extern|anhäng|anhang|pièce|adjunto|allegat|bijlage|\]).{0,120}$",
    re.IGNORECASE,
)

_GREEN = r"milj[øö]|umwelt|environment|environnement|medio ?ambiente|meio ambiente|ambiente|milieu|omgewing|ympäristö|środowisk|životní|životné|környezet|mediul|окружающ|довкілл|навколишн|çevre|doğa|περιβάλλον|环境|環境|환경|البيئة|הסביבה|planet|bäume|arbres|trees"
_ON_PAPER = r"print|druck|imprim|stampa|skriv(?:a|er|e) (?:ut|denne)|udskriv|tulosta|afdruk|druku|tisk|tlač|nyomtat|tipări|печат|друк|роздруко|распеч|yazdır|çıktı|εκτυπώ|τυπώ|打印|列印|印刷|인쇄|출력|طباع|להדפיס|הדפס"
ENVIRONMENT = _searched(
    rf"(?:{_GREEN}).*(?:{_ON_PAPER})|(?:{_ON_PAPER}).*(?:{_GREEN})|(?:do not|don.t|avoid) print|before printing this|print this (?:e-?mail|message)"
)

_REGISTER = (
    r"(?:\bcapital (?:de|social)\b|\brcs\b|\bsiret\b|\bsiren\b|\btva\b|\bvat\b|\bust-?id|\bhr[ab]\b|amtsgericht|handelsregister|registergericht|firmenbuch"
    r"|registered (?:in|office|no)|\bcompany (?:no|reg|number)|\breg(?:istration|\.)? ?(?:no|nr|number)\b|p(?:artita|\.)? ?iva\b|\bc\.?f\.?[: ]|\brea\b|\bcif\b|\bnif\b|\bnip\b|\bregon\b|\bkrs\b"
    r"|\bič[o:]?\b|\bdič\b|\bcvr\b|\borg\.? ?n(?:umme)?r|\bkvk\b|\bbtw\b|cégjegyzék|adószám|\bcui\b|\bj\d\d/|\bинн\b|\bогрн\b|\bкпп\b|єдрпоу|\bαφμ\b|\bγεμη\b|社会信用代码|登録番号|法人番号|사업자\s?등록|\bcnpj\b|\babn\b|\bacn\b"
    r"|y-tunnus|\bmva\b|mersis|vergi (?:no|dairesi)|ח\.?פ\.?|سجل تجاري|الرقم الضريبي|geschäftsführer:|vorstand:|aufsichtsrat)"
)
REGISTERED = re.compile(rf"^(?=.{{0,200}}\d|.{{0,60}}:).{{0,90}}?{_REGISTER}.{{0,160}}$", re.IGNORECASE)
"""How a firm is registered and taxed: none of the numbers is one to call."""

REGISTERED_ANYWHERE = _anywhere(_REGISTER)
"""Whether `REGISTERED` may match a line of a text."""

ANTIVIRUS = _searched(
    r"virus[- ]?free\b|\bvirenfrei|\bsans virus|libre de virus|livre de vírus|privo di virus|virusvrij|virusfri\b|virukseton"
    r"|woln[ay] od wirus|bez wirus|neobsahuje vir|bez vir[ůu]|vírusmentes|без вирус|не содержит вирус|без вірус|virüs (?:içermez|yok|bulunmamaktadır)"
    r"|(?:scanned|checked|tested) (?:by|for|with)\b|checked for viruses|auf viren (?:geprüft|überprüft|untersucht)|avast\b|avg\.com|mailscanner"
    r"|messagelabs|mimecast|virus (?:scan|check)|vérifié.*virus|analizado.*virus|verificado.*vírus|controllat[ao].*virus"
    r"|gecontroleerd op virussen|已扫描|ウイルス(?:チェック|スキャン)|바이러스",
)

UNSUBSCRIBE = _searched(
    r"\bun-?subscribe\b|you (?:are receiv|receiv)\w* this (?:message|e-?mail|newsletter)|opt[- ]out\b|manage (?:your )?(?:preferences|subscription)"
    r"|view (?:this )?(?:message|email|it) in (?:your )?(?:browser|context)|\babmelden\b|newsletter abbestellen|abbestellen\b|im browser ansehen"
    r"|désabonner|désinscrire|désinscription|se désinscrire|darse de baja|dar(?:me)? de baja|cancelar (?:la )?suscripción|anular (?:la )?suscripción"
    r"|cancelar (?:a )?(?:inscrição|subscrição|assinatura)|descadastrar|remover (?:o )?(?:meu )?e-?mail|annulla(?:re)? (?:l.)?iscrizione|disiscriv\w+|cancella(?:ti|re l)"
    r"|\bafmelden\b|uitschrijven\b|teken uit\b|avregistrera|avprenumerera|avsluta prenumeration|afmeld\b|frameld|meld deg av|avslutt abonnement|avmeld\w*"
    r"|peruuta (?:uutiskirje|tilau)\w*|wypisz się|wypisać się|zrezygnuj z|rezygnacja z subskrypcji|odhlásit(?: se)? (?:z )?odběr|odhlásiť|leiratkoz\w+"
    r"|dezabon\w+|отписаться|відписатися|abonelikten (?:çık|ayrıl)\w*|κατάργηση εγγραφής|διαγραφή από|απεγγραφή"
    r"|退订|退訂|取消订阅|取消訂閱|配信停止|購読解除|登録解除|수신 ?거부|구독 ?(?:취소|해지)|إلغاء الاشتراك|להסרה מ|ביטול הרשמה|הסרה מרשימת",
)

LIST_FOOTER = _searched(
    r"\bmailing list\b|mailing-list\b|/(?:mailman/)?listinfo/|/mailman3?/|groups\.google\.com|groups\.yahoo\.com|\blist archives?\b|to (?:post|subscribe)\b.*(?:list|group|e-?mail)"
    r"|sent (?:from|to) the .*(?:list|archive|forum)|mailing list archive at|you received this message because|for additional commands, e-mail"
    r"|liste de diffusion|mailingliste\b|lista de (?:correo|discussão|distribución)|lista di discussione|lista dyskusyjna|e-postlista|рассылк|メーリングリスト",
)

MEETING = _searched(
    r"\+\d[\d ()-]{6,20}\d,{1,3}\d{5,12}#"  # a number that dials its own conference, in whatever language
    r"|teams\.(?:microsoft|live)\.com/(?:l/)?meet|aka\.ms/jointeamsmeeting|dialin\.teams\.microsoft|zoom\.us/(?:j|my|u|w|s)/|zoomgov\.com/|meet\.google\.com/[a-z]|tel\.meet/|meet\.goto\.com|gotomeet(?:ing)?\.(?:com|me)"
    r"|webex\.com/(?:meet|join|[^\s/]+/j\.php)|\.webex\.com|whereby\.com/|meet\.jit\.si/|skype\.com/meet|join\.skype\.com|bluejeans\.com/\d"
    r"|\bmicrosoft teams\b|\bteams (?:meeting|call)\b|teams-besprechung|zoom[- ]?(?:meeting|besprechung|call|möte|møte|kokous|toplantı\w*)|réunion (?:microsoft )?teams|réunion zoom|reunión (?:de )?(?:microsoft )?(?:teams|zoom)|reunião (?:do |no )?(?:microsoft )?(?:teams|zoom)"
    r"|riunione (?:di |su )?(?:microsoft )?(?:teams|zoom)|teams-vergadering|teams-möte|teams-møde|teams-møte|teams-kokous|spotkanie (?:w )?(?:aplikacji )?(?:microsoft )?teams|schůzka (?:v )?(?:microsoft )?teams|google meet\b"
    r"|join (?:on your computer|the meeting|zoom meeting|with google meet|with a video|by (?:phone|meeting number)|from (?:pc|a|your|the)|by sip|by h\.?323|the conversation|microsoft)"
    r"|(?:meeting|conference|webinar|phone conference|access|participant|attendee|tenant) (?:id|key|number|code|pin)\b|\bpasscode\b|\bmeeting password\b|\bone tap mobile\b|\bdial[- ]?in\b|dial by your location|find (?:a|your) local number|call in \(audio only\)|\baudio only\b|\bmeeting options\b"
    r"|lokale nummer suchen|numéros? loca|buscar un número local|localizar um número|trova (?:un )?numero locale|lokaal nummer zoeken|hitta ett lokalt nummer|find et lokalt nummer|finn et lokalt nummer|etsi paikallinen|znajdź numer|najít místní|найти местный|besprechungs-?id|konferenz-?id|kenncode|einwahl(?:nummer|daten)?\b|telefonkonferenz|an der besprechung teilnehmen|klicken sie hier, um an der|id de (?:la )?(?:réunion|conférence|reunión|conferencia|reunião|conferência)|code (?:secret|d.accès)|rejoindre (?:la|sur)|participer à la réunion"
    r"|unirse (?:a|por)|código de acceso|contraseña de la reunión|ingressar na|participar da reunião|senha (?:de acesso|da reunião)|partecipa alla riunione|id riunione|codice (?:di accesso|riunione)|deelnemen aan|vergaderings?-?id|toegangscode|mötes-id|møde-id|møte-id|kokoustunnus|identyfikator spotkania|kod dostępu|dołącz do|id schůzky|připojit se"
    r"|értekezlet azonosítója|csatlakozás|alăturați-vă|id(?:entificator)? (?:ședință|conferință)|идентификатор (?:конференции|собрания)|подключиться к|код доступа|ідентифікатор наради|toplantı kimliği|toplantıya katıl|αναγνωριστικό σύσκεψης|συμμετοχή στη"
    r"|会议\s?(?:id|号|密码)|加入会议|入会|ミーティング\s?id|会議に参加|ミーティングに参加|パスコード|회의 ?id|회의 참가|모임 ?id\b|모임에 참가|모임 옵션|전화 접속|로컬 번호|会議 ?id|ローカル番号|查找本地号码|معرف الاجتماع|انضم إلى|מזהה פגישה|הצטרף לפגישה",
)

LEGAL_WORD = _searched(
    r"confidential|gdpr|rgpd|dsgvo|\bpopia\b|2016/679|privileged|intended (?:only |solely )?(?:for|recipient)|unauthori[sz]ed|disclos|disclaimer|recipient|delete (?:it|this|the)|in error|virus|copyright"
    r"|environment before printing|registered (?:in|office)|company (?:registration|number)|privacy (?:policy|notice|statement)"
    r"|addressee|notify the sender|destroy|prohibited|adressat|rechtlich geschützt|vernichten|unverzüglich|protégées?|supprimer|eliminar|cancellar|vernietigen|verwijder|radera|slett|slet den|poista|zniszcz|usuń|smazat|törölje|ștergeți|удалите|уничтож|видаліть|знищ|siliniz|διαγρά"
    r"|vertraulich|irrtümlich|unbefugt|empfänger|geschäftsführer|registergericht|handelsregister|amtsgericht|umwelt"
    r"|confidentiel|destinataire|erreur|environnement|vertrouwelijk|geadresseerde|abusievelijk|vertroulik|geadresseerde|ontvanger"
    r"|confidencial|destinatari|equivocación|medio ambiente|destinatário|engano|meio ambiente|riservat|per errore|ambiente|confidențial|eroare"
    r"|konfidentiell|mottagare|av misstag|fortrolig|modtager|ved en fejl|konfidensiell|mottaker|ved en feil|luottamuksellinen|vastaanottaj|erehdyksessä"
    r"|poufn|adresat|odbiorc|omyłkow|důvěrn|adresát|příjemc|omylem|bizalmas|címzett|tévedés"
    r"|конфиденциальн|получател|адресат|ошибк|конфіденційн|одержувач|помилк|gizli|alıcı|yanlışlıkla|yetkisiz|εμπιστευτικ|παραλήπτ|εκ παραδρομής"
    r"|保密|机密|機密|收件人|误收|删除|受信者|宛先|誤って|破棄|기밀|비밀|수신인|수신자|삭제|سري|المستلم|المرسل إليه|بالخطأ|סודי|חסוי|הנמען|בטעות",
)
"""Two different ones in a paragraph make it a legal notice."""

_NOTICE_HEADS = (
    r"(?:disclaimer|confidentiality|privileged|legal notice|important notice|notice:|haftungsausschluss|rechtlicher hinweis|vertraulichkeit|avis (?:légal|de confidentialité)|confidentialité|aviso (?:legal|de)|clausola|avvertenza|please consider the environment|think before you print|save paper"
    r"|bitte denken sie an die umwelt|pensez à l.environnement|antes de imprimir|prima di stampare|denk aan het milieu|免责声明|免責聲明|免責事項|비밀유지)"
)
NOTICE_HEAD = re.compile(r"^\W{0,4}" + _NOTICE_HEADS, re.IGNORECASE)
NOTICE_HEAD_ANYWHERE = _searched(_NOTICE_HEADS)
