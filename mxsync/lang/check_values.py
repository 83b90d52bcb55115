"""Values: literals, paths, sums and texts with holes, against the place where they go."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from mxsync.lang import ast, ir, messages_names, messages_types, templates
from mxsync.lang.ir import Type
from mxsync.lang.paths import resolve
from mxsync.lang.scope import Scope
from mxsync.lang.types import TIMES, Place, describe, literal_type, takes
from mxsync.lang.vocabulary import PARTS, fields_of, kinds_with

_MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 10080}


def value(scope: Scope, written: ast.Value, place: Place, *, compared: bool = False) -> ir.Expr | None:
    """The value, which fits the place; None when it does not, and that is reported. `compared` where it is compared
    rather than put there: an address is then checked to be one."""
    match written:
        case ast.Text():
            return _text(scope, written, place, compared)
        case ast.Path():
            return _path(scope, written, place)
        case ast.Sum():
            return _sum(scope, written, place)
        case ast.Number() | ast.Size() | ast.Moment() | ast.Boolean() | ast.Duration():
            return _literal(scope, written, place)
        case _:
            assert_never(written)


def constant_time(scope: Scope, written: ast.Moment) -> ir.Constant:
    """A date as it is; a date and time in the organisation's zone."""
    if isinstance(written.value, datetime) and written.value.tzinfo is None:
        return ir.Constant(written.value.replace(tzinfo=scope.environment.zone))
    return ir.Constant(written.value)


def _literal(
    scope: Scope, written: ast.Number | ast.Size | ast.Moment | ast.Boolean | ast.Duration, place: Place
) -> ir.Expr | None:
    type_ = literal_type(written)
    if isinstance(written, ast.Duration):
        if place.type is Type.NUMBER and place.text.rpartition(".")[2] == "duration" and written.unit in _MINUTES:
            return ir.Constant(written.count * _MINUTES[written.unit])
        scope.report.add(messages_types.length_alone(written.span, scope.text(written.span)))
        return None
    if not takes(place, type_) or place.codes:
        _mismatch(scope, written, place, type_)
        return None
    match written:
        case ast.Moment():
            return constant_time(scope, written)
        case ast.Size():
            return ir.Constant(written.bytes)
        case _:
            return ir.Constant(written.value)


_SHOWN = {
    Type.TEXT: "a text", Type.NUMBER: "a number", Type.BOOLEAN: "`yes` or `no`", Type.MOMENT: "a date",
}  # fmt: skip


def _mismatch(scope: Scope, written: ast.Value, place: Place, type_: Type) -> None:
    raw = scope.text(written.span)
    help_ = ""
    if place.codes:
        scope.report.add(messages_types.unknown_code(written.span, place.text, raw, place.codes))
        return
    if place.type is Type.BOOLEAN:
        help_ = "write `yes` or `no`"
    elif place.type in (Type.TEXT, Type.PERSON) and type_ is not Type.TEXT:
        help_ = f"a text is quoted: `'{raw}'`"
    elif place.type is Type.NUMBER and isinstance(written, ast.Text) and _is_number(written.text):
        help_ = f"a number is not quoted: `{written.text}`"
    elif place.type in TIMES and isinstance(written, ast.Text):
        help_ = "a date is not quoted: `2026-01-31`"
    elif place.type is Type.REFERENCE:
        help_ = f"compare a field of it, as in `{place.text}.{_a_field(scope, place)}`"
    scope.report.add(messages_types.wrong_type(written.span, place.text, describe(place), _SHOWN[type_], help_))


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace(",", "", 1).lstrip("-").isdigit()


def _a_field(scope: Scope, place: Place) -> str:
    info = scope.environment.entities.get(place.refers)
    names = list(info.places) if info is not None else []
    return "name" if "name" in names or not names else names[0]


def _text(scope: Scope, written: ast.Text, place: Place, compared: bool) -> ir.Expr | None:
    template: ir.Template | None = None
    plain, text = True, written.text
    if "{" in text:
        template = template_of(scope, written)
        if template is None:
            return None
        plain = all(isinstance(part, str) for part in template.parts)
        text = "".join(part for part in template.parts if isinstance(part, str))
    if place.type is Type.REFERENCE:
        if place.refers == scope.environment.part("user") or scope.test:
            if plain and "@" not in text and not scope.test:
                scope.report.add(messages_types.not_an_address(written.span, text))
                return None
        else:
            _mismatch(scope, written, place, Type.TEXT)
            return None
    elif place.type is Type.ATTACHMENT and scope.test:
        pass  # a test names an attachment
    elif not takes(place, Type.TEXT):
        _mismatch(scope, written, place, Type.TEXT)
        return None
    if plain and place.codes and text.casefold() not in {code.casefold() for code in place.codes}:
        scope.report.add(messages_types.unknown_code(written.span, place.text, text, place.codes))
        return None
    if plain and compared and place.type is Type.PERSON and "@" not in text:
        scope.report.add(messages_types.not_an_address(written.span, text))
        return None
    return ir.Constant(text) if plain or template is None else template


