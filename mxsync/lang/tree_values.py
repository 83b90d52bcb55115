"""Words, texts and literals of the rule language from tokens."""

from __future__ import annotations

import re
from datetime import date, datetime

from mxsync.lang import ast
from mxsync.lang.source import Span
from mxsync.lang.token import Token

_SIZES = {"bytes": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3}
_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?(bytes|KB|MB|GB)")


class Slip(Exception):
    """A value that has the right form and cannot be: turned into a diagnostic by the parser."""

    def __init__(self, what: str, span: Span, text: str) -> None:
        super().__init__(what)
        self.what = what
        self.span = span
        self.text = text


def span_of_token(token: Token, file: str, first: int) -> Span:
    """Where a token stands, for a statement that begins in line `first`."""
    line = first - 1
    return Span(file, line + token.line, token.column, line + token.end_line, token.end_column)


def name_of(token: Token, file: str, first: int) -> ast.Name:
    """A word."""
    return ast.Name(str(token), span_of_token(token, file, first))


def text_of(token: Token, file: str, first: int) -> ast.Text:
    """A quoted text without its quotes."""
    span = span_of_token(token, file, first)
    raw = str(token)
    if token.type == "MSTRING":
        body = raw[3:-3]
        # The line break after the opening quotes belongs to the layout, not to the text.
        return ast.Text(body.removeprefix("\r").removeprefix("\n"), True, span)
    quote = raw[0]
    return ast.Text(raw[1:-1].replace(quote * 2, quote), False, span)


def unit_of(token: Token, file: str, first: int) -> ast.Duration:
    """`2 days`."""
    count, unit = str(token).split()
    return ast.Duration(int(count), unit.removesuffix("s"), span_of_token(token, file, first))


def literal_of(token: Token, file: str, first: int) -> ast.Literal:
    """A literal. Raises `Slip` for a date that is none."""
    span = span_of_token(token, file, first)
    raw = str(token)
    match token.type:
        case "STRING" | "MSTRING":
            return text_of(token, file, first)
        case "NUMBER":
            return ast.Number(float(raw) if "." in raw else int(raw), span)
        case "SIZE":
            found = _SIZE.fullmatch(raw)
            assert found is not None
            return ast.Size(round(float(found[1]) * _SIZES[found[2]]), raw, span)
        case "DURATION":
            return unit_of(token, file, first)
        case "DATE" | "DATETIME":
            try:
                value = date.fromisoformat(raw) if token.type == "DATE" else datetime.fromisoformat(raw)
            except ValueError as error:
                raise Slip("date", span, raw) from error
            return ast.Moment(value, span)
        case _:
            return ast.Boolean(raw == "yes", span)
