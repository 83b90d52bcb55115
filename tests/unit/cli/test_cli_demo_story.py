"""What came of the sample mail, in words for a salesman."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from mxsync.cli.demo_story import story
from mxsync.model.effect import Cause, CreateRow, Effect, LinkRows, SaveAttachment, SaveItem, UpdateRow
from mxsync.model.item import ItemRef
from mxsync.model.outcome import Decision, Fate, Step, Trace
from mxsync.model.record import Planned, RecordKey

CAUSE = Cause("Create contact and company", "crm.rules", 3)
MAIL = ItemRef("anna@ours.example", "Inbox", "Inbox/2026-11-02 Jane Roe.eml")


def database(folder: Path) -> Path:
    path = folder / "crm.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            "CREATE TABLE Contacts (ContactID INTEGER PRIMARY KEY, FullName TEXT, Email TEXT);"
            "CREATE TABLE Users (UserID INTEGER PRIMARY KEY, FullName TEXT, Email TEXT);"
            "INSERT INTO Contacts VALUES (3, 'Gus Hale', 'gus@hale.example'), (4, NULL, 'x@y.example');"
            "INSERT INTO Users VALUES (1, 'Anna Reed', 'anna@ours.example');"
        )
    return path


def decided(fate: Fate, *effects: Effect, ref: ItemRef = MAIL, reason: str = "") -> Decision:
    return Decision(ref, fate, effects, reason=reason, trace=Trace((Step(CAUSE, True),)))


def test_who_was_created_from_what_and_what_was_linked(tmp_path: Path) -> None:
    jane, acme, mail = (RecordKey(name, Planned(n)) for n, name in enumerate(("contact", "company", "email")))
    told = story(
        [
            decided(
                Fate.APPLIED,
                CreateRow(CAUSE, jane, {"full_name": "Jane Roe", "email": "jane@acme.example"}),
                CreateRow(CAUSE, acme, {"name": "Acme Pumps"}),
                LinkRows(CAUSE, jane, acme),
                SaveItem(CAUSE, mail, {"subject": "Pump station"}, {"status": "Handled"}),
                LinkRows(CAUSE, mail, jane),
                LinkRows(CAUSE, mail, RecordKey("user", 1)),
                SaveAttachment(CAUSE, "1", "offer.pdf", "", "ab", None),
            )
        ],
        [],
        database(tmp_path),
    )
    assert told.lines() == [
        "New in the CRM:",
        "  mail '2026-11-02 Jane Roe' (anna@ours.example)",
        "    - contact Jane Roe created",
        "    - company Acme Pumps created",
        "    - contact Jane Roe linked to company Acme Pumps",
        "    - saved as email, linked to contact Jane Roe, user Anna Reed",
        "    - its status set to Handled",
        "    - attachment offer.pdf stored",
    ]


def test_what_was_saved_left_alone_or_not_read(tmp_path: Path) -> None:
    call = RecordKey("journal", Planned(1))
    told = story(
        [
            decided(
                Fate.APPLIED,
                SaveItem(CAUSE, call, {}),
                LinkRows(CAUSE, call, RecordKey("contact", 3)),
                LinkRows(CAUSE, call, RecordKey("contact", 4)),
                UpdateRow(CAUSE, RecordKey("contact", 3), {"status": "Called"}),
                ref=ItemRef("anna@ours.example", "Journal", "Journal/call.ics"),
            ),
            decided(Fate.SKIPPED, reason="company policy 4.2"),
            decided(Fate.HELD),
            decided(Fate.NOTHING),
            decided(Fate.NOTHING),
            decided(Fate.SET_ASIDE),
        ],
        [("ben@ours.example/Inbox/odd.eml", "it is no mail")],
        database(tmp_path),
    )
    assert told.lines() == [
        "Saved, and linked to those it concerns:",
        "  journal entry 'call' (anna@ours.example)",
        "    - saved as journal, linked to contact Gus Hale, contact x@y.example",
        "    - contact Gus Hale: status set",
        "",
        "Left alone:",
        "  mail '2026-11-02 Jane Roe' (anna@ours.example)",
        "    - rule 'Create contact and company' says so: company policy 4.2",
        "",
        "Waiting for you:",
        "  ben@ours.example/Inbox/odd.eml",
        "    - it is no mail",
        "  mail '2026-11-02 Jane Roe' (anna@ours.example)",
        "    - it waits for a person",
        "",
        "Nobody's business here, and not stored: 2 items of people the CRM does not know.",
    ]
    assert told.document()["of_no_interest"] == 2


def test_of_nothing_there_is_nothing_to_tell(tmp_path: Path) -> None:
    assert story([], [], database(tmp_path)).lines() == []


def test_a_name_that_cannot_be_had_is_its_key(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE x (y)")
    call = RecordKey("journal", Planned(1))
    told = story(
        [decided(Fate.APPLIED, SaveItem(CAUSE, call, {}), LinkRows(CAUSE, call, RecordKey("contact", 3)))], [], path
    )
    assert told.linked[0].became == ["saved as journal, linked to contact 3"]
