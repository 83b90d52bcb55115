"""One line of an `entity`: a field, its columns, its arrow and its converter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from mxsync.lang import ast, messages_tables
from mxsync.lang.ir import Type
from mxsync.lang.report import Report
from mxsync.lang.types import COLUMN_TYPES, Place
from mxsync.lang.vocabulary import CONVERTERS, ITEM_FIELDS, PERSON_STEPS, READ_ONLY_FIELDS
from mxsync.model.item import Kind, Scalar
from mxsync.model.record import Converter, Direction, FieldMap
from mxsync.model.schema import TableInfo

DIRECTIONS: Final = {
    "<->": Direction.BOTH, "->": Direction.TO_TABLE, "<-": Direction.TO_ITEM, "=": Direction.ROW_ONLY,
}  # fmt: skip


def literal_value(value: ast.Literal) -> Scalar:
    """What a literal stands for where no template can be: a code, a value to fill in."""
    match value:
        case ast.Text():
            return value.text
        case ast.Size():
            return value.bytes
        case ast.Duration():
            return value.count
        case ast.Number() | ast.Boolean() | ast.Moment():
            return value.value


def known_zone(name: str) -> ZoneInfo | None:
    """The time zone, None for an unknown one (RFC 6557 data; a bad name may raise any of three classes)."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


