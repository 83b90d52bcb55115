"""What was decided before, item by item: for asking what other rules would have made of the same items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from mxsync.dialects.base import marks
from mxsync.model.item import ItemRef
from mxsync.ports.tracking import AuditRow, Intent
from mxsync.tracking.codec import decode
from mxsync.tracking.memory import _by_mailbox
from mxsync.tracking.record import _AUDIT_COLUMNS, _INTENT, Account, _audit, _intent


class Recalled(Account):
    """The account of what was done, read by items."""

    def histories(self, refs: Collection[ItemRef]) -> Mapping[ItemRef, tuple[AuditRow, ...]]:
        """Everything done because of these items, oldest first."""
        found: dict[ItemRef, list[AuditRow]] = defaultdict(list)
        places = {(ref.mailbox, ref.href): ref for ref in refs}
        for mailbox, hrefs in _by_mailbox(refs).items():
            for part in self._chunks(hrefs):
                rows = self._rows(
                    f"SELECT {_AUDIT_COLUMNS} FROM mxsync_audit WHERE mailbox = ? AND href IN ({marks(part)}) "  # noqa: S608
                    "ORDER BY number",
                    (mailbox, *part),
                )
                for row in map(_audit, rows):
                    found[places[mailbox, row.ref.href]].append(row)
        return {ref: tuple(rows) for ref, rows in found.items()}

    def intended(self, refs: Collection[ItemRef]) -> Mapping[ItemRef, tuple[Intent, ...]]:
        """Everything intended outside the database because of these items, done or not, in order."""
        found: dict[ItemRef, list[Intent]] = defaultdict(list)
        places = {(ref.mailbox, ref.href): ref for ref in refs}
        for mailbox, hrefs in _by_mailbox(refs).items():
            for part in self._chunks(hrefs):
                rows = self._rows(
                    f"SELECT {_INTENT} FROM mxsync_journal "  # noqa: S608
                    f"WHERE mailbox = ? AND href IN ({marks(part)}) AND state <> 'undone' ORDER BY number",
                    (mailbox, *part),
                )
                for intent in map(_intent, rows):
                    if intent.payload.get("undo"):
                        continue  # what undo did is not of a rule
                    found[places[mailbox, intent.ref.href]].append(intent)
        return {ref: tuple(intents) for ref, intents in found.items()}

    def moved(self, mailbox: str) -> Mapping[ItemRef, ItemRef]:
        """Where items lay that a rule has moved: where they went to where they came from."""
        rows = self._rows(
            "SELECT mailbox, folder, href, payload, outcome FROM mxsync_journal "
            "WHERE mailbox = ? AND effect = 'edit' AND state = 'performed' ORDER BY number",
            (mailbox,),
        )
        found: dict[ItemRef, ItemRef] = {}
        for own, folder, href, payload, outcome in rows:
            said = decode(payload)
            target = decode(outcome).get("ref")
            if said.get("move") and not said.get("undo") and isinstance(target, ItemRef):
                found[target] = ItemRef(own, folder, href)
        return found

    def intents(self, keys: Collection[str]) -> Mapping[str, ItemRef]:
        """Those of these keys that the journal holds, each with the item that first intended it."""
        found: dict[str, ItemRef] = {}
        for part in self._chunks(keys):
            rows = self._rows(
                f'SELECT "key", mailbox, folder, href FROM mxsync_journal WHERE "key" IN ({marks(part)})',  # noqa: S608
                part,
            )
            found.update((key, ItemRef(mailbox, folder, href)) for key, mailbox, folder, href in rows)
        return found
