"""The customer's tables and the tracking tables behind one connection, so that one transaction covers both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.engine import Connection, Engine

from mxsync.dialects.base import Dialect
from mxsync.errors import ConfigError
from mxsync.ports.database import CrmUnit
from mxsync.ports.tracking import Unit
from mxsync.tracking import tables, upgrading
from mxsync.tracking.unit import SqlTracking


class SqlStore:
    """`mxsync.ports.tracking.Store`. `crm` makes the customer's side of a connection's transaction. `schema` is where
    the tracking tables lie, '' beside the customer's."""

    def __init__(
        self,
        engine: Engine,
        dialect: Dialect,
        crm: Callable[[Connection], CrmUnit],
        schema: str = "",
    ) -> None:
        self.engine = engine
        self._dialect = dialect
        self._schema = schema or dialect.state_schema
        self._tables = dialect.tracking(tables.metadata)
        self._rehearsed = False
        self._crm = crm
        self.fence: Callable[[SqlTracking], None] | None = None
        """Called in every writing transaction right before its commit; what it raises rolls back."""

    def install(self, beside: Callable[[Connection, bool], None] | None = None) -> None:
        """Makes the tracking tables, or brings those of an older mxsync to today's form, with all that is in them.
        `beside` makes what belongs to them, and is told whether older ones were there. Raises `SchemaMismatch` when
        they are of a newer mxsync."""
        with self._dialect.errors(), self.engine.connect() as connection:
            connection.exec_driver_sql(self._dialect.begin_writing)
            version = upgrading.version_of(connection, self._schema)
            if version is None:
                for statement in self._dialect.schema_statements():
                    connection.exec_driver_sql(statement)
                tables.create(self._placed(connection), self._tables)
            else:
                self._bring_up(connection, version)
            older = version is not None and version < tables.VERSION
            if beside is not None:
                beside(connection, older)
            if older:  # last: not every database takes back what was done before an interruption, which is done again
                connection.exec_driver_sql(upgrading.version_statement(self._schema))
            connection.commit()

    def _bring_up(self, connection: Connection, version: int) -> None:
        if upgrading.standing_of(version) is upgrading.Standing.NEWER:
            upgrading.refuse(version, installs=self._dialect.installs)
        for statement in self._upgrade(connection):
            connection.exec_driver_sql(statement)

    def _upgrade(self, connection: Connection) -> list[str]:
        found = upgrading.catalogue_of(connection, self._tables, self._schema)
        return upgrading.upgrade(found, self._tables, self._dialect, self.engine.dialect, self._schema)

    def standing(self) -> upgrading.Standing:
        """How the tracking tables that are there compare with those of this mxsync."""
        return upgrading.standing_of(self._version())

    def _version(self) -> int | None:
        with self._dialect.errors(), self.engine.connect() as connection:
            return upgrading.version_of(connection, self._schema)

    def ddl(self) -> list[str]:
        """The statements that make the tracking tables, to read and to run by hand."""
        made = tables.ddl(self.engine.dialect, self._tables, self._dialect.state_schema)
        return [*self._dialect.schema_statements(), *made]

    def upgrade_ddl(self, beside: Callable[[Connection], Sequence[str]]) -> list[str]:
        """The statements that bring those of an older mxsync to today's form; `beside` says what belongs to them."""
        with self._dialect.errors(), self.engine.connect() as connection:
            changed = self._upgrade(connection)
            return [*changed, *beside(connection), upgrading.version_statement(self._schema)]

    def own_tables(self) -> list[str]:
        """The names of the tracking tables, and of the table of changes."""
        return [*(table.name for table in self._tables.sorted_tables), "mxsync_changes"]

    def _placed(self, connection: Connection) -> Connection:
        if not self._schema:
            return connection
        return connection.execution_options(schema_translate_map={None: self._schema})

    def remove(self) -> None:
        """Drops the tracking tables, and the change log with its triggers."""
        with self._dialect.errors(), self.engine.connect() as connection:
            connection.exec_driver_sql(self._dialect.begin_writing)
            self._dialect.remove_change_log(connection)
            tables.drop(self._placed(connection), self._tables)
            for statement in self._dialect.removal_statements():
                connection.exec_driver_sql(statement)
            connection.commit()

    def installed(self) -> bool:
        """Whether the tracking tables are there. Raises `SchemaMismatch` when they are of another mxsync."""
        version = self._version()
        upgrading.refuse(version, installs=self._dialect.installs)
        return version is not None

    def require(self) -> None:
        """Raises `ConfigError` when they are not, `SchemaMismatch` when they are of another mxsync."""
        if not self.installed():
            raise ConfigError(
                "the tracking tables are not in the database: run `mxsync schema install`, or let the database's "
                "administrator run what `mxsync schema show` prints"
            )

    @contextmanager
    def borrowed(self) -> Iterator[None]:
        """While the block runs, readings and rehearsals find tracking tables even where none are installed: empty ones,
        which are rolled back with the rest."""
        before, self._rehearsed = self._rehearsed, not self.installed()
        try:
            yield
        finally:
            self._rehearsed = before

    def _borrow(self, connection: Connection) -> None:
        if self._rehearsed and self._dialect.borrows:
            tables.borrow(connection, self._tables)
        elif self._rehearsed:
            tables.create(self._placed(connection), self._tables)

    def _give_back(self, connection: Connection) -> None:
        connection.rollback()
        if self._rehearsed and self._dialect.borrows:
            tables.give_back(connection, self._tables)
            connection.rollback()

    @contextmanager
    def transaction(self, writer: str = "mxsync") -> Iterator[Unit]:
        """A writing transaction: committed when the block ends, rolled back when it raises."""
        with self._dialect.errors(), self.engine.connect() as connection:
            connection.exec_driver_sql(self._dialect.begin_writing)
            self._dialect.set_writer(connection, writer)
            tracking = SqlTracking(connection, self._dialect)
            yield Unit(self._crm(connection), tracking)
            self._dialect.set_writer(connection, "")
            if self.fence is not None:
                self.fence(tracking)
            connection.commit()

    @contextmanager
    def rehearsal(self) -> Iterator[Unit]:
        """A writing transaction that is rolled back in any case."""
        with self._dialect.errors(), self.engine.connect() as connection:
            connection.exec_driver_sql(self._dialect.begin_writing)
            self._borrow(connection)
            try:
                yield Unit(self._crm(connection), SqlTracking(connection, self._dialect))
            finally:
                self._give_back(connection)

    @contextmanager
    def reading(self) -> Iterator[Unit]:
        """A consistent view for reading."""
        with self._dialect.errors(), self.engine.connect() as connection:
            connection.exec_driver_sql(self._dialect.begin_writing if self._rehearsed else self._dialect.begin_reading)
            self._borrow(connection)
            try:
                yield Unit(self._crm(connection), SqlTracking(connection, self._dialect))
            finally:
                self._give_back(connection)

    @contextmanager
    def raw(self) -> Iterator[Connection]:
        """A writing transaction as such, for what belongs to neither side: triggers."""
        with self._dialect.errors(), self.engine.connect() as connection:
            connection.exec_driver_sql(self._dialect.begin_writing)
            yield connection
            connection.commit()

    def outside(self, statements: Callable[[Connection], Sequence[str]]) -> None:
        """Executes statements each for itself, outside a transaction, which some definitions want."""
        with self._dialect.errors(), self.engine.connect() as connection:
            wanted = statements(connection)
            connection.rollback()
            if wanted:
                connection.execution_options(isolation_level="AUTOCOMMIT")
            for statement in wanted:
                connection.exec_driver_sql(statement)

    def wipe(self) -> None:
        """Makes what was deleted unreadable in the database's files."""
        with self._dialect.errors(), self.engine.connect() as connection:
            self._dialect.wipe(connection, self._schema)

    def close(self) -> None:
        """Gives the connections back."""
        self.engine.dispose()
