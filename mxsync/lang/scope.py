"""Where a condition or a value stands: what a bare word may mean there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from mxsync.lang import ast, ir
from mxsync.lang.environment import Environment
from mxsync.lang.report import Report
from mxsync.lang.source import Span
from mxsync.lang.written import Written
from mxsync.model.item import Kind


@dataclass(slots=True)
class Scope:
    """One statement's scope. `kinds` are those of the item at hand (empty for a row); `row` the entity of the row at
    hand ('' for an item). `record` is the entity of the record that a `where` is about, '' outside. `own` is the entity
    of the item's own row, where `set F` goes. `retirable` when unknown fields of another file's entity make the
    statement be left out instead of being wrong; `left_out` says then why."""

    environment: Environment
    report: Report
    written: Written
    file: str
    kinds: frozenset[Kind] = frozenset()
    row: str = ""
    record: str = ""
    own: str = ""
    captures: dict[str, Span] = field(default_factory=dict)
    used_captures: set[str] = field(default_factory=set)
    left_out: list[LeftOut] = field(default_factory=list)
    folder_words: bool = False

    def inside(self, record: str) -> Scope:
        """The scope of a `where` about records of that entity. Captures and findings are shared."""
        return replace(self, record=record)

    def text(self, span: Span) -> str:
        return self.written.text(span)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A field that the entity which took a part over does not map."""

    span: Span
    entity: str
    field: str


def compare(
    quantifier: ir.Quantifier, path: ir.Path, op: ir.Op, values: tuple[ir.Expr, ...], text: str, span: Span
) -> ir.Compare:
    """A plain comparison, for sugar."""
    return ir.Compare(quantifier, path, op, values, None, False, text, span)


def name_of(path: ast.Path) -> str:
    """A path as written, without quotes."""
    return path.text
