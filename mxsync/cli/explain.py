"""`mxsync explain`: why an item is decided as it is."""

from __future__ import annotations

import argparse

from mxsync.cli.arguments import Commands, add_command
from mxsync.cli.opening import open_tenant
from mxsync.cli.render import Render

EXAMPLES = """\
  mxsync explain mailboxes/anna@ours.example/Inbox/0001.eml      by its file
  mxsync explain anna@ours.example/Inbox/0001.eml                by mailbox, folder and name
  mxsync explain '<4711@acme.example>'                           by its Message-ID
"""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "explain",
        "why an item is decided as it is: each rule, and the first condition that failed",
        examples=EXAMPLES,
        run=run,
        details="Shows each rule that could have acted, the first condition that failed with the value it saw,\n"
        "and what would be written. Changes nothing.",
    )
    parser.add_argument("item", metavar="ITEM", help="a file, a path in a mailbox, or a Message-ID")


def run(args: argparse.Namespace, render: Render) -> int:
    with open_tenant(args, render, read_only=True) as tenant:
        explanation = tenant.explain(args.item)
    decision = explanation.decision
    document = {
        "item": explanation.ref,
        "fate": decision.fate,
        "reason": decision.reason,
        "plan": decision.plan,
        "steps": decision.trace.steps,
        "notes": decision.trace.notes,
        "effects": [{"effect": type(effect).__name__, "values": effect} for effect in decision.effects],
        "lines": explanation.lines,
    }
    render.report(document, explanation.lines)
    return 0
