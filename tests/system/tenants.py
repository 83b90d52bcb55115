"""Tenants for the system tests: made and driven through the command line, looked at through plain sqlite3."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

ANNA = "anna@ours.example"
BEN = "ben@ours.example"
STAMPS = (b"REV:", b"DTSTAMP:", b"CREATED:", b"LAST-MODIFIED:")


@dataclass
class Result:
    """What a command ended with and said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


def mxsync(
    *arguments: str, cwd: Path, env: Mapping[str, str] | None = None, check: bool = True, timeout: float = 240
) -> Result:
    """Runs the command line as a process of its own, for at most `timeout` seconds."""
    import os

    done = subprocess.run(
        [sys.executable, "-m", "mxsync", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**os.environ, **(env or {})},
    )
    result = Result(done.returncode, done.stdout, done.stderr)
    if check and result.code != 0:
        raise AssertionError(f"mxsync {' '.join(arguments)} ended with {result.code}\n{result.out}\n{result.err}")
    return result


@dataclass
class Tenant:
    """A tenant in a folder."""

    root: Path
    count: int = field(default=0)
    database: Path | None = None

    @property
    def crm(self) -> Path:
        """The database's file."""
        return self.database or self.root / "crm.db"

    @classmethod
    def make(cls, root: Path, rules: str = "use 'crm.rules'\n", users: Sequence[str] = (ANNA, BEN)) -> Tenant:
        mxsync("init", str(root), cwd=root.parent)
        tenant = cls(root)
        tenant.people(users)
        tenant.rules(rules)
        return tenant

    def people(self, users: Sequence[str]) -> None:
        """Whose mailboxes are watched, and their folders."""
        text = (self.root / "mxsync.toml").read_text()
        head = text[: text.index("[[users]]")] if "[[users]]" in text else text
        people = "".join(f'[[users]]\nemail = "{user}"\nserver = "office"\n\n' for user in users)
        (self.root / "mxsync.toml").write_text(head + people)
        for user in users:
            for folder in ("Inbox", "Sent Items", "Contacts", "Calendar", "Tasks", "Journal", "Notes"):
                (self.root / "mailboxes" / user / folder).mkdir(parents=True, exist_ok=True)

    def rules(self, text: str, name: str = "main.rules") -> None:
        (self.root / "rules" / name).write_text(text)

    # ------------------------------------------------------------ items

    def put(self, path: str, content: str | bytes) -> Path:
        """A file below mailboxes/."""
        target = self.root / "mailboxes" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        return target

    def mail(
        self,
        sender: str = "Jane Roe <jane@acme.example>",
        to: str = ANNA,
        subject: str = "Hello",
        body: str = "Hello Anna,\n\nthanks.\n",
        *,
        box: str = ANNA,
        folder: str = "Inbox",
        categories: Sequence[str] = (),
        message_id: str = "",
        attachments: Sequence[tuple[str, bytes]] = (),
        headers: Mapping[str, str] | None = None,
        name: str = "",
    ) -> Path:
        """A mail; its Message-ID is numbered where none is given."""
        self.count += 1
        message = EmailMessage()
        message["From"] = sender
        message["To"] = to
        message["Subject"] = subject
        message["Date"] = f"Mon, 02 Nov 2026 09:{self.count % 60:02d}:00 +0000"
        message["Message-ID"] = message_id or f"<m{self.count}@test.example>"
        if categories:
            message["Keywords"] = ", ".join(categories)
        for header, value in (headers or {}).items():
            message[header] = value
        message.set_content(body)
        for filename, data in attachments:
            message.add_attachment(data, maintype="application", subtype="pdf", filename=filename)
        if attachments:
            message.set_boundary(f"=-part-{self.count}-=")
        return self.put(f"{box}/{folder}/{name or f'{self.count:05d}.eml'}", bytes(message))

    def calendar(self, kind: str, lines: str, *, box: str = ANNA, folder: str = "Calendar", name: str = "") -> Path:
        """A VEVENT, VTODO or VJOURNAL with these lines."""
        self.count += 1
        body = "\r\n".join(line.strip() for line in lines.strip().splitlines())
        text = (
            f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:{kind}\r\nUID:u{self.count}@test\r\n"
            f"DTSTAMP:20261102T090000Z\r\n{body}\r\nEND:{kind}\r\nEND:VCALENDAR\r\n"
        )
        return self.put(f"{box}/{folder}/{name or f'{self.count:05d}.ics'}", text)

    def card(self, lines: str, *, box: str = ANNA, folder: str = "Contacts", name: str = "") -> Path:
        """A vCard 3.0 with these lines."""
        self.count += 1
        body = "\r\n".join(line.strip() for line in lines.strip().splitlines())
        text = f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:c{self.count}@test\r\n{body}\r\nEND:VCARD\r\n"
        return self.put(f"{box}/{folder}/{name or f'{self.count:05d}.vcf'}", text)

    # ------------------------------------------------------------ commands and tables

    def run(
        self, *arguments: str, check: bool = True, env: Mapping[str, str] | None = None, timeout: float = 240
    ) -> Result:
        return mxsync(*arguments, cwd=self.root, check=check, env=env, timeout=timeout)

    def sync(self, **options: Any) -> Any:
        return self.run("sync", "--format", "json", **options).document

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.crm)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    def contact(self, email: str, **columns: object) -> int:
        """A contact that is there before."""
        names = ["Email", *columns]
        self.sql(
            f"INSERT INTO Contacts ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
            email,
            *columns.values(),
        )
        return int(self.sql("SELECT max(ContactID) FROM Contacts")[0][0])

    def company(self, name: str, domain: str, **columns: object) -> int:
        names = ["Name", "Domain", *columns]
        marks = ", ".join("?" * len(names))
        self.sql(f"INSERT INTO Companies ({', '.join(names)}) VALUES ({marks})", name, domain, *columns.values())
        return int(self.sql("SELECT max(CompanyID) FROM Companies")[0][0])

    def count_rows(self, table: str) -> int:
        return int(self.sql(f'SELECT count(*) FROM "{table}"')[0][0])

    def dump(self, *, tracking: bool = False) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of the customer's tables (and of the tracking tables, but for who held the tenant last, and when)."""
        tables = [name for (name,) in self.sql("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {
            table: sorted(self.sql(f'SELECT * FROM "{table}"'), key=repr)
            for table in tables
            if table != "mxsync_leases"
            and not table.startswith("sqlite_")  # SQLite's own: numbers given out
            and (tracking or not table.startswith("mxsync_"))
        }

    def contents(self) -> dict[str, str]:
        """Every file of the mailboxes and documents by its content, without the lines that say when it was written."""
        found: dict[str, str] = {}
        for top in ("mailboxes", "documents"):
            for path in sorted((self.root / top).rglob("*")):
                if path.is_file():
                    lines = path.read_bytes().split(b"\r\n")
                    kept = [line for line in lines if not line.startswith(STAMPS)]
                    found[path.relative_to(self.root).as_posix()] = hashlib.sha256(b"\r\n".join(kept)).hexdigest()
        return found

    def files(self) -> dict[str, tuple[str, int]]:
        """Every file of the mailboxes and documents: digest and modification time."""
        found: dict[str, tuple[str, int]] = {}
        for top in ("mailboxes", "documents"):
            for path in sorted((self.root / top).rglob("*")):
                if path.is_file():
                    digest = hashlib.sha256(path.read_bytes()).hexdigest()
                    found[path.relative_to(self.root).as_posix()] = (digest, path.stat().st_mtime_ns)
        return found


def state(tenant: Tenant) -> tuple[Any, ...]:
    """Rows, documents and files, without the times at which they were written."""
    now = datetime.now(UTC)
    days = tuple((now - timedelta(days=ago)).date().isoformat() for ago in (-1, 0, 1))
    rows = {
        table: sorted(([v for v in row if not (isinstance(v, str) and v.startswith(days))] for row in found), key=repr)
        for table, found in tenant.dump().items()
    }
    return rows, tenant.contents()
