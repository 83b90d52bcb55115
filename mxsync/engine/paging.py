"""A mailbox's changes in pages, and a page as it was read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mxsync.decide.foresight import Foresight
from mxsync.decide.gleaned import Foreseen
from mxsync.engine.reading_process import Request
from mxsync.engine.syncing.places import synced_kinds
from mxsync.engine.world import Mailbox, World
from mxsync.lang.compile import RulePlan
from mxsync.model.change import Appeared, Modified
from mxsync.model.item import ItemRef, Unreadable
from mxsync.ports.connector import Fetched

AheadRead = Sequence[tuple[Fetched | Unreadable, Foreseen | None]]
"""A page that another process has read."""


@dataclass(slots=True)
class PageRead:
    """What a mailbox gave for a page; `foreseen` is what was told of its items on the way."""

    fetched: list[Fetched] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    foreseen: dict[ItemRef, Foreseen] = field(default_factory=dict)


def read_page(
    world: World,
    mailbox: Mailbox,
    changes: Sequence[Appeared | Modified],
    ahead: AheadRead | None = None,
) -> PageRead:
    """The items of a page that are for this mailbox's pass, from `ahead` where it was read before. Those that syncs are
    about are kept for them."""
    page = PageRead()
    known = {change.ref for change in changes if isinstance(change, Modified)}
    answers = ahead if ahead is not None else _here(mailbox, changes)
    for answer, foreseen in answers:
        world.check_stop()
        if isinstance(answer, Unreadable):
            page.unreadable.append(answer)
        elif mailbox.takes(answer.item, known=answer.item.ref in known):
            page.fetched.append(answer)
            if foreseen is not None:
                page.foreseen[answer.item.ref] = foreseen
    world.cache.keep(page.fetched, synced_kinds(world.plan()))
    return page


def _here(
    mailbox: Mailbox, changes: Sequence[Appeared | Modified]
) -> Iterator[tuple[Fetched | Unreadable, Foreseen | None]]:
    return ((answer, None) for answer in mailbox.connector.fetch([change.ref for change in changes]))


class Outlook:
    """What another process is asked for, page by page, of one mailbox."""

    def __init__(self, world: World, mailbox: Mailbox) -> None:
        self._world = world
        self._user = mailbox.user
        self._made: tuple[RulePlan, Foresight] | None = None
        self._signatures = True

    def request(self, refs: Sequence[ItemRef], now: datetime) -> Request:
        """To read these, and to look at them as the rules in force do."""
        plan = self._world.plan()
        if self._made is None or self._made[0] is not plan:
            self._made = plan, Foresight(plan.program, self._world.organisation, self._user)
        return Request(refs, now, self._made[1], self._signatures)

    def learn(self, foreseen: Mapping[ItemRef, Foreseen], unread: int) -> None:
        """A page is done, and `unread` texts of it were read for a signature that nobody asked for: where that is most
        of those that were read, no more are before somebody asks."""
        if 2 * unread > sum(each.reading is not None for each in foreseen.values()):
            self._signatures = False


def in_pages(
    changes: Sequence[Appeared | Modified], size: int, suspects: Collection[ItemRef]
) -> Iterator[list[Appeared | Modified]]:
    """Pages of at most `size` items in order; one that may have killed a process goes alone."""
    page: list[Appeared | Modified] = []
    for change in changes:
        alone = change.ref in suspects
        if page and (alone or len(page) >= size):
            yield page
            page = []
        if alone:
            yield [change]
        else:
            page.append(change)
    if page:
        yield page
