"""A recurring appointment of Exchange as the one text that says all of it (mxsync.extract.series).

Exchange keeps the exceptions with the master (MS-OXWSMTGS 2.2.4.28, 2.2.4.12): of a deleted occurrence its start, of a
changed one where it is now, where the rule has it, and an item of its own that holds what else is different.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Final

from mxsync.connectors.ews.calendar_fields import (
    ALL_DAY,
    BUSY,
    CANCELLED,
    END,
    LOCATION,
    RECURRENCE,
    START_ZONE,
    read_rule,
)
from mxsync.connectors.ews.codecs import SENSITIVITY, SHOW_AS, read_day, read_moment, read_text, read_yes, word
from mxsync.connectors.ews.common_fields import SENSITIVE, SUBJECT
from mxsync.connectors.ews.equivalents import MEANT, Meant, as_meant, meant_by
from mxsync.connectors.ews.properties import BODY, DELETED, MODIFIED_OCCURRENCES, START, Path
from mxsync.connectors.ews.wire import NS, Element
from mxsync.extract.calendar_values import format_date, format_moment, named_zone, zone_key
from mxsync.extract.contentlines import escape, param_value
from mxsync.extract.html import to_text
from mxsync.extract.series import parse_series, recurrence_of

OCCURRENCE: Final[tuple[Path, ...]] = (SUBJECT, BODY, LOCATION, START, END, ALL_DAY, BUSY, SENSITIVE, CANCELLED)
"""What is read of a changed occurrence."""
BUSY_STATUS: Final = {
    "free": "FREE", "tentative": "TENTATIVE", "busy": "BUSY", "out of office": "OOF",
    "working elsewhere": "WORKINGELSEWHERE",
}  # fmt: skip
"""Values of X-MICROSOFT-CDO-BUSYSTATUS (MS-OXCICAL 2.1.3.1.1.20.31)."""
_UTC_OF_OUTLOOK: Final = "tzone://microsoft/utc"
_HOURS: Final = re.compile(r"(-?)PT(?:(\d{1,2})H)?(?:0M)?(?:0(?:\.0+)?S)?")
_CLASS: Final = {"private": "PRIVATE", "confidential": "CONFIDENTIAL"}


def changed_occurrences(item: Element) -> dict[str, Element]:
    """The changed occurrences of a master by their own ids."""
    found = MODIFIED_OCCURRENCES.find(item)
    if found is None:
        return {}
    ids = ((each.find("t:ItemId", NS), each) for each in found)
    return {str(id.get("Id", "")): each for id, each in ids if id is not None}


def zone_of(item: Element, zone: tzinfo) -> tzinfo:
    """The zone that an appointment's times are meant in; `zone` where Exchange names one that nobody else knows."""
    found = START_ZONE.find(item)
    if found is None:
        return zone
    name = str(found.get("Id", ""))
    if name.lower() == _UTC_OF_OUTLOOK:
        return UTC
    return named_zone(name) or _defined(found) or zone


def _defined(element: Element) -> tzinfo | None:
    """The zone of a definition that never changes its clocks, by whole hours; None for any other, which no name is
    known for."""
    biases = {each.get("Bias", "") for each in element.iterfind("t:Periods/t:Period", NS)}
    bias = _HOURS.fullmatch(biases.pop()) if len(biases) == 1 else None
    if bias is None:
        return None
    # What is added to get UTC, in both: -PT2H is Etc/GMT-2, two hours east of Greenwich.
    hours = int(bias[2] or 0)
    return named_zone(f"Etc/GMT{bias[1] or '+'}{hours}") if hours else UTC


def meant_series(item: Element, zone: tzinfo) -> Meant | None:
    """What a master's series was written as, where Exchange keeps it in another form; None where it does not, and where
    the first occurrence stands where Exchange's form has it: then somebody has put it there."""
    start = _moment(item, START.find(item), zone)
    meant = meant_by(read_text(MEANT.find(item)), read_rule(RECURRENCE.find(item)), start)
    if meant is None or meant.first == start:
        return meant
    changed = (each.find("t:OriginalStart", NS) for each in changed_occurrences(item).values())
    gone = DELETED.find(item)
    deleted = [each.find("t:Start", NS) for each in gone] if gone is not None else []
    return meant if start in (_moment(item, each, zone) for each in (*changed, *deleted)) else None


