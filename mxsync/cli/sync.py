"""`mxsync sync`: one pass over the mailboxes."""

from __future__ import annotations

import argparse
import signal

from mxsync.cli.arguments import Commands, add_command
from mxsync.cli.opening import open_tenant
from mxsync.cli.outcome import pass_code, pass_lines
from mxsync.cli.progress import Progress
from mxsync.cli.render import Render
from mxsync.cli.signals import stopping

EXAMPLES = """\
  mxsync sync                                   all mailboxes
  mxsync sync --mailbox anna@ours.example       one of them
  mxsync sync --plan 3f9ac2d1                   exactly what `mxsync plan` has shown, or nothing
  mxsync sync --format json                     what was done, for a program
"""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "sync",
        "one pass: read what changed, decide, do it",
        examples=EXAMPLES,
        run=run,
        details="Ends with 0 also when items were set aside: it says which, and they are tried again.",
    )
    parser.add_argument(
        "--mailbox", action="append", metavar="ADDRESS", help="only this mailbox (repeat for more; `public` is one)"
    )
    parser.add_argument(
        "--plan", metavar="DIGEST", default="", help="do what this plan showed; refuse if the world has moved"
    )


def run(args: argparse.Namespace, render: Render) -> int:
    with stopping() as stop, open_tenant(args, render, once=True) as tenant, Progress(render) as progress:
        report = tenant.sync(args.mailbox, progress, stop, expected_digest=args.plan or None)
    render.report(report, pass_lines(report))
    if stop.is_set():
        render.note("interrupted; the next pass goes on from here")
        return 128 + (stop.signal or signal.SIGINT)
    return pass_code(report)
