"""What an item is remembered to say once it is written: normally what its server made of it, but of a new one that is
looked up later what it was made with, since a person may have changed it by then; and of what the server has taken by
half, what is there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any, Final

from mxsync.decide.sync_fields import item_says
from mxsync.engine.syncing.looking import ItemDone
from mxsync.errors import BadContent
from mxsync.extract.series import Series, parse_series
from mxsync.ports.tracking import Intent
from mxsync.reconcile.forms import Form, form_of, is_empty, same

_GIVEN: Final = {
    *(
        "class",
        "color",
        "flag",
        "full_name",
        "importance",
        "organizer",
        "sensitivity",
        "show_as",
        "status",
        "time_zone",
    ),
    *("time_zone", "type", "uid"),
}
"""Fields that servers fill by themselves in an item that is made without them."""


def forms_after(intent: Intent, done: ItemDone, name: str, theirs: Form, before: Form) -> tuple[Form, Form] | None:
    """What is remembered of a field after a write: the form of the item that was written, and of the other side, which
    says `theirs` now and said `before` when both last agreed. None where nothing new is to be remembered.

    A value that a person has put into the item since is to cross, and so it counts as changed there. A value of which
    the server has taken a part counts as changed on the other side, which is to be written once more: else the part
    would pass for what a person wants."""
    assert done.item is not None
    now = item_says(done.item, name)
    payload: Mapping[str, Any] = intent.payload
    if payload["op"] != "create":
        if name in done.fields:
            return form_of(now), theirs
        return (form_of(now), before if before is not None else form_of(now)) if done.refusal else None
    made = _made(payload, name)
    cut = isinstance(made, str) and isinstance(now, str) and made.startswith(now.rstrip()) and not is_empty(now)
    default = made is None and (name in _GIVEN or not isinstance(now, str | tuple))
    if default or same(made, now):
        return form_of(now), theirs
    if done.refusal or (name == "recurrence" and _begun(str(made or ""), str(now or ""))):
        return form_of(now), form_of(now)
    return form_of(now if cut or intent.attempts == 0 else made), theirs


def form_made(payload: Mapping[str, Any], name: str) -> Form:
    """The form of what an item was made with."""
    return form_of(_made(payload, name))


def _made(payload: Mapping[str, Any], name: str) -> Any:
    custom = name.startswith("custom.")
    return payload["custom"].get(name.removeprefix("custom.")) if custom else payload["fields"].get(name)


def _begun(made: str, now: str) -> bool:
    """Whether a series has the rule that it was made with, and some of its exceptions: these are written one by one."""
    try:
        wanted, there = parse_series(made, UTC), parse_series(now, UTC)
    except BadContent:
        return False
    same_rule = _parts(wanted, "RRULE", ";") == _parts(there, "RRULE", ";")
    return (
        same_rule
        and _parts(there, "EXDATE", ",") <= _parts(wanted, "EXDATE", ",")
        and there.others.keys() <= wanted.others.keys()
    )


def _parts(series: Series, name: str, between: str) -> set[str]:
    return {part for line in series.lines.get(name, ()) for part in line.partition(":")[2].split(between)}
