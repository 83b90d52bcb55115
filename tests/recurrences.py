"""Calendars that recur: the examples of RFC 5545, and made-up ones of all that makes recurrences hard; and an
independent reader that says which occurrences they have."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import icalendar
import recurring_ical_events

NEW_YORK = "America/New_York"
RFC = [  # RFC 5545, 3.8.5.3: the rules of its examples, in its order
    "FREQ=DAILY;COUNT=10", "FREQ=DAILY;UNTIL=19971224T000000Z", "FREQ=DAILY;INTERVAL=2", "FREQ=DAILY;INTERVAL=10;COUNT=5",
    "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA", "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1",
    "FREQ=WEEKLY;COUNT=10", "FREQ=WEEKLY;UNTIL=19971224T000000Z", "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
    "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH", "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH",
    "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR", "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
    "FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR",
    "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "FREQ=MONTHLY;BYMONTHDAY=-3",
    "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
    "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15", "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
    "FREQ=YEARLY;COUNT=10;BYMONTH=6,7", "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
    "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", "FREQ=YEARLY;BYDAY=20MO", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
    "FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
    "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
    "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
    "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z", "FREQ=MINUTELY;INTERVAL=15;COUNT=6", "FREQ=MINUTELY;INTERVAL=90;COUNT=4",
    "FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40;COUNT=400", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
    "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
]  # fmt: skip
ZONES = [
    "Europe/Berlin", "Africa/Johannesburg", "America/Sao_Paulo", "Africa/Casablanca", "Europe/Istanbul", "Asia/Kathmandu",
    "Australia/Lord_Howe", "Pacific/Apia", "Asia/Tehran", "America/Caracas", NEW_YORK, "Asia/Jerusalem",
    "W. Europe Standard Time", "South Africa Standard Time", "Eastern Standard Time", "GMT Standard Time",
]  # fmt: skip
"""Zones of both names; some changed their rules within the years that are compared."""

OWN = """BEGIN:VTIMEZONE
TZID:Head Office (moved its clocks in 2022)
BEGIN:STANDARD
DTSTART:20001029T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:OST
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20000326T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:ODT
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3;UNTIL=20210328T010000Z
END:DAYLIGHT
END:VTIMEZONE"""


@dataclass(frozen=True)
class Calendar:
    """A file; `since` is where the five years begin in which it is compared."""

    name: str
    text: str
    since: date


def calendar(name: str, *lines: str, since: date, kind: str = "VEVENT", before: str = "", others: str = "") -> Calendar:
    """A file with one item of that name."""
    body = "\n".join(lines)
    text = (
        f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Test//EN\n{before}\nBEGIN:{kind}\nUID:{name}@acme.example\n"
        f"DTSTAMP:20260101T000000Z\nSUMMARY:{name}\n{body}\nEND:{kind}\n{others}\nEND:VCALENDAR\n"
    )
    return Calendar(name, "\r\n".join(line for line in text.split("\n") if line) + "\r\n", since)


def changed(name: str, *lines: str, kind: str = "VEVENT") -> str:
    """An occurrence of its own."""
    body = "\n".join(lines)
    return f"BEGIN:{kind}\nUID:{name}@acme.example\nDTSTAMP:20260101T000000Z\n{body}\nEND:{kind}"


def events() -> list[Calendar]:
    """All calendars of events."""
    return [*_rfc(), *_hard(), *_zoned(), *_made()]


def _rfc() -> Iterator[Calendar]:
    since = date(1997, 1, 1)
    for number, rule in enumerate(RFC):
        start = f"DTSTART;TZID={NEW_YORK}:19970902T090000"
        yield calendar(f"rfc {number:02}", start, "DURATION:PT1H", f"RRULE:{rule}", since=since)
    yield calendar(
        "rfc election", f"DTSTART;TZID={NEW_YORK}:19961105T090000", f"RRULE:{RFC[31]}", since=date(1996, 1, 1)
    )
    yield calendar(
        "rfc friday 13", f"DTSTART;TZID={NEW_YORK}:19970902T090000", f"EXDATE;TZID={NEW_YORK}:19970902T090000",
        f"RRULE:{RFC[29]}", since=since,
    )  # fmt: skip
    yield calendar(
        "rfc periods", "DTSTART:19960403T020000Z", "RDATE;VALUE=PERIOD:19960403T020000Z/19960403T040000Z,19960404T010000Z/PT3H",
        since=date(1996, 1, 1),
    )  # fmt: skip
    yield calendar(
        "rfc holidays", "DTSTART;VALUE=DATE:19970101",
        "RDATE;VALUE=DATE:19970101,19970120,19970217,19970421,19970526,19970704,19970901,19971014,19971128,19971129,19971225",
        since=since,
    )  # fmt: skip
    yield calendar(
        "rfc anniversary", "DTSTART;VALUE=DATE:19971102", "RRULE:FREQ=YEARLY", "TRANSP:TRANSPARENT", since=since
    )


def _hard() -> Iterator[Calendar]:
    since = date(2024, 1, 1)
    berlin = "TZID=Europe/Berlin"
    yield calendar("29 february", "DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY", since=since)
    yield calendar("29 february at nine", f"DTSTART;{berlin}:20240229T090000", "RRULE:FREQ=YEARLY;COUNT=3", since=since)
    yield calendar(
        "gap", f"DTSTART;{berlin}:20240331T023000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=400", since=since
    )
    yield calendar(
        "gap later", f"DTSTART;{berlin}:20240325T023000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=400", since=since
    )
    yield calendar(
        "fold",
        f"DTSTART;{berlin}:20241027T023000",
        f"DTEND;{berlin}:20241027T033000",
        "RRULE:FREQ=WEEKLY;COUNT=80",
        since=since,
    )
    yield calendar(
        "over the change",
        f"DTSTART;{berlin}:20240330T220000",
        f"DTEND;{berlin}:20240331T060000",
        "RRULE:FREQ=WEEKLY;COUNT=60",
        since=since,
    )
    yield calendar(
        "a nominal day", f"DTSTART;{berlin}:20240330T120000", "DURATION:P1D", "RRULE:FREQ=WEEKLY;COUNT=60", since=since
    )
    yield calendar(
        "utc", "DTSTART:20240101T090000Z", "DTEND:20240101T100000Z", "RRULE:FREQ=WEEKLY;COUNT=60", since=since
    )
    yield calendar(
        "floating",
        "DTSTART:20240101T090000",
        "DTEND:20240101T100000",
        "RRULE:FREQ=WEEKLY;UNTIL=20250901T235959",
        since=since,
    )
    yield calendar("floating once", "DTSTART:20240101T090000", "DTEND:20240101T100000", since=since)
    yield calendar(
        "once in berlin", f"DTSTART;{berlin}:20240701T090000", f"DTEND;{berlin}:20240701T100000", since=since
    )
    yield calendar("once all day", "DTSTART;VALUE=DATE:20240701", "DTEND;VALUE=DATE:20240703", since=since)
    yield calendar("all day and moved", "DTSTART;VALUE=DATE:20240101", "DTEND;VALUE=DATE:20240103", "RRULE:FREQ=MONTHLY;COUNT=30",
                   "EXDATE;VALUE=DATE:20240301", since=since,
                   others=changed("all day and moved", "RECURRENCE-ID;VALUE=DATE:20240401", "DTSTART;VALUE=DATE:20240405",
                                  "DTEND;VALUE=DATE:20240406", "SUMMARY:moved"))  # fmt: skip
    yield calendar("until a day", "DTSTART;VALUE=DATE:20240101", "RRULE:FREQ=DAILY;UNTIL=20240210", since=since)
    yield calendar(
        "until in utc", f"DTSTART;{berlin}:20240101T090000", "RRULE:FREQ=WEEKLY;UNTIL=20240708T070000Z", since=since
    )
    yield calendar("several rules of taking out", f"DTSTART;{berlin}:20240101T090000", "RRULE:FREQ=DAILY;COUNT=90",
                   f"EXDATE;{berlin}:20240105T090000,20240106T090000", f"EXDATE;{berlin}:20240103T090000",
                   "EXDATE:20240220T080000Z", since=since)  # fmt: skip
    yield calendar("added", f"DTSTART;{berlin}:20240101T090000", "DURATION:PT30M", "RRULE:FREQ=WEEKLY;COUNT=5",
                   f"RDATE;{berlin}:20240103T110000,20240329T090000,20240401T090000", since=since)  # fmt: skip
    yield calendar(
        "only added",
        f"DTSTART;{berlin}:20240101T090000",
        "DURATION:PT30M",
        f"RDATE;{berlin}:20240610T090000",
        since=since,
    )
    yield calendar("moved and cancelled", f"DTSTART;{berlin}:20240101T090000", f"DTEND;{berlin}:20240101T100000",
                   "RRULE:FREQ=WEEKLY;COUNT=70", since=since, others="\n".join((
                       changed("moved and cancelled", f"RECURRENCE-ID;{berlin}:20240408T090000", f"DTSTART;{berlin}:20240409T140000",
                               f"DTEND;{berlin}:20240409T160000", "SUMMARY:moved\\, and renamed", "LOCATION:Room 2",
                               "DESCRIPTION:two\\nlines"),
                       changed("moved and cancelled", "RECURRENCE-ID:20240415T070000Z", f"DTSTART;{berlin}:20240415T090000",
                               f"DTEND;{berlin}:20240415T100000", "SUMMARY:off", "STATUS:CANCELLED"),
                       changed("moved and cancelled", f"RECURRENCE-ID;{berlin}:20241028T090000",
                               "DTSTART;TZID=America/New_York:20241029T090000", "DURATION:PT2H", "SUMMARY:abroad"),
                   )))  # fmt: skip
    yield calendar("from here on", f"DTSTART;{berlin}:20240101T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=20", since=since,
                   others=changed("from here on", f"RECURRENCE-ID;RANGE=THISANDFUTURE;{berlin}:20240205T090000",
                                  f"DTSTART;{berlin}:20240205T110000", "DURATION:PT1H", "SUMMARY:later"))  # fmt: skip
    yield calendar("one occurrence alone", f"RECURRENCE-ID;{berlin}:20240205T090000", f"DTSTART;{berlin}:20240206T090000",
                   "DURATION:PT1H", since=since)  # fmt: skip
    own = '"Head Office (moved its clocks in 2022)"'
    yield calendar("own zone", f"DTSTART;TZID={own}:20210301T090000", f"DTEND;TZID={own}:20210301T100000", "RRULE:FREQ=WEEKLY;COUNT=150",
                   f"EXDATE;TZID={own}:20220704T090000", since=date(2021, 1, 1), before=OWN)  # fmt: skip


def _zoned() -> Iterator[Calendar]:
    for zone in ZONES:
        for rule in ("FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=MONTHLY;BYDAY=-1SU", "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=20"):
            first = "20070304T013000" if zone in (NEW_YORK, "Eastern Standard Time") else "20160221T013000"
            yield calendar(
                f"{zone} {rule.split(';')[0][5:]} {rule[-2:]}", f"DTSTART;TZID={zone}:{first}", "DURATION:PT45M", f"RRULE:{rule}",
                since=date(int(first[:4]), 1, 1),
            )  # fmt: skip


def _made(count: int = 60, seed: int = 5545) -> Iterator[Calendar]:
    """Made up: a zone, a rule, some taken out, some added, some moved."""
    chance = random.Random(seed)
    for number in range(count):
        name = f"made {number:02}"
        form = chance.choice(["zone", "zone", "zone", "utc", "floating", "day"])
        zone = chance.choice(ZONES)
        start = datetime(
            chance.randint(2005, 2026), chance.randint(1, 12), chance.randint(1, 28), chance.randint(0, 23), 30
        )
        rule = chance.choice(
            [
                "FREQ=DAILY;INTERVAL=3",
                "FREQ=WEEKLY;BYDAY=MO,WE,FR",
                "FREQ=MONTHLY;BYDAY=2TU",
                "FREQ=YEARLY",
                "FREQ=MONTHLY",
            ]
        )
        rule += chance.choice(["", f";COUNT={chance.randint(3, 90)}"])

        def line(prop: str, *walls: datetime, form: str = form, zone: str = zone) -> str:
            if form == "day":
                return f"{prop};VALUE=DATE:" + ",".join(f"{wall:%Y%m%d}" for wall in walls)
            head = f"{prop};TZID={zone}" if form == "zone" else prop
            return f"{head}:" + ",".join(f"{wall:%Y%m%dT%H%M%S}{'Z' if form == 'utc' else ''}" for wall in walls)

        lines = [line("DTSTART", start), f"RRULE:{rule}"]
        length = timedelta(days=1) if form == "day" else timedelta(minutes=chance.choice([30, 90, 600]))
        lines.append(line("DTEND", start + length))
        hits = _occurrences(rule, start)
        chosen = chance.sample(hits[1:], min(len(hits) - 1, 6))
        if chosen:
            lines.append(line("EXDATE", *chosen[: chance.randint(1, 2)]))
        if chance.random() < 0.4:
            lines.append(line("RDATE", start + timedelta(days=chance.randint(40, 80))))
        others = [
            changed(name, line("RECURRENCE-ID", each), line("DTSTART", each + timedelta(days=chance.randint(-2, 2))),
                    line("DTEND", each + timedelta(days=3)), f"SUMMARY:{name} moved")
            for each in chosen[2 : 2 + chance.randint(0, 3)]
        ]  # fmt: skip
        yield calendar(name, *lines, since=date(start.year, 1, 1), others="\n".join(others))


def _occurrences(rule: str, start: datetime) -> list[datetime]:
    from dateutil.rrule import rrulestr

    return list(rrulestr(rule, dtstart=start).between(start, start + timedelta(days=700), inc=True))[:60]


def tasks() -> list[Calendar]:
    """All calendars of tasks."""
    since = date(2024, 1, 1)
    found = [
        calendar(f"task {number}", start, due, rule, since=since, kind="VTODO")
        for number, (start, due, rule) in enumerate([
            ("DTSTART;VALUE=DATE:20240105", "DUE;VALUE=DATE:20240107", "RRULE:FREQ=WEEKLY"),
            ("DTSTART;TZID=Europe/Berlin:20240105T090000", "DUE;TZID=Europe/Berlin:20240105T170000", "RRULE:FREQ=MONTHLY;COUNT=30"),
            ("DTSTART:20240105T090000Z", "DUE:20240105T170000Z", "RRULE:FREQ=DAILY;INTERVAL=20"),
            ("DTSTART:20240105T090000", "DUE:20240105T170000", "RRULE:FREQ=WEEKLY;COUNT=5"),
        ])
    ]  # fmt: skip
    found.append(
        calendar("task moved", "DTSTART;TZID=Europe/Berlin:20240105T090000", "DUE;TZID=Europe/Berlin:20240105T170000",
                 "RRULE:FREQ=WEEKLY;COUNT=30", "EXDATE;TZID=Europe/Berlin:20240119T090000", since=since, kind="VTODO",
                 others=changed("task moved", "RECURRENCE-ID;TZID=Europe/Berlin:20240405T090000",
                                "DTSTART;TZID=Europe/Berlin:20240406T090000", "DUE;TZID=Europe/Berlin:20240406T100000",
                                "SUMMARY:task moved", "STATUS:COMPLETED", "PERCENT-COMPLETE:100", kind="VTODO"))
    )  # fmt: skip
    return found


def occurrences(text: str, since: date, years: int = 5) -> list[tuple[str, ...]]:
    """What recurring-ical-events makes of a calendar: start and end (a day, a floating time, or a moment in UTC), and
    what each occurrence says, in order."""
    found = []
    expanded = recurring_ical_events.of(
        icalendar.Calendar.from_ical(text), components=["VEVENT", "VTODO"], skip_bad_series=False
    )
    for each in expanded.between(since, date(since.year + years, 1, 1)):
        times = (each.start, each.end)
        said = [str(each.get(name, "")) for name in ("SUMMARY", "LOCATION", "DESCRIPTION", "STATUS")]
        if each.name == "VTODO":
            said[-1] = said[-1] or "NEEDS-ACTION"  # a task that says nothing has not been begun
        found.append((*map(_time, times), *said))
    return sorted(found)


def _time(value: date | datetime) -> str:
    if not isinstance(value, datetime):
        return f"day {value.isoformat()}"
    return value.astimezone(UTC).isoformat() if value.tzinfo else f"floating {value.isoformat()}"
