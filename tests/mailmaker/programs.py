"""The skeletons of mail programs' HTML, and a whole mail in one of them."""

from __future__ import annotations

from html import escape

from tests.mailmaker import quote_html
from tests.mailmaker.ink import ink_html
from tests.mailmaker.markup import Program, joined, letter_html
from tests.mailmaker.plain import Thread

_MSO = "<p class=MsoNormal><span style=\"font-size:11.0pt;font-family:'Calibri',sans-serif\">{}<o:p></o:p></span></p>"
_MSO_PAGE = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns="http://www.w3.org/TR/REC-html40"><head>'
    '<meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=Generator content="Microsoft Word 15">'
    "<style><!-- p.MsoNormal {{margin:0cm; font-size:11.0pt;}} --></style></head>"
    '<body lang=EN-GB link="#0563C1" vlink="#954F72"><div class=WordSection1>{}</div></body></html>'
)
_DIV, _GAP = "<div>{}</div>", "<div><br></div>"

PROGRAMS: dict[str, Program] = {
    "outlook": Program(
        _MSO, "<p class=MsoNormal><o:p>&nbsp;</o:p></p>", _MSO, "{}", quote_html.outlook, _MSO_PAGE, _MSO
    ),
    "outlook_web": Program(
        '<div class="elementToProof" style="font-family: Aptos, Calibri; font-size: 12pt;">{}</div>',
        '<div class="elementToProof"><br></div>',
        "<div>{}</div>",
        '<div id="Signature" class="elementToProof">{}</div>',
        quote_html.outlook_web,
        '<html><head><style type="text/css" style="display:none;"> P {{margin-top:0;margin-bottom:0;}} </style></head><body dir="ltr">{}</body></html>',
    ),
    "outlook_mobile": Program(
        '<div dir="ltr" style="font-family: Aptos;">{}</div>',
        "<div><br></div>",
        "<div>{}</div>",
        '<div id="ms-outlook-mobile-body-separator-line"></div>{}',
        quote_html.outlook_web,
        added='<div id="ms-outlook-mobile-signature" dir="ltr">{}</div>',
    ),
    "gmail": Program(
        _DIV,
        "<div><br></div>",
        "<div>{}</div>",
        '<div><br></div><span class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature"><div dir="ltr">{}</div></div>',
        quote_html.gmail,
        '<div dir="ltr">{}</div>',
    ),
    "gmail_mobile": Program(
        '<div dir="auto">{}</div>', "", "{}<br>", "<div>{}</div>", quote_html.gmail, '<div dir="auto">{}</div>'
    ),
    "apple": Program(
        _DIV,
        _GAP,
        "<div>{}</div>",
        '<div><br></div><div><meta charset="UTF-8">{}</div>',
        quote_html.apple,
        '<html><head></head><body style="overflow-wrap: break-word; -webkit-nbsp-mode: space;">{}</body></html>',
    ),
    "iphone": Program(
        '<div dir="ltr">{}</div>', '<div dir="ltr"><br></div>', "<div>{}</div>", "<br>{}", quote_html.iphone
    ),
    "thunderbird": Program(
        "<p>{}</p>",
        "",
        "{}<br>",
        '<div class="moz-signature">-- <br>{}</div>',
        quote_html.thunderbird,
        '<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"></head><body>{}</body></html>',
    ),
    "yahoo": Program(
        '<div dir="ltr" data-setdir="false">{}</div>',
        "<div><br></div>",
        "<div>{}</div>",
        '<div class="ydp0815signature">{}</div>',
        quote_html.yahoo,
        '<html><head></head><body><div class="yahoo-style-wrap" style="font-family:Helvetica Neue;font-size:13px;">{}</div></body></html>',
    ),
    "notes": Program(
        '<font size=2 face="sans-serif">{}</font><br>',
        "<br>",
        '<font size=2 face="sans-serif">{}</font><br>',
        "<br>{}",
        quote_html.notes,
    ),
    "groupwise": Program(
        "<div>{}</div>",
        "<div>&nbsp;</div>",
        "<div>{}</div>",
        "{}",
        quote_html.groupwise,
        '<html><body><div class="GroupWiseMessageBody">{}</div></body></html>',
    ),
    "zimbra": Program(
        _DIV,
        "<div><br></div>",
        "<div>{}</div>",
        '<div data-marker="__SIG_POST__">-- <br>{}</div>',
        quote_html.zimbra,
        '<html><body><div style="font-family: arial, helvetica, sans-serif; font-size: 12pt; color: #000000">{}</div></body></html>',
    ),
    "roundcube": Program("<p>{}</p>", "", "{}<br>", '<div id="_rc_sig">-- <br>{}</div>', quote_html.roundcube),
    "samsung": Program(
        '<div dir="auto">{}</div>',
        '<div dir="auto"><br></div>',
        "<div>{}</div>",
        "<div>{}</div>",
        quote_html.samsung,
        added='<div id="composer_signature" dir="auto"><div style="font-size:12px;color:#575757" dir="auto">{}</div></div>',
    ),
    "proton": Program(
        '<div style="font-family: Arial, sans-serif; font-size: 14px;">{}</div>',
        '<div style="font-family: Arial, sans-serif; font-size: 14px;"><br></div>',
        "<div>{}</div>",
        '<div class="protonmail_signature_block"><div class="protonmail_signature_block-user">{}</div></div>',
        quote_html.proton,
        "{}",
    ),
    "evolution": Program(
        "<div>{}</div>", "<div><br></div>", "<div>{}</div>", "<div><span>-- <br></span>{}</div>", quote_html.evolution
    ),
    "gmx": Program(_DIV, "<div>&nbsp;</div>", "<div>{}</div>", '<div class="signature">{}</div>', quote_html.gmx),
    "zoho": Program(
        _DIV,
        "<div><br></div>",
        "<div>{}</div>",
        '<div id="Zm-_Id_-Sgn" data-zbluepencil-ignore="true">{}</div>',
        quote_html.zoho,
    ),
}


