"""Which rules can match an item at all: an index by each rule's most selective condition.

A rule offers *options*: sets of keys of which at least one is present in every item that the rule matches. An
equality offers its constants, a text operator a literal that must occur, a comparison with a number its threshold, an
`or` the options of all its branches together. The rule is filed under the option that the fewest other rules share.
An item then asks: hash tables for its values, one Aho-Corasick automaton (Aho and Corasick, 1975) for each text, a
bisection for each number. What the index gives is a superset; the rule's own condition decides.
"""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from mxsync.lang import ir
from mxsync.lang.compile_comparisons import constant_keys
from mxsync.lang.compile_conditions import Intern, conjuncts
from mxsync.lang.compile_facts import Facts, Key, Slot, text_of
from mxsync.lang.compile_folders import ancestors, literal_folders
from mxsync.lang.compile_texts import domain_key, parents
from mxsync.lang.compile_values import day_of
from mxsync.model.normal import address_key, text_key

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

EQUAL, DOMAIN, TEXT, BELOW, ABOVE, ONE_OF, FOLDER, USER = range(8)
Entry: TypeAlias = tuple[int, Slot | None, "Key | float | frozenset[Key]"]
Option: TypeAlias = tuple[Entry, ...]

LARGE = 64
"""Constants beyond which a set is asked as a whole, so that a list of thousands is stored once, not once a rule."""


def options(condition: ir.Condition | None, intern: Intern) -> tuple[Option, ...]:
    """The options of a condition. None at all means that it has to be tried on every item."""
    found: list[Option] = []
    for part in conjuncts(condition):
        if isinstance(part, ir.Or):
            option = _of_branches(part, intern)
            if option:
                found.append(option)
        elif isinstance(part, ir.Compare):
            option = _of_comparison(part, intern)
            if option:
                found.append(option)
    return tuple(found)


def rule_options(rule: ir.Rule, of_condition: tuple[Option, ...]) -> tuple[Option, ...]:
    """Those of the condition, and the users and folders that the rule names."""
    if rule.users is None and rule.folders is None:
        return of_condition
    found = list(of_condition)
    if rule.users is not None:
        found.append(tuple((USER, None, user) for user in sorted(rule.users)))
    if rule.folders is not None:
        keys = literal_folders(rule.folders)
        if keys is not None:
            found.append(tuple((FOLDER, None, key) for key in keys))
    return tuple(found)


def _of_branches(condition: ir.Or, intern: Intern) -> Option:
    entries: list[Entry] = []
    for branch in condition.parts:
        each = options(branch, intern)
        if not each:
            return ()
        best: Option = min(each, key=_weakness)
        entries += best
    return tuple(entries)


def _weakness(option: Option) -> tuple[int, int]:
    return max(kind in (BELOW, ABOVE) for kind, _, _ in option), len(option)


def _of_comparison(node: ir.Compare, intern: Intern) -> Option:
    if node.negated or node.quantifier is ir.Quantifier.NONE or (not node.values and node.pattern is None):
        return ()
    slot = intern(node.path)
    if not slot.indexed:
        return ()
    match node.op:
        case ir.Op.EQ | ir.Op.IN:
            keys = constant_keys(node, slot)
            if keys is None:
                return ()
            if len(keys) > LARGE:
                return ((ONE_OF, slot, keys),)
            return tuple((EQUAL, slot, key) for key in sorted(keys, key=str))
        case ir.Op.IN_DOMAIN:
            if not all(isinstance(each, ir.Constant) for each in node.values):
                return ()
            domains = {domain_key(each.value) for each in node.values if isinstance(each, ir.Constant)}
            return tuple((DOMAIN, slot, domain) for domain in sorted(domains))
        case ir.Op.CONTAINS | ir.Op.STARTS | ir.Op.ENDS:
            return _of_texts(slot, [_literal(value) for value in node.values])
        case ir.Op.LIKE | ir.Op.MATCHES if node.pattern is not None:
            return _of_texts(slot, [max(text_key(node.pattern.prefix), text_key(node.pattern.literal), key=len)])
        case ir.Op.LT | ir.Op.LE:
            return _of_threshold(BELOW, slot, node.values[0])
        case ir.Op.GT | ir.Op.GE:
            return _of_threshold(ABOVE, slot, node.values[0])
        case _:
            return ()


def _literal(value: ir.Expr) -> str:
    return text_key(text_of(value.value)) if isinstance(value, ir.Constant) else ""


def _of_texts(slot: Slot, literals: Sequence[str]) -> Option:
    return tuple((TEXT, slot, literal) for literal in literals) if all(literals) else ()


def _of_threshold(side: int, slot: Slot, value: ir.Expr) -> Option:
    number = _number(value.value) if isinstance(value, ir.Constant) else None
    return ((side, slot, number),) if number is not None else ()


