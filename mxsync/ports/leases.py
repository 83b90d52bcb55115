"""Who may work on what, as the engine asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final, Protocol

TENANT: Final = "tenant"
"""The lease on everything: beside it there is no other."""
SYNCS: Final = "syncs"
"""The lease on the syncs and on the feed of changed rows, which are about all mailboxes."""

SERVICE: Final = "service"
"""The lease of a service that is the only one: it keeps other services out, and nobody else."""


class Leases(Protocol):
    """The leases of this process."""

    @property
    def whole(self) -> bool:
        """Whether nobody else works on the tenant: then every other lease comes with it."""

    def alone(self, name: str) -> AbstractContextManager[None]:
        """The lease on a mailbox, or `SYNCS`, while the block runs. Raises `Busy` while another has it. Whoever has
        that of a mailbox asks for no other; whoever has that of the syncs may ask for a mailbox's."""

    def keep(self) -> None:
        """Says that this process still lives, where it has not said so for a while. To be called before what no
        transaction undoes. Raises `Locked` when another has taken over: this process was frozen, or too slow."""


class Unshared:
    """Leases where nobody else can be: in rehearsals and tests."""

    whole: Final = True

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """There is nobody to be kept out."""
        del name
        yield

    def keep(self) -> None:
        """There is nobody who could take over."""
