"""How likely somebody on a mail is a person who deals with us, 0 to 100, and why.

Points are added and taken for what is plainly there; what excludes a person (a desk's address, a newsletter) sets
a ceiling, whatever else speaks for one. 50 is "nothing known"; rules that make contacts ask for more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mxsync.extract.addresses import clean_address
from mxsync.extract.bulk import is_auto_reply, is_bulk
from mxsync.extract.domains import is_hosting
from mxsync.extract.names import split_name
from mxsync.extract.roles import is_role_address
from mxsync.model.item import Address

_START = 50
_TEXT_LIMIT = 20_000
_MASS_MAIL = re.compile(
    r"unsubscribe|view (?:this|it) (?:e-?mail )?in (?:your|a) browser|manage (?:your )?preferences"
    r"|newsletter abbestellen|abmelden|se désabonner|désinscri|uitschrijven|afmelden"
    r"|darse de baja|cancelar (?:la )?suscripción|descadastrar|cancella iscrizione|отписаться|退订|配信停止",
    re.IGNORECASE,
)
_NOBODY_READS = re.compile(
    r"do not reply|don't reply|not monitored|automatically generated|auto-?generated"
    r"|automated (?:message|e-?mail)|nicht auf diese|automatisch (?:generiert|erstellt|gegenereer)"
    r"|ne pas répondre|niet beantwoord|no responda",
    re.IGNORECASE,
)
_PERSONAL_LOCAL = re.compile(r"^[^\W\d_]{1,20}[._-][^\W\d_]{2,30}(?:[._-][^\W\d_]{2,30})?@")


@dataclass(frozen=True, slots=True)
class Score:
    """`value` from 0 to 100; `reasons`, a phrase each, with the points that it gave or the ceiling that it set."""

    value: int
    reasons: tuple[str, ...]


def person_score(
    address: Address,
    headers: Mapping[str, tuple[str, ...]],
    *,
    sent_by_us: bool,
    newest: str = "",
    has_signature: bool = False,
) -> Score:
    """The score of one person on a mail.

    `headers` are the mail's, by lower-case name; `sent_by_us`: one of us wrote it, so `address` is one we write to.
    `newest` is the author's own text and `has_signature` whether it ends in a contact block: both speak for the
    sender only, leave them out for a recipient.
    """
    if clean_address(address.address) is None:
        return Score(0, ("no valid address (at most 0)",))
    points = _START
    ceiling = 100
    reasons: list[str] = []

    def count(amount: int, reason: str) -> None:
        nonlocal points
        points += amount
        reasons.append(f"{reason} ({amount:+d})")

    def limit(most: int, reason: str) -> None:
        nonlocal ceiling
        ceiling = min(ceiling, most)
        reasons.append(f"{reason} (at most {most})")

    if is_role_address(address.address):
        limit(10, "the address is a function's, not a person's")
    if is_hosting(address.domain):
        limit(15, "the domain is a mail or web host's")
    if sent_by_us:
        count(25, "one of us wrote to this address")
    else:
        if is_auto_reply(headers):
            limit(10, "a program sent the mail")
        if is_bulk(headers):
            limit(15, "the mail went to a list")
        if headers.get("in-reply-to") or headers.get("references"):
            count(15, "the mail answers another")
    name = split_name(address.name, address.address)
    if name.is_person and name.first and name.last:
        count(10, "the name is a person's")
    elif not name.is_person:
        count(-25, "the name is not a person's")
    if _PERSONAL_LOCAL.match(address.address):
        count(5, "the address holds a first and a last name")
    if has_signature:
        count(10, "the mail ends in a signature")
    text = newest[:_TEXT_LIMIT]
    if text and not sent_by_us:
        if _MASS_MAIL.search(text):
            count(-30, "the text offers to unsubscribe")
        if _NOBODY_READS.search(text):
            count(-30, "the text says that nobody reads answers")
    return Score(max(0, min(points, ceiling, 100)), tuple(reasons))
