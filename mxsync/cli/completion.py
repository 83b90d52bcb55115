"""`mxsync completion`: a script that completes mxsync's commands and options in a shell."""

from __future__ import annotations

import argparse

from mxsync.cli.arguments import Commands, add_command
from mxsync.cli.render import Render

SHELLS = ("bash", "zsh", "tcsh", "fish", "powershell")
EXAMPLES = """\
  mxsync completion bash > ~/.local/share/bash-completion/completions/mxsync
  mxsync completion zsh > ~/.zfunc/_mxsync
  mxsync completion fish > ~/.config/fish/completions/mxsync.fish
  mxsync completion powershell >> $PROFILE
"""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "completion",
        "print the script by which a shell completes mxsync's commands and options",
        examples=EXAMPLES,
        run=run,
    )
    parser.add_argument("shell", choices=SHELLS)


def run(args: argparse.Namespace, render: Render) -> int:
    import shtab

    from mxsync.cli.main import build_parser

    render.raw(shtab.complete(build_parser(), args.shell))
    return 0
