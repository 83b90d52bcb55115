"""HTML of a mail as text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxsync.extract.html import INPUT_LIMIT, to_text
from mxsync.extract.html_nesting import DEPTH_LIMIT, too_deep


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("  \n ", ""),
        ("plain", "plain"),
        ("a < b & c", "a < b & c"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<div>One</div><div>Two</div>", "One\nTwo"),
        ("One<br>Two<br/><br>Three", "One\nTwo\n\nThree"),
        ("<p>a <b>bold</b>  word\n here</p>", "a bold word here"),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<table><tr><td>Jane</td><td>Roe</td></tr><tr><td>x</td></tr></table>", "Jane\tRoe\nx"),
        ("<blockquote>old<blockquote>older</blockquote></blockquote>new", "> old\n>\n> > older\n\nnew"),
        ("<head><title>t</title><style>s</style></head><body>b<script>x</script></body>", "b"),
        ("<!-- comment -->seen<!-- <p>hidden</p> -->", "seen"),
        ("<p style='display:none'>preheader</p><p hidden>x</p>seen", "seen"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("a<hr>b", "a\n" + "_" * 32 + "\nb"),
        ('<a href="https://acme.example/x">our site</a>', "our site <https://acme.example/x>"),
        ('<a href="https://acme.example/">acme.example</a>', "acme.example"),
        ('<a href="https://www.acme.example">www.acme.example</a>', "www.acme.example"),
        ('<a href="mailto:jane@acme.example">jane@acme.example</a>', "jane@acme.example"),
        ('<a href="mailto:jane@acme.example?subject=x">Jane</a>', "Jane <mailto:jane@acme.example?subject=x>"),
        ('<a href="javascript:alert(1)">click</a>', "click"),
        ('<a href="#top">top</a>', "top"),
        ('T <a href="tel:+442079460018">020 7946 0018</a>', "T 020 7946 0018"),
        ('<a href="tel:+442079460018">call</a>', "call <tel:+442079460018>"),
        ('<img src="cid:1" alt="Acme Ltd">', "Acme Ltd"),
        ('<img src="cid:1">', ""),
        ("Jane&nbsp;Roe &amp; Bob &#8364;5 caf&eacute;", "Jane Roe & Bob €5 café"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("nul\x00byte", "nulbyte"),
        ("lone \ud800 surrogate", "lone ? surrogate"),
        ("<div><div></div><p> </p></div>x", "x"),
        ("<p>unclosed <b>tags <i>everywhere", "unclosed tags everywhere"),
        ("<h1>Title</h1>text", "Title\n\ntext"),
        ("<select><option>x</option></select>y", "y"),
    ],
)
def test_to_text(html: str, text: str) -> None:
    assert to_text(html) == text


def test_a_reply_of_a_web_mailer_keeps_its_quote_apart() -> None:
    html = (
        "<div>Agreed.<br><br>Jane</div><div class='gmail_quote'><div>On Mon, Nov 23, 2026 at 9:50 AM Bob Poe &lt;<a"
        " href='mailto:bob@other.example'>bob@other.example</a>&gt; wrote:<br></div><blockquote>Shall "
        "we?<br>Bob</blockquote></div>"
    )
    assert to_text(html) == (
        "Agreed.\n\nJane\n> On Mon, Nov 23, 2026 at 9:50 AM Bob Poe <bob@other.example> wrote:\n>\n> Shall we?\n> Bob"
    )


HOSTILE = {
    "nested div": "<div>" * 100_000 + "deep",
    "nested quotes": "<blockquote>" * 100_000 + "deep",
    "closed only in comments": "<div><!-- </div> -->" * 20_000 + "deep",
    "closed only in attributes": '<div a="</div>">' * 20_000 + "deep",
    "closed only in styles": "<div><style></div></style>" * 20_000 + "deep",
    "closed across tables": "<div><table></div></table>" * 20_000 + "deep",
    "stray quotes": '<div x"></div><div y">' * 20_000 + "deep",
    "formatting left open": "<p>"
    + "".join(f"<font color={n}>" for n in range(400))
    + "</p>"
    + "<p>x</p>" * 5_000
    + "deep",
    "unclosed tag": "<div " * 50_000,
    "unclosed comment": "<!--" * 50_000,
    "unclosed script": "<script>" * 50_000,
    "unclosed attribute": '<a href="' * 50_000,
    "many links": '<a href="https://x.example">' * 20_000,
    "many lines": "<br>" * 50_000 + "deep",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_markup_has_an_answer(name: str) -> None:
    text = to_text(HOSTILE[name])
    if HOSTILE[name].endswith("deep"):
        assert text.endswith("deep")


def test_markup_too_deep_for_a_tree_is_read_without_it() -> None:
    html = "<div>" * (DEPTH_LIMIT + 1) + "One<br>Two <b>three</b> &amp;<script>no</script><!-- no --><p>four</p>"
    assert too_deep(html)
    assert to_text(html) == "One\nTwo three &\nfour"


def test_ordinary_markup_is_not_too_deep() -> None:
    row = "<tr><td style='x'><p>a<br><a href='https://acme.example/?a=b'>b</a></p><img src=\"x\"></td></tr>"
    assert not too_deep(
        "<html><head><style>p > a {}</style></head><body><table>" + row * 2_000 + "</table></body></html>"
    )


def test_input_is_read_up_to_its_limit() -> None:
    assert len(to_text("x" * (INPUT_LIMIT + 10))) == INPUT_LIMIT


PIECES = [
    "<div>",
    "</div>",
    "<p>",
    "<br>",
    "<table>",
    "<td>",
    "</table>",
    "<a href='http://x.example'>",
    "</a>",
    "<blockquote>",
    "</blockquote>",
]
PIECES += [
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "text",
    " ",
    "&lt;",
    "<",
    ">",
    '"',
    "'",
    "=",
    "<pre>",
    "\n",
    "</pre>",
    "<li>",
    "<hr>",
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=300))
def test_any_markup_has_an_answer(html: str) -> None:
    text = to_text(html)
    assert not text.startswith("\n") and not text.endswith("\n")
    assert too_deep(html) is False
