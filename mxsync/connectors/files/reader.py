"""Reading files of the store in another process."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mxsync.connectors.files.limits import Limits
from mxsync.model.item import ItemRef, Unreadable
from mxsync.ports.connector import Fetched


@dataclass(frozen=True)
class FilesReader:
    """What a `FilesConnector` is made of, as far as reading needs it. Each process makes its own of it, once."""

    root: Path
    timezone: str
    region: str
    limits: Limits

    def __call__(self, refs: Sequence[ItemRef]) -> Iterable[Fetched | Unreadable]:
        """See the port."""
        from mxsync.connectors.files.connector import FilesConnector

        connector = self.__dict__.get("_connector")
        if connector is None:
            connector = FilesConnector(self.root, timezone=self.timezone, region=self.region, limits=self.limits)
            self.__dict__["_connector"] = connector
        answers: Iterable[Fetched | Unreadable] = connector.fetch(refs)
        return answers
