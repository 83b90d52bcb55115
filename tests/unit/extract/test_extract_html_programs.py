"""Replies and forwards as mail programs write them in HTML: the structure alone tells what is quoted, in any language."""

from __future__ import annotations

import pytest

from mxsync.extract import read_text
from mxsync.extract.html import to_text
from mxsync.model.item import Address

JANE = Address("Jane Roe", "jane.roe@acme.example")
MINE = "<div>Agreed.</div><div><br></div><div>Kind regards</div><div>Jane Roe</div><div>Buyer</div><div>T 020 7946 0018</div>"
THEIRS = "<div>Shall we?</div><div>Best regards</div><div>Ann Poe</div><div>Seller</div><div>Shop Ltd</div><div>T 020 7946 0077</div>"
# No language has these words: only the structure can tell.
HEAD = "Zaq 3 uv 2026 Ann Poe &lt;<a href='mailto:ann@shop.example'>ann@shop.example</a>&gt; bru"
HEADERS = "<b>Zaq:</b> Ann Poe &lt;ann@shop.example&gt;<br><b>Bru:</b> 3 uv 2026<br><b>Kep:</b> Jane Roe<br><b>Lor:</b> pumps<br>"

REPLIES = {
    "Gmail": f"<div dir='ltr'>{MINE}</div><br><div class='gmail_quote gmail_quote_container'><div class='gmail_attr' dir='ltr'>{HEAD}<br></div>"
    f"<blockquote class='gmail_quote' style='margin:0px 0px 0px 0.8ex'>{THEIRS}</blockquote></div>",
    "Gmail, of old": f"{MINE}<div class='gmail_extra'><div class='gmail_quote'>{HEAD}<br><blockquote class='gmail_quote'>{THEIRS}</blockquote></div></div>",
    "Outlook": f"<div class='WordSection1'>{MINE}<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
    f"<p class='MsoNormal'>{HEADERS}</p></div></div><p>&nbsp;</p>{THEIRS}</div>",
    "Outlook 2007": f"{MINE}<div style='border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0in 0in 0in'><p>{HEADERS}</p></div>{THEIRS}",
    "Outlook on the web": f"{MINE}<div id='appendonsend'></div><hr style='width:98%'><div id='divRplyFwdMsg' dir='ltr'>{HEADERS}</div><div>{THEIRS}</div>",
    "Outlook on a telephone": f"{MINE}<div id='ms-outlook-mobile-signature'>Get Outlook for iOS</div><div id='mail-editor-reference-message-container'>"
    f"<div><hr><div style='padding:3pt 0in 0in;border-width:1pt medium medium;border-style:solid none none'>{HEADERS}</div>{THEIRS}</div></div>",
    "Apple Mail": f"<body>{MINE}<div><br><blockquote type='cite'><div>{HEAD}</div><br class='Apple-interchange-newline'>{THEIRS}</blockquote></div></body>",
    "Thunderbird": f"{MINE}<div class='moz-cite-prefix'>{HEAD}<br></div><blockquote type='cite' cite='mid:1@x'>{THEIRS}</blockquote>",
    "Yahoo": f"{MINE}<div id='yahoo_quoted_7' class='yahoo_quoted'><div>{HEAD}</div>{THEIRS}</div>",
    "Proton": f"{MINE}<div class='protonmail_quote'>{HEAD}<br><blockquote class='protonmail_quote' type='cite'>{THEIRS}</blockquote></div>",
    "Zimbra": f"{MINE}<hr id='zwchr'><div>{HEADERS}</div>{THEIRS}",
    "Spark": f"{MINE}<div name='messageReplySection'>{HEAD}<blockquote class='spark_quote'>{THEIRS}</blockquote></div>",
    "Lotus Notes": f"{MINE}<br><font color='#5f5f5f'>From: </font>Ann Poe/Shop<br><font>To: </font>Jane Roe<br><font>Date: </font>03.05.2026 15:12<br><font>Subject: </font>pumps<hr noshade>{THEIRS}",
    "QQ": f"{MINE}<div>------------------&nbsp;原始邮件&nbsp;------------------</div><div>发件人: Ann Poe</div>{THEIRS}",
}
FORWARDS = {
    "Gmail": f"<div dir='ltr'>FYI<div class='gmail_quote'><div class='gmail_attr'>---------- Forwarded message ---------<br>From: <strong>Ann Poe</strong>"
    f" &lt;ann@shop.example&gt;<br>Date: Sun<br>Subject: pumps<br>To: Jane Roe<br></div><br>{THEIRS}</div></div>",
    "Apple Mail": f"<div>FYI<br><blockquote type='cite'><div>Begin forwarded message:</div><br><div><b>From: </b>Ann Poe &lt;ann@shop.example&gt;</div>"
    f"<div><b>Subject: </b>pumps</div><div><b>Date: </b>3 May 2026</div><div><b>To: </b>Jane Roe</div><br>{THEIRS}</blockquote></div>",
    "Thunderbird": f"FYI<br><div class='moz-forward-container'>-------- Forwarded Message --------<table><tr><th>Subject: </th><td>pumps</td></tr><tr><th>Date: </th>"
    f"<td>3 May</td></tr><tr><th>From: </th><td>Ann Poe &lt;ann@shop.example&gt;</td></tr><tr><th>To: </th><td>Jane</td></tr></table><br>{THEIRS}</div>",
}


