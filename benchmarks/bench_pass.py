"""A whole first pass — mails read, decided by crm.rules, saved and linked, contacts made — against programs that only read
or index the same mails.

    python benchmarks/bench_pass.py [--mails 20000] [--rounds 3]

Mails are 10 kB on average, one in ten has an attachment, every second answers another, one in forty is by a stranger and
has the category that makes a contact and a company; the writers of all others are contacts. Each program runs as a
process of its own, in turns; figures are medians, peak memory is that of the largest process. `notmuch` and
`policy.default`, which are slow, are given a tenth of the mails, `notmuch` once. `mu` and `notmuch` come from Debian's
maildir-utils and notmuch, and are left out with a sentence where they are not installed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from mails import mail

BOX = "anna@ours.example"
PEOPLE = 2000
READER = """
import sys
from email import policy
from email.parser import BytesParser
from pathlib import Path
which = getattr(policy, sys.argv[1])
for path in sorted(Path(sys.argv[2]).iterdir())[: int(sys.argv[3])]:
    message = BytesParser(policy=which).parsebytes(path.read_bytes())
    list(message.items())
    for part in message.walk():
        if not part.is_multipart():
            part.get_payload(decode=True)
"""


class Figures(NamedTuple):
    """What a process took: seconds on the clock, seconds of processors (its children's with its own), peak MB of the
    largest of them."""

    seconds: float
    processor: float
    peak: float


def command(*arguments: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> Figures:
    """Runs a process. Raises `RuntimeError` when it fails."""
    around = {**os.environ, **(env or {})}
    around.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled once, not at each start
    with tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        process = subprocess.Popen(arguments, cwd=cwd, env=around, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        taken = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            raise RuntimeError(f"{arguments[0]} ended with {process.returncode}: {errors.read().decode()[-500:]}")
    return Figures(taken, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def prepare(root: Path, mails: int, size: int = 10_000) -> tuple[Path, Path]:
    """A tenant that knows the writers, with its mails of so many bytes, and a Maildir of the same files; beside it
    `tenth` with the first tenth of them."""
    tenant, maildir = root / "tenant", root / "maildir"
    command(sys.executable, "-m", "mxsync", "init", str(tenant))
    text = (tenant / "mxsync.toml").read_text()
    users = f'[[users]]\nemail = "{BOX}"\nserver = "office"\n'
    (tenant / "mxsync.toml").write_text(text[: text.index("[[users]]")] + users)
    (tenant / "rules" / "main.rules").write_text("use 'crm.rules'\n")
    with closing(sqlite3.connect(tenant / "crm.db")) as connection, connection:
        connection.executemany(
            "INSERT INTO Contacts (Email, FirstName, LastName) VALUES (?, ?, ?)",
            [(f"jane.roe{n}@firm{n % 400}.example", "Jane", f"Roe{n}") for n in range(PEOPLE)],
        )
    inbox = tenant / "mailboxes" / BOX / "Inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    for name in ("cur", "new", "tmp"):
        (maildir / name).mkdir(parents=True)
        (root / "tenth" / name).mkdir(parents=True)
    total = 0
    for number in range(mails):
        stranger = number % 40 == 7
        category = "Create Contact and Company" if stranger else ""
        raw = mail(number, size, people=PEOPLE, attached=number % 10 == 0, stranger=stranger, category=category)
        total += len(raw)
        path = inbox / f"{number:06}.eml"
        path.write_bytes(raw)
        os.link(path, maildir / "cur" / f"{number:06}.host:2,S")
        if number < mails // 10:
            os.link(path, root / "tenth" / "cur" / f"{number:06}.host:2,S")
    print(f"{mails} mails, {total / mails / 1000:.1f} kB on average")
    return tenant, maildir


def ours(tenant: Path, root: Path) -> Figures:
    """One pass over a fresh copy of the tenant, checked."""
    run = root / "run"
    shutil.rmtree(run, ignore_errors=True)
    shutil.copytree(tenant, run, copy_function=os.link)
    for name in ("crm.db", "mxsync.toml"):
        (run / name).unlink()
        shutil.copy2(tenant / name, run / name)
    figures = command(sys.executable, "-m", "mxsync", "sync", cwd=run)
    with closing(sqlite3.connect(run / "crm.db")) as connection:
        saved, contacts = (
            connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("Emails", "Contacts")
        )
    there = len(os.listdir(run / "mailboxes" / BOX / "Inbox"))
    assert saved == there, f"{saved} of {there} mails were saved"
    assert contacts >= PEOPLE + there // 40, f"{contacts} contacts"
    return figures


def idle(root: Path) -> Figures:
    """A second pass over the same: nothing changed."""
    return command(sys.executable, "-m", "mxsync", "sync", cwd=root / "run")


def mu(maildir: Path, root: Path) -> Figures:
    home = root / "mu"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    command("mu", "init", f"--muhome={home}", f"--maildir={maildir}")
    return command("mu", "index", f"--muhome={home}")


def notmuch(maildir: Path, root: Path) -> Figures:
    shutil.rmtree(maildir / ".notmuch", ignore_errors=True)
    settings = root / "notmuch-config"
    settings.write_text(f"[database]\npath={maildir}\n[user]\nname=Anna\nprimary_email={BOX}\n")
    return command("notmuch", "new", env={"NOTMUCH_CONFIG": str(settings)})


def reader(policy: str, maildir: Path, mails: int) -> Figures:
    return command(sys.executable, "-c", READER, policy, str(maildir / "cur"), str(mails))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    mails = options.mails
    few = max(mails // 10, 1)
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        tenant, maildir = prepare(root, mails)
        programs = {
            "mxsync sync": (mails, lambda: ours(tenant, root)),
            "mxsync sync, second pass": (mails, lambda: idle(root)),
            "email, policy.compat32": (mails, lambda: reader("compat32", maildir, mails)),
            "email, policy.default": (few, lambda: reader("default", maildir, few)),
        }
        for name, action in (
            ("mu index", lambda: mu(maildir, root)),
            ("notmuch new", lambda: notmuch(root / "tenth", root)),
        ):
            if shutil.which(name.split()[0]):
                programs[name] = (few if name == "notmuch new" else mails, action)
            else:
                print(f"{name} is not installed (Debian: maildir-utils, notmuch): left out")
        rounds: dict[str, list[Figures]] = {name: [] for name in programs}
        for number in range(options.rounds):
            for name, (_, run) in programs.items():
                if name != "notmuch new" or number == 0:
                    rounds[name].append(run())
        print(f"{'':28}{'mails/s':>9}  {'mxsync is':>11}  {'processor':>11}  {'peak':>9}")
        speed = {
            name: programs[name][0] / statistics.median(f.seconds for f in found) for name, found in rounds.items()
        }
        for name, found in rounds.items():
            busy = statistics.median(f.processor for f in found) / programs[name][0] * 1e6
            times = f"{speed['mxsync sync'] / speed[name]:9.2f} x" if not name.startswith("mxsync") else ""
            print(
                f"{name:28}{speed[name]:9,.0f}  {times:>11}  {busy:5,.0f} µs/mail  {max(f.peak for f in found):6.0f} MB"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
