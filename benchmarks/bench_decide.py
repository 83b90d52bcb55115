"""What one decision costs under rules like the sample CRM's, by what the mail is: time a mail, and mails a second.

python benchmarks/bench_decide.py [--profile]
"""

from __future__ import annotations

import cProfile
import gc
import pstats
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mxsync.decide.context import ItemContext
from mxsync.decide.decide import Tracing
from mxsync.decide.page import decide_page
from mxsync.lang import ir
from mxsync.lang.compile import compile_plan
from mxsync.model.item import Address
from tests.programs import (
    ANNA,
    NOW,
    ORGANISATION,
    SIGNATURE,
    assign,
    category,
    compare,
    known,
    like,
    mail,
    path,
    program,
    rule,
)
from tests.worlds import Crm

EXCLUDED = path(".exclude_mail", ir.Type.BOOLEAN)


def crm_rules() -> list[ir.Rule]:
    """The mail rules of rules/crm.rules."""
    private = [
        ir.Or((compare("sensitivity", ir.Op.EQ, word), category(word)))
        for word in ("private", "personal", "confidential")
    ]
    none_excluded = compare(EXCLUDED, ir.Op.EQ, False)
    excluded = ir.And((known(where=compare(EXCLUDED, ir.Op.EQ, True)), ir.Not(known(where=none_excluded))))
    contact = ir.CreateContacts("contact", ir.People.CORRESPONDENTS, ir.Source.DEFAULT, ())
    company = ir.CreateCompanies("company", ir.Source.DOMAIN, ())
    opened = compare(path(".status"), ir.Op.EQ, "Open")
    deal = ir.Target("opportunity", where=opened, latest_by="created_on")
    of_conversation = ir.Target("opportunity", of_conversation=True)
    all_known = ir.Link((ir.Target("user"), ir.Target("contact", where=none_excluded), ir.Target("company")))
    categories = path("categories", many=True)
    return [
        rule("Nothing private", ir.Or(tuple(private)), ir.Skip(), priority=100),
        rule("Excluded contacts", excluded, ir.Skip(), priority=90),
        rule(
            "Create contact and company",
            category("Create Contact and Company"),
            contact,
            company,
            ir.Link(),
            priority=50,
        ),
        rule("Create contact", category("Create Contact"), contact, ir.Link(), priority=50),
        rule("Link opportunity", category("Link Opportunity"), ir.Link(), ir.Link((deal,))),
        rule("mxStatus", like(categories, "mxStatus={value}"), ir.Set((assign("status", path("@value")),))),
        rule("Attachments", ir.And((category("Save Attachments"), ir.HasAttachment())), ir.SaveAttachments()),
        rule("Replies", ir.IsReply("email"), ir.Link((of_conversation,))),
        rule("Mail of known contacts", known(where=none_excluded), all_known),
    ]


def world(count: int) -> tuple[Crm, dict[str, list[ItemContext]]]:
    crm = Crm()
    people = [Address(f"Person {n}", f"person{n}@firm{n % 40}.example") for n in range(200)]
    companies = [crm.company(f"firm{n}.example") for n in range(40)]
    for n, person in enumerate(people):
        crm.contact(person.address, companies[n % 40], exclude_mail=False)
    us = [Address("Anna", ANNA)]
    strangers = [Address(f"Jim Doe{n}", f"jim{n}@new{n}.example") for n in range(count)]
    return crm, {
        "of a known contact": [mail(n, sender=people[n % 200], to=us) for n in range(count)],
        "of a stranger": [mail(n, sender=strangers[n], to=us) for n in range(count)],
        "to five contacts": [mail(n, sender=us[0], to=people[n % 190 : n % 190 + 5]) for n in range(count)],
        "makes a contact and a company": [
            mail(n, sender=strangers[n], body=SIGNATURE, categories=["Create Contact and Company"])
            for n in range(count)
        ],
    }


def main() -> None:
    plan = compile_plan(program(crm_rules()))
    crm, kinds = world(200)
    for name, contexts in kinds.items():
        # Answers are remembered, so that the look-ups' own cost (the database's, in life) is left out.
        answers: dict[object, object] = {}

        def answer(lookups, answers=answers):  # type: ignore[no-untyped-def]
            for lookup in lookups:
                if lookup not in answers:
                    answers[lookup] = crm.ask(lookup)
            return {lookup: answers[lookup] for lookup in lookups}

        def page(tracing: Tracing = Tracing.LIVE, contexts: list[ItemContext] = contexts, answer=answer) -> None:  # type: ignore[no-untyped-def]
            decide_page(plan, ORGANISATION, contexts, answer, NOW, tracing)

        page()
        gc.disable()
        taken = []
        for _ in range(9):
            begin = time.process_time()
            page()
            taken.append((time.process_time() - begin) / len(contexts))
        gc.enable()
        median = statistics.median(taken)
        print(f"mail {name:<30} {median * 1e6:7.1f} µs   {1 / median:8.0f} a second")
        if "--profile" in sys.argv:
            profile = cProfile.Profile()
            profile.enable()
            for _ in range(5):
                page()
            profile.disable()
            pstats.Stats(profile).sort_stats("tottime").print_stats(18)


if __name__ == "__main__":
    main()
