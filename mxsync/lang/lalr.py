"""A statement's text straight to its tree, by the tables of the grammar.

Lark makes its own tree first and works out the place of every node in it; here each construct is built when the parser
has seen its last word. What cannot be parsed is left to Lark, which knows how to say what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from mxsync.lang.tables import END, Tables
from mxsync.lang.token import token
from mxsync.lang.tree import Builder, Children, Extent

_Match: TypeAlias = Callable[[str, int], "re.Match[str] | None"]
_Make: TypeAlias = Callable[[Extent, Children], Any]
_FAR: Final = 1 << 62


class Unparsable(Exception):
    """The text is no statement of the grammar."""


class _Reduction:
    """One production bound to the method that builds its construct. `only` is the place of a child that stands for the
    whole, -1 without one; `plain` are the places of the children that count, None where some are spread or absent."""

    __slots__ = ("absent", "inline", "keep", "make", "only", "origin", "plain", "size")

    def __init__(self, tables: Tables, number: int, builder: Builder) -> None:
        each = tables.productions[number]
        self.origin = each.origin
        self.size = each.size
        self.keep = each.keep
        self.absent = each.absent
        self.inline = each.inline
        self.make: _Make | None = None
        simple = not each.absent and not any(spread or absent for _, spread, absent in each.keep)
        self.plain = tuple(place for place, _, _ in each.keep) if simple else None
        self.only = self.plain[0] if each.inline and self.plain is not None and len(self.plain) == 1 else -1
        if self.only < 0 and each.method:
            self.make = getattr(builder, each.method, None)

    def children(self, values: Children) -> Children:
        plain = self.plain
        if plain is not None:
            return values if len(plain) == self.size else [values[place] for place in plain]
        found: Children = []
        for place, spread, absent in self.keep:
            if absent:
                found += [None] * absent
            if spread:
                found += values[place]
            else:
                found.append(values[place])
        if self.absent:
            found += [None] * self.absent
        return found

    def value(self, extent: Extent, values: Children) -> Any:
        if self.only >= 0:
            return values[self.only]
        children = self.children(values)
        if self.inline and len(children) == 1:
            return children[0]
        return self.make(extent, children) if self.make is not None else children


class Driver:
    """Parses by `tables` and builds by `builder`. Expressions are compiled at their first use."""

    def __init__(self, tables: Tables, builder: Builder) -> None:
        self._actions = tables.actions
        self._gotos = tables.gotos
        self._start, self._end = tables.start, tables.end
        self._terminals = tables.terminals
        # Never given back: what is left of a comment is no word.
        self._between = f"(?:{tables.ignored})*+"
        self._blank = re.compile(self._between)
        self._matches: list[_Match | None] = [None] * len(tables.actions)
        self._of_terminals: dict[frozenset[str], _Match] = {}
        self._reductions = [_Reduction(tables, number, builder) for number in range(len(tables.productions))]

    def _match(self, state: int) -> _Match:
        accepted = frozenset(self._actions[state])
        match = self._of_terminals.get(accepted)
        if match is None:
            words = "|".join(f"(?P<{name}>{regex})" for name, regex in self._terminals.items() if name in accepted)
            # Without a terminal (only the end may come) the expression matches nothing.
            match = self._of_terminals[accepted] = re.compile(f"{self._between}(?:{words or '(?!)'})").match
        self._matches[state] = match
        return match

    def parse(self, text: str) -> Any:
        """The tree. Raises `Unparsable`, and what the builder raises."""
        actions, gotos, matches, reductions = self._actions, self._gotos, self._matches, self._reductions
        states = [self._start]
        values: Children = []
        starts: list[Any] = []  # of each value: the line and column of its first word, None for one without words
        ends: list[Any] = []
        at, line, line_start = 0, 1, 0
        newline = text.find("\n")
        if newline < 0:
            newline = _FAR
        while True:
            state = states[-1]
            match = (matches[state] or self._match(state))(text, at)
            if match is None:
                if self._blank.fullmatch(text, at) is None:
                    raise Unparsable
                name = END
            else:
                name = match.lastgroup or END
                word, at = match[name], match.end()
                start = at - len(word)
                while newline < start:
                    line += 1
                    line_start = newline + 1
                    newline = text.find("\n", line_start)
                    if newline < 0:
                        newline = _FAR
                first = (line, start - line_start + 1)
                while newline < at:
                    line += 1
                    line_start = newline + 1
                    newline = text.find("\n", line_start)
                    if newline < 0:
                        newline = _FAR
                last = (line, at - line_start + 1)
            while True:
                action = actions[state].get(name)
                if action is None:
                    raise Unparsable
                if action >= 0:
                    break
                reduction = reductions[-1 - action]
                size = reduction.size
                if size == 1:
                    children = [values.pop()]
                    del states[-1]
                    begin, finish = starts.pop(), ends.pop()
                elif size:
                    children = values[-size:]
                    begin = starts[-size] or next((each for each in starts[1 - size :] if each), None)
                    finish = ends[-1] or next((each for each in ends[-2 : -size - 1 : -1] if each), None)
                    del states[-size:], values[-size:], starts[-size:], ends[-size:]
                else:
                    children, begin, finish = [], None, None
                only = reduction.only
                values.append(children[only] if only >= 0 else reduction.value((begin, finish), children))
                starts.append(begin)
                ends.append(finish)
                state = gotos[states[-1]][reduction.origin]
                states.append(state)
                if state == self._end and name is END:
                    return values[-1]
            states.append(action)
            values.append(token(name, word, first, last))
            starts.append(first)
            ends.append(last)
