"""Random mails, and random rules of which many are about just such mails: rules that never meet an item prove
nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import TypeVar

from mxsync.decide.context import ItemContext
from mxsync.decide.memory import MemoryTables
from mxsync.lang import ir
from mxsync.model.item import Address, Attachment
from tests.programs import (
    ALL,
    ANNA,
    ANY,
    CATEGORIES,
    NONE,
    NOW,
    ORGANISATION,
    assign,
    compare,
    crm_entities,
    known,
    like,
    mail,
    matches,
    path,
    rule,
    template,
)

T = TypeVar("T")
# Few words, so that rules and items meet; some differ only in case, spacing or composition.
WORDS = ["alpha", "Alpha", "beta", "be ta", "gam+ma", "Straße", "STRASSE", "é", "e\u0301", "ref", "K12", "12", "x  y",
         "mxStatus=Done"]  # fmt: skip
ADDRESSES = ["jane@acme.example", "Jane+news@ACME.example", "joe@sub.acme.example", "a@b.example", ANNA,
             "bob@ours.example", "x@deep.sub.acme.example", "noone@other.example"]  # fmt: skip
DOMAINS = ["acme.example", "sub.acme.example", "b.example", "ours.example", "example", "cme.example"]
CONTACTS = {"jane@acme.example": {"status": "Client", "exclude_mail": False}, "a@b.example": {"status": "Lead"}}
LIKES = ["*alpha*", "ref {value}", "*{value}", "{value}", "?lpha", "be*", "*", "mxStatus={value}", "Straße*",
         "K{value}2", "*a*", "*é*"]  # fmt: skip
REGEXES = ["alpha", "a.p", "^be", "ref (?P<value>[^ ]+)", "[k]12|beta", r"\d+", "(?P<value>x?) y", "é", "alpha.*beta"]
FOLDERS = [["Inbox"], ["inbox/*"], ["*/B", "Other"], ["Pro?ects"], ["Projects/A", "Inbox"], ["*"]]
VALUE = path("@value")
ACTIONS: list[tuple[ir.Action, ...]] = [
    (ir.Categorize(template("A")),),
    (ir.Categorize(template("a", VALUE)),),
    (ir.Set((assign("status", VALUE),)),),
    (ir.UpdateContacts("contact"), ir.Categorize(template("C"))),
    (ir.Set((assign("status", template("was ", VALUE)),)), ir.Categorize(template("B"))),
    (ir.Notify(template("x@y.example"), template("<", VALUE, ">")),),
    (ir.Notify(template("x@y.example"), template("hello")),),
    (ir.MarkRead(),),
]
ENDINGS: list[tuple[ir.Action, ...]] = [(ir.Categorize(template("alpha")), ir.Stop()), (ir.MarkRead(), ir.Skip())]
TEXTS = [path("subject"), path("subject"), CATEGORIES, path("custom.Region", ir.Type.ANY),
         path("header.list-id", many=True), path("folder"), path("importance"), path("missing")]  # fmt: skip
NUMBERS = [path("size", ir.Type.NUMBER), path("custom.Level", ir.Type.ANY)]
PEOPLE = [path("sender.address"), path("sender", ir.Type.PERSON), path("correspondents.address", many=True),
          path("recipients", ir.Type.PERSON, many=True), path("user.email")]  # fmt: skip
DOMAIN_PATHS = [path("sender.domain"), path("correspondents.domain", many=True), path("recipients.domain", many=True)]


class Maker:
    """Makes mails and rules from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def one(self, values: Sequence[T]) -> T:
        return self.random.choice(values)

    def some(self, values: Sequence[T], least: int, most: int) -> list[T]:
        return [self.one(values) for _ in range(self.random.randint(least, most))]

    def rarely(self, one_in: int) -> bool:
        return self.random.randrange(one_in) == 0

    # ------------------------------------------------------------------ mails

    def mail(self) -> ItemContext:
        custom = {"Region": self.one([*WORDS, ""]), "Level": self.one([-1, 0, 2, 3, 5, "3", "high", 2.5])}
        names = ["a.pdf", "B.PDF", "c.txt"]
        attachments = [
            Attachment(str(n), name, size=self.random.randint(5, 15), inline=self.rarely(3))
            for n, name in enumerate(self.some(names, 0, 2))
        ]
        received = NOW + timedelta(days=self.random.randint(-30, 20), hours=self.random.randint(-9, 9))
        return mail(
            sender=Address("", self.one(ADDRESSES)),
            to=[Address("", each) for each in self.some(ADDRESSES, 0, 3)],
            subject=" ".join(self.some([*WORDS, ""], 0, 5)),
            categories=self.some(WORDS, 0, 3),
            headers={"list-id": (" ".join(self.some(WORDS, 0, 2)),)} if self.rarely(2) else {},
            custom=custom if self.rarely(2) else {},
            attachments=attachments,
            folder=self.one(["Inbox"] * 5 + ["Inbox/B", "Projects", "Projects/A/B", "Other"]),
            mailbox=self.one([ANNA] * 8 + ["bob@ours.example", "public"]),
            event=self.one(["created"] * 8 + ["updated", "deleted"]),
            more={
                "size": self.random.randint(-2, 6),
                "received": received,
                "flagged": self.one([True, False, None]),
            },
        )

    # ------------------------------------------------------------------ rules

    def rules(self, most: int) -> list[ir.Rule]:
        return [self.rule(number) for number in range(self.random.randint(1, most))]

    def rule(self, number: int) -> ir.Rule:
        return rule(
            f"rule {number}",
            None if self.rarely(15) else self.condition(3),
            *(self.one(ENDINGS) if self.rarely(12) else self.one(ACTIONS)),
            priority=self.random.randint(-1, 1),
            event=self.one([""] * 12 + ["created", "updated", "deleted"]),
            users=self.one([None] * 12 + [[ANNA], ["bob@ours.example"], [ANNA, "bob@ours.example"]]),  # type: ignore[arg-type]
            folders=self.one([None] * 8 + FOLDERS),  # type: ignore[arg-type]
            public=self.rarely(12),
        )

    def condition(self, depth: int) -> ir.Condition:
        if depth == 0 or not self.rarely(3):
            return self.leaf()
        parts = tuple(self.condition(depth - 1) for _ in range(self.random.randint(2, 3)))
        match self.random.randrange(5):
            case 0 | 1:
                return ir.And(parts)
            case 2 | 3:
                return ir.Or(parts)
            case _:
                return ir.Not(parts[0])

    def leaf(self) -> ir.Condition:
        quantifier = self.one([ANY] * 6 + [ALL, NONE])
        text = self.one(TEXTS)
        ordering = [ir.Op.LT, ir.Op.LE, ir.Op.GT, ir.Op.GE]
        match self.random.randrange(14):
            case 0:
                return compare(text, ir.Op.EQ, self.one([*WORDS, ""]), quantifier=quantifier)
            case 1:
                values = self.some([*WORDS, ""] if self.rarely(4) else WORDS, 1, 4)
                return compare(text, ir.Op.IN, *values, quantifier=quantifier, negated=self.rarely(5))
            case 2:
                many = [f"{n}@many.example" for n in range(100)] + self.some(ADDRESSES, 0, 2)
                return compare(self.one(PEOPLE), ir.Op.IN, *many, quantifier=quantifier)
            case 3:
                return compare(self.one(PEOPLE), ir.Op.EQ, self.one(ADDRESSES), quantifier=quantifier)
            case 4:
                return compare(
                    self.one(DOMAIN_PATHS), ir.Op.IN_DOMAIN, *self.some(DOMAINS, 1, 2), quantifier=quantifier
                )
            case 5 | 6:
                op = self.one([ir.Op.CONTAINS, ir.Op.CONTAINS, ir.Op.STARTS, ir.Op.ENDS])
                values = self.some([*WORDS, "a", "be", "ref k12"], 1, 3)
                return compare(text, op, *values, quantifier=quantifier)
            case 7:
                return like(text, self.one(LIKES), quantifier=quantifier)
            case 8:
                return matches(text, self.one(REGEXES), quantifier=quantifier)
            case 9:
                limit = self.one([-1, 0, 2, 2.5, 3, 5])
                return compare(self.one(NUMBERS), self.one([*ordering, ir.Op.EQ]), limit, quantifier=quantifier)
            case 10:
                moment = NOW + timedelta(days=self.random.randint(-30, 20), hours=self.random.randint(-9, 9))
                limit_at = self.one([moment, moment.date()])
                received = path("received", ir.Type.MOMENT)
                return compare(received, self.one([*ordering, ir.Op.EQ]), limit_at, quantifier=quantifier)
            case 11:
                return compare(path("flagged", ir.Type.BOOLEAN), ir.Op.EQ, self.rarely(2), quantifier=quantifier)
            case 12:
                return compare(text, ir.Op.EMPTY, quantifier=self.one([ANY, NONE]))
            case _:
                return self.other(quantifier)

    def other(self, quantifier: ir.Quantifier) -> ir.Condition:
        match self.random.randrange(5):
            case 0:
                where = compare(path(".status"), ir.Op.EQ, self.one(["client", "Lead", ""]))
                return known(where=None if self.rarely(2) else where, quantifier=quantifier)
            case 1:
                return known(of=path("sender", ir.Type.PERSON), quantifier=quantifier)
            case 2:
                pattern = like("subject", self.one(["*.pdf", "{value}.pdf"])).pattern
                return ir.HasAttachment(None if self.rarely(2) else pattern, None if self.rarely(2) else 10)
            case 3:
                return ir.Is(ir.Fact.INTERNAL)
            case _:
                back = ir.Offset(None, -self.random.randint(1, 30), "day")
                return compare(path("received", ir.Type.MOMENT), ir.Op.WITHIN_LAST, back)


SCORES = [path("sender.score", ir.Type.NUMBER), path("correspondents.score", ir.Type.NUMBER, many=True),
          path("recipients.score", ir.Type.NUMBER, many=True)]  # fmt: skip


class ScoringMaker(Maker):
    """Half of what its rules ask are scores."""

    def leaf(self) -> ir.Condition:
        if self.rarely(2):
            return super().leaf()
        quantifier = self.one([ANY] * 6 + [ALL, NONE])
        op = self.one([ir.Op.LT, ir.Op.LE, ir.Op.GT, ir.Op.GE, ir.Op.EQ])
        return compare(self.one(SCORES), op, self.one([0, 10, 15, 35, 50, 60, 75, 90]), quantifier=quantifier)


def tables() -> MemoryTables:
    """The contacts and users that the rules know."""
    made = MemoryTables(crm_entities())
    for address, values in CONTACTS.items():
        made.add("contact", {"email": (address,), **values})
    for address in sorted(ORGANISATION.users):
        made.add("user", {"email": address})
    return made
