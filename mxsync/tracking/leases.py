"""Leases: who works where, until when, and with which epoch. A process that was frozen while another took over finds
its epoch gone when it wants to commit.

There is one for each mailbox, one for the syncs, which are about all of them, and one for the whole tenant, beside
which there is no other. So several processes serve the mailboxes of one tenant, if they were started to share; one
that was not has a lease that keeps other services out.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from mxsync.errors import Busy, Locked
from mxsync.ports.leases import SERVICE, SYNCS, TENANT
from mxsync.tracking import tables
from mxsync.tracking.holder import alive, where_of
from mxsync.tracking.links import Links

TERM: Final = timedelta(minutes=2)
"""For how long a lease holds without being renewed: every transaction of its holder renews it."""
_COLUMNS: Final = ("name", "holder", "epoch", "deadline")


class Leases(Links):
    """The leases, in one transaction."""

    def take_lease(self, name: str, holder: str, at: datetime) -> int:
        """Takes a lease; its epoch, one more than any before. That of a process which is dead, on this machine, is
        taken over at once; one that lives, or is another machine's, loses it when the deadline is over: it hangs.
        Raises `Locked` while another has the whole tenant, `Busy` while another has that lease, or any when the tenant
        is wanted."""
        self._one_after_another()
        epochs: dict[str, int] = {}
        for other, whose, epoch, deadline in self._rows(f"SELECT {', '.join(_COLUMNS)} FROM mxsync_leases"):  # noqa: S608
            epochs[other] = int(epoch)
            if not whose or whose == holder or (other != name and not _keeps_out(name, other)):
                continue
            if alive(whose) is not False and at < datetime.fromisoformat(deadline):
                raise _in_the_way(other, whose)
            self._many(
                "UPDATE mxsync_leases SET holder = '', epoch = ? WHERE name = ?", [(int(epoch) + 1, other)]
            )  # whoever had it commits nothing more
            epochs[other] += 1
        taken = epochs.get(name, 0) + 1
        self._save(tables.leases, _COLUMNS, [(name, holder, taken, (at + TERM).isoformat())])
        return taken

    def _one_after_another(self) -> None:
        """Two that take leases at the same moment wait here for each other, where the database lets several write."""
        statement = "UPDATE mxsync_leases SET name = name WHERE name = ?"
        if self.connection.exec_driver_sql(statement, (TENANT,)).rowcount == 0:
            self._many(self.dialect.insert(tables.leases, _COLUMNS, ignore=True), [(TENANT, "", 0, "")])
            self.connection.exec_driver_sql(statement, (TENANT,))

    def renew_lease(self, name: str, holder: str, epoch: int, at: datetime) -> None:
        """Moves the deadline. Raises `Locked` when the lease was taken over meanwhile: whatever this transaction has
        written must not be committed. The row stays locked until the transaction ends, so that nobody takes the lease
        between this and the commit."""
        done = self.connection.exec_driver_sql(
            "UPDATE mxsync_leases SET deadline = ? WHERE name = ? AND holder = ? AND epoch = ?",
            ((at + TERM).isoformat(), name, holder, epoch),
        )
        if done.rowcount == 0:
            raise Locked(
                f"another mxsync has taken {_called(name)} over: this one stops here, and nothing more is written"
            )

    def drop_lease(self, name: str, holder: str, epoch: int) -> None:
        """Gives it back; the epoch stays, so that the next one is another."""
        self._many(
            "UPDATE mxsync_leases SET holder = '' WHERE name = ? AND holder = ? AND epoch = ?", [(name, holder, epoch)]
        )


def _keeps_out(name: str, other: str) -> bool:
    """Whether two leases of different names are in each other's way."""
    return TENANT in (name, other) and SERVICE not in (name, other)


def _called(name: str) -> str:
    return {TENANT: "this tenant", SYNCS: "the syncs", SERVICE: "this tenant as its service"}.get(
        name, f"the mailbox {name}"
    )


def _in_the_way(name: str, holder: str) -> Locked:
    kind = Locked if name in (TENANT, SERVICE) else Busy
    others = ", or start both with `mxsync run --share`" if name == SERVICE else ""
    return kind(
        f"another mxsync works on {_called(name)} ({where_of(holder)}): wait until it ends, or stop it first{others}"
    )
