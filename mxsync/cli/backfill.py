"""`mxsync backfill`: older items, decided by today's rules."""

from __future__ import annotations

import argparse
import signal
from datetime import date
from typing import TYPE_CHECKING

from mxsync.cli.arguments import Commands, add_command
from mxsync.cli.opening import open_tenant
from mxsync.cli.outcome import decision_document, decision_lines, pass_code, pass_lines
from mxsync.cli.progress import Progress
from mxsync.cli.render import Render
from mxsync.cli.signals import stopping

if TYPE_CHECKING:
    from mxsync.engine.period import Period

EXAMPLES = """\
  mxsync backfill --plan                           what it would do, counted by rule and by mailbox
  mxsync backfill --plan -v                        every item, and what would become of it
  mxsync backfill                                  everything that the mailboxes hold
  mxsync backfill --user anna@ours.example         one person's mailbox
  mxsync backfill --from 2024-01-01 --to 2024-12-31
                                                   what is from these days, both among them
  mxsync backfill                                  again, after it was interrupted: goes on from there
"""

DETAILS = """\
Reads what lies before a mailbox's `since`, and decides again what was decided by earlier rules:
every item as if it came today, in order of time, mailbox by mailbox. What is done already is not
done again. Nobody is notified and no hook is called, unless --notify is given; what is passed over
here is not told later either. With --from or --to, items without a date (contacts) are left out.
"""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "backfill",
        "read and decide what is older, or was decided by earlier rules",
        examples=EXAMPLES,
        run=run,
        details=DETAILS.rstrip(),
    )
    parser.add_argument(
        "--user",
        "--mailbox",
        dest="user",
        action="append",
        metavar="ADDRESS",
        help="only this mailbox (repeat for more; `public` is one)",
    )
    parser.add_argument("--from", dest="first", type=_day, metavar="DAY", help="only what is from this day or later")
    parser.add_argument("--to", dest="last", type=_day, metavar="DAY", help="only what is from this day or earlier")
    parser.add_argument("--plan", action="store_true", help="only show what would be done; change nothing anywhere")
    parser.add_argument("--notify", action="store_true", help="let rules notify people and call hooks as well")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"`{text}` is no day: write 2026-01-31, year first") from error


def run(args: argparse.Namespace, render: Render) -> int:
    from mxsync.engine.period import Period
    from mxsync.errors import ConfigError

    if args.first is not None and args.last is not None and args.first > args.last:
        raise ConfigError(f"--from {args.first} is later than --to {args.last}: nothing lies between them")
    period = Period(args.first, args.last)
    if args.plan:
        return _plan(args, render, period)
    with stopping() as stop, open_tenant(args, render) as tenant, Progress(render) as progress:
        done = tenant.backfill(args.user, period, progress, stop, args.notify)
    lines = [f"went on where it was interrupted: {done.resumed}"] if done.resumed else []
    render.report(
        {"planned": False, "resumed": done.resumed, "report": done.report}, [*lines, *pass_lines(done.report)]
    )
    if stop.is_set():
        render.note("interrupted; the same command goes on from here")
        return 128 + (stop.signal or signal.SIGINT)
    return pass_code(done.report)


def _plan(args: argparse.Namespace, render: Render, period: Period) -> int:
    with open_tenant(args, render, read_only=True) as tenant, Progress(render) as progress:
        plan = tenant.plan(args.user, progress, period)
    document: dict[str, object] = {"planned": True, "resumed": "", "report": plan.report}
    lines = pass_lines(plan.report, would=True)
    if render.verbose:
        document["decisions"] = [decision_document(decision) for decision in plan.decisions]
        for decision in plan.decisions:
            lines += decision_lines(decision)
    render.report(document, [*lines, "", "nothing was done"])
    return pass_code(plan.report)
