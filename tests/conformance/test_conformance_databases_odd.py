"""Tables as they are met: types of each database's own, keys of every kind, names in every spelling."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mxsync.database.changelog import ChangeLog
from mxsync.engine.baseline import same
from mxsync.errors import BadContent
from mxsync.model.record import Converter, Entity, FieldMap, Find, Get, RecordKey
from mxsync.model.schema import ColumnType
from tests.sites import SERVERS, Site, site_of

TABLES = {
    "postgresql": (
        "CREATE TYPE mood AS ENUM ('sad', 'ok')",
        "CREATE DOMAIN address AS VARCHAR(80) CHECK (VALUE LIKE '%@%')",
        "CREATE SEQUENCE odd_id",
        "CREATE TABLE \"odd\" (id NUMERIC(18,0) DEFAULT nextval('odd_id') PRIMARY KEY, feeling mood, mail address, amount "
        "NUMERIC(12,2), data JSONB, tags TEXT[], code CHAR(5), flag BOOLEAN, at TIMESTAMPTZ(3), tod TIME, span INTERVAL, "
        "ref UUID, raw BYTEA, small SMALLINT, price MONEY, xml XML)",
        "CREATE TABLE parted (id INTEGER, name VARCHAR(80), PRIMARY KEY (id)) PARTITION BY RANGE (id)",
        "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (1000)",
    ),
    "mariadb": (
        "CREATE TABLE \"odd\" (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, feeling ENUM('sad', 'ok'), mail VARCHAR(80) CHARACTER "
        "SET latin1, amount DECIMAL(12,2), data JSON, tags SET('a', 'b'), code CHAR(5), flag BIT(1), at TIMESTAMP(3) NULL, tod TIME, "
        "span YEAR, ref VARCHAR(36) COLLATE utf8mb4_bin, raw LONGBLOB, small INT(5) UNSIGNED ZEROFILL, price DOUBLE, xml MEDIUMTEXT, "
        "CHECK (mail LIKE '%@%'))",
        "CREATE TABLE parted (id INTEGER PRIMARY KEY, name VARCHAR(80)) PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN (1000))",
    ),
    "mssql": (
        "CREATE TABLE \"odd\" (id NUMERIC(18,0) IDENTITY PRIMARY KEY, feeling NVARCHAR(10), mail NVARCHAR(80) CHECK (mail LIKE '%@%'), "
        "amount DECIMAL(12,2), data NVARCHAR(MAX), tags SQL_VARIANT, code NCHAR(5), flag BIT, at DATETIMEOFFSET(3), tod TIME, "
        "span SMALLDATETIME, ref UNIQUEIDENTIFIER, raw VARBINARY(MAX), small SMALLINT, price MONEY, xml XML, place HIERARCHYID)",
        "CREATE TABLE parted (id INTEGER PRIMARY KEY, name NVARCHAR(80))",
    ),
}
NAMES = ("feeling", "mail", "amount", "data", "code", "flag", "at", "ref", "small", "price", "xml")
ODD = Entity(
    "odd", "odd", ("id",),
    {
        **{name: FieldMap(name, (name,)) for name in NAMES},
        "yes": FieldMap("yes", ("flag",), converter=Converter("coded", codes=(("on", 1), ("off", 0)))),
    },
)  # fmt: skip
PARTED = Entity("parted", "parted", ("id",), {"id": FieldMap("id", ("id",)), "name": FieldMap("name", ("name",))})
AT = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
VALUES: dict[str, Any] = {
    "feeling": "ok", "mail": "jane@acme.example", "amount": 12.5, "data": '{"a": 1}', "code": "ab", "flag": True, "at": AT,
    "ref": "0f8fad5b-d9cb-469f-a165-70867728950e", "small": 7, "xml": "<a/>",
}  # fmt: skip


@pytest.fixture(params=SERVERS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    with site_of(request.param, request, tmp_path) as found:
        found.run(*TABLES[found.kind])
        yield found


def test_types_of_the_databases_own(site: Site) -> None:
    database = site.database((ODD,))
    store = site.store(database)
    store.install()
    with store.raw() as connection:
        ChangeLog(database, database.entities()).install(connection)
    fitted = database.fit("odd", VALUES | ({"price": 1234.5} if site.kind == "mssql" else {}), new=True)
    with store.transaction() as unit:
        (key,) = unit.crm.insert([fitted], {})
        assert isinstance(key, int)
        found = unit.crm.read([RecordKey("odd", key)])[RecordKey("odd", key)].values
        assert {name: found[name] for name in VALUES} | {"ref": str(found["ref"]).lower()} == VALUES
        assert found["yes"] == "on" and (found["price"] == 1234.5 or site.kind != "mssql")
        image = unit.crm.before([RecordKey("odd", key)], links=False)[RecordKey("odd", key)].columns
    # Nothing echoes: what is read is what was written.
    assert [n for n, v in fitted.columns.items() if not same(v, image[n])] == []
    with store.transaction() as unit:
        unit.crm.delete([RecordKey("odd", key)])
    with store.transaction() as unit:
        assert [change.keys[0].value for change in unit.crm.changes(10)] == [key, key]


def test_what_such_a_type_cannot_hold_is_refused_alone(site: Site) -> None:
    database = site.database((ODD,))
    store = site.store(database)
    store.install()
    for name, value in (
        ("feeling", "furious"),
        ("mail", "nobody"),
        ("small", 10**12),
        ("data", "{"),
        ("amount", "much"),
    ):
        if site.kind == "mssql" and name in ("feeling", "data"):
            continue
        with pytest.raises(BadContent) as refused, store.transaction() as unit:
            unit.crm.insert([database.fit("odd", {name: value}, new=True)], {})
        assert "furious" not in str(refused.value)
    assert site.rows('SELECT count(*) FROM "odd"') == [(0,)]


def test_a_before_image_of_every_type_can_be_remembered(site: Site) -> None:
    from mxsync.tracking.codec import decode, encode

    database = site.database((ODD,))
    store = site.store(database)
    store.install()
    tags = {"postgresql": "'{a,b}'", "mariadb": "'a,b'", "mssql": "1.5"}[site.kind]
    span = {"postgresql": "'3 days'", "mariadb": "2026", "mssql": "'2026-01-01'"}[site.kind]
    raw = {"postgresql": "'\\x00ff'", "mariadb": "x'00ff'", "mssql": "0x00FF"}[site.kind]
    site.rows(
        f"INSERT INTO \"odd\" (feeling, mail, amount, tags, tod, span, raw, price) VALUES ('ok', 'a@b', 1.25, {tags}, '10:30:00', {span}, {raw}, 3)"
    )
    if site.kind == "mssql":
        site.run("UPDATE \"odd\" SET place = CAST('/1/' AS HIERARCHYID)")
    with store.transaction() as unit:
        (image,) = unit.crm.before([RecordKey("odd", 1)], links=False).values()
    columns = dict(image.columns)
    assert decode(encode(columns)) == {n: tuple(v) if isinstance(v, list) else v for n, v in columns.items()}
    assert columns["raw"] == b"\x00\xff" and columns["amount"] == 1.25
    assert columns.get("place", b"\x58") == b"\x58"  # as SQL Server keeps it


def test_columns_are_told_by_their_types(site: Site) -> None:
    table = site.database((ODD,)).schema().table("odd")
    assert table is not None
    kinds = {column.name: column.type for column in table.columns}
    assert (
        kinds["flag"] is ColumnType.BOOLEAN
        and kinds["amount"] is ColumnType.NUMBER
        and kinds["at"] is ColumnType.MOMENT
    )
    assert (
        kinds["code"] is ColumnType.TEXT and kinds["raw"] is ColumnType.BINARY and kinds["small"] is ColumnType.NUMBER
    )
    assert kinds["price"] is (ColumnType.OTHER if site.kind == "postgresql" else ColumnType.NUMBER)
    lengths = {column.name: column.length for column in table.columns}
    # SQLAlchemy does not say how long a domain of PostgreSQL is: what is longer is refused, not cut.
    assert (
        lengths["mail"] == (None if site.kind == "postgresql" else 80)
        and lengths["code"] == 5
        and lengths["xml"] in (None, 2**24 - 1)
    )
    generated = {column.name for column in table.columns if column.generated}
    assert generated == {"id"}


def test_partitions_and_keys_that_mxsync_is_to_give(site: Site) -> None:
    database = site.database((PARTED,))
    store = site.store(database)
    store.install()
    with store.transaction() as unit:
        assert unit.crm.insert([database.fit("parted", {"id": 5, "name": "x"}, new=True)], {}) == [5]
        answers = unit.crm.answer([Find("parted", ("name",), ("x",)), Get(RecordKey("parted", 5))])
        assert all(len(records) == 1 for records in answers.values())
    with pytest.raises(BadContent), store.transaction() as unit:
        unit.crm.insert([database.fit("parted", {"name": "no key"}, new=True)], {})
