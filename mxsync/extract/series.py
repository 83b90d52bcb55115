"""A recurrence as one text that says all of it: rule, zone, what was taken out or added, and what is different.

The text is a piece of a calendar (RFC 5545): `DTSTART` as the rule counts it, RRULE, RDATE, EXDATE, and an occurrence
that was moved or changed as a component of its own with its RECURRENCE-ID. A rule alone ('FREQ=WEEKLY;COUNT=4') is a
series in the zone of the reader without any of that. The same series always gives the same text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Final

from mxsync.errors import BadContent
from mxsync.extract.calendar_file import ITEM_COMPONENTS, CalendarFile, value_of
from mxsync.extract.calendar_times import FLOATING, canonical_zone, form_of_line
from mxsync.extract.calendar_values import zone_key
from mxsync.extract.components import Component, read_components
from mxsync.extract.contentlines import ContentLine, escape, param_value
from mxsync.extract.vtimezone import read_zone

FREQUENCIES: Final = frozenset(("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"))
REPEATS: Final = ("RECURRENCE-ID", "RRULE", "EXRULE", "RDATE", "EXDATE")
"""What makes an item recur."""
TIMES: Final = ("RECURRENCE-ID", "DTSTART", "DTEND", "DUE", "COMPLETED")
_PERIOD: Final = "PERIOD"
CARRIED: Final = (
    *TIMES, "DURATION", "SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "PERCENT-COMPLETE", "PRIORITY", "CLASS",
    "CATEGORIES", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "X-MICROSOFT-CDO-IMPORTANCE",
)  # fmt: skip
"""What an occurrence of its own says of itself; all else that it has (alarms, attendees, attachments) stays where it
is."""
_LONGEST_RULE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Series:
    """A text taken apart. `lines` are those of the whole by name, `others` the carried lines of each occurrence of its
    own by its key; `definitions` are zones that the text defines itself; `source` knows what its times mean."""

    source: CalendarFile
    lines: Mapping[str, tuple[str, ...]]
    others: Mapping[str, tuple[str, ...]]
    definitions: Mapping[str, tuple[str, ...]]

    def anchor(self, name: str) -> ContentLine | None:
        """DTSTART (or DUE) as the rule counts it, None where the text leaves that to the item."""
        return self.source.main.first_of(name)


def recurrence_of(source: CalendarFile) -> str:
    """The text of an item's recurrence, '' where it does not recur. A rule that no calendar can follow is noted."""
    main = source.main
    repeats = [line for name in REPEATS for line in lines_of(source, main, name)]
    if not repeats and not source.others:
        return ""
    rules = list(main.every("RRULE"))
    for rule in rules:
        if not _followed(rule.value):
            source.notes.append(f"its recurrence `{rule.value.strip()[:60]}` is no rule that can be followed")
    if len(repeats) == 1 and rules and not source.others and _at_home(source):
        return rules[0].value.strip()[:_LONGEST_RULE]
    others = sorted(((key_of(source, other), other) for other in source.others), key=lambda pair: pair[0])
    lines = [*_anchors(source), *repeats]
    for _, other in others:
        lines += [f"BEGIN:{other.name}", *carried(source, other), f"END:{other.name}"]
    used = {name for component in (main, *source.others) for name in _zones(component)}
    for name in sorted(used & source.definitions.keys()):
        if canonical_zone(source, name) == name and not zone_key(_plain_zone(source, name)):
            lines += _written_out(source.definitions[name])
    return "\n".join(lines)


def _plain_zone(source: CalendarFile, name: str) -> tzinfo | None:
    zone = source.zones.get(name)
    return zone if isinstance(zone, tzinfo) else None


def rule_of(text: str) -> str:
    """The rule alone: for servers that keep no more. Raises `BadContent`."""
    if not text.strip():
        return ""
    return next((line.partition(":")[2] for line in parse_series(text, UTC).lines.get("RRULE", ())), "")


def parse_series(text: str, zone: tzinfo) -> Series:
    """Takes a text apart; `zone` is the reader's. Raises `BadContent` where it is no recurrence."""
    plain = text.replace("\r\n", "\n").strip()
    if ":" not in plain.partition("\n")[0]:
        plain = f"RRULE:{''.join(plain.split())}"
    elif "\n" not in plain:
        plain = "".join(plain.split())
    try:
        file = read_components(f"BEGIN:VCALENDAR\n{plain}\nEND:VCALENDAR\n".encode("utf-8", "replace"))
    except BadContent as error:
        raise BadContent(f"the recurrence `{_short(text)}` is not understood: {error}") from error
    whole = file.components[0]
    definitions = {value_of(each, "TZID"): each for each in whole.within("VTIMEZONE")}
    zones = {name: read_zone(each) for name, each in definitions.items()}
    others = whole.within(*ITEM_COMPONENTS)
    source = CalendarFile(file, whole, others, zone, zones, definitions)
    lines = {name: found for name in REPEATS if (found := tuple(lines_of(source, whole, name)))}
    if not (lines or others) or not all(_followed(line.value) for line in whole.every("RRULE")):
        raise BadContent(f"the recurrence `{_short(text)}` is not understood: it needs a rule such as `FREQ=WEEKLY`")
    if any(other.first_of("RECURRENCE-ID") is None for other in others):
        raise BadContent(f"the recurrence `{_short(text)}` holds an occurrence without its RECURRENCE-ID")
    return Series(
        source,
        lines,
        {key_of(source, other): tuple(carried(source, other)) for other in others},
        {name: tuple(_written_out(each)) for name, each in definitions.items()},
    )


