"""Tenants of the system tests on database servers: the same as on SQLite, but for where their tables are."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect
from tenants import ANNA, BEN, Tenant

from tests.inprocess import RULES, Place, made
from tests.sites import dispose, engine_of, execute, new_database
from tests.sql_servers import Server

ROOT = Path(__file__).resolve().parents[2]
_shown: dict[str, tuple[str, str]] = {}


@cache
def _starter() -> Path:
    """A tenant as `mxsync init` makes it, to be copied."""
    folder = Path(tempfile.mkdtemp(prefix="mxsync-starter-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    tenant = Tenant.make(folder / "t")
    (tenant.root / "crm.db").unlink()
    return tenant.root


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
            _shown[server.kind] = (_name(url), tenant.run("schema", "show").out)
        first, text = _shown[server.kind]
        # MariaDB's triggers name the database that they write into.
        execute(url, shown(server.kind, text.replace(f'"{first}".mxsync_changes', f'"{_name(url)}".mxsync_changes')))
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


class ServerPlace(Place, ServerTenant):
    """The same, its passes in this process. What is asked of its tables is answered as SQLite would."""

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return [tuple(map(_as_sqlite, row)) for row in super().sql(statement, *values)]


def _as_sqlite(value: object) -> object:
    match value:
        case datetime():
            return value.replace(tzinfo=None).isoformat(" ", "seconds")
        case bool():
            return int(value)
        case _:
            return value


def place_on(
    kind: str, request: pytest.FixtureRequest, root: Path, rules: str = RULES, users: tuple[str, ...] = (ANNA, BEN)
) -> Place:
    """A tenant on that kind of database, its passes in this process; the first has made the users' rows."""
    if kind == "sqlite":
        return made(root, rules, users)
    place = ServerPlace.on(request.getfixturevalue(kind), root, rules, users)
    assert isinstance(place, Place)
    (root / "mailboxes" / "public").mkdir(exist_ok=True)
    place.passes()
    return place


def compared_place_on(
    kind: str, request: pytest.FixtureRequest, root: Path, rules: str = RULES, users: tuple[str, ...] = (ANNA, BEN)
) -> Place:
    """The same where no triggers are allowed: rows are compared with what was seen of them last."""
    place = place_on(kind, request, root, rules, users)
    place.run("schema", "remove", "--yes")
    config = root / "mxsync.toml"
    config.write_text(config.read_text().replace("[database]\n", '[database]\nchanges = "modified"\n', 1))
    if kind != "sqlite":
        place.run("schema", "install")
    place.passes()
    return place


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def make(
    kind: str, request: pytest.FixtureRequest, root: Path, rules: str = "use 'crm.rules'\n", **options: Any
) -> Tenant:
    """A tenant on that kind of database."""
    if kind == "sqlite":
        return Tenant.make(root, rules, **options)
    return ServerTenant.on(request.getfixturevalue(kind), root, rules, **options)


KINDS = ("sqlite", "postgresql", "mariadb")
__all__ = ("KINDS", "ServerPlace", "ServerTenant", "compared_place_on", "dispose", "make", "place_on")
