"""Values are fitted for their columns in another process as they are in this one."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from mxsync.database.tables import SqlDatabase
from mxsync.decide.phone_numbers import e164_of
from mxsync.dialects import dialect_of
from mxsync.errors import BadContent
from mxsync.model.item import Address
from mxsync.model.record import Converter, Entity, FieldMap, RecordKey
from mxsync.ports.database import Fit, Fitted

SCHEMA = (
    "CREATE TABLE firms (id INTEGER PRIMARY KEY)",
    'CREATE TABLE people (id INTEGER PRIMARY KEY, code VARCHAR(6) UNIQUE, name VARCHAR(8), phone TEXT, "at" TIMESTAMP, '
    "home TIMESTAMP, born DATE, state CHAR(1), a TEXT, b TEXT, n INTEGER, firm INTEGER REFERENCES firms (id), "
    "kind TEXT, source TEXT, twice INTEGER GENERATED ALWAYS AS (n * 2) VIRTUAL)",
)
FIRM = Entity("firm", "firms", ("id",), {})
PERSON = Entity(
    "person", "people", ("id",),
    {
        "code": FieldMap("code", ("code",)), "name": FieldMap("name", ("name",)),
        "phone": FieldMap("phone", ("phone",), converter=Converter("phone")), "at": FieldMap("at", ("at",)),
        "home": FieldMap("home", ("home",), converter=Converter("local")), "born": FieldMap("born", ("born",)),
        "state": FieldMap("state", ("state",), converter=Converter("coded", codes=(("good", "G"), ("bad", "B")))),
        "email": FieldMap("email", ("a", "b")), "n": FieldMap("n", ("n",)),
        "firm": FieldMap("firm", ("firm",), references="firm"), "twice": FieldMap("twice", ("twice",)),
    },
    matched_by=(("code",),), where=(("kind", "person"),), fill=(("source", True),),
)  # fmt: skip
JANE = {
    "code": "J1", "name": "Jane Roe-Müller", "phone": "011 555 0100", "at": datetime(2026, 3, 2, 10, tzinfo=UTC),
    "home": datetime(2026, 3, 2, 10, tzinfo=UTC), "born": date(1980, 2, 29), "state": "Good", "twice": 8,
    "email": (Address("Jane", "jane@acme.example"), "j@roe.example", "third@roe.example"), "n": 4,
    "firm": RecordKey("firm", 3), "nothing of the table": "x",
}  # fmt: skip


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqlDatabase]:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    dialect = dialect_of(url)
    engine = dialect.open(url, base=tmp_path, create=True)
    with engine.connect() as connection:
        for statement in SCHEMA:
            connection.exec_driver_sql(statement)
        connection.commit()
    found = SqlDatabase(
        engine, dialect, timezone="America/New_York", organisation="Africa/Johannesburg",
        to_phone=partial(e164_of, region="ZA"),
    )  # fmt: skip
    found.use({"person": PERSON, "firm": FIRM})
    yield found
    engine.dispose()


def elsewhere(database: SqlDatabase) -> Fit:
    """As another process has it."""
    found: Fit = pickle.loads(pickle.dumps(database.fitting("person")))
    assert found is not database.fitting("person")
    return found


@pytest.mark.parametrize("new", [True, False])
def test_every_kind_of_value(database: SqlDatabase, new: bool) -> None:
    there = elsewhere(database)(JANE, new=new)
    assert there == database.fit("person", JANE, new=new)
    assert there == Fitted(
        "person",
        {
            **({"kind": "person", "source": 1} if new else {}),
            "code": "J1", "name": "Jane Roe", "phone": "+27115550100", "at": "2026-03-02 05:00:00",
            "home": "2026-03-02 12:00:00", "born": "1980-02-29", "state": "G", "a": "jane@acme.example",
            "b": "j@roe.example", "n": 4, "firm": RecordKey("firm", 3),
        },
        (
            "`name` was cut from 15 to 8 characters for people.name",
            "`email` has 3 values and 2 columns: the rest is left out",
        ),
        frozenset({"name"}),
    )  # fmt: skip


@pytest.mark.parametrize("values", [{"code": "too long"}, {"state": "middling"}, {"n": 2**70}, {"name": object()}])
def test_what_does_not_fit_does_not_fit_there_either(database: SqlDatabase, values: dict[str, Any]) -> None:
    for fit in (database.fitting("person"), elsewhere(database)):
        with pytest.raises(BadContent):
            fit(values, new=True)


def test_it_is_another_once_the_entity_is_mapped_anew(database: SqlDatabase) -> None:
    before = database.fitting("person")
    assert database.fitting("person") is before
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE people ADD COLUMN more TEXT")
        connection.commit()
    database.follow()
    assert database.fitting("person") is not before
