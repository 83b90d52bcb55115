"""`mxsync schema`: the tracking tables and triggers."""

from __future__ import annotations

import argparse

from mxsync.cli.arguments import Commands, add_command
from mxsync.cli.opening import open_tenant
from mxsync.cli.render import Render
from mxsync.errors import ConfigError, Unauthorized

EXAMPLES = """\
  mxsync schema show > tracking.sql     for the database's administrator to read, or to run
  mxsync schema install                 make what is missing (on SQLite the first pass does it by itself)
  mxsync schema upgrade                 bring those of an older mxsync to today's form, with all that is in them
  mxsync schema remove --yes            take them away again; what mxsync remembers is lost
"""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "schema",
        "show, install, upgrade or remove the tracking tables and triggers",
        examples=EXAMPLES,
        run=run,
        details="All of them are called mxsync_…; the customer's own tables are never altered.",
    )
    actions = ("show", "install", "upgrade", "remove")
    parser.add_argument("what", choices=actions, help="what is to be done with them")
    parser.add_argument("--yes", action="store_true", help="for remove: yes, forget everything")


def run(args: argparse.Namespace, render: Render) -> int:
    if args.what == "remove" and not args.yes:
        raise ConfigError(
            "`schema remove` deletes all that mxsync remembers: what was synchronised, why, and the before-images; "
            "say `mxsync schema remove --yes` if that is meant"
        )
    with open_tenant(args, render, read_only=args.what == "show") as tenant:
        match args.what:
            case "show":
                statements = tenant.schema_show()
                render.report({"sql": statements}, [statements])
            case "install":
                try:
                    tenant.schema_install()
                except Unauthorized as error:
                    raise Unauthorized(
                        f"{error}. To install, a login is needed that may make tables, functions and triggers; or let "
                        "the database's administrator run what `mxsync schema show` prints"
                    ) from error
                render.report({"installed": True}, ["the tracking tables and triggers are installed"])
            case "upgrade":
                done = tenant.schema_upgrade()
                said = "brought to today's form" if done else "of today's form already"
                render.report({"upgraded": done}, [f"the tracking tables and triggers are {said}"])
            case _:
                tenant.schema_remove()
                render.report({"removed": True}, ["the tracking tables and triggers are gone"])
    return 0
