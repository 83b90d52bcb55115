"""The facts in a signature: who, what, where, and by which number. Each with the line it was read from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mxsync.extract.facts import SIGNATURE, Fact
from mxsync.extract.line_signs import is_name, looks_like_name, matches_firm, names_department
from mxsync.extract.postal import PostalAddress, find_postal, is_place, is_street
from mxsync.extract.postal_words import COUNTRIES
from mxsync.extract.regions import region_of_country
from mxsync.extract.signature import Author
from mxsync.extract.signature_reach import SEPARATORS, Plans, read_reach
from mxsync.extract.signature_words import DEPARTMENT, DEPARTMENT_NAMES, LEGAL_FORM, ORGANISATION_WORD, TITLE
from mxsync.extract.word_list import words

__all__ = ["Fact", "signature_facts"]

_TITLE_SPLIT = re.compile(r"\s*,\s*|\s+(?:at|bei|chez|by|@)\s+|\s+[-–—]\s+|;\s*")
_LEADING_LABEL = re.compile(
    r"^(?:company|firma|organisation|organization|title|position|job title|address|adresse"
    r"|anschrift|adres|dirección|endereço|indirizzo|name|a|w|web|www|website|internet|homepage"
    r"|site|url|e|e-?mail|mail)\s?[:.]\s*",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"^[A-Z][A-Z&]{1,5}$")  # 'Senior Counsel, ABB'
_DEPARTMENTS = words(
    "IT HR ICT OT QA QC QS PR IR R&D EMEA APAC LATAM DACH MENA USA US UK EU UAE NA SA CRM ERP SAP SEO SCM HSE EHS SHE"
    " SHEQ HSEQ ESG M&A BD CSR FP&A AI UX UI IP CPA CFA MBA PHD MD PE LLB LLM BSC MSC CISSP PMP ACCA FCCA ACA RN ESQ"
)
_NOT_TITLE = re.compile(
    r"\b(?:thanks|regards|please|you|your|we|our|i|is|are|was|will|have|the following|see|call|let)\b",
    re.IGNORECASE,
)


def signature_facts(
    lines: Sequence[str],
    block: Sequence[int],
    author: Author,
    region: str,
    sure: Mapping[int, float] | None = None,
    source: str = SIGNATURE,
) -> tuple[Fact, ...]:
    """The facts in the lines numbered `block`, in their order. `sure` is how likely each line is one of a signature;
    `region` the country whose numbers may stand without a country code, where neither the number's label, nor the
    postal address, nor the author's own domain tells another."""
    bare = [(number, lines[number][:300].replace("\u00a0", " ").strip(" \t*>\r")) for number in block]
    plans = _plans(bare, author, region)
    facts: list[Fact] = []
    left: list[tuple[int, str]] = []  # what is neither number, address nor site
    for number, line in bare:
        reach, rest = read_reach(line, number, author.firm, plans)
        facts += reach
        left += [(number, piece) for piece in _pieces(rest)]
    facts += _words(left, author)
    found = (_placed(fact, lines[fact.line], (sure or {}).get(fact.line, 1.0), source) for fact in facts)
    return tuple(sorted(found, key=lambda fact: fact.line))


def _plans(bare: Sequence[tuple[int, str]], author: Author, region: str) -> Plans:
    """The country of the postal address, of a number with its country code, of the author's domain, the one that is
    set: in this order."""
    digits = [line for _, line in bare if sum(letter.isdigit() for letter in line) >= 6]
    if not digits or all("+" in line for line in digits):
        return Plans(region)
    named = [COUNTRIES[part] for _, line in bare for part in _lower_parts(line) if part in COUNTRIES]
    told = [region_of_country(name) for name in named]
    countries = [code for code in (*told, author.country, region) if code]
    unique = list(dict.fromkeys(countries))
    return Plans(unique[0], tuple(unique[1:])) if unique else Plans()


def _lower_parts(line: str) -> list[str]:
    return [part.strip(" .-").lower() for part in re.split(r"[,|•·;]", line[:200])]


