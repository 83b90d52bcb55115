"""Effects in words that a consultant reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from mxsync.model.effect import (
    CallHook,
    Categorize,
    CopyItem,
    CreateRow,
    DeleteRow,
    Effect,
    FlagItem,
    HoldForReview,
    LinkRows,
    MarkRead,
    MoveItem,
    Notify,
    Propose,
    SaveAttachment,
    SaveItem,
    Uncategorize,
    UpdateRow,
    WithdrawRow,
)
from mxsync.model.item import Address, Attachment
from mxsync.model.outcome import Decision
from mxsync.model.record import RecordKey, RecordValue

LONGEST = 60
"""Characters of one value that are shown."""


def effects_lines(decision: Decision) -> list[str]:
    """What would be, or was, written: one line an effect, in order, each with its rule."""
    names = _names(decision)
    return [effect_line(effect, names) for effect in decision.effects]


def effect_line(effect: Effect, names: Mapping[RecordKey, str] | None = None) -> str:
    """One effect in words. `names` are what planned rows are called."""
    return f"{_words(effect, names or {})}  [{effect.cause.rule}]"


def _words(effect: Effect, names: Mapping[RecordKey, str]) -> str:
    match effect:
        case CreateRow():
            return f"create {effect.key.entity}{_with(effect.values, names)}"
        case SaveItem():
            verb = "save as new" if effect.key.planned else "update"
            number = "" if effect.key.planned else f" {effect.key.value}"
            return f"{verb} {effect.key.entity}{number}{_with(effect.assigned, names)}"
        case UpdateRow():
            return f"set {row_name(effect.key, names)}{_with(effect.values, names)}"
        case LinkRows():
            return f"link {row_name(effect.source, names)} to {row_name(effect.target, names)}"
        case DeleteRow():
            return f"delete {row_name(effect.key, names)}"
        case WithdrawRow():
            return f"withdraw {row_name(effect.key, names)}"
        case SaveAttachment():
            place = f"folder '{effect.folder}'" if effect.folder else "documents"
            link = ", leaving a link in its place" if effect.link else ""
            return f"save attachment '{effect.name}' to {place}{link}"
        case Categorize():
            return f"categorize '{effect.category}'"
        case Uncategorize():
            return f"uncategorize '{effect.category}'"
        case MoveItem():
            return f"move to folder '{effect.folder}'"
        case CopyItem():
            return f"copy to folder '{effect.folder}'"
        case MarkRead():
            return "mark read"
        case FlagItem():
            return "flag"
        case Notify():
            return f"notify '{effect.address}' with {_quoted(effect.text)}"
        case CallHook():
            return f"call hook {effect.hook}"
        case HoldForReview():
            return f"hold for review: {effect.why}"
        case Propose():
            rows = " and ".join(row_name(key, names) for key in effect.about)
            change = f": set{_with(effect.change, names).removeprefix(' with')}" if effect.change else ""
            return f"propose for review, about {rows}: {effect.why}{change}"
        case _:
            assert_never(effect)


def row_name(key: RecordKey, names: Mapping[RecordKey, str]) -> str:
    """A row as people name it: `contact 17`, `new contact 'Jane Roe'`."""
    if not key.planned:
        return f"{key.entity} {key.value}"
    name = names.get(key, "")
    return f"new {key.entity} '{name}'" if name else f"new {key.entity}"


def value_text(value: RecordValue, names: Mapping[RecordKey, str] | None = None) -> str:
    """A value as it would be written in a rule."""
    match value:
        case None:
            return "nothing"
        case RecordKey():
            return row_name(value, names or {})
        case tuple():
            return ", ".join(value_text(each, names) for each in value) or "nothing"
        case bool():
            return "yes" if value else "no"
        case str():
            return _quoted(value)
        case Address():
            return _quoted(value.address or value.name)
        case Attachment():
            return _quoted(value.name)
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M")
        case _:
            return str(value)


def _with(values: Mapping[str, RecordValue], names: Mapping[RecordKey, str]) -> str:
    if not values:
        return ""
    return " with " + ", ".join(f"{name} = {value_text(value, names)}" for name, value in values.items())


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return f"'{line if len(line) <= LONGEST else line[: LONGEST - 1] + '…'}'"


def _names(decision: Decision) -> dict[RecordKey, str]:
    found: dict[RecordKey, str] = {}
    for effect in decision.effects:
        if isinstance(effect, (CreateRow, SaveItem)) and effect.key.planned:
            if name := called(effect.values):
                found[effect.key] = name
    return found


def called(values: Mapping[str, RecordValue]) -> str:
    """What people call a record, by its fields: a person's name, a subject or the like; '' where none is filled."""
    for field in ("full_name", "name", "subject", "file_name", "email"):
        value = values.get(field)
        value = value[0] if isinstance(value, tuple) and value else value
        if isinstance(value, str) and value:
            return value if len(value) <= LONGEST else value[: LONGEST - 1] + "…"
    names = (values.get(field) for field in ("first_name", "last_name"))
    return " ".join(name for name in names if isinstance(name, str) and name)
