"""Rows that were given another key: they are the same rows, and what stood for them does so still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mxsync.model.record import RecordKey
from mxsync.ports.database import RowChange
from mxsync.ports.links import AGAIN, MAKING
from mxsync.ports.tracking import Unit


def follow(unit: Unit, changes: Sequence[RowChange]) -> bool:
    """Brings along what is remembered of such rows; whether there was anything. Where another row has the key by now it
    cannot be told which of them is meant. What the journal is still to write names the row as it was."""
    moves = _moves(changes)
    there = unit.crm.before(moves, links=False) if moves else {}
    moves = {old: new for old, new in moves.items() if old not in there}
    if not moves:
        return False
    tracking = unit.tracking
    links = [link for link in tracking.links_of_hubs(list(moves)) if link.state not in (MAKING, AGAIN)]
    tracking.drop_links(links)
    tracking.save_links([replace(link, hub=moves[link.hub]) for link in links if isinstance(link.hub, RecordKey)])
    pairs = [pair for own in tracking.pairs_of_rows(list(moves)).values() for pair in own]
    tracking.drop_pairs([(pair.ref, pair.row) for pair in pairs])
    tracking.save_pairs([replace(pair, row=moves[pair.row]) for pair in pairs])
    memory = tracking.row_memory(list(moves))
    tracking.forget_row_memory(list(memory))
    tracking.save_row_memory([replace(row, key=moves[key]) for key, row in memory.items()])
    return bool(links or pairs or memory)


def _moves(changes: Sequence[RowChange]) -> dict[RecordKey, RecordKey]:
    """The keys before, each with the one that its row has in the end."""
    moves: dict[RecordKey, RecordKey] = {}
    for change in changes:
        after = {key.entity: key for key in change.keys}
        for old in change.old:
            new = after.get(old.entity, old)
            moves.update({first: new for first, last in moves.items() if last == old})
            moves[old] = new
    return {old: new for old, new in moves.items() if old != new}
