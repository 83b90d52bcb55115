"""Some 270 situations of mail through the shipped auto-crm.rules: who becomes a contact, who is held, who never is.

`situations.table`, beside this file, says them in a line each. Every line becomes a mail as it lies on the wire, which
is read, decided by the rules that customers use, and compared with what the line says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from mxsync import resources
from mxsync.decide.context import ItemContext, Organisation
from mxsync.decide.decide import Tracing
from mxsync.decide.explain import trace_lines
from mxsync.decide.memory import MemoryTables
from mxsync.decide.page import decide_page
from mxsync.extract.mime import read_mail
from mxsync.lang.check import check
from mxsync.lang.compile import RulePlan, compile_plan
from mxsync.model.effect import CreateRow
from mxsync.model.item import Item, ItemRef
from mxsync.model.outcome import Decision, Fate
from tests.checking import PARSER, Texts
from tests.programs import NOW

TABLE = Path(__file__).with_name("situations.table")
ANNA, BEN = "anna.smith@karooworks.example", "ben@karooworks.example"
WORDS = {"anna": f"Anna Smith <{ANNA}>", "ben": f"Ben Ours <{BEN}>"}
OURS = Organisation(
    domains=frozenset({"karooworks.example", "karooworks.co.za"}), users=frozenset({ANNA, BEN}), region="ZA"
)
OUTCOMES = ("both", "contact", "held", "nothing", "never", "known")
NOT_HEADERS = frozenset(
    [
        "cc",
        "reply-to",
        "body",
        "category",
        "contact",
        "company",
        "earlier",
        "made",
        "name",
        "phone",
        "because",
        "alias",
        "domain",
    ]
)
EARLIER = "<earlier@mail.example>"


@dataclass(frozen=True)
class Situation:
    line: int
    outcome: str
    what: str
    sender: str
    to: str
    subject: str
    more: dict[str, str]

    @property
    def ours(self) -> bool:
        """Whether one of us wrote it."""
        return self.sender in WORDS


def situations() -> Iterator[Situation]:
    for number, line in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        outcome, what, sender, to, subject, more = (part.strip() for part in line.split(" | ", 5)) if line.count(" | ") >= 5 else (
            *(part.strip() for part in line.rstrip(" |").split(" | ")), "",
        )  # fmt: skip
        parts = [part.strip() for part in more.split(";;") if part.strip()]
        yield Situation(number, outcome, what, sender, to, subject, dict(part.split("=", 1) for part in parts))


SITUATIONS = list(situations())


@cache
def plan(alias: str) -> RulePlan:
    """The shipped rules, with a list of aliases where a line says one."""
    text = "use 'auto-crm.rules'\n"
    if alias:
        one, other = alias.split(" is ")
        text += f"list company_aliases = '{one}' is '{other}'\n"
    shipped = {name: resources.text(f"rules/{name}") for name in ("auto-crm.rules", "crm.rules")}
    found = check(PARSER, Texts({"main.rules": text}, shipped))
    assert found.program is not None, found.diagnostics
    return compile_plan(found.program)


def people(text: str) -> str:
    """Addresses as a header holds them: `anna` and `ben` written out."""
    return ", ".join(WORDS.get(each.strip(), each.strip()) for each in text.split(", "))


def written(situation: Situation, category: str) -> bytes:
    """The mail on the wire."""
    more = situation.more
    headers = {
        "From": people(situation.sender),
        "To": people(situation.to),
        "Subject": situation.subject,
        "Date": "Mon, 23 Nov 2026 09:00:00 +0200",
        "Message-ID": "<this@mail.example>",
    }
    headers |= {"Cc": people(more["cc"])} if "cc" in more else {}
    headers |= {"Reply-To": more["reply-to"]} if "reply-to" in more else {}
    headers |= {"In-Reply-To": EARLIER} if "earlier" in more else {}
    headers |= {"Keywords": category} if category else {}
    headers |= {name: value for name, value in more.items() if name.lower() not in NOT_HEADERS}
    headers.setdefault("Content-Type", "text/plain; charset=utf-8")
    lines = [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n" + more.get("body", "Hello.").replace("\\n", "\r\n") + "\r\n").encode()


def decided(situation: Situation, category: str = "") -> tuple[RulePlan, Decision]:
    more = situation.more
    rules = plan(more.get("alias", ""))
    parsed = read_mail(written(situation, category or more.get("category", "")))
    folder = "Sent Items" if situation.ours else "Inbox"
    mailbox = BEN if situation.sender == "ben" and situation.ours else ANNA
    item = Item(
        parsed.kind,
        ItemRef(mailbox, folder, "1.eml"),
        "1",
        parsed.fields,
        parsed.headers,
        parsed.custom,
        parsed.item_class,
    )
    tables = MemoryTables(rules.entities)
    tables.add("user", {"email": ANNA})
    tables.add("user", {"email": BEN})
    for address in filter(None, more.get("contact", "").split(", ")):
        tables.add("contact", {"email": (address,), "exclude_mail": False})
    if "company" in more:
        tables.add("company", {"domain": more["company"], "name": "There already"})
    earlier = {EARLIER: more["earlier"] == "sent"} if "earlier" in more else {}
    context = ItemContext(item, "created", mailbox, "mail:<this@mail.example>", earlier=earlier)
    (decision,) = decide_page(rules, OURS, [context], tables.answer, NOW, Tracing.FULL)
    return rules, decision


def rows(decision: Decision, entity: str) -> list[CreateRow]:
    return [each for each in decision.effects if isinstance(each, CreateRow) and each.key.entity == entity]


def addresses(text: str) -> list[str]:
    return re.findall(r"[^\s<>,\"]+@[^\s<>,\"]+", text)


def test_the_table_holds_what_it_must() -> None:
    assert {each.outcome for each in SITUATIONS} == set(OUTCOMES)
    assert len(SITUATIONS) >= 250
    assert sum(each.outcome == "never" for each in SITUATIONS) >= 100
    keys = [(each.sender, each.to, each.subject, sorted(each.more.items())) for each in SITUATIONS]
    assert [key for place, key in enumerate(keys) if key in keys[:place]] == []


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: f"{each.line}-{each.outcome}-{each.what}")
def test_situation(situation: Situation) -> None:
    _, decision = decided(situation)
    trace = "\n".join(trace_lines(decision))
    made = rows(decision, "contact")
    if situation.outcome in ("both", "contact"):
        assert decision.fate is Fate.APPLIED, trace
        others = situation.to if situation.ours else situation.sender
        expected = addresses(situation.more.get("made", others))
        assert [row.values["email"][0] for row in made] == expected, trace
        companies = rows(decision, "company")
        assert bool(companies) == (situation.outcome == "both"), trace
        for field in ("name", "domain"):
            if field in situation.more:
                assert [row.values[field] for row in companies] == [situation.more[field]], trace
        if "phone" in situation.more:
            phones = [
                str(row.values[name])
                for row in made
                for name in ("business_phone", "mobile_phone", "home_phone", "fax")
                if name in row.values
            ]
            assert phones == ([] if situation.more["phone"] == "-" else [situation.more["phone"]]), trace
    else:
        assert (decision.fate is Fate.HELD) == (situation.outcome == "held"), trace
        assert not made, trace
        # A known contact without a company gets one.
        assert situation.outcome == "known" or not rows(decision, "company"), trace
    if situation.outcome == "never":
        trace += "\n".join(trace_lines(decided(situation, "Create Contact and Company")[1]))
    assert situation.more.get("because", "") in trace, trace


@pytest.mark.parametrize(
    "situation", [each for each in SITUATIONS if each.outcome == "never"], ids=lambda each: f"{each.line}-{each.what}"
)
def test_a_category_makes_nobody_of_it_either(situation: Situation) -> None:
    _, decision = decided(situation, "Create Contact and Company")
    trace = "\n".join(trace_lines(decision))
    assert not rows(decision, "contact") and not rows(decision, "company"), trace
    (step,) = [step for step in decision.trace.steps if step.rule.rule == "Create contact and company"]
    assert step.fired and step.note, trace  # and the trace says why


@pytest.mark.parametrize(
    "situation", [each for each in SITUATIONS if each.outcome == "nothing"], ids=lambda each: f"{each.line}-{each.what}"
)
def test_a_category_makes_somebody_of_what_only_has_no_score(situation: Situation) -> None:
    _, decision = decided(situation, "Create Contact and Company")
    assert rows(decision, "contact"), "\n".join(trace_lines(decision))
