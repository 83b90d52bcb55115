"""Journal entries (MS-OXOJRNL) and sticky notes (MS-OXONOTE): known to Exchange by their MAPI properties alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from mxsync.connectors.ews.codecs import (
    NOTE_COLOR,
    Change,
    people_of,
    person_text,
    put_text,
    put_texts,
    read_moment,
    read_number,
    read_text,
    read_texts,
    text_person,
    tuple_of,
    write_day,
    write_moment,
)
from mxsync.connectors.ews.common_fields import COMPANIES, CONTACTS
from mxsync.connectors.ews.properties import OURS, PSETID_LOG, PSETID_NOTE, Extended, Path
from mxsync.connectors.ews.wire import Element
from mxsync.model.item import Value

LOG_TYPE: Final = Extended("String", set=PSETID_LOG, number=0x8700)
LOG_START: Final = Extended("SystemTime", set=PSETID_LOG, number=0x8706)
LOG_DURATION: Final = Extended("Integer", set=PSETID_LOG, number=0x8707)
LOG_END: Final = Extended("SystemTime", set=PSETID_LOG, number=0x8708)
COLOR: Final = Extended("Integer", set=PSETID_NOTE, number=0x8B00)
COLOR_WORD: Final = Extended("String", set=OURS, name="color")
"""A note's colour that is none of the five of Outlook."""
PATHS: Final[tuple[Path, ...]] = (LOG_TYPE, LOG_START, LOG_DURATION, LOG_END, COLOR, COLOR_WORD)


def read_journal(item: Element) -> dict[str, Value]:
    """start, duration (minutes), type, contacts, companies."""
    return {
        "start": read_moment(LOG_START.find(item)),
        "duration": read_number(LOG_DURATION.find(item)),
        "type": read_text(LOG_TYPE.find(item)),
        "contacts": tuple(map(text_person, read_texts(CONTACTS.find(item)))),
        "companies": read_texts(COMPANIES.find(item)),
    }


def write_journal(fields: Mapping[str, Value], zone: tzinfo, before: Mapping[str, Value]) -> list[Change]:
    """The changes for a journal entry's own fields that are given."""
    changes: list[Change] = []
    if "type" in fields:
        changes.append(put_text(LOG_TYPE, fields["type"]))
    now = {**before, **fields}
    start, minutes = now.get("start"), now.get("duration")
    length = int(minutes) if isinstance(minutes, (int, float)) and not isinstance(minutes, bool) else None
    if "start" in fields:
        changes.append((LOG_START, LOG_START.make(write_day(start, zone)) if isinstance(start, date) else None))
    if "duration" in fields:
        changes.append((LOG_DURATION, LOG_DURATION.make(str(length)) if length is not None else None))
    if isinstance(start, datetime) and fields.keys() & {"start", "duration"}:
        changes.append((LOG_END, LOG_END.make(write_moment(start + timedelta(minutes=length or 0)))))
    if "contacts" in fields:
        changes.append(put_texts(CONTACTS, [person_text(person) for person in people_of(fields["contacts"])]))
    if "companies" in fields:
        changes.append(put_texts(COMPANIES, [str(each) for each in tuple_of(fields["companies"]) if each]))
    return changes


def read_note(item: Element) -> dict[str, Value]:
    """color."""
    number = read_text(COLOR.find(item)).strip()
    known = next((name for name, code in NOTE_COLOR.items() if code == number), "")
    return {"color": read_text(COLOR_WORD.find(item)) or known}


def write_note(fields: Mapping[str, Value]) -> list[Change]:
    """The changes for a note's colour."""
    if "color" not in fields:
        return []
    name = str(fields["color"] or "").lower()
    known = NOTE_COLOR.get(name)
    return [
        (COLOR, COLOR.make(known) if known else None),
        put_text(COLOR_WORD, "" if known else fields["color"]),
    ]
