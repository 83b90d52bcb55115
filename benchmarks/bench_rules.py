"""What a rule costs: ten thousand rules against ten, a thousand equality rules against the package `rule-engine`, and how
long it takes to compile and to recompile.

    python benchmarks/bench_rules.py

Ratios are of medians measured in the same run, in turns, so that a slow moment of the machine slows both.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mxsync.decide.context import ItemContext
from mxsync.decide.decide import decide
from mxsync.decide.memory import MemoryTables
from mxsync.lang import ir
from mxsync.lang.compile import RulePlan, compile_plan
from mxsync.model.item import Address
from tests.programs import NOW, ORGANISATION, compare, crm_entities, like, mail, path, program, rule, template

TABLES = MemoryTables(crm_entities())


def rules(count: int) -> list[ir.Rule]:
    """Rules of the kinds that customers write: by category, sender, domain, subject, header and size."""
    made = []
    for n in range(count):
        received = compare("direction", ir.Op.EQ, "received")
        condition: ir.Condition = [
            compare(path("categories", many=True), ir.Op.EQ, f"Project {n}"),
            compare("sender.address", ir.Op.EQ, f"person{n}@firm{n}.example"),
            compare("sender.domain", ir.Op.IN_DOMAIN, f"firm{n}.example"),
            ir.And((received, compare("subject", ir.Op.CONTAINS, f"offer {n} for"))),
            like("subject", f"*[M-{n}]*"),
            compare(path("header.list-id", many=True), ir.Op.CONTAINS, f"list-{n}.news.example"),
            ir.And((compare(path("size", ir.Type.NUMBER), ir.Op.GT, 10_000_000 + n), received)),
        ][n % 7]
        made.append(rule(f"rule {n}", condition, ir.Categorize(template(f"Filed {n}"))))
    return made


def mails(count: int, of: int) -> list[ItemContext]:
    """Mails of which each matches about one rule."""
    made = []
    for n in range(count):
        m = (n * 7919) % of
        made.append(
            mail(
                n,
                sender=Address(f"Person {m}", f"person{m}@firm{m}.example"),
                subject=f"Re: offer {m} for pumps [M-{m}]",
                categories=[f"Project {m}", "Red"],
                headers={"list-id": (f"<list-{m}.news.example>",)} if n % 3 == 0 else {},
                more={"size": 20_000},
            )
        )
    return made


def decide_all(plan: RulePlan, contexts: list[ItemContext]) -> int:
    return sum(len(decide(plan, ORGANISATION, each, TABLES, NOW).effects) for each in contexts)


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def medians(rounds: int, *works: Callable[[], object]) -> list[float]:
    """Median seconds of each, measured in turns."""
    for work in works:
        work()
    taken: list[list[float]] = [[] for _ in works]
    gc.disable()
    for _ in range(rounds):
        for place, work in enumerate(works):
            taken[place].append(seconds(work))
    gc.enable()
    return [statistics.median(each) for each in taken]


def by_count() -> None:
    contexts = mails(1_000, 10)
    plans = {count: compile_plan(program(rules(count))) for count in (10, 1_000, 10_000)}
    for plan in plans.values():
        decide_all(plan, contexts)
    taken = medians(9, *(lambda plan=plan: decide_all(plan, contexts) for plan in plans.values()))
    print("one mail against so many rules (the mails match the same rules each time):")
    for count, each in zip(plans, taken, strict=True):
        print(f"  {count:>6} rules   {each / len(contexts) * 1e6:7.1f} µs   {each / taken[0]:.2f} × ten rules")


def compile_times() -> None:
    print("compile:")
    for count in (10, 1_000, 10_000):
        made = rules(count)
        first = program(made)
        context = mails(1, count)[0]

        def cold(first: ir.Program = first, context: ItemContext = context) -> None:
            decide(compile_plan(first), ORGANISATION, context, TABLES, NOW)

        plan = compile_plan(first)
        decide(plan, ORGANISATION, context, TABLES, NOW)
        edited_rule = rule("edited", compare("subject", ir.Op.CONTAINS, "edited"), ir.Flag())
        edited = program([*made[: count // 2], edited_rule, *made[count // 2 + 1 :]], digest="edited")

        def edit(edited: ir.Program = edited, plan: RulePlan = plan, context: ItemContext = context) -> None:
            decide(compile_plan(edited, plan), ORGANISATION, context, TABLES, NOW)

        def moved(edited: ir.Program = edited, plan: RulePlan = plan, context: ItemContext = context) -> None:
            again = replace(edited, rules=tuple(replace(each, line=each.line + 1) for each in edited.rules))
            decide(compile_plan(again, plan), ORGANISATION, context, TABLES, NOW)

        one, two, three = medians(5, cold, edit, moved)
        tracemalloc.start()
        kept = compile_plan(first)
        decide(kept, ORGANISATION, context, TABLES, NOW)
        memory = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        print(
            f"  {count:>6} rules   cold, to the first decision {one * 1e3:7.1f} ms   one rule edited {two * 1e3:6.1f} ms"
            f"   a line inserted {three * 1e3:6.1f} ms   {memory / 2**20:5.1f} MB"
        )


def against_rule_engine() -> None:
    try:
        import rule_engine
    except ImportError:
        print("rule-engine is not installed: pip install rule-engine")
        return
    count = 1_000
    contexts = mails(100, count)
    made = [
        rule(f"r{n}", compare("sender.address", ir.Op.EQ, f"person{n}@firm{n}.example"), ir.Flag())
        for n in range(count)
    ]
    plan = compile_plan(program(made))
    theirs = [rule_engine.Rule(f'sender == "person{n}@firm{n}.example"') for n in range(count)]
    facts = [{"sender": each.item.fields["sender"].address} for each in contexts]  # type: ignore[union-attr]

    def ours_all() -> int:
        return decide_all(plan, contexts)

    def theirs_all() -> int:
        return sum(each.matches(fact) for fact in facts for each in theirs)

    assert ours_all() == theirs_all() == len(contexts)
    ours, other = medians(5, ours_all, theirs_all)
    print(f"{count} equality rules, one mail (ours decides, with effects and trace; rule-engine only matches):")
    print(f"  mxsync       {len(contexts) / ours:10.0f} decisions a second")
    print(f"  rule-engine  {len(contexts) / other:10.0f} decisions a second")
    print(f"  ratio        {other / ours:10.0f}")


def main() -> None:
    by_count()
    compile_times()
    against_rule_engine()


if __name__ == "__main__":
    main()
