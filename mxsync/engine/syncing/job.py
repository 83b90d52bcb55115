"""What a page of a sync phase is to look at, and what was decided about it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mxsync.engine.syncing.behind import Behind
from mxsync.engine.syncing.cluster import Cluster, Deletion, Settled, Told
from mxsync.engine.syncing.filters import Filters
from mxsync.engine.syncing.loading import Loaded
from mxsync.engine.syncing.places import Binding
from mxsync.model.item import ItemRef
from mxsync.model.record import RecordKey
from mxsync.ports.links import HubKey, LinkRow, WaitingRow


@dataclass(slots=True)
class Job:
    """What a page is to look at. `rows` are changed rows with the time of the change. `allowed` says whether a deletion
    may be done in this page; `adding` whether a binding's folder may get new items yet (while a folder is gone through
    for the first time, all of it is looked at before anything is added)."""

    waiting: Sequence[WaitingRow]
    rows: Mapping[RecordKey, datetime | None]
    bindings: Sequence[Binding]
    now: datetime
    allowed: Callable[[Deletion], bool]
    adding: Callable[[Binding], bool]
    behind: Behind
    left_alone: Collection[ItemRef] = ()
    """Items that killed too often to be read."""
    times: Mapping[RecordKey, datetime | None] = field(default_factory=dict)
    """When rows were changed that are not looked at for that, but may be in conflict with an item."""
    came: Collection[HubKey] = ()
    """Records to which people's new items have come in this pass."""


@dataclass(slots=True)
class Decided:
    """A page decided: its clusters with what is to be done about each, and the keys of items that stand for nothing."""

    loaded: Loaded
    filters: Filters
    clusters: list[tuple[Cluster, Settled]] = field(default_factory=list)
    keys: dict[ItemRef, list[str]] = field(default_factory=dict)
    dropped: list[LinkRow] = field(default_factory=list)
    held: list[Told] = field(default_factory=list)
