"""Recurring appointments whose occurrences are moved, changed and deleted, as the one text that says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mxsync.connectors.ews import EwsConnector
from mxsync.errors import BadContent, MxsyncError, RevisionMismatch
from mxsync.model.item import Draft, Item, ItemRef, Kind
from mxsync.ports.connector import Fetched
from tests.servers.ews import EwsServer, series
from tests.servers.ews.clients import ANNA, needs_schemas
from tests.servers.ews.schemas import t
from tests.servers.ews.store import StoredItem

pytestmark = needs_schemas


def weekly(server: EwsServer, zone: str = "W. Europe Standard Time") -> StoredItem:
    return series.weekly(server.store, server.store.distinguished(ANNA, "calendar"), zone)


def change(server: EwsServer, master: StoredItem, name: str, **texts: str) -> None:
    series.edit(server.store, master, name, **texts)


def read(connector: EwsConnector, item: StoredItem) -> Item:
    (answer,) = connector.fetch([ItemRef(ANNA, "Calendar", item.id)])
    assert isinstance(answer, Fetched), answer
    return answer.item


WHOLE = """DTSTART;TZID=Europe/Berlin:20260302T090000
RRULE:FREQ=WEEKLY;COUNT=10;BYDAY=MO
EXDATE;TZID=Europe/Berlin:20260309T090000,20260406T090000
BEGIN:VEVENT
RECURRENCE-ID;TZID=Europe/Berlin:20260330T090000
DTSTART;TZID=Europe/Berlin:20260331T140000
DTEND;TZID=Europe/Berlin:20260331T150000
SUMMARY:on Tuesday\\, for once
LOCATION:Room 1
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
END:VEVENT"""


def with_exceptions(server: EwsServer) -> StoredItem:
    master = weekly(server)
    for name in ("20260309T080000Z", "20260406T070000Z"):
        series.drop(server.store, series.occurrence(master, name))
    change(
        server, master, "20260330T070000Z", Start="2026-03-31T12:00:00Z", End="2026-03-31T13:00:00Z",
        Subject="on Tuesday, for once",
    )  # fmt: skip
    return master


def test_a_series_is_read_with_its_zone_and_its_exceptions(server: EwsServer, connector: EwsConnector) -> None:
    item = read(connector, with_exceptions(server))
    assert item.fields["recurrence"] == WHOLE
    assert item.fields["time_zone"] == "Europe/Berlin"


def test_a_plain_series_in_the_zone_of_the_organisation_is_its_rule(server: EwsServer, connector: EwsConnector) -> None:
    item = read(connector, weekly(server, "South Africa Standard Time"))
    assert item.fields["recurrence"] == "FREQ=WEEKLY;COUNT=10;BYDAY=MO"
    assert item.fields["time_zone"] == "Africa/Johannesburg"


def test_a_zone_that_nobody_knows_is_the_organisations(server: EwsServer, connector: EwsConnector) -> None:
    master = weekly(server, "tzone://Microsoft/Custom")
    item = read(connector, master)
    assert item.fields["recurrence"] == "FREQ=WEEKLY;COUNT=10;BYDAY=MO" and item.fields["time_zone"] == ""


def test_the_exceptions_of_a_page_are_read_in_one_request(server: EwsServer, connector: EwsConnector) -> None:
    masters = [with_exceptions(server) for _ in range(5)]
    answers = list(connector.fetch([ItemRef(ANNA, "Calendar", master.id) for master in masters]))
    server.requests.clear()
    assert {answer.item.fields["recurrence"] for answer in answers if isinstance(answer, Fetched)} == {WHOLE}
    assert server.requests == {"GetItem": 1}


def test_an_occurrence_that_changes_is_a_change_of_the_series(server: EwsServer, connector: EwsConnector) -> None:
    master = weekly(server)
    before = read(connector, master).revision
    change(server, master, "20260316T080000Z", Subject="Other")
    assert read(connector, master).revision != before
    page = connector.changes(ANNA, "", lambda mailbox, folder: {})
    assert [each.ref.href for each in page.changes] == [master.id]


@pytest.mark.parametrize(
    ("id", "biases", "first"),
    [
        ("tzone://Microsoft/Utc", (), "DTSTART:20260302T080000Z"),
        ("Customized Time Zone", ("-PT2H",), "DTSTART;TZID=Etc/GMT-2:20260302T100000"),
        ("Customized Time Zone", ("PT5H0M0.0S",), "DTSTART;TZID=Etc/GMT+5:20260302T030000"),
        ("Customized Time Zone", ("PT0S",), "DTSTART:20260302T080000Z"),
        ("Customized Time Zone", ("-PT1H", "-PT2H"), "DTSTART;TZID=Africa/Johannesburg:20260302T100000"),
    ],
)
def test_zones_that_have_no_name(
    server: EwsServer, connector: EwsConnector, id: str, biases: tuple[str, ...], first: str
) -> None:
    """UTC as Outlook on the web names it; a definition without a change of clocks; any other is the organisation's."""
    master = weekly(server, "UTC")
    periods = [t("Period", Bias=bias, Name="x", Id=f"p{number}") for number, bias in enumerate(biases)]
    definition = [t("Periods", None, *periods)] if periods else []
    master.props["StartTimeZone"] = t("StartTimeZone", None, *definition, Id=id)
    series.drop(server.store, _utc_occurrence(master))
    text = str(read(connector, master).fields["recurrence"])
    assert text.splitlines()[0] == first


