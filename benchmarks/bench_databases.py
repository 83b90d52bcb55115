"""Rows written in bulk on each database, mxsync's way against plain SQLAlchemy Core with insertmanyvalues; keys given back
by both.

python benchmarks/bench_databases.py [rows]     (needs the servers of the tests: apt install postgresql mariadb-server)
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import MetaData, Table, create_engine, insert

from mxsync.model.record import Entity, FieldMap
from tests.sites import Site, dispose, new_database
from tests.sql_servers import running

PAGE = 250
PERSON = Entity(
    "person", "people", ("id",), {name: FieldMap(name, (name,)) for name in ("name", "email", "note", "at")}
)
DEFINITION = "CREATE TABLE {} (id {{ID}}, name {{NAME}}, email {{NAME}}, note {{TEXT}}, at {{MOMENT}})"


def core(url: str, rows: list[dict[str, Any]]) -> float:
    engine = create_engine(url)
    table = Table("other", MetaData(), autoload_with=engine)
    plain = [{**row, "at": row["at"].replace(tzinfo=None)} for row in rows]
    began = time.perf_counter()
    with engine.begin() as connection:
        for start in range(0, len(plain), PAGE):
            statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
            connection.execute(statement, plain[start : start + PAGE]).fetchall()
    took = time.perf_counter() - began
    engine.dispose()
    return took


def ours(site: Site, rows: list[dict[str, Any]]) -> float:
    database = site.database((PERSON,))
    store = site.store(database)
    store.install()
    began = time.perf_counter()
    with store.transaction() as unit:
        for start in range(0, len(rows), PAGE):
            unit.crm.insert([database.fit("person", row, new=True) for row in rows[start : start + PAGE]], {})
    return time.perf_counter() - began


def main(count: int) -> None:
    at = datetime.now(UTC)
    rows = [{"name": f"n{n}", "email": f"e{n}@x.example", "note": "x" * 200, "at": at} for n in range(count)]
    for kind in ("postgresql", "mariadb"):
        with running(kind) as server:
            site = Site(kind, new_database(server), server)
            site.run(DEFINITION.format("people"), DEFINITION.format("other"))
            core(site.url, rows)
            theirs, own = core(site.url, rows), ours(site, rows)
            print(
                f"{kind}: {count} rows, Core {count / theirs:.0f}/s, mxsync {count / own:.0f}/s, ratio {own / theirs:.2f}"
            )
            site.close()
            dispose()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
