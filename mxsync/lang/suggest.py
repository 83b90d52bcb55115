"""Did you mean: the word that was probably wanted.

The distance counts insertions, deletions, replacements and swaps of neighbours (optimal string alignment, a
restricted Damerau-Levenshtein distance).
"""

from __future__ import annotations

from collections.abc import Iterable


def distance(left: str, right: str, limit: int) -> int:
    """How many slips lie between two words; anything above `limit` is `limit + 1`."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    previous = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        current = [i]
        for j, b in enumerate(right, 1):
            cost = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, previous = previous, current
    return min(previous[-1], limit + 1)


def nearest(word: str, candidates: Iterable[str]) -> str:
    """The candidate at most two slips away (one for words of up to four letters), '' where there is none."""
    folded = word.casefold()
    limit = 1 if len(folded) <= 4 else 2
    best, best_distance = "", limit + 1
    for candidate in candidates:
        found = distance(folded, candidate.casefold(), limit)
        if found < best_distance or (found == best_distance and found <= limit and candidate < best):
            best, best_distance = candidate, found
    return best


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """A help line, '' without a candidate near enough."""
    found = nearest(word, candidates)
    return f"did you mean `{found}`?" if found and found != word else ""


def article(noun: str) -> str:
    """'a mail', 'an appointment'."""
    return f"an {noun}" if noun[:1] in "aeio" else f"a {noun}"


def listing(words: Iterable[str], limit: int = 8) -> str:
    """Words in backquotes for a help line: '`a`, `b` or `c`'."""
    known = sorted(set(words))
    shown = [f"`{word}`" for word in known[:limit]]
    if len(known) > limit:
        return ", ".join(shown) + " …"
    return ", ".join(shown[:-1]) + " or " + shown[-1] if len(shown) > 1 else "".join(shown)
