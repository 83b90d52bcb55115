"""Tenants of the system tests on database servers: the same as on SQLite, but for where their tables are."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect
from sqlalchemy.engine import Engine
from tenants import ANNA, BEN, Tenant

from mxsync.dialects import dialect_of
from tests.servers import Server

ROOT = Path(__file__).resolve().parents[2]
_engines: dict[str, Engine] = {}
_made: dict[str, int] = {}
_shown: dict[str, str] = {}


@cache
def _starter() -> Path:
    """A tenant as `mxsync init` makes it, to be copied."""
    folder = Path(tempfile.mkdtemp(prefix="mxsync-starter-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    tenant = Tenant.make(folder / "t")
    (tenant.root / "crm.db").unlink()
    return tenant.root


def engine_of(url: str) -> Engine:
    """One engine a database, kept while the tests run."""
    if url not in _engines:
        _engines[url] = dialect_of(url).open(url, base=Path())
    return _engines[url]


def dispose() -> None:
    for engine in _engines.values():
        engine.dispose()
    _engines.clear()


def execute(url: str, statements: Sequence[str]) -> None:
    """Statements one by one, each for itself."""
    with engine_of(url).connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        for statement in statements:
            connection.exec_driver_sql(statement)


def script(kind: str, text: str) -> list[str]:
    """A script as its statements: PostgreSQL takes it whole."""
    if kind == "postgresql":
        return [text]
    return [part for part in text.split(";\n") if part.strip()]


def shown(kind: str, text: str) -> list[str]:
    """What `schema show` prints, as statements."""
    return (
        [text]
        if kind == "postgresql"
        else [part for part in text.split(";\n") if part.strip() and not part.lstrip().startswith("--")]
    )


def new_database(server: Server, statements: Sequence[str] = ()) -> str:
    """A new database on the server; its address."""
    number = _made[server.kind] = _made.get(server.kind, 0) + 1
    name = f"crm{number}"
    admin = server.url("postgres" if server.kind == "postgresql" else "mysql")
    more = "" if server.kind == "postgresql" else " CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"
    execute(admin, [f"CREATE DATABASE {name}{more}"])
    execute(server.url(name), statements)
    return server.url(name)


def sample(kind: str) -> list[str]:
    return script(kind, (ROOT / "sql" / kind / "sample.sql").read_text())


@dataclass
class ServerTenant(Tenant):
    """A tenant whose tables are on a server."""

    url: str = ""

    @classmethod
    def on(
        cls, server: Server, root: Path, rules: str = "use 'crm.rules'\n", users: Sequence[str] = (ANNA, BEN)
    ) -> ServerTenant:
        url = new_database(server, sample(server.kind))
        starter = _starter()
        shutil.copytree(starter, root)
        config = (root / "mxsync.toml").read_text().replace('"sqlite:///crm.db"', f'"{url}"')
        assert url in config
        (root / "mxsync.toml").write_text(config)
        tenant = cls(root, 0, None, url)
        if server.kind not in _shown:
            # What a database administrator is shown is what makes the tables: the tests have no other way.
            _shown[server.kind] = tenant.run("schema", "show").out
        execute(url, shown(server.kind, _shown[server.kind]))
        tenant.people(users)
        tenant.rules(rules)
        return tenant

    @property
    def crm(self) -> Path:
        raise AssertionError("no file")

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with engine_of(self.url).connect() as connection:
            done = connection.exec_driver_sql(statement, values)
            rows = [tuple(row) for row in done.fetchall()] if done.returns_rows else []
            connection.commit()
            return rows

    def count_rows(self, table: str) -> int:
        return int(self.sql(f"SELECT count(*) FROM {table}")[0][0])

    def dump(self, *, tracking: bool = False) -> dict[str, list[tuple[Any, ...]]]:
        inspector = inspect(engine_of(self.url))
        names = [*inspector.get_table_names()]
        if self.url.startswith("postgresql"):
            names += [f"mxsync.{name}" for name in inspector.get_table_names("mxsync")]
        return {
            name: sorted(self.sql(f"SELECT * FROM {name}"), key=repr)
            for name in names
            if tracking or "mxsync_" not in name
        }


def make(
    kind: str, request: pytest.FixtureRequest, root: Path, rules: str = "use 'crm.rules'\n", **options: Any
) -> Tenant:
    """A tenant on that kind of database."""
    if kind == "sqlite":
        return Tenant.make(root, rules, **options)
    return ServerTenant.on(request.getfixturevalue(kind), root, rules, **options)


KINDS = ("sqlite", "postgresql", "mariadb")
