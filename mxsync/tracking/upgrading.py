"""Tracking tables of an older mxsync brought to today's form, without losing a row.

What there is to do is found by comparing the catalogue with the definition, not by steps from version to version: so it
does not matter which older mxsync made the tables, and what was interrupted halfway is taken up where it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from sqlalchemy import MetaData, inspect
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import Dialect as SqlDialect
from sqlalchemy.schema import CreateIndex

from mxsync.dialects.base import Dialect
from mxsync.errors import SchemaMismatch
from mxsync.tracking import tables

_RETIRED: Final = ("mxsync_lease",)
"""Tables that today's mxsync does without: the one lease of version 1 had no epoch, and says nothing afterwards."""


class Standing(Enum):
    """How the tracking tables in a database compare with those that this mxsync knows."""

    ABSENT = "absent"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


def version_of(connection: Connection, schema: str) -> int | None:
    """The version of the tracking tables that lie in a schema; None where there are none."""
    if not connection.dialect.has_table(connection, "mxsync_meta", schema=schema or None):
        return None
    said = connection.exec_driver_sql("SELECT value FROM mxsync_meta WHERE name = 'version'").scalar()
    return int(said) if said is not None else 0


def standing_of(version: int | None) -> Standing:
    """What a version means to this mxsync."""
    if version is None:
        return Standing.ABSENT
    if version == tables.VERSION:
        return Standing.CURRENT
    return Standing.OLDER if version < tables.VERSION else Standing.NEWER


def refuse(version: int | None, *, installs: bool) -> None:
    """Raises `SchemaMismatch` for tables of another version. `installs`: a pass brings older ones to today's form."""
    match standing_of(version):
        case Standing.OLDER:
            do = (
                "run `mxsync schema install`, or the next pass, which does it as well"
                if installs
                else "run `mxsync schema install` with a login that may alter tables, or let the database's "
                "administrator run what `mxsync schema show` prints"
            )
            raise SchemaMismatch(
                f"the tracking tables are of an older mxsync (version {version}, this one has {tables.VERSION}): {do}. "
                "Nothing that is in them is lost"
            )
        case Standing.NEWER:
            raise SchemaMismatch(
                f"the tracking tables are of a newer mxsync (version {version}, this one knows {tables.VERSION}): "
                "install that mxsync, or a newer one"
            )


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a database says of the tracking tables in it, as SQLAlchemy reflects it: the names of all tables there, and
    of each that has a definition its columns, the names of its indexes, and of its primary key."""

    tables: Collection[str]
    columns: Mapping[str, Sequence[Mapping[str, Any]]]
    indexes: Mapping[str, Collection[str]]
    keys: Mapping[str, str]


def catalogue_of(connection: Connection, definition: MetaData, schema: str) -> Catalogue:
    """Asks the database."""
    inspector = inspect(connection)
    there = inspector.get_table_names(schema or None)
    wanted = [table.name for table in definition.sorted_tables if table.name in there]
    kind: dict[str, Any] = {"schema": schema or None, "filter_names": wanted}
    columns = inspector.get_multi_columns(**kind) if wanted else {}
    indexes = inspector.get_multi_indexes(**kind) if wanted else {}
    keys = inspector.get_multi_pk_constraint(**kind) if wanted else {}
    return Catalogue(
        there,
        {name: columns[schema or None, name] for name in wanted},
        {name: {str(each["name"]) for each in indexes[schema or None, name]} for name in wanted},
        {name: str(keys[schema or None, name].get("name") or "") for name in wanted},
    )


def upgrade(found: Catalogue, definition: MetaData, dialect: Dialect, compiler: SqlDialect, schema: str) -> list[str]:
    """The statements that bring the tables in a schema to their definition, all but the version; none where nothing is
    to be done. `compiler` is SQLAlchemy's dialect."""
    statements: list[str] = []
    for table in tables.placed(definition, schema).sorted_tables:
        if table.name not in found.tables:
            statements += tables.made(table, compiler)
            continue
        there = {each["name"]: each for each in found.columns[table.name]}
        for column in table.columns:
            if column.name not in there:
                statements.append(dialect.added(table, column, compiler))
            else:
                key = found.keys[table.name]
                statements += dialect.reshaped(table, column, there[column.name], key, compiler)
        missing = [index for index in table.indexes if index.name not in found.indexes[table.name]]
        for index in sorted(missing, key=lambda each: str(each.name)):
            statements.append(str(CreateIndex(index).compile(dialect=compiler)).strip())
    own = f"{schema}." if schema else ""
    return [*statements, *(f"DROP TABLE {own}{name}" for name in _RETIRED if name in found.tables)]


def version_statement(schema: str) -> str:
    """Says that the tables are of this mxsync's version."""
    own = f"{schema}." if schema else ""
    return f"UPDATE {own}mxsync_meta SET value = '{tables.VERSION}' WHERE name = 'version'"  # noqa: S608
