"""The rule files of a tenant, read, checked, compiled and tested; the work of the last time is used again."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mxsync import resources
from mxsync.decide.context import Organisation
from mxsync.errors import ConfigError, RulesRejected
from mxsync.lang import ir
from mxsync.lang.compile import RulePlan, compile_plan
from mxsync.lang.features import Features
from mxsync.model.item import Item
from mxsync.model.schema import Schema
from mxsync.ports.connector import Capabilities
from mxsync.rule_sources import FileSources, is_there
from mxsync.rule_store import KeptRules, RuleStore, circumstances_of

if TYPE_CHECKING:
    from mxsync.decide.testing import TestReport, TestResult
    from mxsync.lang.check import Checked
    from mxsync.lang.check_cache import CheckCache
    from mxsync.lang.parse import Parser

ReadSample = Callable[[Path], "Item | str"]


@dataclass(frozen=True, slots=True)
class LoadedRules:
    """A rule set that can be put in force. `files` are all files read for it, rules and lists, with the SHA-256 of
    their bytes (None for one that was asked for and is not there); `notes` are warnings."""

    plan: RulePlan
    files: Mapping[Path, str | None]
    notes: Sequence[str]

    @property
    def digest(self) -> str:
        """Stamps each decision."""
        return self.plan.digest

    @property
    def program(self) -> ir.Program:
        return self.plan.program


class Rulebook:
    """Loads a tenant's rules. One load at a time; the caches make an edit cost what was edited. With `store` the first
    load takes what was kept there, if nothing has changed since: for a process that loads once, since no cache knows
    anything then, and the first edit costs a whole load."""

    def __init__(
        self,
        paths: Sequence[Path],
        base: Path,
        *,
        features: Sequence[Features],
        hooks: frozenset[str],
        timezone: str,
        relay: bool,
        read_sample: ReadSample,
        store: RuleStore | None = None,
    ) -> None:
        self._paths = paths
        self._base = base
        self._features = features
        self._hooks = hooks
        self._timezone = timezone
        self._relay = relay
        self._read_sample = read_sample
        self._store = store
        self._caches: tuple[Parser, CheckCache] | None = None

    def _front(self) -> tuple[Parser, CheckCache]:
        """What reads rule files: imported and made when something is to be read."""
        if self._caches is None:
            from mxsync.lang.check_cache import CheckCache
            from mxsync.lang.parse import Parser

            parser = Parser(resources.text("grammar/mxsync.lark"), resources.text("grammar/mxsync.tables.json"))
            self._caches = parser, CheckCache()
        return self._caches

    def _sources(self) -> FileSources:
        missing = [path for path in self._paths if not is_there(path)]
        if missing:
            raise ConfigError(f"[rules] paths: there is no `{missing[0]}`; make it, or correct the path in mxsync.toml")
        return FileSources(self._paths, self._base, resources.shipped_rules)

    def check(self, schema: Schema | None, *, only: str | None = None) -> Checked:
        """Every finding."""
        return self._check(self._sources(), schema, only)

    def _check(self, sources: FileSources, schema: Schema | None, only: str | None = None) -> Checked:
        from mxsync.lang.check import check

        parser, cache = self._front()
        return check(
            parser,
            sources,
            schema=schema,
            features=self._features,
            hooks=self._hooks,
            timezone=self._timezone,
            relay=self._relay,
            only=only,
            cache=cache if only is None else None,
        )

    def load(self, schema: Schema | None, previous: LoadedRules | None) -> LoadedRules:
        """Checks and compiles. Raises `RulesRejected` with every finding."""
        collecting = gc.isenabled()
        gc.disable()  # what is made here stays, and looking through it for garbage takes longer than compiling
        try:
            return self._load(schema, previous)
        finally:
            if collecting:
                gc.enable()

    def _load(self, schema: Schema | None, previous: LoadedRules | None) -> LoadedRules:
        if self._store is None:
            kept = self._read(schema)
        else:
            circumstances = self._circumstances(schema)
            found = self._kept(self._store, circumstances) if previous is None else None
            kept = found or self._read(schema)
            if found is None:
                self._store.keep(circumstances, kept)
        return LoadedRules(
            compile_plan(kept.program, previous.plan if previous is not None else None), kept.files, kept.notes
        )

    def _kept(self, store: RuleStore, circumstances: str) -> KeptRules | None:
        """What was kept, if the same files would come to the same."""
        found = store.find(circumstances)
        return found if found is not None and self._sources().still(found.files) else None

    def _circumstances(self, schema: Schema | None) -> str:
        paths = (tuple(self._paths), self._base)
        return circumstances_of(schema, self._features, sorted(self._hooks), self._timezone, self._relay, paths)

    def _read(self, schema: Schema | None) -> KeptRules:
        sources = self._sources()
        checked = self._check(sources, schema)
        if checked.program is None:
            errors = checked.errors
            first = errors[0]
            more = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
            raise RulesRejected(
                f"the rules have errors: {first.span.file}:{first.span.line}:{first.span.column}: {first.code} "
                f"{first.message}{more}. `mxsync check` shows all of them",
                checked.diagnostics,
            )
        notes = [f"{d.span.file}:{d.span.line}: {d.code} {d.message}" for d in checked.diagnostics]
        return KeptRules(checked.program, sources.digests(), notes)

    # ------------------------------------------------------------ tests

    def run_tests(
        self, schema: Schema | None, organisation: Organisation, only: Sequence[str], loaded: LoadedRules
    ) -> TestReport:
        """Runs the tests of one's own files on all rules, and those of each shipped file on that file and what it uses.
        `only` names tests or files; none for all."""
        from mxsync.decide.testing import TestReport

        reports = [self._run(loaded.plan, organisation, lambda test: self._own(test) and _named(test, only))]
        shipped = sorted({test.file for test in loaded.program.tests if not self._own(test) and _named(test, only)})
        for file in shipped:
            checked = self.check(schema, only=file)
            if checked.program is None:
                continue  # what is wrong with it is said by `check`
            plan = compile_plan(checked.program)
            reports.append(self._run(plan, organisation, lambda test, f=file: test.file == f and _named(test, only)))  # type: ignore[misc]
        fired = {(c.rule, c.file, c.line) for report in reports for result in report.results for c in result.fired}
        never = tuple(c for c in reports[0].rules_never_fired if (c.rule, c.file, c.line) not in fired)
        return TestReport(tuple(result for report in reports for result in report.results), never)

    def failed_tests(self, before: LoadedRules | None, after: LoadedRules, organisation: Organisation) -> Sequence[str]:
        """The tests of one's own files that the difference can reach; a sentence for each that fails."""
        from mxsync.decide.reach import tests_reached

        reached = tests_reached(before.program if before is not None else None, after.program)
        report = self._run(after.plan, organisation, [test for test in reached if self._own(test)])
        return [_sentence(result) for result in report.failed]

    def _run(
        self, plan: RulePlan, organisation: Organisation, only: Callable[[ir.Test], bool] | Collection[ir.Test]
    ) -> TestReport:
        from mxsync.decide.testing import run_tests

        return run_tests(plan, plan.program, organisation, only=only, read_sample=self._sample)

    def _own(self, test: ir.Test) -> bool:
        return resources.shipped_rules(test.file) is None or (self._base / test.file).exists()

    def _sample(self, file: str, name: str) -> Item | str:
        folder = (self._base / file).parent
        path = (folder / name).resolve()
        if not path.is_file():
            return f"there is no sample `{name}` beside {file}"
        return self._read_sample(path)


def _named(test: ir.Test, only: Sequence[str]) -> bool:
    return not only or any(each in (test.name, test.file) or test.file.endswith(f"/{each}") for each in only)


def _sentence(result: TestResult) -> str:
    return f"{result.file}:{result.line}: test '{result.name}' fails: {'; '.join(result.sentences)}"


def features_of(can: Capabilities) -> Features:
    """What a server can do, in the checker's words."""
    return Features(
        can.name, can.public_folders, can.custom_forms, can.categories, can.flags, can.moves, can.replaces_attachments
    )
