"""A second reading of the rules, for comparison: every rule tried in order, every condition walked anew, nothing
indexed, nothing kept. Slow, plain, and written without a look at the compiler."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from mxsync.decide.context import ItemContext, Organisation
from mxsync.extract.score import Sighting, person_score
from mxsync.lang import ir
from mxsync.model.item import Address, Attachment, Kind

OWN_FOLDERS = {"mail": ("inbox", "sent items"), "contact": ("contacts",), "appointment": ("calendar",),
               "task": ("tasks",), "journal": ("journal",), "note": ("notes",)}  # fmt: skip


@dataclass
class Found:
    """What a naive run comes to."""

    fired: list[str] = field(default_factory=list)
    skipped: bool = False
    categories: list[str] = field(default_factory=list)
    status: str | None = None
    texts: list[str] = field(default_factory=list)


def fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def plain_address(text: str) -> str:
    text = unicodedata.normalize("NFC", text).strip().casefold()
    if "@" not in text:
        return text
    local, domain = text.rsplit("@", 1)
    return (local.split("+")[0] or local) + "@" + domain


class Naive:
    """One item. `contacts` are the addresses of known contacts, with their fields."""

    def __init__(
        self,
        rules: Sequence[ir.Rule],
        organisation: Organisation,
        context: ItemContext,
        contacts: Mapping[str, Mapping[str, Any]],
        now: datetime,
    ) -> None:
        self.rules = rules
        self.organisation = organisation
        self.context = context
        self.item = context.item
        self.contacts = contacts
        self.now = now
        self.zone = ZoneInfo(organisation.timezone)
        self.captures: dict[str, str] = {}

    def run(self) -> Found:
        found = Found()
        decided: set[str] = set()
        for rule in self.rules:
            if not self.asked(rule):
                continue
            self.captures = {}
            if rule.condition is not None and not self.holds(rule.condition, {}):
                continue
            found.fired.append(rule.name)
            ending = ""
            for action in rule.actions:
                match action:
                    case ir.Categorize():
                        name = self.fill(action.category)
                        have = [fold(c) for c in self.item.fields.get("categories", ())]  # type: ignore[union-attr]
                        if fold(name) and fold(name) not in have and fold(name) not in decided:
                            found.categories.append(" ".join(name.split()))
                        decided.add(fold(name))
                    case ir.Set(assigns=(assign,)):
                        value = self.value(assign.value)
                        if found.status is None and value:
                            found.status = value[0]
                    case ir.Notify():
                        found.texts.append(self.fill(action.body))
                    case ir.Skip():
                        ending = "skip"
                    case ir.Stop():
                        ending = ending or "stop"
            if ending == "skip":
                return Found(fired=found.fired, skipped=True)
            if ending == "stop":
                break
        return found

    def asked(self, rule: ir.Rule) -> bool:
        if rule.row_of or self.item.kind not in rule.kinds:
            return False
        if rule.event:
            if rule.event != self.context.event:
                return False
        elif self.context.event == "deleted":
            return False
        if rule.users is not None and self.context.user not in rule.users:
            return False
        public = self.item.ref.mailbox == "public"
        if public != rule.public:
            return False
        names = OWN_FOLDERS[self.item.kind.value] if rule.folders is None else [n.lower() for n in rule.folders]
        here = self.item.ref.folder.lower().split("/")
        paths = ["/".join(here[: n + 1]) for n in range(len(here))]
        return any(self.wild(name, each) for name in names for each in paths)

    @staticmethod
    def wild(pattern: str, text: str) -> bool:
        if not pattern:
            return not text
        if pattern[0] == "*":
            return any(Naive.wild(pattern[1:], text[n:]) for n in range(len(text) + 1))
        return bool(text) and pattern[0] in ("?", text[0]) and Naive.wild(pattern[1:], text[1:])

    # ------------------------------------------------------------------ values

    def ours(self, address: str) -> bool:
        domain = plain_address(address).rpartition("@")[2]
        return plain_address(address) in self.organisation.users or any(
            domain == d or domain.endswith("." + d) for d in self.organisation.domains
        )

    def people(self, value: Any) -> list[Address]:
        seen, found = set(), []
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Address) and plain_address(each.address) not in seen:
                seen.add(plain_address(each.address))
                found.append(each)
        return found

    def everyone(self) -> list[Address]:
        fields = self.item.fields
        return self.people((fields.get("sender"), *fields.get("to", ()), *fields.get("cc", ())))  # type: ignore[misc]

    def get(self, path: ir.Path, record: Mapping[str, Any]) -> list[Any]:
        match path.root:
            case ir.Root.HEADER:
                value: Any = self.item.headers.get(path.steps[0], ())
            case ir.Root.CUSTOM:
                value = self.item.custom.get(path.steps[0])
            case ir.Root.CAPTURE:
                value = self.captures.get(path.steps[0])
            case ir.Root.RECORD:
                value = record.get(path.steps[0])
            case ir.Root.USER:
                value = self.context.user
            case _:
                value = self.field(path.steps)
        values = value if isinstance(value, (tuple, list)) else (value,)
        return [each for each in values if each is not None and each != ""]

    def field(self, steps: tuple[str, ...]) -> Any:
        match steps[0]:
            case "correspondents":
                value: Any = tuple(p for p in self.everyone() if p.address and not self.ours(p.address))
            case "recipients":
                value = tuple(self.people((*self.item.fields.get("to", ()), *self.item.fields.get("cc", ()))))  # type: ignore[misc]
            case "direction":
                sender = self.item.fields["sender"]
                value = "sent" if isinstance(sender, Address) and self.ours(sender.address) else "received"
            case "folder":
                value = self.item.ref.folder
            case name:
                value = self.item.fields.get(name)
        if len(steps) == 1:
            return value
        if steps[1] == "score":
            return tuple(self.score(each) for each in self.people(value))
        return tuple(getattr(each, steps[1]) for each in self.people(value))

    def score(self, person: Address) -> int:
        """Ours have none; of others it is `mxsync.extract.score`'s, which has tests of its own."""
        sender, recipients = self.item.fields["sender"], self.field(("recipients",))
        assert isinstance(sender, Address)
        if self.ours(person.address):
            return 0
        seen = Sighting(
            headers=self.item.headers,
            subject=str(self.item.fields.get("subject") or ""),
            sent_by_us=self.ours(sender.address),
            wrote_it=plain_address(person.address) == plain_address(sender.address),
            addressed=not recipients or any(self.ours(each.address) for each in recipients),
            outside=len(self.field(("correspondents",))),
        )
        return person_score(person, seen, self.organisation.domains, self.organisation.users).value

    def value(self, expression: ir.Expr) -> list[Any]:
        match expression:
            case ir.Constant():
                return [expression.value]
            case ir.Path():
                return self.get(expression, {})
            case ir.Template():
                return [self.fill(expression)]
            case ir.Offset():
                return [self.now.astimezone(self.zone) + timedelta(days=expression.count)]
            case _:
                return [self.context.user]

    def fill(self, template: ir.Template) -> str:
        texts = []
        for part in template.parts:
            texts.append(part if isinstance(part, str) else ", ".join(map(str, self.get(part.path, {}))))
        return "".join(texts)

    # ------------------------------------------------------------------ conditions

    def holds(self, node: ir.Condition, record: Mapping[str, Any]) -> bool:
        match node:
            case ir.And():
                return all(self.holds(part, record) for part in node.parts)
            case ir.Or():
                for part in node.parts:
                    before = dict(self.captures)
                    if self.holds(part, record):
                        return True
                    self.captures = before
                return False
            case ir.Not():
                before = dict(self.captures)
                held = self.holds(node.part, record)
                self.captures = before
                return not held
            case ir.Compare():
                return self.compares(node, record)
            case ir.Known():
                people = [p for p in self.everyone() if p.address and not self.ours(p.address)]
                if node.path is not None:
                    people = [p for p in self.people(self.field(node.path.steps)) if not self.ours(p.address)]
                results = []
                for person in people:
                    contact = self.contacts.get(plain_address(person.address))
                    results.append(contact is not None and (node.where is None or self.holds(node.where, contact)))
                if node.quantifier is ir.Quantifier.ALL:
                    return bool(results) and all(results)
                return any(results) != (node.quantifier is ir.Quantifier.NONE)
            case ir.HasAttachment():
                for attachment in self.item.fields.get("attachments", ()):  # type: ignore[union-attr]
                    assert isinstance(attachment, Attachment)
                    if attachment.inline or (node.larger is not None and attachment.size <= node.larger):
                        continue
                    match = self.regex(node.like, attachment.name, whole=True) if node.like is not None else {}
                    if match is not None:
                        self.captures = {**self.captures, **{name: text or "" for name, text in match.items()}}
                        return True
                return False
            case ir.Is(fact=ir.Fact.INTERNAL):
                return bool(self.everyone()) and all(self.ours(p.address) for p in self.everyone())
            case _:
                raise AssertionError(node)

    def compares(self, node: ir.Compare, record: Mapping[str, Any]) -> bool:
        values = self.get(node.path, record)
        none = node.quantifier is ir.Quantifier.NONE
        if node.op is ir.Op.EMPTY:
            return (not values) != (none != node.negated)
        if not values and not node.path.many:
            # A single field that is empty compares as an empty text, and as no.
            is_equal = node.op in (ir.Op.EQ, ir.Op.IN)
            held = is_equal and any(
                isinstance(v, ir.Constant) and (v.value is False or v.value == "") for v in node.values
            )
            return (held != node.negated) != none
        results, first = [], None
        for value in values:
            before = dict(self.captures)
            results.append(self.one(node, value) != node.negated)
            if first is None and self.captures != before:
                first = self.captures
            self.captures = before
        self.captures = first if first is not None else self.captures
        if node.quantifier is ir.Quantifier.ALL:
            return bool(results) and all(results)
        return any(results) != none

    def one(self, node: ir.Compare, value: Any) -> bool:
        others = [other for each in node.values for other in self.value(each)]
        match node.op:
            case ir.Op.EQ | ir.Op.IN:
                return any(self.same(node.path, value, other) for other in others)
            case ir.Op.LT:
                return any((c := self.order(value, other)) is not None and c < 0 for other in others)
            case ir.Op.LE:
                return any((c := self.order(value, other)) is not None and c <= 0 for other in others)
            case ir.Op.GT:
                return any((c := self.order(value, other)) is not None and c > 0 for other in others)
            case ir.Op.GE:
                return any((c := self.order(value, other)) is not None and c >= 0 for other in others)
            case ir.Op.CONTAINS:
                return any(fold(self.text(other)) in fold(self.text(value)) for other in others)
            case ir.Op.STARTS:
                return any(fold(self.text(value)).startswith(fold(self.text(other))) for other in others)
            case ir.Op.ENDS:
                return any(fold(self.text(value)).endswith(fold(self.text(other))) for other in others)
            case ir.Op.LIKE | ir.Op.MATCHES:
                assert node.pattern is not None
                found = self.regex(node.pattern, self.text(value), whole=node.op is ir.Op.LIKE)
                if found is None:
                    return False
                self.captures = {**self.captures, **{name: found[name] or "" for name in node.pattern.captures}}
                return True
            case ir.Op.IN_DOMAIN:
                domain = fold(self.text(value)).rpartition("@")[2]
                return any(domain == fold(str(o)) or domain.endswith("." + fold(str(o))) for o in others)
            case ir.Op.WITHIN_LAST:
                (offset,) = node.values
                assert isinstance(offset, ir.Offset)
                return isinstance(value, datetime) and self.now - timedelta(days=abs(offset.count)) <= value <= self.now
            case _:
                raise AssertionError(node.op)

    @staticmethod
    def text(value: Any) -> str:
        if isinstance(value, Address):
            return value.address
        if isinstance(value, float) and value == int(value):
            return str(int(value))
        return str(value)

    def same(self, path: ir.Path, value: Any, other: Any) -> bool:
        if isinstance(other, bool) or isinstance(value, bool):
            return bool(value) == bool(other)
        if isinstance(value, date) and isinstance(other, date):
            return self.order(value, other) == 0
        if path.type is ir.Type.PERSON or path.steps[-1] in ("address", "email"):
            return plain_address(self.text(value)) == plain_address(self.text(other))
        return fold(self.text(value)) == fold(self.text(other))

    def order(self, value: Any, other: Any) -> int | None:
        if isinstance(value, date) and isinstance(other, date):
            if isinstance(value, datetime) and isinstance(other, datetime):
                return (value > other) - (value < other)
            days = [v.astimezone(self.zone).date() if isinstance(v, datetime) else v for v in (value, other)]
            return (days[0] > days[1]) - (days[0] < days[1])
        try:
            if isinstance(value, date) or isinstance(other, date):
                return None
            return (float(value) > float(other)) - (float(value) < float(other))
        except (TypeError, ValueError):
            if isinstance(value, str) and isinstance(other, str):
                return (fold(value) > fold(other)) - (fold(value) < fold(other))
            return None

    @staticmethod
    def regex(pattern: ir.Pattern, text: str, *, whole: bool) -> Mapping[str, str | None] | None:
        source = pattern.regex.replace("\\z", "\\Z")
        text = unicodedata.normalize("NFC", text)
        flags = re.IGNORECASE | (re.DOTALL if whole else 0)
        match = re.fullmatch(source, text, flags) if whole else re.search(source, text, flags)
        return match.groupdict() if match else None


def run(
    rules: Collection[ir.Rule],
    organisation: Organisation,
    context: ItemContext,
    contacts: Mapping[str, Mapping[str, Any]],
    now: datetime,
) -> Found:
    """All rules, in the order in which they act."""
    assert context.item.kind is Kind.MAIL
    return Naive(sorted(rules, key=lambda rule: -rule.priority), organisation, context, contacts, now).run()
