"""Which mailbox is looked at next, and when. Times are seconds of one steadily growing clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

SETTLE = 0.05
"""After a change is noticed: a mail delivered as several writes is one change."""
FIRST_PAUSE = 2.0
LONGEST_PAUSE = 300.0
"""A mailbox that fails rests, twice as long each time, from the first of these to the second."""


@dataclass(slots=True)
class Slot:
    """One mailbox. `due` None: only a change wakes it. `told` when its server tells of changes reliably."""

    mailbox: str
    due: float | None = 0.0
    told: bool = False
    failures: int = 0
    error: str = ""


class Schedule:
    """The slots of all mailboxes. Not for several threads at once."""

    def __init__(self, mailboxes: Iterable[str], poll: float) -> None:
        self.slots = {mailbox: Slot(mailbox) for mailbox in mailboxes}
        self._poll = poll

    def trust(self, mailboxes: Collection[str], told: bool) -> None:
        """Silence of these mailboxes' servers means that nothing changed, or no longer does."""
        for mailbox in mailboxes:
            if mailbox in self.slots:
                self.slots[mailbox].told = told

    def changed(self, mailbox: str, now: float) -> None:
        """Something moved there. A mailbox that rests because it failed is not woken by that."""
        slot = self.slots.get(mailbox)
        if slot is not None and not slot.failures and (slot.due is None or slot.due > now + SETTLE):
            slot.due = now + SETTLE

    def next(self, now: float) -> str | None:
        """The mailbox that has been due for longest."""
        due = [(slot.due, slot.mailbox) for slot in self.slots.values() if slot.due is not None and slot.due <= now]
        return min(due)[1] if due else None

    def wait(self, now: float) -> float | None:
        """Seconds until the next one is due; None when only a change can wake any."""
        times = [slot.due for slot in self.slots.values() if slot.due is not None]
        return max(0.0, min(times) - now) if times else None

    def begin(self, mailbox: str) -> None:
        """A pass begins: a change noticed from here on makes the mailbox due again."""
        self.slots[mailbox].due = None

    def succeeded(self, mailbox: str, now: float, again_after: float | None = None) -> None:
        """The pass is done. `again_after` asks for another look although nothing may change."""
        slot = self.slots[mailbox]
        slot.failures, slot.error = 0, ""
        self._at(slot, again_after if slot.told else self._poll, now)

    def postponed(self, mailbox: str, until: float) -> None:
        """Another process is at it: it is looked at then, once that one may be done."""
        slot = self.slots.get(mailbox)
        if slot is not None:
            slot.due = until if slot.due is None else min(slot.due, until)

    def failed(self, mailbox: str, now: float, sentence: str, retry_after: float = 0.0) -> float:
        """The mailbox rests; returns for how many seconds."""
        slot = self.slots[mailbox]
        slot.failures += 1
        slot.error = sentence
        pause: float = max(retry_after, min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(slot.failures - 1, 10)))
        slot.due = now + pause
        return pause

    @staticmethod
    def _at(slot: Slot, after: float | None, now: float) -> None:
        if after is not None and (slot.due is None or slot.due > now + after):
            slot.due = now + after
