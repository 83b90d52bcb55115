"""All that the checked files say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mxsync.lang.ir.statements import Rule, Sync
from mxsync.lang.ir.tests import Test
from mxsync.model.item import Kind
from mxsync.model.record import Entity


@dataclass(frozen=True, slots=True)
class Program:
    """All rule files together, resolved. `rules` are in the order in which they act (priority, then file order).
    `parts` leads from 'contact', 'company', 'user' to the entity that plays the part. `own` leads from an item kind to
    the entity that its items are saved in. `tests_of` leads from a file to its tests; `files` are all files read, in
    load order, with the digest of their text. `digest` is of the meaning: comments and layout do not change it.
    `aliases` leads from a company's further domains to the one that it goes by (`list company_aliases`)."""

    entities: Mapping[str, Entity]
    parts: Mapping[str, str]
    own: Mapping[Kind, str]
    lists: Mapping[str, tuple[str, ...]]
    rules: tuple[Rule, ...]
    syncs: tuple[Sync, ...]
    tests: tuple[Test, ...]
    files: Mapping[str, str]
    digest: str
    aliases: Mapping[str, str] = field(default_factory=dict)
