"""Syncs against vdirsyncer: ratios of processor time, in one run, on the same files.

    python benchmarks/bench_sync.py [--first 20000] [--idle 50000] [--million 1000000] [--pairs 5000]

vdirsyncer copies a folder of cards to another folder without reading them; mxsync reads them, matches them, writes rows
and pairs them. Times are user plus system time of whole processes, so that other work on the machine counts less.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

BIN = Path(sys.executable).parent
ANNA = "anna@ours.example"
RULES = """
use 'crm.rules'

sync contacts
  between folder 'Contacts' of each user and table contact
  into table
  into folder when contact.owner is user
  conflict newest wins
  deleted in folder then unlink
  deleted in table then delete
"""
CONFIG = """
[database]
url = "sqlite:///crm.db"
[organisation]
domains = ["ours.example"]
[rules]
paths = ["rules"]
[servers.files]
type = "files"
path = "mailboxes"
[[users]]
email = "anna@ours.example"
server = "files"
"""
NAMES = [
    "Jane",
    "Thabo",
    "Naledi",
    "Lukas",
    "Anna",
    "Pieter",
    "Zanele",
    "Marc",
    "Ingrid",
    "Sipho",
    "Chloé",
    "Miguel",
    "Yuki",
    "Olaf",
    "Priya",
    "Tomas",
]
FAMILIES = [
    "Roe",
    "Mokoena",
    "Schmidt",
    "Dlamini",
    "Venter",
    "Botha",
    "Müller",
    "Nkosi",
    "Garcia",
    "Tanaka",
    "Hansen",
    "Patel",
    "Novak",
    "Smith",
]


def card(number: int) -> str:
    """A card as phones write them."""
    made = random.Random(number)
    first, last = made.choice(NAMES), f"{made.choice(FAMILIES)}{number}"
    return (
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{number:08x}@acme.example\r\nFN:{first} {last}\r\nN:{last};{first};;;\r\n"
        f"EMAIL;TYPE=INTERNET,WORK:{first.lower().replace('é', 'e')}.{number}@acme{number % 900}.example\r\n"
        f"TEL;TYPE=CELL:+27 82 {number % 1000:03} {number // 1000:04}\r\nTEL;TYPE=WORK:+27 11 {number % 1000:03} {number // 1000:04}\r\n"
        f"TITLE:{made.choice(['Buyer', 'Engineer', 'Director', 'Clerk'])}\r\nORG:Acme {number % 900}\r\n"
        f"ADR;TYPE=WORK:;;{number} Main Road;Cape Town;Western Cape;8001;South Africa\r\n"
        f"NOTE:Met in {2000 + number % 26}\\, likes {made.choice(['tea', 'coffee', 'neither'])}.\r\nREV:20260101T000000Z\r\nEND:VCARD\r\n"
    )


def cards(folder: Path, count: int, start: int = 0) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(start, start + count):
        (folder / f"{number:08x}.vcf").write_text(card(number), newline="")
    past = time.time() - 3600  # a file that was written just now is looked at twice
    for entry in os.scandir(folder):
        os.utime(entry.path, (past, past))
    os.utime(folder, (past, past))


@dataclass
class Spent:
    """User and system time of a process in seconds, and its peak memory in MB."""

    cpu: float
    wall: float
    memory: float


def spent(command: list[str], cwd: Path, env: dict[str, str] | None = None) -> Spent:
    around = {**os.environ, **(env or {})}
    around.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled once, not at each start
    began = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, cwd=cwd, stdout=out, stderr=subprocess.STDOUT, env=around)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            out.seek(0)
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{out.read().decode()[-3000:]}")
    return Spent(usage.ru_utime + usage.ru_stime, time.perf_counter() - began, usage.ru_maxrss / 1024)


# ------------------------------------------------------------------ the two programs


@dataclass
class Vdirsyncer:
    """Copies `mailboxes/…/Contacts` of a tenant to another folder."""

    root: Path
    source: Path
    env: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.root / "copy" / "c").mkdir(parents=True)
        (self.root / "from").mkdir()
        (self.root / "from" / "c").symlink_to(self.source)
        config = self.root / "config"
        config.write_text(
            f'[general]\nstatus_path = "{self.root}/status"\n[pair x]\na = "a"\nb = "b"\ncollections = ["c"]\n'
            + "".join(
                f'[storage {name}]\ntype = "filesystem"\npath = "{self.root}/{place}"\nfileext = ".vcf"\n'
                for name, place in (("a", "from"), ("b", "copy"))
            )
        )
        self.env = {"VDIRSYNCER_CONFIG": str(config)}
        spent([str(BIN / "vdirsyncer"), "discover"], self.root, self.env)

    def sync(self) -> Spent:
        return spent([str(BIN / "vdirsyncer"), "sync"], self.root, self.env)


@dataclass
class Mxsync:
    """A tenant with one mailbox."""

    root: Path

    def __post_init__(self) -> None:
        spent([str(BIN / "mxsync"), "init", str(self.root)], self.root.parent)
        (self.root / "mxsync.toml").write_text(CONFIG)
        (self.root / "rules" / "main.rules").write_text(RULES)
        self.contacts.mkdir(parents=True, exist_ok=True)
        self.sync()  # the users' rows, and the tracking tables

    @property
    def contacts(self) -> Path:
        return self.root / "mailboxes" / ANNA / "Contacts"

    def sync(self) -> Spent:
        return spent([str(BIN / "mxsync"), "sync"], self.root)

    def one(self, statement: str) -> int:
        with closing(sqlite3.connect(self.root / "crm.db")) as connection:
            return int(connection.execute(statement).fetchone()[0])


def table(title: str, rows: list[tuple[str, str]]) -> None:
    print(f"\n{title}")
    for what, figure in rows:
        print(f"  {what:58} {figure}")


def versus(title: str, ours: Spent, theirs: Spent, count: int, goal: str) -> None:
    table(title, [
        ("mxsync", f"{ours.cpu:.2f} s processor, {ours.wall:.2f} s, {count / ours.cpu:,.0f}/s, {ours.memory:.0f} MB"),
        ("vdirsyncer", f"{theirs.cpu:.2f} s processor, {theirs.wall:.2f} s, {count / theirs.cpu:,.0f}/s, {theirs.memory:.0f} MB"),
        (f"mxsync takes ({goal})", f"{ours.cpu / theirs.cpu:.2f} x"),
    ])  # fmt: skip


# ------------------------------------------------------------------ what is measured


def first(root: Path, count: int) -> None:
    """All cards of a folder into an empty table."""
    ours = Mxsync(root / "first")
    cards(ours.contacts, count)
    peer = Vdirsyncer(made(root / "peer-first"), ours.contacts)
    theirs = peer.sync()
    mine = ours.sync()
    assert ours.one("SELECT count(*) FROM Contacts") == count
    versus(f"first run, {count:,} cards", mine, theirs, count, "at most 4, aim 2")


def idle(root: Path, count: int) -> None:
    """Nothing changed; then twenty cards did."""
    ours = Mxsync(root / "idle")
    cards(ours.contacts, count)
    peer = Vdirsyncer(made(root / "peer-idle"), ours.contacts)
    for program in (peer, ours):
        program.sync()
        program.sync()
    versus(f"idle, {count:,} cards", best(ours.sync), best(peer.sync), count, "at most 0.2")
    for number in range(20):
        path = ours.contacts / f"{number * (count // 20):08x}.vcf"
        path.write_text(path.read_text().replace("TITLE:", "TITLE:Chief "), newline="")
    versus(f"20 changes among {count:,} cards", ours.sync(), peer.sync(), 20, "at most 0.2")
    assert ours.one("SELECT count(*) FROM Contacts WHERE JobTitle LIKE 'Chief %'") == 20


def pairs(root: Path, count: int) -> None:
    """A folder and a table that hold the same people already, spelled otherwise, and never agreed."""
    ours = Mxsync(root / "pairs")
    cards(ours.contacts, count)
    with closing(sqlite3.connect(ours.root / "crm.db")) as connection, connection:
        for path in sorted(ours.contacts.iterdir()):
            lines = dict(line.split(":", 1) for line in path.read_text().splitlines() if ":" in line)
            last, first, *_ = lines["N"].split(";")
            connection.execute(
                "INSERT INTO Contacts (FirstName, LastName, FullName, Email, Mobile) VALUES (?, ?, ?, ?, ?)",
                (first, last, f"{first} {last}", lines["EMAIL;TYPE=INTERNET,WORK"].upper(), lines["TEL;TYPE=CELL"]),
            )
    spent = ours.sync()
    found = ours.one("SELECT count(*) FROM mxsync_links WHERE state = 'paired'")
    assert ours.one("SELECT count(*) FROM Contacts") == found == count
    table(f"first run of {count:,} cards against {count:,} rows of the same people", [
        ("pairs found in one pass", f"{found:,}"),
        ("mxsync", f"{spent.cpu:.2f} s processor, {spent.wall:.2f} s, {count / spent.cpu:,.0f}/s, {spent.memory:.0f} MB"),
    ])  # fmt: skip


# ------------------------------------------------------------------ a million

COPIES = {
    "Contacts": {"ContactID": "ContactID + :step * n", "Email": "Email || n"},
    "mxsync_items": {"href": "href || n", "identity": "identity || n"},
    "mxsync_links": {"digest": "digest || n", "href": "href || n", "hub_key": "CAST(hub_key + :step * n AS TEXT)"},
    "mxsync_pairs": {"href": "href || n", "row_key": "CAST(row_key + :step * n AS TEXT)", "identity": "identity || n"},
}


def multiply(database: Path, times: int) -> None:
    """Every row, item, link and pair `times` times, as a mailbox of that size would have left them; the log of changes
    is as the last pass left it. Their files are not made: an idle pass compares digests of
    folders, and walking them is what the file system costs."""
    with closing(sqlite3.connect(database)) as connection, connection:
        (step,) = connection.execute("SELECT max(ContactID) FROM Contacts").fetchone()
        (latest,) = connection.execute("SELECT max(change_id) FROM mxsync_changes").fetchone()
        for name, changed in COPIES.items():
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
            listed = ", ".join(f'"{column}"' for column in columns)
            values = ", ".join(changed.get(column, f'"{column}"') for column in columns)
            (step,) = (
                connection.execute("SELECT max(ContactID) FROM Contacts").fetchone() if name == "Contacts" else (step,)
            )
            connection.execute(
                f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {times - 1}) "
                f"INSERT INTO {name} ({listed}) SELECT {values} FROM {name}, numbers",
                {"step": step},
            )
        connection.execute("DELETE FROM mxsync_changes WHERE change_id > ?", (latest,))
        connection.execute("ANALYZE")


@dataclass
class Work:
    """What a pass asks of the database: statements, steps of SQLite's machine, and seconds of processor for them."""

    statements: int = 0
    steps: int = 0
    seconds: float = 0.0


