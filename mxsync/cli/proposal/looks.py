"""What the values of a column look like, whatever the column is called."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_PHONE: Final = re.compile(r"(?=(?:\D*\d){6})(?:\+|0|\()[\d\s()/.\-]{5,24}")
_WEBSITE: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}.*)?")
_KINDS: Final[Mapping[str, Callable[[str], object]]] = {
    "addresses": _ADDRESS.fullmatch,
    "phone numbers": _PHONE.fullmatch,
    "web addresses": _WEBSITE.fullmatch,
    "dates": _DATE.fullmatch,
}
_MOST_CODES, _LONGEST_CODE = 8, 20
FEW: Final = 3
"""Fewer values than these prove nothing."""


@dataclass(frozen=True, slots=True)
class Look:
    """`filled` values were seen; `kind` is what at least four of five of them are, '' for nothing in particular;
    `counts` how many are of each kind; `codes` all values, where they are few that come again and again."""

    filled: int = 0
    kind: str = ""
    counts: Mapping[str, int] | None = None
    codes: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """'38 of 40 values are addresses'."""
        return f"{(self.counts or {}).get(self.kind, 0)} of {self.filled} values are {self.kind}" if self.kind else ""

    def alive(self, value: bool) -> bool:
        """Whether a flag has this value in any row."""
        return bool((self.counts or {}).get("yes" if value else "no"))

    def share(self, kind: str) -> float:
        """How many of the values are of a kind, 0 to 1."""
        return (self.counts or {}).get(kind, 0) / self.filled if self.filled else 0.0


NOTHING: Final = Look()


def look(values: Sequence[object]) -> Look:
    """At the filled values of one column."""
    texts = [str(value).strip() for value in values]
    counts = {kind: sum(bool(matches(text)) for text in texts) for kind, matches in _KINDS.items()}
    best = max(counts, key=lambda kind: counts[kind])
    kind = best if len(texts) >= FEW and counts[best] * 5 >= len(texts) * 4 else ""
    counts |= {"yes": sum(text in ("1", "True") for text in texts), "no": sum(text in ("0", "False") for text in texts)}
    distinct = dict.fromkeys(texts)
    coded = 1 < len(distinct) <= _MOST_CODES and len(distinct) * 3 <= len(texts) and not kind
    codes = tuple(sorted(distinct)) if coded and all(len(text) <= _LONGEST_CODE for text in distinct) else ()
    return Look(len(texts), kind, counts, codes)


def looks(sample: Mapping[tuple[str, str], Sequence[object]]) -> dict[tuple[str, str], Look]:
    """The same of every column of a sample."""
    return {place: look(values) for place, values in sample.items()}
