"""A fault of mxsync itself: a sentence for the user, and the details in a file."""

from __future__ import annotations

import argparse
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

from mxsync import __version__
from mxsync.cli.render import Render

EXIT = 70  # EX_SOFTWARE of sysexits.h
NAME = "mxsync-crash.log"


def report_crash(error: Exception, args: argparse.Namespace, render: Render) -> int:
    """Writes the traceback beside the configuration (or into the folder for temporary files) and says so."""
    text = redacted("".join(traceback.format_exception(error)), args)
    place = _write(text, args)
    where = f"; the details are in `{place}`" if place else ""
    reason = redacted(str(error), args).strip().splitlines()
    render.error(
        f"a fault of mxsync itself ({type(error).__name__}{': ' + reason[0] if reason else ''}){where}; "
        "please report it, with that file",
        EXIT,
    )
    render.detail(text)
    return EXIT


def redacted(text: str, args: argparse.Namespace) -> str:
    """The text without any of the configured secrets: what a driver raises may quote them."""
    from mxsync.config import load_config
    from mxsync.errors import ConfigError

    try:
        secrets = list(load_config(args.config, secrets=False).secrets())
    except ConfigError:
        return text
    for secret in secrets:
        try:
            value = secret.reveal()
        except ConfigError:
            continue
        text = text.replace(value, "***")
    return text


def _write(text: str, args: argparse.Namespace) -> Path | None:
    head = (
        f"{datetime.now(UTC).isoformat(timespec='seconds')} mxsync {__version__} {args.command}, Python {sys.version}\n"
    )
    beside = Path(args.config).absolute().parent
    for folder in (beside, Path(tempfile.gettempdir())):
        try:
            with (folder / NAME).open("a", encoding="utf-8") as log:
                log.write(f"{head}{text}\n")
        except OSError:
            continue
        return folder / NAME
    return None
