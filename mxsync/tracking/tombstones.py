"""Who was erased and is not to be created again: a keyed hash of each address, and nothing that leads back to it.

The hash is HMAC-SHA256 (RFC 2104) of the address's normal form, with a random key that is made at the first erasure and
lies beside the hashes: without the tracking tables nobody can try addresses, and with them only one at a time.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from mxsync.dialects.base import marks
from mxsync.ports.tracking import Tombstone
from mxsync.tracking import tables
from mxsync.tracking.recalling import Recalled

_KEY = "erasure key"
_PREFIX = "erased:"


class Tombstones(Recalled):
    """Tombstones lie among the small facts of `mxsync_meta`."""

    def anybody_erased(self) -> bool:
        """Whether there is any tombstone."""
        return bool(self._erasure_key())

    def erased(self, people: Collection[str]) -> frozenset[str]:
        """Those of these people (address keys) who were erased."""
        key = self._erasure_key()
        if not key or not people:
            return frozenset()
        names = {_name(key, each): each for each in people}
        found: set[str] = set()
        for part in self._chunks(names):
            rows = self._rows(f"SELECT name FROM mxsync_meta WHERE name IN ({marks(part)})", part)  # noqa: S608
            found.update(names[name] for (name,) in rows)
        return frozenset(found)

    def tombstone(self, person: str) -> Tombstone | None:
        """What is remembered of an erasure."""
        key = self._erasure_key()
        rows = self._rows("SELECT value FROM mxsync_meta WHERE name = ?", (_name(key, person),)) if key else ()
        if not rows:
            return None
        found = json.loads(rows[0][0])
        return Tombstone(datetime.fromisoformat(found["at"]), found["removed"], found["done"])

    def bury(self, people: Collection[str], tombstone: Tombstone) -> None:
        """These people are not to be created again."""
        key = self._erasure_key()
        if not key:
            key = secrets.token_hex(32)
            self._save(tables.meta, ("name", "value"), [(_KEY, key)])
        value = json.dumps({"at": tombstone.at.isoformat(), "removed": dict(tombstone.removed), "done": tombstone.done})
        self._save(tables.meta, ("name", "value"), [(_name(key, each), value) for each in sorted(people)])

    def _erasure_key(self) -> str:
        rows = self._rows("SELECT value FROM mxsync_meta WHERE name = ?", (_KEY,))
        return str(rows[0][0]) if rows else ""


def _name(key: str, person: str) -> str:
    digest = hmac.new(bytes.fromhex(key), person.encode(errors="surrogatepass"), sha256).hexdigest()
    return _PREFIX + digest[:48]  # 192 bits, and the whole fits the column
