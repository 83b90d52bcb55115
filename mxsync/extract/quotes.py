"""Which lines of a mail its author wrote, and which are quoted or forwarded from others.

The signs are those that mail programs leave in the plain text: '>' marks (RFC 3676, 4.5), attribution lines ('On …
wrote:'), separators
('-----Original Message-----'), and header blocks of Outlook, Lotus Notes and GroupWise, in a dozen languages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mxsync.extract.quote_marks import CLIP, GROUPWISE, MARK, broken_off, marked, plain_lines
from mxsync.extract.quote_words import (
    ATTRIBUTION_END,
    ATTRIBUTION_START,
    FROM,
    HEADER_LINE,
    SEPARATOR,
    SUBJECT_OR_TO,
)

ATTRIBUTION_LINES = 4
"""Lines over which an attribution may be broken."""

HEADING_LINES = 12
"""Lines over which the headers of a message may be broken."""

_DRAWN = frozenset("-_=*>─—")  # what lines that divide begin with
_HAS_DATE = re.compile(r"\d{1,4}[./年-]\s?\d{1,2}|\d{1,2}:\d{2}|\b(?:19|20)\d\d\b|\d\s?(?:月|일)")
_LOTUS_STAMP = re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AP]M)?\b", re.IGNORECASE)
_CLOCK = re.compile(r"^\d{1,2}:\d{2}")
_ZOHO = re.compile(r"^-{2,8}\s.{1,120}[<\s][^<>\s@]{1,64}@[^<>\s]{1,200}.{0,60}?-{2,8}$")
_ADDRESS_LINE = re.compile(r"^.{0,120}<[^<>\s]{1,200}@[^<>\s]{1,200}>.{0,60}:\s*$")
_RULE = re.compile(r"^\s*[_*=-]{10,}\s*$")
_INDENT = re.compile(r"^(?:\s|=09|=20)+")  # quoted-printable that a gateway left undecoded
_FOOT = re.compile(r"^\s*(?:--\s*|[_*=-]{10,}\s*)$")
_WORD = re.compile(r"[^\W\d_]{3,40}")
_DIGIT = re.compile(r"\d")
_SOMEBODY_WROTE = re.compile(r"^[^\W\d_][\w.'’@ -]{1,60} wrote$")
_LOTUS_DASHES = re.compile(r"^.{1,80}---\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4} .{4,30}---")


def own_lines(lines: Sequence[str], author: frozenset[str] = frozenset()) -> tuple[int, ...]:
    """The numbers of the lines that the newest author wrote, empty ones between them included. Linear in the text.

    `author` are the words of that author's name and address, in lower case: they tell whether a signature below a
    quote is the author's own or what is left of the quoted one's.
    """
    lines = plain_lines(lines)
    own: list[int] = []
    place, count = 0, len(lines)
    marks = [marked(line) for line in lines]
    broken = broken_off(lines, marks)
    wrote_above = quoted_last = False
    possible = heading_possible(lines)
    while place < count:
        line = lines[place][:CLIP]
        if not line.strip():
            own.append(place)
            place += 1
            continue
        if marks[place] or place in broken:
            place += 1
            quoted_last = True
            continue
        if quoted_last and wrote_above and _FOOT.match(line) and not _signed_by(lines, place, author):
            break
        if not possible[place]:
            own.append(place)
            wrote_above, quoted_last = True, False
            place += 1
            continue
        after = attribution_end(lines, place)
        if after:
            if not _marked_next(lines, after):
                break  # the quote is not marked: all that follows is quoted
            place = after
            quoted_last = True
            continue
        if divides(lines, place):
            own = _without_stamp_before(lines, own)
            break
        own.append(place)
        wrote_above, quoted_last = True, False
        place += 1
    return _trimmed(lines, own)


def heading_possible(lines: Sequence[str]) -> list[bool]:
    """For each line whether a heading may begin there, told before any expression is tried: none is without a colon in
    it or in the lines below, or a drawn line. Most lines of most mails are none."""
    found, since = [False] * len(lines), HEADING_LINES
    for place in range(len(lines) - 1, -1, -1):
        line = lines[place][:CLIP]
        since = 0 if ":" in line or "：" in line else since + 1
        found[place] = since < HEADING_LINES or line.lstrip()[:1] in _DRAWN or line.endswith(" wrote")
    return found


def _signed_by(lines: Sequence[str], place: int, author: frozenset[str]) -> bool:
    """Whether the lines below a delimiter name the author."""
    below = " ".join(line[:CLIP] for line in lines[place + 1 : place + 7]).lower()
    return any(word in author for word in _WORD.findall(below))


def attribution_end(lines: Sequence[str], place: int) -> int:
    """The number of the line after an attribution that begins at `place`; 0 if none does."""
    first = lines[place][:CLIP].strip()
    if GROUPWISE.match(first) or (first.startswith("--") and _ZOHO.match(first) and _HAS_DATE.search(first)):
        return place + 1
    below = lines[place + 1] if place + 1 < len(lines) else ""
    if first.endswith(" wrote") and _SOMEBODY_WROTE.match(first) and marked(below):
        return place + 1  # Nabble's
    if not any(_ends_in_colon(lines[number]) for number in range(place, min(place + ATTRIBUTION_LINES, len(lines)))):
        return 0  # most lines of most mails: told before any expression is tried
    starts = bool(ATTRIBUTION_START.match(first))
    stamped = bool(_HAS_DATE.search(first)) or "<" in first
    if not starts and not stamped and not ATTRIBUTION_END.search(first[-80:]):
        return 0
    joined = ""
    for number in range(place, min(place + ATTRIBUTION_LINES, len(lines))):
        line = lines[number][:CLIP].strip()
        if not line or (MARK.match(line) and not (joined and ATTRIBUTION_END.search(line) and "<" in joined)):
            return 0
        joined = f"{joined} {line}".strip()
        if not _ends_in_colon(line):
            continue
        wrote = joined.endswith(" wrote:") or bool(ATTRIBUTION_END.search(joined[-80:]))
        if wrote and (_HAS_DATE.search(joined) or "@" in joined or _marked_next(lines, number + 1)):
            return number + 1
        if "@" in joined and _HAS_DATE.search(joined) and _quote_next(lines, number + 1):
            return number + 1  # in whatever language
        if stamped and number == place and _ADDRESS_LINE.match(line) and _HAS_DATE.search(line):
            return number + 1  # '2017-03-02 15:57 GMT+02:00 Jane Roe <jane@acme.example>:'
        if number == place or not starts:
            return 0
    return 0


def _ends_in_colon(line: str) -> bool:
    return line[:CLIP].rstrip().endswith((":", "："))


def _marked_next(lines: Sequence[str], place: int) -> bool:
    for number in range(place, min(place + 3, len(lines))):
        if lines[number].strip():
            return bool(MARK.match(lines[number][:CLIP]))
    return False


def _quote_next(lines: Sequence[str], place: int) -> bool:
    """Whether a marked line stands right below, and not one of the author's."""
    return place < len(lines) and bool(MARK.match((lines[place] or lines[min(place + 1, len(lines) - 1)])[:CLIP]))


