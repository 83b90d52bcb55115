"""What was done, and what is still to be done: the audit of rows and the journal of effects outside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from mxsync.dialects.base import marks
from mxsync.model.effect import proposal_keys, proposal_ref
from mxsync.model.item import ItemRef
from mxsync.model.record import Origin, RecordKey, RowMemory
from mxsync.ports.database import BeforeImage
from mxsync.ports.tracking import AuditRow, Intent, PairRow
from mxsync.tracking import tables
from mxsync.tracking.codec import decode, encode, key_of, row_key
from mxsync.tracking.memory import Memory

_AUDIT = tuple(column.name for column in tables.audit.columns if column.name != "number")
_AUDIT_COLUMNS = ", ".join(f'"{name}"' for name in _AUDIT)
_OF_ITEMS = ("add item", "update item", "remove item", "conflict", "let go")
"""What syncs did to the items of a row, which says nothing of who wrote the row's own values."""
_INTENT = '"key", mailbox, folder, href, effect, payload, attempts, error, begun, refused, due'
_EFFECT = ("key", "run", "mailbox", "folder", "href", "undone")
_JOURNAL = tuple(column.name for column in tables.journal.columns if column.name != "number")


def _images(row: AuditRow) -> str:
    """What undo needs, in one column: it is dropped after `[state] keep`."""
    said: dict[str, object] = {}
    image = row.before
    if image is not None:
        said = {"key": image.key, "columns": dict(image.columns), "links": [[t, dict(v)] for t, v in image.links]}
    if row.after:
        said["after"] = dict(row.after)
    if row.pairs:
        said["pairs"] = [[pair.ref, pair.identity, pair.made, dict(pair.baseline)] for pair in row.pairs]
    return encode(said) if said else ""


def _image(found: Mapping[str, Any]) -> BeforeImage | None:
    if "columns" not in found:
        return None
    return BeforeImage(found["key"], found["columns"], tuple((table, values) for table, values in found["links"]))


def _audit(row: Any, number: int = 0) -> AuditRow:
    run, at, entity, key, action, rule, file, line, plan, mailbox, folder, href, identity, detail, trace, before = row
    found = decode(detail)
    images = decode(before) if before else {}
    own = key_of(entity, key)
    return AuditRow(
        at=datetime.fromisoformat(at),
        row=own,
        action=action,
        rule=rule,
        file=file,
        line=line,
        plan=plan,
        ref=ItemRef(mailbox, folder, href),
        identity=identity,
        values={name: (value, source) for name, (value, source) in found.get("values", {}).items()},
        causes={name: (r, f, int(n)) for name, (r, f, n) in found.get("causes", {}).items()},
        links=found.get("links", ()),
        trace=decode(trace) if trace else (),
        before=_image(images),
        after=images.get("after", {}),
        pairs=tuple(PairRow(ref, same, own, made, baseline) for ref, same, made, baseline in images.get("pairs", ())),
        number=number,
        run=run,
        moment=found.get("moment"),
    )


def _intent(row: Any) -> Intent:
    key, mailbox, folder, href, effect, payload, attempts, error, begun, refused, due = row
    at = datetime.fromisoformat(due) if due else None
    return Intent(key, ItemRef(mailbox, folder, href), effect, decode(payload), attempts, error, begun, refused, at)


def _recall(entity: str, history: Sequence[Any], waiting: Collection[str], found: dict[RecordKey, RowMemory]) -> None:
    """Adds what a part of the audit, oldest first, says of rows of one entity."""
    for key, action, detail in history:
        row = key_of(entity, key)
        memory = found.get(row) or RowMemory()
        said = decode(detail)
        values = said.get("values", {})
        if action == "propose":
            keys = proposal_keys(said.get("links", ()), {name: value for name, (value, _) in values.items()})
            new = {each: proposal_ref(row, each).href in waiting for each in keys}
            found[row] = RowMemory(memory.origins, {**memory.proposed, **new})
        elif values:
            moment = said.get("moment")
            origins = {name: Origin(value, source, moment) for name, (value, source) in values.items()}
            found[row] = RowMemory({**memory.origins, **origins}, memory.proposed)


