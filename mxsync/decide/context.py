"""What a decision is about: the item, whose it is, what is stored of it already, and the organisation around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from mxsync.model.item import Item, Value
from mxsync.model.outcome import OwnRow
from mxsync.model.values import value

Event = Literal["created", "updated", "deleted"]


@value(frozen=True, slots=True)
class Organisation:
    """Whose service this is. `domains` are ours, in lower case (subdomains count as ours too); `users` are the address
    keys of the configured users; `region` is for phone numbers without a country code; `timezone` an IANA name;
    `hosting` are domains, beyond the built-in ones, that never become a company."""

    domains: frozenset[str] = frozenset()
    users: frozenset[str] = frozenset()
    region: str = ""
    timezone: str = "UTC"
    hosting: frozenset[str] = frozenset()


@value(frozen=True, slots=True)
class Erasure:
    """How many people on an item were erased, so that it stands here without them; `author` when one of them wrote it
    (sent it, called the meeting, is on the card)."""

    people: int = 0
    author: bool = False


@value(frozen=True, slots=True)
class ItemContext:
    """One item to decide. `user` is the mailbox's user, '' in a public folder. `identity` is what makes the item
    the same wherever it lies (a Message-ID, a UID). `own` are the rows that stand for it already, by this
    mailbox's copy or another's. `previous` are its mapped fields as last stored, None when nothing is (for
    `changed`). Planned keys that the decision makes are numbered from `first_planned`. `earlier` are the Message-IDs of
    its conversation that lie in our mailboxes: True for a mail that one of us sent, False for one that came in."""

    item: Item
    event: Event
    user: str
    identity: str = ""
    own: tuple[OwnRow, ...] = ()
    previous: Mapping[str, Value] | None = None
    first_planned: int = 0
    done: frozenset[str] = field(default_factory=frozenset)
    """Keys of once-only effects that an earlier decision on this item has made already (see `once_key`)."""
    earlier: Mapping[str, bool] = field(default_factory=dict)
    erased: Erasure = Erasure()
    """Who was erased and is therefore missing on the item (see `mxsync.decide.erased`)."""

    def numbered(self, first_planned: int, own: tuple[OwnRow, ...]) -> ItemContext:
        """The same in its place in a page. Made by a call: `replace` costs three times as much."""
        return ItemContext(
            self.item, self.event, self.user, self.identity, own, self.previous, first_planned, self.done,
            self.earlier, self.erased,
        )  # fmt: skip


def once_key(rule: str, what: str, number: int) -> str:
    """The key of an effect that is made once for an item and a rule, however often it is decided: a record that
    `create` makes, a notification, a hook, a copy. `rule` is `CompiledRule.memory`, `number` the place among the rule's
    actions."""
    return f"{rule}\x1f{what}\x1f{number}"
