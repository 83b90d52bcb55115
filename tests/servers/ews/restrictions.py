"""Restrictions (MS-OXWSSRCH 2.2.4): whether an item is one of those that FindItem is asked for; and sort orders."""

from __future__ import annotations

from lxml import etree

from tests.servers.ews.paths import path_of
from tests.servers.ews.schemas import local
from tests.servers.ews.shapes import computed, extended
from tests.servers.ews.store import Denied, Store, StoredItem


def value_of(store: Store, item: StoredItem, uri: etree._Element) -> str | None:
    """The value of a property as text; None where the item has none."""
    path = path_of(uri)
    if isinstance(path, tuple):
        found = extended(item).get(path)
        return None if found is None else found.values[0]
    element = computed(store, item).get(path)
    if element is None:
        return None
    return element.text if not len(element) else "".join(element.itertext())


def holds(store: Store, item: StoredItem, test: etree._Element) -> bool:
    """Whether a search expression holds for an item."""
    match local(test):
        case "And":
            return all(holds(store, item, each) for each in test)
        case "Or":
            return any(holds(store, item, each) for each in test)
        case "Not":
            return not holds(store, item, test[0])
        case "Exists":
            return value_of(store, item, test[0]) is not None
        case "Contains":
            found = (value_of(store, item, test[0]) or "").lower()
            wanted = test[1].get("Value", "").lower()
            return wanted in found if test.get("ContainmentMode") == "Substring" else found == wanted
        case (
            "IsEqualTo"
            | "IsNotEqualTo"
            | "IsGreaterThan"
            | "IsGreaterThanOrEqualTo"
            | "IsLessThan"
            | "IsLessThanOrEqualTo" as name
        ):
            found = value_of(store, item, test[0])
            wanted = test[1][0].get("Value", "")
            if found is None:
                return name == "IsNotEqualTo"
            return {
                "IsEqualTo": found == wanted,
                "IsNotEqualTo": found != wanted,
                "IsGreaterThan": found > wanted,
                "IsGreaterThanOrEqualTo": found >= wanted,
                "IsLessThan": found < wanted,
                "IsLessThanOrEqualTo": found <= wanted,
            }[name]
        case name:
            raise Denied("ErrorUnsupportedPathForQuery", f"the double does not search by {name}")


def sort_items(store: Store, items: list[StoredItem], order: etree._Element | None) -> list[StoredItem]:
    """By a SortOrder, the last key first; the newest first where there is none."""
    if order is None:
        return sorted(items, key=lambda item: (item.created, item.id), reverse=True)
    for field in reversed(list(order)):
        items = sorted(
            items, key=lambda item: value_of(store, item, field[0]) or "", reverse=field.get("Order") == "Descending"
        )
    return items