def _confirm(key: RecordKey, moments: Mapping[str, datetime], found: dict[RecordKey, RowMemory]) -> None:
    """Later mails that said the same: what a field holds is as new as the newest of them."""
    memory = found.get(key)
    if memory is None:
        return
    newer = {
        name: replace(origin, moment=moments[name])
        for name, origin in memory.origins.items()
        if name in moments and origin.moment is not None and origin.moment < moments[name]
    }
    found[key] = RowMemory({**memory.origins, **newer}, memory.proposed)


class Account(Memory):
    """Audit and journal, on top of the memory of items."""

    def audit(self, rows: Sequence[AuditRow]) -> None:
        """Adds to the account of what was done."""
        prepared = []
        moments = {at: at.isoformat() for at in {row.at for row in rows}}  # of a page, all the same
        for row in rows:
            detail: dict[str, object] = {}
            if row.moment is not None:
                detail["moment"] = row.moment
            if row.values:
                detail["values"] = row.values
            if row.causes:
                detail["causes"] = row.causes
            if row.links:
                detail["links"] = row.links
            prepared.append(
                (
                    row.run, moments[row.at], row.row.entity, row_key(row.row), row.action, row.rule, row.file,
                    row.line, row.plan, row.ref.mailbox, row.ref.folder, row.ref.href, row.identity, encode(detail),
                    encode(row.trace) if row.trace else "", _images(row),
                )
            )  # fmt: skip
        if prepared:
            self._many(self.dialect.insert(tables.audit, _AUDIT), prepared)

    def history(self, row: RecordKey) -> tuple[AuditRow, ...]:
        """Everything done to a row, oldest first."""
        rows = self._rows(
            f"SELECT {_AUDIT_COLUMNS} FROM mxsync_audit WHERE entity = ? AND row_key = ? ORDER BY number",  # noqa: S608
            (row.entity, row_key(row)),
        )
        return tuple(map(_audit, rows))

    def memories(self, rows: Collection[RecordKey]) -> Mapping[RecordKey, RowMemory]:
        """What was written last into each field of these rows, and what was proposed about them."""
        wanted: dict[str, list[str]] = defaultdict(list)
        for key in rows:
            wanted[key.entity].append(row_key(key))
        found: dict[RecordKey, RowMemory] = {}
        for entity, keys in wanted.items():
            waiting = {
                href
                for (href,) in self._rows("SELECT href FROM mxsync_review WHERE mailbox = '' AND folder = ?", (entity,))
            }
            for part in self._chunks(keys):
                history = self._rows(
                    f"SELECT row_key, action, detail FROM mxsync_audit WHERE entity = ? "  # noqa: S608
                    f"AND row_key IN ({marks(part)}) AND action NOT IN ({marks(_OF_ITEMS)}) ORDER BY number",
                    (entity, *part, *_OF_ITEMS),
                )
                _recall(entity, history, waiting, found)
                for key, moments in self._signed(entity, part).items():
                    _confirm(key, moments, found)
        return found

    def _signed(self, entity: str, keys: Sequence[str]) -> dict[RecordKey, dict[str, datetime]]:
        rows = self._rows(
            f"SELECT row_key, moments FROM mxsync_signed WHERE entity = ? AND row_key IN ({marks(keys)})",  # noqa: S608
            (entity, *keys),
        )
        return {key_of(entity, key): decode(moments) for key, moments in rows}

    def confirm(self, rows: Mapping[RecordKey, Mapping[str, datetime]]) -> None:
        """Fields hold what a signature of that date says again."""
        by_entity: dict[str, dict[str, Mapping[str, datetime]]] = defaultdict(dict)
        for row, moments in rows.items():
            by_entity[row.entity][row_key(row)] = moments
        for entity, new in by_entity.items():
            before: dict[RecordKey, dict[str, datetime]] = {}
            for part in self._chunks(new):
                before.update(self._signed(entity, part))
            joined = [
                (entity, key, encode({**before.get(key_of(entity, key), {}), **moments}))
                for key, moments in new.items()
            ]
            self._save(tables.signed, ("entity", "row_key", "moments"), joined)

    def history_of_item(self, ref: ItemRef) -> tuple[AuditRow, ...]:
        """Everything done because of an item, oldest first."""
        rows = self._rows(
            f"SELECT {_AUDIT_COLUMNS} FROM mxsync_audit WHERE mailbox = ? AND href = ? ORDER BY number",  # noqa: S608
            (ref.mailbox, ref.href),
        )
        return tuple(map(_audit, rows))

    def intend(self, intents: Sequence[Intent], run: int = 0) -> None:
        """Writes intents; one that is there already stays as it is, and is known to be wanted by another item, too."""
        wanted = [(i.key, run, i.ref.mailbox, i.ref.folder, i.ref.href, 0) for i in intents]
        if wanted:
            self._many(self.dialect.insert(tables.effects, _EFFECT), wanted)
        self._many(
            self.dialect.insert(tables.journal, _JOURNAL, ignore=True),
            [
                (
                    i.key,
                    i.ref.mailbox,
                    i.ref.folder,
                    i.ref.href,
                    i.effect,
                    encode(dict(i.payload)),
                    "intended",
                    0,
                    "",
                    "",
                    1,
                    i.refused,
                    "",
                )
                for i in intents
            ],
        )

    def pending(self, mailbox: str | None = None) -> tuple[Intent, ...]:
        """What is intended and has no outcome, in the order in which it was intended."""
        where = "" if mailbox is None else " AND mailbox = ?"
        rows = self._rows(
            f"SELECT {_INTENT} FROM mxsync_journal WHERE state = 'intended'{where} ORDER BY number",  # noqa: S608
            () if mailbox is None else (mailbox,),
        )
        return tuple(map(_intent, rows))

    def given_up(self, last: int) -> tuple[Intent, ...]:
        """The latest that failed for good, newest first."""
        rows = self._rows(
            f"SELECT {_INTENT} FROM mxsync_journal WHERE state = 'failed' ORDER BY number DESC",  # noqa: S608
        )
        return tuple(map(_intent, rows[:last]))

    def begin(self, keys: Collection[str]) -> None:
        """These are begun."""
        self._many('UPDATE mxsync_journal SET begun = begun + 1 WHERE "key" = ?', [(key,) for key in keys])

    def performed(self, key: str, outcome: Mapping[str, object]) -> None:
        """It is done; `outcome` says how."""
        self._many(
            "UPDATE mxsync_journal SET state = 'performed', error = '', begun = 0, outcome = ? WHERE \"key\" = ?",
            [(encode(dict(outcome)), key)],
        )

    def failed(self, key: str, sentence: str, *, final: bool) -> None:
        """It could not be done: for ever, or this time."""
        self._many(
            'UPDATE mxsync_journal SET state = ?, attempts = attempts + 1, begun = 0, error = ? WHERE "key" = ?',
            [("failed" if final else "intended", sentence, key)],
        )

    def refused(self, key: str, sentence: str, due: datetime) -> None:
        """Its server has said no."""
        self._many(
            "UPDATE mxsync_journal SET state = 'failed', attempts = attempts + 1, begun = 0, refused = refused + 1, "
            'due = ?, error = ? WHERE "key" = ?',
            [(due.isoformat(timespec="seconds"), sentence, key)],
        )

    def unseen(self, key: str, sentence: str, due: datetime) -> None:
        """It may have been done, and its server does not let that be seen."""
        self._many(
            "UPDATE mxsync_journal SET attempts = attempts + 1, begun = 0, refused = refused + 1, due = ?, error = ? "
            'WHERE "key" = ?',
            [(due.isoformat(timespec="seconds"), sentence, key)],
        )

    def prune(self, now: datetime, keep: timedelta) -> int:
        """Once a day drops traces and before-images older than `keep`, and the accounts of passes."""
        last = self._rows("SELECT value FROM mxsync_meta WHERE name = 'pruned'")
        if last and now - datetime.fromisoformat(last[0][0]) < timedelta(days=1):
            return 0
        self._save(tables.meta, ("name", "value"), [("pruned", now.isoformat())])
        before = now - keep
        touched = 0
        for statement in (
            "UPDATE mxsync_audit SET trace = '', \"before\" = '' WHERE at < ? AND (trace <> '' OR \"before\" <> '')",
            "DELETE FROM mxsync_runs WHERE ended < ?",
        ):
            touched += self.connection.exec_driver_sql(statement, (before.isoformat(),)).rowcount
        if self.dialect.claim("mxsync_claims") is not None:
            # A claim is of use while its transaction runs; its row is kept from day to day only to be found.
            self._many("DELETE FROM mxsync_claims WHERE taken < ?", [((now - timedelta(days=1)).isoformat(),)])
        return touched
