"""What a replay found: the items that other rules would decide otherwise, in which acts, and how many of each rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from mxsync.engine.acts import Act
from mxsync.model.item import ItemRef


@dataclass(frozen=True, slots=True)
class Changed:
    """One field of one act, before and after, in normal form."""

    what: str
    field: str
    before: str
    after: str


@dataclass(slots=True)
class Difference:
    """One item that would be decided otherwise. `before` and `after` are its fates; acts are (what, rule)."""

    ref: ItemRef
    before: str
    after: str
    rules_before: str
    added: list[tuple[str, str]] = field(default_factory=list)
    dropped: list[tuple[str, str]] = field(default_factory=list)
    changed: list[tuple[Changed, str]] = field(default_factory=list)

    @property
    def any(self) -> bool:
        return bool(self.added or self.dropped or self.changed)


@dataclass(slots=True)
class Counts:
    """Of a rule or a mailbox: acts added, dropped and changed, and the items with any of them."""

    items: int = 0
    added: int = 0
    dropped: int = 0
    changed: int = 0


@dataclass(slots=True)
class ReplayReport:
    """What a replay found. `same` counts items decided alike, `by_these_rules` those whose decision is these rules'
    own, `undecided` those that mxsync has not decided yet (`plan` tells of them), `unreadable` those that cannot be
    read, `of_syncs` those that a sync has put into their folder, which are left out: no rule decided about them."""

    digest: str
    begin: date
    end: date
    items: int = 0
    same: int = 0
    by_these_rules: int = 0
    undecided: int = 0
    unreadable: int = 0
    of_syncs: int = 0
    differences: list[Difference] = field(default_factory=list)
    by_rule: dict[str, Counts] = field(default_factory=dict)
    by_mailbox: dict[str, Counts] = field(default_factory=dict)
    failed_mailboxes: list[tuple[str, str]] = field(default_factory=list)

    def count(self, counts: Counts, difference: Difference) -> None:
        """Adds what differs to the counts of its mailbox and of the rules that it comes from."""
        rules: dict[str, Counts] = {}
        acting = {
            "added": [rule for _, rule in difference.added],
            "dropped": [rule for _, rule in difference.dropped],
            "changed": [rule for _, rule in difference.changed],
        }
        for name, said in acting.items():
            for rule in said:
                for each in (counts, rules.setdefault(rule, Counts())):
                    setattr(each, name, getattr(each, name) + 1)
        counts.items += 1
        for rule, found in rules.items():
            total = self.by_rule.setdefault(rule, Counts())
            total.items += 1
            total.added += found.added
            total.dropped += found.dropped
            total.changed += found.changed


def compare(difference: Difference, before: Mapping[str, Act], after: Mapping[str, Act]) -> None:
    """Notes in `difference` which acts are new, gone, or have other values."""
    for what, act in after.items():
        other = before.get(what)
        if other is None:
            difference.added.append((what, act.rule))
        elif act.values and other.values:
            for name in sorted(act.values.keys() | other.values.keys()):
                old, new = other.values.get(name, ""), act.values.get(name, "")
                if old != new:
                    rule = act.rule or other.rule
                    difference.changed.append((Changed(what, name, old, new), rule))
    difference.dropped += [(what, act.rule) for what, act in before.items() if what not in after]
