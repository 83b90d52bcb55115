"""The customer's tables and the tracking tables behind one connection, so that one transaction covers both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy.engine import Connection, Engine

from mxsync.errors import SchemaMismatch
from mxsync.ports.database import CrmUnit
from mxsync.ports.tracking import Unit
from mxsync.tracking import tables
from mxsync.tracking.waiting import SqlTracking


class SqlStore:
    """`mxsync.ports.tracking.Store`. `crm` makes the customer's side of a connection's transaction, `errors` turns the
    driver's exceptions into ours, `writer` marks whose writes the change log sees. `schema` is where
    the tracking tables lie, '' beside the customer's."""

    def __init__(
        self,
        engine: Engine,
        crm: Callable[[Connection], CrmUnit],
        errors: Callable[[], AbstractContextManager[None]],
        writer: Callable[[Connection, str], None],
        schema: str = "",
    ) -> None:
        self.engine = engine
        self._schema = schema
        self._rehearsed = False
        self._crm = crm
        self._errors = errors
        self._writer = writer

    def install(self) -> None:
        """Makes the tracking tables that are missing; raises `SchemaMismatch` when they are of a newer mxsync."""
        with self._errors(), self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            tables.create(self._placed(connection))
            version = connection.exec_driver_sql("SELECT value FROM mxsync_meta WHERE name = 'version'").scalar_one()
            if int(version) > tables.VERSION:
                raise SchemaMismatch(
                    f"the tracking tables are of a newer mxsync (version {version}, this one knows {tables.VERSION}): "
                    "install that mxsync, or a newer one"
                )
            connection.commit()

    def _placed(self, connection: Connection) -> Connection:
        if not self._schema:
            return connection
        return connection.execution_options(schema_translate_map={None: self._schema})

    def remove(self, more: Callable[[Connection], None]) -> None:
        """Drops the tracking tables, and what `more` drops."""
        with self._errors(), self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            more(connection)
            tables.drop(self._placed(connection))
            connection.commit()

    def installed(self) -> bool:
        """Whether the tracking tables are there."""
        with self._errors(), self.engine.connect() as connection:
            return self.engine.dialect.has_table(connection, "mxsync_meta", schema=self._schema or None)

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
        if self._rehearsed:
            tables.create(self._placed(connection))

    @contextmanager
    def transaction(self) -> Iterator[Unit]:
        """A writing transaction: committed when the block ends, rolled back when it raises."""
        with self._errors(), self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            self._writer(connection, "mxsync")
            yield Unit(self._crm(connection), SqlTracking(connection))
            self._writer(connection, "")
            connection.commit()

    @contextmanager
    def rehearsal(self) -> Iterator[Unit]:
        """A writing transaction that is rolled back in any case."""
        with self._errors(), self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            self._borrow(connection)
            try:
                yield Unit(self._crm(connection), SqlTracking(connection))
            finally:
                connection.rollback()

    @contextmanager
    def reading(self) -> Iterator[Unit]:
        """A consistent view for reading."""
        with self._errors(), self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if self._rehearsed else "BEGIN")
            self._borrow(connection)
            try:
                yield Unit(self._crm(connection), SqlTracking(connection))
            finally:
                connection.rollback()

    @contextmanager
    def raw(self) -> Iterator[Connection]:
        """A writing transaction as such, for what belongs to neither side: triggers."""
        with self._errors(), self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()

    def close(self) -> None:
        """Gives the connections back."""
        self.engine.dispose()
