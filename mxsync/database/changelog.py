"""Which tables are to be watched for changes, and whether they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy.engine import Connection

from mxsync.database.tables import SqlDatabase
from mxsync.dialects.base import Watched
from mxsync.errors import SchemaMismatch
from mxsync.model.record import Entity
from mxsync.model.schema import TableInfo


class ChangeLog:
    """The change log of the tables that some entities are in."""

    def __init__(self, database: SqlDatabase, entities: Collection[Entity]) -> None:
        self._database = database
        self._dialect = database.dialect
        self._entities = entities
        self._schema = database.schema()

    def tables(self) -> list[Watched]:
        """The tables whose changes are logged by triggers, by name. A view cannot have such triggers."""
        found: dict[str, Watched] = {}
        if self._database.compares:
            return []
        for entity in self._entities:
            table = self._database.table(entity.table, self._schema)
            if table is not None and not table.view and table.full not in found:
                key = tuple(column.name for name in entity.key if (column := table.column(name)) is not None)
                found[table.full] = Watched(table, key)
        return [found[name] for name in sorted(found)]

    def unwatched(self, connection: Connection) -> list[Watched]:
        """Those of them that have no triggers, or whose triggers are disabled."""
        there = self._dialect.watched(connection)
        return [each for each in self.tables() if each.table.full not in there]

    def install(self, connection: Connection, older: bool = False) -> None:
        """Makes what is missing; all of it anew where that of an `older` mxsync is there."""
        if older:
            for statement in self._dialect.change_log_upgrade(connection):
                connection.exec_driver_sql(statement)
        missing = self.tables() if older else self.unwatched(connection)
        if missing or older or self._database.compares:
            for statement in self._dialect.change_log(missing):
                connection.exec_driver_sql(statement)

    def check(self, connection: Connection) -> None:
        """Raises `SchemaMismatch` when a table is not watched, or is not any more what the entities say."""
        self._database.follow()
        missing = [each.table.full for each in self.unwatched(connection)]
        if missing:
            raise SchemaMismatch(
                f"changes of {', '.join(missing)} are not logged, since mxsync's triggers there are missing or "
                "disabled: run `mxsync schema install`, or let the database's administrator run what "
                "`mxsync schema show` prints"
            )

    def statements(self) -> list[str]:
        """What makes all of it."""
        return self._dialect.change_log(self.tables())

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
        return self._dialect.grants([found[name] for name in sorted(found)], own, user)
