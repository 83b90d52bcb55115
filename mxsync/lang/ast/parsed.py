"""One statement of a file, parsed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from mxsync.lang.ast.statements import EntityOf, Extend, ListOf, Rule, RuleOff, Sync, SyncOff, Use
from mxsync.lang.ast.tests import Test
from mxsync.lang.source import Span

Statement: TypeAlias = Use | ListOf | EntityOf | Extend | Sync | SyncOff | Rule | RuleOff | Test


@dataclass(frozen=True, slots=True)
class ParsedStatement:
    """One statement of a file. `tree` is None when it did not parse (its error is among the diagnostics).
    `digest` is of its text alone, so that an unmoved or moved statement is found in the cache."""

    tree: Statement | None
    text: str
    digest: str
    first_line: int
    span: Span
