"""Keys that the database does not make by itself: GUIDs, as long as the column has room for. And keys as texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from mxsync.dialects.changes import SEPARATOR
from mxsync.errors import BadContent
from mxsync.model.record import RecordKey
from mxsync.model.schema import ColumnInfo, ColumnType, TableInfo

if TYPE_CHECKING:
    from mxsync.database.tables import MappedEntity

_GUID = 36  # characters, with its hyphens
_WHOLE = re.compile(r"(-?[0-9]+)(?:\.0*)?")  # 7.00 is what a NUMERIC(9, 2) is as a text


def key_maker(column: ColumnInfo) -> Callable[[], str] | None:
    """Makes values of a key column, where that is for mxsync to do: a GUID or a text without a default. With 36
    characters or more a GUID with hyphens (RFC 9562), with fewer as many of its digits as fit; None where the column is
    too short."""
    if not column.made_by_us:
        return None
    letters = column.guid
    if letters is not None:
        return lambda: letters.written(str(uuid4()))
    length = column.length or _GUID
    return (lambda: str(uuid4())) if length >= _GUID else lambda: uuid4().hex[:length]


def missing_keys(table: TableInfo | None, given: Iterable[str], key: Iterable[str]) -> dict[str, Callable[[], str]]:
    """The key columns of a new row that are not given, and are mxsync's to make."""
    there = {name.casefold() for name in given}
    found: dict[str, Callable[[], str]] = {}
    for name in key:
        column = table.column(name) if table is not None and name.casefold() not in there else None
        maker = key_maker(column) if column is not None else None
        if column is not None and maker is not None:
            found[column.name] = maker
    return found


def all_told(table: str, key: Sequence[str], made: Iterable[Sequence[Any]]) -> None:
    """Raises `BadContent` where the database has not told the key of a new row, as SQLite of a view: a row that nobody
    can name would be taken for somebody else's new one by the next pass."""
    if any(part is None for each in made for part in each):
        names = " and ".join(f"`{name}`" for name in key)
        raise BadContent(
            f"the database does not tell which key a new row of `{table}` has: give {names} a default in the table, or "
            "let it be a GUID, which mxsync makes itself"
        )


def key_text(key: RecordKey) -> str:
    """A row's key as the change log has it."""
    return SEPARATOR.join(map(str, key.value)) if isinstance(key.value, tuple) else str(key.value)


def typed(column: ColumnInfo | None, part: Any) -> Any:
    """A part of a key as its column has it: a number that was told as a text is one again, and a GUID has the
    database's letters."""
    if column is not None and column.guid is not None and isinstance(part, str):
        return column.guid.written(part)
    numbers = column is not None and column.type is ColumnType.NUMBER and isinstance(part, str)
    whole = _WHOLE.fullmatch(part) if numbers else None
    return int(whole[1]) if whole is not None else part


def key_named(mapped: MappedEntity, text: str) -> RecordKey | None:
    """A row's key from its text in the change log; None for what cannot be one."""
    columns = [mapped.table.column(name) for name in mapped.entity.key]
    parts = text.split(SEPARATOR) if len(columns) > 1 else [text]
    if len(parts) != len(columns):
        return None
    values = [typed(column, part) for column, part in zip(columns, parts, strict=True)]
    return RecordKey(mapped.entity.name, values[0] if len(values) == 1 else tuple(values))
