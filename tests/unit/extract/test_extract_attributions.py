"""What mail programs write above a quote, in the languages that business mail uses: all below it is another's."""

from __future__ import annotations

import pytest

from mxsync.extract import read_text
from mxsync.model.item import Address

JANE = Address("Jane Roe", "jane.roe@acme.example")
WHO = "Ann Poe <ann.poe@shop.example>"

MARKED = {
    "en, Gmail": f"On Sun, May 3, 2026 at 3:12 PM {WHO} wrote:",
    "en, Apple": f"On 3 May 2026, at 15:12, {WHO} wrote:",
    "en, Thunderbird": "On 03/05/2026 15:12, Ann Poe wrote:",
    "de, Gmail": f"Am So., 3. Mai 2026 um 15:12 Uhr schrieb {WHO}:",
    "de, Thunderbird": "Am 03.05.26 um 15:12 schrieb Ann Poe:",
    "de, K-9": f"Am 3. Mai 2026 15:12:01 MESZ schrieb {WHO}:",
    "fr, Gmail": f"Le dim. 3 mai 2026 à 15:12, {WHO} a écrit :",
    "fr, Thunderbird": "Le 03/05/2026 à 15:12, Ann Poe a écrit\u00a0:",
    "es, Gmail": "El dom, 3 may 2026 a las 15:12, Ann Poe (<ann.poe@shop.example>) escribió:",
    "es, Apple": f"El 3 may 2026, a las 15:12, {WHO} escribió:",
    "pt, Gmail": f"Em dom., 3 de mai. de 2026 às 15:12, {WHO} escreveu:",
    "pt, Apple": f"No dia 3/05/2026, às 15:12, {WHO} escreveu:",
    "it, Gmail": f"Il giorno dom 3 mag 2026 alle ore 15:12 {WHO} ha scritto:",
    "it, Apple": f"Il giorno 3 mag 2026, alle ore 15:12, {WHO} ha scritto:",
    "nl, Gmail": f"Op zo 3 mei 2026 om 15:12 schreef {WHO}:",
    "nl, Apple": f"Op 3 mei 2026, om 15:12 heeft {WHO} het volgende geschreven:",
    "af, Gmail": f"Op So. 3 Mei 2026 om 15:12 het {WHO} geskryf:",
    "sv, Gmail": f"Den sön 3 maj 2026 kl 15:12 skrev {WHO}:",
    "sv, Apple": f"3 maj 2026 kl. 15:12 skrev {WHO}:",
    "da, Gmail": f"Den søn. 3. maj 2026 kl. 15.12 skrev {WHO}:",
    "no, Gmail": f"søn. 3. mai 2026 kl. 15:12 skrev {WHO}:",
    "fi, Gmail": "su 3. toukok. 2026 klo 15.12 Ann Poe (ann.poe@shop.example) kirjoitti:",
    "fi, Apple": f"{WHO} kirjoitti 3.5.2026 kello 15.12:",
    "pl, Gmail": f"niedz., 3 maj 2026 o 15:12 {WHO} napisał(a):",
    "pl, Thunderbird": "W dniu 3.05.2026 o 15:12, Ann Poe pisze:",
    "cs, Gmail": f"ne 3. 5. 2026 v 15:12 odesílatel {WHO} napsal:",
    "cs, Thunderbird": "Dne 03. 05. 26 v 15:12 Ann Poe napsal(a):",
    "hu, Gmail": f"{WHO} ezt írta (időpont: 2026. máj. 3., V, 15:12):",
    "hu, Thunderbird": "2026. 05. 03. 15:12 keltezéssel, Ann Poe írta:",
    "ro, Gmail": f"În dum., 3 mai 2026 la 15:12, {WHO} a scris:",
    "ru, Gmail": f"вс, 3 мая 2026 г. в 15:12, {WHO}:",
    "ru, Thunderbird": "03.05.2026 15:12, Ann Poe пишет:",
    "ru, Apple": f"3 мая 2026 г., в 15:12, {WHO} написал(а):",
    "uk, Gmail": f"нд, 3 трав. 2026 р. о 15:12 {WHO} пише:",
    "tr, Gmail": f"{WHO}, 3 May 2026 Paz, 15:12 tarihinde şunu yazdı:",
    "el, Gmail": f"Στις Κυρ 3 Μαΐ 2026 στις 3:12 μ.μ., ο χρήστης {WHO} έγραψε:",
    "zh, Gmail": f"{WHO} 于2026年5月3日周日 15:12写道：",
    "zh, traditional": f"{WHO} 於 2026年5月3日 週日 下午3:12寫道：",
    "ja, Gmail": f"2026年5月3日(日) 15:12 {WHO}:",
    "ja, Apple": f"2026/05/03 15:12、{WHO}のメール:",
    "ko, Gmail": f"2026년 5월 3일 (일) 오후 3:12, {WHO}님이 작성:",
    "ko, Apple": f"2026. 5. 3. 오후 3:12, {WHO} 작성:",
    "ar, Gmail": f"في الأحد، ٣ مايو ٢٠٢٦ في 3:12 م تمت كتابة ما يلي بواسطة {WHO}:",
    "he, Gmail": "\u202bבתאריך יום א׳, 3 במאי 2026 ב-15:12 מאת \u202aAnn Poe\u202c\u200f <\u202aann.poe@shop.example\u202c\u200f>:\u202c",
    "no language that anybody knows": f"Zu 3. 5. 2026, 15:12 hat {WHO} gemeint gehabt:",
}

