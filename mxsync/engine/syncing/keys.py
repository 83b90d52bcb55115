"""By what an item that stands for nothing yet may be found when a record comes that matches it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from mxsync.decide.overlay import field_keys
from mxsync.engine.syncing.places import Binding
from mxsync.lang.compile_parts import Parts
from mxsync.model.item import Kind
from mxsync.model.normal import address_key, value_key
from mxsync.model.record import Entity, RecordValue
from mxsync.reconcile.forms import is_empty

_MOST = 20
"""Addresses of one card that count."""


def match_keys(binding: Binding, values: Mapping[str, RecordValue], parts: Parts) -> list[tuple[str, ...]]:
    """The keys of what an item, or a record, says: a group for each way of matching, the first that finds something
    decides. The same for both sides."""
    way = binding.way
    if way.entity is None:
        groups = _of_items(way.kind, values)
        label = f"item {way.kind}"
    else:
        groups = _of_entity(way.entity, values, parts)
        label = f"table {way.entity.name}"
    return [
        tuple(hashlib.sha256(f"{label}\x1f{place}\x1f{key}".encode(errors="surrogatepass")).hexdigest()[:40]
              for key in group)
        for place, group in enumerate(groups)
        if group
    ]  # fmt: skip


def _of_entity(entity: Entity, values: Mapping[str, RecordValue], parts: Parts) -> Iterator[list[str]]:
    """By `matched by`. A contact's company is compared by its name; of two people without one, neither has another."""
    for names in entity.matched_by:
        keys: list[str] | None = [""]
        for name in names:
            field = entity.fields.get(name)
            if field is not None and field.references:
                found = _company(values, parts) if field.references == getattr(parts.company, "name", "") else None
            else:
                found = sorted(str(key) for key in field_keys(entity, name, values.get(name))) or None
            keys = [f"{before}\x1e{key}" for before in keys for key in found[:_MOST]] if found and keys else None
        yield keys or []


def _company(values: Mapping[str, RecordValue], parts: Parts) -> list[str] | None:
    if not parts.company_name or "organisation" not in values:
        return None
    name = values.get("organisation")
    return [value_key(name) if isinstance(name, str) else ""]


def _of_items(kind: Kind, values: Mapping[str, RecordValue]) -> Iterator[list[str]]:
    """Between folders: by what a person would take for the same."""
    if kind is Kind.CONTACT:
        email = values.get("email")
        addresses = email if isinstance(email, tuple) else (email,)
        yield [address_key(str(each)) for each in addresses if not is_empty(each)][:_MOST]
        yield _together(values, "full_name", "organisation")
        return
    yield _together(values, "subject", "start", "due", "body" if kind is Kind.NOTE else "")


def _together(values: Mapping[str, RecordValue], first: str, *more: str) -> list[str]:
    said = [values.get(name) for name in (first, *more)]
    if is_empty(said[0]):
        return []
    return ["\x1e".join(value_key(each) if not isinstance(each, tuple) else "" for each in said)]  # type: ignore[arg-type]
