"""However the mails of one person arrive (in any order, in any number of passes, read again), his card ends the same; and
what a person wrote into it in between is there in the end."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mxsync.bootstrap import Tenant
from mxsync.cli.main import main
from mxsync.config import load_config
from mxsync.engine.period import Period

ANNA = "anna@ours.example"
TITLES = ("Sales Manager", "Head of Purchasing", "Managing Director", "Finance Director")
FIELDS = {"JobTitle": TITLES, "Mobile": [f"+27 82 555 01{n}" for n in (11, 22, 33)], "Fax": ["+27 21 555 0135"]}
LABELS = {"Mobile": "Mobile ", "Fax": "Fax "}


@dataclass(frozen=True)
class Mail:
    """What one mail's signature says: column to text, '' where it says nothing of it."""

    day: int
    says: dict[str, str]

    def write(self, folder: Path) -> None:
        message = EmailMessage()
        message["From"] = "Jane Roe <jane@acme.example>"
        message["To"] = ANNA
        message["Subject"] = f"of day {self.day}"
        message["Date"] = f"{self.day:02d} Nov 2026 09:00:00 +0000"
        message["Message-ID"] = f"<{self.day}@acme.example>"
        lines = [f"{LABELS.get(column, '')}{text}" for column, text in self.says.items() if text]
        message.set_content(
            "\n".join(["Dear Anna,", "", "please see below.", "", "Kind regards", "Jane Roe", *lines, ""])
        )
        (folder / f"{self.day:02d}.eml").write_bytes(bytes(message))


SAYS = st.fixed_dictionaries({column: st.sampled_from(["", *texts]) for column, texts in FIELDS.items()})
MAILS = st.lists(SAYS, min_size=1, max_size=5).map(lambda said: [Mail(day + 1, each) for day, each in enumerate(said)])


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("merging") / "t"
    assert main(["init", str(root)]) == 0
    (root / "rules" / "main.rules").write_text("use 'auto-crm.rules'\n")
    text = (root / "mxsync.toml").read_text()
    head = text[: text.index("[[users]]")] if "[[users]]" in text else text
    (root / "mxsync.toml").write_text(f'{head}[[users]]\nemail = "{ANNA}"\nserver = "office"\n')
    (root / "mailboxes" / ANNA / "Inbox").mkdir(parents=True, exist_ok=True)
    return root


@contextmanager
def copy_of(empty: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as place:
        yield Path(shutil.copytree(empty, Path(place) / "t"))


def sync(root: Path) -> None:
    with Tenant.open(load_config(str(root / "mxsync.toml"))) as tenant:
        report = tenant.sync(None, lambda *_: None, threading.Event())
        assert not report.set_aside and not report.held


def card(root: Path) -> dict[str, str]:
    with closing(sqlite3.connect(root / "crm.db")) as crm:
        (row,) = crm.execute(f"SELECT {', '.join(FIELDS)} FROM Contacts").fetchall()
    return {column: str(value or "").replace(" ", "") for column, value in zip(FIELDS, row, strict=True)}


def newest(mails: Sequence[Mail]) -> dict[str, str]:
    """What the newest mail that says anything of a field says of it."""
    found = dict.fromkeys(FIELDS, "")
    for mail in sorted(mails, key=lambda each: each.day):
        found |= {column: text.replace(" ", "") for column, text in mail.says.items() if text}
    return found


CASES = settings(
    max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip


@CASES
@given(data=st.data(), mails=MAILS)
def test_the_order_in_which_mails_are_read_changes_nothing(empty: Path, data: st.DataObject, mails: list[Mail]) -> None:
    arriving = data.draw(st.permutations(mails))
    together = data.draw(st.lists(st.booleans(), min_size=len(mails), max_size=len(mails)))
    with copy_of(empty) as root:
        for mail, waits in zip(arriving, together, strict=True):
            mail.write(root / "mailboxes" / ANNA / "Inbox")
            if not waits:
                sync(root)
        sync(root)
        assert card(root) == newest(mails)
        with Tenant.open(load_config(str(root / "mxsync.toml"))) as tenant:
            again = tenant.backfill(None, Period(), lambda *_: None, threading.Event(), False).report
        assert again.items == len(mails) + 1 and not again.updated and card(root) == newest(mails)


@CASES
@given(mails=MAILS, later=MAILS, column=st.sampled_from([*FIELDS]), text=st.sampled_from(["", "written by hand"]))
def test_what_a_person_wrote_stays(empty: Path, mails: list[Mail], later: list[Mail], column: str, text: str) -> None:
    with copy_of(empty) as root:
        inbox = root / "mailboxes" / ANNA / "Inbox"
        for mail in mails:
            mail.write(inbox)
        sync(root)
        before = card(root)
        with closing(sqlite3.connect(root / "crm.db")) as crm, crm:
            crm.execute(f"UPDATE Contacts SET {column} = ?", (text,))
        after = [Mail(mail.day + 10, mail.says) for mail in later]
        for mail in after:
            mail.write(inbox)
        sync(root)
        expected = newest([*mails, *after])
        if before[column] or text:  # a field that nobody ever filled is no person's
            expected[column] = text.replace(" ", "")
        assert card(root) == expected
