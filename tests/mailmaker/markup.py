"""How mail programs write a letter, and what it answers or forwards, as HTML: each with its own skeleton."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from tests.mailmaker.ink import ink, ink_html
from tests.mailmaker.letters import Letter
from tests.mailmaker.plain import Thread, attribution
from tests.mailmaker.signature_html import signature_html

Quote = Callable[[Thread, int], str]


@dataclass(frozen=True, slots=True)
class Program:
    """`paragraph`, `line`: one paragraph, one line of a signature, with '{}'; `empty` what stands between paragraphs;
    `signature`: around a signature; `quote`: what is answered, with the head over it; `page`: around all."""

    paragraph: str
    empty: str
    line: str
    signature: str
    quote: Quote
    page: str = "<html><head></head><body>{}</body></html>"
    added: str = "<div>{}</div>"


def letter_html(letter: Letter, block: int, program: Program, *, parts: bool = False) -> list[str]:
    """A letter's paragraphs, closing, signature and additions, each as markup."""
    found = [program.added.format(ink_html("mua", line, block)) for line in letter.above]
    for paragraph in letter.paragraphs:
        lines = [ink_html("body", line, block) for line in paragraph]
        if len(lines) > 1:
            items = "".join(f"<li>{line.replace('- ', '', 1)}</li>" for line in lines)
            found.append(f"<ul>{items}</ul>")
        else:
            found.append(program.paragraph.format(lines[0]))
    end = [program.paragraph.format(ink_html("closing", line, block)) for line in letter.closing]
    if letter.signature is not None:
        end.append(program.signature.format(signature_html(letter.signature, block, program.line)))
    end += [program.added.format(ink_html("mua", line, block)) for line in letter.added]
    if letter.invitation:
        lines = [ink_html("mua", line, block) for line in letter.invitation]
        joint = "<br>\n".join(
            f'<a href="https://teams.example/l/meetup/4711">{line}</a>' if number == 1 and "http" not in line else line
            for number, line in enumerate(lines)
        )
        end.append(f'<hr><div style="font-family:Segoe UI;color:#252424">{joint}</div><hr>')
    return [*found, "".join(end)]


def _joined(parts: list[str], program: Program) -> str:
    return program.empty.join(part for part in parts if part)


def _inner(thread: Thread, depth: int, program: str) -> str:
    """An earlier letter with what it held itself."""
    own = _joined(letter_html(thread.earlier[depth], depth + 1, PROGRAMS[program]), PROGRAMS[program])
    if depth + 1 < len(thread.earlier):
        own += PROGRAMS[program].quote(thread, depth + 1)
    return own


def _said(thread: Thread, key: str, depth: int) -> str:
    author = thread.earlier[depth].author
    line = escape(attribution(str(thread.words[key]), author), quote=False)
    address = author.email
    return ink("header", line.replace(address, f'<a href="mailto:{address}" target="_blank">{address}</a>'), depth)


def _headers(thread: Thread, depth: int, joint: str = "<br>\n") -> str:
    names = thread.words["headers"]
    assert isinstance(names, list)
    author = thread.earlier[depth].author
    to = thread.earlier[depth + 1].author if depth + 1 < len(thread.earlier) else thread.newest.author
    values = [
        f"{author.latin} &lt;{author.email}&gt;",
        str(thread.words["long_date"]),
        f"{to.latin} &lt;{to.email}&gt;",
        "",
        escape(thread.subject),
    ]
    pairs = [(name, value) for name, value in zip(names, values, strict=True) if value]
    return joint.join(ink("header", f"<b>{name}:</b> {value}", depth) for name, value in pairs)


def _outlook(thread: Thread, depth: int) -> str:
    return (
        "<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal>"
        f"{_headers(thread, depth)}<o:p></o:p></p></div></div><p class=MsoNormal><o:p>&nbsp;</o:p></p>"
        f"{_inner(thread, depth, 'outlook')}"
    )


