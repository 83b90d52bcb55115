"""Where a condition or a value stands: what a bare word may mean there."""

from __future__ import annotations

from dataclasses import dataclass, field

from mxsync.lang.environment import Environment
from mxsync.lang.report import Report
from mxsync.lang.source import Span
from mxsync.lang.written import Written
from mxsync.model.item import Kind


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A field that the entity which took a part over does not map."""

    span: Span
    entity: str
    field: str


@dataclass(slots=True)
class Scope:
    """One statement's scope.

    `kinds` are those of the item at hand (empty for a row); `row` the entity of the row at hand ('' for an item).
    `record` is the entity of the record that a `where` is about, '' outside; `beside` on the right of a `where`.
    `own` is the entity of the item's own row, where `set F` goes. `test` where a test states values: texts may then
    name records and attachments. `left_out` says which fields another file's entity lacks: the statement is then left
    out instead of being wrong. `mailbox` where a row is looked at for somebody's folder: `user.` is that person there.
    """

    environment: Environment
    report: Report
    written: Written
    file: str
    kinds: frozenset[Kind] = frozenset()
    row: str = ""
    record: str = ""
    beside: bool = False
    own: str = ""
    test: bool = False
    captures: dict[str, Span] = field(default_factory=dict)
    used_captures: set[str] = field(default_factory=set)
    left_out: list[LeftOut] = field(default_factory=list)
    mailbox: bool = False

    def inside(self, record: str) -> Scope:
        """The scope of a `where` about records of that entity. Captures and findings are shared."""
        return self._turned(record, self.beside)

    def outside(self) -> Scope:
        """The scope of what stands right of an operator: the item's, or the row's, also within a `where`."""
        return self._turned("", True) if self.record else self

    def _turned(self, record: str, beside: bool) -> Scope:
        # written out: `replace` costs ten times as much, and there are thousands of rules
        return Scope(
            self.environment, self.report, self.written, self.file, self.kinds, self.row, record, beside, self.own,
            self.test, self.captures, self.used_captures, self.left_out, self.mailbox,
        )  # fmt: skip

    def text(self, span: Span) -> str:
        """What stands there, on one line."""
        return self.written.text(span)
