"""What the service needs of a tenant. The real one is wired in `mxsync.bootstrap`; tests bring their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, TypeVar

from mxsync.config import Config
from mxsync.model.outcome import PassReport
from mxsync.ports.connector import Watch

Progress = Callable[[str, int, int], None]
"""Told of a mailbox how many items of how many are done; a total of 0 where it is not known."""


class Rules(Protocol):
    """A rule set that can be put in force. `digest` stamps each decision; `files` are all files read for it, rules and
    lists, with the SHA-256 of their bytes (None for one that was asked for and is not there); `notes` are warnings."""

    @property
    def digest(self) -> str: ...

    @property
    def files(self) -> Mapping[Path, str | None]: ...

    @property
    def notes(self) -> Sequence[str]: ...


R = TypeVar("R", bound=Rules)


class ServedTenant(Protocol[R]):
    """One tenant, as the service works with it. `sync` runs in the service's own thread, `load_rules` and
    `failed_tests` in another at the same time; `use_rules` is one assignment, obeyed from the next page of items on."""

    @property
    def config(self) -> Config: ...

    def mailboxes(self) -> Sequence[str]:
        """All mailboxes, the public folders' among them."""

    def attend(self, *, share: bool) -> AbstractContextManager[object]:
        """Work mailbox by mailbox, while the block runs: as the only service, or with `share` beside others. Raises
        `mxsync.errors.Locked` while another process has the whole tenant, or is its only service."""

    def still_here(self) -> None:
        """Says that this service still lives. Raises `mxsync.errors.Locked` when another has taken over."""

    def rules(self) -> R:
        """What is in force."""

    def load_rules(self) -> R:
        """Reads, checks and compiles the rule files as they are now. Raises `RulesRejected`."""

    def failed_tests(self, rules: R, changed: Collection[Path]) -> Sequence[str]:
        """Runs those tests of the customer's own files that a change of these files can reach; a sentence for each
        that fails."""

    def use_rules(self, rules: R) -> None:
        """Puts them in force."""

    def sync(self, mailboxes: Sequence[str] | None, on_progress: Progress, stop: threading.Event, /) -> PassReport:
        """One pass over some mailboxes (none: the tables alone); ends between two items once `stop` is set. What goes
        wrong in one mailbox is in the report, as is whether another process is at it; raises `MxsyncError` for what
        concerns all of them."""

    def alert(self, matter: str, sentence: str) -> None:
        """Tells the people that are configured for it; at most once a day for each matter."""

    def watch(self, changed: Callable[[str], None]) -> Sequence[tuple[Collection[str], Watch]]:
        """Starts watching; `changed(mailbox)` is called from other threads. Returns the mailboxes of each watch."""

    def listen(self, rung: Callable[[], None]) -> Watch:
        """Calls `rung` from another thread when somebody else has changed a row, where the database tells of that."""