@pytest.mark.parametrize("html", REPLIES.values(), ids=REPLIES)
def test_a_reply_is_divided_by_its_structure(html: str) -> None:
    reading = read_text(to_text(html), sender=JANE, region="GB")
    assert reading.message == "Agreed."
    assert "Shall we?" not in reading.newest.text and "Zaq" not in reading.newest.text
    assert {(fact.kind, fact.value) for fact in reading.facts} == {
        ("name", "Jane Roe"),
        ("title", "Buyer"),
        ("phone", "+442079460018"),
    }
    assert ("phone", "+442079460077", "quoted") in {(fact.kind, fact.value, fact.source) for fact in reading.others}


@pytest.mark.parametrize("html", FORWARDS.values(), ids=FORWARDS)
def test_what_a_forwarded_author_signs_with_is_offered_as_hers(html: str) -> None:
    reading = read_text(to_text(html), sender=JANE, region="GB")
    assert reading.newest.text == "FYI" and reading.facts == ()
    hers = {(fact.kind, fact.value): fact for fact in reading.others}
    assert {fact.source for fact in hers.values()} == {"forwarded"}
    assert {fact.author for fact in hers.values()} == {"ann@shop.example"}
    assert ("organisation", "Shop Ltd") in hers and ("phone", "+442079460077") in hers


def test_answers_between_quotes_are_the_authors() -> None:
    html = (
        "<div class='gmail_quote'><div class='gmail_attr'>Zaq bru</div><blockquote class='gmail_quote'>How many?</blockquote>"
        "<div>Four.</div><blockquote class='gmail_quote'>When?</blockquote><div>Now.</div></div>"
    )
    assert read_text(to_text(html), sender=JANE, region="GB").message.split() == ["Four.", "Now."]


def test_an_indented_paragraph_is_no_quote() -> None:
    html = "<div>As said:</div><blockquote style='margin:0 0 0 40px;border:none;padding:0px'>four pumps</blockquote>"
    assert to_text(html) == "As said:\n\nfour pumps"


@pytest.mark.parametrize(
    "html",
    [
        "<div style='display:none'>{}</div>Seen",
        "<div style='max-height:0px;overflow:hidden'>{}</div>Seen",
        "<span style='opacity:0;'>{}</span>Seen",
        "<span style='mso-hide:all'>{}</span>Seen",
        "<p hidden>{}</p>Seen",
        "<img src='http://t.example/p.gif' width='1' height='1' alt='{}'>Seen",
        "<style>.x {{ color: red }} /* {} */</style>Seen",
        "<script>'{}'</script>Seen",
    ],
)
def test_what_no_reader_sees_is_left_out(html: str) -> None:
    assert to_text(html.format("Preheader")) == "Seen"


def test_a_signature_in_a_table_keeps_its_lines_and_cells() -> None:
    html = (
        "<p>Agreed.</p><div class='gmail_signature'><table><tr><td><img src='logo.png'></td><td><b>Jane Roe</b><br>Head of Sales<br>"
        "Acme Ltd</td></tr><tr><td>T</td><td>020 7946 0018</td></tr><tr><td>M</td><td>07400 123456</td></tr>"
        "<tr><td colspan=2><a href='https://acme.example'>our site</a></td></tr></table></div>"
    )
    reading = read_text(to_text(html), sender=JANE, region="GB")
    assert {fact.kind: fact.value for fact in reading.facts} == {
        "name": "Jane Roe",
        "title": "Head of Sales",
        "organisation": "Acme Ltd",
        "phone": "+442079460018",
        "mobile": "+447400123456",
        "website": "https://acme.example",
    }
