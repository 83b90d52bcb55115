"""The clock of a running program: `mxsync.ports.clock.Clock`."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """The machine's own."""

    def now(self) -> datetime:
        """In UTC."""
        return datetime.now(UTC)
