"""Spellings under which a folded text may stand in a column, where a database folds otherwise than mxsync does."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LAST_SIGMA = re.compile(r"σ(?!\w)")


def spellings(texts: Iterable[str]) -> list[str]:
    """The texts, and those of their spellings that a database writes in small letters without folding them:
    'strasse' may stand there as 'straße', since only Python makes 'ss' of it, and a final 'σ' as 'ς'."""
    found: dict[str, None] = {}
    for text in texts:
        found[text] = None
        if "ss" in text:
            found[text.replace("ss", "ß")] = None
        if "σ" in text:
            found[_LAST_SIGMA.sub("ς", text)] = None
    return list(found)


def local_parts(addresses: Iterable[str]) -> list[str]:
    """What stands before the @ of each address, once each."""
    return list(dict.fromkeys(text.rpartition("@")[0] or text for text in addresses))
