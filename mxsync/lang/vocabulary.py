"""Every word that the rule language knows: item kinds and their fields, adjectives, converters, statement words.

This is the one place for words. The checker resolves names against it, the messages take their suggestions from
it, and the editor grammars are made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mxsync.lang.ir import Fact, Type
from mxsync.model.item import Kind


@dataclass(frozen=True, slots=True)
class FieldWord:
    """A field of an item. `many` when it holds a list."""

    name: str
    type: Type
    many: bool = False


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _fields(type_: Type, names: str, many: bool = False) -> dict[str, FieldWord]:
    return {name: FieldWord(name, type_, many) for name in names.split()}


_COMMON: Final = (
    _fields(Type.TEXT, "subject body sensitivity importance folder class flag")
    | _fields(Type.MOMENT, "created_on modified_on")
    | _fields(Type.NUMBER, "size")
    | _fields(Type.BOOLEAN, "flagged")
    | _fields(Type.PERSON, "user")
    | _fields(Type.TEXT, "categories", many=True)
    | _fields(Type.ATTACHMENT, "attachments", many=True)
)
_MAIL: Final = (
    _COMMON
    | _fields(Type.TEXT, "message_id direction")
    | _fields(Type.PERSON, "sender")
    | _fields(Type.PERSON, "recipients to cc bcc reply_to correspondents", many=True)
    | _fields(Type.TEXT, "conversation", many=True)
    | _fields(Type.MOMENT, "sent received")
    | _fields(Type.BOOLEAN, "read")
)
_CONTACT: Final = (
    _COMMON
    | _fields(
        Type.TEXT,
        "first_name middle_name last_name full_name nickname honorific suffix job_title department organisation "
        "business_phone home_phone mobile_phone fax website street city postal_code region country "
        "home_street home_city home_postal_code home_country manager assistant notes",
    )
    | _fields(Type.TEXT, "email", many=True)
    | _fields(Type.DATE, "birthday anniversary")
    | _fields(Type.ANY, "photo")
)
_APPOINTMENT: Final = (
    _COMMON
    | _fields(Type.MOMENT, "start end")
    | _fields(Type.BOOLEAN, "all_day cancelled")
    | _fields(Type.NUMBER, "duration")  # minutes, from start to end
    | _fields(Type.TEXT, "location show_as recurrence time_zone uid online_link")
    | _fields(Type.PERSON, "organizer")
    | _fields(Type.PERSON, "attendees contacts correspondents", many=True)
    | _fields(Type.ANY, "reminder")  # minutes before the start, or a moment
)
_TASK: Final = (
    _COMMON
    | _fields(Type.MOMENT, "start due completed")
    | _fields(Type.TEXT, "status recurrence time_zone uid")
    | _fields(Type.NUMBER, "percent priority")  # priority as in RFC 5545: 1 highest, 9 lowest, 0 none
    | _fields(Type.PERSON, "contacts", many=True)
    | _fields(Type.ANY, "reminder")
)
_JOURNAL: Final = (
    _COMMON
    | _fields(Type.MOMENT, "start")
    | _fields(Type.NUMBER, "duration")  # minutes
    | _fields(Type.TEXT, "type time_zone uid")
    | _fields(Type.PERSON, "contacts", many=True)
    | _fields(Type.TEXT, "companies", many=True)
)
_NOTE: Final = _COMMON | _fields(Type.TEXT, "color")

ITEM_FIELDS: Final[Mapping[Kind, Mapping[str, FieldWord]]] = {
    Kind.MAIL: _MAIL,
    Kind.POST: _MAIL,
    Kind.CONTACT: _CONTACT,
    Kind.APPOINTMENT: _APPOINTMENT,
    Kind.TASK: _TASK,
    Kind.JOURNAL: _JOURNAL,
    Kind.NOTE: _NOTE,
}
"""Field name to what it is, for each kind. `user` is the person whose mailbox it is."""

ANY_ITEM: Final = "item"
KIND_WORDS: Final[Mapping[str, frozenset[Kind]]] = {kind.value: frozenset({kind}) for kind in Kind} | {
    ANY_ITEM: frozenset(Kind)
}
"""What may stand after `when` (besides `row of ENTITY`)."""

ENTITY_OF_KIND: Final[Mapping[Kind, str]] = {kind: kind.value for kind in Kind} | {Kind.MAIL: "email"}
"""The name that an entity must have to stand for a kind without saying so."""

PARTS: Final = ("contact", "company", "user")
"""The words that mean the entity which plays that part."""

PERSON_STEPS: Final[Mapping[str, Type]] = {
    "name": Type.TEXT,
    "address": Type.TEXT,
    "domain": Type.TEXT,
    "score": Type.NUMBER,
    "answer": Type.TEXT,
}
"""What a person on an item has. `score` is 0 to 100: how likely a person who deals with us. `answer` is an attendee's:
accepted, declined, tentative, delegated."""

COMPANY_ALIASES: Final = "company_aliases"
"""The list that says which domains are one company's: `'acme.co.za' is 'acme.example'`."""

USER_STEPS: Final[Mapping[str, str]] = {"email": "email", "address": "email", "name": "name", "domain": "domain"}
"""What `user` has even where no entity plays the user's part, and the step that it becomes."""

