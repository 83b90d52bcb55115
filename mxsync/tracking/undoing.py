"""What an undo asks: what a run, a rule or an item has done, what of it was taken back, and what came after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from mxsync.dialects.base import marks
from mxsync.model.item import ItemRef
from mxsync.model.record import RecordKey
from mxsync.ports.tracking import AuditRow, RunRow
from mxsync.ports.undoing import Chosen, Effected
from mxsync.tracking import tables
from mxsync.tracking.codec import decode, encode, row_key
from mxsync.tracking.memory import _by_mailbox
from mxsync.tracking.record import _AUDIT_COLUMNS, Account, _audit

_JOURNAL = (
    'e.number, e."key", e.run, e.mailbox, e.folder, e.href, j.effect, j.payload, j.state, j.outcome, e.undone '
    'FROM mxsync_effects e JOIN mxsync_journal j ON j."key" = e."key"'
)

_LIVE = "NOT EXISTS (SELECT 1 FROM mxsync_undone u WHERE u.number = a.number)"


def _effected(row: Any) -> Effected:
    number, key, run, mailbox, folder, href, effect, payload, state, outcome, undone = row
    return Effected(
        number, key, run, ItemRef(mailbox, folder, href), effect, decode(payload), state,
        decode(outcome) if outcome else {}, undone,
    )  # fmt: skip


class Undoing(Account):
    """`mxsync.ports.undoing.UndoTables`."""

    # ------------------------------------------------------------ what was done

    def chosen(self, asked: Chosen) -> tuple[AuditRow, ...]:
        """Its rows in the account, oldest first, without those that are undone."""
        where, values = _where(asked, "a.")
        rows = self._done(f"{where} AND {_LIVE}", values)
        if asked.rule:
            return tuple(r for r in rows if asked.rule in (r.rule, *(rule for rule, *_ in r.causes.values())))
        return rows

    def all_of_rows(self, keys: Collection[RecordKey]) -> Mapping[RecordKey, tuple[AuditRow, ...]]:
        """Everything done to rows that was not undone, oldest first."""
        found: dict[RecordKey, list[AuditRow]] = defaultdict(list)
        wanted: dict[str, list[str]] = defaultdict(list)
        for key in keys:
            wanted[key.entity].append(row_key(key))
        for entity, texts in wanted.items():
            for part in self._chunks(texts):
                where = f"a.entity = ? AND a.row_key IN ({marks(part)})"
                for row in self._done(f"{where} AND {_LIVE}", (entity, *part)):
                    found[row.row].append(row)
        return {key: tuple(rows) for key, rows in found.items()}

    def _done(self, where: str, values: Sequence[Any]) -> tuple[AuditRow, ...]:
        columns = ", ".join(f"a.{name}" for name in _AUDIT_COLUMNS.split(", "))
        rows = self._rows(f"SELECT {columns}, a.number FROM mxsync_audit a WHERE {where} ORDER BY a.number", values)  # noqa: S608
        return tuple(_audit(row[:-1], row[-1]) for row in rows)

    def effects(self, asked: Chosen) -> tuple[Effected, ...]:
        """What it intended outside the database and was not undone, in order."""
        if asked.rule or asked.refs:
            return tuple(each for each in self._effects_of(asked) if not each.payload.get("undo"))
        where, values = _where(asked, "e.")
        return tuple(self._effects(where, values))

    def _effects_of(self, asked: Chosen) -> Sequence[Effected]:
        if asked.rule:
            # A walk through the journal, which an undo may cost. What SQL takes for more than a letter fits any.
            found = self._effects("j.payload LIKE ?", (_like(asked.rule),))
            return [each for each in found if asked.takes(each.run)]
        where, values = _where(asked, "e.")
        return self._effects(where, values)

    def effects_of_keys(self, keys: Collection[str]) -> tuple[Effected, ...]:
        """Every wish for these effects that was not undone: the same document may be wanted for several items."""
        found: list[Effected] = []
        for part in self._chunks(sorted(keys)):
            found += self._effects(f'e."key" IN ({marks(part)})', part)
        return tuple(found)

    def effects_of_items(self, refs: Collection[ItemRef]) -> tuple[Effected, ...]:
        """What was intended for these items and was not undone, in order."""
        found: list[Effected] = []
        for mailbox, hrefs in _by_mailbox(refs).items():
            for part in self._chunks(hrefs):
                found += self._effects(f"e.mailbox = ? AND e.href IN ({marks(part)})", (mailbox, *part))
        return tuple(sorted(found, key=lambda each: each.number))

    def _effects(self, where: str, values: Sequence[Any]) -> list[Effected]:
        rows = self._rows(f"SELECT {_JOURNAL} WHERE e.undone = 0 AND {where} ORDER BY e.number", values)
        return [_effected(row) for row in rows]

    def run(self, number: int) -> RunRow | None:
        """A pass by its number."""
        rows = self._rows(
            'SELECT number, kind, started, ended, "plan", counts, outcome FROM mxsync_runs WHERE number = ?', (number,)
        )
        if not rows:
            return None
        own, kind, started, ended, plan, counts, outcome = rows[0]
        end = datetime.fromisoformat(ended) if ended else None
        return RunRow(own, kind, datetime.fromisoformat(started), end, plan, decode(counts), outcome)

    def undone_by(self, asked: Chosen) -> frozenset[int]:
        """The runs that have undone something of it."""
        where, values = _where(asked, "a.")
        rows = self._rows(
            f"SELECT DISTINCT u.run FROM mxsync_undone u JOIN mxsync_audit a ON a.number = u.number WHERE {where}",  # noqa: S608
            values,
        )
        where, values = _where(asked, "e.")
        more = [] if asked.rule else self._rows(
            f"SELECT DISTINCT e.undone FROM mxsync_effects e WHERE e.undone <> 0 AND {where}", values  # noqa: S608
        )  # fmt: skip
        return frozenset(int(run) for (run,) in (*rows, *more))

    # ------------------------------------------------------------ what is taken back

    def mark_undone(self, numbers: Collection[int], run: int) -> None:
        """These rows of the account were undone by a run."""
        self._save(tables.undone, ("number", "run"), [(number, run) for number in sorted(numbers)])

    def mark_effects_undone(self, effects: Collection[Effected], run: int) -> None:
        """So were these effects: their keys are given free, so that they may be wanted again."""
        numbers = [(f"{each.key}~{run}", run, each.number) for each in effects]
        self._many('UPDATE mxsync_effects SET "key" = ?, undone = ? WHERE number = ?', numbers)
        keys = sorted({each.key for each in effects})
        self._many(
            'UPDATE mxsync_journal SET "key" = ?, state = \'undone\' WHERE "key" = ?',
            [(f"{key}~{run}", key) for key in keys],
        )

    def took_place(self, key: str, ref: ItemRef) -> None:
        """The item that an effect made lies there."""
        self._many(
            'UPDATE mxsync_effects SET mailbox = ?, folder = ?, href = ? WHERE "key" = ?',
            [(ref.mailbox, ref.folder, ref.href, key)],
        )


def _like(rule: str) -> str:
    return "%" + "".join("_" if letter in "\\%_[" else letter for letter in encode(rule)[1:-1]) + "%"


def _where(asked: Chosen, of: str) -> tuple[str, tuple[Any, ...]]:
    if asked.rule:
        return f'({of}"rule" = ? OR {of}detail LIKE ?)' + _runs(asked, of), (asked.rule, _like(asked.rule))
    if asked.refs:
        one = f"({of}mailbox = ? AND {of}href = ?)"
        values = tuple(each for ref in asked.refs for each in (ref.mailbox, ref.href))
        # What an undo did because of an item is not of the item: it would be undone by a second call.
        own = f" AND {of}\"rule\" NOT LIKE 'undo of %'" if of == "a." else ""
        return "(" + " OR ".join([one] * len(asked.refs)) + ")" + own + _runs(asked, of), values
    return f"{of}run = ?", (asked.run,)


def _runs(asked: Chosen, of: str) -> str:
    """Numbers are ours: they need not be bound."""
    if asked.runs is None:
        return ""
    return f" AND {of}run IN ({', '.join(str(int(run)) for run in sorted(asked.runs)) or 'NULL'})"
