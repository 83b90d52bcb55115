"""A tenant of memory behind the real command line."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from mxsync.decide.testing import TestReport, TestResult, Verdict
from mxsync.errors import MxsyncError
from mxsync.lang.diagnostics import Diagnostic, Severity
from mxsync.lang.source import Span
from mxsync.model.effect import Cause, CreateRow
from mxsync.model.item import ItemRef
from mxsync.model.outcome import Decision, Fate, PassReport, Step, Trace
from mxsync.model.record import Planned, RecordKey
from mxsync.ports.tracking import AsideRow, ReviewRow, RunRow

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
REF = ItemRef("anna@ours.example", "Inbox", "Inbox/jane.eml")
CAUSE = Cause("M4", "main.rules", 3)
ERROR = Diagnostic(
    "MX012",
    Severity.ERROR,
    Span("rules/main.rules", 2, 6, 2, 13),
    "nothing called `contcat` can be created",
    "did you mean `contact`?",
)
WARNING = Diagnostic("MX200", Severity.WARNING, Span("rules/main.rules", 1, 1, 1, 4), "this rule can never fire")
DECISION = Decision(
    REF,
    Fate.APPLIED,
    (CreateRow(CAUSE, RecordKey("contact", Planned(1)), {"email": "jane@acme.example"}),),
    "3f9ac2d1",
    trace=Trace((Step(CAUSE, True),)),
)


@dataclass
class FakeTenant:
    """Answers what it was told to, and remembers how it was asked."""

    config: Any = None
    read_only: bool | None = None
    diagnostics: Sequence[Diagnostic] = ()
    report: PassReport = field(default_factory=lambda: PassReport(items=2, created={"contact": 1}, linked=2))
    fault: MxsyncError | None = None
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    while_syncing: Callable[[threading.Event], None] = lambda stop: None

    def __enter__(self) -> FakeTenant:
        return self

    def __exit__(self, *_: object) -> None:
        self.asked.append(("closed",))

    def open(self, config: Any, *, read_only: bool = False, once: bool = False) -> FakeTenant:
        self.config, self.read_only = config, read_only
        if self.fault is not None:
            raise self.fault
        return self

    def check(self, strict: bool) -> Any:
        return SimpleNamespace(program=None, diagnostics=tuple(self.diagnostics))

    def run_tests(self, only: Sequence[str]) -> TestReport:
        results = (
            TestResult("good", "main.rules", 9, Verdict.PASSED),
            TestResult("bad", "main.rules", 12, Verdict.FAILED, ("expected skip",), ("rule M4 fired",)),
            TestResult("later", "main.rules", 15, Verdict.SKIPPED, ("syncs are not carried out yet",)),
        )
        return TestReport(tuple(r for r in results if not only or r.name in only), (CAUSE,))

    def sync(
        self, mailboxes: Any, on_progress: Any, stop: threading.Event, expected_digest: str | None = None
    ) -> PassReport:
        self.asked.append(("sync", mailboxes, expected_digest))
        on_progress("anna@ours.example", 1, 2)
        self.while_syncing(stop)
        return self.report

    def plan(self, mailboxes: Any, on_progress: Any, period: Any = None) -> Any:
        self.asked.append(("plan", mailboxes))
        return SimpleNamespace(
            digest="3f9ac2d1",
            by_rule={"M4": 1},
            by_mailbox={"anna@ours.example": 1},
            decisions=[DECISION],
            report=self.report,
        )

    def backfill(self, mailboxes: Any, period: Any, on_progress: Any, stop: threading.Event, telling: bool) -> Any:
        self.asked.append(("backfill", mailboxes, str(period), telling))
        if self.fault is not None:
            raise self.fault
        self.while_syncing(stop)
        return SimpleNamespace(report=self.report, resumed="anna@ours.example, at 2019-03-02")

    def explain(self, item: str) -> Any:
        return SimpleNamespace(
            ref=REF, decision=DECISION, lines=["rule M4 fired", "create contact jane\x1b[31m@acme.example"]
        )

    def why(self, entity: str, key: str) -> Any:
        fields = [("email", "jane@acme.example", "header", "M4", "main.rules", 3, "3f9ac2d1", "Inbox/jane.eml", NOON)]
        return SimpleNamespace(
            entity=entity, key=key, fields=fields, links=[], items=[], edited={"email": "jane@beta.example"}
        )

    def status(self) -> Any:
        return SimpleNamespace(
            runs=[RunRow(1, "sync", NOON, NOON, "3f9ac2d1", {}, "done")],
            counts={"applied": 3, "nothing": 0},
            set_aside=[AsideRow(REF, "r1", "it is no mail", 1, NOON, NOON)],
            pending=[],
            given_up=[],
            held=[ReviewRow(NOON, REF, "", "a free address", "M4", "3f9ac2d1")],
            rules=None,
            mailboxes=[],
            backfill="anna@ours.example, at 2019-03-02",
            missing="",
        )

    def schema_show(self) -> str:
        return "CREATE TABLE mxsync_item (…);"

    def schema_install(self) -> None:
        self.asked.append(("install",))

    def schema_remove(self) -> None:
        self.asked.append(("remove",))
