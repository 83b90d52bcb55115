"""Items as they are without people who were erased: these are on no item any more, and nothing is made of what they
wrote. Who was erased is known to tracking alone, as a keyed hash; here it comes as an argument."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from mxsync.decide.context import Erasure, ItemContext, Organisation
from mxsync.decide.persons import everyone, external
from mxsync.model.item import Address, Item, Kind, Scalar, Value
from mxsync.model.normal import address_key
from mxsync.model.outcome import Decision, Fate
from mxsync.model.striking import strike

LEFT_ALONE = "a person on it was erased, and is not taken in again"


def people_on(item: Item) -> frozenset[str]:
    """The address keys of everyone on an item; of a card, its own addresses."""
    keys = {address_key(person.address) for person in everyone(item) if person.address}
    if item.kind is Kind.CONTACT:
        keys |= {address_key(text) for text in _texts(item.fields.get("email")) if "@" in text}
    return frozenset(keys)


def without(item: Item, people: Collection[str]) -> tuple[Item, Erasure]:
    """The item without these people (address keys), and what that took away."""
    author = item.fields.get("sender") or item.fields.get("organizer")
    authors = {address_key(author.address)} if isinstance(author, Address) else set()
    if item.kind is Kind.CONTACT:
        authors = set(people_on(item))
    headers = {name: tuple(strike(text, people) for text in texts) for name, texts in item.headers.items()}
    cleaned = replace(
        item,
        fields=_Without(item.fields, people),
        headers=headers,
        custom=_Without(item.custom, people),
        notes=tuple(strike(note, people) for note in item.notes),
    )
    return cleaned, Erasure(len(people_on(item) & set(people)), bool(authors & set(people)))


def left_alone(context: ItemContext, organisation: Organisation) -> bool:
    """Whether an item is an erased person's: written by them, or with nobody else from outside on it."""
    if not context.erased.people:
        return False
    return context.erased.author or not external(everyone(context.item), organisation)


def skipped(context: ItemContext, plan: str) -> Decision:
    """The decision on such an item."""
    return Decision(context.item.ref, Fate.SKIPPED, (), plan, context.identity, LEFT_ALONE)


def noted(decision: Decision, erasure: Erasure) -> Decision:
    """A decision on an item that has other people on it, with the reason why some are missing."""
    said = "a person on it was erased" if erasure.people == 1 else f"{erasure.people} people on it were erased"
    trace = replace(decision.trace, notes=(f"{said}: left out here, and not created again", *decision.trace.notes))
    return replace(decision, trace=trace)


class _Without(Mapping[str, Value]):
    """Fields, as lazy as they were, without some people."""

    __slots__ = ("_fields", "_people")

    def __init__(self, fields: Mapping[str, Value], people: Collection[str]) -> None:
        self._fields = fields
        self._people = people

    def __getitem__(self, name: str) -> Value:
        value = self._fields[name]
        if isinstance(value, tuple):
            return tuple(kept for each in value if (kept := self._kept(each)) is not None)
        return self._kept(value) if value is not None else None

    def _kept(self, value: Scalar) -> Scalar | None:
        if isinstance(value, Address):
            return None if address_key(value.address) in self._people else value
        return strike(value, self._people) if isinstance(value, str) else value

    def __contains__(self, name: object) -> bool:
        return name in self._fields

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


def _texts(value: Value) -> Iterator[str]:
    for each in value if isinstance(value, tuple) else (value,):
        if isinstance(each, str):
            yield each
        elif isinstance(each, Address):
            yield each.address
