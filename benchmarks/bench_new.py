"""20 new mails among 100,000, against `mu index` on the same; and the memory that a mailbox of that size takes.

    python benchmarks/bench_new.py [--mails 100000] [--rounds 3]

First everything is read, decided by crm.rules, saved and linked; then, in turns, 20 mails are added and both programs
called. What counts is the process: its start, the look for what is new, and the work on it. The mails are short: neither
the look nor the memory depends on their size. Figures are medians, peak memory is that of the largest process. `mu` comes from Debian's maildir-utils and is left out with a sentence where it is not there.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from bench_pass import BOX, PEOPLE, Figures, command, mu, ours, prepare
from mails import mail

NEW = 20
SIZE = 2_500
"""Bytes of a mail."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    there = shutil.which("mu") is not None
    if not there:
        print("mu index is not installed (Debian: maildir-utils): left out")
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        tenant, maildir = prepare(root, options.mails, SIZE)
        for name, found in (
            ("first pass", ours(tenant, root)),
            *([("mu index, first", mu(maildir, root))] if there else []),
        ):
            print(f"{name:21}{options.mails / found.seconds:8,.0f} mails/s  {found.peak:6.0f} MB")
        inbox = root / "run" / "mailboxes" / BOX / "Inbox"
        figures: dict[str, list[Figures]] = {"idle pass": [], "20 new": [], "mu index, 20 new": []}
        for turn in range(options.rounds):
            figures["idle pass"].append(command(sys.executable, "-m", "mxsync", "sync", cwd=root / "run"))
            for number in range(options.mails + turn * NEW, options.mails + (turn + 1) * NEW):
                path = inbox / f"{number:06}.eml"
                path.write_bytes(mail(number, SIZE, people=PEOPLE, attached=False, stranger=False, category=""))
                os.link(path, maildir / "cur" / f"{number:06}.host:2,S")
            figures["20 new"].append(command(sys.executable, "-m", "mxsync", "sync", cwd=root / "run"))
            if there:
                figures["mu index, 20 new"].append(command("mu", "index", f"--muhome={root / 'mu'}"))
        for name, found in figures.items():
            if found:
                median, peak = statistics.median(f.seconds for f in found), max(f.peak for f in found)
                print(f"{name:21}{median:8.2f} s        {peak:6.0f} MB")
        if there:
            ratio = statistics.median(
                a.seconds / b.seconds for a, b in zip(figures["20 new"], figures["mu index, 20 new"], strict=True)
            )
            print(f"20 new mails take {ratio:.2f} of mu index's time")
    return 0


if __name__ == "__main__":
    sys.exit(main())