def divides(lines: Sequence[str], place: int) -> bool:
    """Whether everything from `place` on is another's: a separator, or the headers of the message that follows."""
    line = lines[place][:CLIP]
    if SEPARATOR.match(line.strip()):
        return True
    if _RULE.match(line):
        return _header_block(lines, place + 1)
    if _LOTUS_DASHES.match(line):
        return any(_header_block(lines, number) for number in range(place + 1, min(place + 4, len(lines))))
    headed = bool(HEADER_LINE.match(_header(line))) and _header_block(lines, place)
    return headed or _lotus_block(lines, place)


def _header(line: str) -> str:
    return _INDENT.sub("", line.replace("\u00a0", " ")).strip("* \t\r")


def _header_block(lines: Sequence[str], place: int) -> bool:
    """'From: …' with 'Sent:', 'To:' or 'Subject:' in the lines below it, in whatever order and language."""
    headers, has_from, others = 0, False, 0
    for number in range(place, min(place + 12, len(lines))):
        line = _header(lines[number][:CLIP])
        if not line:
            continue
        if HEADER_LINE.match(line):
            headers += 1
            has_from |= bool(FROM.match(line))
            others = 0
        else:
            others += 1  # a line of recipients that was broken
            if others > 2 or headers == 0:
                break
        if has_from and headers >= 3:
            return True
    return headers >= 2 and bool(FROM.match(_header(lines[place][:CLIP])))


def _lotus_block(lines: Sequence[str], place: int) -> bool:
    """Lotus Notes: the sender and the moment without any word before them, then 'To:', 'cc:' and 'Subject:'."""
    if not any(_DIGIT.search(line[:CLIP]) for line in lines[place : place + 3]):
        return False
    window = [_header(lines[number][:CLIP]) for number in range(place, min(place + 4, len(lines)))]
    if len(window[0]) > 120 or not _stamped(window):
        return False
    found = 0
    for number in range(place + 1, min(place + 12, len(lines))):
        line = _header(lines[number][:CLIP])
        if SUBJECT_OR_TO.match(line):
            found += 1
            if found >= 2:
                return True
        elif found == 0 and number > place + 4:
            return False
    return False


def _stamped(window: Sequence[str]) -> bool:
    """Whether the moment stands behind the sender, on the next line, or is broken over the two."""
    first, *below = window
    if _LOTUS_STAMP.search(first):
        return True
    if not below:
        return False
    if below[0].lower().startswith("sent by:"):
        below = below[1:]
    return bool(below and _LOTUS_STAMP.match(below[0])) or bool(
        re.search(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}$", first) and _CLOCK.match(below[0] if below else "")
    )


def _without_stamp_before(lines: Sequence[str], own: list[int]) -> list[int]:
    """Drops the letterhead that Lotus Notes puts above a forwarded message's headers."""
    kept = list(own)
    while kept and not lines[kept[-1]].strip():
        kept.pop()
    return own if kept and not _RULE.match(lines[kept[-1]][:CLIP]) else kept[:-1]


def _trimmed(lines: Sequence[str], own: list[int]) -> tuple[int, ...]:
    """Without the empty lines at both ends."""
    start, end = 0, len(own)
    while start < end and not lines[own[start]].strip():
        start += 1
    while end > start and not lines[own[end - 1]].strip():
        end -= 1
    return tuple(own[start:end])