def _placed(fact: Fact, line: str, sure: float, source: str) -> Fact:
    """With its place in the line as it stands in the mail, and how sure the line and the reading of it are together."""
    text = line[fact.span[0] : fact.span[1]] if fact.span != (0, 0) else ""
    start = line.find(fact.value.split("\n")[0]) if fact.span == (0, 0) else _moved(line, fact)
    if start >= 0 and fact.span == (0, 0):
        span = (start, start + len(fact.value.split("\n")[0]))
    elif start >= 0 and text:
        span = (start, start + fact.span[1] - fact.span[0])
    else:
        span = (0, len(line.rstrip()))
    return replace(fact, span=span, source=source, confidence=round(fact.confidence * sure, 3))


def _moved(line: str, fact: Fact) -> int:
    """Where a span of the bare line begins in the line itself, which may be indented."""
    return fact.span[0] + len(line) - len(line.lstrip(" \t*>\r"))


def _pieces(rest: str) -> list[str]:
    parts = SEPARATORS.split(rest)
    parts = [part for whole in parts for part in (whole.split(" - ") if whole.count(" - ") > 1 else (whole,))]
    found = (_LEADING_LABEL.sub("", _bare(part)).strip() for part in parts)
    return [piece for piece in found if len(piece) > 1 and any(letter.isalpha() for letter in piece)]


def _bare(piece: str) -> str:
    """Without what surrounds it; a bracket stays where its other half does."""
    text = piece.strip(" \t,;:*<>-–—_")
    if text.count("(") != text.count(")"):
        text = text.strip("()")
    return text.strip("[] ")


def _words(pieces: Sequence[tuple[int, str]], author: Author) -> list[Fact]:
    """Name, title, organisation, department and postal address."""
    facts: list[Fact] = []
    department = ""
    postal = find_postal(pieces)
    if postal is not None:
        facts.append(_address(postal))
    named = False
    known = any(is_name(piece, author.words) for _, piece in pieces)
    for place, (number, piece) in enumerate(pieces):
        if postal is not None and postal.line <= number < postal.end and not _title_like(piece):
            parts = [piece, *(part.strip() for part in piece.split(","))]
            if piece.lower() in COUNTRIES or any(is_street(part) or is_place(part) for part in parts):
                continue
        if not named and (sure := _name_sure(piece, place, author, known)):
            named = True
            head, *tail = _TITLE_SPLIT.split(piece, maxsplit=1)
            facts.append(Fact("name", head.strip(), number, confidence=sure))
            if not tail or not tail[0]:
                continue
            piece = tail[0]
        if not department and is_department(piece, author):
            department = piece
            continue
        rest, _, last = piece.rpartition(",")
        if not department and rest and is_department(last.strip(), author) and _title_like(rest):
            department = last.strip()
            if DEPARTMENT.search(department):  # 'Counsel, Legal Department'; 'Manager, IT' is one title
                piece = rest.strip()
        facts += _title_and_firm(number, piece, author)
    return _with_department(_first_of_each(facts), department)


def is_department(piece: str, author: Author) -> bool:
    """Whether a piece names a part of an organisation: 'Legal Department', 'Einkauf'."""
    text = piece.strip(" .:")
    if LEGAL_FORM.search(text) or matches_firm(text, author.firm) or _NOT_TITLE.search(text):
        return False
    return names_department(text) and (text.lower() in DEPARTMENT_NAMES or not TITLE.search(text))


def _with_department(facts: list[Fact], department: str) -> list[Fact]:
    """The department goes with the title, else with the organisation, else with the name."""
    if not department:
        return facts
    for kind in ("title", "organisation", "name"):
        for place, fact in enumerate(facts):
            if fact.kind == kind:
                return [*facts[:place], replace(fact, department=department), *facts[place + 1 :]]
    return facts


