"""Which fields a sync keeps in step, and what an item, or a row, says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from email.utils import parseaddr
from typing import Final

from mxsync.lang.compile import RulePlan
from mxsync.lang.ir import Type
from mxsync.lang.vocabulary import ITEM_FIELDS, READ_ONLY_FIELDS
from mxsync.model.item import Address, Draft, Item, Kind, Scalar, Value
from mxsync.model.record import Direction, Entity, RecordKey, RecordValue

_CUSTOM: Final = "custom."
_ANSWER: Final = ".answer"
NO_ANSWER: Final = "no answer"
"""What stands in a list of answers for who has not given one: a place in the list is a person's."""
_DERIVED: Final = frozenset({"attachments", "photo", "flagged", "correspondents", "recipients", "duration"})
"""Made of other fields, or not carried by a sync between folders."""
_ALIASES: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.CONTACT: frozenset({"subject", "body"}),  # the full name and the notes under other names
}


@dataclass(frozen=True, slots=True)
class SyncField:
    """A field that is kept in step. `many` when items hold a list; `phone` when its texts are phone numbers; `company`
    when it is the name of a contact's company, which the row only refers to."""

    name: str
    to_spoke: bool = True
    to_hub: bool = True
    many: bool = False
    phone: bool = False
    company: bool = False


def table_fields(plan: RulePlan, entity: Entity) -> tuple[SyncField, ...]:
    """The mapped fields with an arrow; for contacts without a mapped `organisation` the name of their company."""
    kind = entity.kind
    words = ITEM_FIELDS[kind] if kind is not None else {}
    found: list[SyncField] = []
    for field in entity.fields.values():
        if field.references or field.direction is Direction.ROW_ONLY:
            continue
        word = words.get(field.name)
        to_spoke = field.direction in (Direction.BOTH, Direction.TO_ITEM) and field.name not in READ_ONLY_FIELDS
        to_spoke = to_spoke and not field.name.endswith(_ANSWER)  # only who was asked gives it
        phone = field.converter is not None and field.converter.name == "phone"
        found.append(
            SyncField(
                field.name,
                to_spoke,
                field.direction in (Direction.BOTH, Direction.TO_TABLE),
                word is not None and word.many,
                phone or field.name.endswith("phone") or field.name == "fax",
            )
        )
    parts = plan.parts
    if entity is parts.contact and parts.contact_company and parts.company_name and "organisation" not in entity.fields:
        found.append(SyncField("organisation", company=True))
    return tuple(found)


def folder_fields(kind: Kind) -> tuple[SyncField, ...]:
    """Everything that can be written into an item of the kind; named properties are added as items have them."""
    left_out = READ_ONLY_FIELDS | _DERIVED | _ALIASES.get(kind, frozenset())
    return tuple(
        SyncField(word.name, many=word.many, phone=word.name.endswith("phone") or word.name == "fax")
        for word in ITEM_FIELDS[kind].values()
        if word.name not in left_out
    )


def with_custom(fields: tuple[SyncField, ...], *items: Item | None) -> tuple[SyncField, ...]:
    """The fields of a sync between folders, with the named properties of these items."""
    names = {f"{_CUSTOM}{name}" for item in items if item is not None for name in item.custom}
    known = {each.name for each in fields}
    return (*fields, *(SyncField(name) for name in sorted(names - known)))


def item_says(item: Item, name: str) -> Value:
    """What an item says of a field by the name that a mapping has for it."""
    if name.startswith(_CUSTOM):
        wanted = name.removeprefix(_CUSTOM).strip("'")
        if wanted in item.custom:
            return item.custom[wanted]
        folded = wanted.casefold()
        return next((value for key, value in item.custom.items() if key.casefold() == folded), None)
    first, _, step = name.partition(".")
    value = item.fields.get(first)
    if not step:
        return value
    people = value if isinstance(value, tuple) else (value,)
    found = tuple(getattr(each, step, "") for each in people if isinstance(each, Address))
    if name.endswith(_ANSWER):
        return "; ".join(each or NO_ANSWER for each in found)
    return found if isinstance(value, tuple) else (found[0] if found else None)


def item_values(item: Item, fields: tuple[SyncField, ...]) -> dict[str, RecordValue]:
    """What an item says of all fields of a sync."""
    return {each.name: item_says(item, each.name) for each in fields}


def row_values(values: Mapping[str, RecordValue], fields: tuple[SyncField, ...]) -> dict[str, RecordValue]:
    """What a row says of them: a list in one column is taken apart."""
    found: dict[str, RecordValue] = {}
    for each in fields:
        value = values.get(each.name)
        if each.many and isinstance(value, str):
            value = tuple(part.strip() for part in value.split(";") if part.strip())
        found[each.name] = None if isinstance(value, RecordKey) else value
    return found


def draft_of(kind: Kind, values: Mapping[str, RecordValue], all_values: Mapping[str, RecordValue], now: Item | None,
             item_class: str = "") -> Draft:  # fmt: skip
    """What is to be written into an item. `all_values` are all that the record says, `now` is the item as it is: days
    stay days, though a table holds them as moments at midnight."""
    fields: dict[str, Value] = {}
    custom: dict[str, Value] = {}
    for name, value in values.items():
        assert not isinstance(value, RecordKey)
        if name.startswith(_CUSTOM):
            custom[name.removeprefix(_CUSTOM).strip("'")] = value
        else:
            first = name.partition(".")[0]
            word = ITEM_FIELDS[kind].get(first)
            fields[first] = _people(value) if word is not None and word.type is Type.PERSON else value
    whole = all_values.get("all_day", item_says(now, "all_day") if now is not None else None)
    if kind is Kind.APPOINTMENT and (whole is True or whole == 1):
        fields["all_day"] = True
    if "all_day" in fields:  # start and end change from moments to days with it, or back
        for name in ("start", "end"):
            moved = all_values.get(name)
            if name not in fields and isinstance(moved, date):
                fields[name] = moved
    for name in ("start", "end", "due"):
        moment = fields.get(name)
        if (
            isinstance(moment, datetime)
            and moment.time() == time()
            and _is_day(kind, bool(fields.get("all_day")), moment)
        ):
            fields[name] = moment.date()
    return Draft(kind, fields, custom, item_class)


def _people(value: Value) -> Value:
    """Persons, where a table holds them as texts: an address, or a name and an address in angle brackets."""
    if isinstance(value, tuple):
        return tuple(_person(each) for each in value)
    return _person(value) if value is not None else None


def _person(value: Scalar) -> Scalar:
    return Address(*parseaddr(value)) if isinstance(value, str) and value.strip() else value


def _is_day(kind: Kind, all_day: bool, moment: datetime) -> bool:
    if kind is Kind.APPOINTMENT:
        return all_day
    return kind is Kind.TASK and moment.time() == time()


def moment_of(item: Item) -> datetime | None:
    """When an item was last changed, as far as it says."""
    found = item.fields.get("modified_on")
    return found if isinstance(found, datetime) and found.tzinfo else None
