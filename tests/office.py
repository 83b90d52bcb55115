"""People at work on both sides of a sync: what they do to rows and files, each act written into the ledger."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from mxsync.model.outcome import PassReport
from mxsync.model.record import RecordKey
from mxsync.tracking.codec import decode
from tests.agreement import SUMMARY, TITLE, TOWN, Judge, Ledger, Rules, file_place, with_line
from tests.deletions import Deletions
from tests.simulated import Fault, memory, simulated


class Office:
    """A simulated tenant with its users. `contacts`, `tasks`, `cards` and `todos` are what there is to choose from."""

    def __init__(self, users: Sequence[str], rules: Rules) -> None:
        self.users = tuple(users)
        self.in_force = rules
        self.ledger = Ledger()
        self.folder = tempfile.mkdtemp(prefix="mxsync-run-", dir=memory())
        self.place = simulated(Path(self.folder) / "t", rules.text, self.users)
        self.place.meddle = self.meddle
        self.deletions = Deletions(self.place)

    def close(self) -> None:
        self.place.end()
        shutil.rmtree(self.folder)

    # ------------------------------------------------------------ what there is

    def contacts(self) -> list[int]:
        return [key for (key,) in self.place.sql("SELECT ContactID FROM Contacts ORDER BY 1")]

    def tasks(self) -> list[int]:
        return [key for (key,) in self.place.sql("SELECT TaskID FROM Tasks ORDER BY 1")]

    def cards(self, box: str = "") -> list[Path]:
        boxes = self.place.root / "mailboxes"
        folders = [f"{user}/Contacts" for user in self.users] + ["public/Team"]
        return sorted(path for each in folders if each.startswith(box) for path in (boxes / each).rglob("*.vcf"))

    def todos(self, box: str = "") -> list[Path]:
        boxes = self.place.root / "mailboxes"
        users = [user for user in self.users if user.startswith(box)]
        return sorted(path for user in users for path in (boxes / user / "Tasks").rglob("*.ics"))

    def owner(self, user: str | None) -> int | None:
        return self.place.user_id(user) if user else None

    # ------------------------------------------------------------ rows

    def row_made(self, owner: str | None, shared: bool) -> None:
        token = self.ledger.token()
        key = self.place.contact(
            f"{token}@acme.example", FirstName=token, FullName=token, OwnerID=self.owner(owner),
            Status="Shared" if shared else "Own", JobTitle=token,
        )  # fmt: skip
        self.ledger.wrote(("Contacts", str(key)), "title", token)

    def row_edited(self, key: int, column: str) -> None:
        token = self.ledger.token()
        self.place.sql(f"UPDATE Contacts SET {column} = ? WHERE ContactID = ?", token, key)
        self.ledger.wrote(("Contacts", str(key)), "title" if column == "JobTitle" else "town", token)

    def row_given(self, key: int, owner: str | None, status: str) -> None:
        self.place.sql(
            "UPDATE Contacts SET OwnerID = ?, Status = ? WHERE ContactID = ?", self.owner(owner), status, key
        )

    def row_deleted(self, key: int) -> None:
        self.place.sql("DELETE FROM Contacts WHERE ContactID = ?", key)
        self._took(("Contacts", str(key)))

    def task_made(self, owner: str | None) -> None:
        token = self.ledger.token()
        self.place.sql("INSERT INTO Tasks (Subject, UserID) VALUES (?, ?)", token, self.owner(owner))
        self.ledger.wrote(("Tasks", str(self.tasks()[-1])), "subject", token)

    def task_edited(self, key: int) -> None:
        token = self.ledger.token()
        self.place.sql("UPDATE Tasks SET Subject = ? WHERE TaskID = ?", token, key)
        self.ledger.wrote(("Tasks", str(key)), "subject", token)

    def task_given(self, key: int, owner: str | None) -> None:
        self.place.sql("UPDATE Tasks SET UserID = ? WHERE TaskID = ?", self.owner(owner), key)

    def task_deleted(self, key: int) -> None:
        self.place.sql("DELETE FROM Tasks WHERE TaskID = ?", key)
        self._took(("Tasks", str(key)))

    # ------------------------------------------------------------ items

    def wrote(self, path: Path, name: str, token: str) -> None:
        self.ledger.wrote(file_place(self.place.root, path), name, token)

    def stamp(self) -> str:
        return f"{self.place.clock.now():%Y%m%dT%H%M%SZ}"

    def card_made(self, user: str, taken: bool) -> None:
        token = self.ledger.token()
        path = self.place.card(
            f"FN:{token}\nEMAIL:{token}@acme.example\nTITLE:{token}" + ("\nCATEGORIES:MX-Contact" if taken else ""),
            box=user, name=f"{token}.vcf",
        )  # fmt: skip
        self.wrote(path, "title", token)

    def card_of_somebody_known(self, box: str, folder: str, key: int) -> None:
        (email,) = self.place.sql("SELECT Email FROM Contacts WHERE ContactID = ?", key)[0]
        token = self.ledger.token()
        self.place.card(f"FN:{token}\nEMAIL:{email}", box=box, folder=folder, name=f"{token}.vcf")

    def card_edited(self, path: Path, town: bool) -> None:
        token = self.ledger.token()
        line, pattern = (f"ADR:;;;{token};;;", TOWN) if town else (f"TITLE:{token}", TITLE)
        text = with_line(path.read_bytes().decode(), pattern, line, "END:VCARD", f"REV:{self.stamp()}")
        self.place.write(path, text)
        self.wrote(path, "town" if town else "title", token)

    def card_categorised(self, path: Path, word: str) -> None:
        lines = [each for each in path.read_text().splitlines() if not each.startswith("CATEGORIES")]
        self.place.write(path, "\n".join([*lines[:-1], *([f"CATEGORIES:{word}"] if word else []), lines[-1], ""]))

    def card_moved(self, path: Path) -> None:
        """Into a subfolder, or back."""
        target = path.parent.parent / path.name if path.parent.name == "Old" else path.parent / "Old" / path.name
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            path.rename(target)
            old, new = file_place(self.place.root, path), file_place(self.place.root, target)
            self.ledger.moved(old, new)
            self.deletions.moved(old, new)

    def todo_made(self, user: str) -> None:
        token = self.ledger.token()
        path = self.place.calendar("VTODO", f"SUMMARY:{token}", box=user, folder="Tasks", name=f"{token}.ics")
        self.wrote(path, "subject", token)

    def todo_edited(self, path: Path) -> None:
        token, stamp = self.ledger.token(), f"LAST-MODIFIED:{self.stamp()}"
        self.place.write(path, with_line(path.read_bytes().decode(), SUMMARY, f"SUMMARY:{token}", "END:VTODO", stamp))
        self.wrote(path, "subject", token)

    def item_deleted(self, path: Path) -> None:
        path.unlink()
        self._took(file_place(self.place.root, path))

    def _took(self, where: tuple[str, str]) -> None:
        self.ledger.took(where)
        self.deletions.deleted(where)

    def meddle(self, path: Path) -> None:
        """Somebody changes an item while mxsync is about to write it."""
        if path.suffix == ".vcf":
            self.card_edited(path, town=False)
        else:
            self.todo_edited(path)

    # ------------------------------------------------------------ rules, clocks, passes

    def rules_changed(self, rules: Rules) -> None:
        self.in_force = rules
        self.place.put_in_force(rules.text)

    def clock_jumped(self, hours: float) -> None:
        self.place.clock.jump(timedelta(hours=hours))

    def passed(self, *faults: Fault, kill: str = "", turn: int = 1) -> None:
        with self._watched():
            self.place.pass_with(faults, kill=kill, turn=turn)

    @contextlib.contextmanager
    def _watched(self) -> Iterator[None]:
        """A pass, of which each deletion is traced to what people did."""
        self.deletions.before_pass()
        yield
        self.deletions.after_pass(self.in_force)

    def _passed(self) -> PassReport:
        with self._watched():
            return self.place.passes()

    def settle(self) -> None:
        """Two quiet passes, and all sides agree."""
        self._look_at_what_killed()
        for _ in range(2):
            self._release(self._passed())
        files, rows = self.place.files(), self.place.dump()
        report = self._passed()
        assert (self.place.files(), self.place.dump()) == (files, rows), "a third pass wrote something"
        assert not report.set_aside and not report.failed_mailboxes and not report.stopped_by_brake, report
        Judge(self.place, self.in_force, self.users, self.ledger).judge()

    def _look_at_what_killed(self) -> None:
        """What mxsync died over too often while the journal did it is tried again when the record changes."""
        killed = self.place.sql(
            "SELECT payload FROM mxsync_journal WHERE state = 'failed' AND error LIKE 'mxsync died%'"
        )
        for (payload,) in killed:
            for ref, hub, *_ in decode(payload)["links"]:
                for there in (ref, hub):
                    if isinstance(there, RecordKey):
                        key, table = ("TaskID", "Tasks") if there.entity == "task" else ("ContactID", "Contacts")
                        self.place.sql(f"UPDATE {table} SET {key} = {key} WHERE {key} = ?", there.value)
                    elif (path := self.place.root / "mailboxes" / there.mailbox / there.href).is_file():
                        self.meddle(path)

    def _release(self, report: PassReport) -> None:
        """What the brake holds a person lets through; what mxsync was killed on too often, a person looks at."""
        for name, sentence in report.set_aside:
            if "died" in sentence and (path := self.place.root / "mailboxes" / name).exists():
                self.meddle(path)
        while report.stopped_by_brake:
            assert self.place.opened is not None
            for sentence in report.stopped_by_brake:
                _, sync, _, place, _ = sentence.rpartition("mxsync review release ")[2].split("'")
                self.place.opened.review().release(sync, place)
            report = self._passed()
