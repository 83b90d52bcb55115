"""How mail programs write what is answered or forwarded as HTML: each with its own skeleton."""

from __future__ import annotations

from html import escape

from tests.mailmaker.ink import ink, ink_html
from tests.mailmaker.markup import Program, joined, letter_html
from tests.mailmaker.plain import Thread, attribution


def inner(thread: Thread, depth: int, program: Program) -> str:
    """An earlier letter with what it held itself."""
    own = joined(letter_html(thread.earlier[depth], depth + 1, program), program)
    return own + (program.quote(thread, depth + 1, program) if depth + 1 < len(thread.earlier) else "")


def said(thread: Thread, key: str, depth: int) -> str:
    author = thread.earlier[depth].author
    line = escape(attribution(str(thread.words[key]), author), quote=False)
    address = author.email
    return ink("header", line.replace(address, f'<a href="mailto:{address}" target="_blank">{address}</a>'), depth)


def headers(thread: Thread, depth: int, joint: str = "<br>\n") -> str:
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


def outlook(thread: Thread, depth: int, program: Program) -> str:
    return (
        "<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal>"
        f"{headers(thread, depth)}<o:p></o:p></p></div></div><p class=MsoNormal><o:p>&nbsp;</o:p></p>"
        f"{inner(thread, depth, program)}"
    )


def outlook_web(thread: Thread, depth: int, program: Program) -> str:
    return (
        '<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1">'
        '<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">'
        f"{headers(thread, depth)}</font><div>&nbsp;</div></div>"
        f'<div class="BodyFragment">{inner(thread, depth, program)}</div>'
    )


def gmail(thread: Thread, depth: int, program: Program) -> str:
    return (
        '<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
        f'{said(thread, "gmail", depth)}<br></div><blockquote class="gmail_quote" '
        'style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">'
        f"{inner(thread, depth, program)}</blockquote></div>"
    )


def apple(thread: Thread, depth: int, program: Program) -> str:
    return (
        f'<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>{said(thread, "apple", depth)}</div>'
        f'<br class="Apple-interchange-newline"><div>{inner(thread, depth, program)}</div></blockquote></div>'
    )


def iphone(thread: Thread, depth: int, program: Program) -> str:
    return (
        f'<div dir="ltr"><br><blockquote type="cite">{said(thread, "apple", depth)}<br><br></blockquote></div>'
        f'<blockquote type="cite"><div dir="ltr">{inner(thread, depth, program)}</div></blockquote>'
    )


def thunderbird(thread: Thread, depth: int, program: Program) -> str:
    return (
        f'<div class="moz-cite-prefix">{said(thread, "thunderbird", depth)}<br></div>'
        '<blockquote type="cite" cite="mid:4711.0815@mail.example">'
        f"{inner(thread, depth, program)}</blockquote>"
    )


def yahoo(thread: Thread, depth: int, program: Program) -> str:
    author = thread.earlier[depth].author
    line = f"On Monday, November 2, 2026 at 09:15:00 AM GMT+1, {author.latin} &lt;{author.email}&gt; wrote:"
    return (
        '</div><div id="ydp4711yahoo_quoted_0815" class="ydp4711yahoo_quoted"><div style="font-family:Helvetica Neue, '
        f'Arial, sans-serif;font-size:13px;color:#26282a;"><div>{ink("header", line, depth)}</div><div><br></div>'
        f'<div><br></div><div><div id="ydpyiv">{inner(thread, depth, program)}</div></div></div></div><div>'
    )


def notes(thread: Thread, depth: int, program: Program) -> str:
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
    return f"<br><br><br>\n{lines}<hr noshade><br><br><br>{inner(thread, depth, program)}"


def groupwise(thread: Thread, depth: int, program: Program) -> str:
    author = thread.earlier[depth].author
    line = f"&gt;&gt;&gt; {author.latin} &lt;{author.email}&gt; 02.11.2026 09:15 &gt;&gt;&gt;"
    return f"<br>{ink('header', line, depth)}<br>{inner(thread, depth, program)}"


