"""What a rule looks up, told from its text: so that a page's questions can be asked before its items are decided."""

from __future__ import annotations

from dataclasses import dataclass, field

from mxsync.lang import ir
from mxsync.lang.compile_facts import asks_score


@dataclass(frozen=True, slots=True)
class Needs:
    """`people`: the records of the persons on an item. `companies`: those of their domains. `own`: the item's own row.
    `conversation`: the rows of earlier mail. `user`: the row of the mailbox's user. `current`: what is remembered of
    the sender's. `mentions`: (entity, field) looked for in subjects. `conversation_links`: the entities to whose rows
    an item is linked because earlier mail was. `score`: which earlier mail of its conversation was seen, and who wrote
    it."""

    people: bool = False
    companies: bool = False
    own: bool = False
    conversation: bool = False
    user: bool = False
    current: bool = False
    mentions: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    conversation_links: frozenset[str] = field(default_factory=frozenset)
    score: bool = False

    def __or__(self, other: Needs) -> Needs:
        if other is NOTHING or other is self:
            return self
        if self is NOTHING:
            return other
        return Needs(
            self.people or other.people,
            self.companies or other.companies,
            self.own or other.own,
            self.conversation or other.conversation,
            self.user or other.user,
            self.current or other.current,
            self.mentions | other.mentions,
            self.conversation_links | other.conversation_links,
            self.score or other.score,
        )


NOTHING = Needs()
_PEOPLE = Needs(people=True)
_OWN = Needs(own=True, user=True)
_LINK = Needs(people=True, companies=True, own=True, user=True)
_CONVERSATION = Needs(conversation=True)
_CREATE = Needs(people=True, companies=True, user=True)
_UPDATE = Needs(people=True, companies=True, current=True)
_USER = Needs(user=True)
_SCORE = Needs(score=True)


def needs_of(condition: ir.Condition | None, actions: tuple[ir.Action, ...]) -> Needs:
    """What one rule may look up. Paths into records inside texts and values are not followed: what they need is asked
    when the item is decided."""
    found = _of_condition(condition) if condition is not None else NOTHING
    for action in actions:
        match action:
            case ir.Link():
                found = found | _LINK
                linked = frozenset(target.entity for target in action.targets if target.of_conversation)
                if linked:
                    found = found | Needs(conversation=True, conversation_links=linked)
            case ir.CreateContacts() | ir.CreateCompanies():
                found = found | _CREATE
            case ir.UpdateContacts():
                found = found | _UPDATE
            case ir.CreateRecord():
                found = found | _USER
            case ir.Save() | ir.Set() | ir.SaveAttachments():
                found = found | _OWN
            case _:
                pass
    return found


def _of_condition(condition: ir.Condition) -> Needs:
    match condition:
        case ir.And() | ir.Or():
            found = NOTHING
            for part in condition.parts:
                found = found | _of_condition(part)
            return found
        case ir.Not():
            return _of_condition(condition.part)
        case ir.Known():
            return Needs(own=True) if condition.whom is ir.Whom.OWN_ROW else _PEOPLE
        case ir.IsReply():
            return _CONVERSATION
        case ir.Mentions():
            return Needs(mentions=frozenset({(condition.entity, condition.field)}))
        case ir.Compare() if condition.path.root is ir.Root.ENTITY:
            return _PEOPLE
        case ir.Compare() if asks_score(condition.path):
            return _SCORE
        case _:
            return NOTHING


def mentions_of(condition: ir.Condition | None) -> tuple[ir.Mentions, ...]:
    """Every `mentions` of a condition that may make it hold: not those under `not`."""
    match condition:
        case ir.And() | ir.Or():
            return tuple(each for part in condition.parts for each in mentions_of(part))
        case ir.Mentions():
            return (condition,)
        case _:
            return ()
