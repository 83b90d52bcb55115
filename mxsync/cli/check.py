"""`mxsync check`: are the rules right?"""

from __future__ import annotations

import argparse

from mxsync.cli.arguments import Commands, add_command
from mxsync.cli.diagnostics import SourceLines, as_json, for_github, for_people, summary
from mxsync.cli.opening import open_tenant
from mxsync.cli.render import Render
from mxsync.errors import ConfigError

EXAMPLES = """\
  mxsync check                        every rule file, against the database's own tables
  mxsync check --strict               warnings count as well
  mxsync check --explain MX031        more about one kind of finding
  mxsync check --format json          for an editor
  mxsync check --format github        annotations for GitHub Actions
"""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "check",
        "check the rule files: syntax, names, types, tables, rules that cannot fire",
        examples=EXAMPLES,
        run=run,
        details="Ends with 1 where there are errors, with --strict also where there are warnings.",
        github=True,
    )
    parser.add_argument("--strict", action="store_true", help="let warnings fail the check")
    parser.add_argument("--explain", metavar="CODE", default="", help="tell more about a code such as MX031")


def run(args: argparse.Namespace, render: Render) -> int:
    if args.explain:
        return _explain(args.explain, render)
    with open_tenant(args, render, read_only=True, secrets=False) as tenant:
        checked = tenant.check(args.strict)
        folder = tenant.config.folder
    found = list(checked.diagnostics)
    errors = sum(diagnostic.is_error for diagnostic in found)
    failed = errors > 0 or (args.strict and bool(found))
    match render.format:
        case "json":
            render.json([as_json(diagnostic) for diagnostic in found])
        case "github":
            for diagnostic in found:
                render.line(for_github(diagnostic))
        case "text":
            for line in for_people(found, SourceLines(folder)):
                render.line(line)
            render.line(summary(found) if found else "the rules are right")
    return 1 if failed else 0


def _explain(code: str, render: Render) -> int:
    from mxsync.lang.catalogue import CATALOGUE

    info = CATALOGUE.get(code.upper())
    if info is None:
        near = ", ".join(sorted(CATALOGUE)[:3])
        raise ConfigError(f"there is no finding called `{code}`; codes are written as in {near}")
    render.report(
        {"code": code.upper(), "title": info.title, "text": info.text}, [f"{code.upper()}: {info.title}", "", info.text]
    )
    return 0