def _outlook_web(thread: Thread, depth: int) -> str:
    return (
        '<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1">'
        '<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">'
        f"{_headers(thread, depth)}</font><div>&nbsp;</div></div>"
        f'<div class="BodyFragment">{_inner(thread, depth, "outlook_web")}</div>'
    )


def _gmail(thread: Thread, depth: int) -> str:
    return (
        '<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
        f'{_said(thread, "gmail", depth)}<br></div><blockquote class="gmail_quote" '
        'style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">'
        f"{_inner(thread, depth, 'gmail')}</blockquote></div>"
    )


def _apple(thread: Thread, depth: int) -> str:
    return (
        f'<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>{_said(thread, "apple", depth)}</div>'
        f'<br class="Apple-interchange-newline"><div>{_inner(thread, depth, "apple")}</div></blockquote></div>'
    )


def _iphone(thread: Thread, depth: int) -> str:
    return (
        f'<div dir="ltr"><br><blockquote type="cite">{_said(thread, "apple", depth)}<br><br></blockquote></div>'
        f'<blockquote type="cite"><div dir="ltr">{_inner(thread, depth, "iphone")}</div></blockquote>'
    )


def _thunderbird(thread: Thread, depth: int) -> str:
    return (
        f'<div class="moz-cite-prefix">{_said(thread, "thunderbird", depth)}<br></div>'
        '<blockquote type="cite" cite="mid:4711.0815@mail.example">'
        f"{_inner(thread, depth, 'thunderbird')}</blockquote>"
    )


def _yahoo(thread: Thread, depth: int) -> str:
    author = thread.earlier[depth].author
    line = f"On Monday, November 2, 2026 at 09:15:00 AM GMT+1, {author.latin} &lt;{author.email}&gt; wrote:"
    return (
        '</div><div id="ydp4711yahoo_quoted_0815" class="ydp4711yahoo_quoted"><div style="font-family:Helvetica Neue, '
        f'Arial, sans-serif;font-size:13px;color:#26282a;"><div>{ink("header", line, depth)}</div><div><br></div>'
        f'<div><br></div><div><div id="ydpyiv">{_inner(thread, depth, "yahoo")}</div></div></div></div><div>'
    )


def _notes(thread: Thread, depth: int) -> str:
    author = thread.earlier[depth].author
    rows = [
        ("From:", f"{author.latin} &lt;{author.email}&gt;"),
        ("To:", f"{thread.newest.author.latin} &lt;{thread.newest.author.email}&gt;"),
        ("Date:", "02/11/2026 09:15"),
        ("Subject:", escape(thread.subject)),
    ]
    lines = "<br>\n".join(
        ink(
            "header",
            f'<font size=1 color=#5f5f5f face="sans-serif">{name} &nbsp; &nbsp; &nbsp; &nbsp;</font>'
            f'<font size=1 face="sans-serif">{value}</font>',
            depth,
        )
        for name, value in rows
    )
    return f"<br><br><br>\n{lines}<hr noshade><br><br><br>{_inner(thread, depth, 'notes')}"


def _groupwise(thread: Thread, depth: int) -> str:
    author = thread.earlier[depth].author
    line = f"&gt;&gt;&gt; {author.latin} &lt;{author.email}&gt; 02.11.2026 09:15 &gt;&gt;&gt;"
    return f"<br>{ink('header', line, depth)}<br>{_inner(thread, depth, 'groupwise')}"


def _zimbra(thread: Thread, depth: int) -> str:
    return (
        '<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">'
        f'{_headers(thread, depth)}<br></div><div data-marker="__QUOTED_TEXT__">{_inner(thread, depth, "zimbra")}</div>'
    )


def _roundcube(thread: Thread, depth: int) -> str:
    author = thread.earlier[depth].author
    line = ink("header", f"On 2026-11-02 09:15, {author.latin} wrote:", depth)
    return (
        f'<p id="reply-intro">{line}</p><blockquote type="cite" style="padding: 0 0.4em; border-left: #1010ff 2px solid; '
        f'margin: 0">{_inner(thread, depth, "roundcube")}</blockquote>'
    )