BLOCKS = {
    "en": "From: Ann Poe <ann.poe@shop.example>\nSent: Sunday, 3 May 2026 15:12\nTo: Jane Roe\nSubject: RE: pumps",
    "de": "Von: Ann Poe <ann.poe@shop.example>\nGesendet: Sonntag, 3. Mai 2026 15:12\nAn: Jane Roe\nBetreff: AW: Pumpen",
    "fr": "De : Ann Poe <ann.poe@shop.example>\nEnvoyé : dimanche 3 mai 2026 15:12\nÀ : Jane Roe\nObjet : RE: pompes",
    "es": "De: Ann Poe\nEnviado el: domingo, 3 de mayo de 2026 15:12\nPara: Jane Roe\nAsunto: RE: bombas",
    "pt": "De: Ann Poe\nEnviado: domingo, 3 de maio de 2026 15:12\nPara: Jane Roe\nAssunto: RE: bombas",
    "it": "Da: Ann Poe\nInviato: domenica 3 maggio 2026 15:12\nA: Jane Roe\nOggetto: R: pompe",
    "nl": "Van: Ann Poe\nVerzonden: zondag 3 mei 2026 15:12\nAan: Jane Roe\nOnderwerp: RE: pompen",
    "af": "Van: Ann Poe\nGestuur: Sondag 3 Mei 2026 15:12\nAan: Jane Roe\nOnderwerp: RE: pompe",
    "sv": "Från: Ann Poe\nSkickat: den 3 maj 2026 15:12\nTill: Jane Roe\nÄmne: SV: pumpar",
    "da": "Fra: Ann Poe\nSendt: 3. maj 2026 15:12\nTil: Jane Roe\nEmne: SV: pumper",
    "no": "Fra: Ann Poe\nSendt: søndag 3. mai 2026 15:12\nTil: Jane Roe\nEmne: SV: pumper",
    "fi": "Lähettäjä: Ann Poe\nLähetetty: sunnuntai 3. toukokuuta 2026 15.12\nVastaanottaja: Jane Roe\nAihe: VS: pumput",
    "pl": "Od: Ann Poe\nWysłano: niedziela, 3 maja 2026 15:12\nDo: Jane Roe\nTemat: Odp: pompy",
    "cs": "Od: Ann Poe\nOdesláno: neděle 3. května 2026 15:12\nKomu: Jane Roe\nPředmět: RE: čerpadla",
    "hu": "Feladó: Ann Poe\nElküldve: 2026. május 3. 15:12\nCímzett: Jane Roe\nTárgy: RE: szivattyúk",
    "ro": "De la: Ann Poe\nTrimis: duminică, 3 mai 2026 15:12\nCătre: Jane Roe\nSubiect: RE: pompe",
    "ru": "От: Ann Poe\nОтправлено: 3 мая 2026 г. 15:12\nКому: Jane Roe\nТема: RE: насосы",
    "uk": "Від: Ann Poe\nНадіслано: 3 травня 2026 р. 15:12\nКому: Jane Roe\nТема: RE: насоси",
    "tr": "Kimden: Ann Poe\nGönderildi: 3 Mayıs 2026 15:12\nKime: Jane Roe\nKonu: YNT: pompalar",
    "el": "Από: Ann Poe\nΣτάλθηκε: Κυριακή, 3 Μαΐου 2026 15:12\nΠρος: Jane Roe\nΘέμα: ΑΠ: αντλίες",
    "zh": "发件人: Ann Poe\n发送时间: 2026年5月3日 15:12\n收件人: Jane Roe\n主题: 回复: 泵",
    "ja": "差出人: Ann Poe\n送信日時: 2026年5月3日 15:12\n宛先: Jane Roe\n件名: RE: ポンプ",
    "ko": "보낸 사람: Ann Poe\n보낸 날짜: 2026년 5월 3일 15:12\n받는 사람: Jane Roe\n제목: RE: 펌프",
    "ar": "من: Ann Poe\nتم الإرسال: ٣ مايو ٢٠٢٦ 15:12\nإلى: Jane Roe\nالموضوع: رد: مضخات",
    "he": "מאת: Ann Poe\nנשלח: יום ראשון 3 מאי 2026 15:12\nאל: Jane Roe\nנושא: RE: משאבות",
    "en, in bold type": "*From:* Ann Poe\n*Sent:* Sunday, 3 May 2026 15:12\n*To:* Jane Roe\n*Subject:* RE: pumps",
    "Outlook on a telephone": "________________________________\nFrom: Ann Poe\nSent: Sunday\nTo: Jane Roe\nSubject: pumps",
    "Lotus Notes": "Ann Poe---03.05.2026 15:12:01---Dear Jane, we would like\n\nFrom: Ann Poe/ZA/Shop\nTo: Jane Roe\nDate: 03.05.2026 15:12",
}
OLD = "We would like four pumps.\n\nKind regards\nAnn Poe\nBuyer\nShop Ltd\nT +44 20 7946 0077"


