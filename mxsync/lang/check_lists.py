"""What `list` statements hold: values, and of `company_aliases` which domain is whose."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from mxsync.lang import ast, ir, messages_lists, messages_names, messages_warnings
from mxsync.lang.declarations import Declarations, Declared
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.environment import ListInfo, digest_of
from mxsync.lang.load import Sources, list_columns, list_lines
from mxsync.lang.source import Span
from mxsync.lang.vocabulary import COMPANY_ALIASES

_DOMAIN = re.compile(r"[^\s@/.]+(?:\.[^\s@/.]+)+")


@dataclass(slots=True)
class Lists:
    """All lists. `aliases` leads from a company's further domains, in lower case, to the one that it goes by."""

    found: dict[str, ListInfo] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two texts of which the first is said to be the second, and where each stands."""

    one: str
    other: str
    one_span: Span
    other_span: Span


def read_lists(declared: Declarations, sources: Sources) -> Lists:
    """The lists of all files. A list that cannot be read is poisoned: what uses it is not reported as well."""
    lists = Lists()
    for name, each in declared.lists.items():
        before = len(lists.diagnostics)
        rows = _rows(each, sources, lists.diagnostics)
        if rows is None:
            declared.poisoned.add(name)
            continue
        if not rows:
            lists.diagnostics.append(messages_warnings.list_empty(each.tree.name.span, name))
        if name == COMPANY_ALIASES:
            lists.aliases = _aliases(each.tree, rows, lists.diagnostics)
        elif each.tree.pairs:
            lists.diagnostics.append(messages_lists.pairs_misplaced(_is_span(each.tree), name))
        if any(found.is_error for found in lists.diagnostics[before:]):
            declared.poisoned.add(name)
            continue
        values = tuple(dict.fromkeys(row.one for row in rows))
        lists.found[name] = ListInfo(values, tuple(ir.Constant(value) for value in values), digest_of(values))
    return lists


def _is_span(tree: ast.ListOf) -> Span:
    if tree.meant_column is not None:
        return tree.meant_column.span
    return next(each.span for each in tree.meant if each is not None)


def _rows(declared: Declared[ast.ListOf], sources: Sources, diagnostics: list[Diagnostic]) -> tuple[_Pair, ...] | None:
    """What a list holds, None where its file is not there or lacks a column. The other side of a value that is not said
    to be anything is ''."""
    tree = declared.tree
    if tree.file is None:
        return tuple(
            _Pair(one.text, other.text if other else "", one.span, (other or one).span)
            for one, other in zip(tree.items, tree.meant, strict=True)
        )
    problems = len(sources.problems())
    text = sources.list_file(tree.file.text, declared.file.name)
    if text is None:
        more = list(sources.problems())[problems:]
        diagnostics += more or [messages_names.list_file_missing(tree.file.span, tree.file.text)]
        return None
    if tree.column is None:
        return tuple(_Pair(value, "", tree.file.span, tree.file.span) for value in list_lines(text))
    columns = [tree.column, *([tree.meant_column] if tree.meant_column is not None else ())]
    rows, header = list_columns(text, *(column.text for column in columns))
    folded = [name.casefold() for name in header]
    for column in columns if header else ():
        if column.text.strip().casefold() not in folded:
            diagnostics.append(messages_names.list_column_missing(column.span, column.text, tree.file.text, header))
            return None
    return tuple(_Pair(row[0], row[-1] if len(row) > 1 else "", columns[0].span, columns[-1].span) for row in rows)


def _aliases(tree: ast.ListOf, rows: Iterable[_Pair], diagnostics: list[Diagnostic]) -> dict[str, str]:
    """Which domain is whose. The first thing wrong is reported; a list with a fault says nothing at all."""
    if not tree.pairs:
        diagnostics.append(messages_lists.pairs_missing(tree.name.span))
        return {}
    found: dict[str, str] = {}
    mains: set[str] = set()
    for row in rows:
        one, other = row.one.strip().lower(), row.other.strip().lower()
        for text, span in ((row.one, row.one_span), (row.other, row.other_span)):
            if not _DOMAIN.fullmatch(text.strip()):
                diagnostics.append(messages_lists.no_domain(span, text))
                return {}
        if found.get(one, other) != other:
            diagnostics.append(messages_lists.two_companies(row.one_span, one, found[one], other))
            return {}
        found[one] = other
        mains.add(other)
    for row in rows:
        one = row.one.strip().lower()
        if one in mains:
            diagnostics.append(messages_lists.on_both_sides(row.one_span, one))
            return {}
    return found
