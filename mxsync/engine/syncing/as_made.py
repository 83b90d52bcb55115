"""What a new item is remembered to say: normally what its server made of it, but of one that is looked up later what
it was made with, since a person may have changed it by then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mxsync.decide.sync_fields import item_says
from mxsync.model.item import Item
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


def as_made(intent: Intent, item: Item, name: str) -> Form:
    """The form of a field of an item that an intent has written. Where the intent was tried before, a value that is
    neither what was written nor a cut or default of the server's is a person's change: it is to cross."""
    now = item_says(item, name)
    payload: Mapping[str, Any] = intent.payload
    if intent.attempts == 0 or payload["op"] != "create":
        return form_of(now)
    custom = name.startswith("custom.")
    made = payload["custom"].get(name.removeprefix("custom.")) if custom else payload["fields"].get(name)
    cut = isinstance(made, str) and isinstance(now, str) and made.startswith(now.rstrip()) and not is_empty(now)
    default = made is None and (name in _GIVEN or not isinstance(now, str | tuple))
    return form_of(now) if default or cut or same(made, now) else form_of(made)
