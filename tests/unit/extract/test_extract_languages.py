"""One signature in each of the languages that business mail uses most: every fact with its kind, and the closing apart.

The numbers are of ranges that are kept for fiction, or example numbers of the plan.
"""

from __future__ import annotations

from dataclasses import dataclass

import phonenumbers
import pytest

from mxsync.extract import read_text
from mxsync.model.item import Address


@dataclass(frozen=True)
class Mail:
    """`labels` stand before telephone, mobile and fax number."""

    region: str
    body: str
    closing: str
    name: str
    title: str
    organisation: str
    labels: tuple[str, str, str]
    device: str = ""


MAILS = {
    "en": Mail(
        "GB",
        "Please send the offer.",
        "Kind regards,",
        "Jane Roe",
        "Purchasing Manager",
        "Acme Pumps Ltd",
        ("Tel:", "Mobile:", "Fax:"),
        "Sent from my iPhone",
    ),
    "de": Mail(
        "DE",
        "bitte senden Sie uns das Angebot.",
        "Mit freundlichen Grüßen",
        "Jana Rösler",
        "Einkaufsleiterin",
        "Pumpen Müller GmbH",
        ("Tel.:", "Mobil:", "Telefax:"),
        "Gesendet von meinem iPhone",
    ),
    "fr": Mail(
        "FR",
        "merci de nous envoyer le devis.",
        "Cordialement,",
        "Jeanne Roux",
        "Responsable des achats",
        "Pompes Durand SARL",
        ("Tél. :", "Port. :", "Télécopie :"),
        "Envoyé de mon iPhone",
    ),
    "es": Mail(
        "ES",
        "les ruego que envíen la oferta.",
        "Un cordial saludo,",
        "Juana Ruiz",
        "Directora de compras",
        "Bombas Ibáñez, S.L.",
        ("Tel.:", "Móvil:", "Fax:"),
        "Enviado desde mi iPhone",
    ),
    "pt": Mail(
        "PT",
        "agradeço o envio da proposta.",
        "Com os melhores cumprimentos,",
        "Joana Reis",
        "Diretora de compras",
        "Bombas Lusas, Lda.",
        ("Telefone:", "Telemóvel:", "Fax:"),
        "Enviado do meu iPhone",
    ),
    "it": Mail(
        "IT",
        "La prego di inviare l'offerta.",
        "Cordiali saluti",
        "Gianna Rossi",
        "Responsabile acquisti",
        "Pompe Bianchi S.r.l.",
        ("Tel.", "Cell.", "Fax"),
        "Inviato da iPhone",
    ),
    "nl": Mail(
        "NL",
        "graag ontvang ik de offerte.",
        "Met vriendelijke groet,",
        "Johanna de Rooij",
        "Hoofd inkoop",
        "Pompen Jansen B.V.",
        ("Tel.", "Mob.", "Fax"),
        "Verstuurd vanaf mijn iPhone",
    ),
    "af": Mail(
        "ZA",
        "stuur asseblief die kwotasie.",
        "Vriendelike groete",
        "Johanna Roos",
        "Bemarkingsbestuurder",
        "Pompe Botha (Edms) Bpk",
        ("Tel:", "Sel:", "Faks:"),
        "Van my iPhone gestuur",
    ),
    "sv": Mail(
        "SE",
        "skicka gärna offerten.",
        "Med vänliga hälsningar",
        "Johanna Rosén",
        "Inköpschef",
        "Pumpar Berg AB",
        ("Tel:", "Mobil:", "Fax:"),
        "Skickat från min iPhone",
    ),
    "da": Mail(
        "DK",
        "send venligst tilbuddet.",
        "Med venlig hilsen",
        "Johanne Rask",
        "Indkøbschef",
        "Pumper Holm A/S",
        ("Tlf.:", "Mobil:", "Fax:"),
        "Sendt fra min iPhone",
    ),
    "no": Mail(
        "NO",
        "vennligst send tilbudet.",
        "Med vennlig hilsen",
        "Johanne Rud",
        "Innkjøpssjef",
        "Pumper Vik AS",
        ("Tlf:", "Mob:", "Faks:"),
        "Sendt fra min iPhone",
    ),
    "fi": Mail(
        "FI",
        "lähettäkää tarjous.",
        "Ystävällisin terveisin",
        "Johanna Rautio",
        "Ostopäällikkö",
        "Pumput Laine Oy",
        ("Puh.", "Matkapuhelin:", "Faksi:"),
        "Lähetetty iPhonesta",
    ),
    "pl": Mail(
        "PL",
        "proszę o przesłanie oferty.",
        "Z poważaniem",
        "Joanna Rak",
        "Kierownik zakupów",
        "Pompy Kowalski Sp. z o.o.",
        ("tel.", "kom.", "faks"),
        "Wysłane z iPhone'a",
    ),
    "cs": Mail(
        "CZ",
        "prosím o zaslání nabídky.",
        "S pozdravem",
        "Jana Rybová",
        "Vedoucí nákupu",
        "Čerpadla Novák s.r.o.",
        ("Tel.:", "Mobil:", "Fax:"),
        "Odesláno z iPhonu",
    ),
    "hu": Mail(
        "HU",
        "kérem, küldjék el az ajánlatot.",
        "Üdvözlettel",
        "Rácz Johanna",
        "Beszerzési igazgató",
        "Szivattyú Nagy Kft.",
        ("Tel.:", "Mobil:", "Fax:"),
    ),
    "ro": Mail(
        "RO",
        "vă rog să trimiteți oferta.",
        "Cu stimă,",
        "Ioana Radu",
        "Director achiziții",
        "Pompe Ionescu S.R.L.",
        ("Tel.:", "Mobil:", "Fax:"),
        "Trimis de pe iPhone",
    ),
    "ru": Mail(
        "RU",
        "просим прислать предложение.",
        "С уважением,",
        "Жанна Рогова",
        "Начальник отдела закупок",
        "ООО «Насосы Урала»",
        ("Тел.:", "Моб.:", "Факс:"),
        "Отправлено с iPhone",
    ),
    "uk": Mail(
        "UA",
        "просимо надіслати пропозицію.",
        "З повагою,",
        "Жанна Рогова",
        "Керівник відділу закупівель",
        "ТОВ «Насоси»",
        ("Тел.:", "Моб.:", "Факс:"),
        "Надіслано з iPhone",
    ),
    "tr": Mail(
        "TR",
        "teklifinizi göndermenizi rica ederim.",
        "Saygılarımla,",
        "Jale Rüzgar",
        "Satın Alma Müdürü",
        "Pompa Yıldız A.Ş.",
        ("Tel:", "Cep:", "Faks:"),
        "iPhone'umdan gönderildi",
    ),
    "el": Mail(
        "GR",
        "παρακαλώ στείλτε την προσφορά.",
        "Με εκτίμηση,",
        "Ιωάννα Ρούσσου",
        "Διευθύντρια προμηθειών",
        "Αντλίες Παππάς Α.Ε.",
        ("Τηλ.:", "Κιν.:", "Φαξ:"),
        "Στάλθηκε από το iPhone μου",
    ),
    "zh": Mail(
        "CN",
        "请把报价单发给我们。",
        "此致",
        "罗洁",
        "采购经理",
        "上海泵业有限公司",
        ("电话：", "手机：", "传真："),
        "发自我的iPhone",
    ),
    "ja": Mail(
        "JP",
        "お見積書をお送りください。",
        "よろしくお願いいたします。",
        "路 花子",
        "購買部長",
        "東京ポンプ株式会社",
        ("電話：", "携帯：", "FAX："),
        "iPhoneから送信",
    ),
    "ko": Mail(
        "KR",
        "견적서를 보내 주십시오.",
        "감사합니다.",
        "노지은",
        "구매팀장",
        "주식회사 서울펌프",
        ("전화:", "휴대폰:", "팩스:"),
        "나의 iPhone에서 보냄",
    ),
    "ar": Mail(
        "AE",
        "يرجى إرسال العرض.",
        "مع خالص التحية",
        "جنى راشد",
        "مدير المشتريات",
        "شركة المضخات ذ.م.م",
        ("هاتف:", "جوال:", "فاكس:"),
        "أُرسلت من الـ iPhone",
    ),
    "he": Mail(
        "IL",
        "נא לשלוח את ההצעה.",
        "בברכה,",
        "יעל רוזן",
        "מנהלת רכש",
        'משאבות הגליל בע"מ',
        ("טלפון:", "נייד:", "פקס:"),
        "נשלח מה-iPhone שלי",
    ),
}


