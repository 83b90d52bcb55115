"""Who wrote what below (or between) the author's own lines: quoted and forwarded messages, each with its author."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mxsync.extract.facts import FORWARDED, QUOTED
from mxsync.extract.quote_marks import broken_off, marked, plain_lines, without_marks
from mxsync.extract.quote_words import FORWARD, FROM, HEADER_LINE
from mxsync.extract.quotes import attribution_end, divides, heading_possible
from mxsync.model.item import Address

LINES = 400
"""Lines below the author's own that are looked at."""

PARTS = 6
"""Messages that are told apart."""

HEADERS = 14
"""Lines of a header block, its rule and its empty lines included."""

_PERSON = re.compile(
    r"(?P<name>[^<>()\[\]:;\t]{0,120}?)\s*[<(\[]+(?:mailto:)?(?P<address>[^\s<>()\[\]@]{1,64}@[^\s<>()\[\]]{3,200}?)[>)\]]"
)
_BARE = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_NOT_NAME = re.compile(
    r"^.*\d\S*[,.]?\s+(?:[ap]\.?m\.?\s+)?"
    r"|^.*?\b(?:schrieb|skrev|schreef|geskryf|heeft|het|hat|um|uhr|odesílatel|utilisateur|ο χρήστης|мск|в|at|kl)\s+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class QuotedPart:
    """One message below: who wrote it, as far as it is said, whether it was forwarded or quoted ('forwarded',
    'quoted'), and the numbers of its lines, without marks and headers."""

    author: Address
    source: str
    numbers: tuple[int, ...]


def quoted_parts(lines: Sequence[str], own: Sequence[int]) -> tuple[list[str], tuple[QuotedPart, ...]]:
    """(all lines without the marks of quotes, the messages below). Linear in the text."""
    lines = plain_lines(lines)
    mine = set(own)
    others = [number for number in range(len(lines)) if number not in mine][:LINES]
    bare = list(lines)
    depths: dict[int, int] = {}
    broken = broken_off(lines, [marked(line) for line in lines])
    for number in others:
        depths[number], bare[number] = without_marks(lines[number])
        if number in broken:
            depths[number] = depths.get(number - 1, 0)
    rows = [bare[number] for number in others]
    found: list[QuotedPart] = []
    author, source, collected, depth = Address(), QUOTED, list[int](), 0
    place = 0
    possible = heading_possible(rows)
    while place < len(others):
        end, said, kind = _heading(rows, place) if possible[place] else (0, Address(), QUOTED)
        if end:
            _keep(found, bare, author, source, collected)
            if len(found) >= PARTS:
                return bare, tuple(found)
            author, source, collected = said, kind, []
            depth = depths[others[place]]
            place = end
            continue
        number = others[place]
        if depths[number] < depth and rows[place].strip():  # back to the message that quoted this one
            _keep(found, bare, author, source, collected)
            author, source, collected, depth = Address(), QUOTED, [], depths[number]
        collected.append(number)
        place += 1
    _keep(found, bare, author, source, collected)
    return bare, tuple(found[:PARTS])


def _keep(found: list[QuotedPart], bare: Sequence[str], author: Address, source: str, collected: Sequence[int]) -> None:
    written = [number for number in collected if bare[number].strip()]
    if not written:
        return
    if not author.name and not author.address:  # an attribution in a language that is not known
        person = _PERSON.search(bare[written[0]][:400])
        if person and len(written) > 1:
            author, collected = person_in(bare[written[0]]), [n for n in collected if n > written[0]]
    found.append(QuotedPart(author, source, tuple(collected)))


def _heading(rows: Sequence[str], place: int) -> tuple[int, Address, str]:
    """(the row after a heading that begins at `place`, the author it names, forwarded or quoted); 0 for none."""
    line = rows[place][:400]
    if not line.strip():
        return 0, Address(), QUOTED
    after = attribution_end(rows, place)
    if after:
        return after, person_in(" ".join(row.strip() for row in rows[place:after])[:800]), QUOTED
    if not divides(rows, place):
        return 0, Address(), QUOTED
    source = FORWARDED if FORWARD.search(line) else QUOTED
    author, end, seen = Address(), place + 1, 0
    for number in range(place, min(place + HEADERS, len(rows))):
        row = rows[number].replace("\u00a0", " ").strip("* \t\r")
        if FROM.match(row):
            author = author if author.address else person_in(re.split(r"[:：]", row, maxsplit=1)[1])
        if HEADER_LINE.match(row):
            seen, end = seen + 1, number + 1
        elif seen and not row:
            break
    if not author.name and not author.address:
        author = person_in(line)  # Lotus Notes: the sender stands first
    return end, author, source


def person_in(text: str) -> Address:
    """The person that a heading names: 'On 3 May, Jane Roe <jane@acme.example> wrote:', 'Jane Roe [mailto:jane@…]'."""
    found = _PERSON.search(text[:800])
    if found:
        return Address(_name(found.group("name")), found.group("address"))
    bare = _BARE.search(text[:800])
    if bare:
        return Address("", bare.group())
    name = re.sub(r"\S*\d\S*|[/].*$|---.*$", " ", text[:120].strip())
    name = " ".join(_name(name).split())
    return Address(name if 0 < len(name.split()) <= 5 else "", "")


def _name(text: str) -> str:
    name = text.rpartition("\t")[2].strip(" \"'*,")
    while (shorter := _NOT_NAME.sub("", name, count=1)) != name:
        name = shorter
    name = re.sub(r"\s+(?:wrote|writes|schrieb|skrev|a écrit|pisze|пишет|kirjoitti|ha scritto|escribió)$", "", name)
    return name.strip(" \"'*,:;-")
