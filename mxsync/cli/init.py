"""`mxsync init`: a new tenant."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mxsync.cli.arguments import FILES, Commands, add_command
from mxsync.cli.render import Render

if TYPE_CHECKING:
    from mxsync.cli.starter import Made

EXAMPLES = """\
  mxsync init                                        here, on a database of its own with the sample CRM
  mxsync init mytenant                               in a folder, which is made
  mxsync init mytenant --database sqlite:///erp.db   on your own tables: proposes how they are mapped
"""
SCHEMA = "sql/sqlite/sample.sql"


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "init",
        "make a new tenant: configuration, rules, mailboxes, database",
        examples=EXAMPLES,
        run=run,
        details="Files that exist are kept. With --database nothing is written to the database; rules/main.rules then\n"
        "holds a proposal of `entity` statements, made from its tables, with what is to be checked in comments.",
    )
    folder = parser.add_argument("folder", nargs="?", default=".", metavar="DIR", help="where (default: here)")
    folder.complete = FILES  # type: ignore[attr-defined]  # read by shtab
    parser.add_argument("--database", metavar="URL", default="", help="the address of a database that is there already")


def run(args: argparse.Namespace, render: Render) -> int:
    made = _on_a_database(args.folder, args.database) if args.database else make_tenant(Path(args.folder))
    render.report({"folder": made.folder, "made": made.made, "kept": made.kept}, _lines(made))
    return 0


def make_tenant(folder: Path) -> Made:
    """A tenant on the embedded default."""
    from mxsync import resources
    from mxsync.cli import starter

    starter.make_folder(folder)
    made = starter.Made(folder)
    users = [starter.FIRST_USER]
    starter.write_file(made, "mxsync.toml", starter.configuration("sqlite:///crm.db", users))
    starter.write_file(made, "rules/main.rules", starter.RULES)
    starter.make_mailboxes(made, users)
    starter.make_sample_database(made, "crm.db", [resources.text(SCHEMA)])
    return made


def _on_a_database(name: str, url: str) -> Made:
    from mxsync.cli import starter
    from mxsync.cli.propose import propose_for

    url, proposal = propose_for(url)
    folder = Path(name)
    starter.make_folder(folder)
    made = starter.Made(folder)
    users = [starter.FIRST_USER]
    starter.write_file(made, "mxsync.toml", starter.configuration(url, users))
    starter.write_file(made, "rules/main.rules", proposal)
    starter.make_mailboxes(made, users)
    return made


def _lines(made: Made) -> list[str]:
    lines = [f"made {name}" for name in made.made] + [f"kept {name}" for name in made.kept]
    where = "" if made.folder == Path() else f"cd {made.folder} && "
    return [*lines, "", "next:", f"  {where}mxsync check", "  mxsync plan", "  mxsync sync"]
