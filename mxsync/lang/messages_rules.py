"""Errors of rules, syncs and tests beyond their conditions, MX077 to MX092: one function a code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mxsync.lang.diagnostics import CodeInfo, Diagnostic
from mxsync.lang.messages_names import error
from mxsync.lang.source import Span
from mxsync.lang.suggest import article, did_you_mean, listing

CODES: Final[dict[str, CodeInfo]] = {
    "MX077": CodeInfo(
        "an action that is for items",
        "A rule `when row of` acts on rows: it creates, sets, links, notifies. Categories, folders and "
        "attachments are an item's.",
    ),
    "MX078": CodeInfo(
        "`from` or `for` where it means nothing",
        "`from header|signature` and `for sender|recipients|…` belong to `create contact`, `from "
        "domain|signature` to `create company`, and `update contact` is from the signature alone.",
    ),
    "MX079": CodeInfo(
        "no table for such items",
        "To save an item an entity must stand for its kind: one named like it (`email` for mail), or one "
        "declared `as KIND`.",
    ),
    "MX080": CodeInfo("no such hook", "`call hook NAME` calls what the configuration declares as `[hooks.NAME]`."),
    "MX081": CodeInfo(
        "the mailbox server cannot do that",
        "What a server offers differs. The rule asks for something that none of the configured servers has.",
    ),
    "MX082": CodeInfo(
        "a rule that would never come to rest",
        "What the rule creates, or writes, makes the rule fire again. Narrow its condition, or name the event.",
    ),
    "MX083": CodeInfo(
        "sides that cannot be kept in step",
        "A sync is between a folder and a table, or between two folders, of one kind of item. Mail goes one "
        "way, by rules.",
    ),
    "MX084": CodeInfo(
        "a clause given twice",
        "Each direction, `conflict`, `deleted in` a side and `out of filter` stand once in a sync.",
    ),
    "MX085": CodeInfo(
        "no such side",
        "Clauses call a side `folder`, `table`, or by its alias (`as NAME`). Two folders need aliases.",
    ),
    "MX086": CodeInfo("a side called twice the same", "The aliases of a sync's two sides differ."),
    "MX087": CodeInfo(
        "a test cannot state that",
        "Some facts follow from others: `is internal` from the addresses, `is freemail` from the domain. State those.",
    ),
    "MX088": CodeInfo(
        "a test says it twice",
        "`as user` and `at` stand once in a test, and each field of a thing has one value.",
    ),
    "MX089": CodeInfo("a field is set twice", "One action gives each field one value."),
    "MX090": CodeInfo("not a whole number", "`priority` is a whole number; higher comes first."),
    "MX091": CodeInfo(
        "`linked to` outside a test",
        "In a rule `link` does that; `create … linked to` belongs to a test's `expect`.",
    ),
    "MX092": CodeInfo(
        "the kind of such items is not clear",
        "Several entities stand for the kind. Say which: `save as ENTITY`.",
    ),
}


def not_for_rows(span: Span, action: str) -> Diagnostic:
    return error("MX077", span, f"`{action}` is for items, and this rule is about rows")


def not_for_kind(span: Span, action: str, subject: str, kinds: Iterable[str]) -> Diagnostic:
    return error("MX077", span, f"`{action}` means nothing for {subject}", f"it is for {listing(kinds)}")


def source_unfit(span: Span, entity: str, source: str, allowed: Iterable[str]) -> Diagnostic:
    words = list(allowed)
    help_ = f"`{entity}` can be made from {listing(words)}" if words else "give its fields with `with F = V`"
    return error("MX078", span, f"`{entity}` is not made from the {source}", help_)


def update_unfit(span: Span, entity: str, source: str, *, contact: bool) -> Diagnostic:
    if not contact:
        return error(
            "MX078", span, f"`{entity}` is not kept current from a signature", "only a contact is; set its fields"
        )
    return error(
        "MX078", span, f"`{entity}` is not kept current from the {source}", "write `update contact from signature`"
    )


def people_unfit(span: Span, entity: str, people: str) -> Diagnostic:
    return error("MX078", span, f"`{entity}` is not made for {people}", "only a contact is made for people")


def no_own_entity(span: Span, kind: str, name: str) -> Diagnostic:
    as_kind = f"entity {name} in table …"
    return error("MX079", span, f"there is no table to save {article(kind)} in", f"declare `{as_kind}`")


def unknown_hook(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    help_ = did_you_mean(name, known) or f"declare it in the configuration: `[hooks.{name}]`"
    return error("MX080", span, f"there is no hook called `{name}`", help_)


def server_cannot(span: Span, what: str, server: str) -> Diagnostic:
    """`what` is a plural: 'public folders'."""
    return error("MX081", span, f"{what} are not available on {server}")


def creates_itself(span: Span, chain: Iterable[str]) -> Diagnostic:
    return error(
        "MX082", span, "this never comes to rest: what is created makes a rule create again, " + " → ".join(chain),
        "narrow the condition so that it does not hold for what is created",
    )  # fmt: skip


def sets_itself(span: Span, field: str, other: str) -> Diagnostic:
    return error(
        "MX082", span, f"this never comes to rest: rule `{other}` sets `{field}` back, and this rule fires again",
        "let one of the two rules leave the field alone",
    )  # fmt: skip


def two_tables(span: Span) -> Diagnostic:
    return error("MX083", span, "both sides are tables", "one side of a sync is a folder")


def mail_synced(span: Span, entity: str) -> Diagnostic:
    return error("MX083", span, f"`{entity}` holds mail, and mail goes one way, by rules",
                 f"write `when mail … then save as {entity}`")  # fmt: skip


def rows_only_synced(span: Span, entity: str) -> Diagnostic:
    return error("MX083", span, f"`{entity}` stands for no kind of item, so it cannot be kept in step with a folder",
                 "declare it `as contact`, `as appointment` …")  # fmt: skip


def folder_kind_unknown(span: Span, folders: str) -> Diagnostic:
    return error(
        "MX083", span, f"it is not clear what kind of item {folders} hold",
        "name a folder below `Contacts`, `Calendar`, `Tasks`, `Journal` or `Notes` on one side",
    )  # fmt: skip


def clause_twice(span: Span, clause: str) -> Diagnostic:
    return error("MX084", span, f"this sync has `{clause}` already")


def unknown_side(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    words = list(known)
    return error("MX085", span, f"no side of this sync is called `{name}`",
                 did_you_mean(name, words) or f"its sides are {listing(words)}")  # fmt: skip


def ambiguous_side(span: Span, name: str) -> Diagnostic:
    return error(
        "MX085", span, f"both sides of this sync are a `{name}`", "give each an alias: `folder 'X' of … as mine`"
    )


def alias_twice(span: Span, name: str) -> Diagnostic:
    return error("MX086", span, f"both sides of this sync are called `{name}`")


def cannot_be_stated(span: Span, word: str, instead: str) -> Diagnostic:
    return error("MX087", span, f"`{word}` cannot be stated, it follows from other things", f"state {instead}")


def stated_twice(span: Span, what: str) -> Diagnostic:
    return error("MX088", span, f"this test says `{what}` twice")


def set_twice(span: Span, field: str) -> Diagnostic:
    return error("MX089", span, f"`{field}` is set twice by one action")


def not_whole(span: Span, written: str) -> Diagnostic:
    return error("MX090", span, f"a priority is a whole number, `{written}` is not")


def linked_to_in_rule(span: Span) -> Diagnostic:
    return error("MX091", span, "`linked to` is for the `expect` of a test", "add the action `link`")


def several_own_entities(span: Span, kind: str, names: Iterable[str]) -> Diagnostic:
    return error("MX092", span, f"{article(kind)} could be saved in {listing(names)}", "say which: `save as …`")