def _samsung(thread: Thread, depth: int) -> str:
    author = thread.earlier[depth].author
    lines = [
        "-------- Original message --------",
        f"From: {author.latin} &lt;{author.email}&gt; ",
        "Date: 02/11/2026  09:15  (GMT+01:00) ",
        f"To: {thread.newest.author.latin} &lt;{thread.newest.author.email}&gt; ",
        f"Subject: {escape(thread.subject)} ",
    ]
    head = "".join(f"<div>{ink('header', line, depth)}</div>" for line in lines)
    return (
        f'<div><br></div><div align="left" dir="auto" style="font-size:100%;color:#000000">{head}<div><br></div></div>'
        f"{_inner(thread, depth, 'samsung')}"
    )


def _proton(thread: Thread, depth: int) -> str:
    author = thread.earlier[depth].author
    line = f"On Monday, November 2nd, 2026 at 9:15 AM, {author.latin} &lt;{author.email}&gt; wrote:"
    return (
        f'<div class="protonmail_quote">{ink("header", line, depth)}<br><br>'
        f'<blockquote class="protonmail_quote" type="cite">{_inner(thread, depth, "proton")}</blockquote><br></div>'
    )


def _evolution(thread: Thread, depth: int) -> str:
    author = thread.earlier[depth].author
    line = ink("header", f"On Mon, 2026-11-02 at 09:15 +0100, {author.latin} wrote:", depth)
    return (
        f'<div>{line}</div><blockquote type="cite" style="margin:0 0 0 .8ex; border-left:2px #729fcf solid;'
        f'padding-left:1ex">{_inner(thread, depth, "evolution")}</blockquote>'
    )


def _gmx(thread: Thread, depth: int) -> str:
    return (
        '<div name="quote" style="margin:10px 5px 5px 10px; padding: 10px 0 10px 10px; border-left:2px solid #C3D9E5;">'
        f'<div style="margin:0 0 10px 0;">{_headers(thread, depth)}</div>'
        f'<div name="quoted-content">{_inner(thread, depth, "gmx")}</div></div>'
    )


def _zoho(thread: Thread, depth: int) -> str:
    author = thread.earlier[depth].author
    line = f"---- On Mon, 02 Nov 2026 09:15:27 +0100 <b>{author.latin} &lt;{author.email}&gt;</b> wrote ---"
    return (
        f'<div class="zmail_extra" data-zbluepencil-ignore="true"><div id="Zm-_Id_-Sgn1">{ink("header", line, depth)}</div>'
        f'<br><blockquote id="blockquote_zmail">{_inner(thread, depth, "zoho")}</blockquote></div>'
    )


_MSO = "<p class=MsoNormal><span style=\"font-size:11.0pt;font-family:'Calibri',sans-serif\">{}<o:p></o:p></span></p>"
_MSO_PAGE = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns="http://www.w3.org/TR/REC-html40"><head>'
    '<meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=Generator content="Microsoft Word 15">'
    "<style><!-- p.MsoNormal {{margin:0cm; font-size:11.0pt;}} --></style></head>"
    '<body lang=EN-GB link="#0563C1" vlink="#954F72"><div class=WordSection1>{}</div></body></html>'
)
_DIV, _GAP = "<div>{}</div>", "<div><br></div>"

