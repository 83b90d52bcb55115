"""`mxsync fmt`: rule files in their one layout."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mxsync.cli.arguments import Commands, add_command
from mxsync.cli.opening import read_config
from mxsync.cli.render import Render, count
from mxsync.errors import ConfigError

if TYPE_CHECKING:
    from mxsync.lang.diagnostics import Diagnostic

EXAMPLES = """\
  mxsync fmt                          every rule file of the configuration, in place
  mxsync fmt rules/sales.rules        one file, without a configuration
  mxsync fmt --check                  change nothing, end with 1 where something would change
  mxsync fmt --diff                   change nothing, show what would change
  mxsync fmt - < sales.rules          from standard input to standard output
"""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "fmt",
        "lay out rule files; comments stay, and so does the meaning",
        examples=EXAMPLES,
        run=run,
        details="A file with a syntax error is left as it is.",
    )
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="rule files or folders (default: those of the configuration)"
    )
    parser.add_argument("--check", action="store_true", help="only say which files would change")
    parser.add_argument("--diff", action="store_true", help="only show what would change")


def run(args: argparse.Namespace, render: Render) -> int:
    from mxsync.cli.diagnostics import GivenText, as_json, for_people

    if args.files == ["-"]:
        return _standard_input(args, render)
    changed: list[str] = []
    broken: list[dict[str, object]] = []
    for path in _files(args, render):
        text, newline = _read(path)
        formatted, diagnostics = _formatted(str(path), text)
        if diagnostics:
            broken += [as_json(diagnostic) for diagnostic in diagnostics]
            for line in for_people(diagnostics, GivenText(text)):
                render.line(line)
        elif formatted != text:
            changed.append(str(path))
            if args.diff:
                _show_diff(str(path), text, formatted, render)
            if not (args.check or args.diff):
                _write(path, formatted.replace("\n", newline))
    said = "would change" if args.check or args.diff else "laid out"
    lines = [] if args.diff else [f"{said}: {name}" for name in changed]
    render.report({"changed": changed, "broken": broken}, lines or ([] if changed or broken else ["nothing to change"]))
    if broken:
        render.note(f"mxsync: {count(len(broken), 'syntax error')}; what has one is left as it is")
    return 1 if broken or (changed and (args.check or args.diff)) else 0


def _standard_input(args: argparse.Namespace, render: Render) -> int:
    from mxsync.cli.diagnostics import GivenText, for_people

    text = sys.stdin.read()
    formatted, diagnostics = _formatted("<stdin>", text)
    if diagnostics:
        for line in for_people(diagnostics, GivenText(text)):
            render.note(line)
        return 1
    if args.diff:
        _show_diff("<stdin>", text, formatted, render)
    elif not args.check:
        render.raw(formatted)
    return 1 if formatted != text and (args.check or args.diff) else 0


def _formatted(name: str, text: str) -> tuple[str, Sequence[Diagnostic]]:
    """The text in its layout; with what is wrong in it, as it is."""
    from mxsync import resources
    from mxsync.lang.format import format_text
    from mxsync.lang.parse import Parser

    parser = Parser(resources.text("grammar/mxsync.lark"), resources.text("grammar/mxsync.tables.json"))
    errors = [diagnostic for diagnostic in parser.parse_file(name, text).diagnostics if diagnostic.is_error]
    return (text, errors) if errors else (format_text(text), ())


def _show_diff(name: str, before: str, after: str, render: Render) -> None:
    import difflib

    for line in difflib.unified_diff(before.splitlines(), after.splitlines(), name, f"{name} (laid out)", lineterm=""):
        render.line(line)


def _files(args: argparse.Namespace, render: Render) -> Iterator[Path]:
    paths = [Path(name) for name in args.files] or list(read_config(args, render, secrets=False).rules.paths)
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob("*.rules"))
        elif path.exists():
            yield path
        else:
            raise ConfigError(f"there is no rule file or folder `{path}`")


def _read(path: Path) -> tuple[str, str]:
    """The text with newlines as the language has them, and the newline of the file."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"`{path}` is not UTF-8 text; save it as UTF-8") from error
    except OSError as error:
        raise ConfigError(f"`{path}` cannot be read: {error.strerror or error}") from error
    return text.replace("\r\n", "\n"), "\r\n" if "\r\n" in text else "\n"


def _write(path: Path, text: str) -> None:
    """Whole or not at all: a running service may be watching."""
    import tempfile

    path = path.resolve()
    handle, name = tempfile.mkstemp(prefix=".mxsync-", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
        Path(name).chmod(path.stat().st_mode & 0o7777)
        Path(name).replace(path)
    except OSError as error:
        with suppress(OSError):
            Path(name).unlink()
        raise ConfigError(f"`{path}` cannot be written: {error.strerror or error}") from error