def _utc_occurrence(master: StoredItem) -> StoredItem:
    """An occurrence, so that the text says where it begins."""
    kept = master.props.pop("StartTimeZone")
    found = series.occurrence(master, "20260309T080000Z")
    master.props["StartTimeZone"] = kept
    return found


def test_whole_days_recur_as_days(server: EwsServer, connector: EwsConnector) -> None:
    master = weekly(server, "South Africa Standard Time")
    master.props |= {
        "IsAllDayEvent": t("IsAllDayEvent", "true"),
        "Start": t("Start", "2026-03-01T22:00:00Z"),
        "End": t("End", "2026-03-02T22:00:00Z"),
    }
    series.drop(server.store, series.occurrence(master, "20260308T220000Z"))
    text = str(read(connector, master).fields["recurrence"])
    assert text.splitlines() == [
        "DTSTART;VALUE=DATE:20260302", "RRULE:FREQ=WEEKLY;COUNT=10;BYDAY=MO", "EXDATE;VALUE=DATE:20260309"
    ]  # fmt: skip


# ------------------------------------------------------------ written


FIELDS = {
    "subject": "Round",
    "location": "Room 1",
    "start": datetime(2026, 3, 2, 8, tzinfo=UTC),
    "end": datetime(2026, 3, 2, 9, tzinfo=UTC),
    "recurrence": WHOLE,
}
RULE = "DTSTART;TZID=Europe/Berlin:20260302T090000\nRRULE:FREQ=WEEKLY;COUNT=10;BYDAY=MO"
ONE = f"{RULE}\nEXDATE;TZID=Europe/Berlin:20260309T090000"


def create(connector: EwsConnector, text: str = WHOLE, key: str = "key") -> ItemRef:
    return connector.create(ANNA, "Calendar", Draft(Kind.APPOINTMENT, {**FIELDS, "recurrence": text}), key).ref


def back(server: EwsServer, connector: EwsConnector, ref: ItemRef) -> object:
    return read(connector, server.store.items[ref.href]).fields["recurrence"]


