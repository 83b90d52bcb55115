"""`mxsync erase`: a person, by address: everywhere, for good, and never created again."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mxsync.cli.arguments import FILES, Commands, add_command
from mxsync.cli.opening import open_tenant
from mxsync.cli.progress import Progress
from mxsync.cli.render import Render, count, table
from mxsync.errors import ConfigError

if TYPE_CHECKING:
    from mxsync.engine.erasing import Certificate

EXAMPLES = """\
  mxsync erase jane@acme.example --plan                      what would be removed; changes nothing
  mxsync erase jane@acme.example                             asks first
  mxsync erase jane@acme.example --items                     their mail and cards in the mailboxes as well
  mxsync erase jane@acme.example --yes --certificate jane.txt   without asking; the certificate in a file
"""
DETAILS = """\
Removes the contact, the mail that they sent, rows of mail, meetings, tasks and journals that are linked to no other
contact, their documents, and all that mxsync remembers of these: before-images, traces, reviews, intents. Rows that
others share stay, without address and name. A tombstone, which holds only a keyed hash, keeps the person from being
created again. It cannot be undone. Killed half-way, the same command completes it."""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "erase",
        "erase a person by address: rows, documents, items, and all that is remembered of them",
        examples=EXAMPLES,
        run=run,
        details=DETAILS,
    )
    parser.add_argument("address", metavar="ADDRESS", help="the person's e-mail address")
    parser.add_argument("--plan", action="store_true", help="only say what would be removed")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument(
        "--items",
        action="store_true",
        help="also delete their items in the mailboxes, past the trash (reads all mailboxes)",
    )
    file = parser.add_argument("--certificate", metavar="FILE", help="write the certificate there (.json for JSON)")
    file.complete = FILES  # type: ignore[attr-defined]  # read by shtab


def run(args: argparse.Namespace, render: Render) -> int:
    if not args.plan and not args.yes:
        _confirm(args.address, render)
    with open_tenant(args, render, read_only=args.plan) as tenant, Progress(render) as progress:
        certificate = tenant.erase(args.address, progress, items=args.items, plan=args.plan)
    lines = _lines(certificate)
    if args.certificate and not args.plan:
        _write(Path(args.certificate), certificate, lines)
    render.report(certificate, lines)
    return 0


def _confirm(address: str, render: Render) -> None:
    if not sys.stdin.isatty():
        raise ConfigError(
            f"`erase` cannot be undone. Look at `mxsync erase {address} --plan` first, then say "
            f"`mxsync erase {address} --yes` if that is meant"
        )
    render.note(
        f"This erases {address} for good: see `mxsync erase {address} --plan` for what. Type the address to go on:"
    )
    if sys.stdin.readline().strip().lower() != address.strip().lower():
        raise ConfigError("that is another address: nothing was done")


def _lines(certificate: Certificate) -> list[str]:
    planned = certificate.planned
    title = "would be erased" if planned else "erased"
    lines = [f"{certificate.address} {title} {certificate.at:%Y-%m-%d %H:%M} UTC"]
    if certificate.again and not planned:
        lines.append("an erasure that had begun before is complete; the numbers are those of all of it")
    if certificate.addresses > 1:
        lines.append(f"with {count(certificate.addresses - 1, 'other address', 'other addresses')} of the same contact")
    removed = [(number, name) for name, number in certificate.removed.items() if number]
    lines += table(removed) if removed else ["  nothing was found"]
    if certificate.remains:
        lines.append("outside what the rules map, and left alone, the address still stands in:")
        lines += table([(number, place) for place, number in certificate.remains.items()])
    if not certificate.items_looked_at:
        lines.append("items in the mailboxes stay as they are (--items deletes the person's own)")
    elif certificate.items_left:
        lines.append(f"{count(certificate.items_left, 'item')} with other people on them stay in the mailboxes")
    if not planned:
        lines.append("a keyed hash keeps the person from being created again")
    return lines


def _write(path: Path, certificate: Certificate, lines: list[str]) -> None:
    import io

    text = io.StringIO()
    if path.suffix.lower() == ".json":
        Render("json", out=text).json(certificate)
    else:
        text.write("Certificate of erasure (mxsync)\n\n" + "\n".join(lines) + "\n")
    try:
        path.write_text(text.getvalue(), encoding="utf-8")
    except OSError as error:
        raise ConfigError(
            f"the person is erased, but the certificate cannot be written to {path} ({error.strerror}): give another "
            "file, and run the same command again"
        ) from error
