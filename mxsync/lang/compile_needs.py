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
    it. `signature`: what the item's own text says of its sender, which is no question to the tables."""

    people: bool = False
    companies: bool = False
    own: bool = False
    conversation: bool = False
    user: bool = False
    current: bool = False
    mentions: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    conversation_links: frozenset[str] = field(default_factory=frozenset)
    score: bool = False
    signature: bool = False

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
            self.signature or other.signature,
        )


NOTHING = Needs()
_PEOPLE = Needs(people=True)
_OWN = Needs(own=True, user=True)
_LINK = Needs(people=True, companies=True, own=True, user=True)
_CONVERSATION = Needs(conversation=True)
_CREATE = Needs(people=True, companies=True, user=True, signature=True)
_UPDATE = Needs(people=True, companies=True, current=True, signature=True)
_USER = Needs(user=True)
_SCORE = Needs(score=True, signature=True)
_SIGNATURE = Needs(signature=True)
_OF_ITEM = frozenset({ir.Root.ITEM, ir.Root.HEADER, ir.Root.CUSTOM})
_OF_TEXT = frozenset({ir.Fact.HAS_SIGNATURE, ir.Fact.HAS_PHONE})


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
        case ir.Compare() if condition.path.root is ir.Root.SIGNATURE:
            return _SIGNATURE
        case ir.Is(fact=fact) if fact in _OF_TEXT:
            return _SIGNATURE
        case _:
            return NOTHING


def of_item_alone(condition: ir.Condition) -> bool:
    """Whether an item answers a condition by itself: no table is asked, and its text is not read for a signature."""
    match condition:
        case ir.And() | ir.Or():
            return all(map(of_item_alone, condition.parts))
        case ir.Not():
            return of_item_alone(condition.part)
        case ir.Compare():
            constant = all(isinstance(each, ir.Constant) for each in condition.values)
            return constant and condition.path.root in _OF_ITEM and not asks_score(condition.path)
        case ir.HasAttachment():
            return True
        case ir.Is():
            return condition.fact not in _OF_TEXT
        case _:
            return False


def mentions_of(condition: ir.Condition | None) -> tuple[ir.Mentions, ...]:
    """Every `mentions` of a condition that may make it hold: not those under `not`."""
    match condition:
        case ir.And() | ir.Or():
            return tuple(each for part in condition.parts for each in mentions_of(part))
        case ir.Mentions():
            return (condition,)
        case _:
            return ()
