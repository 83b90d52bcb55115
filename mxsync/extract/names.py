"""Display names → the parts of a person's name.

'Roe, Jane (Sales)', 'jane.roe@acme.example', 'Dr Jan van der Merwe', 'ROE Jane', '王小明', 'Иванов Иван Иванович' and
what else mail programs put in
front of an address. Names follow no rule that holds everywhere; where the order is open, the address decides, then
usage.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from unicodedata import combining, normalize

from mxsync.extract.name_words import (
    CASED_SUFFIXES,
    CYRILLIC,
    FOR_ANOTHER,
    HONORIFICS,
    NOT_A_PERSON,
    PARTICLES,
    SUFFIXES,
)
from mxsync.extract.roles import role_local_part

LENGTH_LIMIT = 200
"""Characters of a display name that are looked at."""


@dataclass(frozen=True, slots=True)
class PersonName:
    """`full` is the name for people to read, without honorific and suffix. Every part may be ''; `is_person` is False
    for what names a desk, a firm or a machine: then only `full` is filled."""

    first: str = ""
    middle: str = ""
    last: str = ""
    honorific: str = ""
    suffix: str = ""
    full: str = ""
    is_person: bool = True


_NOBODY = PersonName(is_person=False)
_BRACKETS = re.compile(r"\([^()]{0,120}\)|\[[^\[\]]{0,120}\]|<[^<>]{0,200}>|\{[^{}]{0,120}\}|（[^（）]{0,120}）")
_VIA = re.compile(r"\s+(?:via|über|par|through|at|from|on behalf of)\s+\S.*$", re.IGNORECASE)
_ON_BEHALF = re.compile(r"^.*?\bon behalf of\s+", re.IGNORECASE)
_AFTER = re.compile(r"\s+[|/–—•·:-]+\s+.*$|\s*\|.*$|/[A-Z]{2,}.*$|@.*$|\s*;.*$")
_QUOTES = "\"'`“”‘’‚„«»‹› \t\r\n"
_SPACE = re.compile(r"\s+")
_LOCAL_PARTS = re.compile(r"[._-]+")
_LETTERS = re.compile(r"[^\W\d_]")
_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "æ": "ae", "ø": "oe"})
_INITIAL = re.compile(r"^[^\W\d_]\.?$")
_NICKNAME = re.compile(r"\s[\"“”„«‘'][^\"“”„«»‘’']{1,30}[\"“”»’'](?=\s)")
_ADDRESS = re.compile(r"^[^\s@]+@[^\s@]+$")


def split_name(display: str, address: str = "") -> PersonName:
    """The parts of the name in `display`; where that is empty or no name, of the one that the address shows.

    'jane.roe@acme.example' gives Jane Roe; 'jroe@' gives the last name Jroe, for want of better.
    """
    return _split(display[:LENGTH_LIMIT], address[:LENGTH_LIMIT])


@lru_cache(maxsize=8192)
def _split(display: str, address: str) -> PersonName:
    shown = _tidy(display)
    local = _local_part(address)
    if _ADDRESS.match(shown):
        local = local or _local_part(shown)
        shown = ""
    if not _LETTERS.search(shown):
        return _from_address(local)
    if " " not in shown and re.search(r"[^\W\d_]{2}[._][^\W\d_]{2}", shown) and shown.islower():
        return _from_address(shown)  # 'jane_roe', a login
    if _names_no_person(shown):
        return PersonName(full=shown, is_person=False)
    from mxsync.extract.name_scripts import split_by_script

    foreign = split_by_script(shown, _spellings, local)
    if foreign is not None:
        return foreign
    return _latin(shown, local)


def _tidy(display: str) -> str:
    text = _SPACE.sub(" ", display).strip(_QUOTES)
    if _ADDRESS.match(text.strip("<>")):
        return text.strip("<>")
    text = _ON_BEHALF.sub("", text)
    for _ in range(3):  # brackets in brackets
        text = _BRACKETS.sub(" ", text)
    text = _AFTER.sub("", _VIA.sub("", _NICKNAME.sub("", _SPACE.sub(" ", text))))
    return text.strip(_QUOTES + ",;")


def _names_no_person(shown: str) -> bool:
    shown = ",".join(shown.split(",")[:2])  # 'Roe, Jane, Acme Ltd' is Jane
    words = [word.strip(".,&()") for word in shown.lower().split()]
    return any(word in NOT_A_PERSON for word in words) or "&" in shown.split() or any(ch.isdigit() for ch in shown)


def _local_part(address: str) -> str:
    return address.strip(" <>").rpartition("@")[0].partition("+")[0].lower()


def _from_address(local: str) -> PersonName:
    local = "_".join(local.split())  # a blank in an address, which some write, parts names as well as anything
    if not local or role_local_part(local):
        return _NOBODY
    # 'jean-luc.dupont' has a hyphen of its own, 'jean-dupont' has none.
    parts = _LOCAL_PARTS.split(local) if not re.search(r"[._]", local) else re.split(r"[._]+", local)
    words = [word.strip("0123456789-") for word in parts]
    words = [word for word in words if _LETTERS.search(word)]
    if not words or len(words) > 4:
        return _NOBODY
    if len(words) == 1:
        return PersonName(last=_cased(words[0]), full=_cased(words[0]))
    return _in_order(words, "", "")


def _latin(shown: str, local: str) -> PersonName:
    before, comma, after = shown.partition(",")
    behind = [part.strip() for part in after.split(",") if part.strip()]
    degrees = [part for part in behind if all(_is_suffix(word, True) for word in part.split())]
    given = [part for part in behind if part not in degrees]
    written_after = [_cased_suffix(word) for part in degrees for word in part.split()]
    honorifics, words, suffixes = _peeled(before.split(), bool(comma))
    whole = _in_order_of(words, local) or _in_order_of([*words[1:], *words[:1]], local)
    if given and not whole:  # 'Roe, Jane'
        more, given_words, more_suffixes = _peeled(given[0].split(), True)
        while len(given_words) > 1 and given_words[-1].lower() in PARTICLES:
            words.insert(0, given_words.pop())  # 'Merwe, Jan van der'
        honorific, suffix = " ".join(honorifics + more), " ".join(suffixes + more_suffixes + written_after)
        return _assemble(given_words, words, honorific, suffix)
    honorific, suffix = " ".join(honorifics), " ".join(suffixes + written_after)
    if len(words) == 1:
        return _one_word(words[0], local, honorific, suffix)
    ordered = _by_address(_by_capitals(words), local)
    if ordered == words:
        from mxsync.extract.name_scripts import romanised

        if len(words) > 1 and (eastern := romanised(words)):
            return replace(eastern, honorific=honorific, suffix=suffix)
        if family := _family_by_address(words, local):
            return _assemble(words[:family], words[family:], honorific, suffix)
    return _in_order(ordered, honorific, suffix)


def _peeled(words: list[str], comma: bool) -> tuple[list[str], list[str], list[str]]:
    """(honorifics, name, suffixes) of the words of a name, of which at least one is left."""
    start, end = 0, len(words)
    while start < end - 1 and words[start].lower().rstrip(".") in HONORIFICS | FOR_ANOTHER:
        start += 1
    while end > start + 1 and _is_suffix(words[end - 1], comma):
        end -= 1
    titles = [word.rstrip(".") for word in words[:start] if word.lower().rstrip(".") not in FOR_ANOTHER]
    honorifics = [_cased_honorific(word) for word in titles]
    return honorifics, words[start:end], [_cased_suffix(word) for word in words[end:]]


def _one_word(word: str, local: str, honorific: str, suffix: str) -> PersonName:
    """'Jane' <jane.roe@…>: the address tells the other half."""
    parts = [
        part for part in _LOCAL_PARTS.split(local) if _LETTERS.search(part) and not any(ch.isdigit() for ch in part)
    ]
    key = word.lower().strip(".")
    if len(parts) == 2 and parts[0] == key:
        return _assemble([word], [_cased(parts[1])], honorific, suffix)
    if len(parts) == 2 and parts[1] == key:
        return _assemble([_cased(parts[0])], [word], honorific, suffix)
    if honorific:
        return _assemble([], [word], honorific, suffix)
    return _assemble([word], [], honorific, suffix)


def _by_capitals(words: list[str]) -> list[str]:
    """'ROE Jane' and 'VAN DAM Jan' put the family name first, in capitals; 'Jane ROE' does not."""
    capitals = [len(word.strip(".")) > 1 and word.isupper() for word in words]
    if capitals[0] and not all(capitals) and not any(_INITIAL.match(word) for word in words[:1]):
        count = capitals.index(False)
        if not any(capitals[count:]) and not all(_INITIAL.match(word) for word in words[count:]):
            return words[count:] + words[:count]
    return words


def _by_address(words: list[str], local: str) -> list[str]:
    """'Roe Jane' <jane.roe@…>, 'Müller Hans' <h_mueller@…>: the address has the usual order."""
    return [*words[1:], words[0]] if _in_order_of([*words[1:], words[0]], local) else words


def _family_by_address(words: list[str], local: str) -> int:
    """Where a double family name begins, if the address has its first half: 'Gabriel García Márquez'
    <gabriel.garcia@…>. 0 if it does not tell."""
    parts = _LOCAL_PARTS.split(local)
    if len(words) < 3 or len(parts) != 2 or parts[0] not in _spellings(words[0]):
        return 0
    return next((place for place in range(1, len(words) - 1) if parts[1] in _spellings(words[place])), 0)


def _in_order_of(words: list[str], local: str) -> bool:
    """Whether a name's first and last words are those of the address, in its order."""
    parts = _LOCAL_PARTS.split(local)
    if len(words) < 2 or len(parts) < 2 or not parts[0] or parts[-1] not in _spellings(words[-1]):
        return False
    given = [spelling for word in words[:-1] for spelling in _spellings(word)]
    return parts[0] in given or (len(parts[0]) == 1 and any(spelling.startswith(parts[0]) for spelling in given))


