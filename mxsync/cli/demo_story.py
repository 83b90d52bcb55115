"""What came of the sample mail, as one would tell a salesman."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from mxsync.model.effect import CreateRow, LinkRows, SaveAttachment, SaveItem, UpdateRow
from mxsync.model.item import ItemRef
from mxsync.model.outcome import Decision, Fate
from mxsync.model.record import RecordKey

# Where the sample CRM keeps the name of a record.
_NAMES = {
    "contact": "SELECT COALESCE(FullName, Email) FROM Contacts WHERE ContactID = ?",
    "company": "SELECT COALESCE(Name, Domain) FROM Companies WHERE CompanyID = ?",
    "opportunity": "SELECT Name FROM Opportunities WHERE OpportunityID = ?",
    "user": "SELECT COALESCE(FullName, Email) FROM Users WHERE UserID = ?",
}
_CALLED = ("full_name", "name", "subject", "file_name", "email", "domain")
_KINDS = {
    "Inbox": "mail",
    "Sent Items": "sent mail",
    "Contacts": "card",
    "Calendar": "meeting",
    "Tasks": "task",
    "Journal": "journal entry",
    "Notes": "note",
}


@dataclass(slots=True)
class Told:
    """One item, and what became of it."""

    item: str
    mailbox: str
    became: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Story:
    """The items of a pass under what became of them."""

    created: list[Told] = field(default_factory=list)
    linked: list[Told] = field(default_factory=list)
    left: list[Told] = field(default_factory=list)
    waiting: list[Told] = field(default_factory=list)
    nothing: int = 0

    def document(self) -> dict[str, object]:
        return {
            "created": self.created,
            "linked": self.linked,
            "left_alone": self.left,
            "waiting": self.waiting,
            "of_no_interest": self.nothing,
        }

    def lines(self) -> list[str]:
        """In words."""
        lines: list[str] = []
        for title, told in (
            ("New in the CRM", self.created),
            ("Saved, and linked to those it concerns", self.linked),
            ("Left alone", self.left),
            ("Waiting for you", self.waiting),
        ):
            if told:
                lines += ["", f"{title}:"]
                for each in told:
                    lines.append(f"  {each.item} ({each.mailbox})" if each.mailbox else f"  {each.item}")
                    lines += [f"    - {became}" for became in each.became]
        if self.nothing:
            lines += [
                "",
                f"Nobody's business here, and not stored: {self.nothing} items of people the CRM does not know.",
            ]
        return lines[1:]


def story(decisions: Iterable[Decision], set_aside: Iterable[tuple[str, str]], database: Path) -> Story:
    """Sorts what was decided, and what could not be read (item, sentence). `database` is the sample CRM, for the names
    of those who were in it before."""
    told = Story(waiting=[Told(item, "", [sentence]) for item, sentence in set_aside])
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as crm:
        for decision in decisions:
            _tell(told, decision, crm)
    return told


def _tell(story: Story, decision: Decision, crm: sqlite3.Connection) -> None:
    item = Told(_item_name(decision.ref), decision.ref.mailbox)
    match decision.fate:
        case Fate.SKIPPED:
            item.became.append(_because(decision))
            story.left.append(item)
        case Fate.HELD:
            item.became.append(decision.reason or "it waits for a person")
            story.waiting.append(item)
        case Fate.SET_ASIDE:
            pass  # told with its sentence already
        case Fate.NOTHING:
            story.nothing += 1
        case Fate.APPLIED:
            names = _planned_names(decision)
            made = [effect for effect in decision.effects if isinstance(effect, CreateRow)]
            item.became += [f"{effect.key.entity} {_named(effect.key, names, crm)} created" for effect in made]
            item.became += _others(decision, names, crm)
            (story.created if made else story.linked).append(item)


def _others(decision: Decision, names: Mapping[RecordKey, str], crm: sqlite3.Connection) -> Sequence[str]:
    said: list[str] = []
    linked = [effect for effect in decision.effects if isinstance(effect, LinkRows)]
    saved = {effect.key for effect in decision.effects if isinstance(effect, SaveItem)}
    for effect in decision.effects:
        match effect:
            case SaveItem():
                to = dict.fromkeys(
                    f"{link.target.entity} {_named(link.target, names, crm)}"
                    for link in linked
                    if link.source == effect.key
                )
                said.append(f"saved as {effect.key.entity}" + (f", linked to {', '.join(to)}" if to else ""))
                said += [f"its {field} set to {value}" for field, value in effect.assigned.items()]
            case UpdateRow():
                said.append(f"{effect.key.entity} {_named(effect.key, names, crm)}: {', '.join(effect.values)} set")
            case SaveAttachment():
                said.append(f"attachment {effect.name} stored")
            case LinkRows() if effect.source not in saved:
                source, target = effect.source, effect.target
                left = f"{source.entity} {_named(source, names, crm)}"
                said.append(f"{left} linked to {target.entity} {_named(target, names, crm)}")
    return list(dict.fromkeys(said))


def _planned_names(decision: Decision) -> dict[RecordKey, str]:
    names: dict[RecordKey, str] = {}
    for effect in decision.effects:
        if isinstance(effect, CreateRow | SaveItem):
            called = next((str(effect.values[name]) for name in _CALLED if effect.values.get(name)), "")
            names[effect.key] = called
    return names


def _named(key: RecordKey, names: Mapping[RecordKey, str], crm: sqlite3.Connection) -> str:
    if key in names:
        return names[key]
    if key.planned or not isinstance(key.value, int | str) or key.entity not in _NAMES:
        return ""
    row = None
    with suppress(sqlite3.Error):  # the tables of a demo may have been changed since
        row = crm.execute(_NAMES[key.entity], (key.value,)).fetchone()
    return str(row[0]) if row and row[0] else str(key.value)


def _because(decision: Decision) -> str:
    fired = [step.rule.rule for step in decision.trace.steps if step.fired]
    rule = f"rule '{fired[-1]}'" if fired else "a rule"
    # A rule that gives no reason of its own has one that names the rule once more.
    own_words = decision.reason and not decision.reason.startswith("rule `")
    return f"{rule} says so" + (f": {decision.reason}" if own_words else "")


def _item_name(ref: ItemRef) -> str:
    stem = ref.href.rpartition("/")[2].rpartition(".")[0] or ref.href
    return f"{_KINDS.get(ref.folder.partition('/')[0], 'item')} '{stem}'"
