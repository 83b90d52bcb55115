"""`mxsync run`: the service, for ever."""

from __future__ import annotations

import argparse

from mxsync.cli.arguments import Commands, add_command
from mxsync.cli.opening import read_config
from mxsync.cli.render import Render
from mxsync.cli.signals import stopping

EXAMPLES = """\
  mxsync run                                    until Ctrl-C, or SIGTERM
  mxsync run -c /etc/mxsync/mxsync.toml         as a service does it
  mxsync run --metrics                          Prometheus metrics on http://127.0.0.1:9464/metrics
  mxsync run --metrics 10.0.0.5:9000            somewhere else
  mxsync run --wait                             wait while another process works on the tenant
  mxsync run --share                            one of several that serve the mailboxes together
"""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "run",
        "the service: every mailbox for ever, changed rule files at once",
        examples=EXAMPLES,
        run=run,
        details="Writes mxsync-status.json beside the configuration. A rule file with errors is refused and the last\n"
        "good rules stay in force. SIGTERM and Ctrl-C end it between two items, with 0.",
    )
    parser.add_argument(
        "--metrics", nargs="?", const="9464", metavar="HOST:PORT", help="serve Prometheus metrics (127.0.0.1:9464)"
    )
    parser.add_argument("--wait", action="store_true", help="wait while another process works on the tenant")
    parser.add_argument(
        "--share",
        action="store_true",
        help="serve the mailboxes together with others that were started with --share",
    )


def run(args: argparse.Namespace, render: Render) -> int:
    from contextlib import ExitStack

    from mxsync.bootstrap import Tenant
    from mxsync.service.health import Health
    from mxsync.service.logs import configure_logging
    from mxsync.service.loop import Service
    from mxsync.service.metrics import Metrics, metrics_address

    config = read_config(args, render)
    configure_logging(config.log, config.secrets(), verbose=args.verbose)
    with ExitStack() as stack:
        stop = stack.enter_context(stopping())
        metrics = stack.enter_context(Metrics(metrics_address(args.metrics))) if args.metrics else None
        tenant = stack.enter_context(Tenant.open(config))
        health = Health(config.status_file, tenant.mailboxes())
        if metrics is not None:
            health.report_to(metrics)
        service = Service(tenant, health, stop)
        stop.then = service.wake
        service.run(wait=args.wait, share=args.share)
    return 0
