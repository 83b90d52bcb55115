"""What the line model is shown of a line: its own look, its place, its neighbours, and the run of short lines it is in.

Every feature is a word that a reader of the weights understands (`run.contacts:3+`). None is a word of the mail's own
text: the model learns the look of a signature, not the names in the mail it was trained on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mxsync.extract.line_signs import Sign, looks_like_name

RUN_REACH = 24
"""Lines above within which a closing, a delimiter or a name counts for a line."""

_DELIMITER = re.compile(r"^\s*(?:--|__|—|–\s?–)\s*$")
_URL = re.compile(r"https?://|www\.", re.IGNORECASE)
_KEY = re.compile(r"^\W{0,3}[^\W\d_][\w .-]{0,24}\s?[:：]\s*\S")
_DATE = re.compile(r"\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b|\b\d{1,2}:\d{2}\b|\b(?:19|20)\d\d\b")
_CODE = re.compile(r"[{}=;<>\\$]")
_BARS = re.compile(r"\s[|•·∙●▪│/–—]\s|\t")
_ITEM = re.compile(r"^\s*(?:[-*•·o]|\d{1,3}[.)])\s+\S")
_DIGITS = re.compile(r"\d")
_MONEY = re.compile(r"[$€£%]\s?\d|\d\s?(?:[$€£%]|mm?btu|kg|usd|eur)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LineView:
    """One line with text: what it shows (`sign`), whether it closes a letter, and what the rules of `signature` took it
    for ('' if nothing). `contacts` are the ways to reach somebody on it, and what else a contact block is made of;
    `own` tells that the author's own address, site or firm is on it."""

    number: int
    text: str
    sign: Sign
    closes: bool
    rule: str
    contacts: frozenset[Sign]
    own: bool = False


def features_of(views: Sequence[LineView], *, author_known: bool, from_start: int) -> list[list[str]]:
    """The features of each line, which stand in their order. `from_start` is how many lines with text come before
    them in the author's part."""
    runs = _runs(views)
    closings = _last_before(views, lambda view: view.closes)
    delimiters = _last_before(views, lambda view: bool(_DELIMITER.match(view.text)))
    prose_below = _prose_below(views)
    count = len(views)
    found = []
    for place, view in enumerate(views):
        shown = _look(view)
        shown += _position(views, place, count, from_start)
        run = runs[place]
        shown += run.words
        sign = view.sign.word
        shown.append(f"{sign}&{run.kind}")
        above = closings[place]
        closed = "none" if above < 0 else _bucket(place - above, (0, 1, 3, 8, RUN_REACH))
        shown.append(f"closing_above:{closed}")
        shown.append(f"{sign}&closing_above:{'yes' if 0 < place - above <= 12 and above >= 0 else 'no'}")
        delimited = delimiters[place]
        if 0 <= delimited < place and place - delimited <= RUN_REACH:
            shown += ["delimited", f"{sign}&delimited"]
        shown.append(f"prose_below:{_bucket(prose_below[place], (0, 1, 3))}")
        shown.append(f"{sign}&prose_below:{'no' if prose_below[place] == 0 else 'yes'}")
        if not author_known:
            shown.append("author_unknown")
        found.append(shown)
    return found


def _look(view: LineView) -> list[str]:
    text = view.text.strip()
    words = text.split()
    if len(words) == 1 and len(text) > 1 and text[0] >= "\u2e80":
        words = [text[:1], text[1:]]  # East Asian names are written without a space
    shown = ["bias", f"sign:{view.sign.word}", f"words:{_bucket(len(words), (1, 3, 6, 12))}"]
    shown.append(f"chars:{_bucket(len(text), (3, 20, 45, 70))}")
    if len(view.contacts) > 1 or (view.contacts and view.sign is Sign.NAME):
        shown.append(f"line.kinds:{min(len(view.contacts), 3)}")
    if view.rule:
        shown.append(f"rule:{view.rule}")
    if view.closes:
        shown.append("closes")
    if view.sign is not Sign.NAME and looks_like_name(text[:60]):
        shown.append(f"like_name:{min(len(words), 3)}")
    if text[-1] in ",.?!:;-":
        shown.append(f"ends:{text[-1]}")
    if text[0].islower():
        shown.append("starts_low")
    if text.isupper():
        shown.append("capitals")
    if _DELIMITER.match(view.text):
        shown.append("delimiter")
    digits = len(_DIGITS.findall(text[:200]))
    shown.append(f"digits:{_bucket(digits, (0, 3, 6, 12))}")
    shown += _marks(text[:300])
    if "@" in text:
        shown.append("at")
    if view.own:
        shown.append("own")
    if len(_CODE.findall(text[:300])) >= 3:
        shown.append("code")
    if len(view.text) - len(view.text.lstrip()) >= 8:
        shown.append("indented")
    return shown


