"""What the account says was made: each row, each link and each document is there, or it is known why not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from mxsync.decide.effect_text import row_name
from mxsync.engine.undoing.rows import MAKES, TAKES
from mxsync.engine.undoing.steps import since
from mxsync.engine.verifying.report import VerifyReport
from mxsync.engine.world import World
from mxsync.model.record import RecordKey
from mxsync.ports.database import BeforeImage
from mxsync.ports.tracking import AuditRow, Unit


class MadeLookedAt:
    """Walks through the account. `mailboxes` are those that are asked about; None for all. `told` are rows that are
    known to be gone."""

    def __init__(self, world: World, unit: Unit, mailboxes: Collection[str] | None, report: VerifyReport,
                 told: Collection[RecordKey]) -> None:  # fmt: skip
        self._world, self._unit, self._report = world, unit, report
        self._mailboxes = mailboxes
        self._told: set[RecordKey] = set(told)

    def go(self) -> None:
        """All of it, page by page."""
        after, page = 0, self._world.page
        while True:
            self._world.check_stop()
            rows = self._unit.tracking.done_after(after, page)
            self._page([row for row in rows if self._asked(row.ref.mailbox)])
            if len(rows) < page:
                break
            after = rows[-1].number
        self._documents()
        self._effects()

    def _asked(self, mailbox: str) -> bool:
        return self._mailboxes is None or mailbox in self._mailboxes

    def _page(self, rows: Sequence[AuditRow]) -> None:
        entities = self._world.plan().entities
        rows = [row for row in rows if row.row.entity in entities and (row.action in MAKES or row.links)]
        linking = {row.row for row in rows if row.links}
        images = dict(self._unit.crm.before({row.row for row in rows}, links=False)) if rows else {}
        images.update(self._unit.crm.before(linking, links=True) if linking else {})
        others = {other for row in rows for other in row.links if other.entity in entities}
        there = set(self._unit.crm.before(others, links=False)) if others else set()
        taken = self._taken([row.row for row in rows if row.row not in images])
        for row in rows:
            if row.row in images:
                if row.action in MAKES:
                    self._report.count(self._report.rows, row.row.entity)
                if row.action != "unlink":
                    self._linked(row, images[row.row], there)
            elif row.row not in self._told and row.action in MAKES and row.row not in taken:
                self._told.add(row.row)
                sentence = f"was made by {since(row)}, and is not there any more: somebody else has deleted it"
                why = f"`mxsync why {row.row.entity} {row.row.value}`"
                advice = f"if that is meant, nothing; else take it from a backup: {why} says what was written"
                self._report.tell("row gone", row_name(row.row, {}), sentence, advice)

    def _taken(self, keys: Sequence[RecordKey]) -> Mapping[RecordKey, bool]:
        """Those that mxsync itself has deleted since."""
        histories = self._unit.tracking.all_of_rows(keys) if keys else {}
        return {key: True for key, own in histories.items() if own and own[-1].action in TAKES}

    def _linked(self, row: AuditRow, image: BeforeImage, there: Collection[RecordKey]) -> None:
        linked = set(self._unit.crm.taken_back.linked(image))
        for other in row.links:
            if other not in there:
                continue  # what it led to is gone, which is told of by itself
            if other in linked or self._refers(image, other):
                self._report.links += 1
                continue
            sentence = f"was linked to {row_name(other, {})} by {since(row)}, and is not any more: somebody has cut it"
            advice = "if that is meant, nothing; else link them again in the tables"
            self._report.tell("link gone", row_name(row.row, {}), sentence, advice)

    def _refers(self, image: BeforeImage, other: RecordKey) -> bool:
        """A link by a foreign key, of either side."""
        values = self._world.database.read_back(image.key.entity, image.columns)
        if other in values.values():
            return True
        entity = self._world.plan().entities[other.entity]
        if entity.reference_to(image.key.entity) is None:
            return False
        record = self._unit.crm.read([other]).get(other)
        return record is not None and image.key in record.values.values()

    # ------------------------------------------------------------ outside the database

    def _documents(self) -> None:
        after, page = 0, self._world.page
        while True:
            found = self._unit.tracking.documents_after(after, page)
            by_place: dict[str, list[str]] = defaultdict(list)
            for _, intent in found:
                if not self._asked(intent.ref.mailbox):
                    continue
                digest, place = str(intent.payload["digest"]), str(intent.payload["place"])
                item = f"{intent.ref.mailbox}/{intent.ref.href}"
                if self._world.documents.holds(place, digest):
                    self._report.documents += 1
                else:
                    by_place[place].append(item)
            for place, items in by_place.items():
                sentence = f"was stored from {items[0]}, and is not there any more, or is another file"
                self._report.tell("document gone", place, sentence, "take it from a backup, or from that item")
            if len(found) < page:
                return
            after = found[-1][0]

    def _effects(self) -> None:
        tracking = self._unit.tracking
        for intent in (*tracking.given_up(10**6), *tracking.pending()):
            if self._asked(intent.ref.mailbox) or not intent.ref.mailbox:
                what = f"{intent.ref.mailbox}/{intent.ref.href}" if intent.ref.mailbox else "mxsync"
                sentence = f"{intent.effect}: {intent.error or 'is still to be done'}"
                self._report.tell("failed", what, sentence, "the next pass tries again what may still work")
        self._report.waiting = len(tracking.waiting(10**6))
