"""What programs add to a mail is recognised as what it is, and nothing in it is anybody's."""

from __future__ import annotations

import pytest

from mxsync.extract import read_text
from mxsync.model.item import Address

JANE = Address("Jane Roe", "jane.roe@acme.example")
SIGNATURE = "Kind regards\nJane Roe\nBuyer\nT 020 7946 0018"

TEAMS = """________________________________________________________________________________
Microsoft Teams meeting
Join on your computer, mobile app or room device
Click here to join the meeting <https://teams.microsoft.com/l/meetup-join/19%3ameeting>
Meeting ID: 321 555 012 34
Passcode: aB3dEf
Or call in (audio only)
+44 20 7946 0555,,321555012# United Kingdom, London
Phone Conference ID: 321 555 012#
Find a local number | Reset PIN
Learn More | Meeting options
________________________________________________________________________________"""
JOIN = {
    "Teams": TEAMS,
    "Teams, new": "________________________________\nMicrosoft Teams Need help?\nJoin the meeting now <https://teams.microsoft.com/l/meetup-join/1>\nMeeting ID: 321 555 012 34\nPasscode: aB3\nDial in by phone\n"
    "+44 20 7946 0555,,32155501# United Kingdom\nFind a local number\nFor organizers: Meeting options",
    "Zoom": "Bob Coe is inviting you to a scheduled Zoom meeting.\n\nJoin Zoom Meeting\nhttps://us02web.zoom.us/j/85550123456?pwd=x\n\nMeeting ID: 855 5012 3456\nPasscode: 123456\nOne tap mobile\n"
    "+442079460555,,85550123456#,,,,*123456# United Kingdom\n+442079460556,,85550123456# United Kingdom\n\nDial by your location\n+44 20 7946 0555 United Kingdom\n+1 202 555 0143 US (Washington)",
    "Meet": "Google Meet joining info\nVideo call link: https://meet.google.com/abc-defg-hij\nOr dial: (GB) +44 20 7946 0555 PIN: 123 456 789#\nMore phone numbers: https://tel.meet/abc-defg-hij?pin=1",
    "Webex": "Join meeting: https://acme.webex.com/acme/j.php?MTID=m1\nMeeting number (access code): 2555 123 4567\nMeeting password: abc123\nJoin by phone\n+44 20 7946 0555 UK toll",
    "Teams, de": "Microsoft Teams-Besprechung\nNehmen Sie auf dem Computer teil\nHier klicken, um an der Besprechung teilzunehmen <https://teams.microsoft.com/l/meetup-join/1>\nBesprechungs-ID: 321 555\nKenncode: aB3\n"
    "+44 20 7946 0555,,32155501# \nTelefonkonferenz-ID: 321 555 012#\nLokale Nummer suchen",
    "Teams, fr": "Réunion Microsoft Teams\nRejoindre sur votre ordinateur\nhttps://teams.microsoft.com/l/meetup-join/1\nID de réunion : 321 555\nCode secret : aB3\n+44 20 7946 0555,,32155501#",
    "Teams, es": "Reunión de Microsoft Teams\nUnirse a través de su PC\nhttps://teams.microsoft.com/l/meetup-join/1\nId. de reunión: 321 555\nCódigo de acceso: aB3\n+44 20 7946 0555,,32155501#",
    "Teams, nl": "Microsoft Teams-vergadering\nDeelnemen aan de vergadering\nhttps://teams.microsoft.com/l/meetup-join/1\nVergadering-id: 321 555\n+44 20 7946 0555,,32155501#",
    "Teams, ko": "Microsoft Teams 모임\n지금 모임에 참가 <https://teams.microsoft.com/l/meetup-join/1>\n모임 ID: 321 555 012 34\n암호: aB3\n휴대폰으로 전화 접속\n"
    "+44 20 7946 0555,,32155501# United Kingdom, London\n로컬 번호 찾기\n모임 옵션",
    "Zoom, ja": "Zoomミーティングに参加\nhttps://us02web.zoom.us/j/85550123456\nミーティングID: 855 5012 3456\nパスコード: 123456\n+442079460555,,85550123456#",
}
ADDED = {
    "device": [
        "Sent from my iPhone",
        "Get Outlook for iOS",
        "Gesendet von Mail für Windows",
        "Envoyé de mon iPhone",
        "Enviado do meu iPhone",
        "发自我的iPhone",
        "iPhoneから送信",
        "Sent from Outlook for Android",
    ],
    "notice": [
        "This e-mail is confidential and intended only for the recipient. If you have received it in error, please delete it and call 020 7946 0555.",
        "Diese E-Mail ist vertraulich. Wenn Sie nicht der richtige Empfänger sind, rufen Sie bitte +44 20 7946 0555 an und löschen Sie die Nachricht.",
        "Ce message est confidentiel. Si vous n'êtes pas le destinataire, ou l'avez reçu par erreur, appelez le +44 20 7946 0555.",
        "Este mensaje es confidencial y se dirige exclusivamente a su destinatario. Llame al +44 20 7946 0555.",
        "Il presente messaggio è riservato; se non ne siete i destinatari e lo avete ricevuto per errore, chiamate +44 20 7946 0555.",
        "Dit bericht is vertrouwelijk en alleen bestemd voor de geadresseerde. Bel +44 20 7946 0555.",
        "Ten wiadomość jest poufna i przeznaczona wyłącznie dla adresata. Prosimy o kontakt +44 20 7946 0555.",
        "Настоящее сообщение конфиденциально и предназначено только для получателя. Телефон +44 20 7946 0555.",
        "Bu e-posta gizli bilgiler içerebilir. Alıcı değilseniz lütfen +44 20 7946 0555 numarasını arayınız.",
        "本邮件及其附件含有保密信息，仅限于发送给上述收件人。如误收请致电 +44 20 7946 0555 并删除。",
        "このメールには機密情報が含まれている場合があります。誤って受信された場合は破棄し、+44 20 7946 0555 にご連絡ください。",
    ],
    "unsubscribe": [
        "To unsubscribe, visit https://news.example/u?id=1",
        "Se désabonner : https://news.example/u?id=1",
        "Hier abmelden: https://news.example/u?id=1",
        "Darse de baja https://news.example/u",
        "退订 https://news.example/u",
    ],
    "list_footer": [
        "_______________________________________________\nPumps mailing list\nPumps@lists.example\nhttps://lists.example/mailman/listinfo/pumps",
        '-- \nYou received this message because you are subscribed to the Google Groups "pumps" group.\nTo unsubscribe from this group, send an email to pumps+unsubscribe@lists.example.',
        "---------------------------------------------------------------------\nTo unsubscribe, e-mail: dev-unsubscribe@lists.example\nFor additional commands, e-mail: dev-help@lists.example",
    ],
    "antivirus": [
        "Virus-free. www.avast.com",
        "Diese E-Mail wurde von Avast auf Viren geprüft. www.avast.com",
        "Sans virus. www.avast.com",
        "This message has been scanned for viruses by MailScanner",
    ],
}