class FieldReader:
    """Reads the lines of one entity."""

    def __init__(
        self,
        kind: Kind | None,
        table: TableInfo | None,
        reference: Callable[[ast.Name, Report], str | None],
        key_width: Callable[[str], int],
        report: Report,
    ) -> None:
        self.kind = kind
        self.table = table
        self.reference = reference
        self.key_width = key_width
        self.report = report

    def read(self, line: ast.Map) -> tuple[FieldMap, Place]:
        """The field; where something is wrong, of any type, so that its uses are not reported as well."""
        direction = DIRECTIONS[line.arrow] if self.kind is not None else Direction.ROW_ONLY
        columns = tuple(column.text for column in line.columns)
        name = line.path.text
        broken = Place(Type.ANY, column=True, text=name)
        place = self.item_place(line) if direction is not Direction.ROW_ONLY else self.row_place(line)
        if place is None:
            return FieldMap(name, columns), broken
        if line.converter is None:
            if len(columns) > 1 and not place.many and direction is not Direction.ROW_ONLY:
                self.report.add(messages_tables.spread_scalar(line.path.span, name, len(columns)))
                return FieldMap(name, columns), broken
            return FieldMap(name, columns, direction), place
        if isinstance(line.converter, ast.IsEntity):
            target = self.reference(line.converter.entity, self.report)
            if target is None:
                return FieldMap(name, columns), broken
            if len(columns) != self.key_width(target):
                self.report.add(
                    messages_tables.reference_columns(
                        line.columns[0].span.to(line.columns[-1].span), target, self.key_width(target), len(columns)
                    )
                )
                return FieldMap(name, columns), broken
            return FieldMap(name, columns, direction, None, target), Place(
                Type.REFERENCE, refers=target, column=True, text=name
            )
        if len(columns) > 1 and not place.many and direction is not Direction.ROW_ONLY:
            self.report.add(messages_tables.spread_scalar(line.path.span, name, len(columns)))
            return FieldMap(name, columns), broken
        converter = (
            self.codes(line.converter) if isinstance(line.converter, ast.AsCodes) else self.named(line.converter)
        )
        if converter is None:
            return FieldMap(name, columns), broken
        return FieldMap(name, columns, direction, converter), self.converted(place, converter, direction)

    def converted(self, place: Place, converter: Converter, direction: Direction) -> Place:
        """The type after the converter: a code is text on the rules' side; an item's own type stays."""
        codes = tuple(name for name, _ in converter.codes)
        if codes:
            return Place(Type.TEXT, place.many, codes=codes, column=True, text=place.text)
        if direction is Direction.ROW_ONLY:
            return Place(CONVERTERS[converter.name], place.many, column=True, text=place.text)
        return place

    def item_place(self, line: ast.Map) -> Place | None:
        """The type of an item's field on the left of an arrow."""
        assert self.kind is not None
        first, name = line.path.parts[0].text, line.path.text
        if first == "custom" and len(line.path.parts) == 2:
            return Place(Type.ANY, column=True, text=name)
        if first == "header" and len(line.path.parts) == 2 and self.kind in (Kind.MAIL, Kind.POST):
            place = Place(Type.TEXT, column=True, text=name)
        else:
            word = ITEM_FIELDS[self.kind].get(first)
            step = line.path.parts[1].text if len(line.path.parts) > 1 else ""
            known = word is not None and len(line.path.parts) <= 2
            if known and step:
                known = word is not None and word.type is Type.PERSON and step in PERSON_STEPS
            if word is None or not known:
                self.report.add(
                    messages_tables.not_an_item_field(line.path.span, self.kind.value, name, ITEM_FIELDS[self.kind])
                )
                return None
            type_ = PERSON_STEPS[step] if step else word.type
            if type_ is Type.ATTACHMENT:
                self.report.add(messages_tables.attachments_mapped(line.path.span, name))
                return None
            spread = word.many and len(line.columns) > 1
            # a list in one column is joined: its parts are no longer values of their own
            joined = word.many and not spread
            place = Place(Type.TEXT if joined else type_, spread, column=joined, text=name)
        return place if self.writable(line) else None

    def writable(self, line: ast.Map) -> bool:
        """Whether what the arrow says can be written to the item."""
        if line.arrow not in ("<->", "<-"):
            return True
        name, span = line.path.text, line.path.span
        if self.kind is Kind.MAIL:
            why = "mail goes from the mailbox to the table, never back"
        elif line.path.parts[0].text == "header":
            why = "nobody can write an item's headers"
        elif line.path.parts[0].text in READ_ONLY_FIELDS:
            why = f"nobody can write an item's `{line.path.parts[0].text}`"
        elif len(line.path.parts) == 2 and line.path.parts[1].text != "address":
            why = f"nobody can write a person's `{line.path.parts[1].text}`"
        else:
            return True
        if line.arrow == "<->":
            self.report.add(messages_tables.not_both_ways(span, name, why, "->"))
        else:
            self.report.add(messages_tables.not_to_item(span, name, why))
        return False

    def row_place(self, line: ast.Map) -> Place:
        """The type of a field of the row only: its column's, where the database can be asked."""
        type_ = Type.ANY
        if self.table is not None and len(line.columns) == 1:
            column = self.table.column(line.columns[0].text)
            if column is not None:
                type_ = COLUMN_TYPES[column.type]
        return Place(type_, len(line.columns) > 1, column=True, text=line.path.text)

    def named(self, converter: ast.AsName) -> Converter | None:
        name, zone = converter.name.text, converter.zone
        if name not in CONVERTERS:
            self.report.add(messages_tables.unknown_converter(converter.name.span, name, CONVERTERS))
            return None
        if zone is not None and name != "local":
            self.report.add(messages_tables.zone_not_wanted(zone.span, name))
            return None
        if zone is not None and known_zone(zone.text) is None:
            self.report.add(messages_tables.unknown_zone(zone.span, zone.text))
            return None
        return Converter(name, zone.text if zone is not None else "")

    def codes(self, converter: ast.AsCodes) -> Converter | None:
        names: set[object] = set()
        values: set[object] = set()
        pairs: list[tuple[str, Scalar]] = []
        for name, literal in converter.pairs:
            value = literal_value(literal)
            key = _code_key(value)
            for seen, candidate, span, shown in (
                (names, name.text.casefold(), name.span, name.text),
                (values, key, literal.span, str(value)),
            ):
                if candidate in seen:
                    self.report.add(messages_tables.code_twice(span, shown))
                    return None
                seen.add(candidate)
            pairs.append((name.text, value))
        return Converter("coded", codes=tuple(pairs))


def _code_key(value: Scalar) -> object:
    """Values that a database would give back as one and the same: 1 and yes, 'A' and 'a' are two."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
