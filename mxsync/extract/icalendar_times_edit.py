"""The times of an appointment, task or journal entry → its lines, each in the form in which it is to be written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from mxsync.errors import BadContent
from mxsync.extract.calendar_file import CalendarFile
from mxsync.extract.calendar_times import FLOATING, TimeForm, canonical_zone, day_of, form_of_line, named_form
from mxsync.extract.calendar_values import (
    end_after,
    format_duration,
    parse_date_or_time,
    zone_key,
)
from mxsync.extract.component_edit import ComponentEdit
from mxsync.extract.contentlines import ContentLine
from mxsync.extract.series import Series, wall_differs
from mxsync.extract.series_edit import define_zones, move_series, zones_of
from mxsync.model.item import Value


class Times:
    """Start, end, due and completed, each in the form in which it is to be written."""

    def __init__(
        self, edit: ComponentEdit, source: CalendarFile, fields: Mapping[str, Value], series: Series | None
    ) -> None:
        self._edit = edit
        self._source = source
        self._series = series
        self._given = dict(fields)
        self._named: list[str] = zones_of(series) if series is not None else []

    def write(self) -> None:
        """Puts all that is given. Raises `BadContent` where a time is none."""
        given, main = self._given, self._source.main
        pairs = {"start": "DTSTART", "end": "DTEND", "due": "DUE", "completed": "COMPLETED"}
        if main.name == "VJOURNAL":
            del pairs["end"]
        anchor = self._series.anchor("DTSTART") or self._series.anchor("DUE") if self._series is not None else None
        if "time_zone" in given or anchor is not None:  # what is not given keeps its moment, in another form
            for name, written in list(pairs.items())[:3]:
                line = main.first_of(written)
                if line is not None and name not in given and (now := self._source.moment(line)) is not None:
                    given[name] = now
        self._days(anchor)
        length = self._series.anchor("DURATION") if self._series is not None else None
        nominal = length is not None and main.name == "VEVENT" and self._lasts(length.value)
        if nominal and length is not None:
            del pairs["end"]
            self._edit.drop("DTEND")
            self._edit.put_all("DURATION", [f"DURATION:{length.value.strip().upper()}"])
        elif given.get("end"):
            self._edit.drop("DURATION")
        for name, written in pairs.items():
            if name in given:
                self._put(name, written, given[name], anchor)
        self._lengths()
        start = given.get("start")
        define_zones(self._source, self._named, self._series, start if isinstance(start, date) else None)

    def _days(self, anchor: ContentLine | None) -> None:
        """A moment of an all-day event is meant as its day."""
        whole = self._given.get("all_day") is True
        if anchor is not None and "all_day" not in self._given:
            whole = not isinstance(parse_date_or_time(anchor.value), datetime)
        if "all_day" not in self._given and not whole:
            line = self._source.main.first_of("DTSTART")
            whole = line is not None and not isinstance(self._source.moment(line), datetime) and self._midnights()
        for name in ("start", "end") if whole else ():
            if isinstance(moment := self._given.get(name), datetime):
                self._given[name] = day_of(moment, self._source.zone)

    def _midnights(self) -> bool:
        """Whether start and end, as far as they are given, are midnights somewhere that counts."""
        given = [value for name in ("start", "end") if isinstance(value := self._given.get(name), datetime)]
        return all(each.time() == time() or each.astimezone(self._source.zone).time() == time() for each in given)

    def _form(self, written: str, line: ContentLine | None, anchor: ContentLine | None) -> TimeForm:
        """A time on the wall of the zone that is asked for, or that the line names (a recurrence keeps its hour); else
        UTC."""
        source = self._source
        if written == "COMPLETED":  # in UTC, always (RFC 5545, 3.8.2.1)
            return form_of_line(source, line) if line is not None and line.param("TZID") else TimeForm()
        if "time_zone" in self._given and (name := str(self._given["time_zone"] or "")):
            form = named_form(source, name)
            if form.name or anchor is None:  # a zone that the text alone defines is found there
                return form
        if anchor is not None and self._series is not None:
            return form_of_line(self._series.source, anchor)
        known = line or source.main.first_of("DTSTART", "DUE")
        if known is not None and "time_zone" not in self._given:
            return form_of_line(source, known)
        if self._series is not None and anchor is None and zone_key(source.zone) not in ("", "UTC"):
            return TimeForm(zone_key(source.zone), source.zone)
        return TimeForm()

    def _put(self, name: str, written: str, value: Value, anchor: ContentLine | None) -> None:
        edit, source = self._edit, self._source
        line = source.main.first_of(written)
        if value and not isinstance(value, date):
            raise BadContent(f"`{name}` is to be a date, and `{str(value)[:40]}` is none")
        if not isinstance(value, date):
            if name != "start" or source.main.name != "VEVENT":  # an event has a start (RFC 5545, 3.6.1)
                edit.put(line, written, "")
            return
        form = self._form(written, line, anchor)
        moved = line is None or wall_differs(source, line, value)
        head, text = form.write(written, value)
        if (
            anchor is not None
            and anchor.name == written
            and self._series is not None
            and not wall_differs(self._series.source, anchor, value)
            and form == form_of_line(self._series.source, anchor)
        ):
            text = anchor.value.strip().upper()  # also a time that the change of clocks skips
        if not moved and line is not None:
            asked = "time_zone" in self._given or anchor is not None
            now = form_of_line(source, line)
            same = canonical_zone(source, now.name) == form.name or now.name == form.name
            if not asked or not isinstance(value, datetime) or (same and text == line.value.strip().upper()):
                return
        if form.name not in ("", FLOATING) and isinstance(value, datetime):
            self._named.append(form.name)
        if written == "DTSTART" and line is not None and self._series is None and "time_zone" not in self._given:
            move_series(edit, source, line, text)
        edit.put_all(written, [f"{head}:{text}"])

    def _lasts(self, length: str) -> bool:
        """Whether a duration leads from the start to the end that are given."""
        start, end = self._given.get("start"), self._given.get("end")
        if not isinstance(start, date) or not isinstance(end, date):
            return True
        reached = end_after(self._local(start), length)
        if isinstance(reached, datetime) and isinstance(end, datetime):
            return reached.astimezone(UTC) == end.astimezone(UTC)
        return reached == end

    def _local(self, start: date) -> date:
        """On the wall of the series' zone: days of a duration are counted there."""
        anchor = self._series.anchor("DTSTART") if self._series is not None else None
        if anchor is None or self._series is None or not isinstance(start, datetime):
            return start
        there = self._series.source.moment(anchor)
        return start.astimezone(there.tzinfo) if isinstance(there, datetime) else start

    def _lengths(self) -> None:
        edit, given, main = self._edit, self._given, self._source.main
        if "duration" in given and main.name == "VJOURNAL":
            minutes = given["duration"]
            known = isinstance(minutes, (int, float)) and not isinstance(minutes, bool) and minutes >= 0
            text = format_duration(timedelta(minutes=float(minutes))) if known else ""  # type: ignore[arg-type]
            edit.drop("DURATION", "DTEND")
            edit.put_text(("X-MXSYNC-DURATION",), text)
