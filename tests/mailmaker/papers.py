"""What else a made year holds: files attached to its mail, and meetings in calendars, with what must become of each."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from tests.mailmaker.population import Correspondent

if TYPE_CHECKING:
    from tests.mailmaker.year import Year

KNOWN = ("business", "freemail", "writes_once", "written_to")
"""Roles that are contacts from their first mail on. One who moved may wait for a person meanwhile."""
STRANGERS = ("pitch", "listed", "private")


def attached(year: Year, random: Random, one: Correspondent, *, ours: bool) -> list[tuple[str, bytes]]:
    """The file of every eighth mail or so. Some of ours send the same terms of delivery again and again."""
    if random.random() >= 0.12:
        return []
    if ours and random.random() < 0.5:
        name, content = "Terms of delivery.pdf", b"%PDF-1.4 terms of delivery of Ours Trading GmbH\n%%EOF\n"
    else:
        number = f"{random.randrange(10**9):09}"
        name, content = f"Drawing {number[:4]}.pdf", f"%PDF-1.4 drawing {number}\n%%EOF\n".encode()
    digest = hashlib.sha256(content).hexdigest()
    if one.role in KNOWN and one.display:  # the first mail of an address without a name may wait for a person
        year.truth.file(digest, one.person)
    elif one.role in STRANGERS:
        year.truth.never_file(digest)
    return [(name, content)]


def meetings(year: Year, random: Random) -> None:
    """One with every tenth correspondent or so, after the first mail, in the calendar of whom he deals with; some are
    private or cancelled, some with people who are nobody to keep."""
    for number, one in enumerate(year.outsiders):
        if one.role not in (*KNOWN, *STRANGERS) or random.random() >= 0.1:
            continue
        subject = f"Meeting {number}"
        start = year.first_mail[one.person.email] + timedelta(days=random.uniform(1, 30))
        status, privacy = (
            random.choices(("CONFIRMED", "CANCELLED"), (9, 1))[0],
            random.choices(("PUBLIC", "PRIVATE"), (9, 1))[0],
        )
        lines = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//made//EN",
            "BEGIN:VEVENT",
            f"UID:meeting{number}@mail.example",
            "DTSTAMP:20260105T070000Z",
            f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
            "DURATION:PT1H",
            f"SUMMARY:{subject}",
            f"STATUS:{status}",
            f"CLASS:{privacy}",
            f"ORGANIZER:mailto:{one.owner.email}",
            f"ATTENDEE:mailto:{one.person.email}",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
        path = year.root / one.owner.email / "Calendar" / f"meeting{number}.ics"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes("".join(f"{line}\r\n" for line in lines).encode())
        if one.role in KNOWN and status == "CONFIRMED" and privacy == "PUBLIC":
            year.truth.journal(subject, one.person)
        else:
            year.truth.never_journal(subject)
