"""Which tables are to be watched for changes, and whether they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy.engine import Connection

from mxsync.database.tables import SqlDatabase
from mxsync.database.tracked import not_tracked
from mxsync.dialects.base import Watched
from mxsync.errors import SchemaMismatch
from mxsync.model.record import Entity
from mxsync.model.schema import TableInfo


class ChangeLog:
    """The change log of the tables that some entities are in."""

    def __init__(self, database: SqlDatabase, entities: Collection[Entity]) -> None:
        self._database = database
        self._dialect = database.dialect
        self._tracking = database.tracking
        self._entities = entities
        self._schema = database.schema()

    def tables(self) -> list[Watched]:
        """The tables of which triggers, or the server itself, tell what changed, by name. A view tells of nothing."""
        found: dict[str, Watched] = {}
        if self._database.compares and self._tracking is None:
            return []
        for entity in self._entities:
            table = self._database.table(entity.table, self._schema)
            if table is not None and not table.view and table.full not in found:
                key = tuple(column.name for name in entity.key if (column := table.column(name)) is not None)
                found[table.full] = Watched(table, key)
        return [found[name] for name in sorted(found)]

    def unwatched(self, connection: Connection) -> list[Watched]:
        """Those of them of which nothing tells."""
        there = (self._tracking or self._dialect).watched(connection)
        return [each for each in self.tables() if each.table.full not in there]

    def install(self, connection: Connection, older: bool = False) -> None:
        """Makes what is missing; all of it anew where that of an `older` mxsync is there."""
        if older:
            for statement in self._dialect.change_log_upgrade(connection):
                connection.exec_driver_sql(statement)
        missing = [] if self._tracking else self.tables() if older else self.unwatched(connection)
        if missing or older or self._database.compares:
            for statement in self._dialect.change_log(missing):
                connection.exec_driver_sql(statement)

    def install_outside(self) -> list[str]:
        """The statements that turn on what the server itself tells, each for itself and outside a transaction. Raises
        `SchemaMismatch` for a table that is not known by its primary key."""
        if self._tracking is None:
            return []
        tables = self.tables()
        for each in tables:
            if {name.casefold() for name in each.key} != {name.casefold() for name in each.table.primary_key}:
                raise SchemaMismatch(
                    f"change tracking knows rows by their primary key, and {each.table.full} has another key in the "
                    'rules, or none: give the entity that key, or write `changes = "triggers"` under [database]'
                )
        return self._tracking.install(tables)

    def remove_outside(self, connection: Connection) -> list[str]:
        """The statements that turn it off again, where the server has such a thing."""
        offered = self._dialect.change_tracking
        return offered.removal(connection) if offered is not None else []

    def check(self, connection: Connection) -> None:
        """Raises `SchemaMismatch` when a table is not watched, or is not any more what the entities say."""
        self._database.follow()
        missing = [each.table.full for each in self.unwatched(connection)]
        if missing and self._tracking is not None:
            raise not_tracked(missing)
        if missing:
            raise SchemaMismatch(
                f"changes of {', '.join(missing)} are not logged, since mxsync's triggers there are missing or "
                "disabled: run `mxsync schema install`, or let the database's administrator run what "
                "`mxsync schema show` prints"
            )

    def statements(self) -> list[str]:
        """What makes all of it."""
        return [*self._dialect.change_log([] if self._tracking else self.tables()), *self.install_outside()]

    def upgrade_statements(self, connection: Connection) -> list[str]:
        """What makes that of an older mxsync anew."""
        return [*self._dialect.change_log_upgrade(connection), *self.statements()]

    def grants(self, user: str, own: Sequence[str]) -> list[str]:
        """What a user must be allowed on the customer's tables and on mxsync's own, which are called `own`."""
        found: dict[str, TableInfo] = {}
        for entity in self._entities:
            for name in (entity.table, *(link.table for link in entity.links)):
                table = self._database.table(name, self._schema)
                if table is not None:
                    found[table.full] = table
        grants = self._dialect.grants([found[name] for name in sorted(found)], own, user)
        return [*grants, *(self._tracking.grants(self.tables(), user) if self._tracking is not None else ())]
