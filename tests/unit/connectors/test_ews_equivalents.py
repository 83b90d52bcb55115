"""Series that Exchange keeps in another form: the same occurrences there, and here the form that was meant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil import rrule

from mxsync.connectors.ews import EwsConnector
from mxsync.connectors.ews.patterns import pattern_of
from mxsync.connectors.ews.recurrence import parts_of
from mxsync.errors import BadContent
from mxsync.model.item import Draft, Item, ItemRef, Kind, Value
from mxsync.ports.connector import Fetched
from tests.servers.ews import EwsServer, series
from tests.servers.ews.clients import ANNA, needs_schemas
from tests.servers.ews.schemas import t
from tests.servers.ews.store import StoredItem

pytestmark = needs_schemas
TUESDAY = datetime(2026, 11, 24, 9, tzinfo=UTC)
MONDAYS = "FREQ=WEEKLY;COUNT=3;BYDAY=MO"
TEXT = "DTSTART;TZID=Africa/Johannesburg:20261124T110000\nRRULE:FREQ=WEEKLY;COUNT=3;BYDAY=MO"


def put(connector: EwsConnector, rule: str, start: date = TUESDAY, **more: Value) -> ItemRef:
    end = start + (timedelta(hours=1) if isinstance(start, datetime) else timedelta(days=1))
    fields = {"subject": "Round", "start": start, "end": end, "recurrence": rule, **more}
    return connector.create(ANNA, "Calendar", Draft(Kind.APPOINTMENT, fields), "key").ref


def read(connector: EwsConnector, ref: ItemRef) -> Item:
    (answer,) = connector.fetch([ref])
    assert isinstance(answer, Fetched)
    return answer.item


def change(connector: EwsConnector, ref: ItemRef, **fields: Value) -> None:
    connector.update(ref, Draft(Kind.APPOINTMENT, fields), read(connector, ref).revision)


def shown(item: StoredItem) -> list[str]:
    """When Exchange has it."""
    until = datetime(2032, 1, 1, tzinfo=UTC)
    names = dict.fromkeys((*map(series.stamp, series.originals(item, until)), *item.exceptions))
    starts = [series.when(series.occurrence(item, name)) for name in names if name not in item.deleted]
    return sorted(f"{each:%Y-%m-%d %H}" for each in starts)


@pytest.fixture
def kept(server: EwsServer, connector: EwsConnector) -> StoredItem:
    """Mondays from a Tuesday on."""
    return server.store.items[put(connector, MONDAYS).href]


def ref_of(item: StoredItem) -> ItemRef:
    return ItemRef(ANNA, "Calendar", item.id)


def test_it_begins_on_a_day_that_its_rule_does_not_name(
    server: EwsServer, connector: EwsConnector, kept: StoredItem
) -> None:
    assert shown(kept) == ["2026-11-24 09", "2026-11-30 09", "2026-12-07 09", "2026-12-14 09"]
    assert series.when(kept) == TUESDAY - timedelta(days=1)
    item = read(connector, ref_of(kept))
    assert (item.fields["start"], item.fields["end"]) == (TUESDAY, TUESDAY + timedelta(hours=1))
    assert item.fields["recurrence"] == MONDAYS
    # What it is already is not written again, and what is written beside it leaves it as it is.
    server.requests.clear()
    change(connector, ref_of(kept), start=TUESDAY, recurrence=MONDAYS)
    assert server.requests["UpdateItem"] == 0
    change(connector, ref_of(kept), subject="Another")
    assert server.requests["UpdateItem"] == 1 and len(shown(kept)) == 4


def test_a_call_that_was_repeated_makes_it_once(server: EwsServer, connector: EwsConnector, kept: StoredItem) -> None:
    assert put(connector, MONDAYS) == ref_of(kept)
    assert len(server.store.in_folder(kept.folder)) == 1 and len(shown(kept)) == 4


def test_it_moves_to_another_hour_and_day(connector: EwsConnector, kept: StoredItem) -> None:
    later = TUESDAY + timedelta(days=1, hours=2)
    change(connector, ref_of(kept), start=later, end=later + timedelta(hours=1))
    assert shown(kept) == ["2026-11-25 11", "2026-11-30 11", "2026-12-07 11", "2026-12-14 11"]
    item = read(connector, ref_of(kept))
    assert (item.fields["start"], item.fields["recurrence"]) == (later, MONDAYS)


def test_a_rule_that_exchange_has_takes_its_place(connector: EwsConnector, kept: StoredItem) -> None:
    change(connector, ref_of(kept), recurrence="FREQ=WEEKLY;COUNT=2;BYDAY=TU")
    assert shown(kept) == ["2026-11-24 09", "2026-12-01 09"]
    item = read(connector, ref_of(kept))
    assert (item.fields["start"], item.fields["recurrence"]) == (TUESDAY, "FREQ=WEEKLY;COUNT=2;BYDAY=TU")


def test_what_people_do_to_the_first_occurrence_is_done_to_it(
    server: EwsServer, connector: EwsConnector, kept: StoredItem
) -> None:
    series.edit(server.store, kept, "20261123T090000Z", Subject="Kick-off")
    text = str(read(connector, ref_of(kept)).fields["recurrence"])
    assert text.startswith(TEXT) and "RECURRENCE-ID;TZID=Africa/Johannesburg:20261124T110000" in text
    assert "SUMMARY:Kick-off" in text
    series.drop(server.store, series.occurrence(kept, "20261123T090000Z"))
    item = read(connector, ref_of(kept))
    assert item.fields["start"] == TUESDAY
    assert item.fields["recurrence"] == f"{TEXT}\nEXDATE;TZID=Africa/Johannesburg:20261124T110000"


def test_a_series_that_people_have_changed_is_read_as_it_is(connector: EwsConnector, kept: StoredItem) -> None:
    series.forget(kept)
    item = read(connector, ref_of(kept))
    assert item.fields["start"] == TUESDAY - timedelta(days=1)
    pattern = t("WeeklyRecurrence", None, t("Interval", "1"), t("DaysOfWeek", "Monday"))
    kept.props["Recurrence"] = t("Recurrence", None, pattern, t("NoEndRecurrence", None, t("StartDate", "2026-11-23")))
    item = read(connector, ref_of(kept))
    assert (item.fields["start"], item.fields["recurrence"]) == (TUESDAY - timedelta(days=1), "FREQ=WEEKLY;BYDAY=MO")


def test_months_that_are_too_short_have_nothing(server: EwsServer, connector: EwsConnector) -> None:
    rule = "FREQ=MONTHLY;COUNT=4;BYMONTHDAY=31"
    item = server.store.items[put(connector, rule, date(2026, 10, 31)).href]
    assert [each[:10] for each in shown(item)] == ["2026-10-30", "2026-12-30", "2027-01-30", "2027-03-30"]  # in UTC
    found = read(connector, ref_of(item))
    assert found.fields["start"] == date(2026, 10, 31)
    assert found.fields["recurrence"] == f"DTSTART;VALUE=DATE:20261031\nRRULE:{rule}"
    # An occurrence that was taken out besides is told.
    series.drop(server.store, series.occurrence(item, "20270130T220000Z"))
    assert str(read(connector, ref_of(item)).fields["recurrence"]).endswith("EXDATE;VALUE=DATE:20270131")


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=31", "the series has no end"),
        ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=400", "more than 40 last days of shorter months"),
        ("FREQ=MONTHLY;BYMONTHDAY=2,15", "it names several days of a month"),
        ("FREQ=MONTHLY;BYMONTHDAY=-3", "it counts from the end of the month"),
        ("FREQ=MONTHLY;BYDAY=-2MO", "the first to the fourth and the last"),
        ("FREQ=YEARLY;BYMONTH=6,7", "it names several months"),
        ("FREQ=YEARLY;BYDAY=20MO", "it names days in more than one way"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "Exchange knows no BYWEEKNO"),
        ("FREQ=YEARLY;INTERVAL=2", "no series of every second year"),
        ("FREQ=HOURLY", "it repeats within the day"),
    ],
)
def test_what_exchange_cannot_keep_is_refused_with_the_reason(connector: EwsConnector, rule: str, why: str) -> None:
    with pytest.raises(BadContent, match=why):
        put(connector, rule)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO",
        "FREQ=WEEKLY;INTERVAL=3;BYDAY=TU,SU;WKST=SU", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=MONTHLY;INTERVAL=5;BYDAY=-1FR",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=17", "FREQ=MONTHLY;BYMONTHDAY=-1",
        "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=24", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", "FREQ=YEARLY;BYMONTH=6;BYDAY=1SA",
    ],
)  # fmt: skip
@pytest.mark.parametrize("begin", [date(2026, 11, 24), date(2027, 1, 31), date(2028, 2, 29)])
def test_a_pattern_has_the_days_that_its_rule_names(rule: str, begin: date) -> None:
    """By dateutil, from the begin on."""
    pattern = pattern_of(rule, parts_of(rule), begin)
    start = datetime(begin.year, begin.month, begin.day)
    named = rrule.rrulestr(rule, dtstart=start).between(start, start + timedelta(days=1500), inc=True)
    days = (begin + timedelta(days=number) for number in range(1501))
    assert [day for day in days if pattern.has(day, begin)] == [each.date() for each in named]
