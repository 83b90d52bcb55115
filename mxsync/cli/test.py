"""`mxsync test`: the tests that stand in the rule files."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from mxsync.cli.arguments import Commands, add_command
from mxsync.cli.opening import open_tenant
from mxsync.cli.render import Render, count
from mxsync.errors import NotFound

if TYPE_CHECKING:
    from mxsync.decide.testing import TestReport, TestResult

EXAMPLES = """\
  mxsync test                                    all of them, and the rules that none made fire
  mxsync test rules/sales.rules                  those of one file
  mxsync test 'the category makes both'          one of them
  mxsync test --format json                      for a CI
"""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "test",
        "run the tests of the rule files; nothing is read or written elsewhere",
        examples=EXAMPLES,
        run=run,
        details="A failed test shows the trace of its item. Ends with 1 where a test fails, or there is none such.",
    )
    parser.add_argument("only", nargs="*", metavar="TEST", help="a test's name, or a rule file (default: all)")


def run(args: argparse.Namespace, render: Render) -> int:
    with open_tenant(args, render, read_only=True, secrets=False) as tenant:
        report = tenant.run_tests(args.only)
    if missing := [name for name in args.only if not any(_is_named(result, name) for result in report.results)]:
        names = ", ".join(f"`{name}`" for name in missing)
        raise NotFound(f"no test, and no rule file with tests, is called {names}; `mxsync test -v` lists all")
    render.report(_document(report), _lines(report, render.verbose))
    return 0 if report.passed else 1


def _is_named(result: TestResult, name: str) -> bool:
    return name in (result.name, result.file) or result.file.endswith(f"/{name}")


def _document(report: TestReport) -> dict[str, object]:
    return {
        "passed": sum(result.passed for result in report.results),
        "failed": len(report.failed),
        "tests": report.results,
        "rules_never_fired": report.rules_never_fired,
    }


def _lines(report: TestReport, verbose: bool) -> list[str]:
    lines: list[str] = []
    for result in report.results:
        if not result.passed or verbose:
            lines.append(f"{result.verdict.value}: {result.name} ({result.file}:{result.line})")
            lines += [f"  {sentence}" for sentence in result.sentences]
            lines += [f"    {line}" for line in result.trace]
    if report.rules_never_fired:
        lines.append("rules that no test made fire:")
        lines += [f"  {cause.rule} ({cause.file}:{cause.line})" for cause in report.rules_never_fired]
    skipped = len(report.results) - len(report.failed) - sum(result.passed for result in report.results)
    lines.append(
        f"{count(len(report.results), 'test')}: {sum(result.passed for result in report.results)} passed"
        + (f", {len(report.failed)} failed" if report.failed else "")
        + (f", {skipped} skipped" if skipped else "")
    )
    return lines
