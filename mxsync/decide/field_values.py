"""Values of fields: of an item under a mapped field's path, of a record along its references, and the conversation
that a mail's headers name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from mxsync.lang import ir
from mxsync.lang.compile_facts import FactValue
from mxsync.model.item import Item, Value
from mxsync.model.record import Record, RecordKey, RecordValue

if TYPE_CHECKING:
    from mxsync.decide.item_facts import ItemFacts

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,998}>")
CONVERSATION_LIMIT = 100
"""Earlier messages of a conversation that are looked up: the first, which began it, and the latest."""


def plain_field(records: Iterable[Record], name: str) -> tuple[FactValue, ...]:
    found: list[FactValue] = []
    for record in records:
        value = record.values.get(name)
        if isinstance(value, tuple):
            found += [each for each in value if each != ""]
        elif value is not None and value != "":
            found.append(value)
    return tuple(found)


def one_field(record: Record, name: str) -> tuple[FactValue, ...]:
    """`plain_field` of a single record, which is asked of most records of a page."""
    value = record.values.get(name)
    if value is None or value == "":
        return ()
    return tuple(each for each in value if each != "") if isinstance(value, tuple) else (value,)


def stepped_field(record: Record, steps: tuple[str, ...]) -> tuple[RecordValue, tuple[str, ...]]:
    # A field's name may hold dots itself (`custom.SerialNo`, `sender.address`): the longest name counts.
    for length in range(len(steps), 0, -1):
        name = ".".join(steps[:length])
        if name in record.values:
            return record.values[name], steps[length:]
    return None, ()


def item_value(facts: ItemFacts, path: ir.Path) -> Value:
    """What an item says under the path of a mapped field; None for nothing."""
    if path.root is ir.Root.ITEM and len(path.steps) == 1:
        value = facts.field(path.steps[0])
        return None if value == "" or value == () else value
    values = tuple(value for value in facts.path(path) if not isinstance(value, RecordKey))
    if not values:
        return None
    many = path.root is ir.Root.ITEM and isinstance(facts.field(path.steps[0]), tuple)
    return values if many or len(values) > 1 else values[0]


def conversation_ids(item: Item) -> tuple[str, ...]:
    """The Message-IDs that a mail answers, as they are stored: with angle brackets if its own has them."""
    own = item.fields.get("message_id")
    texts = [*item.headers.get("in-reply-to", ()), *item.headers.get("references", ())]
    found: dict[str, None] = dict.fromkeys(match for text in texts for match in _MESSAGE_ID.findall(text[:100_000]))
    value = item.fields.get("conversation")
    for each in value if isinstance(value, tuple) else (value,):
        if isinstance(each, str) and each:
            found[each if each.startswith("<") else f"<{each}>"] = None
    bare = isinstance(own, str) and own != "" and not own.startswith("<")
    ids = [each.strip("<>") if bare else each for each in found]
    ids = [each for each in ids if each != own]
    return tuple(ids[:1] + ids[1:][-(CONVERSATION_LIMIT - 1) :])