def _path(scope: Scope, written: ast.Path, place: Place) -> ir.Expr | None:
    if written.text == "user" and "user" not in scope.captures and not _row_has_user(scope):
        return _the_user(scope, written, place)
    found = resolve(scope, written)
    if found is None:
        return None
    given = found.place
    if not takes(place, given.type, given.refers):
        help_ = ""
        if place.type is Type.TEXT:
            help_ = f"write it in a text: `'{{{written.text}}}'`"
        elif given.type is Type.REFERENCE:
            help_ = f"name a field of it, as in `{written.text}.{_a_field(scope, given)}`"
        elif place.type is Type.REFERENCE:
            help_ = f"compare a field of it, as in `{place.text}.{_a_field(scope, place)}`"
        said = messages_types.wrong_type(written.span, place.text, describe(place), describe(given), help_)
        scope.report.add(said)
        return None
    return found.path


def _row_has_user(scope: Scope) -> bool:
    return bool(scope.row) and "user" in scope.environment.entities[scope.row].places


def _the_user(scope: Scope, written: ast.Path, place: Place) -> ir.Expr | None:
    fits = place.type in (Type.TEXT, Type.PERSON, Type.ANY)
    if place.type is Type.REFERENCE:
        fits = place.refers == scope.environment.part("user")
    if not fits or place.codes:
        said = messages_types.wrong_type(written.span, place.text, describe(place), "the user")
        scope.report.add(said)
        return None
    return ir.TheUser()


def _sum(scope: Scope, written: ast.Sum, place: Place) -> ir.Expr | None:
    if not takes(place, Type.MOMENT) or place.codes:
        said = messages_types.wrong_type(written.span, place.text, describe(place), "a date and time")
        scope.report.add(said)
        return None
    base: ir.Path | None = None
    if written.base is not None:
        found = resolve(scope, written.base)
        if found is None:
            return None
        if found.place.type not in (*TIMES, Type.ANY):
            said = messages_types.wrong_type(written.base.span, written.base.text, describe(found.place), "no date",
                                             "a length of time is added to a date")  # fmt: skip
            scope.report.add(said)
            return None
        base = found.path
    if written.offset is None or written.sign == 0:
        return base if base is not None else ir.Offset(None)
    return ir.Offset(base, written.sign * written.offset.count, written.offset.unit)


def template_of(scope: Scope, written: ast.Text) -> ir.Template | None:
    """A text that becomes a value, its holes resolved."""
    if "{" not in written.text:
        return ir.Template((written.text,))
    split = templates.split_template(written.text)
    raw = scope.written.raw(written.span)
    if isinstance(split, templates.BraceFault):
        span = templates.place_in(written, raw, split.start, split.end)
        if split.inside is None:
            scope.report.add(messages_names.brace_unclosed(span))
        else:
            scope.report.add(messages_names.brace_empty(span, split.inside))
        return None
    parts: list[str | ir.Hole] = []
    for part in split:
        if isinstance(part, str):
            parts.append(part)
            continue
        hole = _hole(scope, written, raw, part)
        if hole is None:
            return None
        parts.append(hole)
    return ir.Template(tuple(parts))


def _hole(scope: Scope, written: ast.Text, raw: str, hole: templates.HoleText) -> ir.Hole | None:
    span = templates.place_in(written, raw, hole.start, hole.end)
    path = ast.Path(tuple(ast.Name(word, span) for word in hole.words), span)
    first = hole.words[0]
    if len(hole.words) == 1 and not known_word(scope, first):
        environment = scope.environment
        if not environment.silent(first) and not (scope.row and environment.entities[scope.row].broken):
            scope.report.add(messages_names.captured_nowhere(span, first, scope.captures))
        return None
    found = resolve(scope, path)
    if found is None:
        return None
    if found.place.type is Type.REFERENCE:
        name = _a_field(scope, found.place)
        said = messages_types.wrong_type(span, written_path(hole), describe(found.place), "a text",
                                         f"name a field of it, as in `{{{written_path(hole)}.{name}}}`")  # fmt: skip
        scope.report.add(said)
        return None
    if hole.format and found.place.type not in (*TIMES, Type.ANY):
        scope.report.add(messages_types.format_unfit(span, written_path(hole), describe(found.place)))
        return None
    return ir.Hole(found.path, hole.format)


def written_path(hole: templates.HoleText) -> str:
    """The path of a hole with its dots."""
    return ".".join(hole.words)


def known_word(scope: Scope, word: str) -> bool:
    """Whether a single word means anything here, so that another message fits better than 'captured nowhere'."""
    if word in scope.captures or word in PARTS or scope.environment.entity(word) is not None:
        return True
    if scope.row:
        info = scope.environment.entities[scope.row]
        used = scope.environment.declared.file_uses(info.file, scope.file)
        return used or scope.environment.place(info, word) is not None
    return word in fields_of(scope.kinds) or bool(kinds_with(word)) or word in ("custom", "header", "signature")