SIGNATURE_FIELDS: Final[Mapping[str, FieldWord]] = _fields(
    Type.TEXT,
    "full_name first_name last_name job_title department organisation email business_phone mobile_phone home_phone "
    "fax website street city postal_code region country",
)
"""What `signature.` may be followed by: facts read from the sender's signature."""

READ_ONLY_FIELDS: Final = frozenset({
    "size", "class", "folder", "created_on", "modified_on", "direction", "conversation", "correspondents", "message_id",
    "uid", "user",
})  # fmt: skip
"""What no one can write into an item: it follows from the item, or from where it lies."""

SENSITIVITIES: Final = ("private", "personal", "confidential")

FACTS: Final[Mapping[str, Fact]] = {
    "internal": Fact.INTERNAL,
    "bulk": Fact.BULK,
    "auto_reply": Fact.AUTO_REPLY,
    "role_address": Fact.ROLE_ADDRESS,
    "freemail": Fact.FREEMAIL,
}
HAS_FACTS: Final[Mapping[str, Fact]] = {"signature": Fact.HAS_SIGNATURE, "phone": Fact.HAS_PHONE}

_WRITTEN: Final = frozenset({Kind.MAIL, Kind.POST})
_WITH_PEOPLE: Final = _WRITTEN | {Kind.APPOINTMENT}
_EVERY: Final = frozenset(Kind)
ADJECTIVES: Final[Mapping[str, frozenset[Kind]]] = {
    **dict.fromkeys(SENSITIVITIES, _EVERY),
    **dict.fromkeys(("sent", "received", "read", "bulk", "auto_reply"), _WRITTEN),
    "flagged": _EVERY,
    "recurring": frozenset({Kind.APPOINTMENT, Kind.TASK}),
    **dict.fromkeys(("meeting", "all_day", "cancelled"), frozenset({Kind.APPOINTMENT})),
    "completed": frozenset({Kind.TASK}),
    **dict.fromkeys(("internal", "role_address", "freemail"), _WITH_PEOPLE),
}
"""What may follow `is`, and the kinds of item that can be so."""

ROLES: Final[Mapping[str, str]] = {
    "from": "sender",
    "to": "to",
    "cc": "cc",
    "attendee": "attendees",
    "correspondent": "correspondents",
}
"""The sugar words for people, and the field that each means."""

CONVERTERS: Final[Mapping[str, Type]] = {
    "phone": Type.TEXT,
    "date": Type.DATE,
    "utc": Type.MOMENT,
    "local": Type.MOMENT,
    "text": Type.TEXT,
    "html": Type.TEXT,
    "number": Type.NUMBER,
}
"""What may follow `as` in a mapping, and the type that it makes of a column."""

EVENTS: Final = ("created", "updated", "deleted")
SOURCES: Final = ("signature", "header", "domain")
PEOPLE: Final = ("sender", "recipients", "attendees", "correspondents")
QUANTIFIERS: Final = ("any", "all", "no")
OPERATORS: Final = (
    "is", "is not", "=", "!=", "<", "<=", ">", ">=", "in", "not in", "contains", "starts with", "ends with", "like",
    "matches", "is empty", "is not empty", "exists", "changed", "is known", "before", "after", "within last",
    "within next",
)  # fmt: skip
STATEMENTS: Final = ("use", "list", "entity", "extend", "sync", "rule", "when", "test")
ACTIONS: Final = (
    "create", "update", "save", "link", "set", "delete", "categorize", "uncategorize", "move", "copy", "mark", "flag",
    "notify", "call", "hold", "skip", "stop",
)  # fmt: skip
SUGAR: Final = ("category", "has", "mentions", *ROLES)
SIDES: Final = ("folder", "table")


def fields_of(kinds: frozenset[Kind]) -> Mapping[str, FieldWord]:
    """The fields that any of the kinds has; one that differs in type between kinds may be anything."""
    if len(kinds) == 1:
        return ITEM_FIELDS[next(iter(kinds))]
    found = _MERGED.get(kinds)
    if found is None:
        merged: dict[str, FieldWord] = {}
        for kind in sorted(kinds):
            for name, word in ITEM_FIELDS[kind].items():
                before = merged.setdefault(name, word)
                if before != word:
                    merged[name] = FieldWord(name, Type.ANY, before.many or word.many)
        found = _MERGED[kinds] = merged
    return found


_MERGED: Final[dict[frozenset[Kind], Mapping[str, FieldWord]]] = {}


def kinds_with(name: str) -> tuple[Kind, ...]:
    """The kinds whose items have that field, for a message that says where a misplaced word belongs."""
    return tuple(kind for kind, fields in ITEM_FIELDS.items() if name in fields)


RESERVED: Final = _words(
    "after all and any as at attendee before call categorize category cc changed class conflict contains copy "
    "correspondent create created delete deleted empty ends exists expect extend fill flag folder from given "
    "has hold in into is key known last latest like link linked links mark matched matches mentioned mentions "
    "modified move newest next no not notify now oldest or out review row save set skip starts stop table then "
    "to uncategorize update updated when where with within yes "
)
"""Words that begin or join clauses and cannot be names: the grammar's NAME excludes just these."""
