"""A tenant that is all memory but for its rule files, for tests of the service with real threads."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mxsync.config import Config, load_config
from mxsync.errors import Locked, MxsyncError, RulesRejected
from mxsync.lang.diagnostics import Diagnostic, Severity
from mxsync.lang.source import Span
from mxsync.model.outcome import PassReport
from mxsync.service.health import Health
from mxsync.service.rule_files import digests, rule_files
from mxsync.service.tenant import Progress

ANNA, BEN = "anna@ours.example", "ben@ours.example"


@dataclass(frozen=True)
class FakeRules:
    digest: str
    files: Mapping[Path, str | None]
    notes: Sequence[str] = ()


@dataclass
class FakeWatch:
    trusted: bool = True
    stopped: bool = False

    def stop(self) -> None:
        self.stopped = True


@dataclass
class FakeTenant:
    """A rule file that says `wrong` is rejected, one that says `fails` has a failing test, `list X` names a list."""

    config: Config
    passes: list[tuple[str, str]] = field(default_factory=list)
    faults: dict[str, list[Exception | PassReport]] = field(default_factory=dict)
    trusted: bool = True
    watchable: bool = True
    locked: int = 0
    held: bool = False
    loads: int = 0
    looks: int = 0
    alerts: list[tuple[str, str]] = field(default_factory=list)
    load_fault: Exception | None = None
    watches: list[FakeWatch] = field(default_factory=list)
    changed: Callable[[str], None] = lambda mailbox: None
    rung: Callable[[], None] = lambda: None
    bell: FakeWatch = field(default_factory=FakeWatch)
    during: Callable[[str, threading.Event], None] = lambda mailbox, stop: None

    def __post_init__(self) -> None:
        self._rules = self.load_rules()

    def alert(self, matter: str, sentence: str) -> None:
        self.alerts.append((matter, sentence))

    def mailboxes(self) -> Sequence[str]:
        return (ANNA, BEN)

    @contextmanager
    def attend(self, *, share: bool) -> Iterator[None]:
        if self.locked:
            self.locked -= 1
            raise Locked("process 4711 works on this tenant")
        self.held = True
        try:
            yield
        finally:
            self.held = False

    def still_here(self) -> None:
        assert self.held

    def rules(self) -> FakeRules:
        return self._rules

    def load_rules(self) -> FakeRules:
        self.loads += 1
        if self.load_fault is not None:
            raise self.load_fault
        files = rule_files(self.config.rules.paths)
        texts = {file: file.read_text(encoding="utf-8") for file in files}
        wrong = [file for file, text in texts.items() if "wrong" in text]
        lists = [file.parent / text.split()[1] for file, text in texts.items() if text.startswith("list ")]
        missing = [path for path in lists if not path.exists()]
        if wrong or missing:
            span = Span((wrong or missing)[0].name, 1, 1, 1, 6)
            found = Diagnostic("MX001", Severity.ERROR, span, "`wrong` is not understood")
            raise RulesRejected("1 error in the rules", [found])
        everything = digests([*files, *lists])
        meaning = hashlib.sha256(repr(sorted(everything.values(), key=str)).encode()).hexdigest()
        return FakeRules(meaning, everything)

    def failed_tests(self, rules: FakeRules, changed: Collection[Path]) -> Sequence[str]:
        return [f"{file.name}: `it` fails" for file in changed if file.exists() and "fails" in file.read_text()]

    def use_rules(self, rules: FakeRules) -> None:
        self._rules = rules

    def sync(self, mailboxes: Sequence[str] | None, on_progress: Progress, stop: threading.Event, /) -> PassReport:
        assert self.held
        assert mailboxes is not None
        if not mailboxes:
            self.looks += 1
            return PassReport()
        (mailbox,) = mailboxes
        self.passes.append((mailbox, self._rules.digest))
        self.during(mailbox, stop)
        faults = self.faults.get(mailbox)
        if faults:
            outcome = faults.pop(0)
            if isinstance(outcome, PassReport):
                return outcome
            raise outcome
        return PassReport(items=1, fates={"applied": 1}, created={"contact": 1})

    def watch(self, changed: Callable[[str], None]) -> Sequence[tuple[Collection[str], FakeWatch]]:
        if not self.watchable:
            raise MxsyncErrorOfServer("no events on this file system")
        self.changed = changed
        self.watches = [FakeWatch(self.trusted)]
        return [(frozenset({ANNA, BEN}), self.watches[0])]

    def listen(self, rung: Callable[[], None]) -> FakeWatch:
        self.rung = rung
        return self.bell


def MxsyncErrorOfServer(sentence: str) -> MxsyncError:
    from mxsync.errors import Unavailable

    return Unavailable(sentence)


def make_tenant(folder: Path, *, poll: str = "60s", tests: str = "required") -> FakeTenant:
    (folder / "rules").mkdir(exist_ok=True)
    main = folder / "rules" / "main.rules"
    if not main.exists():
        main.write_text("one\n", encoding="utf-8")
    (folder / "mxsync.toml").write_text(
        f"[database]\nurl = 'sqlite:///crm.db'\n[rules]\ntests = '{tests}'\n[service]\npoll = '{poll}'\n",
        encoding="utf-8",
    )
    return FakeTenant(load_config(folder / "mxsync.toml"))


def make_health(tenant: FakeTenant) -> Health:
    return Health(tenant.config.status_file, tenant.mailboxes())


def until(holds: Callable[[], bool], seconds: float = 20.0) -> None:
    """Waits for what another thread brings about; fails the test when it never comes."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.005)
