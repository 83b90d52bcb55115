"""Telling the people of `[notify] alert` that a person is needed: each matter at most once a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from mxsync.engine.intents import NOTIFY, key_of
from mxsync.engine.performing import Outcome, perform
from mxsync.engine.world import World
from mxsync.model.item import ItemRef
from mxsync.model.outcome import PassReport
from mxsync.ports.tracking import Intent


def matters_of(report: PassReport) -> Mapping[str, str]:
    """What a pass leaves to people: a sentence by what it is about, which is the same as long as the matter is."""
    found = {f"brake {sentence.partition(':')[0]}": sentence for sentence in report.stopped_by_brake}
    if report.held:
        first, why = report.held[0]
        more = f" and {len(report.held) - 1} more" if len(report.held) > 1 else ""
        found["review"] = f"{first}{more} must be decided by a person ({why}): `mxsync status` lists all"
    return found


def alerts(addresses: Sequence[str], matters: Mapping[str, str], now: datetime) -> list[Intent]:
    """One notification for each address and matter. Its key holds the day, so that the journal sends it once."""
    day = now.date().isoformat()
    return [
        Intent(
            key_of(NOTIFY, "alert", address, matter, day),
            ItemRef("", "", ""),
            NOTIFY,
            {"address": address, "text": f"mxsync: a person is needed\n\n{sentence}\n"},
        )
        for matter, sentence in sorted(matters.items())
        for address in addresses
    ]


def deliver(world: World, told: Sequence[Intent]) -> list[Outcome]:
    """Sends those of them that were intended just now; the others were sent before."""
    if not told:
        return []
    with world.store.reading() as unit:
        pending = {intent.key for intent in unit.tracking.pending("")}
    return perform(world, [intent for intent in told if intent.key in pending])


def alert(world: World, matter: str, sentence: str) -> None:
    """Tells of one matter that came up outside a pass."""
    told = alerts(world.alert, {matter: sentence}, world.now())
    if told:
        with world.store.transaction() as unit:
            unit.tracking.intend(told)
        deliver(world, told)
