"""What every file format gives: the fields of one item, before anyone has said where the item lies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, unquote

from mxsync.model.item import Kind, Value

CLASS_OF_KIND: Final[Mapping[Kind, str]] = {
    Kind.MAIL: "IPM.Note",
    Kind.POST: "IPM.Post",
    Kind.CONTACT: "IPM.Contact",
    Kind.APPOINTMENT: "IPM.Appointment",
    Kind.TASK: "IPM.Task",
    Kind.JOURNAL: "IPM.Activity",
    Kind.NOTE: "IPM.StickyNote",
}
"""The message class of an item that states none: the field `class` says it, `item_class` stays empty."""


class CustomFields(Mapping[str, Value]):
    """Named properties, found without regard to case: header and property names have none (RFC 5322, RFC 5545)."""

    __slots__ = ("_names", "_values")

    def __init__(self, pairs: Iterable[tuple[str, Value]] = ()) -> None:
        self._names: dict[str, str] = {}
        self._values: dict[str, Value] = {}
        for name, value in pairs:
            key = name.casefold()
            if key and key not in self._values:
                self._names[key] = name
                self._values[key] = value

    def __getitem__(self, name: str) -> Value:
        return self._values[name.casefold()]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.casefold() in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._names.values())

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"CustomFields({list(self.items())!r})"


EMPTY_CUSTOM: Final = CustomFields()


@dataclass(frozen=True, slots=True)
class Parsed:
    """One item as its bytes say. `related` are the UIDs of cards that it refers to and that nobody could resolve."""

    kind: Kind
    fields: Mapping[str, Value]
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    custom: Mapping[str, Value] = field(default_factory=CustomFields)
    item_class: str = ""
    notes: tuple[str, ...] = ()


def property_name(name: str) -> str:
    """A custom property's name as part of the name of a header or property: percent-encoded where need be."""
    return quote(name, safe="-_")


def given_name(written: str) -> str:
    """The custom property's name that `property_name` wrote."""
    return unquote(written) if "%" in written else written
