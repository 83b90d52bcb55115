"""`mxsync demo`: a tenant with sample mail, one pass, and what came of it."""

from __future__ import annotations

import argparse
import threading
from pathlib import Path

from mxsync.cli.arguments import FILES, Commands, add_command
from mxsync.cli.init import SCHEMA
from mxsync.cli.progress import Progress
from mxsync.cli.render import Render
from mxsync.errors import ConfigError

EXAMPLES = """\
  mxsync demo                         in the folder mxsync-demo, which is made
  mxsync demo /tmp/tour               somewhere else
  cd /tmp/tour && mxsync why contact 4          afterwards: where does this contact come from?
"""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "demo",
        "make a tenant with sample mail, run one pass, and tell what came of it",
        examples=EXAMPLES,
        run=run,
        details="Two people's mailboxes, a CRM with a few customers, and the shipped rules. Everything lies in that\n"
        "folder and can be looked at, changed, and run again: a second demo there finds what changed.",
    )
    folder = parser.add_argument("folder", nargs="?", default="mxsync-demo", metavar="DIR", help="where")
    folder.complete = FILES  # type: ignore[attr-defined]  # read by shtab


def run(args: argparse.Namespace, render: Render) -> int:
    from mxsync.bootstrap import Tenant
    from mxsync.cli.demo_story import story
    from mxsync.config import load_config

    folder = Path(args.folder)
    make_demo(folder)
    config = load_config(folder / "mxsync.toml")
    with Tenant.open(config) as tenant, Progress(render) as progress:
        plan = tenant.plan(None, progress)
        report = tenant.sync(None, progress, threading.Event())
    told = story(plan.decisions, report.set_aside, folder / "crm.db")
    render.report(
        {"folder": folder, "report": report, "story": told.document()},
        [*told.lines(), "", f"Everything lies in {folder}. Look around:", f"  cd {folder}", *_NEXT],
    )
    return 0


_NEXT = (
    "  mxsync status",
    '  mxsync explain "anna@ours.example/Inbox/2026-11-02 Jane Roe - pump station.eml"',
    "  mxsync why contact 4",
    "  mxsync sync                  a second pass: nothing changed, so nothing is done",
)


def make_demo(folder: Path) -> None:
    """The tenant. What is there already is kept."""
    from mxsync import resources
    from mxsync.cli import starter

    starter.make_folder(folder)
    if any(folder.iterdir()) and not (folder / "mxsync.toml").exists():
        raise ConfigError(f"`{folder}` is not empty and holds no tenant of mxsync; name another folder")
    made = starter.Made(folder)
    sample = resources.path("rules/demo")
    users = [each.name for each in sorted((sample / "mailboxes").iterdir()) if "@" in each.name]
    starter.write_file(made, "mxsync.toml", starter.configuration("sqlite:///crm.db", users))
    starter.write_file(made, "rules/main.rules", resources.text("rules/demo/main.rules"))
    starter.copy_tree(made, sample / "mailboxes", "mailboxes")
    starter.make_sample_database(made, "crm.db", [resources.text(SCHEMA), resources.text("rules/demo/seed.sql")])
