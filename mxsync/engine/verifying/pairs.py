"""Each pair of a sync equal in normal form, or known to differ."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from mxsync.decide.effect_text import row_name
from mxsync.decide.phone_numbers import e164_of
from mxsync.decide.sync_fields import row_values
from mxsync.decide.syncing import ways_of
from mxsync.engine.answers import answer_of
from mxsync.engine.syncing.cluster import fields_of, rules_of, says
from mxsync.engine.syncing.filters import Filters
from mxsync.engine.syncing.places import Binding, bindings_of
from mxsync.engine.verifying.items import NEXT
from mxsync.engine.verifying.report import VerifyReport
from mxsync.engine.world import Mailbox, World
from mxsync.model.item import Item, ItemRef
from mxsync.model.outcome import Fate
from mxsync.model.record import Lookup, Record, RecordKey, RecordValue
from mxsync.ports.connector import Fetched
from mxsync.ports.links import PAIRED, STANDING, LinkRow
from mxsync.ports.tracking import Unit
from mxsync.reconcile.compare import Agreed, compare
from mxsync.reconcile.forms import form_of


class PairsLookedAt:
    """The pairs of one mailbox. `there` are its items."""

    def __init__(
        self, world: World, unit: Unit, mailbox: Mailbox, there: Collection[str], report: VerifyReport
    ) -> None:
        self._world, self._unit, self._mailbox, self._there, self._report = world, unit, mailbox, there, report
        self._bindings = {binding.key: binding for binding in bindings_of(world, ways_of(world.plan()))}
        region = world.organisation.region
        self._spell = lambda text: e164_of(text, region) or text
        self._companies: dict[RecordKey, str] = {}

    def go(self) -> None:
        """All of them, page by page."""
        after, page = "", self._world.page
        while True:
            links = self._unit.tracking.links_after(self._mailbox.name, after, page)
            self._page([link for link in links if link.state in STANDING])
            if len(links) < page:
                return
            after = links[-1].ref.href

    def _page(self, links: Sequence[LinkRow]) -> None:
        items = self._items([link.ref for link in links if link.ref.href in self._there])
        keys = [link.hub for link in links if isinstance(link.hub, RecordKey)]
        records = self._unit.crm.read(keys) if keys else {}
        hidden = set(self._unit.crm.before([k for k in keys if k not in records], links=False)) if keys else set()
        hubs = self._items([link.hub for link in links if isinstance(link.hub, ItemRef)])
        names = self._names(records)
        waiting = {row.ref for row in self._unit.tracking.held()}
        fates = self._unit.tracking.items([link.ref for link in links])
        for link in links:
            binding = self._bindings.get((link.sync, link.user))
            what = f"{link.ref.mailbox}/{link.ref.href}"
            if binding is None:
                continue  # the sync is not in the rules any more: the next pass lets go of it
            if link.state != PAIRED:
                self._report.tell("moved on", what, f"sync {link.sync} is still writing it", NEXT)
                continue
            hub = records.get(link.hub) if isinstance(link.hub, RecordKey) else hubs.get(link.hub)
            if self._broken(link, items.get(link.ref), hub, hidden, what) or link.hub in hidden:
                continue
            known = fates.get(link.ref)
            told = link.ref in waiting or (known is not None and known.fate == Fate.UNDONE.value)
            self._compare(link, binding, items[link.ref], hub, names, told, what)

    def _items(self, refs: Sequence[ItemRef]) -> Mapping[ItemRef, Item]:
        found: dict[ItemRef, Item] = {}
        mailboxes = self._world.by_name()
        grouped: dict[str, list[ItemRef]] = {}
        for ref in dict.fromkeys(refs):
            grouped.setdefault(ref.mailbox, []).append(ref)
        for name, own in grouped.items():
            if name in mailboxes:
                answers = mailboxes[name].connector.fetch(own)
                found.update({each.item.ref: each.item for each in answers if isinstance(each, Fetched)})
        return found

    def _names(self, records: Mapping[RecordKey, Record]) -> Mapping[RecordKey, str]:
        """The companies' names that contacts show."""
        answers: dict[Lookup, tuple[Record, ...]] = {}
        for _ in range(3):
            filters = Filters(self._world.plan(), self._world.organisation, self._world.now(), answers)
            found = {key: filters.company_name(record) for key, record in records.items()}
            if not filters.missing:
                return found
            told = answer_of(self._unit)(list(filters.missing))
            answers.update({lookup: told.get(lookup, ()) for lookup in filters.missing})
        return {}

    def _broken(self, link: LinkRow, item: Item | None, hub: Any, hidden: Collection[Any], what: str) -> bool:
        record = row_name(link.hub, {}) if isinstance(link.hub, RecordKey) else f"{link.hub.mailbox}/{link.hub.href}"
        if item is None:
            sentence = f"stands for {record} by sync {link.sync}, and is not there or cannot be read"
            self._report.tell("pair broken", what, sentence, NEXT)
        elif hub is None and link.hub not in hidden:
            sentence = f"stands for {record} by sync {link.sync}, which is not there any more"
            self._report.tell("pair broken", what, sentence, NEXT)
        return item is None or (hub is None and link.hub not in hidden)

    def _compare(
        self, link: LinkRow, binding: Binding, item: Item, hub: Any, names: Mapping[RecordKey, str], told: bool,
        what: str,
    ) -> None:  # fmt: skip
        members = fields_of(binding, item, hub if isinstance(hub, Item) else None)
        ours = says(item, members)
        theirs: dict[str, RecordValue]
        if isinstance(hub, Record):
            theirs = row_values(hub.values, binding.way.fields)
            if any(each.company for each in binding.way.fields):
                theirs["organisation"] = names.get(hub.key, "")
        else:
            theirs = says(hub, members)
        entity = binding.way.entity
        limits = self._world.database.limits(entity.name) if entity is not None else {}
        both = [each for each in members if each.to_spoke and each.to_hub and not each.company]
        fields = rules_of(tuple(both), self._spell, limits, to_spoke=True, to_hub=True)
        before = {name: Agreed(*map(_form, forms)) for name, forms in link.baseline.items()}
        moved = [
            name for name, agreed in before.items()
            if any(each.name == name for each in both)
            and (_form(form_of(ours.get(name))), _form(form_of(theirs.get(name)))) != tuple(agreed)
        ]  # fmt: skip
        if moved:
            sentence = f"{', '.join(f'`{name}`' for name in sorted(moved))} changed since both sides agreed"
            self._report.tell("moved on", what, sentence, NEXT)
            return
        merge = compare(fields, {}, ours, theirs, lambda _: "")
        apart = sorted({*(c.field for c in merge.conflicts), *merge.left, *merge.right})
        if not apart or told or not (binding.way.into_spoke and binding.way.into_hub):
            self._report.pairs += 1
            return
        for name in apart:
            sentence = f"`{name}` is {_shown(ours.get(name))} here and {_shown(theirs.get(name))} in {_hub(link)}"
            advice = "change one of them, and the next pass takes it to the other"
            self._report.tell("differs", what, sentence, advice)


def _form(form: Any) -> Any:
    return list(form) if isinstance(form, tuple) else form


def _hub(link: LinkRow) -> str:
    return row_name(link.hub, {}) if isinstance(link.hub, RecordKey) else f"{link.hub.mailbox}/{link.hub.href}"


def _shown(value: RecordValue) -> str:
    if value in (None, "", ()):
        return "nothing"
    text = "; ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return f"'{text[:80]}…'" if len(text) > 80 else f"'{text}'"
