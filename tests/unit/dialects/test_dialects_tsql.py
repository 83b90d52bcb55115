"""All T-SQL that mxsync sends, as golden files, and understood by a parser of T-SQL.

No SQL Server runs here: the statements are collected from a driver that answers nothing, while every method of both
sides is called. MXSYNC_WRITE_GOLDEN=1 writes the files anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.dialects.mssql.base import RESERVED_WORDS
from sqlglot import exp

from mxsync.database.changelog import ChangeLog
from mxsync.dialects.mssql import Mssql
from mxsync.dialects.mssql_open import SESSION
from mxsync.model.item import ItemRef, Kind
from mxsync.model.record import Find, Get, Linked, Planned, RecordKey
from mxsync.ports.database import BeforeImage, CrmUnit, Fitted, PeopleInTables, RowChange, RowsTakenBack
from mxsync.ports.links import LinkRow, LinkTables, WaitingRow, WatchedRow
from mxsync.ports.tracking import AsideRow, AuditRow, Intent, ItemRow, PairRow, ReviewRow, Tombstone, TrackingUnit
from mxsync.ports.undoing import Chosen, Effected, UndoTables
from mxsync.tracking.store import SqlStore
from tests.tsql import FIRM, PART, PERSON, KnownSchema, assert_golden, silent_engine, trees

GROUPS = (
    "session",
    "tables",
    "changelog",
    "catalogue",
    "lookups",
    "writing",
    "memory",
    "account",
    "people",
    "erasing",
    "undoing",
    "syncs",
    "comparing",
)
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def collected() -> dict[str, list[str]]:
    """All statements, by group, each once."""
    seen: list[str] = []
    engine = silent_engine(seen)
    dialect = Mssql()
    database = KnownSchema(engine, dialect, timezone="UTC", to_phone=str)
    found: dict[str, list[str]] = {"session": list(SESSION)}

    def group(name: str) -> None:
        found[name] = list(dict.fromkeys(seen))
        seen.clear()

    database._has_log = True  # no answer of this server would say so
    database.use({entity.name: entity for entity in (PERSON, FIRM, PART)})
    with engine.connect() as connection:
        dialect.schema_version(connection)
        dialect.schemas(connection)
        dialect.watched(connection)
        dialect.remove_change_log(connection)
    group("catalogue")
    store, log = SqlStore(engine, dialect, database.unit), ChangeLog(database, database.entities())
    found["tables"] = store.ddl()
    found["changelog"] = [*log.statements(), *log.grants("mxsync", store.own_tables())]
    with store.reading() as unit:
        ask = unit.crm.answer
        keys = [RecordKey("person", 1), RecordKey("person", 2)]
        ask([Find("person", ("email",), (text,)) for text in ("jane@acme.example", "jöe@b.example")])
        ask([Find("person", ("first_name",), (text,)) for text in ("jane", "strasse")])
        ask([Find("person", ("age",), ("5",)), Find("person", ("age",), ("1.5",)), Find("person", ("seen",), ("x",))])
        ask([Find("person", ("firm",), (RecordKey("firm", "a"),)), Find("firm", ("name",), ("acme",))])
        ask([*map(Get, keys), Get(RecordKey("part", ("a", 1)))])
        ask([Linked("firm", keys[0]), Linked("person", RecordKey("firm", "a"))])
        unit.crm.read(keys)
        unit.crm.before([*keys, RecordKey("part", ("a", 1))], links=True)
    group("lookups")
    with store.transaction() as unit:
        rows = [Fitted("person", {"Email": f"{name}@x.example", "Age": 5}) for name in "ab"]
        unit.crm.insert(
            [*rows, Fitted("person", {"First Name": "c", "CompanyID": RecordKey("firm", Planned(7))})], {7: "g"}
        )
        unit.crm.insert([Fitted("person", {})], {})
        unit.crm.insert([Fitted("firm", {"Name": "Acme"})], {})
        unit.crm.insert([Fitted("part", {"a": "x", "b": 1, "v": "y"})], {})
        unit.crm.update([(1, Fitted("person", {"Email": "x", "Age": None}))], {})
        unit.crm.update([(("a", 1), Fitted("part", {"v": "x"}))], {})
        unit.crm.link("person", "firm", [(1, "a"), (2, "b")])
        unit.crm.delete([keys[0], RecordKey("firm", "a")])
        unit.crm.changes(100)
        unit.crm.told_gone([keys[0], RecordKey("part", ("a", 1))])
        unit.crm.log_mark()
        unit.crm.taken_after(7)
        unit.crm.log_holds("1 2026-11-24T09:00:00Z")
        unit.crm.take([RowChange(200_000, "Contacts", (keys[0],), (), "insert", NOW, False, "")])
    group("writing")
    ref = ItemRef("anna@ours.example", "Inbox", "1.eml")
    with store.transaction() as unit:
        tracking = unit.tracking
        tracking.cursor(ref.mailbox)
        tracking.set_cursor(ref.mailbox, "c")
        tracking.known(ref.mailbox, "Inbox")
        tracking.items([ref])
        tracking.items_by_identity(ref.mailbox, ["i"])
        tracking.save_items([ItemRow(ref, Kind.MAIL, "r", "s", "i", "nothing", "p", "", NOW)])
        tracking.renew_stamps(ref.mailbox, [("1.eml", "s")])
        tracking.forget_items([ref])
        tracking.pairs([ref])
        tracking.pairs_by_identity(["i"])
        tracking.pairs_of_rows(keys)
        tracking.folders_of(["i"])
        tracking.claim(["i"])
        tracking.save_pairs([PairRow(ref, "i", keys[0], True, {})])
        tracking.drop_pairs([(ref, keys[0])])
    group("memory")
    with store.transaction() as unit:
        tracking = unit.tracking
        tracking.audit([AuditRow(NOW, keys[0], "save", "r", "f", 1, "p", ref, "i")])
        tracking.history(keys[0])
        tracking.memories(keys)
        tracking.confirm({keys[0]: {"email": NOW}})
        tracking.history_of_item(ref)
        tracking.intend([Intent("k", ref, "mark", {})])
        tracking.pending()
        tracking.pending(ref.mailbox)
        tracking.given_up(5)
        tracking.begin(["k"])
        tracking.performed("k", {})
        tracking.refused("k", "no", NOW)
        tracking.unseen("k", "not let", NOW)
        tracking.failed("k", "no", final=True)
        tracking.prune(NOW, timedelta(days=90))
        tracking.begin_run("sync", "p", NOW)
        tracking.end_run(1, NOW, {}, "done")
        tracking.runs(5)
        tracking.has_run(1)
    group("account")
    with store.transaction() as unit:
        tracking = unit.tracking
        tracking.hold([ReviewRow(NOW, ref, "i", "why", "r", "p")])
        tracking.held()
        tracking.release([ref])
        tracking.set_aside([AsideRow(ref, "r", "s", 1, NOW, NOW)])
        tracking.clear_aside([ref])
        tracking.aside()
        tracking.aside(ref.mailbox)
        tracking.take_lease("anna@ours.example", "h 1 2.00", NOW)
        tracking.renew_lease("anna@ours.example", "h 1 2.00", 1, NOW)
        tracking.drop_lease("anna@ours.example", "h 1 2.00", 1)
        tracking.working_on(ref.mailbox, [ref])
        tracking.was_working_on(ref.mailbox)
        tracking.count_death([ref])
        tracking.forget_deaths([ref])
        tracking.counts()
        tracking.deaths([ref])
        tracking.reviewed(1)
    group("people")
    with store.transaction() as unit:
        tracking = unit.tracking
        tracking.histories([ref])
        tracking.intended([ref])
        tracking.intents(["k"])
        tracking.moved(ref.mailbox)
        tracking.anybody_erased()
        tracking.bury(["a@b.example"], Tombstone(NOW, {}, False))
        tracking.erased(["a@b.example"])
        tracking.tombstone("a@b.example")
        tracking.items_of_rows(keys)
        tracking.items_named(["a@b.example"])
        tracking.erase_rows(keys)
        tracking.erase_items([ref], gone=True)
        tracking.erase_items([ref], gone=False)
        tracking.strike(["a@b.example"], ["A B"])
        struck = unit.crm.people
        struck.strike(["a@b.example"], ["A B"])
        struck.remains(["a@b.example"])
        struck.unrefer("firm", ["a"])
    group("erasing")
    with store.transaction("mxsync undo") as unit:
        tracking, back = unit.tracking, unit.crm.taken_back
        for asked in (Chosen(run=5), Chosen(rule="Offers"), Chosen(refs=(ref,), runs=frozenset({5}))):
            tracking.chosen(asked)
            tracking.effects(asked)
            tracking.undone_by(asked)
        tracking.all_of_rows(keys)
        tracking.effects_of_keys(["k"])
        tracking.effects_of_items([ref])
        tracking.run(5)
        tracking.mark_undone([7], 6)
        tracking.mark_effects_undone([Effected(1, "k", 5, ref, "edit", {}, "performed")], 6)
        tracking.took_place("k", ref)
        tracking.items_after(ref.mailbox, "", 5)
        tracking.rows_known_after("person", None, 10)
        tracking.done_after(0, 5)
        tracking.documents_after(0, 5)
        tracking.links_after(ref.mailbox, "", 5)
        back.insert(
            [BeforeImage(keys[0], {"ContactID": 1, "Email": "x"}), BeforeImage(RecordKey("firm", "a"), {"Id": "a"})]
        )
        back.unlink("person", "firm", [(1, "a")])
        back.order(["person", "firm"])
        list(back.linked(BeforeImage(keys[0], {}, (("ContactFirms", {"ContactID": 1}),))))
        back.referring([*keys, RecordKey("firm", "a")])
    group("undoing")
    with store.transaction() as unit:
        tracking = unit.tracking
        link = LinkRow("s", "u", ref, keys[0])
        tracking.save_links([link])
        tracking.links_of_items([ref])
        tracking.links_of_hubs(keys)
        tracking.links_of_sync("s", "u")
        tracking.count_links("s", "u")
        tracking.drop_links([link])
        tracking.enqueue([WaitingRow(ref, "changed")])
        tracking.remind([WaitingRow(ref, "changed")])
        tracking.frozen()
        tracking.revive(["k"])
        tracking.enqueue_folder(ref.mailbox, "Inbox")
        tracking.enqueue_missing("s", "u")
        tracking.waiting(10)
        tracking.waiting(10, NOW)
        tracking.put_off(NOW)
        tracking.dequeue([WaitingRow(ref, "changed"), WaitingRow(ref, "changed", "", "t")])
        tracking.save_keys(ref, ["k"])
        tracking.items_by_keys(ref.mailbox, ["k"])
        tracking.forget_keys([ref])
        tracking.sync_digests()
        tracking.set_sync_digest("s", "u", "d")
        tracking.set_sync_digest("s", "u", "")
        tracking.journal_states(["k"])
        tracking.row_memory(keys)
        tracking.save_row_memory([WatchedRow(keys[0], {}, frozenset())])
        tracking.forget_row_memory(keys)
        with tracking.part():
            tracking.note("n")
        tracking.set_note("n", "v")
        unit.crm.walk("person", None, 10)
        unit.crm.walk("part", ("a", 1), 10)
    group("syncs")
    compared = KnownSchema(engine, dialect, timezone="UTC", to_phone=str, changes="modified")
    compared._has_log = True
    compared.use({"person": replace(PERSON, modified="Seen", links=()), "firm": FIRM, "part": PART})
    seen.clear()
    with SqlStore(engine, dialect, compared.unit).transaction() as unit:
        unit.crm.notice()
    group("comparing")
    engine.dispose()
    return found


@pytest.fixture(scope="module")
def statements() -> Mapping[str, Sequence[str]]:
    return collected()


@pytest.mark.parametrize("group", GROUPS)
def test_the_golden_file(statements: Mapping[str, Sequence[str]], group: str) -> None:
    assert_golden(group, statements[group])


def every(statements: Mapping[str, Sequence[str]]) -> list[str]:
    sample = (Path(__file__).parents[3] / "sql" / "mssql" / "sample.sql").read_text(encoding="utf-8")
    return [*(each for group in GROUPS for each in statements[group]), *sample.split("\nGO\n")]


def test_a_parser_of_t_sql_understands_all_of_it(statements: Mapping[str, Sequence[str]]) -> None:
    not_understood = []
    for statement in every(statements):
        for tree in trees(statement):
            # What the parser has no grammar for it keeps as it is: SET options, and nothing that reads or writes.
            if isinstance(tree, exp.Command) and tree.name.upper() not in ("SET", "GRANT"):
                not_understood.append(statement)
    assert not_understood == []


def test_no_name_is_a_word_of_t_sql(statements: Mapping[str, Sequence[str]]) -> None:
    reserved = []
    for statement in every(statements):
        for tree in trees(statement):
            if isinstance(tree, exp.Command | exp.Set) or statement.startswith("SET IDENTITY_INSERT "):
                continue  # an option, which is a word itself
            for name in tree.find_all(exp.Identifier):
                if not name.quoted and name.name.lower() in RESERVED_WORDS - {"max"}:
                    reserved.append((name.name, statement))
    assert reserved == []


def test_nothing_of_another_dialect_is_in_it(statements: Mapping[str, Sequence[str]]) -> None:
    foreign = re.compile(
        r"\b(LIMIT|RETURNING|ON CONFLICT|ON DUPLICATE|AUTO_?INCREMENT|BOOLEAN|IF NOT EXISTS mxsync)\b|`|\$\d|%s|::"
    )
    assert [each for each in every(statements) if foreign.search(each)] == []


def test_output_never_stands_alone(statements: Mapping[str, Sequence[str]]) -> None:
    """A table with triggers refuses OUTPUT without INTO; only mxsync's own table of passes has none."""
    alone = [s for s in every(statements) if re.search(r"OUTPUT (?!.* INTO )", s) and "mxsync_runs" not in s]
    assert alone == []


def test_no_method_of_either_side_is_left_out() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    for protocol, name in (
        (TrackingUnit, "tracking"),
        (LinkTables, "tracking"),
        (CrmUnit, "unit.crm"),
        (PeopleInTables, "struck"),
        (UndoTables, "tracking"),
        (RowsTakenBack, "back"),
    ):
        methods = [each for each in vars(protocol) if not each.startswith("_")]
        assert len(methods) > 2
        assert [
            each
            for each in methods
            if f"{name}.{each}(" not in source and each not in ("answer", "people", "taken_back")
        ] == []
