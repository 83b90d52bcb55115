"""`mxsync verify`: a proof that every item of a mailbox is accounted for."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import TYPE_CHECKING

from mxsync.cli.arguments import Commands, add_command
from mxsync.cli.opening import open_tenant
from mxsync.cli.progress import Progress
from mxsync.cli.render import Render, count, table

if TYPE_CHECKING:
    from mxsync.engine.verifying.report import VerifyReport

EXAMPLES = """\
  mxsync verify                                 all mailboxes
  mxsync verify --mailbox anna@ours.example     one of them, and what was made for it
  mxsync verify -v                              every discrepancy, not the first of each kind
  mxsync verify --format json
"""
DETAILS = """\
Reads every mailbox to its end, and everything that mxsync remembers. Each item is stored, in step, a copy of one that
is, acted on, left out by a rule that is named, or held for a person; each pair of a sync says the same on both sides;
each row, link and document that was made is there. Whatever is not so is told, with what to do about it. Changes
nothing. Ends with 1 when something was found."""
_SHOWN = 20


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "verify",
        "a proof that every item of a mailbox is accounted for",
        examples=EXAMPLES,
        run=run,
        details=DETAILS,
    )
    parser.add_argument(
        "--mailbox", action="append", metavar="ADDRESS", help="only this mailbox (repeat for more; `public` is one)"
    )


def run(args: argparse.Namespace, render: Render) -> int:
    with open_tenant(args, render, read_only=True) as tenant, Progress(render) as progress:
        report = tenant.verify(args.mailbox, progress)
    render.report(report, _lines(report, verbose=render.verbose))
    if report.failed_mailboxes:
        return 5
    return 1 if report.found else 0


def _lines(report: VerifyReport, *, verbose: bool) -> list[str]:
    from mxsync.engine.verifying.items import known_kinds
    from mxsync.engine.verifying.report import KINDS

    lines = [f"{count(report.looked_at, 'item')} looked at"]
    lines += table(known_kinds(report.items))
    if report.left_out:
        lines += ["left out by:", *table(known_kinds(report.left_out))]
    if report.rows:
        lines += ["rows that were made and are there:", *table(known_kinds(report.rows))]
    for number, one, many in (
        (report.pairs, "pair in step", "pairs in step"),
        (report.links, "link is there", "links are there"),
        (report.documents, "document is there", "documents are there"),
        (report.waiting, "item waits for the next pass", "items wait for the next pass"),
    ):
        if number:
            lines.append(count(number, one, many))
    lines += [f"could not be reached: {mailbox}: {sentence}" for mailbox, sentence in report.failed_mailboxes]
    if not report.found:
        lines.append("everything is accounted for" if not report.failed_mailboxes else "the rest is accounted for")
        return lines
    lines.append(f"{count(len(report.found), 'discrepancy', 'discrepancies')}:")
    for kind, number in Counter(each.kind for each in report.found).items():
        lines.append(f"  {number} {KINDS[kind]}")
        own = [each for each in report.found if each.kind == kind]
        lines += [f"    {each.what}: {each.sentence} ({each.advice})" for each in (own if verbose else own[:_SHOWN])]
        if not verbose and number > _SHOWN:
            lines.append(f"    and {number - _SHOWN} more (-v lists them)")
    return lines
