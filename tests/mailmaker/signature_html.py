"""Signatures as HTML: paragraphs, tables with pictures, columns of labels, icons in the place of labels."""

from __future__ import annotations

from tests.mailmaker.ink import ink, ink_html
from tests.mailmaker.letters import Signature

PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
_STYLE = "font-family:Calibri,sans-serif;font-size:10pt;color:#1f3864"


def signature_html(signature: Signature, block: int, paragraph: str) -> str:
    """`paragraph`: how the program writes a line, with '{}' for its content."""
    match signature.design:
        case "logo":
            return _logo(signature, block)
        case "columns":
            return _columns(signature, block)
        case "cells":
            return _cells(signature, block)
        case "icons":
            return _icons(signature, block)
        case _:
            lines = [
                _linked(" ".join(row), signature, block, bold=not number) for number, row in enumerate(signature.rows)
            ]
            rule = f"<div>{signature.rule}</div>" if signature.rule else ""
            return rule + "\n".join(paragraph.format(line) for line in lines) + rule


def _linked(text: str, signature: Signature, block: int, *, bold: bool = False) -> str:
    """One line: the name in bold, an address as a link."""
    for address in signature.emails:
        if text.endswith(address):
            link = f'<a href="mailto:{address}">{address}</a>'
            return ink("sig", text.removesuffix(address) + link, block)
    if text.rsplit(" ", 1)[-1].startswith("www."):
        head, _, site = text.rpartition(" ")
        return ink("sig", f'{head} <a href="https://{site}/">{site}</a>', block)
    if signature.trace == "links":
        for number in signature.numbers:
            if text.endswith(number.shown):
                link = f'<a href="tel:{number.e164}">{number.shown}</a>'
                return ink("sig", text.removesuffix(number.shown) + link, block)
    shown = ink_html("sig", text, block)
    return f"<b>{shown}</b>" if bold else shown


def _logo(signature: Signature, block: int) -> str:
    """A picture on the left, the lines on the right."""
    lines = "<br>\n".join(
        _linked(" ".join(row), signature, block, bold=not number) for number, row in enumerate(signature.rows)
    )
    return (
        '<table cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse"><tbody><tr>'
        f'<td style="padding-right:12px;border-right:2px solid #c00" valign="top"><img src="{PIXEL}" width="96" height="64" alt=""></td>'
        f'<td style="padding-left:12px;{_STYLE}" valign="top">{lines}</td></tr></tbody></table>'
    )


def _columns(signature: Signature, block: int) -> str:
    """Labels in the first column, values in the second; what has no label goes over both."""
    rows = []
    for number, row in enumerate(signature.rows):
        if len(row) == 2:
            label, value = row
            shown = f'<a href="mailto:{value}">{value}</a>' if value in signature.emails else value
            cells = f"<td>{ink_html('sig', label, block)}</td><td>{ink('sig', shown, block)}</td>"
        else:
            cells = f'<td colspan="2">{_linked(row[0], signature, block, bold=not number)}</td>'
        rows.append(f'<tr style="{_STYLE}">{cells}</tr>')
    return f'<table border="0" cellspacing="0" cellpadding="2"><tbody>{"".join(rows)}</tbody></table>'


def _cells(signature: Signature, block: int) -> str:
    """Two columns side by side: who on the left, how to reach on the right, as template makers sell them."""
    who = [row for row in signature.rows if len(row) == 1]
    reach = [row for row in signature.rows if len(row) == 2]
    left = "<br>".join(_linked(row[0], signature, block, bold=not number) for number, row in enumerate(who))
    right = "".join(
        f"<tr><td style='color:#c00'>{ink_html('sig', label, block)}&nbsp;</td>"
        f"<td>{ink_html('sig', value, block)}</td></tr>"
        for label, value in reach
    )
    return (
        f'<table style="{_STYLE}"><tr><td valign="top" style="padding-right:20px">{left}</td>'
        f'<td valign="top"><table>{right}</table></td></tr></table>'
    )


def _icons(signature: Signature, block: int) -> str:
    """Pictures without a text in front of the numbers, and links to networks at the end."""
    lines = []
    for number, row in enumerate(signature.rows):
        text = " ".join(row)
        icon = f'<img src="{PIXEL}" width="12" height="12" alt=""> ' if any(c.isdigit() for c in text) else ""
        lines.append(f"<div>{icon}{_linked(text, signature, block, bold=not number)}</div>")
    networks = "".join(
        f'<a href="https://www.{site}/company/4711"><img src="{PIXEL}" width="20" height="20" alt=""></a>&nbsp;'
        for site in ("linkedin.com", "facebook.com")
    )
    return f'<div style="{_STYLE}">{"".join(lines)}<div>{networks}</div></div>'