def _moment(item: Element, element: Element | None, zone: tzinfo) -> date | None:
    return read_day(element, zone) if read_yes(ALL_DAY.find(item)) else read_moment(element)


def read_series(
    item: Element, zone: tzinfo, occurrences: Callable[[], Mapping[str, Element]], body: Callable[[], str]
) -> str:
    """The text of a master's recurrence, as it was meant; `occurrences` gives the items of its changed occurrences by
    id, `body` the master's own."""
    text = _text(item, zone, occurrences)
    meant = meant_series(item, zone) if text else None
    if meant is None:
        return text
    plain = {line for line in _occurrence(item, _Times(item, zone)) if not line.startswith(("DTSTART", "DTEND"))}
    return as_meant(text, meant, zone, plain | {f"DESCRIPTION:{escape(body().strip())}"})


def _text(item: Element, zone: tzinfo, occurrences: Callable[[], Mapping[str, Element]]) -> str:
    rule = read_rule(RECURRENCE.find(item))
    if not rule:
        return ""
    times = _Times(item, zone)
    lines = [times.line("DTSTART", START.find(item)), f"RRULE:{rule}"]
    deleted = DELETED.find(item)
    lines += [times.line("EXDATE", each.find("t:Start", NS)) for each in deleted] if deleted is not None else []
    changed = changed_occurrences(item)
    read = occurrences() if changed else {}
    for id, each in changed.items():
        lines += ["BEGIN:VEVENT", times.line("RECURRENCE-ID", each.find("t:OriginalStart", NS))]
        lines += _occurrence(read.get(id, each), _Times(read[id], times.zone) if id in read else times)
        lines.append("END:VEVENT")
    text = "\n".join(line for line in lines if line)
    return recurrence_of(parse_series(text, zone).source)


def _occurrence(item: Element, times: _Times) -> Iterator[str]:
    """The lines of a changed occurrence."""
    yield times.line("DTSTART", item.find("t:Start", NS))
    yield times.line("DTEND", item.find("t:End", NS))
    for name, path in (("SUMMARY", SUBJECT), ("LOCATION", LOCATION), ("DESCRIPTION", BODY)):
        found = path.find(item)
        text = read_text(found)
        if found is not None and found.get("BodyType") == "HTML":
            text = to_text(text)
        if text.strip():
            yield f"{name}:{escape(text.strip())}"
    if BUSY.find(item) is not None:
        yield f"X-MICROSOFT-CDO-BUSYSTATUS:{BUSY_STATUS[word(SHOW_AS, BUSY.find(item), 'busy')]}"
    sensitivity = word(SENSITIVITY, SENSITIVE.find(item), "normal")
    if sensitivity in _CLASS:
        yield f"CLASS:{_CLASS[sensitivity]}"
    if read_yes(CANCELLED.find(item)):
        yield "STATUS:CANCELLED"


class _Times:
    """How the times of one appointment are written: as days, or on the wall of its zone."""

    def __init__(self, item: Element, zone: tzinfo) -> None:
        self.days = read_yes(ALL_DAY.find(item))
        self.home = zone
        self.zone = zone_of(item, zone)
        self._name = zone_key(self.zone)

    def line(self, name: str, element: Element | None) -> str:
        """A line; '' where there is no such moment."""
        found: date | datetime | None = read_day(element, self.home) if self.days else read_moment(element)
        if found is None:
            return ""
        if not isinstance(found, datetime):
            return f"{name};VALUE=DATE:{format_date(found)}"
        if self._name in ("", "UTC"):
            return f"{name}:{format_moment(found)}"
        return f"{name};TZID={param_value(self._name)}:{found.astimezone(self.zone):%Y%m%dT%H%M%S}"