def _number(value: object) -> float | None:
    """A number for the thresholds. Days and moments count as their day, so that a moment and a day compare."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    return float(value.toordinal()) if isinstance(value, date) else None


class KindIndex:
    """The rules of one kind of item. Rules are numbers: their places in the order in which they act."""

    def __init__(self, rules: Iterable[tuple[int, tuple[Option, ...]]]) -> None:
        self._equal: dict[Slot, dict[Key, list[int]]] = {}
        self._domain: dict[Slot, dict[Key, list[int]]] = {}
        self._text: dict[Slot, _Texts] = {}
        self._below: dict[Slot, _Thresholds] = {}
        self._above: dict[Slot, _Thresholds] = {}
        self._one_of: dict[Slot, dict[frozenset[Key], list[int]]] = {}
        self._folder: dict[str, list[int]] = {}
        self._user: dict[str, list[int]] = {}
        self._rest: list[int] = []
        self._file(list(rules))

    def _file(self, rules: list[tuple[int, tuple[Option, ...]]]) -> None:
        # Every threshold of a field is passed by about half of its values.
        shared: Counter[object] = Counter([
            entry if entry[0] not in (BELOW, ABOVE) else entry[:2]
            for _, each in rules for option in each for entry in option
        ])  # fmt: skip
        for number, each in rules:
            if not each:
                self._rest.append(number)
                continue
            option = each[0] if len(each) == 1 else min(each, key=lambda option: _cost(option, shared))
            for kind, slot, key in option:
                self._add(kind, slot, key, number)

    def _add(self, kind: int, slot: Slot | None, key: Key | float | frozenset[Key], number: int) -> None:
        if slot is None:
            (self._folder if kind == FOLDER else self._user).setdefault(str(key), []).append(number)
        elif isinstance(key, frozenset):
            self._one_of.setdefault(slot, {}).setdefault(key, []).append(number)
        elif isinstance(key, float):
            thresholds = self._below if kind == BELOW else self._above
            thresholds.setdefault(slot, _Thresholds(kind == BELOW)).add(key, number)
        elif kind == TEXT:
            self._text.setdefault(slot, _Texts()).add(str(key), number)
        else:
            tables = self._equal if kind == EQUAL else self._domain
            tables.setdefault(slot, {}).setdefault(key, []).append(number)

    def candidates(self, facts: Facts, folder: str) -> list[int]:
        """The rules that the item may match, in order, each once."""
        found: list[int] = list(self._rest)
        for slot, table in self._equal.items():
            for key in facts.keys(slot):
                if key in table:
                    found += table[key]
        for slot, table in self._domain.items():
            for domain in {above for value in facts.values(slot) for above in parents(domain_key(value))}:
                if domain in table:
                    found += table[domain]
        for slot, texts in self._text.items():
            for text in facts.folded(slot):
                found += texts.within(text)
        for thresholds_of in (self._below, self._above):
            for slot, thresholds in thresholds_of.items():
                for value in facts.values(slot):
                    if isinstance(value, date):
                        value = day_of(value, facts.zone)
                    found += thresholds.passed(_comparable(value))
        for slot, sets in self._one_of.items():
            keys = facts.keys(slot)
            for wanted, numbers in sets.items():
                if not wanted.isdisjoint(keys):
                    found += numbers
        if self._folder:
            for key in ancestors(folder):
                found += self._folder.get(key, ())
        if self._user:
            found += self._user.get(address_key(facts.user_address()), ())
        return sorted(set(found))


def _cost(option: Option, shared: Counter[object]) -> float:
    total = 0.0
    for entry in option:
        kind = entry[0]
        if kind in (BELOW, ABOVE):
            total += shared[entry[:2]] / 2 + 1
        else:
            # A literal of one or two characters occurs nearly everywhere.
            total += shared[entry] * (20 if kind == TEXT and len(str(entry[2])) < 3 else 1)
    return total


def _comparable(value: object) -> float | None:
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return None
    return _number(value)


class _Texts:
    """Literals, found all at once in one walk over a text. The automaton is made at the first question."""

    def __init__(self) -> None:
        self._rules: dict[str, list[int]] = {}
        self._automaton: AhoCorasick | None = None
        self._found: list[list[int]] = []

    def add(self, literal: str, rule: int) -> None:
        self._rules.setdefault(literal, []).append(rule)

    def within(self, text: str) -> Iterable[int]:
        """The rules one of whose literals the text holds."""
        if not text:
            return ()
        if len(self._rules) < 4:  # a few are sooner looked for one by one
            return [rule for literal, rules in self._rules.items() if literal in text for rule in rules]
        if self._automaton is None:
            from ahocorasick_rs import AhoCorasick, MatchKind

            self._found = list(self._rules.values())
            self._automaton = AhoCorasick(list(self._rules), matchkind=MatchKind.Standard)
        seen = {match[0] for match in self._automaton.find_matches_as_indexes(text, overlapping=True)}
        return [rule for literal in seen for rule in self._found[literal]]


class _Thresholds:
    """Thresholds of one field, sorted at the first question. `below`: rules that want less than theirs. Equal counts as
    passed; the rule's own condition decides."""

    def __init__(self, below: bool) -> None:
        self._below = below
        self._entries: list[tuple[float, int]] = []
        self._keys: list[float] | None = None

    def add(self, threshold: float, rule: int) -> None:
        self._entries.append((threshold, rule))

    def passed(self, value: float | None) -> Iterable[int]:
        """The rules whose threshold the value may pass."""
        if value is None:
            return ()
        if self._keys is None:
            self._entries.sort()
            self._keys = [threshold for threshold, _ in self._entries]
        if self._below:
            return [rule for _, rule in self._entries[bisect.bisect_left(self._keys, value) :]]
        return [rule for _, rule in self._entries[: bisect.bisect_right(self._keys, value)]]
