"""What people took away, and the judge of what mxsync takes away: each deletion is traced to a deletion on the other
side, to a filter that lets go of the record, or to a rule that takes back what it made, by what the world looked like
when the pass was made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from tests.agreement import Rules
from tests.inprocess import Place

Where: TypeAlias = "tuple[str, str]"
"""A row (table, key) or a file (mailbox, where it lies)."""
_TABLES = {"contact": "Contacts", "task": "Tasks"}


@dataclass
class Deletions:
    """The history of a tenant. An item that was moved is the same one under all its names."""

    place: Place
    taken: set[Where] = field(default_factory=set)
    """What people deleted."""
    rows_gone: set[Where] = field(default_factory=set)
    """Rows that mxsync deleted because their items were."""
    taken_back: set[Where] = field(default_factory=set)
    """Rows that a rule has withdrawn: with them only those items go that syncs have made of them."""
    _first: dict[Where, Where] = field(default_factory=dict)
    _before: dict[Where, tuple[str | None, str]] = field(default_factory=dict)
    _number: int = 0

    def deleted(self, where: Where) -> None:
        """Somebody takes a row or an item away."""
        self.taken.add(self._first.get(where, where))

    def moved(self, old: Where, new: Where) -> None:
        """Somebody puts an item elsewhere."""
        self._first[new] = self._first.setdefault(old, old)

    def before_pass(self) -> None:
        """Remembers the rows as a pass finds them."""
        self._before = self._rows()
        ((self._number,),) = self.place.sql("SELECT coalesce(max(number), 0) FROM mxsync_audit")

    def after_pass(self, rules: Rules) -> None:
        """Looks at all that the pass took away. Raises `AssertionError` with what nobody has deleted."""
        new = self.place.sql(
            "SELECT entity, row_key, action, rule, mailbox, href, trace FROM mxsync_audit "
            "WHERE number > ? AND action IN ('delete', 'withdraw', 'remove item') ORDER BY number",
            self._number,
        )
        rows_now = self._rows() if new else {}
        for entity, key, action, rule, box, href, why in new:
            row, sync = (_TABLES[entity], str(key)), rule.removeprefix("sync ")
            if action == "withdraw":
                # A rule that comes to skip an item takes back the row that it made for it.
                assert rules.skip and not sync.startswith("sync "), f"{row} was withdrawn by {rule}: {rules!r}"
                self.taken_back.add(row)
            elif action == "delete":
                assert self._first.get((box, href), (box, href)) in self.taken, (
                    f"{row} was deleted by {rule} for {href} in {box}, which nobody has deleted"
                )
                assert rules.deletes_rows(sync), f"{row} was deleted by {rule}, which says `{rules!r}`"
                self.rows_gone.add(row)
            elif "it left the filter" in why:
                seen = [where[row] for where in (self._before, rows_now) if row in where]
                assert any(not rules.name(sync, *state, box) for state in seen), (
                    f"{href} left {box} though {row} is still for it: {seen}, {rules!r}"
                )
                assert rules.left == "remove" or sync != "contacts", f"{href} left {box}: {rules!r}"
            else:
                ours = row in self.taken_back and self._first.get((box, href), (box, href)) in self._made()
                assert row in self.taken | self.rows_gone or ours, f"{href} left {box}, and nobody deleted {row}: {why}"
                assert rules.table == "delete" or sync != "contacts", f"{href} left {box}: {rules!r}"

    def _made(self) -> set[Where]:
        """The items that syncs have made."""
        return set(self.place.sql("SELECT mailbox, href FROM mxsync_audit WHERE action = 'add item'"))

    def _rows(self) -> dict[Where, tuple[str | None, str]]:
        """Owner and status of each row."""
        owners = dict(self.place.sql("SELECT UserID, Email FROM Users"))
        contacts = self.place.sql("SELECT ContactID, OwnerID, Status FROM Contacts")
        tasks = self.place.sql("SELECT TaskID, UserID FROM Tasks")
        found: dict[Where, tuple[str | None, str]] = {
            ("Contacts", str(key)): (owners.get(owner), status) for key, owner, status in contacts
        }
        return {**found, **{("Tasks", str(key)): (owners.get(owner), "") for key, owner in tasks}}
