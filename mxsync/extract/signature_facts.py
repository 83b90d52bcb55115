"""The facts in a signature: who, what, where, and by which number. Each with the line it was read from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mxsync.extract.addresses import find_addresses
from mxsync.extract.line_signs import URL, is_name, is_own_site, label_word, looks_like_name, matches_firm
from mxsync.extract.phones import find_phones
from mxsync.extract.postal import PostalAddress, find_postal, is_place, is_street
from mxsync.extract.postal_words import COUNTRIES
from mxsync.extract.signature import Author
from mxsync.extract.signature_words import LEGAL_FORM, ORGANISATION_WORD, SOCIAL_HOSTS, TITLE
from mxsync.extract.word_list import words


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a text says. `kind` is one of name, title, organisation, phone, mobile, fax, email, website, address;
    `value` is in its stored form (numbers in E.164), `line` counts from 0. A number has its `extension`, an address its
    `parts` by the fields of a contact ('street', 'city', 'postal_code', 'region', 'country'), and so has a number at
    home ('home_phone')."""

    kind: str
    value: str
    line: int
    extension: str = ""
    parts: tuple[tuple[str, str], ...] = ()


_SEPARATORS = re.compile(r"\s+[|•·‧∙●▪│¦/]\s*|\s*[|•·│¦]\s*|\t+|\s{3,}|\s+[–—]\s+|\s+//\s+")
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


def signature_facts(lines: Sequence[str], block: Sequence[int], author: Author, region: str) -> tuple[Fact, ...]:
    """The facts in the lines numbered `block`, in their order."""
    facts: list[Fact] = []
    left: list[tuple[int, str]] = []  # what is neither number, address nor site
    for number in block:
        line = lines[number][:300].replace("\u00a0", " ").strip(" \t*>\r")
        reach, rest = _reach(line, number, author, region)
        facts += reach
        left += [(number, piece) for piece in _pieces(rest)]
    facts += _words(left, author)
    return tuple(sorted(facts, key=lambda fact: fact.line))


def _reach(line: str, number: int, author: Author, region: str) -> tuple[list[Fact], str]:
    """The ways to reach somebody in a line, and what is left of it without them and their labels."""
    facts: list[Fact] = [Fact("email", address, number) for address in find_addresses(line)]
    rest = _EMAIL.sub(_GAP, line)
    for site in URL.finditer(rest):
        if website := _website(site.group()):
            facts.append(Fact("website", website, number))
    rest = URL.sub(_GAP, rest)
    if not facts and (bare := _BARE_SITE.match(rest)) and _website(bare.group(1)):
        facts.append(Fact("website", bare.group(1), number))
        rest = ""
    for word in rest.split():
        if is_own_site(word, author.firm):
            facts.append(Fact("website", word, number))  # 'acme.example' among other things
            rest = rest.replace(word, _GAP, 1)
    phones = find_phones(rest, region)
    for place, phone in enumerate(phones):
        before = rest[phones[place - 1].end if place else 0 : phone.start]
        after = rest[phone.end : phones[place + 1].start if place + 1 < len(phones) else phone.end + 24]
        if kind := _kind_of_number(before, after, phone.e164, place + 1 == len(phones)):
            home = (("home_phone", phone.e164),) if kind == "phone" and _HOME.search(before[-24:]) else ()
            facts.append(Fact(kind, phone.e164, number, phone.extension, home))
    if phones:
        rest = _outside(rest, [(phone.start, phone.end) for phone in phones])
    return facts, rest


_GAP = " | "
_HOME = re.compile(r"\b(?:home|h|private|privat|privé|privaat|huis|thuis|casa|domicile)\W*$", re.IGNORECASE)
_EMAIL = re.compile(r"<?(?:mailto:)?[\w.+'&/=-]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}>?", re.IGNORECASE)
_BARE_SITE = re.compile(
    r"^(?:(?:web|www|website|site|internet|homepage|w|url)\s?[:.]?\s+)?((?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24})/?$",
    re.IGNORECASE,
)


def _website(text: str) -> str:
    """The site as it is written, without a full stop behind it; '' for a social network or a meeting room."""
    site = text.rstrip(".,;:!*_'\"")
    host = re.sub(r"^https?://", "", site, flags=re.IGNORECASE).partition("/")[0].partition(":")[0].lower()
    plain = host.removeprefix("www.")
    if "." not in plain or any(plain == known or plain.endswith("." + known) for known in SOCIAL_HOSTS):
        return ""
    return site


