"""A whole first pass — mails read, decided by crm.rules, saved and linked, contacts made — against programs that only read
or index the same mails.

    python benchmarks/bench_pass.py [--mails 20000] [--rounds 3]

Mails are 10 kB on average, one in ten has an attachment, every second answers another, one in forty is by a stranger and
has the category that makes a contact and a company; the writers of all others are contacts. Each program runs as a
process of its own, in turns; figures are medians, peak memory is the process's. `mu` and `notmuch` come from Debian's
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


def command(*arguments: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> tuple[float, float]:
    """Seconds and peak MB of a process. Raises `RuntimeError` when it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(
        arguments, cwd=cwd, env={**os.environ, **(env or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        assert process.stderr is not None
        raise RuntimeError(f"{arguments[0]} ended with {process.returncode}: {process.stderr.read().decode()[-500:]}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def prepare(root: Path, mails: int) -> tuple[Path, Path]:
    """A tenant that knows the writers, with its mails, and a Maildir of the same files."""
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
    total = 0
    for number in range(mails):
        stranger = number % 40 == 7
        category = "Create Contact and Company" if stranger else ""
        raw = mail(number, people=PEOPLE, attached=number % 10 == 0, stranger=stranger, category=category)
        total += len(raw)
        path = inbox / f"{number:06}.eml"
        path.write_bytes(raw)
        os.link(path, maildir / "cur" / f"{number:06}.host:2,S")
    print(f"{mails} mails, {total / mails / 1000:.1f} kB on average")
    return tenant, maildir


def ours(tenant: Path, root: Path) -> tuple[float, float]:
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


def idle(root: Path) -> tuple[float, float]:
    """A second pass over the same: nothing changed."""
    return command(sys.executable, "-m", "mxsync", "sync", cwd=root / "run")


def mu(maildir: Path, root: Path) -> tuple[float, float]:
    home = root / "mu"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    command("mu", "init", f"--muhome={home}", f"--maildir={maildir}")
    return command("mu", "index", f"--muhome={home}")


def notmuch(maildir: Path, root: Path) -> tuple[float, float]:
    shutil.rmtree(maildir / ".notmuch", ignore_errors=True)
    settings = root / "notmuch-config"
    settings.write_text(f"[database]\npath={maildir}\n[user]\nname=Anna\nprimary_email={BOX}\n")
    return command("notmuch", "new", env={"NOTMUCH_CONFIG": str(settings)})


def reader(policy: str, maildir: Path, mails: int) -> tuple[float, float]:
    return command(sys.executable, "-c", READER, policy, str(maildir / "cur"), str(mails))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    mails = options.mails
    few = max(mails // 10, min(mails, 500))  # policy.default is slow
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        tenant, maildir = prepare(root, mails)
        programs = {
            "mxsync sync": (mails, lambda: ours(tenant, root)),
            "mxsync sync, second pass": (mails, lambda: idle(root)),
            "email, policy.compat32": (mails, lambda: reader("compat32", maildir, mails)),
            "email, policy.default": (few, lambda: reader("default", maildir, few)),
        }
        for name, action in (("mu index", mu), ("notmuch new", notmuch)):
            if shutil.which(name.split()[0]):
                programs[name] = (mails, lambda action=action: action(maildir, root))  # type: ignore[misc]
            else:
                print(f"{name} is not installed (Debian: maildir-utils, notmuch): left out")
        rounds: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
        for number in range(options.rounds):
            for name, (_, run) in programs.items():
                if name != "notmuch new" or number == 0:  # minutes
                    rounds[name].append(run())
        speed = {name: programs[name][0] / statistics.median(s for s, _ in found) for name, found in rounds.items()}
        for name, found in rounds.items():
            print(
                f"{name:28}{speed[name]:9,.0f} mails/s  {speed['mxsync sync'] / speed[name]:6.2f} x slower than mxsync"
                f"  {max(peak for _, peak in found):6.0f} MB"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