@pytest.mark.parametrize("block", JOIN.values(), ids=JOIN)
@pytest.mark.parametrize("place", ["below the signature", "above it"])
def test_a_join_block_is_nobodys(block: str, place: str) -> None:
    parts = [SIGNATURE, block] if place == "below the signature" else [block, SIGNATURE]
    reading = read_text("See you on Monday.\n\n" + "\n\n".join(parts), sender=JANE, region="GB")
    assert {fact.value for fact in reading.facts} == {"Jane Roe", "Buyer", "+442079460018"}
    assert reading.others == ()
    assert {part.by for part in reading.added} == {"meeting"}
    assert reading.message == "See you on Monday."


@pytest.mark.parametrize(("kind", "block"), [(kind, block) for kind, blocks in ADDED.items() for block in blocks])
def test_what_was_added_below_is_nobodys(kind: str, block: str) -> None:
    reading = read_text(f"See you on Monday.\n\n{SIGNATURE}\n\n{block}\n", sender=JANE, region="GB")
    assert {fact.value for fact in reading.facts} == {"Jane Roe", "Buyer", "+442079460018"}
    assert reading.others == ()
    assert {part.by for part in reading.added} == {kind}
    assert reading.message == "See you on Monday."


@pytest.mark.parametrize(
    "text",
    [
        "Shall we have a Teams meeting on Monday? The meeting ID is in the calendar.",
        "I would like to unsubscribe from the paper, please call them.",
        "The mailing list of our customers is confidential; every recipient knows it.",
        "Please join the meeting at ten.",
        "Is the machine virus free?",
    ],
)
def test_a_letter_about_such_things_is_a_letter(text: str) -> None:
    reading = read_text(f"{text}\n\n{SIGNATURE}\n", sender=JANE, region="GB")
    assert reading.message == text and reading.added == ()
    assert {fact.value for fact in reading.facts} == {"Jane Roe", "Buyer", "+442079460018"}


def test_a_motto_with_its_link_is_no_contact_block() -> None:
    reading = read_text(
        "Try it.\n\nRegards,\nJane\n----\nhttp://pumps.example/ - all about pumps, new and used\n",
        sender=JANE,
        region="GB",
    )
    assert reading.signature.text == "" and reading.facts == () and reading.message == "Try it."