def _short(text: str) -> str:
    return text.strip().partition("\n")[0][:100]


def _followed(rule: str) -> bool:
    parts = dict(piece.partition("=")[::2] for piece in rule.strip().upper().split(";"))
    printable = all(32 <= ord(character) < 127 for character in rule)
    return parts.get("FREQ") in FREQUENCIES and printable and len(rule) <= _LONGEST_RULE


def key_of(source: CalendarFile, component: Component) -> str:
    """Which occurrence a component is about, however its RECURRENCE-ID is written."""
    line = component.first_of("RECURRENCE-ID")
    moment = source.moment(line) if line is not None else None
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).isoformat()
    return moment.isoformat() if moment is not None else ""


# ------------------------------------------------------------------ how lines are written in the text


def carried(source: CalendarFile, component: Component) -> list[str]:
    """The lines that an occurrence of its own brings with it."""
    found: list[str] = []
    for name in CARRIED:
        if name in TIMES:
            found += lines_of(source, component, name)
        else:
            for line in component.every(name):
                value = escape(line.value) if "\n" in line.value else line.value.strip()
                found.append(f"{name}:{value}")
    return found


def lines_of(source: CalendarFile, component: Component, name: str) -> list[str]:
    """The lines of a name in their normal form: zones by their IANA names, dates of one zone together and in order."""
    if name in ("RRULE", "EXRULE"):
        return [f"{name}:{line.value.strip()}" for line in component.every(name)]
    heads: dict[str, set[str]] = {}
    for line in component.every(name):
        for value in line.value.split(","):
            if text := value.strip().upper():
                head, text = _time(source, name, line, text)
                heads.setdefault(head, set()).add(text)
    if name in TIMES:  # of these there is one
        return [f"{head}:{min(values)}" for head, values in list(heads.items())[:1]]
    return [f"{head}:{','.join(sorted(values))}" for head, values in sorted(heads.items())]


def _time(source: CalendarFile, name: str, line: ContentLine, text: str) -> tuple[str, str]:
    head, zone = name, line.param("TZID")
    if span := line.param("RANGE"):
        head += f";RANGE={param_value(span)}"
    if line.param("VALUE").upper() == _PERIOD or "/" in text:
        head += ";VALUE=PERIOD"
    elif "T" not in text:
        return f"{head};VALUE=DATE", text
    if zone and not text.endswith("Z"):
        known = canonical_zone(source, zone)
        if known == "UTC":
            return head, text.replace("/", "Z/") if "/" in text else f"{text}Z"
        head += f";TZID={param_value(known)}"
    return head, text


def _anchors(source: CalendarFile) -> Iterator[str]:
    """What a table's columns for start and due do not say: zone, floating, a time that a change of clocks skips."""
    main = source.main
    start = main.first_of("DTSTART")
    yield from lines_of(source, main, "DTSTART" if start is not None else "DUE")
    length = value_of(main, "DURATION").upper()
    if length and start is not None:
        yield f"DURATION:{length}"  # nominal, where an end is exact (RFC 5545, 3.8.5.3)


def _at_home(source: CalendarFile) -> bool:
    """Whether the rule alone says it all: the start is a moment on the reader's own wall."""
    line = source.main.first_of("DTSTART", "DUE")
    if line is None:
        return True
    moment = source.moment(line)
    length = value_of(source.main, "DURATION").upper()
    if not isinstance(moment, datetime) or "D" in length or "W" in length:
        return False
    form = form_of_line(source, line)
    name = canonical_zone(source, form.name) if form.name else "UTC"
    if form.name == FLOATING or name != zone_key(source.zone):
        return False
    return form.wall(moment).strftime("%Y%m%dT%H%M%S") == line.value.strip().upper().rstrip("Z")


def wall_differs(source: CalendarFile, line: ContentLine, value: date) -> bool:
    """Whether a line means another time than `value`."""
    moment = source.moment(line)
    if moment is None:
        return True
    if isinstance(moment, datetime) and isinstance(value, datetime):
        return moment.astimezone(UTC) != value.astimezone(UTC)  # between zones `==` is never true in a gap (PEP 495)
    return isinstance(moment, datetime) or isinstance(value, datetime) or moment != value


def _zones(component: Component) -> Iterator[str]:
    return (line.param("TZID") for line in component.lines if "TZID" in line.params)


def _written_out(component: Component) -> list[str]:
    """A component with all that is in it, unfolded."""
    lines = [f"{line.head}:{line.value}" for line in component.lines]
    for child in component.children:
        lines += _written_out(child)
    return [f"BEGIN:{component.name}", *lines, f"END:{component.name}"]
