"""The parser of the command line: what every command shares, and how a command adds itself."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from mxsync import __version__
from mxsync.cli.asked import Parser

if TYPE_CHECKING:
    from mxsync.cli.render import Render

Run: TypeAlias = "Callable[[argparse.Namespace, Render], int]"
Commands: TypeAlias = "argparse._SubParsersAction[Parser]"

# How each shell completes the name of a file; the words are shtab's own (`shtab.FILE`), kept here so that `--help`
# need not import it.
FILES = {
    "bash": "_shtab_compgen_files",
    "zsh": "_files",
    "tcsh": "f",
    "fish": "(__fish_complete_path (commandline -ct))",
    "powershell": "_shtab_powershell_compgen_files",
}

DESCRIPTION = """\
Keeps mailboxes and SQL tables in step, both ways, and fills a CRM from the mail and meetings that
people have anyway. What it does is written in rule files.
"""

START = """\
to begin with:
  mxsync demo /tmp/tour              a tenant with sample mail, one pass, and what came of it
  mxsync init mytenant               an empty tenant: configuration, rules, database
  cd mytenant && mxsync check        are the rules right?
  mxsync plan                        what would a pass do?
  mxsync sync                        do it, once
  mxsync run                         do it for ever

exit codes:
  0  done                              4  held back by a safety brake
  1  what was asked about is not so    5  a server or database cannot be reached, or the tenant is in use
  2  wrong usage or configuration      70 a fault of mxsync itself
  3  the rules were rejected           130 interrupted
"""


def new_parser() -> tuple[Parser, Commands]:
    """The parser without commands, and where they are added."""
    parser = Parser(
        prog="mxsync",
        description=DESCRIPTION,
        epilog=START,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"mxsync {__version__}")
    _shared(parser, suppress=False)
    commands = parser.add_subparsers(
        parser_class=Parser, dest="command", metavar="COMMAND", title="commands", required=True
    )
    return parser, commands


def add_command(
    commands: Commands, name: str, summary: str, *, examples: str, run: Run, details: str = "", github: bool = False
) -> argparse.ArgumentParser:
    """A command's own parser, with the options that all share. `examples` close its help. `github` lets the command
    write annotations for GitHub."""
    parser = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[:1].upper()}{summary[1:]}." + (f"\n\n{details}" if details else ""),
        epilog=f"examples:\n{examples.rstrip()}\n",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    _shared(parser, suppress=True, github=github)
    parser.set_defaults(run=run, github=github)
    return parser


def _shared(parser: argparse.ArgumentParser, *, suppress: bool, github: bool = True) -> None:
    """`-c`, `--format` and `-v`. After the command they are left unset unless given, so that they do not undo what
    stands before it."""

    def default(value: Any) -> Any:
        return argparse.SUPPRESS if suppress else value

    forms = ("text", "json", "github") if github else ("text", "json")
    group = parser.add_argument_group("before or after any command")
    config = group.add_argument(
        "-c",
        "--config",
        metavar="FILE",
        default=default("mxsync.toml"),
        help="the configuration file (default: mxsync.toml in the current folder)",
    )
    config.complete = FILES  # type: ignore[attr-defined]  # read by shtab
    group.add_argument("--format", choices=forms, default=default("text"), help="how the result is written")
    group.add_argument("-v", "--verbose", action="store_true", default=default(False), help="say more")