def _spellings(word: str) -> set[str]:
    """How a word may be written in an address: 'Müller' as müller, mueller, muller; 'Иванова' as ivanova; a double
    name by its first half."""
    low = word.lower().strip(".")
    bare = "".join(letter for letter in normalize("NFKD", low) if not combining(letter))
    found = {low, low.translate(_TWO_LETTERS), bare}
    if not low.isascii():
        found.add(low.translate(CYRILLIC))
    if "-" in low:
        found |= {spelling.partition("-")[0] for spelling in found} | {spelling.replace("-", "") for spelling in found}
    return found


def _in_order(words: list[str], honorific: str, suffix: str) -> PersonName:
    """Given names first; the family name begins with the first particle, or is the last word."""
    start = len(words) - 1
    for place in range(1, len(words) - 1):
        if words[place].lower() in PARTICLES:
            start = place
            break
    return _assemble(words[:start], words[start:], honorific, suffix)


def _assemble(given: list[str], family: list[str], honorific: str, suffix: str) -> PersonName:
    one_case = _one_case(given + family) and len("".join(given + family)) > 2  # 'JR' are initials
    shown_given = [_cased(word) if one_case else word for word in given]
    shown_family = [_cased(word) if one_case or (word.isupper() and len(word) > 1) else word for word in family]
    first, middle, last = " ".join(shown_given[:1]), " ".join(shown_given[1:]), " ".join(shown_family)
    return PersonName(first, middle, last, honorific, suffix, " ".join(part for part in (first, middle, last) if part))


