"""Makes the occurrences of a series on Exchange what its text says: deleted, moved, changed, or as the rule has them.

Exchange takes a rule with the master and each exception by itself, and gives none back: a series whose exceptions are
fewer than before is given its rule anew, which clears them, and then those that are left. Each step looks at what is
there, so that a repeated call goes on where one was broken off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from mxsync.connectors.ews.calendar_fields import (
    ALL_DAY,
    END,
    END_ZONE,
    RECURRENCE,
    START_ZONE,
    UID,
    read_appointment,
    write_appointment,
)
from mxsync.connectors.ews.codecs import Change, read_day, read_moment, read_text, windows_zone
from mxsync.connectors.ews.common_fields import SUBJECT, read_common, write_common
from mxsync.connectors.ews.equivalents import MEANT, Kept, kept_form
from mxsync.connectors.ews.operations import Caller, DeleteItem, FindItem, GetItem, ItemId, UpdateItem, id_in
from mxsync.connectors.ews.properties import BODY, DELETED, MODIFIED_OCCURRENCES, START, Path
from mxsync.connectors.ews.series_fields import BUSY_STATUS, OCCURRENCE, changed_occurrences
from mxsync.connectors.ews.series_parts import moments_of, others_of
from mxsync.connectors.ews.wire import NS, Element
from mxsync.connectors.ews.writing import set_field
from mxsync.errors import BadContent, NotFound, ServerError
from mxsync.extract.calendar_file import value_of
from mxsync.extract.calendar_values import named_zone, parse_date_or_time, zone_key
from mxsync.extract.components import Component
from mxsync.extract.html import to_text
from mxsync.extract.series import Series, parse_series, recurrence_of
from mxsync.model.item import Value

_PRESENT: Final[tuple[Path, ...]] = (
    START, END, ALL_DAY, RECURRENCE, START_ZONE, END_ZONE, UID, MODIFIED_OCCURRENCES, DELETED, SUBJECT,
)  # fmt: skip
_VIEWED: Final[tuple[Path, ...]] = (START, ALL_DAY, UID)
_CLASS: Final = {"PRIVATE": "private", "CONFIDENTIAL": "confidential"}
_SHOWN: Final = {theirs: ours for ours, theirs in BUSY_STATUS.items()}


def wanted_series(value: Value, zone: tzinfo) -> Series | None:
    """A recurrence's text taken apart, None for a single appointment. Raises `BadContent` for what Exchange cannot
    keep."""
    text = str(value or "").strip()
    if not text:
        return None
    series = parse_series(text, zone)
    if "RDATE" in series.lines or "EXRULE" in series.lines or len(series.lines.get("RRULE", ())) != 1:
        raise BadContent(
            "Exchange keeps one rule for each series, and no dates beside it: the recurrence cannot be kept"
        )
    line = series.anchor("DTSTART")
    moment = series.source.moment(line) if line is not None else None
    if line is not None and isinstance(moment, datetime):
        name = line.param("TZID")
        if name and not windows_zone(zone_key(named_zone(name))) and named_zone(name) is not UTC:
            raise BadContent(f"Exchange knows no time zone `{name[:60]}`: the recurrence cannot be kept")
        written = parse_date_or_time(line.value)
        if isinstance(written, datetime) and moment.astimezone(UTC).astimezone(moment.tzinfo).time() != written.time():
            raise BadContent("the recurrence begins at a time that the change of clocks skips: Exchange cannot keep it")
    for other in series.source.others:
        named = other.first_of("RECURRENCE-ID")
        if named is not None and named.param("RANGE"):
            raise BadContent("Exchange changes occurrences one by one, and none with all that follow it")
    return series


def same_series(one: Value, other: Value, zone: tzinfo) -> bool:
    """Whether two texts say the same recurrence."""
    first, second = str(one or "").strip(), str(other or "").strip()
    if first == second or not (first and second):
        return first == second
    try:
        return recurrence_of(parse_series(first, zone).source) == recurrence_of(parse_series(second, zone).source)
    except BadContent:
        return False


def has_others(series: Series | None) -> bool:
    """Whether a series has occurrences that are not as its rule says."""
    return series is not None and bool(series.others or series.lines.get("EXDATE"))


def what_to_settle(
    before: Mapping[str, Value], fields: dict[str, Value], zone: tzinfo
) -> tuple[Series | None, dict[str, Value]]:
    """The series whose occurrences are to be settled after an update from `before`, None where there is nothing to
    settle; and the fields of the update, without a recurrence whose rule stays. Raises `BadContent`."""
    had = str(before.get("recurrence") or "")
    old = parse_series(had, zone) if had else None
    if "recurrence" not in fields:  # a series that moves loses its exceptions on Exchange
        return (old if has_others(old) and fields.keys() & {"start", "end", "all_day"} else None), fields
    new = wanted_series(fields["recurrence"], zone)
    if old is None or new is None:
        return (new if has_others(new) else None), fields
    if old.lines["RRULE"] == new.lines["RRULE"] and zone_name(old, "") == zone_name(new, ""):
        fields = {name: value for name, value in fields.items() if name != "recurrence"}
    return (new if has_others(new) or has_others(old) else None), fields


def kept_of(series: Series | None, fields: Mapping[str, Value], zone: tzinfo) -> Kept | None:
    """The other form that Exchange needs for the series of an appointment with these fields; None where it needs none.
    Raises `BadContent`."""
    start, end = fields.get("start"), fields.get("end")
    if series is None or not isinstance(start, date):
        return None
    if fields.get("all_day") and isinstance(start, datetime):
        start = start.astimezone(zone).date()
    if not isinstance(end, date) or isinstance(start, datetime) != isinstance(end, datetime):
        end = start if isinstance(start, datetime) else start + timedelta(days=1)
    return kept_form(series, start, end, zone)


def what_to_write(
    before: Mapping[str, Value], fields: dict[str, Value], meant: str, zone: tzinfo
) -> tuple[Series | None, dict[str, Value], list[Change]]:
    """As `what_to_settle`, and the changes of a series that Exchange keeps in another form than was meant (`meant` is
    that of before). Such a series is written anew with all that it is. Raises `BadContent`."""
    now = {**before, **fields}
    if not fields.keys() & {"start", "end", "all_day", "recurrence"}:
        return None, fields, []
    series = wanted_series(now.get("recurrence"), zone)
    kept = kept_of(series, now, zone)
    if kept is not None:
        return parse_series(kept.text, zone), {**fields, **kept.fields}, [(MEANT, MEANT.make(kept.meant))]
    if not meant:
        return (*what_to_settle(before, fields, zone), [])
    whole = {name: now.get(name) for name in ("start", "end", "all_day", "recurrence")}
    return series, {**fields, **whole}, [(MEANT, None)]


class Occurrences:
    """The occurrences of one series. `home` is the id of its folder, `zone` the organisation's."""

    def __init__(self, caller: Caller, home: str, master: ItemId, zone: tzinfo, where: str) -> None:
        self._caller = caller
        self._home = home
        self._id = master.id
        self._zone = zone
        self._where = where

    def settle(self, series: Series) -> ItemId:
        """Makes them what `series` says; the master's id and change key then. Raises what the operations raise."""
        master = self._look()
        moved = _moved(series, read_moment(START.find(master)))
        gone = {self._key(moved(moment)) for moment in moments_of(series, "EXDATE")}
        others = {self._key(moved(moment)): other for moment, other in others_of(series)}
        deleted, changed = self._present(master)
        if deleted - gone or changed.keys() - others.keys() - gone:
            rule = RECURRENCE.find(master)
            self._update(master, [set_field("CalendarItem", RECURRENCE, rule)])
            deleted, changed = self._present(self._look())
        for moment in sorted(gone - deleted - others.keys()):
            self._delete(moment, changed.get(moment))
        for moment, other in sorted(others.items()):
            self._change(moment, changed.get(moment), series, other)
        return self._id_of(self._look())

    # ------------------------------------------------------------ what is there

    def _look(self, id: str = "", paths: tuple[Path, ...] = _PRESENT, body: str = "") -> Element:
        answer = GetItem(self._caller).call([id or self._id], paths, body)[0]
        if isinstance(answer, ServerError):
            raise answer
        return answer

    def _present(self, master: Element) -> tuple[set[str], dict[str, str]]:
        """The deleted occurrences, and the ids of the changed ones, by when the rule has them."""
        days = read_text(ALL_DAY.find(master)) == "true"
        self._uid = read_text(UID.find(master))
        found = DELETED.find(master)
        deleted = {self._read(each.find("t:Start", NS), days) for each in found} if found is not None else set()
        changed = {
            self._read(each.find("t:OriginalStart", NS), days): id for id, each in changed_occurrences(master).items()
        }
        return deleted, changed

    def _read(self, element: Element | None, days: bool) -> str:
        found = read_day(element, self._zone) if days else read_moment(element)
        return self._key(found) if found is not None else ""

    def _key(self, moment: date) -> str:
        """A moment or a day as text that sorts."""
        return moment.astimezone(UTC).isoformat() if isinstance(moment, datetime) else moment.isoformat()

    def _id_of(self, element: Element) -> ItemId:
        found = id_in(element)
        if found is None:
            raise NotFound(f"{self._where} is not there any more")
        return found

    def _shown(self, key: str) -> ItemId | None:
        """The occurrence that the calendar shows at a moment; None where it shows none of this series."""
        moment = datetime.fromisoformat(key)
        start = moment if moment.tzinfo is not None else datetime.combine(moment, time(), self._zone)
        around = timedelta(minutes=1)  # also before: an appointment may have no length
        found = FindItem(self._caller).view(self._home, start - around, start + around, _VIEWED)
        for element in found:
            days = read_text(ALL_DAY.find(element)) == "true"
            if self._read(START.find(element), days) == key and read_text(UID.find(element)) == self._uid:
                return id_in(element)
        return None

    # ------------------------------------------------------------ what is done

    def _update(self, element: Element, changes: list[Element]) -> None:
        UpdateItem(self._caller).call(self._id_of(element), changes, self._where, calendar=True)

    def _delete(self, key: str, changed: str | None) -> None:
        id = self._id_of(self._look(changed, ())) if changed else self._shown(key)
        if id is not None:  # what the calendar does not show is gone already
            DeleteItem(self._caller).call(id, self._where, kind="MoveToDeletedItems")

    def _change(self, key: str, changed: str | None, series: Series, other: Component) -> None:
        id = changed
        if id is None:
            shown = self._shown(key)
            if shown is None:
                raise BadContent(
                    f"{self._where}: its recurrence changes an occurrence on {key[:10]}, and the rule has none there"
                )
            id = shown.id
        element = self._look(id, OCCURRENCE, "Text")
        before = self._fields(element)
        fields = {name: value for name, value in _fields(series, other).items() if before.get(name) != value}
        changes = write_common(fields) + write_appointment(fields, self._zone, before, "")
        if changes:
            self._update(element, [set_field("CalendarItem", path, value) for path, value in changes])

    def _fields(self, element: Element) -> Mapping[str, Value]:
        body = BODY.find(element)
        text = read_text(body)
        if body is not None and body.get("BodyType") == "HTML":
            text = to_text(text)
        return {**read_common(element), **read_appointment(element, self._zone), "body": text.strip()}


