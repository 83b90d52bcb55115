"""A page of items as read: what is cheap at once, the rest for the whole page when the first item is asked for it.

Bodies, lists of attachments and custom properties are most of the bytes of a mailbox, and many rules look at none of
them. So a page is read without them; the first rule that asks one item for its body has the bodies of the whole page
fetched in one request, and from then on they come with the first request of each page. What no rule and no mapping asks
for is never read.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final

from mxsync.connectors.ews import calendar_fields, common_fields, contact_fields, mail_fields, note_fields
from mxsync.connectors.ews.equivalents import MEANT
from mxsync.connectors.ews.operations import Caller, GetItem
from mxsync.connectors.ews.properties import ATTACHMENTS, BODY, NAMES, Path, custom
from mxsync.connectors.ews.series_fields import OCCURRENCE, changed_occurrences
from mxsync.connectors.ews.user_fields import DEFINITIONS
from mxsync.connectors.ews.wire import Element
from mxsync.errors import ServerError

CORE: Final[tuple[Path, ...]] = tuple(
    dict.fromkeys(
        (
            *common_fields.PATHS,
            *mail_fields.PATHS,
            *contact_fields.PATHS,
            *calendar_fields.PATHS,
            *note_fields.PATHS,
            NAMES,
            DEFINITIONS,
            MEANT,
        )
    )
)
"""What is read of every item. A property that an item's kind does not have costs nothing but its name."""
BODY_GROUP: Final = "body"
ATTACHMENT_GROUP: Final = "attachments"
CUSTOM_GROUP: Final = "custom:"


class Wanted:
    """The groups that have been asked for so far: they are read at once with the next pages. Shared by threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._groups: dict[str, None] = {}

    def add(self, group: str) -> None:
        with self._lock:
            self._groups[group] = None

    def groups(self) -> tuple[str, ...]:
        with self._lock:
            return tuple(self._groups)


def paths_of(group: str) -> tuple[Path, ...]:
    """The properties of a group."""
    if group == BODY_GROUP:
        return (BODY,)
    if group == ATTACHMENT_GROUP:
        return (ATTACHMENTS,)
    return (custom(group.removeprefix(CUSTOM_GROUP)),)


class ItemPage:
    """Up to a hundred items of one mailbox. `caller` is made anew when more is asked for later;
    `more` is read besides."""

    def __init__(
        self, caller: Callable[[], Caller], ids: Sequence[str], wanted: Wanted, more: Sequence[Path] = ()
    ) -> None:
        self._caller = caller
        self._wanted = wanted
        self._groups: dict[str, dict[str, Element]] = {}
        self._occurrences: dict[str, Element] | None = None
        groups = wanted.groups()
        paths = (*CORE, *more, *(path for group in groups for path in paths_of(group)))
        body = "Best" if BODY_GROUP in groups else ""
        self.answers: list[Element | ServerError] = GetItem(caller()).call(ids, paths, body)
        self._ids = [id for id, answer in zip(ids, self.answers, strict=True) if not isinstance(answer, ServerError)]
        here = {id: answer for id, answer in zip(ids, self.answers, strict=True) if not isinstance(answer, ServerError)}
        for group in groups:
            self._groups[group] = here

    def occurrences(self) -> dict[str, Element]:
        """The changed occurrences of all series of the page, by id."""
        if self._occurrences is None:
            masters = (answer for answer in self.answers if not isinstance(answer, ServerError))
            ids = [id for master in masters for id in changed_occurrences(master)]
            answers = GetItem(self._caller()).call(ids, OCCURRENCE, "Text")
            pairs = zip(ids, answers, strict=True)
            self._occurrences = {id: answer for id, answer in pairs if not isinstance(answer, ServerError)}
        return self._occurrences

    def element(self, id: str, group: str) -> Element | None:
        """The element of an item that holds a group; None where the item has gone since."""
        if group not in self._groups:
            self._wanted.add(group)
            body = "Best" if group == BODY_GROUP else ""
            answers = GetItem(self._caller()).call(self._ids, paths_of(group), body)
            self._groups[group] = {
                each: answer
                for each, answer in zip(self._ids, answers, strict=True)
                if not isinstance(answer, ServerError)
            }
        return self._groups[group].get(id)
