"""Warnings, MX100 to MX149: one function a code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mxsync.lang.diagnostics import CodeInfo, Diagnostic, Severity
from mxsync.lang.source import Span
from mxsync.lang.suggest import listing

CODES: Final[dict[str, CodeInfo]] = {
    "MX100": CodeInfo(
        "a statement of a used file is left out",
        "An entity of your file has taken the place of one in the file that you use, and does not map a field "
        "that a rule or sync of that file names. That rule or sync is left out; everything else of the file "
        "is in force.\n\n"
        "Map the field in your entity, or write `rule 'X' off` to say that you do not want the rule.",
    ),
    "MX101": CodeInfo(
        "a rule that never fires",
        "Its condition asks for something and for its opposite, such as one field with two different values "
        "joined by `and`. Perhaps `or` is meant.",
    ),
    "MX102": CodeInfo(
        "a condition that always holds",
        "Its parts, joined by `or`, cover everything, such as `status != 'A' or status != 'B'`. Perhaps `and` "
        "is meant.",
    ),
    "MX103": CodeInfo(
        "a rule hidden by an earlier one",
        "An earlier rule skips, or stops at, every item for which this one would fire. Give this rule a "
        "higher priority, or narrow the other.",
    ),
    "MX104": CodeInfo(
        "two rules write different values to one field",
        "An item may match both. The first in order wins; say which is meant by making their conditions "
        "exclude each other.",
    ),
    "MX105": CodeInfo(
        "a required column that nothing fills",
        "The column cannot be empty, has no default, and no line of the entity writes it, so no row can be "
        "created. Map it, or write `fill COLUMN = V`.",
    ),
    "MX106": CodeInfo(
        "two syncs for one folder and one table",
        "Both keep the same folder in step with the same table, and their filters can take the same records.",
    ),
    "MX107": CodeInfo(
        "nothing links the two",
        "The item's entity has no `links to` this one, and neither refers to the other, so the rule cannot "
        "link them. Add `links to ENTITY through TABLE (OWN, OTHER)`.",
    ),
    "MX108": CodeInfo("a list that nothing uses", "No statement names the list."),
    "MX109": CodeInfo("an empty list", "The list holds no value, so nothing is in it."),
    "MX110": CodeInfo(
        "some mailbox servers cannot do that",
        "One of the configured servers can, another cannot: there the rule does nothing.",
    ),
    "MX111": CodeInfo(
        "a sync that copies nothing",
        "Neither direction is named: write `into SIDE` for at least one.",
    ),
    "MX112": CodeInfo(
        "nothing mentions that",
        "`link to mentioned ENTITY` takes what a `mentions ENTITY` of the same rule has found, and the rule has none.",
    ),
    "MX113": CodeInfo(
        "nobody can be notified",
        "`notify` sends through the relay of `[notify]` in the configuration, and there is none.",
    ),
}


def warning(code: str, span: Span, message: str, help_: str = "", *related: tuple[Span, str]) -> Diagnostic:
    """A warning with that code."""
    return Diagnostic(code, Severity.WARNING, span, message, help_, related)


def left_out(span: Span, what: str, name: str, file: str, entity: str, field: str) -> Diagnostic:
    """`what` is rule or sync."""
    off = f"`rule '{name}' off`" if what == "rule" else f"`sync {name} off`"
    return warning(
        "MX100", span, f"{what} `{name}` of `{file}` is left out: `{entity}` has no field `{field}`",
        f"map `{field}` in `{entity}`, or write {off}",
    )  # fmt: skip


def no_relay(span: Span) -> Diagnostic:
    return warning(
        "MX113", span, "nobody is notified: mxsync.toml says no relay",
        "add `[notify]` with `smtp` and `sender` to mxsync.toml",
    )  # fmt: skip


def never_fires(span: Span, first: str, second: str) -> Diagnostic:
    if first == second:
        return warning("MX101", span, f"this can never hold: {first}")
    return warning("MX101", span, f"this can never hold: `{first}` and `{second}` exclude each other",
                   "perhaps `or` is meant")  # fmt: skip


def always_fires(span: Span, first: str, second: str) -> Diagnostic:
    return warning("MX102", span, f"this always holds: what is not `{first}` is `{second}`", "perhaps `and` is meant")


def hidden(span: Span, name: str, other: str, action: str, first: Span) -> Diagnostic:
    where = f"{first.file}:{first.line}"
    return warning(
        "MX103", span, f"`{name}` never gets its turn: rule `{other}` ({where}) says `{action}` for every such item",
        "give it a higher priority, or narrow the other rule", (first, f"says `{action}`"),
    )  # fmt: skip


def written_twice(span: Span, field: str, other: str, first: Span) -> Diagnostic:
    where = f"{first.file}:{first.line}"
    return warning(
        "MX104", span, f"rule `{other}` ({where}) sets `{field}` to something else for items that match both",
        "the first in order wins; make their conditions exclude each other", (first, "sets it, too"),
    )  # fmt: skip


def required_unfilled(span: Span, entity: str, columns: Iterable[str]) -> Diagnostic:
    names = list(columns)
    noun = "column" if len(names) == 1 else "columns"
    return warning(
        "MX105", span, f"nothing fills the required {noun} {listing(names)} of `{entity}`, so no row can be created",
        f"map it, or write `fill {names[0]} = …`",
    )  # fmt: skip


def syncs_overlap(span: Span, name: str, other: str, first: Span) -> Diagnostic:
    return warning(
        "MX106", span, f"`{name}` and `{other}` keep the same folder in step with the same table",
        f"join them, or write `sync {other} off`", (first, "the first one"),
    )  # fmt: skip


def not_linkable(span: Span, entity: str, target: str) -> Diagnostic:
    return warning(
        "MX107", span, f"nothing links `{entity}` to `{target}`",
        f"write `extend entity {entity}` with a line `links to {target} through TABLE (OWN, OTHER)`",
    )  # fmt: skip


def list_unused(span: Span, name: str) -> Diagnostic:
    return warning("MX108", span, f"nothing uses the list `{name}`")


def list_empty(span: Span, name: str) -> Diagnostic:
    return warning("MX109", span, f"the list `{name}` is empty")


def some_servers_cannot(span: Span, what: str, servers: Iterable[str]) -> Diagnostic:
    return warning("MX110", span, f"{what} are not available on {listing(servers)}")


def sync_idle(span: Span, name: str) -> Diagnostic:
    return warning("MX111", span, f"`{name}` copies nothing", "add `into folder` or `into table`")


def nothing_mentioned(span: Span, entity: str) -> Diagnostic:
    return warning(
        "MX112", span, f"nothing in this rule mentions `{entity}`", f"add the condition `mentions {entity} …`"
    )