def _name_sure(piece: str, place: int, author: Author, known: bool) -> float:
    """How sure it is that a piece is the author's name, 0 if it is none. Where no piece has the words of the header,
    the first one may be the same name in another script, or the only one there is."""
    if is_name(piece, author.words):
        return 0.98
    if known or place > 0 or not _full_name(_TITLE_SPLIT.split(piece, maxsplit=1)[0].strip()):
        return 0.0
    if not author.words:
        return 0.85
    if author.shown and _latin(piece) == any(map(_latin, author.words)):
        return 0.0  # somebody else, who signs for the author
    return 0.8


def _latin(text: str) -> bool:
    return text[:1] < "\u0370"


def _full_name(piece: str) -> bool:
    other = TITLE.search(piece) or LEGAL_FORM.search(piece) or names_department(piece)
    if piece[:1] >= "\u2e80":  # written without a space, or with one between family and given name
        return 2 <= len(piece.replace(" ", "").replace("\u3000", "")) <= 6 and len(piece.split()) <= 2 and not other
    if "\u0590" <= piece[:1] <= "\u06ff":  # neither Hebrew nor Arabic has capitals
        return 2 <= len(piece.split()) <= 4 and piece.replace(" ", "").isalpha() and not other
    return looks_like_name(piece) and 2 <= len(piece.split()) <= 4 and not other


def _title_like(piece: str) -> bool:
    return bool(TITLE.search(piece)) and len(piece) <= 100 and len(piece.split()) <= 10 and not _NOT_TITLE.search(piece)


def _title_and_firm(number: int, piece: str, author: Author) -> list[Fact]:
    if _NOT_TITLE.search(piece) or len(piece) > 100:
        return []
    halves = [half.strip() for half in _TITLE_SPLIT.split(piece, maxsplit=1)]
    if _firm_like(piece, author) and not (_title_like(piece) and "," in piece):
        title_first = _title_like(piece) and not LEGAL_FORM.search(piece)
        if len(halves) == 2 and _title_like(halves[0]) and not _firm_like(halves[0], author):
            return [_title(halves[0], number), _firm(halves[1], number, author)]
        if title_first and not matches_firm(piece, author.firm):
            return [_title(piece, number)]
        return [_firm(piece, number, author)]
    if _title_like(piece):
        if len(halves) == 2 and _INITIALS.match(halves[1]) and halves[1] not in _DEPARTMENTS:
            return [_title(halves[0], number), _firm(halves[1], number, author)]
        if len(halves) == 2 and _firm_like(halves[1], author) and not _title_like(halves[1]):
            return [_title(halves[0], number), _firm(halves[1], number, author)]
        return [_title(piece, number)]
    return []


def _title(text: str, number: int) -> Fact:
    return Fact("title", text.strip(), number, confidence=0.85)


def _firm(text: str, number: int, author: Author) -> Fact:
    sure = 0.97 if matches_firm(text, author.firm) else 0.93 if LEGAL_FORM.search(text) else 0.75
    return Fact("organisation", text.strip(), number, confidence=sure)


def _firm_like(piece: str, author: Author) -> bool:
    text = piece.strip()
    if text[:1].islower() and not matches_firm(text, author.firm):
        return False
    known = LEGAL_FORM.search(text) or matches_firm(text, author.firm) or ORGANISATION_WORD.search(text)
    return bool(known) and len(text.split()) <= 9


def _address(postal: PostalAddress) -> Fact:
    parts = (
        ("street", postal.street),
        ("city", postal.city),
        ("region", postal.region),
        ("postal_code", postal.postal_code),
        ("country", postal.country),
    )
    told = tuple(part for part in parts if part[1])
    return Fact("address", postal.text, postal.line, parts=told, confidence=0.92 if len(told) > 2 else 0.75)


def _first_of_each(facts: list[Fact]) -> list[Fact]:
    """One name, one title, one organisation: the first; further ones are departments and mottoes."""
    seen: set[str] = set()
    kept: list[Fact] = []
    for fact in facts:
        if fact.kind not in seen or fact.kind == "address":
            kept.append(fact)
            seen.add(fact.kind)
    return kept
