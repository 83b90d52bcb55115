"""A calendar file as a whole: which of its components is the item, and in which zones its times are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Final

from mxsync.errors import BadContent
from mxsync.extract.calendar_values import at_zone, named_zone, parse_date_or_time
from mxsync.extract.components import Component, ComponentFile, read_components
from mxsync.extract.contentlines import ContentLine, unescape
from mxsync.extract.vtimezone import DefinedZone, read_zone

ITEM_COMPONENTS: Final = ("VEVENT", "VTODO", "VJOURNAL")


@dataclass(slots=True)
class CalendarFile:
    """A calendar file and the component in it that is the item; `others` are exceptions to its recurrence."""

    file: ComponentFile
    main: Component
    others: list[Component]
    zone: tzinfo
    zones: dict[str, tzinfo | DefinedZone | None]
    definitions: dict[str, Component] = field(default_factory=dict)
    method: str = ""
    notes: list[str] = field(default_factory=list)

    def moment(self, line: ContentLine) -> date | datetime | None:
        """The date, or the moment with its zone, of a line such as DTSTART."""
        found = parse_date_or_time(line.value)
        if not isinstance(found, datetime) or found.tzinfo is not None:
            if found is None:
                self._note(f"its {line.name} `{line.value[:40]}` is no date")
            return found
        name = line.param("TZID")
        if not name:
            return at_zone(found, self.zone)
        zone = self.zones.get(name) or named_zone(name)
        if zone is None:
            self._note(f"its time zone `{name[:60]}` is unknown: its times are taken as local")
            zone = self.zone
        return zone.place(found) if isinstance(zone, DefinedZone) else at_zone(found, zone)

    def _note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)


def read_calendar_file(raw: bytes, zone: tzinfo) -> CalendarFile:
    """The file and its one item. Raises `BadContent` where there is none, or several."""
    file = read_components(raw)
    calendars = [component for component in file.components if component.name == "VCALENDAR"]
    if not calendars:
        raise BadContent(f"it is no calendar: it holds `BEGIN:{file.components[0].name[:40]}`")
    items = [child for calendar in calendars for child in calendar.within(*ITEM_COMPONENTS)]
    if not items:
        raise BadContent("it holds no event, task or journal entry")
    uids = {line.value.strip() if (line := item.first_of("UID")) else "" for item in items}
    if len(uids) > 1 or len({item.name for item in items}) > 1:
        count = max(len(uids), 2)
        raise BadContent(f"it holds {count} items, and one file holds one: put each UID in a file of its own")
    masters = [item for item in items if item.first_of("RECURRENCE-ID") is None]
    if len(masters) > 1:
        raise BadContent(f"it holds one UID {len(masters)} times: put each item in a file of its own")
    main = masters[0] if masters else min(items, key=lambda item: value_of(item, "RECURRENCE-ID"))
    definitions = {
        line.value.strip(): component
        for calendar in calendars
        for component in calendar.within("VTIMEZONE")
        if (line := component.first_of("TZID")) is not None
    }
    zones = {name: read_zone(component) for name, component in definitions.items()}
    method = next((line.value.strip().upper() for calendar in calendars for line in calendar.every("METHOD")), "")
    return CalendarFile(file, main, [item for item in items if item is not main], zone, zones, definitions, method)


def value_of(component: Component, name: str) -> str:
    line = component.first_of(name)
    return unescape(line.value).strip() if line is not None else ""