PROGRAMS: dict[str, Program] = {
    "outlook": Program(_MSO, "<p class=MsoNormal><o:p>&nbsp;</o:p></p>", _MSO, "{}", _outlook, _MSO_PAGE, _MSO),
    "outlook_web": Program(
        '<div class="elementToProof" style="font-family: Aptos, Calibri; font-size: 12pt;">{}</div>',
        '<div class="elementToProof"><br></div>',
        "<div>{}</div>",
        '<div id="Signature" class="elementToProof">{}</div>',
        _outlook_web,
        '<html><head><style type="text/css" style="display:none;"> P {{margin-top:0;margin-bottom:0;}} </style></head><body dir="ltr">{}</body></html>',
    ),
    "outlook_mobile": Program(
        '<div dir="ltr" style="font-family: Aptos;">{}</div>',
        "<div><br></div>",
        "<div>{}</div>",
        '<div id="ms-outlook-mobile-body-separator-line"></div>{}',
        _outlook_web,
        added='<div id="ms-outlook-mobile-signature" dir="ltr">{}</div>',
    ),
    "gmail": Program(
        _DIV,
        "<div><br></div>",
        "<div>{}</div>",
        '<div><br></div><span class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature"><div dir="ltr">{}</div></div>',
        _gmail,
        '<div dir="ltr">{}</div>',
    ),
    "gmail_mobile": Program(
        '<div dir="auto">{}</div>', "", "{}<br>", "<div>{}</div>", _gmail, '<div dir="auto">{}</div>'
    ),
    "apple": Program(
        _DIV,
        _GAP,
        "<div>{}</div>",
        '<div><br></div><div><meta charset="UTF-8">{}</div>',
        _apple,
        '<html><head></head><body style="overflow-wrap: break-word; -webkit-nbsp-mode: space;">{}</body></html>',
    ),
    "iphone": Program('<div dir="ltr">{}</div>', '<div dir="ltr"><br></div>', "<div>{}</div>", "<br>{}", _iphone),
    "thunderbird": Program(
        "<p>{}</p>",
        "",
        "{}<br>",
        '<div class="moz-signature">-- <br>{}</div>',
        _thunderbird,
        '<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"></head><body>{}</body></html>',
    ),
    "yahoo": Program(
        '<div dir="ltr" data-setdir="false">{}</div>',
        "<div><br></div>",
        "<div>{}</div>",
        '<div class="ydp0815signature">{}</div>',
        _yahoo,
        '<html><head></head><body><div class="yahoo-style-wrap" style="font-family:Helvetica Neue;font-size:13px;">{}</div></body></html>',
    ),
    "notes": Program(
        '<font size=2 face="sans-serif">{}</font><br>',
        "<br>",
        '<font size=2 face="sans-serif">{}</font><br>',
        "<br>{}",
        _notes,
    ),
    "groupwise": Program(
        "<div>{}</div>",
        "<div>&nbsp;</div>",
        "<div>{}</div>",
        "{}",
        _groupwise,
        '<html><body><div class="GroupWiseMessageBody">{}</div></body></html>',
    ),
    "zimbra": Program(
        _DIV,
        "<div><br></div>",
        "<div>{}</div>",
        '<div data-marker="__SIG_POST__">-- <br>{}</div>',
        _zimbra,
        '<html><body><div style="font-family: arial, helvetica, sans-serif; font-size: 12pt; color: #000000">{}</div></body></html>',
    ),
    "roundcube": Program("<p>{}</p>", "", "{}<br>", '<div id="_rc_sig">-- <br>{}</div>', _roundcube),
    "samsung": Program(
        '<div dir="auto">{}</div>',
        '<div dir="auto"><br></div>',
        "<div>{}</div>",
        "<div>{}</div>",
        _samsung,
        added='<div id="composer_signature" dir="auto"><div style="font-size:12px;color:#575757" dir="auto">{}</div></div>',
    ),
    "proton": Program(
        '<div style="font-family: Arial, sans-serif; font-size: 14px;">{}</div>',
        '<div style="font-family: Arial, sans-serif; font-size: 14px;"><br></div>',
        "<div>{}</div>",
        '<div class="protonmail_signature_block"><div class="protonmail_signature_block-user">{}</div></div>',
        _proton,
        "{}",
    ),
    "evolution": Program(
        "<div>{}</div>", "<div><br></div>", "<div>{}</div>", "<div><span>-- <br></span>{}</div>", _evolution
    ),
    "gmx": Program(_DIV, "<div>&nbsp;</div>", "<div>{}</div>", '<div class="signature">{}</div>', _gmx),
    "zoho": Program(
        _DIV, "<div><br></div>", "<div>{}</div>", '<div id="Zm-_Id_-Sgn" data-zbluepencil-ignore="true">{}</div>', _zoho
    ),
}


