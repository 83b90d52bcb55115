"""`mxsync review`: what waits for a person, and what they say about it."""

from __future__ import annotations

import argparse
import textwrap
from dataclasses import fields
from itertools import zip_longest
from typing import TYPE_CHECKING

from mxsync.cli.arguments import Commands, add_command
from mxsync.cli.opening import open_tenant
from mxsync.cli.render import Render

if TYPE_CHECKING:
    from mxsync.ports.tracking import ReviewRow

EXAMPLES = """\
  mxsync review                                  what waits, with its number
  mxsync review show 4                           both values side by side, or what would be done
  mxsync review accept 4                         do what a rule holds for review
  mxsync review accept 4 --take table            of a conflict: the table's value stays
  mxsync review accept 7                         let held deletions through, once
  mxsync review reject 4                         leave everything as it is
  mxsync review release contacts 'anna@ours.example/Contacts'    let held deletions through, once
  mxsync review release anna@ours.example/Contacts/1.vcf         a deleted item may come again
"""


def add(commands: Commands) -> None:
    parser = add_command(
        commands, "review", "what waits for a person: show it, accept it, reject it", examples=EXAMPLES, run=run
    )
    parser.add_argument("action", nargs="?", choices=("list", "show", "accept", "reject", "release"), default="list")
    parser.add_argument("what", nargs="?", default="", metavar="NUMBER|SYNC|ITEM", help="what it is about")
    parser.add_argument("place", nargs="?", default="", metavar="PLACE", help="release: the folder, or `table ENTITY`")
    parser.add_argument("--take", default="", metavar="SIDE", help="of a conflict: the side whose value stays")


def run(args: argparse.Namespace, render: Render) -> int:
    if args.action in ("show", "accept", "reject") and not args.what.isdigit():
        render.error(f"say which: mxsync review {args.action} NUMBER", 2)
        return 2
    if args.action == "release" and not args.what:
        render.error("say what: mxsync review release SYNC PLACE, or ITEM", 2)
        return 2
    if args.action in ("list", "show"):
        return _list(args, render)
    with open_tenant(args, render) as tenant:
        if args.action == "accept":
            said = tenant.review().accept(int(args.what), args.take)
        elif args.action == "reject":
            said = tenant.review().reject(int(args.what))
        else:
            said = tenant.review().release(args.what, args.place)
    render.report({"done": said}, [said])
    return 0


def plain_row(row: ReviewRow) -> dict[str, object]:
    """Something that waits, for a program."""
    return {each.name: getattr(row, each.name) for each in fields(row)}


def side_by_side(one: str, left: str, other: str, right: str) -> list[str]:
    """Two values beside each other, in columns of at most 40 letters: long ones go on below."""
    width = min(40, max(len(one), *map(len, left.splitlines() or [""])))
    cut = max(width, len(one), 8)
    columns = [
        [part for line in text.splitlines() or [""] for part in (textwrap.wrap(line, cut) or [""])]
        for text in (left or "(empty)", right or "(empty)")
    ]
    rows = [(one, other), ("-" * len(one), "-" * len(other)), *zip_longest(*columns, fillvalue="")]
    return [f"     {here.ljust(cut)}  |  {there}".rstrip() for here, there in rows]


def _list(args: argparse.Namespace, render: Render) -> int:
    with open_tenant(args, render, read_only=True) as tenant:
        found = tenant.review().waiting()
    from mxsync.engine.reviewing import sides_of

    held = [row for row in found.held if not args.what or str(row.number) == args.what]
    if args.what and not held:
        render.error(f"nothing with the number {args.what} waits for review", 1)
        return 1
    lines: list[str] = []
    sides = {row.number: sides_of(row) for row in held}
    for row in held:
        what = f"{row.ref.mailbox}/{row.ref.href}  " if row.ref.mailbox else ""
        lines.append(f"{row.number}  {what}{row.why}  ({row.rule}, {row.at:%Y-%m-%d %H:%M})")
        if sides[row.number]:
            (one, left), (other, right) = sides[row.number]
            lines += side_by_side(one, left, other, right)
        elif args.action == "show":
            lines += [f"   {line}" for line in row.decision]
    unlinked = [] if args.what else list(found.unlinked)
    if unlinked:
        lines.append("deleted in their folder, and not to come again by themselves:")
        lines += [f"  {link.ref.mailbox}/{link.ref.href}  (sync {link.sync})" for link in unlinked]
    shown = [{**plain_row(row), "sides": dict(sides[row.number])} for row in held]
    document = {"held": shown, "unlinked": [{"item": link.ref, "sync": link.sync} for link in unlinked]}
    render.report(document, lines or ["nothing waits for review"])
    return 0
