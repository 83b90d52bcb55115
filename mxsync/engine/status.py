"""What a tenant says of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mxsync.ports.tracking import AsideRow, Intent, ReviewRow, RunRow


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What a tenant says of itself. `counts` are items by fate; `pending` is still to be done outside the database,
    `given_up` could not be done; `backfill` says how far one has come that is not finished;
    `missing` what is to be done while there are no tracking tables yet."""

    runs: Sequence[RunRow] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    set_aside: Sequence[AsideRow] = ()
    held: Sequence[ReviewRow] = ()
    pending: Sequence[Intent] = ()
    given_up: Sequence[Intent] = ()
    mailboxes: Sequence[str] = ()
    backfill: str = ""
    missing: str = ""
