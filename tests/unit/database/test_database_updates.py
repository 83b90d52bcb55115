"""Several changes of one row in one page: the later value of each column is what remains, whichever columns go together."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from mxsync.database.tables import SqlDatabase
from mxsync.dialects import dialect_of
from mxsync.model.record import Entity, FieldMap
from mxsync.ports.database import Fitted

PERSON = Entity("person", "people", ("id",), {"a": FieldMap("a", ("a",)), "b": FieldMap("b", ("b",))})
CHANGES = [{"a": "1"}, {"a": "2", "b": "2"}, {"a": "3"}, {"b": "4"}]


@pytest.mark.parametrize("order", list(itertools.permutations(range(len(CHANGES)))))
def test_the_later_value_remains(tmp_path: Path, order: tuple[int, ...]) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    dialect = dialect_of(url)
    engine = dialect.open(url, base=tmp_path, create=True)
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE people (id INTEGER PRIMARY KEY, a TEXT, b TEXT)")
        connection.exec_driver_sql("INSERT INTO people (id, a, b) VALUES (7, '0', '0')")
        connection.commit()
    database = SqlDatabase(engine, dialect, timezone="UTC", to_phone=str)
    database.use({"person": PERSON})
    changes = [CHANGES[number] for number in order]
    with engine.connect() as connection:
        database.unit(connection).update([(7, Fitted("person", dict(change))) for change in changes], {})
        found = connection.exec_driver_sql("SELECT a, b FROM people").fetchone()
    engine.dispose()
    expected: dict[str, str] = {}
    for change in changes:
        expected |= change
    assert found is not None and tuple(found) == (expected["a"], expected["b"])