def number(region: str, kind: str) -> phonenumbers.PhoneNumber:
    wanted = phonenumbers.PhoneNumberType.MOBILE if kind == "mobile" else phonenumbers.PhoneNumberType.FIXED_LINE
    found = phonenumbers.example_number_for_type(region, wanted)
    if kind == "fax":  # another one than the telephone's
        found = phonenumbers.PhoneNumber(
            country_code=found.country_code,
            national_number=found.national_number ^ 1,
            italian_leading_zero=found.italian_leading_zero,
        )
    return found


def e164(found: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


@pytest.mark.parametrize("national", [False, True], ids=["with country code", "without"])
@pytest.mark.parametrize("mail", MAILS.values(), ids=MAILS)
def test_a_signature_in_every_language(mail: Mail, national: bool) -> None:
    kinds = ("phone", "mobile", "fax")
    numbers = {kind: number(mail.region, kind) for kind in kinds}
    form = phonenumbers.PhoneNumberFormat.NATIONAL if national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    lines = [
        f"{label} {phonenumbers.format_number(numbers[kind], form)}"
        for kind, label in zip(kinds, mail.labels, strict=True)
    ]
    block = [mail.name, mail.title, mail.organisation, *lines, "jr@pumps.example", "www.pumps.example"]
    device = f"\n\n{mail.device}" if mail.device else ""
    text = f"{mail.body}\n\n{mail.closing}\n\n" + "\n".join(block) + device
    reading = read_text(text, sender=Address(mail.name, "jr@pumps.example"), region=mail.region)
    assert reading.message == mail.body
    assert reading.closing.text == mail.closing
    assert reading.signature.text == "\n".join(block)
    facts = {fact.kind: fact.value for fact in reading.facts}
    assert facts == {
        "name": mail.name,
        "title": mail.title,
        "organisation": mail.organisation,
        "email": "jr@pumps.example",
        "website": "www.pumps.example",
        **{kind: e164(numbers[kind]) for kind in kinds},
    }
    assert [part.by for part in reading.added] == (["device"] if mail.device else [])
    assert all(0.5 < fact.confidence <= 1 for fact in reading.facts)
    for fact in reading.facts:
        said = text.split("\n")[fact.line][slice(*fact.span)]
        assert said == fact.value or fact.kind in kinds
