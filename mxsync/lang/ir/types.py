"""The types of values, and paths that were resolved."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from mxsync.lang.source import NOWHERE, Span


class Type(Enum):
    """What a value is to the rules."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "yes or no"
    DATE = "date"
    MOMENT = "date and time"
    PERSON = "person"
    ATTACHMENT = "attachment"
    REFERENCE = "record"
    ANY = "anything"  # a named property, a column of unknown type


class Root(Enum):
    """Where a path begins."""

    ITEM = "item"  # steps[0] is a field of the item, then name/address/domain/score of a person
    HEADER = "header"  # steps[0] is the header's name in lower case
    CUSTOM = "custom"  # steps[0] is the named property
    SIGNATURE = "signature"  # steps[0] is a field of the sender's signature
    USER = "user"  # the mailbox's user: 'email', or a field of the entity that plays the user's part
    CAPTURE = "capture"  # steps[0] is the name
    ENTITY = "entity"  # records of `entity` that the item leads to, then their fields
    RECORD = "record"  # the record at hand: inside `where`, and the row of `when row of ENTITY`


@dataclass(frozen=True, slots=True)
class Path:
    """A resolved path. Steps after a reference field go on in the entity it refers to; `entity` is that of the root
    (ENTITY, USER, RECORD), `refers` the entity that a value of type REFERENCE is of. `many` when it may hold several
    values. `zone`-less; `text` as written."""

    root: Root
    steps: tuple[str, ...]
    type: Type
    many: bool = False
    entity: str = ""
    refers: str = ""
    text: str = ""
    span: Span = NOWHERE
