"""Killed at every durable boundary that a scenario passes: the next pass ends where an undisturbed run does.

Each kind of item is made, edited, deleted, let into a filter and out of it, on either side and on both; folders are kept
in step with folders, custom forms with tables, and a folder with a table for the first time. A boundary is reached as
often as it takes; `MXSYNC_CRASH_TURNS` says how many times of each are killed (1 in `make test`).
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mxsync.bootstrap import Tenant as Opened
from mxsync.config import load_config
from mxsync.failpoints import NAMES
from tests.inprocess import ANNA, BEN, RULES, Killed, Place, made

TURNS = int(os.environ.get("MXSYNC_CRASH_TURNS", "1"))
TEXT = RULES + (
    "entity machine in table Machines as contact class 'IPM.Contact.Machine'\n  key MachineID\n  subject <-> Name\n"
    "  custom.SerialNo <-> SerialNo\n  matched by custom.SerialNo\n\n"
    "sync machines\n  between public folder 'Machines' and table machine\n  into table\n  into folder\n"
    "  deleted in folder then delete\n  deleted in table then delete\n\n"
    f"sync copies\n  between folder 'Calendar' of '{ANNA}' as hers and folder 'Copies' of '{BEN}' as his\n"
    "  into his when category 'Copy'\n  into hers when is known appointment\n  deleted in hers then delete\n"
    "  out of filter then remove\n"
)


@dataclass(frozen=True)
class Of:
    """One kind of item, its table and its files."""

    table: str
    key: str
    column: str
    owner: str
    folder: str
    line: str

    def row(self, place: Place, user: str | None = ANNA, **more: object) -> None:
        columns = {self.column: "Alpha", self.owner: place.user_id(user) if user else None, **self.also(), **more}
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        place.sql(f"INSERT INTO {self.table} ({names}) VALUES ({marks})", *columns.values())

    def also(self) -> dict[str, object]:
        if self.table == "Appointments":
            return {"StartsOn": "2026-12-01 09:00:00", "EndsOn": "2026-12-01 10:00:00"}
        return {"FullName": "Alpha", "Email": "alpha@acme.example"} if self.table == "Contacts" else {}

    def item(self, place: Place) -> None:
        if self.table == "Contacts":
            place.card("FN:Alpha\nN:;Alpha;;;\nEMAIL:alpha@acme.example\nCATEGORIES:MX-Contact")
        elif self.table == "Tasks":
            place.calendar("VTODO", "SUMMARY:Alpha\nCATEGORIES:MX-Contact", folder="Tasks")
        else:
            place.calendar(
                "VEVENT", "SUMMARY:Alpha\nCATEGORIES:MX-Contact\nDTSTART:20261201T090000Z\nDTEND:20261201T100000Z"
            )

    def edit_row(self, place: Place) -> None:
        place.sql(f"UPDATE {self.table} SET {self.column} = 'Beta'")

    def edit_item(self, place: Place) -> None:
        for path in sorted((place.root / "mailboxes" / ANNA / self.folder).iterdir()):
            text = path.read_bytes().decode()
            path.write_bytes(re.sub(rf"(?m)^{self.line}:.*Alpha.*?(\r?)$", self.beta(), text).encode())

    def beta(self) -> str:
        return r"N:;Gamma;;;\1" if self.table == "Contacts" else rf"{self.line}:Gamma\1"

    def give(self, place: Place, user: str | None) -> None:
        place.sql(f"UPDATE {self.table} SET {self.owner} = ?", place.user_id(user) if user else None)

    def remove_item(self, place: Place) -> None:
        for path in (place.root / "mailboxes" / ANNA / self.folder).iterdir():
            path.unlink()


KINDS = {
    "contact": Of("Contacts", "ContactID", "FirstName", "OwnerID", "Contacts", "N"),
    "task": Of("Tasks", "TaskID", "Subject", "UserID", "Tasks", "SUMMARY"),
    "appointment": Of("Appointments", "AppointmentID", "Subject", "UserID", "Calendar", "SUMMARY"),
}
Action = Callable[[Place], Any]


def nothing(place: Place) -> None:
    """No item and no row."""


def both(*actions: Action) -> Action:
    def act(place: Place) -> None:
        for action in actions:
            action(place)

    return act


def copied(place: Place, categories: str = "Copy") -> None:
    place.calendar(
        "VEVENT", f"SUMMARY:Alpha\nCATEGORIES:{categories}\nDTSTART:20261201T090000Z\nDTEND:20261201T100000Z"
    )


def machine(place: Place) -> None:
    place.card(
        "FN:Lathe\nX-MXSYNC-CLASS:IPM.Contact.Machine\nX-MXSYNC-CUSTOM-SERIALNO:L-7", box="public", folder="Machines"
    )


def many(place: Place) -> None:
    for number in range(6):
        place.contact(f"p{number}@acme.example", FirstName=f"P{number}", FullName=f"P{number}", OwnerID=place.user_id())
    for number in range(3, 9):
        place.card(f"FN:P{number}\nEMAIL:p{number}@acme.example\nCATEGORIES:MX-Contact")


def attached(place: Place) -> None:
    place.mail(categories=["Create Contact", "Save Attachments"], attachments=[("a.pdf", b"%PDF " + b"x" * 99)])


SCENARIOS: dict[str, tuple[Action, Action]] = {
    "copy made": (nothing, copied),
    "copy edited": (copied, lambda p: p.edit(ANNA, "Calendar", "SUMMARY:Alpha", "SUMMARY:Beta")),
    "copy deleted": (copied, KINDS["appointment"].remove_item),
    "copy out of filter": (copied, lambda p: p.edit(ANNA, "Calendar", "CATEGORIES:Copy", "CATEGORIES:Other")),
    "copy into filter": (lambda p: copied(p, "Other"), lambda p: p.edit(ANNA, "Calendar", "CATEGORIES:Other", "CATEGORIES:Copy")),
    "form made in the folder": (nothing, machine),
    "form made in the table": (nothing, lambda p: p.sql("INSERT INTO Machines (Name, SerialNo) VALUES ('Press', 'P-1')")),
    "form edited": (machine, lambda p: p.sql("UPDATE Machines SET SerialNo = 'L-8'")),
    "form deleted": (machine, lambda p: p.sql("DELETE FROM Machines")),
    "first run": (nothing, many),
    "a row with another key": (KINDS["task"].row, lambda p: p.sql("UPDATE Tasks SET TaskID = 77, Subject = 'anew'")),
    "a mail with an attachment": (nothing, attached),
    "a contact of two folders": (
        lambda p: both(KINDS["contact"].item, lambda q: KINDS["contact"].give(q, BEN))(p),
        KINDS["contact"].edit_item,
    ),
}  # fmt: skip
for _name, _of in KINDS.items():
    SCENARIOS |= {
        f"{_name}: row made": (nothing, _of.row),
        f"{_name}: item made": (nothing, _of.item),
        f"{_name}: row edited": (_of.row, _of.edit_row),
        f"{_name}: item edited": (_of.item, _of.edit_item),
        f"{_name}: both edited": (_of.item, both(_of.edit_item, _of.edit_row)),
        f"{_name}: row deleted": (_of.row, lambda p, of=_of: p.sql(f"DELETE FROM {of.table}")),
        f"{_name}: item deleted": (_of.row, _of.remove_item),
        f"{_name}: into the filter": (lambda p, of=_of: of.row(p, None), lambda p, of=_of: of.give(p, ANNA)),
        f"{_name}: out of the filter": (_of.row, lambda p, of=_of: of.give(p, None)),
        f"{_name}: to another user": (_of.row, lambda p, of=_of: of.give(p, BEN)),
    }


def state(place: Place) -> Any:
    """Rows and files, without what says when they were written, and what is remembered of the syncs."""
    today = datetime.now(UTC).date().isoformat()[:8]
    rows = {
        table: sorted(([v for v in row if not str(v).startswith(today)] for row in found), key=repr)
        for table, found in place.dump().items()
    }
    links = place.sql(
        "SELECT sync, user, mailbox, href, hub_place, hub_key, state, made, made_hub, baseline FROM mxsync_links ORDER BY 3, 4, 5, 6"
    )
    return rows, place.contents(), links, place.sql("SELECT href FROM mxsync_waiting")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = made(tmp_path_factory.mktemp("template") / "t")
    place.sql("CREATE TABLE Machines (MachineID INTEGER PRIMARY KEY, Name TEXT, SerialNo TEXT)")
    place.rules(TEXT)
    place.passes()
    return place.root


def copy_of(root: Path, target: Path) -> Place:
    shutil.copytree(root, target, symlinks=True)
    return Place(target)


REACHED: Counter[str] = Counter()


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_kill_at_each_boundary(name: str, tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, change = SCENARIOS[name]
    prepared = copy_of(template, tmp_path / "prepared")
    before(prepared)
    prepared.settled()
    prepared.count = 100
    change(prepared)
    undisturbed = copy_of(prepared.root, tmp_path / "undisturbed")
    seen = recorded(undisturbed)
    undisturbed.passes()
    wanted = state(undisturbed)
    assert seen, "the scenario writes nothing"
    REACHED.update(seen)
    for point, times in seen.items():
        for turn in range(1, min(times, TURNS) + 1):
            place = copy_of(prepared.root, tmp_path / f"{point}-{turn}")
            with pytest.raises(Killed):
                place.passes(kill=point, turn=turn)
            place.passes()
            place.passes()
            assert state(place) == wanted, (point, turn)
            shutil.rmtree(place.root)


def recorded(place: Place) -> Counter[str]:
    """One pass; how often it reaches each boundary."""
    seen: Counter[str] = Counter()
    modules = [m for n, m in sys.modules.items() if n.startswith("mxsync.") and getattr(m, "reach", None) is not None]
    before = modules[0].reach
    for module in modules:
        module.reach = lambda name: seen.update([name])
    try:
        with Opened.open(load_config(place.root / "mxsync.toml")) as tenant:
            tenant.sync(None, lambda *_: None, threading.Event())
    finally:
        for module in modules:
            module.reach = before
    return seen


def test_every_boundary_is_known() -> None:
    """A durable step without a failpoint of its name here is a name that no test can kill at."""
    source = "".join(path.read_text() for path in (Path(__file__).parents[2] / "mxsync").rglob("*.py"))
    used = set(re.findall(r'\breach\("([^"]+)"\)', source))
    assert used == set(NAMES)
