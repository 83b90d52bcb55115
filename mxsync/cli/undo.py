"""`mxsync undo`: what a run, a rule or an item has done is taken back."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from mxsync.cli.arguments import Commands, add_command
from mxsync.cli.opening import open_tenant
from mxsync.cli.render import Render, count, table
from mxsync.errors import ConfigError

if TYPE_CHECKING:
    from mxsync.engine.undoing.undo import UndoReport
    from mxsync.ports.tracking import RunRow

EXAMPLES = """\
  mxsync undo                                        the latest runs, with their numbers
  mxsync undo run 12 --plan                          what would be taken back; changes nothing
  mxsync undo run 12                                 take it back, or say what stands on it and do nothing
  mxsync undo run last --review                      the rest now; what is refused waits in `mxsync review`
  mxsync undo rule 'Offers'                          all that a rule has ever done
  mxsync undo rule 'Offers' --run 12 --run 13        in these runs
  mxsync undo item anna@ours.example/Inbox/0001.eml     all that was done for one item
"""
DETAILS = """\
In reverse, from before-images: rows that were made go, unless somebody has touched them since; fields get their old
values; links are parted, rows that were deleted come again; categories, flags, moves, copies, documents and what syncs
wrote into folders are turned round. Where later work stands on a part, nothing at all is done, and each such part is
named with its reason. What is undone is not done again for the same item by the same rules. An undo is a run like any
other, and can be undone. Notifications and hooks cannot."""
_SHOWN = 50


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "undo",
        "take back what a run, a rule or an item has done",
        examples=EXAMPLES,
        run=run,
        details=DETAILS,
    )
    parser.add_argument("what", nargs="?", choices=("run", "rule", "item"), help="what is to be undone")
    parser.add_argument("name", nargs="?", default="", metavar="NUMBER|NAME|ITEM", help="which one")
    parser.add_argument("--plan", action="store_true", help="only say what would be done")
    parser.add_argument("--review", action="store_true", help="put what is refused into the review queue, do the rest")
    parser.add_argument(
        "--run", action="append", type=int, dest="runs", metavar="NUMBER", help="of a rule or an item only this run"
    )


def run(args: argparse.Namespace, render: Render) -> int:
    if args.what is None:
        with open_tenant(args, render, read_only=True) as tenant:
            runs = tenant.runs(20)
        render.report({"runs": runs}, _runs(runs))
        return 0
    if not args.name:
        raise ConfigError(f"say which: mxsync undo {args.what} {args.what.upper() if args.what != 'run' else 'NUMBER'}")
    runs_ = frozenset(args.runs) if args.runs else None
    if runs_ is not None and args.what == "run":
        raise ConfigError("--run narrows a rule or an item; a run is named by itself: mxsync undo run 12")
    with open_tenant(args, render, read_only=args.plan) as tenant:
        if args.plan:
            report = tenant.plan_undo(args.what, args.name, runs_)
        else:
            report = tenant.undo(args.what, args.name, runs_, review=args.review)
    render.report(report, _lines(report, verbose=render.verbose))
    return 1 if report.planned and report.refused else 0


def _runs(runs: object) -> list[str]:
    rows: list[tuple[object, ...]] = []
    for each in runs:  # type: ignore[attr-defined]  # runs
        rows.append((each.number, each.kind, f"{each.started:%Y-%m-%d %H:%M:%S}", _did(each)))
    return table(rows, ("run", "kind", "began", "did")) if rows else ["there was no run yet"]


def _did(each: RunRow) -> str:
    counts = each.counts
    if "undone" in counts:
        return f"undo of {counts['undone']}"
    said: list[str] = []
    for name in ("created", "updated", "deleted", "synced"):
        found = counts.get(name)
        if isinstance(found, dict) and found:
            said.append(f"{name} " + ", ".join(f"{number} {what}" for what, number in sorted(found.items())))
    if counts.get("linked"):
        said.append(f"linked {counts['linked']}")
    return "; ".join(said) or each.outcome or "not ended"


def _lines(report: UndoReport, *, verbose: bool) -> list[str]:
    would = report.planned
    if not report.steps and not report.refused and not report.run:
        before = ", ".join(f"run {number}" for number in report.before)
        done = f": {before} has undone it" if before else ""
        return [f"of {report.what} there is nothing to undo{done}"]
    lines = [f"{report.what} {'would be undone' if would else f'is undone by run {report.run}'}"]
    lines += table([(number, name) for name, number in sorted(report.counts.items())])
    shown = report.steps if verbose or len(report.steps) <= _SHOWN else report.steps[:_SHOWN]
    lines += [f"  {step}" for step in shown]
    if len(shown) < len(report.steps):
        lines.append(f"  and {len(report.steps) - len(shown)} more (-v lists them)")
    lines += [f"  {note}" for note in report.notes]
    if report.refused:
        title = "waits for review" if report.queued else "later work stands on"
        lines.append(f"{count(len(report.refused), 'part')} of it {title}:" if report.queued else f"{title}:")
        lines += [f"  {what}: {why}" for what, why in report.refused]
    return lines