@pytest.mark.parametrize("attribution", MARKED.values(), ids=MARKED)
def test_an_attribution_is_nobodys(attribution: str) -> None:
    quoted = "\n".join(f"> {line}" for line in OLD.split("\n"))
    reading = read_text(f"That is fine.\n\n{attribution}\n\n{quoted}\n", sender=JANE, region="GB")
    assert reading.newest.text == "That is fine."
    assert reading.facts == ()


@pytest.mark.parametrize("attribution", [line for name, line in MARKED.items() if not name.startswith("no ")])
def test_what_follows_an_attribution_without_marks_is_quoted(attribution: str) -> None:
    reading = read_text(f"That is fine.\n\n{attribution}\n\n{OLD}\n", sender=JANE, region="GB")
    assert reading.newest.text == "That is fine."


@pytest.mark.parametrize("attribution", [line for line in MARKED.values() if line.isascii() and len(line) > 60])
def test_an_attribution_may_be_wrapped(attribution: str) -> None:
    place = attribution.rindex(" ", 0, 60)
    wrapped = f"{attribution[:place]}\n{attribution[place + 1 :]}"
    reading = read_text(f"That is fine.\n\n{wrapped}\n\n> {OLD[:24]}\n", sender=JANE, region="GB")
    assert reading.newest.text == "That is fine."


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_the_headers_of_the_message_below_divide(block: str) -> None:
    reading = read_text(f"That is fine.\n\n{block}\n\n{OLD}\n", sender=JANE, region="GB")
    assert reading.newest.text == "That is fine."
    assert reading.facts == ()


@pytest.mark.parametrize(
    "text",
    [
        "On Monday we wrote:\nthe pump will ship.",
        "The dates are: 3. 5. 2026, 15:12\nand the 4th:\nnothing.",
        "From: the start we knew it\nand so did they.",
        "Write to ann.poe@shop.example by 3 May 2026:\nshe knows.",
    ],
)
def test_what_only_resembles_one(text: str) -> None:
    assert read_text(text, sender=JANE, region="GB").newest.text == text
