"""Which lines are the author's own."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxsync.extract.quotes import own_lines

ATTRIBUTIONS = [
    "On Mon, Nov 23, 2026 at 9:50 AM Bob Poe <bob@other.example> wrote:",
    "On 23 November 2026 at 09:50, Bob Poe wrote:",
    "On 2026-11-23 09:50, bob@other.example wrote:",
    "2026-11-23 9:50 GMT+02:00 Bob Poe <bob@other.example>:",
    "bob@other.example wrote:",
    "Am 23.11.2026 um 09:50 schrieb Bob Poe:",
    "Am Mo., 23. Nov. 2026 um 09:50 Uhr schrieb Bob Poe <bob@other.example>:",
    "Le lun. 23 nov. 2026 à 09:50, Bob Poe <bob@other.example> a écrit :",
    "Op ma 23 nov. 2026 om 09:50 schreef Bob Poe <bob@other.example>:",
    "Op 23 Nov 2026 om 09:50 het Bob Poe geskryf:",
    "El lun, 23 nov 2026 a las 9:50, Bob Poe (<bob@other.example>) escribió:",
    "Em seg., 23 de nov. de 2026 às 09:50, Bob Poe <bob@other.example> escreveu:",
    "Il giorno lun 23 nov 2026 alle ore 09:50 Bob Poe <bob@other.example> ha scritto:",
    "Den mån 23 nov. 2026 kl 09:50 skrev Bob Poe <bob@other.example>:",
    "W dniu 23.11.2026 o 09:50, Bob Poe pisze:",
    "23.11.2026 09:50, Bob Poe пишет:",
    "пн, 23 нояб. 2026 г. в 09:50, Bob Poe <bob@other.example>:",
    "23 Kas 2026 Pzt 09:50 tarihinde Bob Poe <bob@other.example> şunu yazdı:",
    "在 2026年11月23日 09:50，Bob Poe 写道：",
    "2026年11月23日(月) 9:50 Bob Poe <bob@other.example>:",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_attribution_and_its_quote_are_not_own(attribution: str) -> None:
    assert own_lines(["Fine.", "", attribution, "> Shall we?", ">", "> Bob"]) == (0,)


SEPARATORS = [
    "-----Original Message-----",
    " -----Original Message-----",
    "-----Ursprüngliche Nachricht-----",
    "-----Message d'origine-----",
    "-----Oorspronkelijk bericht-----",
    "-----Oorspronklike boodskap-----",
    "-----Mensaje original-----",
    "-----Mensagem original-----",
    "-----Messaggio originale-----",
    "---------- Forwarded message ---------",
    "---------- Weitergeleitete Nachricht ----------",
    "----- Forwarded by Bob Poe/ACME on 11/23/2026 09:50 AM -----",
    "Begin forwarded message:",
    "____________________Reply Separator____________________",
    "-----原始邮件-----",
    "----- 元のメッセージ -----",
]


@pytest.mark.parametrize("separator", SEPARATORS)
def test_a_separator_ends_what_is_own(separator: str) -> None:
    assert own_lines(["Fine.", "", separator, "Shall we?", "", "Bob"]) == (0,)


HEADERS = [
    ["From: Bob Poe", "Sent: Monday, 23 November 2026 09:50", "To: Jane Roe", "Subject: Offer"],
    ["*From:* Bob Poe", "*Date:* Monday, 23 November 2026", "*To:* Jane Roe", "*Subject:* Offer"],
    ["From: Bob Poe", "", "Sent: Monday", "", "To: Jane Roe"],
    [
        "From: Bob Poe <bob@other.example>",
        "To: Jane Roe <jane@acme.example>, Ann Doe <ann@acme.example>,",
        " Tim Coe <tim@acme.example>",
        "Subject: Offer",
    ],
    ["Von: Bob Poe", "Gesendet: Montag, 23. November 2026", "An: Jane Roe", "Betreff: Angebot"],
    ["De : Bob Poe", "Envoyé : lundi 23 novembre 2026", "À : Jane Roe", "Objet : Devis"],
    ["Van: Bob Poe", "Verzonden: maandag 23 november 2026", "Aan: Jane Roe", "Onderwerp: Offerte"],
    ["De: Bob Poe", "Enviado el: lunes", "Para: Jane Roe", "Asunto: Oferta"],
    ["Da: Bob Poe", "Inviato: lunedì", "A: Jane Roe", "Oggetto: Offerta"],
    ["Från: Bob Poe", "Skickat: måndag", "Till: Jane Roe", "Ämne: Offert"],
    ["Od: Bob Poe", "Wysłano: poniedziałek", "Do: Jane Roe", "Temat: Oferta"],
    ["От: Bob Poe", "Отправлено: понедельник", "Кому: Jane Roe", "Тема: Предложение"],
    ["发件人: Bob Poe", "发送时间: 2026年11月23日", "收件人: Jane Roe", "主题: 报价"],
    ["差出人: Bob Poe", "送信日時: 2026年11月23日", "宛先: Jane Roe", "件名: 見積"],
    ["________________________________", "From: Bob Poe", "Sent: Monday", "To: Jane Roe"],
    [
        "\tBob Poe@OTHER",
        "\t11/23/2026 09:50 AM",
        "\t\t",
        "\t\t To: Jane Roe/ACME@ACME",
        "\t\t cc: ",
        "\t\t Subject: Offer",
    ],
    ['"Bob Poe" <bob@other.example> on 11/23/2026 09:50:12 AM', "To: <jane@acme.example>", "cc:", "Subject: Offer"],
    ['"Bob Poe" <bob@other.example> on 11/23/2026 ', "09:50:12 PM", "To: <jane@acme.example>", "cc:", "Subject: Offer"],
    [">>> <bob@other.example> 11/23/26 09:50:12 am >>>", "Shall we?"],
]


@pytest.mark.parametrize("headers", HEADERS, ids=[header[0][:30] for header in HEADERS])
def test_headers_of_a_message_end_what_is_own(headers: list[str]) -> None:
    assert own_lines(["Fine.", "", *headers, "", "Shall we?", "Bob"]) == (0,)


@pytest.mark.parametrize(
    "lines",
    [
        ["From: our side there is nothing to add.", "We go on."],
        ["To: do before Monday", "the list"],
        ["Subject: to change", "as ever"],
        ["On Monday we wrote to the bank:", "nothing came."],
        ["The plan of 23.11.2026 is:", "we start at 9:00"],
        ["Re: the offer", "we take it"],
        ["Date: 23.11.2026", "Place: Leeds"],
        ["A: yes", "B: no"],
        ["-----", "a rule is only a rule"],
        ["__________________", "so is this"],
        ["11/23/2026 09:50 AM", "is when we met."],
    ],
)
def test_what_merely_looks_like_a_quote(lines: list[str]) -> None:
    assert own_lines(lines) == tuple(range(len(lines)))


def test_own_text_between_quotes() -> None:
    lines = ["Bob Poe wrote:", "> When?", "Tuesday.", "> Where?", "Leeds.", ""]
    assert own_lines(lines) == (2, 4)


def test_a_quoted_line_that_was_broken_is_quoted() -> None:
    lines = [
        "> We index rarely and in bulk as we are an organisation that deals in access",
        "to documents.",
        "> Do you?",
        "",
        "Yes.",
    ]
    assert own_lines(lines) == (4,)


def test_a_signature_below_the_quote_belongs_to_whom_it_names() -> None:
    lines = ["Yes.", "", "> Shall we?", "", "-- ", "Bob Poe", "CEO"]
    assert own_lines(lines, frozenset({"jane", "roe"})) == (0,)
    assert own_lines(lines, frozenset({"bob", "poe"})) == (0, 1, 3, 4, 5, 6)


def test_an_attribution_without_an_end_is_own() -> None:
    assert own_lines(["On 23.11.2026 we met", "", "and left."]) == (0, 1, 2)
    assert own_lines(["On 23.11.2026 we met", "> x"]) == (0,)
    assert own_lines(["On 23.11.2026, Bob", "and Ann", "and Tim", "and Sue", "wrote:"]) == (0, 1, 2, 3, 4)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*ATTRIBUTIONS, *SEPARATORS, "> q", "", "text", "From: x", "To: y", "-- ", "____________", "wrote:"]
        ),
        max_size=25,
    )
)
def test_lines_are_in_order_and_never_marked_as_quotes(lines: list[str]) -> None:
    own = own_lines(lines)
    assert list(own) == sorted(set(own))
    assert all(0 <= number < len(lines) and not lines[number].startswith(">") for number in own)
    if own:
        assert lines[own[0]].strip() and lines[own[-1]].strip()
