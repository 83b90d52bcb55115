"""One item as conditions and actions see it: its fields, who is on it, and what is worked out from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from mxsync.decide import people
from mxsync.decide.context import ItemContext, Organisation
from mxsync.decide.gleaned import Gleaned
from mxsync.decide.persons import is_ours, people_of, recipients
from mxsync.decide.records import Records
from mxsync.decide.scoring import scored
from mxsync.lang import ir
from mxsync.lang.compile import RulePlan
from mxsync.lang.compile_facts import FactValue, Key, Slot, text_of
from mxsync.lang.compile_texts import composed
from mxsync.model.item import Address, Attachment, Kind, Value
from mxsync.model.normal import text_key, value_key
from mxsync.model.record import CrmView, Lookup, Record, RecordKey

if TYPE_CHECKING:
    from mxsync.extract.score import Score

_NONE: frozenset[Key] = frozenset()
_EMPTY: frozenset[Key] = frozenset({""})
_WRITTEN = (Kind.MAIL, Kind.POST)


class ItemFacts:
    """The `Facts` of one item (`mxsync.lang.compile_facts`). Made for one decision; keeps what it has worked out."""

    def __init__(
        self,
        plan: RulePlan,
        organisation: Organisation,
        context: ItemContext,
        view: CrmView,
        now: datetime,
        zone: tzinfo,
        gleaned: Gleaned | None = None,
    ) -> None:
        self.plan = plan
        self.organisation = organisation
        self.context = context
        self.item = context.item
        self._now = now
        self._zone = zone
        self.captures: dict[str, FactValue] = {}
        self.record: Record | None = None
        self.records = Records(self, view)
        self.mentions: tuple[ir.Mentions, ...] = ()
        gleaned = gleaned or Gleaned(context.item, organisation)
        self._computed = gleaned.fields
        self._values = gleaned.values
        self._keys = gleaned.keys
        self._folded = gleaned.folded
        self._texts = gleaned.texts
        self.everyone = gleaned.everyone
        self.correspondents = gleaned.correspondents
        self.conversation_ids = gleaned.conversation_ids
        self.reading = gleaned.reading
        self._scores = gleaned.scores
        seen = gleaned.foreseen
        of_these = seen is not None and seen.plan == plan.digest and context.event == "created"
        self.foreseen = seen if of_these else None
        """What was foreseen of it, where these very rules were in force there and it is new."""

    def release(self) -> None:
        """The decision is made: what refers to itself is let go at once, instead of waiting, with the whole mail, for
        the collector of cyclic garbage."""
        del self.records

    # ------------------------------------------------------------------ what conditions ask

    @property
    def now(self) -> datetime:
        return self._now

    @property
    def zone(self) -> tzinfo:
        return self._zone

    def values(self, slot: Slot) -> tuple[FactValue, ...]:
        """The values under a path, kept where they cannot change."""
        if not slot.stable:
            return self.path(slot.path)
        found = self._values.get(slot)
        if found is None:
            found = self._values[slot] = self.path(slot.path)
        return found

    def keys(self, slot: Slot) -> frozenset[Key]:
        """Their normal forms."""
        found = self._keys.get(slot)
        if found is None:
            found = frozenset(map(slot.key, self.values(slot))) or (_NONE if slot.path.many else _EMPTY)
            if slot.stable:
                self._keys[slot] = found
        return found

    def folded(self, slot: Slot) -> tuple[str, ...]:
        """Their texts, folded."""
        found = self._folded.get(slot)
        if found is None:
            found = tuple(text_key(text_of(value)) for value in self.values(slot))
            if slot.stable:
                self._folded[slot] = found
        return found

    def texts(self, slot: Slot) -> tuple[str, ...]:
        """Their texts, as regular expressions see them."""
        found = self._texts.get(slot)
        if found is None:
            found = tuple(composed(text_of(value)) for value in self.values(slot))
            if slot.stable:
                self._texts[slot] = found
        return found

    def path(self, path: ir.Path) -> tuple[FactValue, ...]:
        """What is there under a path, without empty values."""
        steps = path.steps
        match path.root:
            case ir.Root.RECORD:
                return self.records.at_hand(self.record, steps)
            case ir.Root.ITEM:
                return _stepped(self.field(steps[0]), steps[1:], self)
            case ir.Root.HEADER:
                return tuple(value for value in self.item.headers.get(steps[0].lower(), ()) if value)
            case ir.Root.CUSTOM:
                return _several(_custom(self.item.custom, steps[0]))
            case ir.Root.SIGNATURE:
                return _several(self.reading().signature.get(steps[0]))
            case ir.Root.CAPTURE:
                value = self.captures.get(steps[0])
                return (value,) if value is not None and value != "" else ()
            case _:
                return self.records.path(path)

    def known(self, node: ir.Known) -> tuple[tuple[Record, ...], ...]:
        return self.records.known(node)

    def replied(self, entity: str) -> bool:
        return bool(self.records.conversation(entity))

    def mentioned(self, node: ir.Mentions) -> tuple[Record, ...]:
        return self.records.mentioned(node.entity, node.field)

    def attachments(self) -> Collection[Attachment]:
        """What is attached, without inline pictures and without shortcuts."""
        found = self.item.fields.get("attachments") or ()
        values = found if isinstance(found, tuple) else (found,)
        return [each for each in values if isinstance(each, Attachment) and not each.inline and not each.link]

    def fact(self, fact: ir.Fact) -> bool:
        """What is computed from the item, beyond its fields."""
        match fact:
            case ir.Fact.INTERNAL:
                return bool(self.everyone()) and not self.correspondents()
            case ir.Fact.BULK:
                return people.is_bulk(self.item.headers)
            case ir.Fact.AUTO_REPLY:
                return people.is_auto_reply(self.item.headers)
            case ir.Fact.ROLE_ADDRESS:
                return any(people.is_role_address(each.address) for each in self._other_side())
            case ir.Fact.FREEMAIL:
                return any(people.is_freemail(each.domain) for each in self._other_side())
            case ir.Fact.HAS_SIGNATURE:
                return self.reading().has_signature
            case ir.Fact.HAS_PHONE:
                return self.reading().has_phone

    def changed(self, slot: Slot) -> bool:
        """Whether a field is another than when the item was last stored. What was never stored has not changed."""
        previous = self.context.previous
        if previous is None:
            return False
        name, *steps = slot.path.steps
        # The stored fields on either side: what is computed from them changes with them.
        before = _stepped(previous.get(name), tuple(steps), self)
        now = _stepped(self.item.fields.get(name), tuple(steps), self)
        return frozenset(map(slot.key, before)) != frozenset(map(slot.key, now))

    def user_key(self) -> RecordKey | None:
        return self.records.user()

    def user_address(self) -> str:
        return self.context.user

    def ask(self, lookup: Lookup) -> tuple[Record, ...]:
        return self.records.ask(lookup)

    # ------------------------------------------------------------------ the item

    def field(self, name: str) -> Value:
        """A field of the item's kind, computed where no server stores it."""
        if name in _COMPUTED:
            if name not in self._computed:
                self._computed[name] = self._compute(name)
            return self._computed[name]
        return self.item.fields.get(name)

    def _compute(self, name: str) -> Value:
        fields = self.item.fields
        match name:
            case "folder":
                return self.item.ref.folder
            case "class":
                return self.item.item_class
            case "user":
                return Address("", self.context.user) if self.context.user else None
            case "correspondents":
                return self.correspondents()
            case "recipients":
                return recipients(fields)
            case "to":
                return people_of(fields["to"]) if "to" in fields else recipients(fields)
            case "direction":
                return self._direction() if self.item.kind in _WRITTEN else None
            case _:
                return self._duration()

    def _direction(self) -> str:
        # Whoever wrote it decides, not the folder: one's own mail lies in the Inbox when one is on copy.
        for sender in people_of(self.item.fields.get("sender")):
            return "sent" if is_ours(sender.address, self.organisation) else "received"
        return "sent" if text_key(self.item.ref.folder).startswith("sent items") else "received"

    def _duration(self) -> Value:
        stored = self.item.fields.get("duration")
        start, end = self.item.fields.get("start"), self.item.fields.get("end")
        if stored is None and isinstance(start, datetime) and isinstance(end, datetime):
            return max(0, round((end - start).total_seconds() / 60))
        return stored

    def _other_side(self) -> tuple[Address, ...]:
        """Who deals with us here: the sender of what was received, the recipients of what was sent."""
        if self.item.kind in _WRITTEN and self.field("direction") == "received":
            return people_of(self.item.fields.get("sender"))
        return self.correspondents()

    def moment(self) -> datetime:
        """When the item said what it says: a mail's own date, unless its clock is ahead of what it came with."""
        fields = self.item.fields
        dates = (fields.get("sent"), fields.get("received"), self._now)
        return min(each for each in dates if isinstance(each, datetime) and each.tzinfo is not None)

    def senders(self) -> tuple[Address, ...]:
        """Who wrote it, or invites."""
        fields = self.item.fields
        return people_of(fields.get("sender")) or people_of(fields.get("organizer"))

    def score(self, person: Address) -> Score:
        """How likely a person on the item is one who deals with us, and why; worked out once."""
        found = self._scores.get(person)
        if found is None:
            found = self._scores[person] = scored(self, person, self.context.earlier)
        return found


