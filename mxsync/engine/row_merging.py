"""What of an item goes into a row that is there already, and what is remembered of the row around a write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mxsync.engine.baseline import baseline_of, remembered, same
from mxsync.ports.database import BeforeImage, Fitted
from mxsync.ports.tracking import PairRow


def narrowed(image: BeforeImage, columns: Iterable[str]) -> BeforeImage:
    """An image of some of its columns."""
    return BeforeImage(image.key, {name: image.columns.get(name) for name in columns})


def after_image(
    columns: Mapping[str, object], was: Mapping[str, object] | None, before: BeforeImage | None
) -> dict[str, object]:
    """Of a row as it is what undo has to know: all of a new one, else what is not as it `was`, and what was written."""
    if was is None and before is None:
        return baseline_of(columns)
    known = was if was is not None else columns
    written = before.columns if before is not None else {}
    return baseline_of({n: v for n, v in columns.items() if n in written or not same(known.get(n), v)})


def merged(
    own: PairRow | None, fitted: Fitted, current: Mapping[str, object], assigned: set[str], *, stored: bool
) -> tuple[dict[str, object], dict[str, Any], tuple[str, ...]]:
    """What of an item is to be written into a row that is there: (columns to write, baseline, notes).

    What the item did not change since is left alone; what a person changed in the row since is left alone, and
    said. A column that mxsync never wrote is filled where it is empty, and set where a rule sets it.
    """
    wanted: dict[str, object] = {}
    kept: dict[str, Any] = dict(own.baseline) if own is not None else {}
    notes: list[str] = []
    if not stored:
        return wanted, kept, ()
    for name, value in fitted.columns.items():
        now = current.get(name)
        if name in kept and same(kept[name], value):
            continue
        if same(now, value):
            kept[name] = remembered(value)
        elif name in kept and not same(kept[name], now):
            notes.append(f"{name} was changed in the table by a person, and stays")
        elif name in kept or now in (None, "") or name in assigned:
            wanted[name] = value
            kept[name] = remembered(value)
    return wanted, kept, tuple(notes)
