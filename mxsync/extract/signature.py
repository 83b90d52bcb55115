"""Where, in the lines of its author, a mail closes and its signature stands, by rules: the first guess, which the line
model of `ending` is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mxsync.extract.boilerplate import Added, find_added
from mxsync.extract.line_signs import CONTACT, Sign, is_name, looks_like_name, sign_of
from mxsync.extract.signature_words import CLOSING
from mxsync.extract.word_list import words

WINDOW = 40
"""Lines with text, from the end, among which a signature is looked for."""

SIGNATURE_LINES = 24
"""A signature has no more lines with text than this."""

_DELIMITER = re.compile(r"^\s*(?:--|__|—|–\s?–)\s*$")
_GOES_WITH = words("for again and & from aus in to all everyone guys team folks voor pour por per para von vir für")
_AROUND = " ,.;:!*~-–—_、。，！；،؛"
"""What stands around words in any script: commas and full stops of East Asia and of Arabic among them."""

_AND = words("and und en et y e og och ja a i и та і ve și és και & oraz sowie")
_SENTENCE_BEGINS = re.compile(r"[.!?]\s+\S+\s+\S+\s+\S+")
_OPEN = re.compile(r"^\W*(?:see|talk|speak|looking|love|later|take|have)\b", re.IGNORECASE)
_RULE = re.compile(r"^\s*[-_=*~#]{3,}\s*$")


@dataclass(frozen=True, slots=True)
class Author:
    """What is known of who wrote it: the `words` of the name and the registered label of the domain (`firm`), both in
    lower case, the `country` of the domain (ISO 3166), and whether the header shows a person's name (`shown`) or the
    words are only those of the address (`address`, in lower case)."""

    words: frozenset[str] = frozenset()
    firm: str = ""
    country: str = ""
    shown: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """Numbers of lines: the closing, the signature, and what a program or a legal department added (`boilerplate`)."""

    closing: tuple[int, ...] = ()
    signature: tuple[int, ...] = ()
    boilerplate: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """What both the rules and the model look at: the last lines with text that no program added (`written`), what each
    shows (`signs`), how many such lines stand before them (`before`), and the lines that programs added."""

    written: tuple[int, ...]
    signs: Mapping[int, Sign]
    before: int
    added: Mapping[int, Added]


def window_of(lines: Sequence[str], own: Sequence[int], author: Author) -> Window:
    """The end of a mail, in the lines numbered `own` (see `quotes.own_lines`). Linear in the text."""
    added = find_added(lines, own)
    written = [number for number in own if number not in added and lines[number].strip()]
    before = max(0, len(written) - WINDOW)
    last = tuple(written[before:])
    signs = {number: sign_of(lines[number], author.words, author.firm) for number in last}
    return Window(last, signs, before, added)


def find_ending(lines: Sequence[str], window: Window, author: Author) -> Ending:
    """The ending by rules alone."""
    written, signs = window.written, window.signs
    boilerplate = tuple(window.added)
    if not written:
        return Ending(boilerplate=boilerplate)
    delimited = _after_delimiter(lines, written)
    if delimited is not None:
        closing, rest = _closing_of(lines, delimited, signs, author)
        above = written[: len(written) - len(delimited)]
        drawn = [number for number in above[-2:] if _DELIMITER.match(lines[number]) or _RULE.match(lines[number])]
        return Ending(closing, rest, (*drawn, *boilerplate))
    start = _closing_line(lines, written, signs)
    if start is not None:
        block = written[start:]
        closing, rest = _closing_of(lines, block, signs, author)
        return Ending(closing, rest, boilerplate)
    return _by_shape(lines, written, signs, author, boilerplate)


def _after_delimiter(lines: Sequence[str], written: Sequence[int]) -> list[int] | None:
    """The lines below '-- ' (RFC 3676, 4.3), or below a short rule with little under it."""
    for place in range(len(written) - 1, -1, -1):
        line = lines[written[place]]
        below = list(written[place + 1 :])
        if _DELIMITER.match(line) and below and len(below) <= SIGNATURE_LINES:
            return below
    return None


def _closing_line(lines: Sequence[str], written: Sequence[int], signs: Mapping[int, Sign]) -> int | None:
    """The place in `written` of the closing under which nothing but a signature stands."""
    prose = 0
    for place in range(len(written) - 1, -1, -1):
        if len(written) - place > SIGNATURE_LINES + 2:
            return None
        line = lines[written[place]]
        if is_closing(line) and prose <= 1 and not _goes_on(written, place, signs):
            above = place - 1
            # 'Thanks for your help.' / 'Kind regards': both close, if they follow each other
            while above >= 0 and is_closing(lines[written[above]]):
                place, above = above, above - 1
            return place
        if signs[written[place]] is Sign.PROSE:
            prose += 1
            if prose > 2:
                return None
    return None


def _goes_on(written: Sequence[int], place: int, signs: Mapping[int, Sign]) -> bool:
    """Whether the letter goes on after the line: then it thanks, and does not close."""
    return place + 1 < len(written) and signs[written[place + 1]] is Sign.PROSE


def is_closing(line: str) -> bool:
    """Whether a line closes a letter: 'Kind regards,', 'Thanks! Jane', 'Mit freundlichen Grüßen'; not 'Thanks for the
    long report …'."""
    text = line.strip()[:120]
    found = CLOSING.match(text)
    if not found:
        return False
    rest = found.group("rest")
    if rest and (rest[0].isalnum() or rest[0] in "'’"):
        return False
    said = rest.strip(_AROUND).split()
    if not said:
        return True
    if said[0].lower() in _AND and len(said) > 1 and CLOSING.match(" ".join(said[1:])):
        return True  # 'Thanks and kind regards'
    if said[0].lower() in _GOES_WITH:  # 'Thanks for your help.'
        return len(said) <= 6 and not _SENTENCE_BEGINS.search(rest)
    named = all(word[:1].isupper() or not word[:1].isalpha() for word in said) and said[0] not in ("I", "I'll", "I’ll")
    punctuated = rest.lstrip()[0] in ",.;:!*~-–—"
    return named and len(said) <= (4 if punctuated else 2) and (punctuated or not _OPEN.match(text))


