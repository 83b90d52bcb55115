"""A recurrence's text → the lines and components of a calendar file that say it; and what a moved start takes along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from mxsync.extract.calendar_file import CalendarFile
from mxsync.extract.calendar_times import zone_in
from mxsync.extract.calendar_values import parse_date_or_time
from mxsync.extract.component_edit import ComponentEdit
from mxsync.extract.components import Component
from mxsync.extract.contentlines import ContentLine, fold
from mxsync.extract.series import CARRIED, REPEATS, Series, carried, key_of, lines_of
from mxsync.extract.vtimezone_write import zone_lines

_NOT_COPIED: Final = frozenset({*CARRIED, *REPEATS, "ATTACH", "SEQUENCE"})
"""What a new occurrence of its own does not take over from its series."""


def put_series(edit: ComponentEdit, source: CalendarFile, series: Series | None) -> None:
    """Makes the item recur as the text says, occurrences of their own included; None makes it a single one. What they
    have besides (alarms, attendees) stays; a new one takes it over from its series."""
    for name in REPEATS:
        asked = series.lines.get(name, ()) if series is not None else ()
        if list(asked) != lines_of(source, source.main, name):
            edit.put_all(name, asked)
    wanted = dict(series.others) if series is not None else {}
    lines = source.file.lines
    for other in source.others:
        found = wanted.pop(key_of(source, other), None)
        if found is None:
            lines.edits.append((other.first, other.last + 1, []))
        elif list(found) != carried(source, other):
            kept = [line for line in other.lines if line.name not in CARRIED]
            lines.edits.append((other.first, other.last + 1, _component(source, other, kept, found)))
    main = source.main
    kept = [line for line in main.lines if line.name not in _NOT_COPIED]
    for found in wanted.values():
        lines.edits.append((main.last + 1, main.last + 1, _component(source, main, kept, found)))


def _component(
    source: CalendarFile, pattern: Component, kept: Iterable[ContentLine], found: Sequence[str]
) -> list[str]:
    """Physical lines of a component: those kept as they were written, then the given ones, then what is inside."""
    file = source.file.lines
    out = [fold(f"BEGIN:{pattern.name}", file.newline)]
    for line in kept:
        out += file.physical[line.first : line.last]
    out += [fold(line, file.newline) for line in found]
    for child in pattern.children:
        out += file.physical[child.first : child.last + 1]
    return [*out, fold(f"END:{pattern.name}", file.newline)]


def move_series(edit: ComponentEdit, source: CalendarFile, before: ContentLine, after: str) -> None:
    """A series that begins at another hour: what names its occurrences by the old hour names them by the new one.
    `before` is the old DTSTART, `after` the value of the new one, in the same zone."""
    old, new = parse_date_or_time(before.value), parse_date_or_time(after)
    if not isinstance(old, datetime) or not isinstance(new, datetime) or old.time() == new.time():
        return
    lines = source.file.lines
    for component in (source.main, *source.others):
        for line in component.lines:
            if line.name not in ("RDATE", "EXDATE", "RECURRENCE-ID") or line.params.get("TZID") != before.params.get(
                "TZID"
            ):
                continue
            moved = ",".join(_moved(text, old, new) for text in line.value.split(","))
            if moved != line.value:
                lines.replace(line, [f"{line.head}:{moved}"])


def _moved(text: str, old: datetime, new: datetime) -> str:
    found = parse_date_or_time(text)
    if not isinstance(found, datetime) or found.time() != old.time() or found.tzinfo != old.tzinfo:
        return text
    return f"{found:%Y%m%d}T{new:%H%M%S}" + ("Z" if text.strip().upper().endswith("Z") else "")


def define_zones(source: CalendarFile, names: Iterable[str], series: Series | None, start: date | None) -> None:
    """A VTIMEZONE for each zone that the file now names and does not define."""
    lines: list[str] = []
    for name in dict.fromkeys(names):
        if not name or name in source.definitions:
            continue
        if series is not None and name in series.definitions:
            lines += series.definitions[name]
            continue
        zone = zone_in(source, name)
        if isinstance(zone, ZoneInfo):
            lines += zone_lines(zone, name, start.year if start is not None else 1970)
    if lines:
        source.file.lines.insert(min(each.first for each in (source.main, *source.others)), lines)


def zones_of(series: Series) -> list[str]:
    """The zones that the text's times name."""
    return [
        name
        for component in (series.source.main, *series.source.others)
        for line in component.lines
        if line.name in (*REPEATS, *CARRIED) and (name := line.param("TZID"))
    ]
