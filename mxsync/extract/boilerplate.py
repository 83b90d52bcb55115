"""Lines of a mail that no person wrote for it: what devices, providers, list servers, calendars, scanners and legal
departments add. Recognised as what they are, so that no number and no address in them is taken for anybody's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum

from mxsync.extract import boilerplate_words as say
from mxsync.extract.signature_words import CLOSING

SEARCHED = 80
"""Lines with text, from the end of the author's part, that are looked at; a join block may be long."""

PARAGRAPHS = 10
"""Paragraphs, from the end, among which a legal notice is looked for."""

_CLIP = 400
_RULE = re.compile(r"^\s*[-_=*~#.─—]{3,}\s*$")
_DIAL = re.compile(r"\+?\d[\d ()-]{6,}(?:,{1,4}\d*#?)?|\d{3}[ -]\d{3}[ -]\d{3,4}")
_LABELLED = re.compile(
    r"(?:\b(?:tel|fax|mob|mobil|mobile|cell|fon|phone|тел|факс|моб)|電話|携帯|전화|휴대폰|هاتف|جوال|טלפון|נייד)\w{0,8}\.?\s?[:：]?\s?\+?\(?\d",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://|<mailto:|\bsip:", re.IGNORECASE)


class Added(Enum):
    """Who added a line."""

    DEVICE = "a telephone or mail program"
    ADVERT = "a mail provider"
    ATTACHED = "the mark of an attachment"
    ANTIVIRUS = "a virus scanner"
    MEETING = "a calendar: how to join a meeting"
    UNSUBSCRIBE = "a newsletter"
    LIST_FOOTER = "a list server"
    NOTICE = "a legal department"
    GATEWAY = "a mail gateway, which warns of mail from outside"


_FOOTERS = (say.LEGAL_WORD, say.UNSUBSCRIBE, say.LIST_FOOTER, say.ANTIVIRUS, say.NOTICE_HEAD_ANYWHERE, say.ENVIRONMENT)


def find_added(lines: Sequence[str], own: Sequence[int]) -> Mapping[int, Added]:
    """The lines among those numbered `own` that were added, and by whom. Linear in the text.

    Only what stands towards the end is looked at: a text about a mailing list is not one's footer.
    """
    written = [number for number in own if lines[number].strip()][-SEARCHED:]
    found: dict[int, Added] = {}
    tail = "\n".join(lines[number][:_CLIP] for number in written)
    possible = [(say.ATTACHED, Added.ATTACHED)]
    if say.LINE_ADDED_ANYWHERE.search(tail):
        possible = [(say.DEVICE, Added.DEVICE), (say.ADVERT, Added.ADVERT), *possible]
    if say.REGISTERED_ANYWHERE.search(tail):
        possible.append((say.REGISTERED, Added.NOTICE))
    for number in written:
        text = lines[number][:_CLIP]
        for expression, kind in possible:
            if expression.match(text):
                found[number] = kind
                break
    for number in [number for number in own[:12] if lines[number].strip()][:4]:
        if say.GATEWAY.match(lines[number][:_CLIP]):
            found[number] = Added.GATEWAY
    if say.MEETING.search(tail):
        _join_blocks(lines, written, found)
    if any(words.search(tail) for words in _FOOTERS):
        _footers(lines, own, written, found)
    return dict(sorted(found.items()))


def _join_blocks(lines: Sequence[str], written: Sequence[int], found: dict[int, Added]) -> None:
    """From the first line about joining a meeting to the last one, with what dials, links and rules lie between and
    around; two such lines at least, or one with a link."""
    marks = [place for place, number in enumerate(written) if say.MEETING.search(lines[number][:_CLIP])]
    groups: list[list[int]] = []
    for place in marks:
        if groups and place - groups[-1][-1] <= 6 and _all_short(lines, written[groups[-1][-1] : place]):
            groups[-1].append(place)
        else:
            groups.append([place])
    for group in groups:
        first, last = group[0], group[-1]
        alone = lines[written[first]][:_CLIP]
        if len(group) < 2 and not (_LINK.search(alone) and len(alone.split()) <= 6):
            continue
        if not any(_joins(lines[written[place]][:_CLIP]) for place in range(first, last + 1)):
            continue
        while first > 0 and _RULE.match(lines[written[first - 1]][:_CLIP]):
            first -= 1
        while last + 1 < len(written) and _continues(lines, written[last], written[last + 1]):
            last += 1
        for place in range(first, last + 1):
            found[written[place]] = Added.MEETING


def _joins(line: str) -> bool:
    """Whether a line has something to join with; a sentence about meetings has not."""
    return bool(_LINK.search(line) or _DIAL.search(line))


def _continues(lines: Sequence[str], last: int, below: int) -> bool:
    """Whether the next line with text is still the join block's."""
    line = lines[below][:_CLIP]
    if below > last + 1 and _RULE.match(line):
        return False  # it is drawn for what comes below
    return _goes_along(line) or (below == last + 1 and not _RULE.match(lines[last][:_CLIP]) and _in_block(line))


def _goes_along(line: str) -> bool:
    """Whether a line below a join block belongs to it: a number to dial, a link, a rule."""
    text = line.strip()
    number = _DIAL.search(text)
    if number and (",," in text or "#" in text or number.start() == 0) and "@" not in text:
        return len(text) <= 90 and not _LABELLED.search(text)
    return bool(_RULE.match(text)) or (bool(_LINK.match(text.lstrip("<["))) and len(text.split()) <= 3)


def _in_block(line: str) -> bool:
    """Whether a line right below one of a join block is another: short, and no way to reach a person."""
    return len(line.split()) <= 8 and "@" not in line and not _LABELLED.search(line) and not CLOSING.match(line)


def _all_short(lines: Sequence[str], numbers: Sequence[int]) -> bool:
    return all(len(lines[number]) <= 200 for number in numbers)


def _footers(lines: Sequence[str], own: Sequence[int], written: Sequence[int], found: dict[int, Added]) -> None:
    """Paragraphs at the end: list footers, ways to unsubscribe, scanners' remarks, legal notices."""
    if not written:
        return
    start = written[0]
    paragraphs = _paragraphs(lines, [number for number in own if number >= start and number not in found])
    last = True  # whether nothing but boilerplate stands below
    first = next((number for number in own if lines[number].strip()), -1)
    for index in range(len(paragraphs) - 1, max(-1, len(paragraphs) - 1 - PARAGRAPHS), -1):
        whole = paragraphs[index]
        if whole[0] != first and _class_of(lines, whole) is Added.LIST_FOOTER:
            found.update((number, Added.LIST_FOOTER) for number in whole if number not in found)
            continue
        if last and (len(whole) > 1 or whole[0] != first):
            _single_lines(lines, whole, found)
        paragraph = [number for number in whole if number not in found]
        if not paragraph:
            continue
        kind = _class_of(lines, paragraph)
        start = _notice_start(lines, paragraph) if kind is Added.NOTICE else 0
        if kind is None or (start == 0 and paragraph[0] == first):  # the first is never all boilerplate
            last = False
            continue
        if kind is Added.NOTICE:
            for later in paragraphs[index + 1 :]:  # what follows a notice is the notice's
                if not _contacts(lines, later):
                    found.update(dict.fromkeys((number for number in later if number not in found), Added.NOTICE))
        found.update(dict.fromkeys(paragraph[start:], kind))
        last = last and start == 0


def _notice_start(lines: Sequence[str], paragraph: Sequence[int]) -> int:
    """Where in its paragraph a notice begins: a signature may stand right above it."""
    from mxsync.extract.line_signs import CONTACT, sign_of

    start = len(paragraph)
    while start > 0:
        line = lines[paragraph[start - 1]][:_CLIP]
        legal = say.LEGAL_WORD.search(line) or say.NOTICE_HEAD.match(line)
        wrapped = start == len(paragraph) and start > 1 and len(lines[paragraph[start - 2]]) > 40
        if not legal and not (len(line) >= 48 or wrapped or (sign_of(line, frozenset()) not in CONTACT and start < 3)):
            break
        if not legal and sign_of(line, frozenset()) in CONTACT:
            break
        start -= 1
    return start


def _class_of(lines: Sequence[str], paragraph: Sequence[int]) -> Added | None:
    text = " ".join(lines[number][:2_000] for number in paragraph[:30])[:6_000]
    matches = {match.group().lower() for match in say.LEGAL_WORD.finditer(text)}
    last = lines[paragraph[-1]][:_CLIP]
    legal = len(matches) >= 2 and len(text) > (60 if text.isascii() or text[:1].isascii() else 20)
    headed = say.NOTICE_HEAD.match(text) or say.NOTICE_HEAD.match(last)
    if (legal or (headed and len(text) > 40)) and (len(paragraph) > 1 or not _contacts(lines, paragraph)):
        return Added.NOTICE
    foot = sum(bool(say.LIST_FOOTER.search(lines[number][:_CLIP])) for number in paragraph[:12])
    leave = sum(bool(say.UNSUBSCRIBE.search(lines[number][:_CLIP])) for number in paragraph[:12])
    ruled = bool(_RULE.match(lines[paragraph[0]][:_CLIP]))
    if foot and (ruled or foot + leave >= 2) and len(paragraph) <= 12:
        return Added.LIST_FOOTER
    if (
        leave
        and (ruled or len(paragraph) <= 3)
        and any(_LINK.search(lines[n][:_CLIP]) or "@" in lines[n][:_CLIP] for n in paragraph)
    ):
        return Added.UNSUBSCRIBE
    return None


def _single_lines(lines: Sequence[str], paragraph: Sequence[int], found: dict[int, Added]) -> None:
    """Lines that are boilerplate by themselves, at the end of a paragraph: a signature may stand right above them."""
    for number in reversed(paragraph):
        text = lines[number][:_CLIP]
        if number in found:
            continue
        if say.ANTIVIRUS.search(text) and len(text) <= 200:
            found[number] = Added.ANTIVIRUS
        elif say.UNSUBSCRIBE.match(text.strip(" -*_|")) and len(text) <= 200:
            found[number] = Added.UNSUBSCRIBE
        elif say.LIST_FOOTER.match(text.strip(" -*_|")) and len(text) <= 200:
            found[number] = Added.LIST_FOOTER
        elif say.NOTICE_HEAD.match(text) or say.ENVIRONMENT.search(text):
            found[number] = Added.NOTICE
        elif not _RULE.match(text):
            break


def _contacts(lines: Sequence[str], paragraph: Sequence[int]) -> bool:
    """Whether more than half of a paragraph is a contact block."""
    from mxsync.extract.line_signs import CONTACT, sign_of

    return sum(sign_of(lines[number], frozenset()) in CONTACT for number in paragraph[:30]) * 2 > len(paragraph)


def _paragraphs(lines: Sequence[str], numbers: Sequence[int]) -> list[list[int]]:
    found: list[list[int]] = []
    last = -2
    for number in numbers:
        if not lines[number].strip():
            last = -2
            continue
        if number != last + 1 or last == -2:
            found.append([])
        found[-1].append(number)
        last = number
    return found
