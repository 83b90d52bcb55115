"""`mxsync status`: what runs, what waits, what could not be read."""

from __future__ import annotations

import argparse

from mxsync.cli.arguments import Commands, add_command
from mxsync.cli.opening import open_tenant
from mxsync.cli.render import Render

EXAMPLES = """\
  mxsync status                       the service, the rules, the mailboxes, what was set aside
  mxsync status --format json         for a monitor
"""


def add(commands: Commands) -> None:
    add_command(
        commands,
        "status",
        "what runs, what waits for a person, what could not be read",
        examples=EXAMPLES,
        run=run,
        details="Ends with 0 whenever it can answer.",
    )


def run(args: argparse.Namespace, render: Render) -> int:
    from mxsync.cli.status_lines import status_lines
    from mxsync.service.status import read_status

    with open_tenant(args, render, read_only=True, secrets=False) as tenant:
        report = tenant.status()
        service = read_status(tenant.config.status_file)
    render.report({"service": service, "tenant": report}, status_lines(report, service))
    return 0
