"""The entry point: runs a command, and turns what went wrong into a sentence and an exit code."""

from __future__ import annotations

import argparse
import atexit
import contextlib
import gc
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from mxsync.cli import (
    backfill,
    check,
    completion,
    demo,
    erase,
    explain,
    fmt,
    init,
    plan,
    replay,
    review,
    run,
    schema,
    status,
    sync,
    test,
    undo,
    verify,
    why,
)
from mxsync.cli.arguments import new_parser
from mxsync.cli.render import Render
from mxsync.errors import MxsyncError, RulesRejected

INTERRUPTED = 130  # 128 + SIGINT, as shells have it
BROKEN_PIPE = 141  # 128 + SIGPIPE
_SELDOM = 50_000
"""New objects after which garbage is looked for: what is loaded at the start stays, and looking through it again and
again is a tenth of the start."""

COMMANDS = (
    demo,
    init,
    check,
    fmt,
    test,
    explain,
    plan,
    sync,
    run,
    backfill,
    status,
    why,
    undo,
    review,
    verify,
    replay,
    erase,
    schema,
    completion,
)


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser, commands = new_parser()
    for command in COMMANDS:
        command.add(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code (see `mxsync --help`). Wrong usage leaves by `SystemExit` 2."""
    before = gc.get_threshold()
    gc.set_threshold(_SELDOM, 20, 20)
    atexit.register(gc.freeze)  # what goes with the process need not be looked through for garbage once more
    try:
        return _run(arguments)
    finally:
        gc.set_threshold(*before)  # whoever calls this from a program of their own has other garbage than a command


def _run(arguments: Sequence[str] | None) -> int:
    _tolerate_narrow_terminals()
    parser = build_parser()
    args = parser.parse_args(arguments)
    if args.format == "github" and not args.github:
        parser.error("--format github is for `mxsync check`")
    render = Render(args.format, verbose=args.verbose)
    try:
        code: int = args.run(args, render)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has seen enough; nothing more may be written, not even while Python ends.
        with contextlib.suppress(OSError, ValueError, io.UnsupportedOperation):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except KeyboardInterrupt:
        render.note("interrupted")
        return INTERRUPTED
    except MxsyncError as error:
        return _explained(error, args, render)
    except Exception as error:
        from mxsync.cli.crash import report_crash

        return report_crash(error, args, render)
    return code


def _explained(error: MxsyncError, args: argparse.Namespace, render: Render) -> int:
    if isinstance(error, RulesRejected) and error.diagnostics:
        from mxsync.cli.diagnostics import show_rejection

        show_rejection(error, render, Path(args.config).absolute().parent)
    else:
        render.error(str(error), error.exit_code)
    return error.exit_code


def _tolerate_narrow_terminals() -> None:
    """A name that the terminal's encoding does not know is shown escaped, and ends nothing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
