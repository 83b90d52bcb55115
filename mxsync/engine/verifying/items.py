"""Each item of a mailbox accounted for: stored, linked, or left out by a named rule."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from mxsync.decide.effect_text import row_name
from mxsync.engine.verifying.report import VerifyReport
from mxsync.engine.world import Mailbox, Progress, World
from mxsync.model.change import Appeared, Modified
from mxsync.model.item import ItemRef
from mxsync.model.outcome import Fate
from mxsync.model.record import RecordKey
from mxsync.ports.connector import Known
from mxsync.ports.links import COPY, STANDING, LinkRow
from mxsync.ports.tracking import ItemRow, PairRow, Unit

_BY_RULE = re.compile(r"rule `(.*)` says skip")
NEXT = "`mxsync sync` does that"


class ItemsLookedAt:
    """Walks through one mailbox: first what lies there, then what is remembered of it."""

    def __init__(self, world: World, unit: Unit, mailbox: Mailbox, report: VerifyReport) -> None:
        self._world, self._unit, self._mailbox, self._report = world, unit, mailbox, report
        self.there: set[str] = set()
        self.gone: set[RecordKey] = set()
        """Rows that stood for items and are not there."""
        self.trouble: list[str] = []
        """Folders that could not be looked at: nothing is said of what is remembered of them."""

    def go(self, progress: Progress) -> None:
        """Raises what the connector raises."""
        report, name = self._report, self._mailbox.name
        found = self._mailbox.connector.changes(name, "", self._as_if_changed)
        self.trouble = [each.folder for each in found.trouble]
        report.failed_mailboxes += [(name, each.reason) for each in found.trouble]
        changes = [each for each in found.changes if isinstance(each, Appeared | Modified)]
        for start in range(0, len(changes), self._world.page):
            self._world.check_stop()
            part = changes[start : start + self._world.page]
            self.there |= {each.ref.href for each in part}
            self._page(part)
            progress(name, start + len(part), len(changes))
        self._remembered()

    def _as_if_changed(self, mailbox: str, folder: str) -> Mapping[str, Known]:
        """What is known, as of other content: of a new item a connector may leave the revision out."""
        known = self._unit.tracking.known(mailbox, folder)
        return {href: Known("?", "") for href in known}

    def _page(self, part: Sequence[Appeared | Modified]) -> None:
        tracking, report = self._unit.tracking, self._report
        refs = [each.ref for each in part]
        known = tracking.items(refs)
        pairs = tracking.pairs(refs)
        links: dict[ItemRef, list[LinkRow]] = {}
        for link in tracking.links_of_items(refs):
            links.setdefault(link.ref, []).append(link)
        rows = {pair.row for own in pairs.values() for pair in own}
        there = set(self._unit.crm.before(rows, links=False)) if rows else set()
        held = {row.ref for row in tracking.held()}
        for each in part:
            report.looked_at += 1
            row, name = known.get(each.ref), f"{each.ref.mailbox}/{each.ref.href}"
            if row is None:
                self._unknown(each, name)
                continue
            if row.revision != each.revision and row.fate != Fate.SET_ASIDE.value:
                report.tell("changed", name, "was changed since it was decided", NEXT)
            if row.fate == Fate.HELD.value and each.ref not in held:
                sentence = "is held for a person, and is not in the review queue"
                report.tell("lost review", name, sentence, f"decide it anew: touch the item, then {NEXT}")
            self._account(row, pairs.get(each.ref, ()), links.get(each.ref, []), there, name)

    def _unknown(self, each: Appeared | Modified, name: str) -> None:
        since = self._mailbox.since
        if since is not None and each.date is not None and each.date.date() < since:
            self._report.count(self._report.items, "before `since`")
            return
        self._report.tell("undecided", name, "was not decided", NEXT)

    def _account(
        self,
        row: ItemRow,
        pairs: Sequence[PairRow],
        links: Sequence[LinkRow],
        there: Collection[RecordKey],
        name: str,
    ) -> None:
        report = self._report
        for pair in pairs:
            if pair.row not in there:
                self.gone.add(pair.row)
                sentence = f"{row_name(pair.row, {})}, which stood for it, is not there any more"
                advice = "if that is meant, nothing; else `mxsync backfill` makes it again"
                report.tell("row gone", name, sentence, advice)
        report.count(report.items, _how(row, pairs, links, there))
        if row.fate == Fate.SKIPPED.value:
            rule = _BY_RULE.search(row.reason)
            report.count(report.left_out, f"rule `{rule[1]}`" if rule is not None else row.reason or "erased")
        elif row.fate == Fate.NOTHING.value and not pairs and not links:
            report.count(report.left_out, "no rule asks for it")

    def _remembered(self) -> None:
        """Items that are remembered and lie nowhere."""
        after, page = "", self._world.page
        while True:
            rows = self._unit.tracking.items_after(self._mailbox.name, after, page)
            for row in rows:
                if row.ref.href not in self.there and not self._untold(row.ref.folder):
                    what = f"{row.ref.mailbox}/{row.ref.href}"
                    self._report.tell("orphaned", what, "is remembered, and is not in the mailbox", NEXT)
            if len(rows) < page:
                return
            after = rows[-1].ref.href

    def _untold(self, folder: str) -> bool:
        return any(folder == each or folder.startswith(f"{each}/") or not each for each in self.trouble)


def _how(row: ItemRow, pairs: Sequence[PairRow], links: Sequence[LinkRow], there: Collection[RecordKey]) -> str:
    if row.fate in (Fate.HELD.value, Fate.SET_ASIDE.value, Fate.UNDONE.value, Fate.SKIPPED.value):
        return {Fate.SKIPPED.value: "left out"}.get(row.fate, row.fate)
    if any(pair.row in there for pair in pairs):
        return "stored"
    if any(link.state in STANDING for link in links):
        return "in step"
    if any(link.state == COPY for link in links):
        return "copy"
    if links:
        return "let go"
    return "acted on" if row.fate == Fate.APPLIED.value else "left out"


def known_kinds(counts: Mapping[str, int]) -> list[tuple[int, str]]:
    """For a table: the most first."""
    return sorted(((number, name) for name, number in counts.items()), key=lambda each: (-each[0], each[1]))
