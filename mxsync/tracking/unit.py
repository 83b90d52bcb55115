"""What waits for people, which passes ran, and who works here now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import Any

from mxsync.dialects.base import marks
from mxsync.model.item import ItemRef
from mxsync.ports.tracking import AsideRow, ReviewRow, RunRow
from mxsync.tracking import tables
from mxsync.tracking.codec import decode, encode
from mxsync.tracking.erasing import Erasing
from mxsync.tracking.leases import Leases
from mxsync.tracking.memory import _by_mailbox
from mxsync.tracking.undoing import Undoing
from mxsync.tracking.walking import Walking

_ASIDE = ("mailbox", "href", "folder", "revision", "sentence", "attempts", "first", "last")


class SqlTracking(Erasing, Undoing, Leases, Walking):
    """All tracking tables in one transaction: `mxsync.ports.tracking.TrackingUnit`."""

    @contextmanager
    def part(self) -> Iterator[None]:
        """See the port."""
        with self.dialect.errors(), self.connection.begin_nested() if self.dialect.savepoints else nullcontext():
            yield

    # ------------------------------------------------------------ review and aside

    def hold(self, rows: Sequence[ReviewRow]) -> None:
        """Adds to the review queue; the same item with the same reason waits once."""
        for row in rows:
            there = self._rows(
                "SELECT number FROM mxsync_review WHERE mailbox = ? AND href = ? AND why = ?",
                (row.ref.mailbox, row.ref.href, row.why),
            )
            values = (row.at.isoformat(), row.rule, row.plan, encode(list(row.decision)))
            if there:
                self._many(
                    'UPDATE mxsync_review SET at = ?, "rule" = ?, "plan" = ?, decision = ? WHERE number = ?',
                    [(*values, there[0][0])],
                )
            else:
                self._many(
                    'INSERT INTO mxsync_review (at, "rule", "plan", decision, mailbox, folder, href, "identity", why) '
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    [(*values, row.ref.mailbox, row.ref.folder, row.ref.href, row.identity, row.why)],
                )

    def held(self) -> tuple[ReviewRow, ...]:
        """The review queue, oldest first."""
        rows = self._rows(
            'SELECT at, mailbox, folder, href, "identity", why, "rule", "plan", decision, number FROM mxsync_review '
            "ORDER BY number"
        )
        return tuple(
            ReviewRow(datetime.fromisoformat(at), ItemRef(m, f, h), identity, why, rule, plan, decode(decision), number)
            for at, m, f, h, identity, why, rule, plan, decision, number in rows
        )

    def release(self, refs: Collection[ItemRef]) -> None:
        """These items wait no longer: they were decided anew, or are gone."""
        self._many("DELETE FROM mxsync_review WHERE mailbox = ? AND href = ?", [(r.mailbox, r.href) for r in refs])

    def reviewed(self, number: int) -> None:
        """It waits no longer."""
        self._many("DELETE FROM mxsync_review WHERE number = ?", [(number,)])

    def set_aside(self, rows: Sequence[AsideRow]) -> None:
        """Remembers what could not be dealt with."""
        self._save(
            tables.aside,
            _ASIDE,
            [
                (
                    row.ref.mailbox, row.ref.href, row.ref.folder, row.revision, row.sentence, row.attempts,
                    row.first.isoformat(), row.last.isoformat(),
                )
                for row in rows
            ],
        )  # fmt: skip

    def clear_aside(self, refs: Collection[ItemRef]) -> None:
        """These could be dealt with after all."""
        self._many("DELETE FROM mxsync_aside WHERE mailbox = ? AND href = ?", [(r.mailbox, r.href) for r in refs])

    def aside(self, mailbox: str | None = None) -> tuple[AsideRow, ...]:
        """What is set aside, by mailbox and name."""
        where = "" if mailbox is None else " WHERE mailbox = ?"
        rows = self._rows(
            f"SELECT mailbox, folder, href, revision, sentence, attempts, first, last FROM mxsync_aside{where} "  # noqa: S608
            "ORDER BY mailbox, href",
            () if mailbox is None else (mailbox,),
        )
        return tuple(
            AsideRow(ItemRef(m, f, h), revision, sentence, attempts, *map(datetime.fromisoformat, (first, last)))
            for m, f, h, revision, sentence, attempts, first, last in rows
        )

    # ------------------------------------------------------------ runs

    def begin_run(self, kind: str, plan: str, at: datetime) -> int:
        """Opens the account of a pass; its number."""
        done = self.connection.execute(
            tables.runs.insert().values(kind=kind, started=at.isoformat(), plan=plan, counts="{}", outcome="")
        )
        key = done.inserted_primary_key
        assert key is not None, "a dialect that gives no key of a new row"
        return int(key[0])

    def has_run(self, number: int) -> bool:
        """Whether its beginning was committed."""
        return bool(self._rows("SELECT number FROM mxsync_runs WHERE number = ?", (number,)))

    def end_run(self, number: int, at: datetime, counts: Mapping[str, object], outcome: str) -> None:
        """Closes it."""
        self._many(
            "UPDATE mxsync_runs SET ended = ?, counts = ?, outcome = ? WHERE number = ?",
            [(at.isoformat(), encode(dict(counts)), outcome, number)],
        )

    def runs(self, last: int) -> tuple[RunRow, ...]:
        """The latest passes, newest first."""
        rows = self._rows(
            self.dialect.first(
                'SELECT number, kind, started, ended, "plan", counts, outcome FROM mxsync_runs ORDER BY number DESC',
                last,
            )
        )
        return tuple(
            RunRow(
                number,
                kind,
                datetime.fromisoformat(started),
                datetime.fromisoformat(ended) if ended else None,
                plan,
                decode(counts),
                outcome,
            )
            for number, kind, started, ended, plan, counts, outcome in rows
        )

    # ------------------------------------------------------------ who works

    def working_on(self, mailbox: str, refs: Sequence[ItemRef]) -> None:
        """What is about to be read of a mailbox; empty when all is done."""
        self.connection.exec_driver_sql("DELETE FROM mxsync_working WHERE mailbox = ?", (mailbox,))
        self._many(
            "INSERT INTO mxsync_working (mailbox, href, folder) VALUES (?, ?, ?)",
            [(ref.mailbox, ref.href, ref.folder) for ref in refs],
        )

    def was_working_on(self, mailbox: str) -> tuple[ItemRef, ...]:
        """What a process that died had before it."""
        rows = self._rows(
            "SELECT mailbox, folder, href FROM mxsync_working WHERE mailbox = ? ORDER BY href", (mailbox,)
        )
        return tuple(ItemRef(*row) for row in rows)

    def deaths(self, refs: Collection[ItemRef]) -> Mapping[ItemRef, int]:
        """How often a process died on each of these alone."""
        found: dict[ItemRef, int] = {}
        if not self._rows(self.dialect.first("SELECT mailbox FROM mxsync_deaths ORDER BY mailbox", 1)):
            return found
        folders: dict[Any, ItemRef] = {(ref.mailbox, ref.href): ref for ref in refs}
        for mailbox, hrefs in _by_mailbox(refs).items():
            for part in self._chunks(hrefs):
                rows = self._rows(
                    f"SELECT href, deaths FROM mxsync_deaths WHERE mailbox = ? AND href IN ({marks(part)})",  # noqa: S608
                    (mailbox, *part),
                )
                for href, count in rows:
                    found[folders[mailbox, href]] = int(count)
        return found

    def count_death(self, refs: Sequence[ItemRef]) -> None:
        """One death more on each."""
        before = self.deaths(refs)
        rows = [(ref.mailbox, ref.href, before.get(ref, 0) + 1) for ref in refs]
        self._save(tables.deaths, ("mailbox", "href", "deaths"), rows)

    def forget_deaths(self, refs: Sequence[ItemRef]) -> None:
        """They were read without harm."""
        self._many("DELETE FROM mxsync_deaths WHERE mailbox = ? AND href = ?", [(r.mailbox, r.href) for r in refs])
