"""What one line of a signature looks like: a way to reach somebody, a name, a title, a firm, a place, or plain
prose."""

from __future__ import annotations

import re
from enum import Enum
from unicodedata import combining, normalize

from mxsync.extract.addresses import find_addresses
from mxsync.extract.phone_labels import LABEL_OF
from mxsync.extract.postal import is_place, is_street
from mxsync.extract.signature_words import DEPARTMENT, DEPARTMENT_NAMES, LEGAL_FORM, ORGANISATION_WORD, TITLE

LINE_LIMIT = 300
"""A longer line is never part of a signature."""

URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'()|,;]{3,300}", re.IGNORECASE)
_SITE = re.compile(r"^(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24}/?$", re.IGNORECASE)
_DIGIT_RUN = re.compile(r"\+?\(?\d[\d ().\-/\u2010-\u2014\u00a0]{5,26}\d")
_LABELLED = re.compile(
    r"^\W{0,3}([^\W\d_]{1,14}(?:2[^\W\d_]{4,6})?)\.?\s{0,10}(?:n(?:o|r|umber)\.?)?\s?[:.=–—)\-]{0,2}\s{0,12}\+?\(?\d",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"^(?:x|ext\.?)[-. ]?\d{3,6}$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_][\w.'’-]*")
_APART = re.compile(
    r"^(?:\[\d{1,2}\]\s|(?:p\.?\s?s\.?:?\s{1,5}|hi|hello|hey|dear|good (?:morning|day|afternoon)|hallo|liebe|sehr|beste"
    r"|geachte|bonjour|hola|estimad|caro|ciao|olá|szanown|уважаем)\b)",
    re.IGNORECASE,
)
_UNWRITTEN = str.maketrans({"-": "", "'": "", "’": "", "ß": "ss", "ø": "o", "æ": "ae", "ł": "l", "đ": "d", "ı": "i"})
_IN_BRACKETS = re.compile(r"^([^()（）]{2,60}?)\s*[(（]([^()（）]{2,60})[)）]\W*$")
_HEAD_ENDS = re.compile(r"\s+[|–—·•/-]\s+|,|\t")
_CAPITALISED = re.compile(r"^(?:[^\W\d_][\w.'’-]*)(?:[ ,]+(?:[^\W\d_][\w.'’-]*)){0,4}$")


_ALNUM = re.compile(r"[^\W_]")
_DIGIT = re.compile(r"\d")
_BETWEEN = re.compile(r"\s[|•·∙●▪│/–—-]\s|\t|\s{3,}|[|•]")


class Sign(Enum):
    """The strongest thing that a line shows."""

    EMPTY = "empty"
    RULE = "rule"
    REACH = "a telephone number, an address, a site"
    PLACE = "a postal address"
    TITLE = "a job title"
    ORGANISATION = "an organisation"
    NAME = "the author's name"
    SHORT = "something short"
    PROSE = "prose"

    def __init__(self, meaning: str) -> None:
        self.word = self.name.lower()
        """Its name in a feature of the line model."""


CONTACT = frozenset({Sign.REACH, Sign.PLACE, Sign.TITLE, Sign.ORGANISATION})


def sign_of(line: str, author: frozenset[str], firm: str = "") -> Sign:
    """What the line shows. `author`: the words of the author's name, `firm`: the registered label of the author's
    domain, both
    in lower case and possibly empty."""
    text = line.strip()
    if not text:
        return Sign.EMPTY
    if not _ALNUM.search(text):
        return Sign.RULE
    if len(text) > LINE_LIMIT:
        return Sign.PROSE
    words = text.split()
    if _APART.match(text):
        return Sign.PROSE
    ended = text[-1] in ".?!" and not LEGAL_FORM.search(words[-1])  # 'Buyer | Acme Pumps of London, Inc.'
    prose = len(words) > 14 or _east_asian_prose(text) or (len(words) >= 6 and ended) or text[-1] == "?"
    if is_name(text, author):
        return Sign.NAME
    own_site = firm != "" and firm in text.lower() and any(is_own_site(word, firm) for word in words)
    if (own_site or _reaches(text)) and not _east_asian_prose(text) and len(_letters_outside(text)) <= 8:
        return Sign.REACH
    runs_on = _runs_on(words)
    placed = not runs_on and len(words) <= 12 and text[-1] not in "?!" and any(map(str.isdigit, text))
    if placed and _is_place(text, prose):
        return Sign.PLACE
    if prose or runs_on:
        return Sign.PROSE
    capital = text[:1].upper() == text[:1] or (len(words) <= 4 and not text.isascii())
    if TITLE.search(text) and len(words) <= 12 and capital:
        return Sign.TITLE
    if (
        LEGAL_FORM.search(text)
        or names_department(text)
        or (ORGANISATION_WORD.search(text) and text[:1].isupper())
        or matches_firm(text, firm)
    ):
        return Sign.ORGANISATION
    return Sign.SHORT


def _is_place(text: str, prose: bool) -> bool:
    """Whether a line is a postal address or part of one; two parts of it must be where it might as well be prose."""
    parts = [text, *text.rstrip(".").split(",")]
    return sum(is_street(part) or is_place(part.strip()) for part in parts) >= (2 if prose else 1)


