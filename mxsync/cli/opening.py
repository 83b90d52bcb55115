"""From the command line's arguments to an open tenant."""

from __future__ import annotations

import argparse
import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mxsync.bootstrap import Tenant
    from mxsync.cli.render import Render
    from mxsync.config import Config


def read_config(args: argparse.Namespace, render: Render, *, secrets: bool = True) -> Config:
    """The configuration, its warnings said. `secrets` False for commands that can do without a connection."""
    from mxsync.config import load_config

    config = load_config(args.config, secrets=secrets)
    for warning in config.warnings:
        render.warning(warning)
    return config


def open_tenant(
    args: argparse.Namespace, render: Render, *, read_only: bool = False, secrets: bool = True, once: bool = False
) -> Tenant:
    """The tenant of the configuration; a context manager. `once`: for one pass."""
    collecting = gc.isenabled()
    gc.disable()  # modules stay: looking through them for garbage, now or later, takes a tenth of a short command
    try:
        from mxsync.bootstrap import Tenant
    finally:
        if collecting:
            gc.freeze()
            gc.enable()
    return Tenant.open(read_config(args, render, secrets=secrets), read_only=read_only, once=once)