def _kind_of_number(before: str, after: str, e164: str, is_last: bool) -> str:
    """The kind by the label: the nearest in front, else one right behind ('713-853-6577 Fax'), else by the numbering
    plan."""
    near = _SEPARATORS.split(before)[-1].rsplit(",", 1)[-1].rsplit(";", 1)[-1]
    kind = label_word(near[-40:])
    if not kind:
        behind = re.match(r"^[\s(,–-]{0,4}([^\W\d_]{1,14})\b\)?(?!\s?[:.])", after)
        kind = label_word(behind.group(1)) if behind and (is_last or ")" in after[:20]) else ""
    if kind == "pager":
        return ""
    if not kind:
        kind = "mobile" if _is_mobile(e164) else "phone"
    return kind


def _is_mobile(e164: str) -> bool:
    import phonenumbers

    return phonenumbers.number_type(phonenumbers.parse(e164)) == phonenumbers.PhoneNumberType.MOBILE


def _outside(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text without the spans; pieces that were only their labels go with them."""
    pieces: list[str] = []
    last = 0
    for start, end in spans:
        pieces.append(text[last:start])
        last = end
    pieces.append(text[last:])
    kept = [piece for piece in pieces for piece in _SEPARATORS.split(piece) if not _only_label(piece)]
    return _GAP.join(kept)


def _only_label(piece: str) -> bool:
    words = re.findall(r"[^\W\d_]+", piece.lower())
    return not words or all(label_word(word) for word in words)


def _pieces(rest: str) -> list[str]:
    found = (_LEADING_LABEL.sub("", _bare(piece)).strip() for piece in _SEPARATORS.split(rest))
    return [piece for piece in found if len(piece) > 1 and any(letter.isalpha() for letter in piece)]


def _bare(piece: str) -> str:
    """Without what surrounds it; a bracket stays where its other half does."""
    text = piece.strip(" \t,;:*<>-–—_")
    if text.count("(") != text.count(")"):
        text = text.strip("()")
    return text.strip("[] ")


def _words(pieces: Sequence[tuple[int, str]], author: Author) -> list[Fact]:
    """Name, title, organisation and postal address."""
    facts: list[Fact] = []
    postal = find_postal(pieces)
    if postal is not None:
        facts.append(_address(postal))
    named = False
    for place, (number, piece) in enumerate(pieces):
        if postal is not None and postal.line <= number < postal.end and not _title_like(piece):
            parts = [piece, *(part.strip() for part in piece.split(","))]
            if piece.lower() in COUNTRIES or any(is_street(part) or is_place(part) for part in parts):
                continue
        if not named and (is_name(piece, author.words) or (place == 0 and not author.words and _full_name(piece))):
            named = True
            head, *tail = _TITLE_SPLIT.split(piece, maxsplit=1)
            facts.append(Fact("name", head.strip(), number))
            if not tail or not tail[0]:
                continue
            piece = tail[0]
        facts += _title_and_firm(number, piece, author)
    return _first_of_each(facts)


def _full_name(piece: str) -> bool:
    other = TITLE.search(piece) or LEGAL_FORM.search(piece)
    return looks_like_name(piece) and 2 <= len(piece.split()) <= 4 and not other


def _title_like(piece: str) -> bool:
    return bool(TITLE.search(piece)) and len(piece) <= 100 and len(piece.split()) <= 10 and not _NOT_TITLE.search(piece)


def _title_and_firm(number: int, piece: str, author: Author) -> list[Fact]:
    if _NOT_TITLE.search(piece) or len(piece) > 100:
        return []
    if _firm_like(piece, author) and not (_title_like(piece) and "," in piece):
        title_first = _title_like(piece) and not LEGAL_FORM.search(piece)
        halves = _TITLE_SPLIT.split(piece, maxsplit=1)
        if len(halves) == 2 and _title_like(halves[0]) and not _firm_like(halves[0], author):
            return [Fact("title", halves[0], number), Fact("organisation", halves[1], number)]
        if title_first and not matches_firm(piece, author.firm):
            return [Fact("title", piece, number)]
        return [Fact("organisation", piece, number)]
    if _title_like(piece):
        halves = _TITLE_SPLIT.split(piece, maxsplit=1)
        if len(halves) == 2 and _INITIALS.match(halves[1]) and halves[1] not in _DEPARTMENTS:
            return [Fact("title", halves[0].strip(), number), Fact("organisation", halves[1], number)]
        if len(halves) == 2 and _firm_like(halves[1], author) and not _title_like(halves[1]):
            return [Fact("title", halves[0].strip(), number), Fact("organisation", halves[1].strip(), number)]
        return [Fact("title", piece, number)]
    return []


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
    return Fact("address", postal.text, postal.line, parts=tuple(part for part in parts if part[1]))


def _first_of_each(facts: list[Fact]) -> list[Fact]:
    """One name, one title, one organisation: the first; further ones are departments and mottoes."""
    seen: set[str] = set()
    kept: list[Fact] = []
    for fact in facts:
        if fact.kind not in seen or fact.kind == "address":
            kept.append(fact)
            seen.add(fact.kind)
    return kept
