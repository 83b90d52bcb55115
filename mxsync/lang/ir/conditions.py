"""Conditions, each with its text as it was written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from mxsync.lang.ir.types import Path
from mxsync.lang.ir.values import Expr
from mxsync.lang.source import NOWHERE, Span


class Quantifier(Enum):
    """How many values of a list must hold. ALL needs at least one value; NONE holds for an empty list."""

    ANY = "any"
    ALL = "all"
    NONE = "no"


class Op(Enum):
    """What is asked of one value. `negated` in `Compare` turns it around value by value.

    EMPTY is asked of all values together, whatever the quantifier (always ANY): nothing is there, or only empty
    texts; `negated` for `exists` and `is not empty`. WITHIN_LAST and WITHIN_NEXT carry one `Offset` from now, the far
    end of the span (`within last 30 days`: now - 30 days). `before` and `after` are LT and GT.
    """

    EQ = "="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    IN = "in"
    CONTAINS = "contains"
    STARTS = "starts with"
    ENDS = "ends with"
    LIKE = "like"
    MATCHES = "matches"
    EMPTY = "is empty"
    CHANGED = "changed"
    WITHIN_LAST = "within last"
    WITHIN_NEXT = "within next"
    IN_DOMAIN = "in domain"  # a domain is one of these or below one of them


@dataclass(frozen=True, slots=True)
class Pattern:
    """What `like` or `matches` compares with. `regex` is RE2 syntax, whole text for `like`, anywhere for `matches`,
    without case; `captures` are the names it gives; `prefix` and `literal` are texts (folded) that any match must
    begin with, or hold, '' where there is none."""

    source: str
    regex: str
    captures: tuple[str, ...] = ()
    prefix: str = ""
    literal: str = ""


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Condition, ...]
    text: str = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Condition, ...]
    text: str = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition
    text: str = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Compare:
    """`quantifier path op value`. Without a quantifier a negative (`!=`, `is not`, `not in`) is NONE with the positive
    operator; `any … not in` is ANY with `negated`. `values` holds one expression, several for IN, CONTAINS and
    IN_DOMAIN, none for EMPTY and CHANGED; `pattern` is for LIKE and MATCHES. Text compares by `text_key`, a person or
    an address by `address_key`, a REFERENCE by its key."""

    quantifier: Quantifier
    path: Path
    op: Op
    values: tuple[Expr, ...] = ()
    pattern: Pattern | None = None
    negated: bool = False
    text: str = ""
    span: Span = NOWHERE


class Whom(Enum):
    """Whose record `is known` asks for, when no path says it."""

    ANYONE = "anyone"  # any correspondent, attendee or linked contact; on a contact the item itself
    OWN_ROW = "own row"  # this item has its row (`appointment is known appointment`)
    PATH = "path"


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody, or something, is a record of `entity` for which `where` holds."""

    quantifier: Quantifier
    whom: Whom
    path: Path | None
    entity: str
    where: Condition | None = None
    text: str = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class IsReply:
    """The item's conversation holds a saved row of `entity`."""

    entity: str
    text: str = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class HasAttachment:
    """An attachment whose name matches and which is larger than `larger` bytes. Inline pictures do not count."""

    like: Pattern | None = None
    larger: int | None = None
    text: str = ""
    span: Span = NOWHERE


class Fact(Enum):
    """What is computed from the item, beyond its fields."""

    INTERNAL = "internal"
    BULK = "bulk"
    AUTO_REPLY = "auto_reply"
    ROLE_ADDRESS = "role_address"
    FREEMAIL = "freemail"
    HAS_SIGNATURE = "has signature"
    HAS_PHONE = "has phone"


@dataclass(frozen=True, slots=True)
class Is:
    fact: Fact
    text: str = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Mentions:
    """The subject holds `field` of a record of `entity`, as whole words; for an e-mail field, an address of one."""

    entity: str
    field: str
    text: str = ""
    span: Span = NOWHERE


Condition: TypeAlias = And | Or | Not | Compare | Known | IsReply | HasAttachment | Is | Mentions
