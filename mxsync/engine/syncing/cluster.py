"""A record and all items that stand for it: what both sides say, and what is to be done about it, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mxsync.decide.context import ItemContext
from mxsync.decide.sync_fields import SyncField, item_values, with_custom
from mxsync.engine.syncing.places import Binding
from mxsync.model.item import Item, ItemRef
from mxsync.model.record import Record, RecordValue
from mxsync.ports.links import COPY, STANDING, HubKey, LinkRow
from mxsync.reconcile.compare import Field
from mxsync.reconcile.forms import Form, Speller


@dataclass(slots=True)
class Hub:
    """A record as it is now. `record` for a row, `context` for an item; `values` are what it says of the sync's fields.
    `present` is unset when it is gone; `hidden` when the row is there, but not among the entity's rows any more.
    `event`: '' (somebody else's business brought it here), changed, gone. `at`: when it was changed, as far as known.
    `new` when the page makes it. `withdrawn` when mxsync's own rules took the row away. `missing` when it is gone and
    no change says that it was deleted."""

    key: HubKey
    values: dict[str, RecordValue] = field(default_factory=dict)
    record: Record | None = None
    context: ItemContext | None = None
    present: bool = True
    hidden: bool = False
    event: str = ""
    at: datetime | None = None
    new: bool = False
    withdrawn: bool = False
    missing: bool = False

    @property
    def item(self) -> Item | None:
        return self.context.item if self.context is not None else None


@dataclass(slots=True)
class Spoke:
    """One item of a folder, or the place where one may come. `event`: '' (unchanged), changed, gone, moved (away).
    `context` is the item as it is, None when it was not read. `skipped` when a rule says that no sync takes it, `held`
    when it waits for a person, `frozen` while a write of it waits for its server. `takes`: the filter lets it into the
    hub. `shared`: a meeting that others have still."""

    binding: Binding
    ref: ItemRef
    link: LinkRow | None = None
    context: ItemContext | None = None
    event: str = ""
    skipped: bool = False
    held: bool = False
    frozen: bool = False
    takes: bool = False
    shared: bool = False

    @property
    def item(self) -> Item | None:
        return self.context.item if self.context is not None else None

    @property
    def here(self) -> bool:
        """Whether there is an item."""
        return self.event not in ("gone", "moved")

    @property
    def copy(self) -> bool:
        """Whether another item of the folder is kept in step with the record."""
        return self.link is not None and self.link.state == COPY

    @property
    def comes(self) -> bool:
        """Whether a person's item that has stood for nothing comes to stand for the record."""
        free = self.takes and self.here and not (self.skipped or self.held or self.frozen)
        return self.link is None and self.event == "changed" and free

    @property
    def stands(self) -> bool:
        """Whether the item stands for the record, comes to, or did until it was deleted."""
        return self.link is None or self.link.state in STANDING


@dataclass(slots=True)
class Cluster:
    """A hub with the spokes that are linked or come to be."""

    hub: Hub
    spokes: list[Spoke] = field(default_factory=list)

    def of(self, binding: Binding) -> Spoke | None:
        """The item of a folder that stands for the record."""
        return next((each for each in self.spokes if each.binding is binding and each.here and each.stands), None)


@dataclass(slots=True)
class ItemWrite:
    """An item to be written by the journal. `op`: create, update, remove. `side` says which side of its `links` it is:
    spoke or hub. `values` are to be written, `whole` is all that the other side says; `expect` are the forms that the
    fields have now, `other` those of the other side, which both hold once it is done (`others` for each further link).
    `item` is as it was read."""

    op: str
    side: str
    binding: Binding
    ref: ItemRef
    link: LinkRow
    values: Mapping[str, RecordValue] = field(default_factory=dict)
    whole: Mapping[str, RecordValue] = field(default_factory=dict)
    expect: Mapping[str, Form] = field(default_factory=dict)
    other: Mapping[str, Form] = field(default_factory=dict)
    others: list[tuple[LinkRow, Mapping[str, Form]]] = field(default_factory=list)
    item: Item | None = None
    why: str = ""


@dataclass(slots=True)
class Linking:
    """A link to be saved. `values` is what the item says; the fields in `settled` are remembered with that, and with
    what the record holds once it is written."""

    link: LinkRow
    values: Mapping[str, RecordValue] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    forms: dict[str, tuple[Form, Form]] = field(default_factory=dict)


@dataclass(slots=True)
class Told:
    """Something for the audit, or for a person. `fields` are name → value as written."""

    action: str
    binding: Binding
    ref: ItemRef
    hub: HubKey
    fields: Mapping[str, RecordValue] = field(default_factory=dict)
    lines: tuple[str, ...] = ()


@dataclass(slots=True)
class Deletion:
    """Something that is to go: the item `ref` ('spoke'), or the record ('hub')."""

    side: str
    binding: Binding
    ref: ItemRef
    hub: HubKey

    @property
    def group(self) -> tuple[str, str]:
        """What the brake counts together: the deletions of one sync in one folder, or of its records."""
        way = self.binding.way
        if self.side == "spoke":
            return way.name, self.binding.shown
        return way.name, f"table {way.entity.name}" if way.entity is not None else "the other folder"


@dataclass(slots=True)
class Settled:
    """What is to be done about a cluster. `hub` are values to be written into the record (all of them for a new one),
    `by` the item that they come from; `wanted` items have to be read first, and `wanted_keys` looked up. `joined` are
    items that stood for nothing and were found to match, `let_go` those that outlived their record. `came`: a person's
    new item has come to stand for it. `compared` are items of which every field was looked at: what is not `held` of
    them now waits for nobody."""

    hub: dict[str, RecordValue] = field(default_factory=dict)
    by: Spoke | None = None
    make: bool = False
    delete: Spoke | None = None
    links: list[Linking] = field(default_factory=list)
    dropped: list[LinkRow] = field(default_factory=list)
    writes: list[ItemWrite] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    held: list[Told] = field(default_factory=list)
    deletions: list[Deletion] = field(default_factory=list)
    again: list[ItemRef] = field(default_factory=list)
    joined: list[ItemRef] = field(default_factory=list)
    let_go: list[Spoke] = field(default_factory=list)
    came: bool = False
    compared: list[Spoke] = field(default_factory=list)
    wanted: set[ItemRef] = field(default_factory=set)
    wanted_keys: set[tuple[str, str]] = field(default_factory=set)

    @property
    def acts(self) -> bool:
        """Whether anything is written."""
        return bool(self.hub or self.make or self.delete or self.writes or self.told or self.held)


def fields_of(binding: Binding, *items: Item | None) -> tuple[SyncField, ...]:
    """The fields that a binding keeps in step, for these items."""
    way = binding.way
    return way.fields if way.entity is not None else with_custom(way.fields, *items)


def says(item: Item, fields: tuple[SyncField, ...]) -> dict[str, RecordValue]:
    """What an item says of them."""
    return item_values(item, fields)


def rules_of(
    fields: tuple[SyncField, ...], spell: Speller, limits: Mapping[str, int], *, to_spoke: bool, to_hub: bool
) -> list[Field]:
    """The fields as `compare` takes them: the item is the left side, the record the right one."""
    return [
        Field(
            each.name,
            to_left=to_spoke and each.to_spoke,
            to_right=to_hub and each.to_hub,
            spell=spell if each.phone else None,
            limit=limits.get(each.name),
        )
        for each in fields
    ]
