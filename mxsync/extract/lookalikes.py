"""Domains that are made to be taken for ours: what phishing is sent from.

Compared is the name that was registered (`ours` of `mail.ours.example`), after letters have become those that they look
like: Unicode Technical Standard 39's table, the letters without their accents, and the pairs that a glance reads as one
(`rn` as `m`, `vv` as `w`, `cl` as `d`). The kinds are those that dnstwist and the literature on typosquatting name:
confusable letters, one edit, added words, our name under another suffix, our whole domain inside another.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from mxsync.extract.domains import is_freemail, is_hosting, is_subdomain, packaged_list, registrable
from mxsync.extract.word_list import words

SHORTEST = 6
"""Letters of a name from which on one letter more, less or other is taken for a forgery: of shorter ones too many are
honest firms."""
SHORTEST_DOUBLED = 4
"""The same where that letter only doubles the one beside it."""
DISTINCT = 8
"""Letters from which on any word beside our name is suspect, not only those that forgers use: of shorter names too many
are words, as in `karoo-solar` where we are `solar`."""

_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("nn", "m"))
_ONE_GLANCE = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "3": "e", "5": "s", "4": "a", "8": "b", "9": "g"})
# Words with which a forger makes a plausible neighbour of a name: `ours-invoices`, `securelogin-ours`.
_BAIT = words(
    """
    account accounts ap ar auth bank billing ceo cfo client cloud corp corporate customer docs drive email executive
    file files finance global group help helpdesk holding holdings hr inc info intl international invoice invoices
    invoicing it login logon mail mailbox mails meeting net notice office online onmicrosoft pay payment payments
    payroll
    portal procurement reset secure secured security service services share sharepoint sign signin sso support supply
    suppliers team teams update vendor verify voicemail vpn web webmail www
    rechnung konto zahlung sicher service kunden anmeldung facture compte paiement factuur betaling beveiligd
    """
)
_TOKENS = re.compile(r"[-_]+")


@lru_cache(maxsize=16384)
def lookalike(domain: str, ours: frozenset[str]) -> str:
    """Of which of our domains `domain` is a forgery, and how, as a phrase: "`0urs.example` looks like our
    `ours.example` (letters that look alike)"; '' for any other. What is ours, or free mail, is none.

    `ours` are our domains in lower case. Costs one comparison a domain of ours, once a domain.
    """
    name = domain.strip().strip(".").lower()
    if not name or any(is_subdomain(name, own) for own in ours) or is_freemail(name):
        return ""
    theirs = registrable(name)
    if not theirs or theirs in ours:
        return ""
    for own in sorted(ours):
        how = _how(name, theirs, registrable(own) or own)
        if how:
            return f"`{name}` looks like our `{own}` ({how})"
    return ""


def _how(whole: str, theirs: str, own: str) -> str:
    """How `theirs`, registered, comes near `own`; '' when it does not. Either is 'name.suffix'."""
    inside = whole[: -len(theirs)].rstrip(".") if whole.endswith(theirs) else ""
    if inside and (inside == own or inside.startswith(own + ".") or inside.endswith("." + own) or f".{own}." in inside):
        return "our whole domain stands before another"
    name, suffix = theirs.partition(".")[::2]
    our_name, our_suffix = own.partition(".")[::2]
    if inside and is_hosting(whole) and our_name in inside.split("."):
        return "our name at a host"  # as often our own tenant's second name; a person has to say so
    if name == our_name:
        return f"our name under `.{suffix}`" if suffix != our_suffix and len(name) >= 4 else ""
    if len(our_name) < 3:
        return ""
    if own.replace(".", "-") in theirs or own.replace(".", "") == name:
        return "our whole domain inside another's name"
    shape, our_shape = skeleton(name), skeleton(our_name)
    if shape == our_shape:
        return "letters that look alike"
    if len(our_name) >= 4 and _with_bait(name, our_name):
        return "a word added to our name"
    if len(our_name) >= 4 and shape != name and _with_bait(shape, our_shape):
        return "letters that look alike, and a word added"
    if min(len(our_name), len(name)) >= SHORTEST and one_edit_apart(name, our_name):
        return "one letter apart"
    if min(len(our_name), len(name)) >= SHORTEST_DOUBLED and name != our_name and _single(name) == _single(our_name):
        return "a letter doubled"
    return ""


def _single(name: str) -> str:
    """A name with each doubled letter once: 'ourss' is 'ours', which a glance does not count."""
    return re.sub(r"(.)\1", r"\1", name)


def _with_bait(name: str, our_name: str) -> bool:
    tokens = [token for token in _TOKENS.split(name) if token]
    if our_name in tokens and len(tokens) > 1:
        return len(our_name) >= DISTINCT or any(token in _BAIT for token in tokens)
    if "-" in our_name and (name.startswith(our_name + "-") or name.endswith("-" + our_name)):
        return True
    joined = "".join(tokens)
    for bait_and_name in (joined, name):
        if bait_and_name.startswith(our_name) and bait_and_name[len(our_name) :].strip("-_") in _BAIT:
            return True
        if bait_and_name.endswith(our_name) and bait_and_name[: -len(our_name)].strip("-_") in _BAIT:
            return True
    return False


@lru_cache(maxsize=4096)
def skeleton(name: str) -> str:
    """What a name looks like at a glance: 'аcmе' (two of the letters Cyrillic), 'acrne' and 'ácme' are all 'acme'."""
    table = _table()
    plain = "".join(ch for ch in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(ch))
    text = "".join(table.get(ch, ch) for ch in plain).translate(_ONE_GLANCE)
    for pair, one in _PAIRS:
        text = text.replace(pair, one)
    return text


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    # The standard's table leaves out small letters that only resemble, which a reader in a hurry takes all the same.
    pairs = "тt кk мm пn вb нh гr κk τt ιi ηn μu ßb łl øo đd"
    found = {pair[0]: pair[1] for pair in pairs.split()}
    for line in packaged_list("confusables.txt"):
        letter, _, alike = line.partition(" ")
        found[letter] = alike
    return found


def one_edit_apart(one: str, other: str) -> bool:
    """Whether one letter more, less or other, or two neighbours changed round, makes one of the other (the distance of
    Damerau 1964 is 1)."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    if len(left) == len(right):
        swapped = len(left) > 1 and left[:2] == right[1::-1] and left[2:] == right[2:]
        return swapped or left[1:] == right[1:]
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    return longer[1:] == shorter
