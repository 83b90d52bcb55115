"""Hot reload: a change of rule files is compiled and tested aside, and put in force only when all is well."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Generic

from mxsync.config import load_config
from mxsync.errors import ConfigError, MxsyncError, RulesRejected
from mxsync.lang.diagnostics import Diagnostic
from mxsync.rule_sources import is_there
from mxsync.service.health import Health
from mxsync.service.logs import log, said
from mxsync.service.rule_files import SUFFIX, RuleFileEvents, digests, rule_files, stamps
from mxsync.service.tenant import R, ServedTenant

QUIET = 0.1
"""Seconds without another touch before a change is read: an editor's save is several."""
LONGEST_QUIET = 0.5
HALF_WRITTEN = 0.5
"""Seconds given to whoever emptied a file, or left its last line open, to write the rest."""
LOOK = 10.0
"""Seconds between two looks of our own, for folders whose events get lost (network drives, some containers)."""
LOOK_UNWATCHED = 0.5
_log = log("rules")


class Reloader(Generic[R]):
    """Watches a tenant's rule files from a thread of its own. The last good rules stay in force whatever happens."""

    def __init__(self, tenant: ServedTenant[R], health: Health) -> None:
        self._tenant = tenant
        self._health = health
        self._in_force = tenant.rules()
        self._roots = tenant.config.rules.paths
        self._config_path = tenant.config.path
        self._touched = threading.Event()
        self._ending = threading.Event()
        self._events = RuleFileEvents(self._touched.set)
        self._thread = threading.Thread(target=self._run, name="mxsync-rules", daemon=True)
        self._tried: Mapping[Path, str | None] = {}
        self._rejected = False
        self._again = False

    def start(self) -> None:
        self._look = LOOK if self._watch() else LOOK_UNWATCHED
        self._seen = stamps([self._config_path])
        self._thread.start()
        self._touched.set()  # what was saved between loading and watching is a change

    def stop(self) -> None:
        self._ending.set()
        self._touched.set()
        self._events.stop()
        if self._thread.is_alive():
            self._thread.join(timeout=2)

    def _watch(self) -> bool:
        return self._events.watch(self._roots, [*self._in_force.files, self._config_path])

    def _files(self) -> set[Path]:
        return {*rule_files(self._roots), *self._in_force.files, *self._tried, self._config_path}

    def _run(self) -> None:
        while not self._ending.is_set():
            noticed = self._touched.wait(LOOK_UNWATCHED if self._again else self._look)
            if noticed:
                self._settle()
            if self._ending.is_set():
                return
            try:
                self._turn()
            except Exception:
                # the thread must outlive whatever an edit brings about: without it no later edit would be seen
                _log.exception("the rule files could not be looked at")

    def _settle(self) -> None:
        """Waits until nobody writes any more."""
        end = time.monotonic() + LONGEST_QUIET
        while not self._ending.is_set():
            self._touched.clear()
            if not self._touched.wait(QUIET) or time.monotonic() >= end:
                return

    def _turn(self) -> None:
        now = stamps(self._files())
        if now == self._seen and not self._again:
            return
        if now.get(self._config_path) != self._seen.get(self._config_path):
            self._configuration_changed()
        self._seen = now
        contents = self._contents()
        if contents == self._tried and not self._again:
            return
        self._again = False
        if self._half_written(contents) and not self._ending.wait(HALF_WRITTEN):
            self._seen = stamps(self._files())
            contents = self._contents()
        self._tried = contents
        if contents == dict(self._in_force.files):
            if self._rejected:
                self._rejected = False
                _log.info("the rule files are again as they are in force", extra=said(digest=self._in_force.digest))
                self._health.rules_unchanged()
            return
        self._try()

    def _contents(self) -> dict[Path, str | None]:
        return digests(self._files() - {self._config_path})

    def _half_written(self, contents: Mapping[Path, str | None]) -> bool:
        """Whether a file that changed is empty, or its last line has no end: perhaps the rest is still to come."""
        for file, digest in contents.items():
            if digest is not None and digest != self._in_force.files.get(file) and file.suffix == SUFFIX:
                try:
                    data = file.read_bytes()
                except OSError:
                    return True
                if not data.endswith(b"\n"):
                    return True
        return False

    def _try(self) -> None:
        started = time.monotonic()
        try:
            self._refuse_deleted()
            rules = self._tenant.load_rules()
            changed = _changed(self._in_force.files, rules.files)
            failed = self._tenant.failed_tests(rules, changed)
        except RulesRejected as rejected:
            self._reject(str(rejected), rejected.diagnostics)
            return
        except MxsyncError as error:
            # not the rules' fault (the database does not answer): tried again until it does
            self._again = True
            self._reject(f"the changed rules could not be checked: {error}", ())
            return
        except Exception as error:
            _log.exception("a fault of mxsync itself while the rules were compiled")
            self._reject(f"a fault of mxsync itself while the rules were compiled: {type(error).__name__}", ())
            return
        if failed and self._tenant.config.rules.tests == "required":
            self._reject("tests of the changed rules fail: " + "; ".join(failed), ())
            return
        self._put_in_force(rules, [*rules.notes, *failed], changed, time.monotonic() - started)

    def _put_in_force(self, rules: R, notes: Sequence[str], changed: Collection[Path], seconds: float) -> None:
        self._tenant.use_rules(rules)
        self._in_force = rules
        self._rejected = False
        for note in notes:
            _log.warning("%s", note)
        _log.info(
            "changed rules are in force",
            extra=said(digest=rules.digest, files=", ".join(file.name for file in changed), seconds=round(seconds, 3)),
        )
        self._health.rules_in_force(rules.digest, notes, reloaded=True)
        self._look = LOOK if self._watch() else LOOK_UNWATCHED

    def _refuse_deleted(self) -> None:
        """A rule file that vanished may be a slip that takes a privacy rule with it: its rules stay. One that was only
        renamed is known by its content."""
        present = rule_files(self._roots)
        contents = set(digests(present).values())
        gone = [
            file
            for file, digest in self._in_force.files.items()
            if file.suffix == SUFFIX and digest is not None and digest not in contents and not is_there(file)
            and any(root == file or root in file.parents for root in self._roots)
        ]  # fmt: skip
        if gone:
            names = ", ".join(f"`{file.name}`" for file in gone)
            raise RulesRejected(
                f"the rule file {names} is gone, and its rules stay in force; put it back, or, to be rid of its rules, "
                "leave an empty file in its place or restart the service"
            )

    def _reject(self, sentence: str, diagnostics: Sequence[object]) -> None:
        self._rejected = True
        errors = [_finding(each) for each in diagnostics if isinstance(each, Diagnostic) and each.is_error]
        _log.error(
            "changed rules are refused, the last good ones stay in force: %s",
            sentence,
            extra=said(digest=self._in_force.digest, errors=len(errors)),
        )
        for error in errors:
            _log.error("%s:%s:%s: %s %s", *(error[name] for name in ("file", "line", "column", "code", "message")))
        self._health.rules_rejected(sentence, errors)

    def _configuration_changed(self) -> None:
        try:
            load_config(self._config_path)
        except ConfigError as error:
            sentence = f"the changed configuration has errors and is not in force: {error}"
            _log.error("%s", sentence)
        else:
            sentence = "the configuration file has changed; restart the service to put it in force"
            _log.warning("%s", sentence)
        self._health.configuration(sentence)


def _changed(before: Mapping[Path, str | None], after: Mapping[Path, str | None]) -> list[Path]:
    return sorted(file for file in before.keys() | after.keys() if before.get(file) != after.get(file))


def _finding(diagnostic: Diagnostic) -> dict[str, object]:
    span = diagnostic.span
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "help": diagnostic.help,
    }