def _closing_of(
    lines: Sequence[str], block: Sequence[int], signs: Mapping[int, Sign], author: Author
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """(closing, signature) of a block that begins with a closing, or under a delimiter."""
    closing: list[int] = []
    rest = list(block)
    while rest and is_closing(lines[rest[0]]):
        closing.append(rest.pop(0))
    while rest and signs[rest[0]] is Sign.RULE:
        rest.pop(0)
    if not rest:
        return tuple(closing), ()
    first = lines[rest[0]].strip()
    signs_name = is_name(first, author.words) or looks_like_name(first) or len(first) <= 4
    if signs_name and closing:
        if not any(signs[number] in CONTACT for number in rest[1:]):
            said = [number for number in rest if signs[number] is not Sign.PROSE]
            short = [number for number in said if len(lines[number]) <= 40]
            return tuple(closing + short), tuple(number for number in said if number not in short)
        if _one_name(first) and len(rest) > 1 and _begins_anew(lines, rest, author):
            closing.append(rest.pop(0))
    return tuple(closing), tuple(_without_prose_at_end(rest, signs))


def _one_name(text: str) -> bool:
    """Whether a line is a single name, which an East Asian word is not: it is the whole."""
    return len(text.split()) == 1 and text[:1] < "\u2e80"


def _begins_anew(lines: Sequence[str], rest: Sequence[int], author: Author) -> bool:
    """'Jane' / 'Jane Roe': the first signs, the second begins the block."""
    second = lines[rest[1]].strip()
    return is_name(second, author.words) or (
        rest[1] > rest[0] + 1 and looks_like_name(second) and len(second.split()) > 1
    )


def _without_prose_at_end(block: list[int], signs: Mapping[int, Sign]) -> list[int]:
    """A postscript is not part of the signature; a motto between the lines of one may be."""
    end = len(block)
    while end > 0 and signs[block[end - 1]] in (Sign.PROSE, Sign.RULE):
        end -= 1
    return (
        block[:end]
        if any(signs[number] in CONTACT for number in block[:end])
        else [number for number in block[:end] if signs[number] is not Sign.PROSE]
    )


def _by_shape(
    lines: Sequence[str],
    written: Sequence[int],
    signs: Mapping[int, Sign],
    author: Author,
    boilerplate: tuple[int, ...],
) -> Ending:
    """Without a closing: the lines at the end that begin with the author's name, or that are all ways to reach
    somebody."""
    block: list[int] = []
    for number in reversed(written):
        if signs[number] is Sign.PROSE or len(block) >= SIGNATURE_LINES:
            break
        block.insert(0, number)
    while block and signs[block[-1]] is Sign.RULE:
        block.pop()
    if not block:
        return Ending(boilerplate=boilerplate)
    names = [place for place, number in enumerate(block) if signs[number] is Sign.NAME]
    contacts = sum(signs[number] in CONTACT for number in block)
    if names:
        return _from_name(lines, block, names, signs, author, boilerplate)
    if not author.words or contacts >= 3:
        start = _first_of_contacts(lines, block, signs, not author.words)
        if start is not None:
            return Ending((), tuple(block[start:]), boilerplate)
    if len(written) > 1 and written[-1] > written[-2] + 1 and _signs_off(lines[block[-1]].strip(), author):
        return Ending((block[-1],), (), boilerplate)
    return Ending(boilerplate=boilerplate)


def _signs_off(text: str, author: Author) -> bool:
    """Whether a line at the end is a name, though not the header's: 'JR', 'Janey'; anyone's if that is unknown."""
    bare = text.strip(" ,-–*")
    if len(author.words) <= 1:
        return looks_like_name(text) and len(bare.split()) <= 2 and not text.endswith(".")
    initials = {word[0] for word in author.words}
    return (
        len(bare.split()) == 1
        and bare.isalpha()
        and len(bare) <= 12
        and bare[0].isupper()
        and bare[0].lower() in initials
    )


def _from_name(
    lines: Sequence[str],
    block: list[int],
    names: list[int],
    signs: Mapping[int, Sign],
    author: Author,
    boilerplate: tuple[int, ...],
) -> Ending:
    start = names[-1] if len(block) - names[-1] > 1 else names[0]
    for place in names:
        below = block[place + 1 :]
        if below and sum(signs[number] in CONTACT or signs[number] is Sign.NAME for number in below) * 2 >= len(below):
            start = place
            break
    rest = block[start:]
    if not any(signs[number] in CONTACT for number in rest):
        # Only a name: it closes the letter, if nothing that matters stands under it.
        return Ending((rest[0],), (), boilerplate) if len(rest) <= 2 else Ending(boilerplate=boilerplate)
    closing: tuple[int, ...] = ()
    first = lines[rest[0]].strip()
    if _one_name(first) and len(rest) > 1 and _begins_anew(lines, rest, author):
        closing, rest = (rest[0],), rest[1:]
    return Ending(closing, tuple(rest), boilerplate)


def _first_of_contacts(lines: Sequence[str], block: list[int], signs: Mapping[int, Sign], unknown: bool) -> int | None:
    """Where a block begins that has no name to be known by: at the line above its first ways to reach somebody."""
    places = [place for place, number in enumerate(block) if signs[number] in CONTACT]
    reach = [place for place in places if signs[block[place]] is Sign.REACH]
    if not reach or (len(places) < 2 and not unknown):
        return None
    start = places[0]
    if start > 0 and looks_like_name(lines[block[start - 1]].strip()):
        start -= 1
    elif len(places) < 2:
        return None
    share = sum(signs[number] in CONTACT for number in block[start:]) / len(block[start:])
    return start if share >= 0.5 and looks_like_name(lines[block[start]].strip()[:60]) else None
