"""Records as a page sees them: rows, and items that others are kept in step with."""

from __future__ import annotations

from datetime import datetime

from mxsync.decide.sync_fields import row_values
from mxsync.engine.syncing.cluster import Hub, fields_of, says
from mxsync.engine.syncing.filters import Filters
from mxsync.engine.syncing.loading import Loaded
from mxsync.engine.syncing.places import Binding
from mxsync.model.item import ItemRef
from mxsync.model.record import Record, RecordKey, RecordValue


def row_hub(loaded: Loaded, filters: Filters, binding: Binding | None, key: RecordKey, changed: bool) -> Hub:
    """A row, whether it is there or not. `binding` is any that is about its table."""
    record = loaded.records.get(key)
    at = loaded.times.get(key)
    if record is None:
        withdrawn = not loaded.pairs.get(key)
        hidden, told = key in loaded.hidden, key in loaded.told_gone
        return Hub(key, present=False, hidden=hidden, event="gone", at=at, withdrawn=withdrawn, missing=not told)
    return Hub(key, _row_says(filters, binding, record), record, event="changed" if changed else "", at=at)


def _row_says(filters: Filters, binding: Binding | None, record: Record) -> dict[str, RecordValue]:
    if binding is None:
        return {}
    values = row_values(record.values, binding.way.fields)
    if any(each.company for each in binding.way.fields):
        values["organisation"] = filters.company_name(record)
    return values


def item_hub(loaded: Loaded, binding: Binding | None, ref: ItemRef) -> Hub:
    """An item that stands for a record. `binding` is one for which it lies among the records, None where there is none
    any more."""
    context = loaded.contexts.get(ref)
    event = loaded.events.get(ref, "")
    if context is None or event in ("gone", "moved") or loaded.skipped(ref):
        gone = event in ("gone", "moved") or loaded.skipped(ref)
        return Hub(ref, present=not gone, hidden=not gone, event=event, withdrawn=event != "gone")
    if binding is None:
        return Hub(ref, present=False, event=event, withdrawn=True)
    modified = context.item.fields.get("modified_on")
    at = modified if isinstance(modified, datetime) and modified.tzinfo else None
    return Hub(ref, says(context.item, fields_of(binding, context.item)), context=context, event=event, at=at)
