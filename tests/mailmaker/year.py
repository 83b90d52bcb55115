"""A year of a company's mail, made up, in folders of files: with its correspondents, machines and impostors, and the truth
about who of them belongs in a CRM.

    python -m tests.mailmaker.year FOLDER [--users 20] [--outsiders 3000] [--days 365]

The roles of those outside, and what has to become of them:

business, freemail   write and are answered, over one or more conversations: a contact, with a company but for freemail
writes_once          one mail with a signature, not answered: a contact
written_to           one of us wrote, no answer: a contact
moved                as business, and later from another firm: one contact, not two
unsigned_once, copied   one short mail without a signature; only in copy: a contact or none, both are right
pitch, listed, private  advertising without list headers, mail through a list, private mail: nobody
and machines (`machines.py`): nobody

Some mails have files attached, and some people are met (`papers.py`): of contacts both are kept, of others nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from pathlib import Path
from random import Random

from tests.mailmaker import letters as say
from tests.mailmaker import machines, papers
from tests.mailmaker import population as people
from tests.mailmaker.ink import develop
from tests.mailmaker.letters import Letter
from tests.mailmaker.make import HTML_DESIGNS, PLAIN_DESIGNS, display_of, make_letter
from tests.mailmaker.people import Person
from tests.mailmaker.plain import QUOTES, Thread, plain_text
from tests.mailmaker.population import Correspondent
from tests.mailmaker.programs import PROGRAMS, html_text
from tests.mailmaker.truth import Truth

ROLES = {
    "business": 66,
    "freemail": 8,
    "writes_once": 5,
    "written_to": 4,
    "moved": 2,
    "unsigned_once": 3,
    "copied": 3,
    "pitch": 4,
    "listed": 3,
    "private": 2,
}
MUST = ("business", "freemail", "writes_once", "written_to", "moved")
MAY = ("unsigned_once", "copied")
_BEGINNING = datetime(2026, 1, 5, 7, 0, tzinfo=UTC)


class Year:
    """Everything is made by the constructor and `write`; the same arguments give the same files. `root` is the folder of
    the mailboxes, `first_mail` when somebody's first mail was sent, by address."""

    def __init__(self, users: int = 20, outsiders: int = 3000, days: int = 365, seed: int = 2026) -> None:
        self.random = Random(seed)
        self.days = days
        self._count = 0
        taken: set[str] = set()
        numbers: set[str] = set()
        self.staff = people.make_staff(self.random, users, taken, numbers)
        self._firms = people.make_firms(self.random, taken)
        self.outsiders = self._people(outsiders, taken, numbers)
        self.truth = Truth()
        self.root = Path()
        self.first_mail: dict[str, datetime] = {}
        self._papers = Random(seed + 1)  # of its own, so that files and meetings leave the mail as it is

    # ------------------------------------------------------------------ who

    def _people(self, count: int, taken: set[str], numbers: set[str]) -> list[Correspondent]:
        random = self.random
        found: list[Correspondent] = []
        firm = next(self._firms)
        for _ in range(count):
            if random.random() < 0.45:
                firm = next(self._firms)
            role = random.choices(list(ROLES), list(ROLES.values()))[0]
            place = next(self._firms) if role in ("listed", "pitch") else firm
            person = people.make_outsider(random, place, taken, numbers)
            while role == "moved" and all(number.kind != "mobile" for number in person.numbers):
                person = people.make_outsider(random, place, taken, numbers)
            if role in ("freemail", "private"):
                person = people.at_home(random, person)
            form = random.choice(("html", "plain"))
            signs = role in ("writes_once", "moved") or random.random() < 0.8
            designs = HTML_DESIGNS if form == "html" else PLAIN_DESIGNS
            designs = tuple(design for design in designs if role != "moved" or design != "oneline")
            later = people.moved(random, person, next(self._firms)) if role == "moved" else None
            found.append(
                Correspondent(
                    person=person,
                    role=role,
                    owner=random.choice(self.staff),
                    program=random.choice(sorted(PROGRAMS if form == "html" else QUOTES)),
                    form=form,
                    design=random.choice([design for design in designs if design != "boxed"]),
                    seed=random.random(),
                    signs=signs and role not in ("unsigned_once", "pitch"),
                    display=display_of(random, person) if role != "freemail" else person.name,
                    later=later,
                )
            )
        return found

    # ------------------------------------------------------------------ what they write

    def write(self, root: Path) -> Truth:
        """Writes the mail below `root` (`<user>/Inbox/…eml`, `<user>/Sent Items/…eml`), and says what is true."""
        self.root = root
        for user in self.staff:
            for folder in ("Inbox", "Sent Items"):
                (root / user.email / folder).mkdir(parents=True, exist_ok=True)
        for one in self.outsiders:
            self._correspond(one)
        machines.write(self)
        papers.meetings(self, self._papers)
        return self.truth

    def _correspond(self, one: Correspondent) -> None:
        random = self.random
        truth = self.truth
        match one.role:
            case "business" | "freemail" | "moved":
                for _ in range(random.choice((1, 1, 2, 2, 3))):
                    self._conversation(
                        one, one.person, random.choice((2, 2, 3, 4)), self.some_day(0, 0.5 if one.later else 1)
                    )
                if one.later:
                    self._conversation(one, one.later, 3, self.some_day(0.6, 1))
            case "written_to":
                self._conversation(one, one.person, 1, self.some_day(), ours_first=True)
            case "copied":
                partner = random.choice([each for each in self.outsiders if each.role == "business"])
                self._conversation(partner, partner.person, 1, self.some_day(), copy=one.person, ours_first=False)
            case _:
                self._conversation(one, one.person, 1, self.some_day(), ours_first=False)
        if one.role in MUST:
            truth.must(one.person, one.later, one.shown)
        elif one.role in MAY:
            truth.may(one.person)
        else:
            truth.never(one.person.email, one.role)

    def some_day(self, start: float = 0.0, end: float = 1.0) -> datetime:
        return _BEGINNING + timedelta(days=self.random.uniform(start, end) * self.days)

    def _conversation(
        self,
        one: Correspondent,
        person: Person,
        length: int,
        when: datetime,
        *,
        ours_first: bool | None = None,
        copy: Person | None = None,
    ) -> None:
        """Mails to and fro, each with what it answers below it."""
        random = self.random
        ours = random.random() < 0.4 if ours_first is None else ours_first
        subject = random.choice(
            ("KX-200", "Offer 4711", "Order 4500123987", "Rechnung 88-20417", "Site visit", "Drawings")
        )
        self.first_mail[person.email] = min(when, self.first_mail.get(person.email, when))
        earlier: tuple[Letter, ...] = ()
        references: list[str] = []
        colleague = random.choice(self.staff) if random.random() < 0.15 else None
        for number in range(length):
            letter = self._letter(one, person, one.owner, ours=ours, place=number)
            how = "top" if earlier else "new"
            thread = Thread(letter, earlier[:2], one.owner if not ours else person, how, subject)
            writer = ("outlook", "html") if ours else (one.program, one.form)
            headers = {"Sensitivity": "Private"} if one.role == "private" else {}
            if one.role == "listed":
                headers |= {"List-Id": "<pump-users.lists.flowforum.example>", "Precedence": "list"}
            outside = formataddr((one.display, person.email))
            if one.role == "business" and number and not ours and random.random() < 0.02:
                outside = formataddr((one.display, person.email.replace("@", "+orders@")))
                self.truth.never(person.email.replace("@", "+orders@"), "plus-addressed alias")
            inside = formataddr((one.owner.name, one.owner.email))
            others = [formataddr((each.name, each.email)) for each in (colleague, copy) if each]
            message_id = self.send(
                sender=inside if ours else outside,
                to=outside if ours else inside,
                copies=others,
                subject=subject if not number else f"Re: {subject}",
                when=when,
                source=_source(thread, *writer, random),
                form=writer[1],
                boxes=[
                    *((one.owner, "Sent Items" if ours else "Inbox"),),
                    *(((colleague, "Inbox"),) if colleague else ()),
                ],
                attachments=papers.attached(self, self._papers, one, ours=ours),
                headers=headers
                | ({"References": " ".join(references), "In-Reply-To": references[-1]} if references else {}),
            )
            if not ours and letter.signature is not None and one.role != "private":
                one.shown |= {(each.kind, each.e164) for each in letter.signature.numbers}
            references.append(message_id)
            earlier = (letter, *earlier)
            when += timedelta(hours=random.uniform(0.3, 30))
            ours = not ours

    def _letter(self, one: Correspondent, person: Person, owner: Person, *, ours: bool, place: int) -> Letter:
        random = self.random
        author, to = (owner, person) if ours else (person, owner)
        letter = make_letter(random, author, to, "html" if ours else one.form, signed=0.0)
        added: tuple[str, ...] = ()
        if one.role == "pitch":
            added = ("If you would rather not hear from us, click here to unsubscribe.",)
        signed = (random.random() < 0.8) if ours else (one.signs and (place == 0 or random.random() < 0.85))
        seed = Random(len(owner.email) if ours else one.seed)
        signature = say.make_signature(seed, author, "stacked" if ours else one.design) if signed else None
        closing = say.closing_of(random, author, signed=signed)
        letter = replace(letter, closing=closing, signature=signature, added=(*letter.added[-1:], *added))
        if not ours and random.random() < 0.04:
            lines, _ = say.invitation_of(random, author)
            letter = replace(letter, invitation=lines)
        return letter

    # ------------------------------------------------------------------ files

    def send(
        self,
        *,
        sender: str,
        to: str,
        subject: str,
        when: datetime,
        source: str,
        form: str,
        boxes: Sequence[tuple[Person, str]],
        copies: Sequence[str] = (),
        headers: dict[str, str] | None = None,
        attachments: Sequence[tuple[str, bytes]] = (),
    ) -> str:
        """One message, as a file in each of the mailboxes; returns its Message-ID."""
        self._count += 1
        message = EmailMessage(policy=SMTP.clone(utf8=False))
        message["From"], message["To"], message["Subject"] = sender, to, subject
        if copies:
            message["Cc"] = ", ".join(copies)
        message["Date"] = format_datetime(when)
        message["Message-ID"] = f"<{self._count}.{when:%Y%m%d%H%M%S}@mail.example>"
        for name, value in (headers or {}).items():
            message[name] = value
        message.set_content(source, subtype="html" if form == "html" else "plain", cte="base64")
        for filename, content in attachments:
            message.add_attachment(content, maintype="application", subtype="pdf", filename=filename)
        if attachments:
            message.set_boundary(f"=-part-{self._count}-=")
        raw = bytes(message)
        for user, folder in boxes:
            (self.root / user.email / folder / f"{self._count:06}.eml").write_bytes(raw)
        return message["Message-ID"]


def _source(thread: Thread, program: str, form: str, random: Random) -> str:
    inked = html_text(thread, program) if form == "html" else plain_text(thread, program, random)
    return develop(inked, markup=form == "html")[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--outsiders", type=int, default=3000)
    parser.add_argument("--days", type=int, default=365)
    options = parser.parse_args()
    year = Year(options.users, options.outsiders, options.days)
    truth = year.write(options.folder)
    print(f"{sum(1 for _ in options.folder.rglob('*.eml'))} mails, {truth}")


if __name__ == "__main__":
    main()
