"""The ways to reach somebody in one line of a signature: addresses, sites, profiles and numbers, each with its kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mxsync.extract.addresses import find_addresses
from mxsync.extract.facts import Fact
from mxsync.extract.line_signs import URL, is_own_site
from mxsync.extract.phone_labels import HOME, label_word
from mxsync.extract.phones import Phone, find_phones, number_type
from mxsync.extract.regions import region_of_label
from mxsync.extract.signature_words import PROFILE_HOSTS, SOCIAL_HOSTS

SEPARATORS = re.compile(r"\s+[|•·‧∙●▪│¦/]\s*|\s*[|•·│¦]\s*|\t+|\s{3,}|\s+[–—]\s+|\s+//\s+")
GAP = " | "
_EMAIL = re.compile(r"<?(?:mailto:)?[\w.+'&/=-]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}>?", re.IGNORECASE)
_BARE_SITE = re.compile(
    r"^(?:(?:web|www|website|site|internet|homepage|home page|w|url|strona|webbplats|webové stránky|сайт|网址|網址"
    r"|ホームページ|웹사이트|الموقع|אתר)\s?[:：.]?\s+)?"
    r"((?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24})/?$",
    re.IGNORECASE,
)
_BOTH = re.compile(
    r"\b(?:tel\w{0,10}|phone|ph|t|fon|тел)\.?(?:\s?[/&+]\s?|\s(?:and|und|et|y|e|en|og|och|i|и)\s)(?:tele)?f(?:ax|aks)?\b",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"^[\s(,–-]{0,4}([^\W\d_]{1,14})\b\)?(?!\s?[:.])")
_PROFILE_OF = re.compile(r"^(?:https?://)?(?:[\w-]{1,20}\.)?([\w.-]+\.\w+)/\S", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Plans:
    """By which countries' plans numbers are read, the likeliest first; '' stands for none."""

    first: str = ""
    others: tuple[str, ...] = ()


def read_reach(line: str, number: int, firm: str, plans: Plans) -> tuple[list[Fact], str]:
    """The facts in `line`, whose number they carry, and what is left of it without them and their labels. `firm` is
    the registered label of the author's domain."""
    facts: list[Fact] = []
    for address in find_addresses(line):
        facts.append(Fact("email", address, number, span=_span(line, address), confidence=0.99))
    rest = _EMAIL.sub(GAP, line)
    for site in URL.finditer(rest):
        facts += _site(site.group(), number, line)
    rest = URL.sub(GAP, rest)
    if not facts and (bare := _BARE_SITE.match(rest)) and (found := _site(bare.group(1), number, line)):
        facts += found
        rest = ""
    for word in rest.split():
        if "/" in word and (profile := _profile(word)):
            facts.append(Fact("website", word, number, profile=profile, span=_span(line, word), confidence=0.9))
        elif is_own_site(word, firm):  # 'acme.example' among other things
            facts.append(Fact("website", word, number, span=_span(line, word), confidence=0.9))
        else:
            continue
        rest = rest.replace(word, GAP, 1)
    region = region_of_label(rest) if any(letter.isdigit() for letter in rest) else ""
    phones = find_phones(rest, region or plans.first, plans.first, *plans.others)
    for place, phone in enumerate(phones):
        before = rest[phones[place - 1].end if place else 0 : phone.start]
        after = rest[phone.end : phones[place + 1].start if place + 1 < len(phones) else phone.end + 24]
        facts += _number(phone, before, after, place + 1 == len(phones), number, line)
    if phones:
        rest = _outside(rest, [(phone.start, phone.end) for phone in phones])
    return facts, rest


def _site(text: str, number: int, line: str) -> list[Fact]:
    """The site as it is written, without a full stop behind it; none for a meeting room. One on a social network is a
    profile if it leads to somebody's page."""
    site = text.rstrip(".,;:!*_'\"")
    host = re.sub(r"^https?://", "", site, flags=re.IGNORECASE).partition("/")[0].partition(":")[0].lower()
    plain = host.removeprefix("www.")
    if "." not in plain:
        return []
    if profile := _profile(site):
        return [Fact("website", site, number, profile=profile, span=_span(line, site), confidence=0.95)]
    if any(plain == known or plain.endswith("." + known) for known in SOCIAL_HOSTS):
        return []
    return [Fact("website", site, number, span=_span(line, site), confidence=0.95)]


def _profile(site: str) -> str:
    """The network of which a site is somebody's page, or ''."""
    found = _PROFILE_OF.match(site)
    if not found:
        return ""
    host = found.group(1).lower().removeprefix("www.")
    return next((known for known in PROFILE_HOSTS if host == known or host.endswith("." + known)), "")


def _number(phone: Phone, before: str, after: str, is_last: bool, number: int, line: str) -> list[Fact]:
    """The kind by the label: the nearest in front, else one right behind ('713-853-6577 Fax'), else by the numbering
    plan. A pager is nothing that one speaks into."""
    near = SEPARATORS.split(before.rstrip())[-1].rsplit(",", 1)[-1].rsplit(";", 1)[-1][-40:]
    kind = "phone" if _BOTH.search(near) else label_word(near)
    if not kind:
        behind = _BEHIND.match(after)
        kind = label_word(behind.group(1)) if behind and (is_last or ")" in after[:20]) else ""
    plan = number_type(phone.e164)
    if kind == "pager" or (not kind and plan == "pager"):
        return []
    sure = 0.98 if kind else {"mobile": 0.95, "either": 0.85}.get(plan, 0.93)
    kind = kind or ("mobile" if plan == "mobile" else "phone")
    home = (("home_phone", phone.e164),) if kind == "phone" and HOME.search(before[-24:]) else ()
    return [
        Fact(
            kind,
            phone.e164,
            number,
            phone.extension,
            home,
            toll_free=plan == "toll_free",
            span=_span(line, phone.written),
            confidence=sure,
        )
    ]


def _span(line: str, text: str) -> tuple[int, int]:
    start = line.lower().find(text.lower())
    return (start, start + len(text)) if start >= 0 else (0, len(line))


def _outside(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text without the spans; pieces that were only their labels go with them."""
    pieces: list[str] = []
    last = 0
    for start, end in spans:
        pieces.append(text[last:start])
        last = end
    pieces.append(text[last:])
    kept = [piece for piece in pieces for piece in SEPARATORS.split(piece) if not _only_label(piece)]
    return GAP.join(kept)


def _only_label(piece: str) -> bool:
    found: Sequence[str] = re.findall(r"[^\W\d_]+", piece.lower())
    return not found or all(label_word(word) for word in found)