def _moved(series: Series, start: datetime | None) -> Callable[[date], date]:
    """What names an occurrence by the hour that the text begins at names it by the hour that the series begins at."""
    line = series.anchor("DTSTART")
    anchor = series.source.moment(line) if line is not None else None
    if not isinstance(anchor, datetime) or start is None:
        return lambda moment: moment
    zone = anchor.tzinfo
    old, new = anchor.time(), start.astimezone(zone).time()

    def moved(moment: date) -> date:
        if not isinstance(moment, datetime):
            return moment
        wall = moment.astimezone(zone)
        return datetime.combine(wall.date(), new, zone) if wall.time() == old else moment

    return moved


def _fields(series: Series, other: Component) -> dict[str, Value]:
    """What a changed occurrence says of itself. A text that it leaves out is the series' own."""
    source = series.source
    found: dict[str, Value] = {}
    for name, field in (("DTSTART", "start"), ("DTEND", "end")):
        line = other.first_of(name)
        moment = source.moment(line) if line is not None else None
        if moment is not None:
            found[field] = moment.astimezone(UTC) if isinstance(moment, datetime) else moment
    for name, field in (("SUMMARY", "subject"), ("LOCATION", "location"), ("DESCRIPTION", "body")):
        if text := value_of(other, name):
            found[field] = text
    if shown := _SHOWN.get(value_of(other, "X-MICROSOFT-CDO-BUSYSTATUS").upper()):
        found["show_as"] = shown
    elif value_of(other, "TRANSP").upper() == "TRANSPARENT":
        found["show_as"] = "free"
    if word := _CLASS.get(value_of(other, "CLASS").upper()):
        found["sensitivity"] = word
    return found


def zone_name(series: Series, fallback: str) -> str:
    """Windows' name of the zone that a series is in; `fallback` where its text leaves that to the organisation."""
    line = series.anchor("DTSTART")
    if line is None:
        return fallback
    if line.value.strip().upper().endswith("Z"):
        return "UTC"
    return windows_zone(zone_key(named_zone(line.param("TZID")))) or fallback
