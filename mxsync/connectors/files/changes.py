"""What changed in a mailbox since a cursor: one walk, and a look into the folders whose digest is another."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from mxsync.connectors.files.cursor import folder_digest, read_cursor, write_cursor
from mxsync.connectors.files.layout import ending_of, href_of
from mxsync.connectors.files.limits import Limits
from mxsync.connectors.files.look import look_at
from mxsync.connectors.files.scan import Folder, Walk
from mxsync.connectors.files.stamps import FRESH, RACY_NS, SETTLED, Times, now_ns, stamp_of
from mxsync.model.change import Appeared, Change, ChangePage, Cursor, FolderTrouble, Modified, Vanished
from mxsync.model.item import ItemRef, Kind
from mxsync.ports.connector import Known, KnownItems

_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class Comparison:
    """Collects the changes of one mailbox."""

    mailbox: str
    root: Path
    known: KnownItems
    limits: Limits
    zone: tzinfo
    changes: list[Change] = field(default_factory=list)
    stamps: list[tuple[str, str]] = field(default_factory=list)
    trouble: list[FolderTrouble] = field(default_factory=list)

    def compare(self, folder: Folder, now: int) -> bool:
        """Compares one folder with what is known of it. False when it must be compared again next time: a file in it
        could not be looked at, or is so fresh that a further change could go unseen."""
        before = self.known(self.mailbox, folder.path)
        above = href_of(folder.path, "")
        whole, there = True, 0
        # A hundred thousand, where twenty of them are new: no call for an ordinary file but the look at what is known.
        settled_by = now - RACY_NS
        for times in folder.entries():
            known = before.get(above + times[0])
            there += known is not None
            fresh = (times[4] or times[1]) > settled_by
            if known is not None and not fresh and known.stamp == SETTLED % times[1:]:
                continue
            whole = self._file(folder, times, known, stamp_of(times, now)) and whole and not fresh
        if there < len(before):
            self.vanish(folder.path, before, {above + name for name in folder.names()} | folder.blocked)
        return whole

    def _file(self, folder: Folder, times: Times, known: Known | None, stamp: str) -> bool:
        name = times[0]
        href = href_of(folder.path, name)
        ref = ItemRef(self.mailbox, folder.path, href)
        path, ending = f"{self.root}{os.sep}{href}", ending_of(name)
        try:
            look = look_at(path, folder.path, ending, times[2], self.limits, self.zone, new=known is None)
        except FileNotFoundError:
            return False  # gone since the walk: the next one sees it so
        except OSError as error:
            reason = f"`{href}` cannot be read: {(error.strerror or str(error)).lower()}"
            self.trouble.append(FolderTrouble(self.mailbox, folder.path, href, reason))
            return False
        if look.draft:
            if known is not None:
                self.changes.append(Vanished(ref))
        elif known is None:
            self.changes.append(Appeared(ref, look.revision, look.kind, look.date))
        elif known.revision == look.revision:
            self.stamps.append((href, stamp))
        else:
            self.changes.append(Modified(ref, look.revision, look.kind, look.date))
        return True

    def vanish(self, folder: str, before: Mapping[str, Known], seen: set[str]) -> None:
        """What was known of a folder and is not there any more."""
        self.changes.extend(Vanished(ItemRef(self.mailbox, folder, href)) for href in before.keys() - seen)

    def ordered(self) -> tuple[Change, ...]:
        """Contacts first, then by the item's own date, then by name; what vanished at the end, so that an item that
        was only moved is seen in its new place first."""
        return tuple(sorted(self.changes, key=_order))


def _order(change: Change) -> tuple[int, datetime, str]:
    match change:
        case Vanished(ref):
            return (2, _LAST, ref.href)
        case Appeared(ref, _, kind, date) | Modified(ref, _, kind, date):
            return (0 if kind is Kind.CONTACT else 1, date or _LAST, ref.href)


def look_for_changes(
    mailbox: str, root: Path, cursor: Cursor, known: KnownItems, limits: Limits, zone: tzinfo
) -> tuple[ChangePage, list[str]]:
    """The changes of one mailbox, and the paths of left-over temporary files that the walk came by.

    A folder that cannot be listed keeps its digest in the cursor and loses nothing; neither does what lies below it.
    """
    before = read_cursor(cursor)
    comparison = Comparison(mailbox, root, known, limits, zone)
    walk = Walk(mailbox, root)
    after: dict[str, str] = {}
    unlisted: list[str] = []
    for folder in walk.folders():
        path = folder.path
        if not folder.listed:
            unlisted.append(path)
            continue
        unlisted.extend(folder.blocked)
        digest = folder_digest(folder.flat)
        if before.get(path) == digest:
            after[path] = digest
            continue
        now = now_ns()
        whole = comparison.compare(folder, now) if folder.flat or path in before else True
        after[path] = digest if whole else FRESH + digest
    for path, digest in before.items():
        if path in after:
            continue
        if any(not above or path == above or path.startswith(f"{above}/") for above in unlisted):
            after[path] = digest
        else:
            comparison.vanish(path, known(mailbox, path), set())
    page = ChangePage(
        comparison.ordered(),
        write_cursor(after),
        (*walk.trouble, *comparison.trouble),
        tuple(comparison.stamps),
    )
    return page, walk.leftovers