def database_work(root: Path) -> Work:
    """Of an idle pass by a process that has begun before."""
    from sqlalchemy import event

    from mxsync.bootstrap import Tenant
    from mxsync.config import load_config

    found: list[Work] = []
    with Tenant.open(load_config(root / "mxsync.toml")) as tenant, tenant.hold():
        engine = tenant._store.engine
        for _ in range(7):
            work = Work()

            def step(work: Work = work) -> int:
                work.steps += 10
                return 0

            def connected(connection: sqlite3.Connection, *_: object, step: Callable[[], int] = step) -> None:
                connection.set_progress_handler(step, 10)

            def before(connection: object, cursor: object, statement: str, parameters: object, context: object,
                       many: bool, work: Work = work) -> None:  # fmt: skip
                work.statements += 1
                work.seconds -= time.process_time()

            def after(*_: object, work: Work = work) -> None:
                work.seconds += time.process_time()

            engine.dispose()
            listeners = (("connect", connected), ("before_cursor_execute", before), ("after_cursor_execute", after))
            for name, listener in listeners:
                event.listen(engine, name, listener)
            tenant.sync(None, lambda *_: None, threading.Event())
            for name, listener in listeners:
                event.remove(engine, name, listener)
            engine.dispose()  # what the end of the process asks of the database belongs to no pass
            found.append(work)
    return min(found[1:], key=lambda each: each.seconds)


