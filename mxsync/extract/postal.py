"""Postal addresses in a signature: street, postal code, city and country, where their form says so plainly.

Better nothing than a wrong one: a line becomes part of an address only by a street word, a post-box word or a postal
code
of a known form next to a place name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mxsync.extract.postal_words import COUNTRIES, EAST_ASIAN, POST_BOX, STREET

_CLIP = 200
_DIGIT = re.compile(r"\d")
_PLACE = r"[^\W\d_][^\d,;|]{1,39}"
_STREET_NUMBER = re.compile(r"(?:^|\s)\d{1,5}\s?[a-zA-Z]?(?:\s?[-/]\s?\d{1,5}[a-zA-Z]?)?(?:$|[\s,])")
_FORMS = (
    # 10115 Berlin · D-10115 Berlin · 1017 AB Amsterdam · 75008 Paris · 28013 Madrid · 00-950 Warszawa · 110 00 Praha
    re.compile(
        rf"^(?:(?:[A-Z]{{1,3}})[-–]\s?)?(?P<code>\d{{4}}\s?[A-Z]{{2}}|\d{{2}}-\d{{3}}|\d{{3}}\s\d{{2}}|\d{{4,5}}(?:-\d{{3}})?)\s+(?P<city>{_PLACE})$"
    ),
    # Houston, Texas 77002 · Burlington, MA 01803-1234
    re.compile(
        rf"^(?P<city>{_PLACE}),?\s+(?P<region>[A-Z]{{2}}|[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)\.?,?\s+(?P<code>\d{{5}}(?:-\d{{4}})?)$"
    ),
    # Toronto, ON M5V 2T6
    re.compile(rf"^(?P<city>{_PLACE}),?\s+(?P<region>[A-Z]{{2}})?,?\s*(?P<code>[A-Z]\d[A-Z]\s?\d[A-Z]\d)$"),
    # London EC1A 1BB
    re.compile(rf"^(?:(?P<city>{_PLACE}?),?\s+)?(?P<code>[A-Z]{{1,2}}\d[A-Z\d]?\s\d[A-Z]{{2}})$"),
    # Cape Town 8001 · Sandton, 2196 · Sydney NSW 2000
    re.compile(
        rf"^(?P<city>{_PLACE}?),?\s+(?:(?P<region>NSW|VIC|QLD|SA|WA|TAS|ACT|NT),?\s+)?(?P<code>\d{{4}}|\d{{6}})$"
    ),
)
_SAINT = re.compile(r"^(?:[A-Z]{1,2}-)?\d{4,5}\s+(?:st|saint|sankt)\b", re.IGNORECASE)  # '9000 St. Gallen' is no street
_CODE_ALONE = re.compile(r"^(?:\d{4,6}|[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d)$")
_STATE_CODE = re.compile(r"^(?P<region>[A-Z]{2,3})\s+(?P<code>\d{4,5}(?:-\d{4})?|[A-Z]\d[A-Z]\s?\d[A-Z]\d)$")


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """What was found; every part may be ''. `line` is where it begins, `end` the line after it."""

    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    line: int = 0
    end: int = 0

    @property
    def text(self) -> str:
        """The address for reading, a line a part."""
        place = " ".join(part for part in (self.city, self.region, self.postal_code) if part)
        return "\n".join(part for part in (self.street, place, self.country) if part)


def is_street(text: str) -> bool:
    """Whether a piece of a line is a street with its number, or a post box."""
    piece = text[:_CLIP]
    if not piece.isascii() and EAST_ASIAN.search(piece):
        return True
    if not _DIGIT.search(piece):
        return False
    return bool(POST_BOX.search(piece) or (_STREET_NUMBER.search(piece) and STREET.search(piece)))


def is_place(text: str) -> bool:
    """Whether a piece of a line is a place with its postal code."""
    piece = text.strip()[:_CLIP]
    return bool(_DIGIT.search(piece)) and any(form.match(piece) for form in _FORMS)


def find_postal(pieces: Sequence[tuple[int, str]]) -> PostalAddress | None:
    """The first address in the pieces of a signature, each with the number of its line; None without one.

    Pieces are what is left of lines between their separators, in reading order; commas are still in them.
    """
    parts = [
        (number, part.strip(" .\t"))
        for number, piece in pieces
        for part in _comma_parts(piece[:_CLIP])
        if part.strip(" .\t")
    ]
    for start, (number, part) in enumerate(parts):
        if is_street(part) or is_place(part):
            found = _from(parts[start : start + 8], number)
            if found is not None:
                return found
    return None


def _comma_parts(piece: str) -> list[str]:
    """'5 Wayside Rd, Burlington, MA 01803, USA' in four; 'Houston, Texas 77002' stays one, its form needs both
    halves."""
    parts = [part.strip() for part in re.split(r"[,;]", piece)]
    joined: list[str] = []
    for part in parts:
        if joined and not is_street(joined[-1]) and any(form.match(f"{joined[-1]}, {part}") for form in _FORMS[1:]):
            joined[-1] = f"{joined[-1]}, {part}"
        else:
            joined.append(part)
    return joined


def _from(parts: Sequence[tuple[int, str]], line: int) -> PostalAddress | None:
    street: list[str] = []
    city = region = code = country = ""
    end = line
    for number, part in parts:
        if number > end + 2:
            break
        known = COUNTRIES.get(part.lower().strip("."))
        form = next((match for pattern in _FORMS if (match := pattern.match(part))), None)
        state = _STATE_CODE.match(part)
        if not (city and code) and is_street(part) and not _SAINT.match(part):
            street.append(part)
        elif known and (street or city):
            country, end = known, number
            break
        elif form and not code:
            groups = form.groupdict()
            before = groups.get("city") or ""
            if city and before:
                street.append(city)  # a suburb
            city, code = before.strip(" ,") or city, groups["code"]
            region = groups.get("region") or region
        elif state and street and not code:
            region, code = state.group("region"), state.group("code")
        elif _CODE_ALONE.match(part) and street and not code:
            code = part
        elif street and not code and _looks_like_place(part):
            if city:
                street.append(city)  # a suburb stands before the town
            city = part
        else:
            break
        end = number
    if not street and not country and not (city and code):
        return None
    if city and not code and not country:
        city = ""  # the word after a street is a place only where a code or a country confirms it
    return PostalAddress(", ".join(street), city, region, code, country, line, end + 1)


def _looks_like_place(part: str) -> bool:
    words = part.split()
    return (
        0 < len(words) <= 4
        and all(word[:1].isupper() or word in ("am", "an", "der", "de", "la", "sur", "upon") for word in words)
        and part.replace(" ", "").replace("-", "").isalpha()
    )