def _marks(text: str) -> list[str]:
    """What stands in a line. Most lines are prose: an expression is tried only where a character that it needs is."""
    numbers = _DIGITS.search(text) is not None
    tried = (
        ("url", _URL, "/" in text or "." in text),
        ("key", _KEY, ":" in text or "：" in text),
        ("date", _DATE, numbers),
        ("bars", _BARS, "|" in text or "/" in text or "\t" in text or not text.isascii()),
        ("item", _ITEM, True),
        ("money", _MONEY, numbers),
    )
    return [name for name, expression, possible in tried if possible and expression.search(text)]


def _position(views: Sequence[LineView], place: int, count: int, from_start: int) -> list[str]:
    view = views[place]
    shown = [
        f"from_end:{_bucket(count - 1 - place, (0, 1, 2, 4, 8, 16))}",
        f"from_start:{_bucket(from_start + place, (0, 1, 2, 4))}",
    ]
    above = views[place - 1] if place else None
    below = views[place + 1] if place + 1 < count else None
    shown.append(f"above:{above.sign.word if above else 'none'}")
    shown.append(f"below:{below.sign.word if below else 'none'}")
    if above and above.closes:
        shown.append("above:closes")
    if above and view.number - above.number > 1:
        shown.append("gap_above")
    if below is None or below.number - view.number > 1:
        shown.append("gap_below")
    return shown


@dataclass(frozen=True, slots=True)
class _Run:
    """Lines without prose between them, as words: how many ways to reach somebody, whether the author's name is among
    them, whether nothing but signature follows. `kind` sums it up in one word."""

    words: tuple[str, ...]
    kind: str


def _runs(views: Sequence[LineView]) -> list[_Run]:
    found: list[_Run] = []
    start = 0
    while start < len(views):
        prose = views[start].sign is Sign.PROSE
        end = start + 1
        while end < len(views) and (views[end].sign is Sign.PROSE) == prose:
            end += 1
        run = _Run((), "prose") if prose else _run_of(views[start:end], end == len(views))
        found += [run] * (end - start)
        start = end
    return found


def _run_of(views: Sequence[LineView], last: bool) -> _Run:
    signs = [view.sign for view in views]
    reach = sum(Sign.REACH in view.contacts for view in views)
    contacts = sum(len(view.contacts) for view in views)
    kinds = len({sign for view in views for sign in view.contacts})
    lines = sum(bool(view.contacts) for view in views)
    named = Sign.NAME in signs
    closed = any(view.closes for view in views)
    own = any(view.own for view in views)
    words = [
        f"run.contacts:{_bucket(contacts, (0, 1, 2))}",
        f"run.kinds:{min(kinds, 3)}",
        f"run.reach:{min(reach, 2)}",
        f"run.lines:{_bucket(len(views), (1, 3, 6, 12, 24))}",
        f"run.share:{_bucket(10 * lines // len(views), (1, 3, 5, 7))}",
    ]
    words += [
        word
        for word, holds in (("run.named", named), ("run.closed", closed), ("run.last", last), ("run.own", own))
        if holds
    ]
    head = "named" if named else "own" if own else "closed" if closed else "bare"
    tail = "last" if last else "inner"
    kind = f"{head}.{tail}.{min(contacts, 3)}"
    return _Run((*words, f"run:{kind}"), kind)


def _last_before(views: Sequence[LineView], holds: Callable[[LineView], bool]) -> list[int]:
    """For each line the place of the nearest line at or above it that holds, -1 without one."""
    found, last = [], -1
    for place, view in enumerate(views):
        if holds(view):
            last = place
        found.append(last)
    return found


def _prose_below(views: Sequence[LineView]) -> list[int]:
    found, prose = [0] * len(views), 0
    for place in range(len(views) - 1, -1, -1):
        found[place] = prose
        prose += views[place].sign is Sign.PROSE
    return found


@lru_cache(maxsize=1024)
def _bucket(value: int, edges: tuple[int, ...]) -> str:
    """'2' for the edge itself, '3-6' for what lies between two, '13+' beyond the last."""
    below = -1
    for edge in edges:
        if value <= edge:
            return str(edge) if edge == below + 1 else f"{below + 1}-{edge}"
        below = edge
    return f"{below + 1}+"
