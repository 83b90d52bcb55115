"""What mail programs write above a quote, in the languages of their users. Each pattern is for one line and linear."""

from __future__ import annotations

import re

_FROM = (
    "from|von|de|van|da|von|från|fra|lähettäjä|od|от|від|kimden|feladó|从|发件人|發件人|寄件者|差出人|送信者"
    "|보낸 사람|보낸사람|من|מאת|από|de la|odesílatel|sender|avsender|afsender|dari|expéditeur|remitente|mittente|afzender|absender"
)
_SENT = (
    "sent|date|gesendet|gesendet am|datum|envoyé|envoyé le|date d'envoi|verzonden|verstuurd"
    "|gestuur|enviado|enviado el|enviada em|enviado em|enviada|fecha|data|inviato|skickat|sendt"
    "|dato|lähetetty"
    "|päivämäärä|wysłano|odesláno|odoslané|дата|отправлено|надіслано|gönderildi|tarih|elküldve"
    "|dátum|发送时间|日期|日期時間|寄件日期|送信日時|日時|보낸 날짜|날짜|تاريخ|الإرسال|תאריך|נשלח|ημερομηνία|στάλθηκε|trimis|trimisă|trimis la|data trimiterii|sendt den|enviado em|data de envio|data wysłania|время|дата отправки|تم الإرسال|التاريخ|date d’envoi|sent on|dagtekening|datum verzonden"
)
_TO = (
    "to|an|à|a|aan|para|per|till|til|vastaanottaja|do|komu|кому|kime|címzett|收件人|收件者|宛先|받는 사람"
    "|받는사람|إلى|אל|προς|către|catre|pro|kepada|destinataire|destinatario|geadresseerde|empfänger"
)
_SUBJECT = (
    "subject|betreff|objet|onderwerp|onderwerp|asunto|assunto|oggetto|ämne|emne|aihe|temat"
    "|předmět|predmet|тема|konu|tárgy|主题|主題|主旨|件名|제목|الموضوع|נושא|θέμα|subiect|onderwerp|subj|re|perihal"
)
_CC = (
    "cc|kopie|copie|copia|kopia|kopi|kopio|копия|копія|κοιν|koinopoíisi|κοινοποίηση|în copie|kópia|bilgi|másolatot kap|抄送|副本|참조|נسخة|bcc|cco|cci"
    "|importance|wichtigkeit|priorité|attachments|anlagen|reply-to|antwort an|sensitivity"
)
_HEADER = rf"(?:{_FROM}|{_SENT}|{_TO}|{_SUBJECT}|{_CC})"

HEADER_LINE = re.compile(rf"^{_HEADER}\s?\*?\s?[:：]", re.IGNORECASE)
FROM = re.compile(rf"^(?:{_FROM})\s?\*?\s?[:：]", re.IGNORECASE)
SUBJECT_OR_TO = re.compile(rf"^(?:{_SUBJECT}|{_TO}|{_CC}|{_SENT})\s?\*?\s?[:：]", re.IGNORECASE)

