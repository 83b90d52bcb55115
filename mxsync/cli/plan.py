"""`mxsync plan`: everything that a pass would do, and nothing done."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from mxsync.cli.arguments import Commands, add_command
from mxsync.cli.opening import open_tenant
from mxsync.cli.outcome import decision_document, decision_lines, pass_code, pass_lines
from mxsync.cli.progress import Progress
from mxsync.cli.render import Render, table

if TYPE_CHECKING:
    from mxsync.model.outcome import PassReport

EXAMPLES = """\
  mxsync plan                                   counts by rule and by mailbox
  mxsync plan -v                                every item, and what would become of it
  mxsync plan --mailbox anna@ours.example       one mailbox
  mxsync sync --plan DIGEST                     do exactly that
"""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "plan",
        "a dry run: what a pass would do, counted by rule and by mailbox",
        examples=EXAMPLES,
        run=run,
        details="Changes nothing anywhere. With its digest, `mxsync sync --plan DIGEST` refuses if the world moved.",
    )
    parser.add_argument(
        "--mailbox", action="append", metavar="ADDRESS", help="only this mailbox (repeat for more; `public` is one)"
    )


_MOST = 20


def _shown(report: PassReport, verbose: bool) -> list[tuple[str, str, str]]:
    """The steps of the syncs; the first of them, unless all are asked for."""
    if verbose or len(report.syncs) <= _MOST:
        return report.syncs
    return [*report.syncs[:_MOST], ("…", f"{len(report.syncs) - _MOST} more", "`mxsync plan -v` shows all")]


def run(args: argparse.Namespace, render: Render) -> int:
    with open_tenant(args, render, read_only=True) as tenant, Progress(render) as progress:
        plan = tenant.plan(args.mailbox, progress)
    decisions = plan.decisions if render.verbose else ()
    document: dict[str, object] = {
        "digest": plan.digest,
        "by_rule": plan.by_rule,
        "by_mailbox": plan.by_mailbox,
        "report": plan.report,
    }
    lines = pass_lines(plan.report, would=True)
    if plan.by_mailbox:
        lines += ["by mailbox:", *table([(number, name) for name, number in plan.by_mailbox.items()])]
    if plan.report.syncs:
        lines += [
            "syncs:",
            *(f"  {sync}: {where}: {what}" for sync, where, what in _shown(plan.report, render.verbose)),
        ]
    if decisions:
        document["decisions"] = [decision_document(decision) for decision in decisions]
        for decision in decisions:
            lines += decision_lines(decision)
    lines += ["", f"plan {plan.digest}", f"to do exactly this: mxsync sync --plan {plan.digest}"]
    render.report(document, lines)
    return pass_code(plan.report)
