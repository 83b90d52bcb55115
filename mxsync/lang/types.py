"""What may be compared with what, and what may be put where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mxsync.lang import ast, ir
from mxsync.lang.ir import Type
from mxsync.model.schema import ColumnType

COLUMN_TYPES: Final = {
    ColumnType.TEXT: Type.TEXT,
    ColumnType.NUMBER: Type.NUMBER,
    ColumnType.BOOLEAN: Type.BOOLEAN,
    ColumnType.DATE: Type.DATE,
    ColumnType.MOMENT: Type.MOMENT,
    ColumnType.BINARY: Type.ANY,
    ColumnType.OTHER: Type.ANY,
}

TIMES: Final = frozenset({Type.DATE, Type.MOMENT})
ORDERED: Final = TIMES | {Type.NUMBER, Type.ANY}
TEXTUAL: Final = frozenset({Type.TEXT, Type.PERSON, Type.ANY})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value goes, or what it is compared with. `refers` is the entity of a REFERENCE; `codes` the values that a
    coded column knows; `column` when it is a column of a table, whose own type is looser than an item's. `text` is how
    messages call it."""

    type: Type
    many: bool = False
    refers: str = ""
    codes: tuple[str, ...] = ()
    column: bool = False
    text: str = ""

    def called(self, text: str) -> Place:
        """The same place under the name by which it was written."""
        if text == self.text:
            return self
        return Place(self.type, self.many, self.refers, self.codes, self.column, text)


def describe(place: Place) -> str:
    """For messages: 'a text', 'a number', 'a record of `company`'."""
    match place.type:
        case Type.REFERENCE:
            return f"a record of `{place.refers}`"
        case Type.BOOLEAN:
            return "`yes` or `no`"
        case Type.MOMENT:
            return "a date and time"
        case Type.ATTACHMENT:
            return "an attachment"
        case Type.ANY:
            return "a plain column" if place.column else "anything"
        case _:
            return f"a {place.type.value}"


def literal_type(value: ast.Literal) -> Type:
    match value:
        case ast.Text():
            return Type.TEXT
        case ast.Number() | ast.Size():
            return Type.NUMBER
        case ast.Boolean():
            return Type.BOOLEAN
        case ast.Moment():
            return Type.MOMENT
        case ast.Duration():
            return Type.NUMBER


def takes(place: Place, given: Type, refers: str = "") -> bool:
    """Whether a value of type `given` can be compared with, or put into, `place`."""
    if place.type is Type.ATTACHMENT or given is Type.ATTACHMENT:
        return False
    if place.type is Type.REFERENCE:
        return given is Type.REFERENCE and refers == place.refers
    if place.type is Type.ANY or given is Type.ANY:
        return given is not Type.REFERENCE or not place.column
    if place.type is given:
        return True
    if place.type in TIMES:
        return given in TIMES
    if place.type is Type.TEXT:
        return given is Type.PERSON or (place.column and given in TIMES)
    if place.type is Type.PERSON:
        return given is Type.TEXT
    # a flag kept in a column of numbers
    return place.type is Type.NUMBER and given is Type.BOOLEAN and place.column


def is_address(path: ir.Path) -> bool:
    """Whether the path's values are e-mail addresses, which compare by `address_key`."""
    if path.type is Type.PERSON:
        return True
    return path.type is Type.TEXT and bool(path.steps) and path.steps[-1] in ("address", "email")