_ORIGINAL = (
    r"original message|original e-?mail|originalnachricht|ursprüngliche nachricht"
    r"|urspr\. nachricht|message d'origine|message original"
    r"|message initial|oorspronkelijk bericht|oorspronklike boodskap|mensaje original"
    r"|mensagem original|messaggio originale|ursprungligt meddelande"
    r"|originalmeddelande|opprinnelig melding|oprindelig meddelelse|alkuperäinen viesti"
    r"|wiadomość oryginalna|oryginalna wiadomość|původní zpráva|pôvodná správa"
    r"|исходное сообщение|пересылаемое сообщение|вихідне повідомлення|orijinal mesaj"
    r"|mesajul original|mesaj original|αρχικό μήνυμα|αρχικό μήνυμα ηλεκτρονικού ταχυδρομείου|pôvodná správa|original besked"
    r"|eredeti üzenet|原始邮件|原始郵件|元のメッセージ|원본 메시지|원본 메일|الرسالة الأصلية|הודעה מקורית"
)
_FORWARDED = (
    r"forwarded message|forwarded by .{1,200}|forwarded|weitergeleitete nachricht"
    r"|weitergeleitet von .{1,200}|message transféré|message transmis|mail transféré"
    r"|doorgestuurd bericht|doorgestuurde bericht|aangestuurde boodskap|mensaje reenviado"
    r"|mensagem encaminhada|messaggio inoltrato|vidarebefordrat meddelande|videresendt .{1,40}"
    r"|wiadomość przekazana|przekazana wiadomość|přeposlaná zpráva|пересланное сообщение"
    r"|mesaj redirecționat|mesaj transmis|προωθημένο μήνυμα|переадресоване повідомлення|переслане повідомлення|пересылаемое сообщение"
    r"|videresendt (?:besked|melding)|vidarebefordrat|välitetty viesti|aangestuur|inoltrato da .{1,200}|reenviado por .{1,200}|doorgestuurd door .{1,200}"
    r"|الرسالة المعاد توجيهها|رسالة معاد توجيهها|הודעה שהועברה|已转发邮件|已轉寄郵件|přeposlan\w+ .{1,40}|továbbított levél"
    r"|iletilen mesaj|továbbított üzenet|转发的邮件|轉寄郵件|転送メッセージ|전달된 메시지|begin forwarded message"
)
# Only the dashes in front are asked for: long lines are broken before the ones behind.
SEPARATOR = re.compile(
    rf"^(?:[-_=*]{{2,60}}+\s?(?:{_ORIGINAL}|{_FORWARDED})\b|[-_=]{{2,60}}+\s?(?:original|reply"
    rf"|reply separator|antwort|réponse)\s?[-_=]{{2,60}}"
    r"|(?:begin forwarded message|anfang der weitergeleiteten nachricht|début du message réexpédié"
    r"|début du message transféré|inicio del mensaje reenviado"
    r"|vidarebefordrat brev|start på videresendt besked|videresendt melding|välitetty viesti alkaa|początek przekazywanej wiadomości"
    r"|začátek přeposlané zprávy|начало переадресованного сообщения|далее переслать сообщение|iletilen ileti başlangıcı|转发的信息|转发的邮件|転送されたメッセージ|전달된 메시지"
    r"|továbbított levél kezdete|început mesaj redirecționat|αρχή προωθημένου μηνύματος|בתחילת ההודעה שהועברה|بداية الرسالة المحولة|начало переадресованого повідомлення"
    r"|begin doorgestuurd bericht|inizio messaggio inoltrato|início da mensagem encaminhada)\s?:)",
    re.IGNORECASE,
)

FORWARD = re.compile(
    rf"(?:{_FORWARDED})|^(?:begin forwarded|anfang der weiter|début du message|inicio del mensaje|inizio messaggio|início da mensagem)",
    re.IGNORECASE,
)

ATTRIBUTION_START = re.compile(
    r"^(?:on|am|le|el|op|il|em|den|den|dne|w dniu|dnia|w|v|u|в|у|tarihinde|no dia|a\(z\)|kl\.|ma|di|wo|do"
    r"|vr|za|zo|mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|jeu|ven|sam|dim|mán|søn|sön|tir|ons|tor|fre|lør|lör|mo|so|po|út|st|čt|pá|so|ne"
    r"|pon|wt|śr|czw|pt|niedz|ma|ke|to|pe|la|su|пн|вт|ср|чт|пт|сб|вс|нд|pzt|sal|çar|per|cum|cmt|paz|în|la data de|στις|δευ|τρί|τετ|πέμ|παρ|σάβ|κυρ"
    r"|στις|at|it was|in a message dated|quoting|zitat von|citando|citerar|citeren|في|بتاريخ|בתאריך|ב-|op)(?!\w)|^\d{4}[-/年.]",
    re.IGNORECASE,
)
ATTRIBUTION_END = re.compile(
    r"(?:\bwrote|\bwrites|\bsaid|\bschrieb(?:en)?(?:\s.{0,120})?|\bgeschrieben(?:\s.{0,20})?|\ba écrit|\bécrit|\bécrivait"
    r"|\bschreef(?:\s.{0,120})?|\bgeschreven|\bgeskryf|\bskryf|\bhet\s.{0,120}\sgeskryf|\bskrev(?:\s.{0,120})?|\bescribió|\bescreveu|\bescreveu o seguinte|\bescribió lo siguiente"
    r"|\bha scritto|\bscrive|\bscrisse|\bkirjoitti(?:\s.{0,120})?|\bkirjoittaa"
    r"|\bnapisał(?:\(a\)|a)?|\bpisze|\bnapsala?(?:\(a\))?|\bnapísala?(?:\(a\))?|\bпишет|\bпише|\bнаписала?(?:\(а\))?|\bнаписав(?:\(ла\))?"
    r"|\bписал\(?а?\)?|\bписав|\byazdı|\bşunu yazdı|\bírta(?:\s?\([^()]{0,80}\))?|\ba scris|\bscris"
    r"|写道|寫道|写到|のメール|書きました|さんは書きました|がこう書きました|작성|님이 작성|님이 씀|wrote the following|wrote as follows"
    r"|\bέγραψε|كتب|كتب(?:ت|ه)?(?:\s.{0,80})?|כתב/ה|כתבה|כתב|\bmenulis|\bviết|\bđã viết)\s?[:：]$",
    re.IGNORECASE,
)
