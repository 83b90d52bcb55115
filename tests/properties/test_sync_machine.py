"""Two users, their folders, a public folder and two tables: whatever happens in whatever order, with kills in between,
two quiet passes later all sides agree, nothing is doubled, and no change is lost but one that a conflict rule names.

`MXSYNC_SYNC_RUNS` sets how many runs are tried (12 in `make test`, 2,000 in the nightly mode).
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from mxsync.failpoints import NAMES
from tests.inprocess import ANNA, BEN, Killed, Place, made

RULES = """use 'crm.rules'

sync contacts
  between folder 'Contacts' of each user and table contact
  into table when category 'MX-Contact' or is known contact with owner = user
  into folder when contact.owner is user or contact.status = 'Shared'
  conflict newest wins
  deleted in folder then unlink
  deleted in table then delete
  out of filter then remove

sync team
  between public folder 'Team' and table contact
  into table when is known contact
  into folder when contact.status = 'Shared'
  conflict table wins
  deleted in folder then unlink
  deleted in table then delete
  out of filter then remove

sync tasks
  between folder 'Tasks' of each user and table task
  into table
  into folder when task.owner is user
  conflict newest wins
  deleted in folder then delete
  deleted in table then delete
  out of filter then remove
"""
USERS = (ANNA, BEN)
POINTS = [name for name in NAMES if not name.startswith(("document", "pass", "users"))]
RUNS = int(os.environ.get("MXSYNC_SYNC_RUNS", "12"))
_TITLE = re.compile(r"^TITLE:(\S+)\r?$", re.MULTILINE)
_TOWN = re.compile(r"^ADR[^:]*:;;;(t\d+);", re.MULTILINE)


class Machine(RuleBasedStateMachine):
    """What people and programs do between passes. A token is a value that is written once in a run."""

    place: Place

    def __init__(self) -> None:
        super().__init__()
        self.number = 0
        self.written: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.stack = contextlib.ExitStack()

    @initialize()
    def start(self) -> None:
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.place = made(Path(folder) / "t", RULES)
        text = (self.place.root / "mxsync.toml").read_text()
        (self.place.root / "mxsync.toml").write_text(
            text + "\n[safety]\ndelete_brake = { share = 1.0, count = 1000 }\n"
        )
        self.place.keep_open()

    def teardown(self) -> None:
        if getattr(self, "place", None) is not None and self.place.opened is not None:
            self.settle()
            self.place.opened.__exit__(None, None, None)
        self.stack.close()

    def token(self) -> str:
        self.number += 1
        return f"t{self.number}"

    def contacts(self) -> list[int]:
        return [key for (key,) in self.place.sql("SELECT ContactID FROM Contacts ORDER BY ContactID")]

    def cards(self) -> list[Path]:
        places = [self.place.root / "mailboxes" / user / "Contacts" for user in USERS]
        places.append(self.place.root / "mailboxes" / "public" / "Team")
        return sorted(path for place in places for path in place.rglob("*.vcf"))

    # ------------------------------------------------------------ rows

    @rule(owner=st.sampled_from([*USERS, None]), shared=st.booleans())
    def row_made(self, owner: str | None, shared: bool) -> None:
        token = self.token()
        self.place.contact(
            f"{token}@acme.example", FirstName=token, OwnerID=self.place.user_id(owner) if owner else None,
            Status="Shared" if shared else "Own", JobTitle=token,
        )  # fmt: skip

    @precondition(lambda self: self.contacts())
    @rule(data=st.data(), column=st.sampled_from(["JobTitle", "City"]))
    def row_edited(self, data: Any, column: str) -> None:
        key, token = data.draw(st.sampled_from(self.contacts())), self.token()
        self.place.sql(f"UPDATE Contacts SET {column} = ? WHERE ContactID = ?", token, key)
        self.written[key][column].append(token)

    @precondition(lambda self: self.contacts())
    @rule(data=st.data(), owner=st.sampled_from([*USERS, None]), shared=st.sampled_from(["Shared", "Own"]))
    def row_refiltered(self, data: Any, owner: str | None, shared: str) -> None:
        key = data.draw(st.sampled_from(self.contacts()))
        user = self.place.user_id(owner) if owner else None
        self.place.sql("UPDATE Contacts SET OwnerID = ?, Status = ? WHERE ContactID = ?", user, shared, key)

    @precondition(lambda self: self.contacts())
    @rule(data=st.data())
    def row_deleted(self, data: Any) -> None:
        self.place.sql("DELETE FROM Contacts WHERE ContactID = ?", data.draw(st.sampled_from(self.contacts())))

    @rule(owner=st.sampled_from([*USERS, None]))
    def task_made(self, owner: str | None) -> None:
        user = self.place.user_id(owner) if owner else None
        self.place.sql("INSERT INTO Tasks (Subject, UserID) VALUES (?, ?)", self.token(), user)

    # ------------------------------------------------------------ items

    @rule(user=st.sampled_from(USERS), taken=st.booleans())
    def card_made(self, user: str, taken: bool) -> None:
        token = self.token()
        self.place.card(
            f"FN:{token}\nEMAIL:{token}@acme.example\nTITLE:{token}" + ("\nCATEGORIES:MX-Contact" if taken else ""),
            box=user, name=f"{token}.vcf",
        )  # fmt: skip

    @precondition(lambda self: self.contacts())
    @rule(user=st.sampled_from(USERS), data=st.data())
    def card_of_somebody_known(self, user: str, data: Any) -> None:
        key = data.draw(st.sampled_from(self.contacts()))
        (email,) = self.place.sql("SELECT Email FROM Contacts WHERE ContactID = ?", key)[0]
        token = self.token()
        self.place.card(f"FN:{token}\nEMAIL:{email}", box=user, name=f"{token}.vcf")

    @precondition(lambda self: self.cards())
    @rule(data=st.data())
    def card_edited(self, data: Any) -> None:
        path, token = data.draw(st.sampled_from(self.cards())), self.token()
        text = path.read_bytes().decode()
        text = _TITLE.sub("", text).replace("END:VCARD", f"TITLE:{token}\r\nEND:VCARD").replace("\r\n\r\n", "\r\n")
        path.write_bytes(text.replace("\n\n", "\n").encode())

    @precondition(lambda self: self.cards())
    @rule(data=st.data())
    def card_deleted(self, data: Any) -> None:
        data.draw(st.sampled_from(self.cards())).unlink()

    @rule(user=st.sampled_from(USERS))
    def todo_made(self, user: str) -> None:
        token = self.token()
        self.place.calendar("VTODO", f"SUMMARY:{token}", box=user, folder="Tasks", name=f"{token}.ics")

    # ------------------------------------------------------------ passes

    @rule()
    def passed(self) -> None:
        self.place.passes()

    @rule(point=st.sampled_from(POINTS), turn=st.integers(1, 3))
    def killed(self, point: str, turn: int) -> None:
        with contextlib.suppress(Killed):
            self.place.passes(kill=point, turn=turn)

    @rule()
    def settle(self) -> None:
        """Two quiet passes, and all sides agree."""
        self.place.passes()
        self.place.passes()
        files, rows = self.place.files(), self.place.dump()
        report = self.place.passes()
        assert (self.place.files(), self.place.dump()) == (files, rows), "a third pass wrote something"
        assert not report.set_aside and not report.failed_mailboxes, report
        self.agreement()
        self.tasks_agree()

    # ------------------------------------------------------------ what must be so

    def agreement(self) -> None:
        rows = {
            str(key): (title, town, owner, status)
            for key, title, town, owner, status in self.place.sql(
                "SELECT ContactID, JobTitle, City, OwnerID, Status FROM Contacts"
            )
        }
        seen: dict[tuple[str, str], str] = {}
        links = self.place.sql(
            "SELECT mailbox, href, hub_key, state, made FROM mxsync_links WHERE hub_place = 'table contact'"
        )
        assert not [link for link in links if link[3] in ("making", "again")]
        for mailbox, href, key, state, made_ in links:
            if state != "paired":
                continue
            assert (mailbox, key) not in seen, f"{key} is twice in {mailbox}: {href} and {seen[mailbox, key]}"
            seen[mailbox, key] = href
            path = self.place.root / "mailboxes" / mailbox / href
            assert path.exists(), f"{href} of {key} is linked and not there"
            assert key in rows, f"{href} is linked with a row that is not there"
            title, town, owner, status = rows[key]
            user = {self.place.user_id(user): user for user in USERS}
            named = status == "Shared" or user.get(owner) == mailbox
            assert named or not made_ or (mailbox == "public" and status == "Shared"), f"{href} should have left"
            if named:
                text = path.read_bytes().decode()
                found = _TITLE.search(text)
                assert (found.group(1) if found else None) == title, (href, key, title, text)
                place = _TOWN.search(text)
                assert (place.group(1) if place else None) == town, (href, key, town, text)
        for key, (*_, owner, status) in rows.items():
            wanted = [user for user in USERS if status == "Shared" or owner == self.place.user_id(user)]
            wanted += ["public"] if status == "Shared" else []
            unlinked = {m for m, _, k, state, _ in links if k == key and state == "unlinked"}
            for mailbox in wanted:
                assert (mailbox, key) in seen or mailbox in unlinked, f"{key} is not in {mailbox}"

    def tasks_agree(self) -> None:
        rows = dict(self.place.sql("SELECT TaskID, Subject FROM Tasks"))
        links = self.place.sql("SELECT mailbox, href, hub_key, state FROM mxsync_links WHERE hub_place = 'table task'")
        keys = [key for *_, key, state in links if state == "paired"]
        assert len(keys) == len(set(keys))
        files = {
            f"{user}/{path.relative_to(self.place.root / 'mailboxes' / user).as_posix()}": path.read_text()
            for user in USERS
            for path in (self.place.root / "mailboxes" / user / "Tasks").rglob("*.ics")
        }
        assert len(files) == len(keys), (sorted(files), links)
        for mailbox, href, key, _ in links:
            assert f"SUMMARY:{rows[int(key)]}" in files[f"{mailbox}/{href}"]


@pytest.mark.timeout(0)
def test_everything_converges(capsys: pytest.CaptureFixture[str]) -> None:
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=RUNS, stateful_step_count=14 if RUNS < 100 else 50, deadline=None, derandomize=RUNS < 100,
            suppress_health_check=list(HealthCheck), print_blob=True,
        ),
    )  # fmt: skip
