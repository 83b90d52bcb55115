"""Rows brought back and parted, on every database: with their keys, their links, and what the driver gave of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mxsync.database.tables import SqlDatabase
from mxsync.engine.baseline import baseline_of, same
from mxsync.model.item import ItemRef
from mxsync.model.record import Entity, FieldMap, LinkTable, RecordKey
from mxsync.ports.tracking import AuditRow, Intent, PairRow
from mxsync.ports.undoing import Chosen
from tests.sites import KINDS, Site, site_of

SCHEMA = (
    'CREATE TABLE "firm" ("id" {ID}, "name" {NAME})',
    'CREATE TABLE "person" ("id" {ID}, "name" {NAME}, "at" {MOMENT}, "day" DATE, "n" {BIG}, "real" {REAL}, "yes" {BOOL}, '
    '"text" {TEXT}, "firm" INTEGER)',
    'CREATE TABLE "both" (p INTEGER NOT NULL, f INTEGER NOT NULL, PRIMARY KEY (p, f))',
    'CREATE TABLE "guid" (id {GUID}, v {NAME})',
)
FIRM = Entity("firm", "firm", ("id",), {"name": FieldMap("name", ("name",))}, matched_by=(("name",),))
PERSON = Entity(
    "person", "person", ("id",),
    {name: FieldMap(name, (name,)) for name in ("name", "at", "day", "n", "real", "yes", "text")}
    | {"firm": FieldMap("firm", ("firm",), references="firm")},
    matched_by=(("name",),), links=(LinkTable("firm", "both", "p", "f"),),
)  # fmt: skip
GUID = Entity("guid", "guid", ("id",), {"v": FieldMap("v", ("v",))})
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
REF = ItemRef("anna@ours.example", "Inbox", "Inbox/1.eml")


@pytest.fixture(params=KINDS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    with site_of(request.param, request, tmp_path) as found:
        yield found


@pytest.fixture
def tables(site: Site) -> SqlDatabase:
    site.run(*SCHEMA)
    found = site.database((FIRM, PERSON, GUID))
    site.store(found).install()
    return found


def test_rows_come_back_with_their_keys_and_links(site: Site, tables: SqlDatabase) -> None:
    store = site.store(tables)
    values = {
        "name": "Jane",
        "at": NOW,
        "day": date(2026, 1, 31),
        "n": 2**40,
        "real": 1.5,
        "yes": True,
        "text": "ä" * 9000,
    }
    with store.transaction() as unit:
        (firm,) = unit.crm.insert([tables.fit("firm", {"name": "Acme"}, new=True)], {})
        more = {**values, "firm": RecordKey("firm", firm)}
        (person,) = unit.crm.insert([tables.fit("person", more, new=True)], {})
        (guid,) = unit.crm.insert([tables.fit("guid", {"v": "x"}, new=True)], {})
        unit.crm.link("person", "firm", [(person, firm)])
    keys = [RecordKey("person", person), RecordKey("firm", firm), RecordKey("guid", guid)]
    with store.reading() as unit:
        images = unit.crm.before(keys, links=True)
        back = unit.crm.taken_back
        assert set(back.linked(images[keys[0]])) == {keys[1]} and set(back.linked(images[keys[1]])) == {keys[0]}
        assert {k: list(v) for k, v in back.referring(keys).items()} == {keys[1]: [(keys[0], "firm")]}
        assert list(back.order({"person", "firm"})) == ["firm", "person"]
    # They go through the account, as an undo finds them, and come back the same.
    with store.transaction() as unit:
        unit.tracking.audit(
            [AuditRow(NOW, key, "delete", "r", "", 0, "p", REF, "i", before=images[key], run=5,
                      after=baseline_of(images[key].columns), pairs=[PairRow(REF, "i", key, True, {"a": 1})])
             for key in keys]
        )  # fmt: skip
        unit.crm.delete([keys[0]])
        unit.crm.delete(keys[1:])
    with store.reading() as unit:
        told = {row.row: row for row in unit.tracking.chosen(Chosen(run=5))}
        assert not unit.crm.before(keys, links=True)
    assert [row.number for row in told.values()] == sorted(row.number for row in told.values())
    assert told[keys[0]].pairs == (PairRow(REF, "i", keys[0], True, {"a": 1}),)
    with store.transaction("mxsync undo") as unit:
        unit.crm.taken_back.insert([image for key in keys if (image := told[key].before) is not None])
    with store.reading() as unit:
        now = unit.crm.before(keys, links=True)
        assert {key: dict(now[key].columns) for key in keys} == {key: dict(images[key].columns) for key in keys}
        assert {key: now[key].links for key in keys} == {key: images[key].links for key in keys}
        assert all(same(told[key].after[name], value) for key in keys for name, value in now[key].columns.items())
        assert unit.crm.read([keys[0]])[keys[0]].values["at"] == NOW
    with store.transaction() as unit:  # the database goes on counting behind them
        (other,) = unit.crm.insert([tables.fit("person", {"name": "Max"}, new=True)], {})
        assert other != person
        unit.crm.taken_back.insert([images[keys[1]]][:0])
        unit.crm.taken_back.unlink("person", "firm", [(person, firm)])
        unit.crm.taken_back.unlink("firm", "person", [(firm, person)])
    with store.reading() as unit:
        assert unit.crm.before(keys[:1], links=True)[keys[0]].links == ()


def test_the_database_says_whether_keys_of_a_link_are_the_same(site: Site) -> None:
    """Whether 'acme' is 'ACME' is a matter of the collation."""
    site.run(
        'CREATE TABLE "word" (id VARCHAR(20) NOT NULL PRIMARY KEY, name {NAME})',
        'CREATE TABLE "leaf" ("id" {ID}, name {NAME})',
        'CREATE TABLE "tied" (l INTEGER NOT NULL, w VARCHAR(20) NOT NULL, PRIMARY KEY (l, w))',
        "INSERT INTO \"word\" (id, name) VALUES ('ACME', 'a')",
    )
    word = Entity("word", "word", ("id",), {"name": FieldMap("name", ("name",))})
    leaf = Entity(
        "leaf", "leaf", ("id",), {"name": FieldMap("name", ("name",))}, links=(LinkTable("word", "tied", "l", "w"),)
    )
    tables = site.database((word, leaf))
    store = site.store(tables)
    store.install()
    with store.transaction() as unit:
        first, second = unit.crm.insert([tables.fit("leaf", {"name": n}, new=True) for n in ("x", "y")], {})
        images = list(unit.crm.before([RecordKey("leaf", first), RecordKey("leaf", second)], links=True).values())
        unit.crm.delete([image.key for image in images])
    small, big, gone = (
        (("tied", {"l": leaf, "w": w}),) for leaf, w in ((first, "acme"), (second, "ACME"), (0, "ACME"))
    )
    with store.transaction() as unit:
        unit.crm.taken_back.insert([replace(images[0], links=small + gone), replace(images[1], links=big)])
    ((same,),) = site.rows("SELECT count(*) FROM \"word\" WHERE id = 'acme'")
    there = [(second, "ACME"), *([(first, "acme")] if same else [])]
    assert sorted(map(tuple, site.rows('SELECT l, w FROM "tied"'))) == sorted(there)
    with store.transaction() as unit:
        unit.crm.delete([images[1].key])
        turned = (("tied", {"l": first, "w": "ACME"}),)
        unit.crm.taken_back.insert([replace(images[1], links=(*turned, *turned))])
    assert site.rows(f'SELECT count(*) FROM "tied" WHERE l = {first}') == [(1,)]


def test_what_is_undone_is_told_apart(site: Site, tables: SqlDatabase) -> None:
    store, key = site.store(tables), RecordKey("person", 1)
    with store.transaction() as unit:
        tracking = unit.tracking
        runs = [tracking.begin_run(kind, "p", NOW) for kind in ("sync", "sync", "undo")]
        for run in runs[:2]:
            tracking.audit(
                [AuditRow(NOW, key, "update", f"R'{run}%", "", 0, "p", REF, "i", {"name": (f"{run}", "rule")}, run=run)]
            )
            tracking.intend(
                [Intent("same", REF, "document", {"rule": f"R'{run}%"}), Intent(f"k{run}", REF, "edit", {})], run
            )
        assert [row.run for row in tracking.all_of_rows([key])[key]] == runs[:2]
        assert [e.key for e in tracking.effects(Chosen(run=runs[1]))] == ["same", f"k{runs[1]}"]
        assert len(tracking.effects_of_keys(["same"])) == 2 and len(tracking.effects_of_items([REF])) == 4
        assert [e.key for e in tracking.effects(Chosen(rule=f"R'{runs[0]}%"))] == ["same", "same"]  # one thing for both
        assert [row.run for row in tracking.chosen(Chosen(rule=f"R'{runs[0]}%"))] == runs[:1]
        assert [row.run for row in tracking.chosen(Chosen(refs=(REF,), runs=frozenset(runs[1:])))] == runs[1:2]
        (row,) = tracking.chosen(Chosen(run=runs[0]))
        tracking.mark_undone([row.number], runs[2])
        tracking.mark_effects_undone(tracking.effects_of_keys(["same"]), runs[2])
        assert tracking.chosen(Chosen(run=runs[0])) == () and tracking.undone_by(Chosen(run=runs[0])) == {runs[2]}
        assert tracking.effects_of_keys(["same"]) == () and tracking.journal_states(["same"]) == {}
        tracking.intend([Intent("same", REF, "document", {})], runs[1])  # free to be wanted again
        assert tracking.journal_states(["same"]) == {"same": "intended"}
        moved = ItemRef(REF.mailbox, "Done", "Done/1.eml")
        tracking.took_place("same", moved)
        assert [e.ref for e in tracking.effects_of_items([moved])] == [moved]
        found = tracking.run(runs[2])
        assert found is not None and found.kind == "undo" and tracking.run(99) is None
        # What is erased takes the mark with it: its number may be given again.
        tracking.erase_rows([key])
        assert tracking.undone_by(Chosen(run=runs[0])) == {runs[2]}  # by the effects alone
        tracking.erase_items([REF, moved], gone=True)
        assert tracking.undone_by(Chosen(run=runs[0])) == frozenset()
