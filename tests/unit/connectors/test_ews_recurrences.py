"""Calendars that recur, put on Exchange: what it keeps has the same occurrences, by two readers that are not ours; what
it cannot keep is refused with a sentence, and nothing is there."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from mxsync.connectors.ews import EwsConnector
from mxsync.connectors.ews.occurrences import kept_of, wanted_series
from mxsync.errors import BadContent, Refused
from mxsync.extract.icalendar import read_calendar
from mxsync.model.item import Draft, ItemRef, Kind, Value
from mxsync.ports.connector import Fetched
from tests.recurrences import Calendar, events, occurrences
from tests.servers.ews import EwsServer, series
from tests.servers.ews.clients import ANNA, needs_schemas
from tests.servers.ews.store import StoredItem

pytestmark = needs_schemas
ZONE = ZoneInfo("Africa/Johannesburg")
NAMES = ("subject", "start", "end", "all_day", "location", "recurrence", "time_zone")


def shown(item: StoredItem, since: date) -> list[str]:
    """When a series of the double has its occurrences within five years."""
    begin = datetime(since.year, since.month, since.day, tzinfo=UTC)
    end = begin.replace(year=begin.year + 5)
    starts = [series.when(item)]
    if "Recurrence" in item.props:
        names = dict.fromkeys((*map(series.stamp, series.originals(item, end + timedelta(days=400))), *item.exceptions))
        starts = [series.when(series.occurrence(item, name)) for name in names if name not in item.deleted]
    if "IsAllDayEvent" in item.props and item.props["IsAllDayEvent"].text == "true":
        days = (each.astimezone(ZONE).date() for each in starts)
        return sorted(f"{each:%Y%m%d}" for each in days if begin.date() <= each < end.date())
    return sorted(series.stamp(each) for each in starts if begin <= each < end)


def expected(calendar: Calendar) -> list[str]:
    begin = datetime(calendar.since.year, calendar.since.month, calendar.since.day, tzinfo=UTC)
    end = begin.replace(year=begin.year + 5)
    found = []
    for start, *_ in occurrences(calendar.text, calendar.since):
        if start.startswith("day "):
            found.append(start[4:].replace("-", ""))
            continue
        moment = datetime.fromisoformat(start.removeprefix("floating "))
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=ZONE)
        if begin <= moment < end:
            found.append(series.stamp(moment.astimezone(UTC)))
    return sorted(found)


def put(connector: EwsConnector, fields: dict[str, Value], key: str) -> ItemRef:
    return connector.create(ANNA, "Calendar", Draft(Kind.APPOINTMENT, fields), key).ref


def test_how_many_it_keeps() -> None:
    """As docs/exchange.md says it."""
    found: Counter[str] = Counter()
    for calendar in events():
        item = read_calendar(calendar.text.encode(), ZONE)
        try:
            kept = kept_of(wanted_series(item.fields["recurrence"], ZONE), item.fields, ZONE)
            found["as it is" if kept is None else "otherwise"] += 1
        except BadContent as error:
            found["dates" if "no dates beside it" in str(error) else "refused"] += 1
    assert found == {"as it is": 56, "otherwise": 63, "dates": 25, "refused": 32}


def test_what_exchange_keeps_has_the_same_occurrences(server: EwsServer, connector: EwsConnector) -> None:
    kept, refused, wrong = [], {}, []
    months = itertools.count()
    for calendar in events():
        if calendar.name.endswith(" MONTHLY 20") and next(months) >= 4:
            continue  # the 31st of months in one more zone, each with fifteen occurrences to delete
        item = read_calendar(calendar.text.encode(), ZONE)
        fields = {name: item.fields[name] for name in NAMES if item.fields.get(name) not in (None, "", ())}
        try:
            ref = put(connector, fields, calendar.name)
        except (BadContent, Refused) as error:
            refused[calendar.name] = str(error)
            continue
        kept.append(calendar.name)
        there = server.store.items[ref.href]
        if shown(there, calendar.since) != expected(calendar):
            wrong.append(
                (calendar.name, str(fields.get("recurrence")), shown(there, calendar.since)[:4], expected(calendar)[:4])
            )
            continue
        if len(kept) % 4 != 1:
            continue
        # Read back and put there once more, it is the same series.
        (answer,) = connector.fetch([ref])
        assert isinstance(answer, Fetched)
        again = {name: answer.item.fields[name] for name in NAMES if answer.item.fields.get(name) not in (None, "", ())}
        twin = server.store.items[put(connector, again, f"{calendar.name} again").href]
        if shown(twin, calendar.since) != expected(calendar):
            wrong.append((calendar.name, "read back", answer.item.fields["recurrence"]))
    for each in wrong:
        print("WRONG", *each)
    print(len(kept), "kept,", len(refused), "refused")
    for name, why in refused.items():
        print(name, "|", why)
    assert wrong == []
    assert len(kept) == 119 - 12 and len(refused) == 57
    items = server.store.in_folder(server.store.distinguished(ANNA, "calendar").id)
    assert len(items) == len(kept) + len(kept[::4])  # of what was refused nothing is there