def _one_case(words: list[str]) -> bool:
    text = "".join(word for word in words if not _INITIAL.match(word)) or "".join(words)
    return text.isupper() or text.islower()


def _cased(word: str) -> str:
    """'ROE-SMITH' → 'Roe-Smith', "o'neil" → "O'Neil", 'MCDONALD' → 'McDonald', 'VAN' → 'van'."""
    low = word.lower()
    if low in PARTICLES:
        return low
    parts = re.split(r"([-'’])", low)
    shown = "".join(part[:1].upper() + part[1:] for part in parts)
    if low.startswith("mc") and len(low) > 4:
        shown = "Mc" + shown[2:3].upper() + shown[3:]
    return shown


def _is_suffix(word: str, after_comma: bool) -> bool:
    key = word.lower().strip(",").rstrip(".")
    if key not in SUFFIXES:
        return False
    if key in CASED_SUFFIXES or (after_comma and len(key) > 2):
        return True
    # 'Ma' and 'Cima' are names as well: degrees are not written like them.
    return word != word.capitalize() and not word.islower() and (len(key) > 2 or after_comma)


def _cased_suffix(word: str) -> str:
    plain = word.strip(",").rstrip(".")
    return CASED_SUFFIXES.get(plain.lower(), plain)


def _cased_honorific(word: str) -> str:
    if word.lower() in ("med", "rer"):  # 'Dr. med.'
        return word.lower()
    return word[:1].upper() + (word[1:].lower() if word.isupper() else word[1:])
