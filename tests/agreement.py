"""What must be so two quiet passes after anything: rules of a sync as values, what people wrote, and the judge of both.

Every value that a person writes is a token (`t17`) that nobody writes again. So where a token is, who overwrote it, and
whether the audit tells of it can be asked of any end, however it was reached.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.inprocess import Place

TITLE = re.compile(r"^TITLE:(\S+)\r?$", re.MULTILINE)
TOWN = re.compile(r"^ADR[^:\n]*:;;;(t\d+);", re.MULTILINE)
EMAIL = re.compile(r"^EMAIL[^:\n]*:(\S+)\r?$", re.MULTILINE)
SUMMARY = re.compile(r"^SUMMARY:(\S+)\r?$", re.MULTILINE)
_TOKEN = re.compile(r"\bt\d+\b")
_MADE = re.compile(r"^[0-9a-f]{24}(-\d+)?\.(vcf|ics)$")
PUBLIC = "public"


@dataclass(frozen=True)
class Rules:
    """A rule file. `shared`: rows of the status Shared go into everybody's folder; `team`: and into the public one."""

    shared: bool = True
    team: bool = True
    conflict: str = "newest wins"
    folder: str = "unlink"
    table: str = "delete"
    left: str = "remove"
    public: str = "unlink"
    skip: bool = False

    def __repr__(self) -> str:
        ours = {name: value for name, value in vars(self).items() if value != getattr(Rules, name)}
        return f"Rules({', '.join(f'{name}={value!r}' for name, value in ours.items())})"

    @property
    def text(self) -> str:
        more = " or contact.status = 'Shared'" if self.shared else ""
        text = (
            "use 'crm.rules'\n\nsync appointments off\n\n"
            "sync contacts\n  between folder 'Contacts' of each user and table contact\n"
            "  into table when category 'MX-Contact' or is known contact with owner = user\n"
            f"  into folder when contact.owner is user{more}\n  conflict {self.conflict}\n"
            f"  deleted in folder then {self.folder}\n  deleted in table then {self.table}\n"
            f"  out of filter then {self.left}\n\n"
            "sync tasks\n  between folder 'Tasks' of each user and table task\n  into table\n"
            "  into folder when task.owner is user\n  conflict newest wins\n  deleted in folder then delete\n"
            "  deleted in table then delete\n  out of filter then remove\n"
        )
        if self.team:
            text += (
                "\nsync team\n  between public folder 'Team' and table contact\n  into table when is known contact\n"
                "  into folder when contact.status = 'Shared'\n  conflict table wins\n"
                f"  deleted in folder then {self.public}\n"
                "  deleted in table then delete\n  out of filter then remove\n"
            )
        if self.skip:
            text += "\nrule 'Nothing hidden'\n  when contact category 'Hidden'\n  then skip\n"
        return text

    def name(self, sync: str, owner: str | None, status: str, mailbox: str) -> bool:
        """Whether a row goes into a mailbox's folder."""
        if sync == "tasks":
            return owner == mailbox
        if mailbox == PUBLIC:
            return status == "Shared"
        return owner == mailbox or (sync == "contacts" and self.shared and status == "Shared")

    def deletes_rows(self, sync: str) -> bool:
        """Whether a row goes when its item is deleted."""
        return {"tasks": "delete", "contacts": self.folder, "team": self.public}[sync] == "delete"


@dataclass
class Ledger:
    """What people wrote, in order, and what they took away. A place is a row (table, key) or a file."""

    number: int = 0
    order: dict[str, int] = field(default_factory=dict)
    last: dict[tuple[Any, str], str] = field(default_factory=dict)

    def token(self) -> str:
        self.number += 1
        return f"t{self.number}"

    def wrote(self, place: Any, name: str, token: str) -> None:
        self.order[token] = self.number
        self.last[place, name] = token

    def took(self, place: Any) -> None:
        self.last = {where: token for where, token in self.last.items() if where[0] != place}

    def moved(self, old: Any, new: Any) -> None:
        for (place, name), token in list(self.last.items()):
            if place == old:
                self.last[new, name] = token
                del self.last[place, name]