def zimbra(thread: Thread, depth: int, program: Program) -> str:
    return (
        '<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">'
        f'{headers(thread, depth)}<br></div><div data-marker="__QUOTED_TEXT__">{inner(thread, depth, program)}</div>'
    )


def roundcube(thread: Thread, depth: int, program: Program) -> str:
    author = thread.earlier[depth].author
    line = ink("header", f"On 2026-11-02 09:15, {author.latin} wrote:", depth)
    return (
        f'<p id="reply-intro">{line}</p><blockquote type="cite" style="padding: 0 0.4em; border-left: #1010ff 2px solid; '
        f'margin: 0">{inner(thread, depth, program)}</blockquote>'
    )


def samsung(thread: Thread, depth: int, program: Program) -> str:
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
        f"{inner(thread, depth, program)}"
    )


def proton(thread: Thread, depth: int, program: Program) -> str:
    author = thread.earlier[depth].author
    line = f"On Monday, November 2nd, 2026 at 9:15 AM, {author.latin} &lt;{author.email}&gt; wrote:"
    return (
        f'<div class="protonmail_quote">{ink("header", line, depth)}<br><br>'
        f'<blockquote class="protonmail_quote" type="cite">{inner(thread, depth, program)}</blockquote><br></div>'
    )


def evolution(thread: Thread, depth: int, program: Program) -> str:
    author = thread.earlier[depth].author
    line = ink("header", f"On Mon, 2026-11-02 at 09:15 +0100, {author.latin} wrote:", depth)
    return (
        f'<div>{line}</div><blockquote type="cite" style="margin:0 0 0 .8ex; border-left:2px #729fcf solid;'
        f'padding-left:1ex">{inner(thread, depth, program)}</blockquote>'
    )


def gmx(thread: Thread, depth: int, program: Program) -> str:
    return (
        '<div name="quote" style="margin:10px 5px 5px 10px; padding: 10px 0 10px 10px; border-left:2px solid #C3D9E5;">'
        f'<div style="margin:0 0 10px 0;">{headers(thread, depth)}</div>'
        f'<div name="quoted-content">{inner(thread, depth, program)}</div></div>'
    )


def zoho(thread: Thread, depth: int, program: Program) -> str:
    author = thread.earlier[depth].author
    line = f"---- On Mon, 02 Nov 2026 09:15:27 +0100 <b>{author.latin} &lt;{author.email}&gt;</b> wrote ---"
    return (
        f'<div class="zmail_extra" data-zbluepencil-ignore="true"><div id="Zm-_Id_-Sgn1">{ink("header", line, depth)}</div>'
        f'<br><blockquote id="blockquote_zmail">{inner(thread, depth, program)}</blockquote></div>'
    )


def forwarded(thread: Thread, name: str, program: Program) -> str:
    """A forwarded letter below its head."""
    author = thread.earlier[0].author
    content = inner(thread, 0, program)
    match name:
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
                f"{ink('header', '---------- Forwarded message ---------')}<br>{sender}<br>{rest}<br></div><br><br>{content}</div>"
            )
        case "apple" | "iphone":
            head = ink_html("header", str(thread.words["apple_forwarded"]))
            fields = headers(thread, 0, "</div><div>")
            return (
                f'<div><br><blockquote type="cite"><div>{head}</div><br class="Apple-interchange-newline">'
                f"<div>{fields}</div><br><div>{content}</div></blockquote></div>"
            )
        case "thunderbird":
            head = ink_html("header", f"-------- {thread.words['forwarded']} --------")
            rows = headers(thread, 0, "</td></tr><tr><td>")
            return (
                f'<div class="moz-forward-container"><br><br>{head}<table class="moz-email-headers-table" cellspacing="0" '
                f'cellpadding="0" border="0"><tbody><tr><td>{rows}</td></tr></tbody></table><br><br>{content}</div>'
            )
        case _:
            return program.quote(thread, 0, program)
