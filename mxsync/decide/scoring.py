"""The score of people on an item: what the mail says of each, and what of its conversation was seen before.

The memory is that of Message-IDs. mxsync keeps no addresses of people who are no contacts, so it cannot know whom one
of us wrote to last year; but it keeps the identity of every mail that it saw, and a mail names those that it answers.
Whoever answers a mail that one of us sent has been written to, and whoever is answered has written.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mxsync.decide import people
from mxsync.decide.context import ItemContext
from mxsync.decide.gleaned import Gleaned
from mxsync.decide.persons import is_ours, people_of, recipients
from mxsync.lang.compile import RulePlan
from mxsync.model.item import Address, Kind
from mxsync.model.normal import address_key, text_key

if TYPE_CHECKING:
    from mxsync.decide.item_facts import ItemFacts
    from mxsync.extract.score import Score

_WRITTEN = (Kind.MAIL, Kind.POST)


def scored(facts: ItemFacts, person: Address, earlier: Mapping[str, bool]) -> Score:
    """The score of one person on an item, with its reasons."""
    from mxsync.extract.score import Score, Sighting, person_score

    item, organisation = facts.item, facts.organisation
    if is_ours(person.address, organisation):
        return Score(0, ("one of us (at most 0)",))
    senders = facts.senders()
    sent = any(is_ours(each.address, organisation) for each in senders)
    key = address_key(person.address)
    wrote_it = not senders or any(address_key(each.address) == key for each in senders)
    seen = Sighting(
        headers=item.headers,
        subject=_text(item.fields.get("subject")),
        sent_by_us=sent,
        wrote_it=wrote_it,
        both_ways=any(by_us is not sent for by_us in earlier.values()),
        outside=len(facts.correspondents()),
        vouched=bool(people.alias_of(person.domain, facts.plan.aliases)),
    )
    if item.kind in _WRITTEN and wrote_it and not sent:
        named = recipients(item.fields)
        seen = replace(
            seen,
            addressed=not named or any(is_ours(each.address, organisation) for each in named),
            reply_to=people_of(item.fields.get("reply_to")),
        )
        # A newsletter's text is long, and its headers have said what counts.
        if not people.is_bulk(item.headers) and not people.is_auto_reply(item.headers):
            reading = facts.reading()
            seen = replace(seen, newest=reading.text, has_signature=reading.has_signature)
    return person_score(person, seen, organisation.domains, organisation.users)


def with_earlier(plan: RulePlan, contexts: Sequence[ItemContext], gleaned: Sequence[Gleaned]) -> list[ItemContext]:
    """The contexts of a page, each knowing what mail of its conversation comes before it in the page, beside what the
    caller knew of earlier pages."""
    seen: dict[str, bool] = {}
    found: list[ItemContext] = []
    for context, own in zip(contexts, gleaned, strict=True):
        item = context.item
        if item.kind in _WRITTEN and plan.needs(item.kind).score:
            here = {each: seen[each] for each in own.conversation_ids() if each in seen} if seen else {}
            if here:
                context = replace(context, earlier={**context.earlier, **here})
            identity, by_us = item.fields.get("message_id"), sent_by_us((item.ref.folder,))
            if isinstance(identity, str) and identity and by_us is not None:
                seen.setdefault(identity, by_us)
        found.append(context)
    return found


def sent_by_us(folders: Collection[str]) -> bool | None:
    """Whose a mail is that lies in these folders, told by no header, which anybody can write: True for *Sent Items* and
    below, False for *Inbox*, None for others."""
    roots = {text_key(folder.partition("/")[0]) for folder in folders}
    return True if "sent items" in roots else False if "inbox" in roots else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