def html_text(thread: Thread, program: str) -> str:
    """The whole mail as HTML, labelled."""
    skeleton = PROGRAMS[program]
    parts = letter_html(thread.newest, 0, skeleton)
    own = _joined(parts, skeleton)
    match thread.how:
        case "new":
            content = own
        case "forward":
            content = own + skeleton.empty + forwarded_html(thread, program)
        case "bottom":
            content = skeleton.quote(thread, 0) + skeleton.empty + own
        case "interleaved":
            content = _interleaved(thread, program, parts)
        case _:
            content = own + skeleton.empty + skeleton.quote(thread, 0)
    if thread.footer:
        block = 1 if thread.earlier else 0
        lines = "<br>".join(
            ink_html("mua", line, block) if any(map(str.isalnum, line)) else escape(line) for line in thread.footer
        )
        content += f"<br><pre>{lines}</pre>" if skeleton.page.startswith("{") else f"<div>{lines}</div>"
    return skeleton.page.format(content)


def _interleaved(thread: Thread, program: str, parts: list[str]) -> str:
    """Blockquotes with the answers between them."""
    letter = thread.earlier[0]
    key = "thunderbird" if program == "thunderbird" else "apple"
    found = [f"<div>{_said(thread, key, 0)}</div>"]
    answers = parts[:-1]
    for number, paragraph in enumerate(letter.paragraphs):
        lines = "<br>".join(ink_html("body", line, 1) for line in paragraph)
        found.append(f'<blockquote type="cite"><p>{lines}</p></blockquote>')
        if number and answers:
            found.append(answers.pop(0))
    return "".join([*found, *answers, parts[-1]])


def forwarded_html(thread: Thread, program: str) -> str:
    """A forwarded letter below its head."""
    author = thread.earlier[0].author
    inner = _inner(thread, 0, program)
    match program:
        case "gmail" | "gmail_mobile":
            to = thread.newest.author
            rest = "<br>".join(
                ink("header", line)
                for line in (
                    "Date: Mon, Nov 2, 2026 at 9:15 AM",
                    f"Subject: {escape(thread.subject)}",
                    f"To: {to.latin} &lt;<a href='mailto:{to.email}'>{to.email}</a>&gt;",
                )
            )
            sender = ink(
                "header",
                f'From: <strong class="gmail_sendername" dir="auto">{author.latin}</strong> <span dir="auto">&lt;<a href="mailto:{author.email}">{author.email}</a>&gt;</span>',
            )
            return (
                '<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
                f"{ink('header', '---------- Forwarded message ---------')}<br>{sender}<br>{rest}<br></div><br><br>{inner}</div>"
            )
        case "apple" | "iphone":
            head = ink_html("header", str(thread.words["apple_forwarded"]))
            fields = _headers(thread, 0, "</div><div>")
            return (
                f'<div><br><blockquote type="cite"><div>{head}</div><br class="Apple-interchange-newline">'
                f"<div>{fields}</div><br><div>{inner}</div></blockquote></div>"
            )
        case "thunderbird":
            head = ink_html("header", f"-------- {thread.words['forwarded']} --------")
            rows = _headers(thread, 0, "</td></tr><tr><td>")
            return (
                f'<div class="moz-forward-container"><br><br>{head}<table class="moz-email-headers-table" cellspacing="0" '
                f'cellpadding="0" border="0"><tbody><tr><td>{rows}</td></tr></tbody></table><br><br>{inner}</div>'
            )
        case _:
            return PROGRAMS[program].quote(thread, 0)
