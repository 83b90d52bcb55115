"""`mxsync review`: what waits for a person, and what they say about it."""

from __future__ import annotations

import argparse

from mxsync.cli.arguments import Commands, add_command
from mxsync.cli.opening import open_tenant
from mxsync.cli.render import Render

EXAMPLES = """\
  mxsync review                                  what waits, with its number
  mxsync review show 4                           both values side by side, or what would be done
  mxsync review accept 4                         do what a rule holds for review
  mxsync review accept 4 --take table            of a conflict: the table's value stays
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


def _list(args: argparse.Namespace, render: Render) -> int:
    with open_tenant(args, render, read_only=True) as tenant:
        found = tenant.review().waiting()
    held = [row for row in found.held if not args.what or str(row.number) == args.what]
    if args.what and not held:
        render.error(f"nothing with the number {args.what} waits for review", 1)
        return 1
    lines: list[str] = []
    for row in held:
        lines.append(
            f"{row.number}  {row.ref.mailbox}/{row.ref.href}  {row.why}  ({row.rule}, {row.at:%Y-%m-%d %H:%M})"
        )
        if args.action == "show":
            lines += [f"   {line}" for line in row.decision]
    unlinked = [] if args.what else list(found.unlinked)
    if unlinked:
        lines.append("deleted in their folder, and not to come again by themselves:")
        lines += [f"  {link.ref.mailbox}/{link.ref.href}  (sync {link.sync})" for link in unlinked]
    document = {"held": held, "unlinked": [{"item": link.ref, "sync": link.sync} for link in unlinked]}
    render.report(document, lines or ["nothing waits for review"])
    return 0
