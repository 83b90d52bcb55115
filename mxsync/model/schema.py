"""What a database says of its own tables: names, columns and coarse types. Read by the database part, checked against
by the language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class ColumnType(Enum):
    """What a column can hold, as far as the rules care."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "yes or no"
    DATE = "date"
    MOMENT = "date and time"
    BINARY = "binary"
    OTHER = "other"


class GuidLetters(Enum):
    """The letters in which a database gives the GUIDs of a type of its own; it takes either."""

    SMALL = "small"
    CAPITAL = "capital"

    def written(self, guid: str) -> str:
        """A GUID as the database gives it."""
        return guid.upper() if self is GuidLetters.CAPITAL else guid.lower()


SHORTEST_KEY = 16
"""Characters that a made key must have: 16 hexadecimal digits are 64 random bits."""


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """One column. `length` is in characters, None where unlimited. `generated` when the database fills it by itself
    (an identity key, a computed column). `unique` when one column alone is unique. `zoned` when its moments have an
    offset. `padded` when its texts are filled up with blanks, which are no part of the value. `guid` says how values of
    a type for GUIDs are written; None for every other type."""

    name: str
    type: ColumnType
    length: int | None = None
    nullable: bool = True
    default: bool = False
    generated: bool = False
    unique: bool = False
    zoned: bool = False
    padded: bool = False
    guid: GuidLetters | None = None

    @property
    def made_by_us(self) -> bool:
        """Whether mxsync makes the values of such a key: a GUID without a default, or a text with room for 16
        characters."""
        if self.default or self.generated:
            return False
        room = self.type is ColumnType.TEXT and (self.length is None or self.length >= SHORTEST_KEY)
        return room or self.guid is not None


@dataclass(frozen=True, slots=True)
class TableInfo:
    """One table or view. `columns` are in their own order; `foreign` leads from a column to (table, column). `schema`
    is '' for the one that names without one mean."""

    name: str
    columns: tuple[ColumnInfo, ...]
    primary_key: tuple[str, ...] = ()
    foreign: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    schema: str = ""
    view: bool = False

    @property
    def full(self) -> str:
        """The name with its schema, where that is needed."""
        return f"{self.schema}.{self.name}" if self.schema else self.name

    def column(self, name: str) -> ColumnInfo | None:
        """The column of that name, without regard to case."""
        folded = name.casefold()
        return next((column for column in self.columns if column.name.casefold() == folded), None)


@dataclass(frozen=True, slots=True)
class Schema:
    """Tables of a database by name, as the rules write it ('Contacts', 'dbo.Order Details')."""

    tables: tuple[TableInfo, ...]

    def table(self, name: str) -> TableInfo | None:
        """The table of that name, without regard to case; a default schema before a dot may be left out."""
        folded = name.casefold()
        last = folded.rpartition(".")[2]
        whole = own = without = None
        for table in self.tables:
            bare = table.name.casefold()
            if table.full.casefold() == folded:
                whole = whole or table
            elif bare == folded or bare.rpartition(".")[2] == folded:
                own = own or table
            elif bare == last and not table.schema:
                without = without or table
        return whole or own or without
