"""`mxsync replay`: what changed rules would have decided otherwise for the items of the last days."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from mxsync.cli.arguments import FILES, Commands, add_command
from mxsync.cli.opening import open_tenant
from mxsync.cli.progress import Progress
from mxsync.cli.render import Render, count, table
from mxsync.errors import ConfigError

if TYPE_CHECKING:
    from mxsync.engine.replay_report import Changed, Counts, Difference, ReplayReport

EXAMPLES = """\
  mxsync replay                                   the last 30 days, by the rules as they are now
  mxsync replay --rules ../edited --days 90       by the rules of another folder
  mxsync replay --from 2026-09-01 --to 2026-09-30
  mxsync replay --rules ../edited -v              item by item: + would be done, - would not, ~ otherwise
"""
DETAILS = """\
Takes the items that are still in the mailboxes, decides each as if mxsync had not seen it before, and compares with
what was done. Mail belongs to a day by its date, everything else by when it was last decided. Changes nothing, and
keeps no running service waiting."""
DAYS = 30


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "replay",
        "what changed rules would have decided otherwise for the items of the last days",
        examples=EXAMPLES,
        run=run,
        details=DETAILS,
    )
    rules = parser.add_argument(
        "--rules", metavar="DIR", help="the rule files to try (default: those that are configured)"
    )
    rules.complete = FILES  # type: ignore[attr-defined]  # read by shtab
    parser.add_argument("--days", type=int, metavar="N", help=f"how many days back (default: {DAYS})")
    parser.add_argument("--from", dest="begin", metavar="DATE", help="the first day, as 2026-09-01")
    parser.add_argument("--to", dest="end", metavar="DATE", help="the last day (default: today)")
    parser.add_argument("--mailbox", action="append", metavar="ADDRESS", help="only this mailbox (repeat for more)")


def run(args: argparse.Namespace, render: Render) -> int:
    from mxsync.engine.replaying import Days

    begin, end = _days(args)
    rules = Path(args.rules).absolute() if args.rules else None
    if rules is not None and not rules.exists():
        raise ConfigError(f"--rules: there is no `{args.rules}`; name a folder of rule files, or one of them")
    with open_tenant(args, render, read_only=True) as tenant, Progress(render) as progress:
        report = tenant.replay(rules, args.mailbox, Days(begin, end), progress)
    render.report(_document(report), _lines(report, verbose=render.verbose))
    return 5 if report.failed_mailboxes else 0


def _days(args: argparse.Namespace) -> tuple[date, date]:
    if args.days is not None and args.begin:
        raise ConfigError("--days and --from both say where to begin: give one of them")
    if args.days is not None and args.days < 1:
        raise ConfigError("--days: give a number of days, 1 or more")
    end = _date("--to", args.end) if args.end else datetime.now(UTC).date()
    begin = _date("--from", args.begin) if args.begin else end - timedelta(days=args.days or DAYS)
    if begin > end:
        raise ConfigError(f"the period begins on {begin} and ends on {end}, before it has begun")
    return begin, end


def _date(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"{option}: `{text}` is no day; write it as 2026-09-01") from error


def _document(report: ReplayReport) -> dict[str, object]:
    return {
        "rules": report.digest,
        "from": report.begin,
        "to": report.end,
        "items": report.items,
        "same": report.same,
        "by_these_rules": report.by_these_rules,
        "undecided": report.undecided,
        "unreadable": report.unreadable,
        "of_syncs": report.of_syncs,
        "by_rule": report.by_rule,
        "by_mailbox": report.by_mailbox,
        "differences": [_difference(each) for each in report.differences],
        "failed_mailboxes": report.failed_mailboxes,
    }


def _difference(each: Difference) -> dict[str, object]:
    return {
        "item": each.ref,
        "fate_before": each.before,
        "fate_after": each.after,
        "rules_before": each.rules_before,
        "added": [{"effect": what, "rule": rule} for what, rule in each.added],
        "dropped": [{"effect": what, "rule": rule} for what, rule in each.dropped],
        "changed": [
            {"effect": c.what, "field": c.field, "before": c.before, "after": c.after, "rule": rule}
            for c, rule in each.changed
        ],
    }


def _lines(report: ReplayReport, *, verbose: bool) -> list[str]:
    lines = [
        f"{count(report.items, 'item')} from {report.begin} to {report.end}, decided anew by rules {report.digest[:12]}"
    ]
    lines.append(f"  {len(report.differences)} otherwise, {report.same} alike")
    for number, words in (
        (report.by_these_rules, "were decided by these very rules already"),
        (report.undecided, "were not decided yet: `mxsync plan` tells of them"),
        (report.unreadable, "cannot be read: `mxsync status` lists them"),
        (report.of_syncs, "were put there by syncs, and no rule decided about them"),
    ):
        if number:
            lines.append(f"  {number} {words}")
    if report.by_rule:
        lines += ["by rule:", *_counts(report.by_rule)]
    if report.differences:
        lines += ["by mailbox:", *_counts({n: c for n, c in report.by_mailbox.items() if c.items})]
    if verbose:
        for each in report.differences:
            fate = f": {each.before}, now {each.after}" if each.before != each.after else ""
            lines += ["", f"{each.ref.mailbox}/{each.ref.href}{fate}"]
            lines += [f"  - {what}{_by(rule)}" for what, rule in each.dropped]
            lines += [f"  + {what}{_by(rule)}" for what, rule in each.added]
            lines += [f"  ~ {_words(changed)}{_by(rule)}" for changed, rule in each.changed]
    elif report.differences:
        lines += ["", "item by item: mxsync replay -v"]
    lines += [f"could not be reached: {mailbox}: {sentence}" for mailbox, sentence in report.failed_mailboxes]
    return lines


def _counts(counts: Mapping[str, Counts]) -> list[str]:
    rows = [
        (each.items, each.added, each.dropped, each.changed, name or "(not recorded)")
        for name, each in sorted(counts.items(), key=lambda pair: (-pair[1].items, pair[0]))
    ]
    return table(rows, ("items", "added", "dropped", "changed", ""))


def _words(changed: Changed) -> str:
    before, after = changed.before or "nothing", changed.after or "nothing"
    return f"{changed.what}: {changed.field} = {after}, before {before}"


def _by(rule: str) -> str:
    return f"  [{rule}]" if rule else ""
