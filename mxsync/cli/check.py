"""`mxsync check`: are the rules right?"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from mxsync.cli.arguments import Commands, add_command
from mxsync.cli.diagnostics import SourceLines, as_json, for_github, for_people, summary
from mxsync.cli.opening import open_tenant
from mxsync.cli.render import Render
from mxsync.errors import ConfigError

if TYPE_CHECKING:
    from mxsync.bootstrap import Tenant
    from mxsync.lang.check import Checked

EXAMPLES = """\
  mxsync check                        every rule file, against the database's own tables
  mxsync check --strict               warnings count as well
  mxsync check --connect              besides: whether each mailbox can be opened, and what to do where not
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
    parser.add_argument("--connect", action="store_true", help="try to open each mailbox on its server")
    parser.add_argument("--explain", metavar="CODE", default="", help="tell more about a code such as MX031")


def run(args: argparse.Namespace, render: Render) -> int:
    if args.explain:
        return _explain(args.explain, render)
    with open_tenant(args, render, read_only=True, secrets=args.connect) as tenant:
        checked = tenant.check(args.strict)
        folder = tenant.config.folder
        if args.connect:
            return _connect(tenant, render)
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
            render.line(summary(found) if found else _all_right(checked))
    return 1 if failed else 0


def _all_right(checked: Checked) -> str:
    program = checked.program
    if program is not None and not program.rules and not program.syncs:
        return "the rules are right, but there is no rule and no sync: nothing would be done"
    return "the rules are right"


def _connect(tenant: Tenant, render: Render) -> int:
    """Tries each mailbox. Ends with 5 where one cannot be opened."""
    tried = tenant.try_servers()
    lines = [f"{mailbox}: {wrong or 'can be opened'}" for mailbox, wrong in tried]
    failed = sum(bool(wrong) for _, wrong in tried)
    lines.append(f"{failed} of {len(tried)} mailboxes cannot be opened" if failed else "all mailboxes can be opened")
    document = [{"mailbox": mailbox, "wrong": wrong} for mailbox, wrong in tried]
    render.report({"mailboxes": document}, lines)
    return 5 if failed else 0


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
