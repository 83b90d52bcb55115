"""Rows written in bulk on each database, mxsync's way against plain SQLAlchemy Core: inserted with insertmanyvalues, keys
given back by both, and changed by their keys. Measured is the processor time of this process and of the server together.

python benchmarks/bench_databases.py [rows]     (needs the servers of the tests: apt install postgresql mariadb-server)
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psutil
from sqlalchemy import Column, Integer, MetaData, Table, bindparam, create_engine, insert, update
from sqlalchemy.engine import Engine

from mxsync.model.record import Entity, FieldMap
from mxsync.ports.database import Fitted
from tests.sites import Site, dispose, new_database
from tests.sql_servers import Server, running

PAGE = 250
PERSON = Entity(
    "person", "people", ("id",), {name: FieldMap(name, (name,)) for name in ("name", "email", "note", "at")}
)
DEFINITION = "CREATE TABLE {} (id {{ID}}, name {{NAME}}, email {{NAME}}, note {{TEXT}}, at {{MOMENT}})"


def spent(server: Server | None) -> float:
    """Seconds of processor time so far, the server's among them, and those of its processes that have ended."""
    total = time.process_time()
    if server is not None and server.process is not None:
        root = psutil.Process(server.process.pid)
        times = root.cpu_times()
        total += times.children_user + times.children_system
        total += sum(t.user + t.system for t in (p.cpu_times() for p in (root, *root.children(recursive=True))))
    return total


def measured(server: Server | None, work: Callable[[], object]) -> tuple[float, Any]:
    before = spent(server)
    made = work()
    return spent(server) - before, made


def core_inserts(engine: Engine, table: Table, rows: list[dict[str, Any]]) -> list[Any]:
    keys: list[Any] = []
    with engine.begin() as connection:
        for start in range(0, len(rows), PAGE):
            statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
            keys += connection.execute(statement, rows[start : start + PAGE]).scalars().all()
    return keys


def core_updates(engine: Engine, table: Table, keys: list[Any]) -> None:
    statement = update(table).where(table.c.id == bindparam("key")).values(name=bindparam("new"), note=bindparam("say"))
    with engine.begin() as connection:
        for start in range(0, len(keys), PAGE):
            page = [{"key": key, "new": f"m{key}", "say": "y" * 200} for key in keys[start : start + PAGE]]
            connection.execute(statement, page)


def own_inserts(site: Site, database: Any, rows: list[dict[str, Any]]) -> list[Any]:
    keys: list[Any] = []
    with site.store(database).transaction() as unit:
        for start in range(0, len(rows), PAGE):
            page = [database.fit("person", row, new=True) for row in rows[start : start + PAGE]]
            keys += unit.crm.insert(page, {})
    return keys


def own_updates(site: Site, database: Any, keys: list[Any]) -> None:
    with site.store(database).transaction() as unit:
        for start in range(0, len(keys), PAGE):
            page = [
                (key, Fitted("person", {"name": f"m{key}", "note": "y" * 200})) for key in keys[start : start + PAGE]
            ]
            unit.crm.update(page, {})


def compare(kind: str, site: Site, rows: list[dict[str, Any]]) -> None:
    site.run(DEFINITION.format("people"), DEFINITION.format("other"))
    database = site.database((PERSON,))
    site.store(database).install()
    engine = create_engine(site.url)
    key = [Column("id", Integer, primary_key=True)] if kind == "sqlite" else []  # reflected, it might be null there
    table = Table("other", MetaData(), *key, autoload_with=engine)
    plain = [{**row, "at": row["at"].replace(tzinfo=None)} for row in rows]
    core_inserts(engine, table, plain[:PAGE])
    own_inserts(site, database, rows[:PAGE])
    theirs, their_keys = measured(site.server, lambda: core_inserts(engine, table, plain))
    ours, own_keys = measured(site.server, lambda: own_inserts(site, database, rows))
    their_updates, _ = measured(site.server, lambda: core_updates(engine, table, their_keys))
    our_updates, _ = measured(site.server, lambda: own_updates(site, database, own_keys))
    engine.dispose()
    for what, one, other in (("inserted", theirs, ours), ("changed", their_updates, our_updates)):
        print(
            f"{kind}: {len(rows)} rows {what}, processor seconds: Core {one:.2f}, mxsync {other:.2f}, ratio {other / one:.2f}"
        )


def main(count: int) -> None:
    at = datetime.now(UTC)
    rows = [{"name": f"n{n}", "email": f"e{n}@x.example", "note": "x" * 200, "at": at} for n in range(count)]
    for kind in ("sqlite", "postgresql", "mariadb"):
        with ExitStack() as stack:
            if kind == "sqlite":
                folder = stack.enter_context(tempfile.TemporaryDirectory())
                Path(folder, "site.db").touch()
                site = Site(kind, f"sqlite:///{folder}/site.db")
            else:
                server = stack.enter_context(running(kind))
                site = Site(kind, new_database(server), server)
            compare(kind, site, rows)
            site.close()
            dispose()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