_COMPUTED = frozenset({"folder", "class", "user", "correspondents", "recipients", "to", "direction", "duration"})


def _several(value: Value) -> tuple[FactValue, ...]:
    if isinstance(value, tuple):
        return tuple(each for each in value if each != "")
    return () if value is None or value == "" else (value,)


def _custom(custom: Mapping[str, Value], name: str) -> Value:
    """A named property, without regard to case where its exact name is not there."""
    if name in custom:
        return custom[name]
    folded = name.casefold()
    return next((value for key, value in custom.items() if key.casefold() == folded), None)


def _stepped(value: Value, steps: tuple[str, ...], facts: ItemFacts) -> tuple[FactValue, ...]:
    if not steps:
        return _several(value)
    if value == () or value is None:
        return ()
    found: list[FactValue] = []
    for person in people_of(value):
        match steps[0]:
            case "address":
                part: FactValue = person.address
            case "domain":
                part = person.domain
            case "name":
                part = person.name
            case "answer":
                part = person.answer
            case "score":
                part = facts.score(person).value
            case _:
                part = ""
        if part != "":
            found.append(part)
    return tuple(found)


def same_value(one: object, other: object) -> bool:
    """Whether two values are the same to the rules (texts without case, lists in any order)."""

    def keys(value: object) -> frozenset[str]:
        values = value if isinstance(value, tuple) else (value,)
        return frozenset(str(each) if isinstance(each, RecordKey) else value_key(each) for each in values) - {""}

    return keys(one) == keys(other)


def exact_value(one: object, other: object) -> bool:
    """Whether two values need no writing: the same, letter by letter, in text."""
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    return same_value(one, other)
