"""Who writes to a company and is nobody to keep: newsletters, robots, desks, bounces, absence notes, impostors."""

from __future__ import annotations

from email.utils import formataddr
from random import Random
from typing import TYPE_CHECKING

from tests.mailmaker.people import Person, digits, local_part
from tests.mailmaker.population import OURS

if TYPE_CHECKING:
    from tests.mailmaker.year import Year

_BULK = {
    "List-Id": "<weekly.news.example>",
    "List-Unsubscribe": "<https://news.example/u/4711>",
    "Precedence": "bulk",
}
NEWSLETTERS = (
    ("Valve World Weekly", "news@valveworld.example"),
    ("Sofia from Flowmetrics", "sofia@hello.flowmetrics.example"),
    ("Trade Fair Team", "newsletter@tradefair.example"),
    ("Marcus Lindholm", "marcus.lindholm@mail.saasmill.example"),
)
ROBOTS = (
    ("Google Calendar", "calendar-notification@calendar.example", {}),
    ("Parcel Service", "noreply@parcels.example", {}),
    ("Helpdesk", "support@tickets.example", {"X-Auto-Response-Suppress": "All"}),
    ("Hotel Hafenblick", "reservations@hafenblick.example", {}),
    ("Jane Roe via DocuSign", "dse@docusign.net", {}),
    ("Monitoring", "alerts+prod@monitor.example", {"Auto-Submitted": "auto-generated"}),
    ("Online-Banking", "do-not-reply@bank.example", {}),
    ("Build server", "jenkins@ci.example", {"Auto-Submitted": "auto-generated"}),
)
LOOKALIKES = ("0urs.example", "ours-example.com", "ourss.example", "ours.example.login-portal.com")
_FOOTER = "\n\nTel. +1 212 555 0142 | 500 Market Street, Portland, OR 97201\nUnsubscribe: https://news.example/u/4711\n"


def write(year: Year) -> None:
    """Mail of machines and impostors, about one to three mails of people."""
    random = year.random
    total = max(40, len(year.outsiders))
    for number in range(total):
        user = random.choice(year.staff)
        match number % 10:
            case 0 | 1 | 2 | 3:
                _newsletter(year, random, user)
            case 4 | 5:
                _robot(year, random, user)
            case 6:
                _absence(year, random)
            case 7:
                _desk(year, random, user)
            case 8:
                _bounce(year, random, user) if random.random() < 0.5 else _internal(year, random)
            case _:
                _impostor(year, random, user) if random.random() < 0.3 else _forwarded(year, random)


def _mail(
    year: Year, user: Person, sender: str, subject: str, text: str, headers: dict[str, str] | None = None
) -> None:
    year.send(
        sender=sender,
        to=formataddr((user.name, user.email)),
        subject=subject,
        when=year.some_day(),
        source=text,
        form="plain",
        boxes=[(user, "Inbox")],
        headers=headers,
    )


def _newsletter(year: Year, random: Random, user: Person) -> None:
    name, address = random.choice(NEWSLETTERS)
    text = f"Hi {user.given},\n\nthis week: ten trends in pumps.\n\nBest\n{name.split()[0]} Berger\nHead of Content{_FOOTER}"
    _mail(year, user, formataddr((name, address)), "Ten trends", text, _BULK)
    year.truth.never(address, "newsletter")


def _robot(year: Year, random: Random, user: Person) -> None:
    name, address, headers = random.choice(ROBOTS)
    text = f"Hello,\n\nyour number {digits(random, '######')} was updated.\n\nThis is an automated message, please do not reply.\n{name}\nTel. +1 212 555 0177\n"
    _mail(year, user, formataddr((name, address)), "Update", text, headers)
    year.truth.never(address, "robot")


def _absence(year: Year, random: Random) -> None:
    """The automatic answer of somebody who is a contact anyway; the number in it is a stand-in's."""
    one = random.choice([each for each in year.outsiders if each.role == "business"])
    text = f"I am out of the office until Monday. In urgent cases call Mr Stand-In on +1 212 555 0188.\n\nRegards\n{one.person.name}\n"
    sender = formataddr((one.display, one.person.email))
    _mail(year, one.owner, sender, "Automatic reply: KX-200", text, {"Auto-Submitted": "auto-replied"})


def _desk(year: Year, random: Random, user: Person) -> None:
    """A role address of a firm that we deal with, answered by one of us."""
    one = random.choice([each for each in year.outsiders if each.role == "business"])
    address = f"{random.choice(('info', 'sales', 'accounts', 'einkauf', 'office'))}@{one.person.domain}"
    text = f"Dear all,\n\nplease note our new bank details.\n\nKind regards\n{one.person.firm}\n"
    _mail(year, user, formataddr((one.person.firm, address)), "Bank details", text)
    year.send(
        sender=formataddr((user.name, user.email)),
        to=address,
        subject="Re: Bank details",
        when=year.some_day(),
        source="Thank you, noted.\n",
        form="plain",
        boxes=[(user, "Sent Items")],
    )
    year.truth.never(address, "role address")


def _bounce(year: Year, random: Random, user: Person) -> None:
    gone = f"{local_part(user.family)}.gone{digits(random, '##')}@nowhere.example"
    text = f"Your message to <{gone}> could not be delivered: 550 5.1.1 no such user.\n"
    headers = {"Return-Path": "<>", "Auto-Submitted": "auto-replied", "X-Failed-Recipients": gone}
    _mail(year, user, "Mail Delivery System <MAILER-DAEMON@mx.nowhere.example>", "Undelivered Mail", text, headers)
    year.truth.never("mailer-daemon@mx.nowhere.example", "bounce")
    year.truth.never(gone, "bounced address")


def _internal(year: Year, random: Random) -> None:
    """Our own people among themselves, by an alias or from a subdomain."""
    one, other = random.choice(year.staff), random.choice(year.staff)
    alias = random.choice(
        (f"{local_part(one.given)[0]}{local_part(one.family)}@{OURS}", f"{local_part(one.given)}@crm.{OURS}")
    )
    _mail(year, other, formataddr((one.name, alias)), "Lunch", f"At one?\n\n{one.given}\nTel. +49 40 66969 111\n")
    year.truth.never(alias, "our own")


def _impostor(year: Year, random: Random, user: Person) -> None:
    """Somebody who wants to be taken for one of us."""
    boss = random.choice(year.staff)
    domain = random.choice(LOOKALIKES)
    address = f"{local_part(boss.given)}.{local_part(boss.family)}@{domain}"
    text = f"Hi {user.given},\n\nare you at your desk? I need you to settle an invoice today.\n\nRegards\n{boss.name}\nManaging Director\nTel. +1 212 555 0166\n"
    _mail(year, user, formataddr((boss.name, address)), "Urgent", text)
    year.truth.never(address, "impostor")


def _forwarded(year: Year, random: Random) -> None:
    """A colleague forwards a mail of somebody whom nobody has written to."""
    one, other = random.choice(year.staff), random.choice(year.staff)
    stranger = f"petra.fremd{digits(random, '###')}@fremdfirma.example"
    text = (
        "FYI\n\n-----Original Message-----\n"
        f"From: Petra Fremd <{stranger}>\nSent: Monday, November 2, 2026 9:15 AM\nTo: {one.name} <{one.email}>\nSubject: Hello\n\n"
        "We make valves.\n\nRegards\nPetra Fremd\nSales Manager\nTel. +1 212 555 0155\n"
    )
    _mail(year, other, formataddr((one.name, one.email)), "FW: Hello", text)
    year.truth.never(stranger, "forwarded by a colleague")
