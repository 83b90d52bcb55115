"""How likely somebody on a mail is a person who deals with us, 0 to 100, and why.

Points are added and taken for what is plainly there; what excludes a person (a desk's address, a newsletter, a domain
made to look like ours) sets a ceiling, whatever else speaks for one. 50 is "nothing known". The weights are the two
tables below; docs/extraction.md explains them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from mxsync.extract import machines
from mxsync.extract.addresses import clean_address, find_addresses
from mxsync.extract.bulk import is_auto_reply, is_bulk
from mxsync.extract.domains import is_disposable, is_freemail, is_hosting, is_hosts_own, registrable
from mxsync.extract.lookalikes import lookalike
from mxsync.extract.names import split_name
from mxsync.extract.roles import is_role_address
from mxsync.model.item import Address

START: Final = 50
MANY: Final = 20
"""People outside from whom on a mail is a circular."""
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
_VIA = re.compile(r"\b(?:via|über|par l'intermédiaire de|on behalf of|im auftrag von)\s+\S", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sighting:
    """How somebody appears on a mail. `headers` are the mail's, by lower-case name.

    `sent_by_us`: one of us wrote it, so it is somebody we write to; else `wrote_it` says whether he is the sender or
    only on copy. `both_ways`: the conversation holds earlier mail of the other side, seen in our mailboxes. `newest` is
    the author's own text and `has_signature` whether it ends in a contact block: both count for the sender alone.
    `addressed`: one of us stands in To or Cc. `outside` is how many people on it are not ours. `reply_to` is where
    answers go, where that is said. `vouched`: a person has told whose the domain is, so that neither a host's name nor
    one like ours counts against it.
    """

    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    subject: str = ""
    sent_by_us: bool = False
    wrote_it: bool = True
    both_ways: bool = False
    newest: str = ""
    has_signature: bool = False
    addressed: bool = True
    outside: int = 1
    reply_to: tuple[Address, ...] = ()
    vouched: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """`value` from 0 to 100; `reasons`, a phrase each, with the points that it gave or the ceiling that it set."""

    value: int
    reasons: tuple[str, ...]


def person_score(
    person: Address, seen: Sighting, domains: frozenset[str] = frozenset(), users: frozenset[str] = frozenset()
) -> Score:
    """The score of one person on a mail. `domains` are ours, `users` the address keys of our people."""
    if clean_address(person.address) is None:
        return Score(0, ("no valid address (at most 0)",))
    points, ceiling = START, 100
    reasons: list[str] = []
    for amount, reason in _points(person, seen):
        points += amount
        reasons.append(f"{reason} ({amount:+d})")
    for most, reason in _ceilings(person, seen, domains, users):
        ceiling = min(ceiling, most)
        reasons.append(f"{reason} (at most {most})")
    return Score(max(0, min(points, ceiling, 100)), tuple(reasons))


def _points(person: Address, seen: Sighting) -> Iterator[tuple[int, str]]:
    """What speaks for a person who deals with us, and against."""
    yield from _of_correspondence(seen)
    name = split_name(person.name, person.address)
    if name.is_person and name.first and name.last:
        yield 10, "the name is a person's"
    elif not name.is_person:
        yield -25, "the name is not a person's"
    if _PERSONAL_LOCAL.match(person.address):
        yield 5, "the address holds a first and a last name"
    if "+" in person.address.partition("@")[0]:
        yield -15, "the address is an alias with a plus tag"
    if seen.sent_by_us or not seen.wrote_it:
        return
    if seen.has_signature:
        yield 10, "the mail ends in a signature"
    if not seen.addressed:
        yield -15, "none of us is addressed"
    text = seen.newest[:_TEXT_LIMIT]
    if text:
        if _MASS_MAIL.search(text):
            yield -30, "the text offers to unsubscribe"
        if _NOBODY_READS.search(text):
            yield -30, "the text says that nobody reads answers"
    program = machines.sending_program(seen.headers)
    if program:
        yield -30, program
    booking = machines.booking_subject(seen.subject)
    if booking:
        yield -20, booking
    elsewhere = _answers_go_elsewhere(person, seen.reply_to)
    if elsewhere:
        yield -20, elsewhere


def _of_correspondence(seen: Sighting) -> Iterator[tuple[int, str]]:
    if seen.sent_by_us:
        if seen.outside > MANY:
            yield 5, f"one of us wrote to this address, with {seen.outside - 1} others"
        else:
            yield 25, "one of us wrote to this address"
        if seen.both_ways:
            yield 10, "in answer to a mail that we have"
        return
    if not seen.wrote_it:
        yield -15, "only on copy: neither wrote it nor was written to by one of us"
    elif seen.both_ways:
        yield 30, "the mail answers one that one of us sent"
    elif seen.headers.get("in-reply-to") or seen.headers.get("references"):
        yield 5, "the mail answers another"
    if seen.outside > MANY:
        yield -15, f"{seen.outside} people outside are on it"


def _ceilings(
    person: Address, seen: Sighting, domains: frozenset[str], users: frozenset[str]
) -> Iterator[tuple[int, str]]:
    """What rules a person out whatever speaks for one."""
    domain = person.domain
    if is_role_address(person.address):
        yield 10, "the address is a function's, not a person's"
    if seen.vouched:
        pass
    elif is_hosts_own(domain):
        yield 45, "the domain is a host's own: one of its people, or a customer's mail"
    elif is_hosting(domain):
        yield 15, "the domain is a mail or web host's"
    if is_disposable(domain):
        yield 15, "the address is one to be thrown away"
    forged = "" if seen.vouched else lookalike(domain, domains)
    if forged:
        yield 5, forged
    if not is_freemail(domain):
        pass
    elif _private_address_of_ours(person, domains, users):
        yield 40, "the address may be one of our own people's, at home"
    if _VIA.search(person.name):
        yield 15, "a program writes in the name of somebody"
    shown = _other_address_in_name(person)
    if shown:
        yield 10, f"the name shows another address (`{shown}`)"
    spam = machines.judged_as_spam(seen.headers)  # of a mail in our own name as well: that is the usual forgery
    if spam:
        yield 10, spam
    if seen.sent_by_us or not seen.wrote_it:
        return
    if is_auto_reply(seen.headers):
        yield 10, "a program sent the mail"
    if is_bulk(seen.headers):
        yield 15, "the mail went to a list"
    for most, reason in (
        (15, machines.automatic_subject(seen.subject)),
        (25, machines.ticket_system(seen.headers, seen.subject)),
        (25, machines.account_subject(seen.subject)),
        (35, machines.calendar_answer(seen.subject)),
    ):
        if reason:
            yield most, reason


def _answers_go_elsewhere(person: Address, reply_to: tuple[Address, ...]) -> str:
    """Where answers would go, if that is another owner's domain: what fraud and mass mail have in common."""
    own = registrable(person.domain) or person.domain
    others = [each.address for each in reply_to if each.domain and (registrable(each.domain) or each.domain) != own]
    return f"answers go elsewhere ({others[0]})" if others and len(others) == len(reply_to) else ""


def _other_address_in_name(person: Address) -> str:
    """An address in the display name that is not the person's, of another domain."""
    if "@" not in person.name:
        return ""
    own = registrable(person.domain) or person.domain
    for shown in find_addresses(person.name):
        domain = shown.rpartition("@")[2]
        if (registrable(domain) or domain) != own:
            return shown
    return ""


def _private_address_of_ours(person: Address, domains: frozenset[str], users: frozenset[str]) -> bool:
    """Whether one of our people has the same first and last name before the @ as this address at a free provider."""
    local = person.address.partition("@")[0].partition("+")[0].lower()
    return bool(_PERSONAL_LOCAL.match(local + "@")) and any(f"{local}@{domain}" in users for domain in domains)