def contact_signs(line: str, sign: Sign, author: frozenset[str], firm: str = "") -> frozenset[Sign]:
    """The contact signs of a line's pieces, for what is written on one line: 'Jane Roe | Buyer | +44 20 7946 0018'."""
    found = {sign} & CONTACT
    if len(line) <= LINE_LIMIT and (sign is Sign.NAME or (not _in_one_piece(line) and _BETWEEN.search(line))):
        pieces = [piece for piece in _BETWEEN.split(line.strip()) if piece.strip()][:8]
        if len(pieces) > 1 or sign is Sign.NAME:
            if len(pieces) == 1:
                pieces = pieces[0].split(",")[:6]
            found |= {sign_of(piece, author, firm) for piece in pieces} & CONTACT
    return frozenset(found)


def _in_one_piece(line: str) -> bool:
    """Whether nothing that `_BETWEEN` looks for can stand in a line: true of most prose."""
    return (
        line.isascii()
        and line.isprintable()  # of white space, there are blanks alone
        and "   " not in line
        and not ("|" in line or " - " in line or " / " in line)
    )


def names_department(text: str) -> bool:
    """Whether a short text names a part of an organisation: 'Legal Department', 'Einkauf'."""
    bare = text.strip(" .:,")
    if bare.lower() in DEPARTMENT_NAMES:
        return True
    return len(bare.split()) <= 6 and bare[:1] == bare[:1].upper() and bool(DEPARTMENT.search(bare))


def folded(word: str) -> str:
    """A word as an address spells it: in lower case, without accents, hyphens and apostrophes."""
    bare = "".join(letter for letter in normalize("NFKD", word.lower()) if not combining(letter))
    return bare.translate(_UNWRITTEN)


def is_name(text: str, author: frozenset[str]) -> bool:
    """Whether a line is the author's name, or begins with it in full: 'Jane', 'Jane Roe, PhD', 'Jane Roe | Sales'."""
    if not author or (text.isascii() and not _holds_any(text.lower(), author)):
        return False
    bracket = _IN_BRACKETS.match(text) if "(" in text or "（" in text else None
    if bracket:  # '大河原健太郎 (Kentaro Okawara)': either spelling may be the one that the header shows
        outer, inner = bracket.groups()
        return is_name(outer, author) or (" " in inner and is_name(inner, author))
    head = _HEAD_ENDS.split(text, maxsplit=1)[0]
    if "@" in head or any(map(str.isdigit, head)):
        return False
    found = [word.strip(".").lower() for word in _WORD.findall(head)]
    if not found or len(found) > 5:
        return False
    known = sum(word in author or (not word.isascii() and folded(word) in author) for word in found)
    if len(found) == 1:
        alone = head == text.rstrip(" ,.") or head[:1] >= "\u2e80"  # an East Asian word is a whole name
        return known == 1 and len(found[0]) > 1 and alone
    return (known >= 2 and known * 2 > len(found)) or (
        known == 1 and len(found) == 2 and all(word[:1].isupper() for word in head.split()) and head == text
    )


def _holds_any(text: str, words: frozenset[str]) -> bool:
    return any([word in text for word in words])  # noqa: C419 - a generator costs more than these few


def looks_like_name(text: str) -> bool:
    """Whether a line could be anybody's name: up to four capitalised words and nothing else."""
    words = text.strip(" ,.").split()
    if not 1 <= len(words) <= 4 or not _CAPITALISED.match(text.strip(" ,.")):
        return False
    return all(
        word[:1].isupper()
        or word.lower() in ("van", "von", "de", "der", "den", "la", "du", "bin", "al", "le", "da", "ter")
        for word in words
    )


def matches_firm(text: str, firm: str) -> bool:
    """Whether a line names the firm of the author's domain: 'Acme Pumps' of acme-pumps.example, 'ACME' of
    acme.example."""
    if len(firm) < 3:
        return False
    named = " ".join(word for word in text.lower().split() if "." not in word.strip(".,"))  # a site is not a name
    compact = "".join(letter for letter in named if letter.isalnum())
    target = firm.replace("-", "")
    if target in compact and len(text.split()) <= 6:
        return True
    initials = "".join(word[0] for word in text.lower().split() if word[0].isalpha())
    return len(target) >= 3 and initials == target and text[:1].isupper()


def is_own_site(word: str, firm: str) -> bool:
    """Whether a word is a site of the firm: 'acme.example' or 'www.acme.example' of acme.example."""
    return bool(firm) and firm in word.lower().split(".") and bool(_SITE.match(word))


def _reaches(text: str) -> bool:
    if "@" in text and find_addresses(text):
        return True
    if ("/" in text or "." in text) and URL.search(text):
        return True
    if not _DIGIT.search(text):
        return False
    if _EXTENSION.match(text):
        return True
    labelled = _LABELLED.match(text)
    if labelled and labelled.group(1).lower() in LABEL_OF:
        return True
    run = _DIGIT_RUN.search(text)
    return run is not None and sum(map(str.isdigit, run.group())) >= 7


def _letters_outside(text: str) -> list[str]:
    """The words of a line besides addresses and sites."""
    return [
        word
        for word in text.split()
        if "@" not in word and "://" not in word and any(letter.isalpha() for letter in word)
    ]


def _east_asian_prose(text: str) -> bool:
    """A sentence in a script that puts no space between words: longer than any address."""
    if text.isascii():
        return False
    return (len(text) > 12 and text[-1] in "。！？") or (len(text) > 30 and sum(c >= "\u2e80" for c in text) > 30)


def _runs_on(words: list[str]) -> bool:
    """Five words or more, most of them in lower case: a sentence rather than a heading."""
    if len(words) < 5:
        return False
    first = [word[0] for word in words if word[0].isalpha()]
    return len(first) >= 5 and sum(map(str.islower, first)) * 2 > len(first)