def million(root: Path, count: int) -> None:
    """An idle pass over a table, and tracking of a mailbox, of that size, beside one of a thousand."""
    ours = Mxsync(root / "million")
    cards(ours.contacts, 1_000)
    ours.sync()
    ours.sync()
    small, light = database_work(ours.root), ours.sync()
    multiply(ours.root / "crm.db", count // 1_000)
    large, heavy = database_work(ours.root), best(ours.sync)
    with closing(sqlite3.connect(ours.root / "crm.db")) as connection, connection:
        connection.execute("UPDATE Contacts SET JobTitle = 'Chief' WHERE ContactID = 1")
    changed = ours.sync()
    assert ours.one("SELECT count(*) FROM Contacts") == ours.one("SELECT count(*) FROM mxsync_items") == count
    assert sum("TITLE:Chief" in path.read_text() for path in ours.contacts.iterdir()) == 1
    table(f"idle, {count:,} rows and items beside 1,000 (folder walk apart)", [
        ("statements", f"{large.statements} and {small.statements}"),
        ("steps of SQLite's machine", f"{large.steps:,} and {small.steps:,}: {large.steps / small.steps:.2f} x (at most 1.2)"),
        ("processor time in statements", f"{large.seconds * 1e3:.1f} and {small.seconds * 1e3:.1f} ms"),
        ("whole process", f"{heavy.cpu:.2f} and {light.cpu:.2f} s, {heavy.memory:.0f} and {light.memory:.0f} MB (at most 300)"),
        ("one row changed", f"{changed.cpu:.2f} s, {changed.memory:.0f} MB"),
    ])  # fmt: skip


def best(measure: Callable[[], Spent], rounds: int = 3) -> Spent:
    return min((measure() for _ in range(rounds)), key=lambda each: each.cpu)


def made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", type=int, default=20_000)
    parser.add_argument("--idle", type=int, default=50_000)
    parser.add_argument("--million", type=int, default=1_000_000)
    parser.add_argument("--pairs", type=int, default=5_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        if asked.first:
            first(root, asked.first)
        if asked.idle:
            idle(root, asked.idle)
        if asked.pairs:
            pairs(root, asked.pairs)
        if asked.million:
            million(root, asked.million)


if __name__ == "__main__":
    main()
