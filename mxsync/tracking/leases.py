"""Leases: who works here, until when, and with which epoch. A process that was frozen while another took over finds its
epoch gone when it wants to commit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from mxsync.errors import Locked
from mxsync.tracking import tables
from mxsync.tracking.holder import alive, where_of
from mxsync.tracking.links import Links

LEASE: Final = "tenant"
TERM: Final = timedelta(minutes=2)
"""For how long a lease holds without being renewed: every transaction renews it, and the service twice a minute."""


class Leases(Links):
    """The lease on the tenant, in one transaction."""

    def take_lease(self, holder: str, at: datetime) -> int:
        """Takes the lease; its epoch, one more than any before. That of a process which is dead, on this machine, is
        taken over at once; one that lives, or is another machine's, loses it when the deadline is over: it hangs.
        Raises `Locked` while another has it."""
        # Two that come at the same moment wait here for each other, where the database lets several write.
        self._save(tables.meta, ("name", "value"), [("leased", at.isoformat())])
        found = self._rows("SELECT holder, epoch, deadline FROM mxsync_leases WHERE name = ?", (LEASE,))
        epoch = 0
        if found:
            other, epoch, deadline = str(found[0][0]), int(found[0][1]), datetime.fromisoformat(found[0][2])
            if other and other != holder:
                if alive(other) is not False and at < deadline:
                    raise Locked(
                        f"another mxsync works on this tenant ({where_of(other)}): wait until it ends, or stop it first"
                    )
        columns = ("name", "holder", "epoch", "deadline")
        self._save(tables.leases, columns, [(LEASE, holder, epoch + 1, (at + TERM).isoformat())])
        return epoch + 1

    def renew_lease(self, holder: str, epoch: int, at: datetime) -> None:
        """Moves the deadline. Raises `Locked` when the lease was taken over meanwhile: whatever this transaction has
        written must not be committed. The row stays locked until the transaction ends, so that nobody takes the lease
        between this and the commit."""
        done = self.connection.exec_driver_sql(
            "UPDATE mxsync_leases SET deadline = ? WHERE name = ? AND holder = ? AND epoch = ?",
            ((at + TERM).isoformat(), LEASE, holder, epoch),
        )
        if done.rowcount == 0:
            raise Locked("another mxsync has taken this tenant over: this one stops here, and nothing more is written")

    def drop_lease(self, holder: str, epoch: int) -> None:
        """Gives the tenant back; the epoch stays, so that the next one is another."""
        self._many(
            "UPDATE mxsync_leases SET holder = '' WHERE name = ? AND holder = ? AND epoch = ?",
            [(LEASE, holder, epoch)],
        )