def html_text(thread: Thread, program: str) -> str:
    """The whole mail as HTML, labelled."""
    skeleton = PROGRAMS[program]
    parts = letter_html(thread.newest, 0, skeleton)
    own = joined(parts, skeleton)
    match thread.how:
        case "new":
            content = own
        case "forward":
            content = own + skeleton.empty + quote_html.forwarded(thread, program, skeleton)
        case "bottom":
            content = skeleton.quote(thread, 0, skeleton) + skeleton.empty + own
        case "interleaved":
            content = _interleaved(thread, program, parts)
        case _:
            content = own + skeleton.empty + skeleton.quote(thread, 0, skeleton)
    if thread.footer:
        block = (
            1 if thread.how in ("top", "forward") else 0
        )  # below a quote it is nobody's, below an answer the answer's
        lines = "<br>".join(
            ink_html("mua", line, block) if any(map(str.isalnum, line)) else escape(line) for line in thread.footer
        )
        content += f"<br><pre>{lines}</pre>" if skeleton.page.startswith("{") else f"<div>{lines}</div>"
    return skeleton.page.format(content)


def _interleaved(thread: Thread, program: str, parts: list[str]) -> str:
    """Blockquotes with the answers between them."""
    letter = thread.earlier[0]
    key = "thunderbird" if program == "thunderbird" else "apple"
    found = [f"<div>{quote_html.said(thread, key, 0)}</div>"]
    answers = parts[:-1]
    for number, paragraph in enumerate(letter.paragraphs):
        lines = "<br>".join(ink_html("body", line, 1) for line in paragraph)
        found.append(f'<blockquote type="cite"><p>{lines}</p></blockquote>')
        if number and answers:
            found.append(answers.pop(0))
    return "".join([*found, *answers, parts[-1]])
