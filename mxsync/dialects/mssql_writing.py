"""INSERT and MERGE as SQL Server takes them, and the keys of new rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import MetaData, Table
from sqlalchemy.dialects import mssql

from mxsync.dialects.base import marks
from mxsync.dialects.changes import quoted
from mxsync.dialects.mssql_batches import FIRST, MOST_VALUES
from mxsync.dialects.mssql_tables import for_mssql
from mxsync.dialects.mssql_types import plain


@cache
def in_unicode(tables: MetaData) -> MetaData:
    """The tracking tables as SQL Server needs them, worked out once."""
    return for_mssql(tables)


def insert_rows(
    cursor: Any, table: str, rows: Sequence[Mapping[str, Any]], key: Sequence[str], generated: bool, signature: str
) -> list[Sequence[Any]]:
    """Many rows in one batch, each a statement of its own, so that the keys come back in the order of the rows.
    OUTPUT alone would be refused where the table has triggers, so it goes into a variable; the number of a new row
    is asked of its scope, or, for a view whose trigger inserts, of the session."""
    made: list[Sequence[Any]] = []
    start = 0
    while start < len(rows):
        end, values = start, 0
        while end < len(rows) and (end == start or values + len(rows[end]) <= MOST_VALUES):
            values += len(rows[end])
            end += 1
        part = rows[start:end]
        shapes = tuple(tuple(row) for row in part)
        statement = _batch(table, shapes, tuple(key), generated, signature)
        cursor.execute(statement, [value for row in part for value in row.values()])
        told = {row[0]: plain(row)[1:] for row in cursor.fetchall()}
        made += [told[n] if n in told else tuple(row[name] for name in key) for n, row in enumerate(part)]
        start = end
    return made


@cache
def insert(table: str, columns: tuple[str, ...]) -> str:
    """A plain INSERT."""
    return f"INSERT INTO {table} ({', '.join(map(quoted, columns))}) VALUES ({marks(columns)})"


@cache
def upsert(table: Table, columns: tuple[str, ...], *, keeps: bool) -> str:
    """MERGE, its values cast, so that the driver knows what to bind. With `keeps`, a row that is there stays. Of two
    that find no row the second waits at once: with HOLDLOCK alone both may read first, and then wait for each other."""
    dialect = mssql.dialect()  # type: ignore[no-untyped-call]
    own = in_unicode(table.metadata).tables[table.name]
    values = ", ".join(f"CAST(? AS {_type(own, name, dialect)}) AS {quoted(name)}" for name in columns)
    keys = [column.name for column in table.primary_key.columns if column.name in columns]
    keys = keys or [column.name for column in table.columns if column.unique]
    on = " AND ".join(f"t.{quoted(name)} = s.{quoted(name)}" for name in keys)
    others = [name for name in columns if name not in keys]
    sets = ", ".join(f"{quoted(name)} = s.{quoted(name)}" for name in others)
    matched = "" if keeps or not others else f"WHEN MATCHED THEN UPDATE SET {sets} "
    names = ", ".join(map(quoted, columns))
    return (
        f"MERGE INTO {table.name} WITH (UPDLOCK, HOLDLOCK) AS t USING (SELECT {values}) AS s ON {on} {matched}"
        f"WHEN NOT MATCHED THEN INSERT ({names}) VALUES ({', '.join(f's.{quoted(name)}' for name in columns)});"
    )


def _type(table: Table, name: str, dialect: Any) -> str:
    kind = table.c[name].type
    if getattr(kind, "collation", None):
        return f"NVARCHAR({getattr(kind, 'length', None)})"
    return str(kind.compile(dialect=dialect))


@lru_cache(maxsize=256)
def _batch(
    table: str, shapes: tuple[tuple[str, ...], ...], key: tuple[str, ...], generated: bool, signature: str
) -> str:
    kind = "BIGINT" if generated else "NVARCHAR(450)"
    names = [f"k{number}" for number in range(len(key))]
    lines = [
        *FIRST,
        f"DECLARE @made TABLE (n INT, {', '.join(f'{name} {kind}' for name in names)});",
    ]
    for number, columns in enumerate(shapes):
        listed = f" ({', '.join(map(quoted, columns))})" if columns else ""
        values = f"VALUES ({marks(columns)})" if columns else "DEFAULT VALUES"
        if generated:
            lines.append(f"{signature}INSERT INTO {table}{listed} {values};")
            lines.append(f"INSERT INTO @made (n, k0) VALUES ({number}, COALESCE(SCOPE_IDENTITY(), @@IDENTITY));")
        elif set(key) <= set(columns):
            lines.append(f"{signature}INSERT INTO {table}{listed} {values};")
        else:
            output = ", ".join(f"INSERTED.{quoted(name)}" for name in key)
            lines.append(f"{signature}INSERT INTO {table}{listed} OUTPUT {number}, {output} INTO @made {values};")
    lines.append(f"SELECT n, {', '.join(names)} FROM @made ORDER BY n;")
    return "\n".join(lines)