def test_a_series_is_made_with_its_zone_and_its_exceptions(server: EwsServer, connector: EwsConnector) -> None:
    ref = create(connector)
    assert back(server, connector, ref) == WHOLE
    master = server.store.items[ref.href]
    assert master.props["StartTimeZone"].get("Id") == "W. Europe Standard Time"
    shown = series.view(server.store, master.folder, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    assert [f"{series.when(each):%m-%d %H:%M}" for each in shown] == [
        "03-02 08:00", "03-16 08:00", "03-23 08:00", "03-31 12:00", "04-13 07:00", "04-20 07:00", "04-27 07:00",
        "05-04 07:00",
    ]  # fmt: skip


@pytest.mark.parametrize("after", [WHOLE, ONE, RULE, ONE.replace("0309", "0316"), ONE.replace("COUNT=10", "COUNT=4")])
@pytest.mark.parametrize("before", [WHOLE, ONE, RULE])
def test_any_exceptions_become_any_others(server: EwsServer, connector: EwsConnector, before: str, after: str) -> None:
    ref = create(connector, before)
    revision = read(connector, server.store.items[ref.href]).revision
    server.requests.clear()
    written = connector.update(ref, Draft(Kind.APPOINTMENT, {"recurrence": after}), revision)
    assert back(server, connector, ref) == after
    assert written.revision == server.store.items[ref.href].change_key
    if before == after:
        assert written.revision == revision and not server.requests["UpdateItem"] + server.requests["DeleteItem"]


def test_a_series_that_moves_to_another_hour_keeps_its_exceptions(server: EwsServer, connector: EwsConnector) -> None:
    ref = create(connector)
    moved = {"start": FIELDS["start"] + timedelta(hours=2), "end": FIELDS["end"] + timedelta(hours=2)}  # type: ignore[operator]
    connector.update(ref, Draft(Kind.APPOINTMENT, moved), server.store.items[ref.href].change_key)
    lines = str(back(server, connector, ref)).splitlines()
    assert lines[0] == "DTSTART;TZID=Europe/Berlin:20260302T110000"
    assert lines[2] == "EXDATE;TZID=Europe/Berlin:20260309T110000,20260406T110000"
    assert lines[4] == "RECURRENCE-ID;TZID=Europe/Berlin:20260330T110000"
    assert lines[5] == "DTSTART;TZID=Europe/Berlin:20260331T140000"


def test_another_field_leaves_the_exceptions_alone(server: EwsServer, connector: EwsConnector) -> None:
    ref = create(connector)
    connector.update(ref, Draft(Kind.APPOINTMENT, {"subject": "Circle"}), server.store.items[ref.href].change_key)
    assert back(server, connector, ref) == WHOLE


@pytest.mark.parametrize("cut", ["cut before", "cut after", "cut inside"])
@pytest.mark.parametrize("broken", ["UpdateItem", "DeleteItem"])
@pytest.mark.parametrize("first", ["create", "update"])
def test_a_call_that_breaks_in_the_middle_of_a_series_goes_on(
    server: EwsServer, connector: EwsConnector, first: str, broken: str, cut: str
) -> None:
    if first == "create":
        server.fail(broken, cut)
        with pytest.raises(MxsyncError):
            create(connector)
        ref = create(connector)
    else:
        ref = create(connector, RULE)
        revision = server.store.items[ref.href].change_key
        draft = Draft(Kind.APPOINTMENT, {"recurrence": WHOLE})
        server.fail(broken, cut)
        with pytest.raises(MxsyncError):
            connector.update(ref, draft, revision)
        connector.update(ref, draft, revision)
    assert back(server, connector, ref) == WHOLE
    (only,) = server.store.in_folder(server.store.distinguished(ANNA, "calendar").id)
    assert only.id == ref.href and len(only.deleted) == 2 and len(only.exceptions) == 1


def test_an_edit_that_came_between_is_a_conflict(server: EwsServer, connector: EwsConnector) -> None:
    ref = create(connector)
    revision = server.store.items[ref.href].change_key
    change(server, server.store.items[ref.href], "20260316T080000Z", Subject="Other")
    with pytest.raises(RevisionMismatch):
        connector.update(ref, Draft(Kind.APPOINTMENT, {"recurrence": RULE}), revision)
    assert len(server.store.items[ref.href].exceptions) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{RULE}\nRDATE;TZID=Europe/Berlin:20260303T090000", "no dates beside it"),
        (WHOLE.replace("RECURRENCE-ID;", "RECURRENCE-ID;RANGE=THISANDFUTURE;"), "one by one"),
        (WHOLE.replace("ID;TZID=Europe/Berlin:20260330", "ID;TZID=Europe/Berlin:20260331"), "the rule has none there"),
    ],
)
def test_what_exchange_cannot_keep_is_refused_with_a_sentence(connector: EwsConnector, text: str, words: str) -> None:
    with pytest.raises(BadContent, match=words):
        create(connector, text)