def _found(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match.group(1) if match else None


class Judge:
    """Looks at a tenant once nothing is left to be done."""

    def __init__(self, place: Place, rules: Rules, users: Sequence[str], ledger: Ledger) -> None:
        self.place, self.rules, self.users, self.ledger = place, rules, users, ledger
        self.owners = {place.user_id(user): user for user in users}
        self.contacts = {
            str(key): (title, town, self.owners.get(owner), status, email)
            for key, title, town, owner, status, email in place.sql(
                "SELECT ContactID, JobTitle, City, OwnerID, Status, Email FROM Contacts"
            )
        }
        self.tasks = {
            str(key): (subject, self.owners.get(owner))
            for key, subject, owner in place.sql("SELECT TaskID, Subject, UserID FROM Tasks")
        }
        self.files: dict[tuple[str, str], str] = {}
        for box in (*users, PUBLIC):
            home = place.root / "mailboxes" / box
            for path in home.rglob("*"):
                if path.suffix in (".vcf", ".ics"):
                    self.files[box, path.relative_to(home).as_posix()] = path.read_bytes().decode()
        self.links = place.sql("SELECT sync, mailbox, href, hub_place, hub_key, state, made FROM mxsync_links")
        self.held = {(box, href) for box, href in place.sql("SELECT mailbox, href FROM mxsync_review")}
        self.skipped = set(place.sql("SELECT mailbox, href FROM mxsync_items WHERE fate = 'skipped'"))

    def judge(self) -> None:
        """Raises `AssertionError` with what is wrong."""
        assert not [link for link in self.links if link[5] in ("making", "again")], "a link waits for its item"
        seen: dict[tuple[str, str, str], str] = {}
        syncs = {"contacts", "tasks", *(("team",) if self.rules.team else ())}
        for sync, box, href, where, key, state, made in self.links:
            if state != "paired" or sync not in syncs:
                continue
            assert (where, box, key) not in seen, f"{where} {key} is twice in {box}: {href}, {seen[where, box, key]}"
            seen[where, box, key] = href
            text = self.files.get((box, href))
            assert text is not None, f"{href} in {box} is linked with {where} {key} and not there"
            (self._contact if where == "table contact" else self._task)(sync, box, href, key, made, text)
        self._copies({(box, key) for _, box, key in seen}, syncs)
        self._everything_named_is_there(seen, syncs)
        self._no_doubles()
        self._nothing_lost()

    def _contact(self, sync: str, box: str, href: str, key: str, made: int, text: str) -> None:
        assert key in self.contacts, f"{href} in {box} is linked with contact {key}, which is not there"
        title, town, owner, status, _ = self.contacts[key]
        named = self.rules.name(sync, owner, status, box)
        removes = self.rules.left == "remove" or box == PUBLIC
        assert named or not made or not removes, f"{href} should have left {box}: {owner}, {status}"
        if named and (box, href) not in self.held:
            assert (_found(TITLE, text), _found(TOWN, text)) == (title, town), (box, href, key, title, town, text)

    def _copies(self, seen: set[tuple[str, str]], syncs: set[str]) -> None:
        """A copy is there, and so is its row, which another card of the folder stands for unless the filter let go."""
        for sync, box, href, _, key, state, _ in self.links:
            if state == "copy" and sync in syncs:
                assert (box, href) in self.files, f"{href} in {box} is a copy, and not there"
                assert key in self.contacts, f"{href} in {box} is a copy of the card of contact {key}, which is gone"
                named = self.rules.name(sync, *self.contacts[key][2:4], box)
                assert (box, key) in seen or not named, f"{href} in {box} is a copy of no other card"

    def _task(self, sync: str, box: str, href: str, key: str, made: int, text: str) -> None:
        assert key in self.tasks, f"{href} in {box} is linked with task {key}, which is not there"
        subject, owner = self.tasks[key]
        assert owner == box or not made, f"{href} should have left {box}: it is {owner}'s"
        if owner == box:
            assert _found(SUMMARY, text) == subject, (box, href, subject, text)

    def _everything_named_is_there(self, seen: dict[tuple[str, str, str], str], syncs: set[str]) -> None:
        unlinked = {(where, box, key) for _, box, _, where, key, state, _ in self.links if state == "unlinked"}
        left = {
            (box, _found(EMAIL, text)) for (box, href), text in self.files.items() if (box, href) in self.skipped | self.held
        }  # fmt: skip
        for key, (_, _, owner, status, email) in self.contacts.items():
            boxes = [box for box in self.users if self.rules.name("contacts", owner, status, box)]
            boxes += [PUBLIC] if "team" in syncs and self.rules.name("team", owner, status, PUBLIC) else []
            for box in boxes:
                pair = ("table contact", box, key)
                assert pair in seen or pair in unlinked or (box, email) in left, f"contact {key} is not in {box}"
        for key, (_, owner) in self.tasks.items():
            if owner is not None:
                pair = ("table task", owner, key)
                assert pair in seen or pair in unlinked, f"task {key} is not in the folder of {owner}"
        linked = {(box, href) for _, box, href, *_ in self.links}
        for (box, href), text in self.files.items():
            if href.startswith("Tasks/"):
                assert (box, href) in linked, f"{href} in {box} has no row"
            elif (
                "CATEGORIES:MX-Contact" in text
                and box != PUBLIC
                and (box, href) not in linked | self.skipped | self.held
            ):
                email = _found(EMAIL, text)
                others = [c for c in self.contacts.values() if c[4] == email]
                assert others, f"{href} in {box} should have a row"

    def _no_doubles(self) -> None:
        for email, number in Counter(each[4] for each in self.contacts.values()).items():
            assert number == 1, f"{number} rows have the address {email}"
        for subject, number in Counter(subject for subject, _ in self.tasks.values()).items():
            assert number == 1, f"{number} tasks are called {subject}"
        cards: Counter[tuple[str, str, str | None]] = Counter()
        for (box, href), text in self.files.items():
            if _MADE.match(href.rpartition("/")[2]):
                cards[box, href.split("/")[0], _found(EMAIL, text) or _found(SUMMARY, text)] += 1
        doubled = {where: number for where, number in cards.items() if number > 1}
        assert not doubled, f"made more than once: {doubled}"

    # ------------------------------------------------------------ nothing lost

    def _nothing_lost(self) -> None:
        told: dict[str, set[str]] = defaultdict(set)
        gone: set[Any] = set()
        rows = self.place.sql("SELECT entity, row_key, action, mailbox, href, detail FROM mxsync_audit")
        for entity, key, action, box, href, detail in rows:
            for token in _TOKEN.findall(detail):
                told[token].add(action)
            if action == "delete":
                gone.add(("Contacts" if entity == "contact" else "Tasks", key))
            elif action == "remove item":
                gone.add((box, href))
        for (place, name), token in self.ledger.last.items():
            now, there = self._now(place, name)
            if not there:
                assert place in gone, f"{place} is gone, and nobody deleted it"
            elif now != token and "conflict" not in told[token]:
                later = now is not None and self.ledger.order.get(now, 0) > self.ledger.order[token]
                assert later and told[token], f"{name} of {place} was {token} and is {now}; told of it: {told[token]}"

    def _now(self, place: Any, name: str) -> tuple[str | None, bool]:
        table, key = place
        if table == "Contacts":
            row = self.contacts.get(key)
            return (row[0] if name == "title" else row[1], True) if row is not None else (None, False)
        if table == "Tasks":
            task = self.tasks.get(key)
            return (task[0], True) if task is not None else (None, False)
        text = self.files.get(place)
        if text is None:
            return None, False
        return _found({"title": TITLE, "town": TOWN, "subject": SUMMARY}[name], text), True


def with_line(text: str, pattern: re.Pattern[str], line: str, end: str, stamp: str) -> str:
    """A card or a to-do with one line changed and the moment of the change, as a program of a person's writes it."""
    text = text.replace("\r\n", "\n")
    whole = re.compile(pattern.pattern.replace(r"\r?", "").replace("(t\\d+);", "[^\\n]*"), re.MULTILINE)
    text = whole.sub("", text)
    text = re.sub(r"^(REV|LAST-MODIFIED)[^\n]*$", "", text, flags=re.MULTILINE)
    kept = [each for each in text.split("\n") if each]
    at = kept.index(end)
    return "\n".join((*kept[:at], line, stamp, *kept[at:], ""))


def file_place(root: Path, path: Path) -> tuple[str, str]:
    """The place of a file in the ledger: its mailbox, and where it lies there."""
    box, _, href = path.relative_to(root / "mailboxes").as_posix().partition("/")
    return box, href
