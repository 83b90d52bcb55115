"""What the rules mean: every name resolved, every type known, all sugar rewritten to the core.

The checker makes it from the syntax tree; the compiler turns it into a plan, the tests of the language and
`explain` read it. Nothing here looks anything up by text any more. Every condition keeps `text`, as it was written,
for the trace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TypeAlias

from mxsync.lang.source import NOWHERE, Span
from mxsync.model.item import Kind, Scalar
from mxsync.model.record import Entity


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


# ------------------------------------------------------------------ values


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal. A size is its bytes, a moment has the organisation's zone already."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Offset:
    """`base` None is now. `count` carries the sign; `unit`: minute hour day week month year, '' without an offset.
    Months and years keep the day where it exists, else the month's last."""

    base: Path | None
    count: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Hole:
    """`{path}` or `{path:%Y}` in a text."""

    path: Path
    format: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A text with holes, in order."""

    parts: tuple[str | Hole, ...]


@dataclass(frozen=True, slots=True)
class TheUser:
    """`user` as a value: the mailbox's user, as a record or an address as the place demands."""


Expr: TypeAlias = Constant | Path | Offset | Template | TheUser

# ------------------------------------------------------------------ conditions


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

# ------------------------------------------------------------------ actions


@dataclass(frozen=True, slots=True)
class Assign:
    """`field = value`. In `set` of the item's own row `entity` is ''; else it is the entity whose matched records are
    set. In `create` and `save`, `entity` is that of the action."""

    entity: str
    field: str
    value: Expr
    span: Span = NOWHERE


class People(Enum):
    """For whom contacts are made."""

    CORRESPONDENTS = "correspondents"
    SENDER = "sender"
    RECIPIENTS = "recipients"
    ATTENDEES = "attendees"


class Source(Enum):
    """What a new record is read from."""

    DEFAULT = ""
    HEADER = "header"
    SIGNATURE = "signature"
    DOMAIN = "domain"


@dataclass(frozen=True, slots=True)
class CreateContacts:
    """One for each external person of `people` that no record matches. Never for role addresses that are not asked
    for, our own people, bulk or automatic mail."""

    entity: str
    people: People
    source: Source
    assigns: tuple[Assign, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class CreateCompanies:
    """One for each registrable domain of the item's contacts that no record matches; never for freemail, internal or
    hosting domains. New contacts of that domain are linked to it."""

    entity: str
    source: Source
    assigns: tuple[Assign, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class CreateRecord:
    """A new row of any entity, once for each item and rule."""

    entity: str
    assigns: tuple[Assign, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class UpdateContacts:
    """The sender's contact is brought up to date with what his own signature says. What a person wrote stays."""

    entity: str
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Save:
    """The item's own row in `entity`; `other` when that is not the item kind's own entity, and takes its place."""

    entity: str
    other: bool
    assigns: tuple[Assign, ...] = ()
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Target:
    """Records to link to. `entity` may play a part ('contact', 'company', 'user'; see `Program.parts`)."""

    entity: str
    mentioned: bool = False
    of_conversation: bool = False
    where: Condition | None = None
    latest_by: str = ""
    oldest_by: str = ""
    text: str = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Link:
    """Without targets: the user, every matched, mentioned, listed or created contact, and their companies. Rows that the same rule
    creates are linked either way."""

    targets: tuple[Target, ...] = ()
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Set:
    assigns: tuple[Assign, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Delete:
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class SaveAttachments:
    """`folder` None: the documents store. Each hole of `folder` becomes one sanitised name."""

    folder: Template | None = None
    larger: int | None = None
    like: Pattern | None = None
    replacing: bool = False
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Categorize:
    category: Template
    remove: bool = False
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class MoveTo:
    folder: Template
    copy: bool = False
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class MarkRead:
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Flag:
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Notify:
    address: Template
    body: Template
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class CallHook:
    hook: str
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Hold:
    why: Template
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Skip:
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Stop:
    span: Span = NOWHERE


Action: TypeAlias = (
    CreateContacts | CreateCompanies | CreateRecord | UpdateContacts | Save | Link | Set | Delete | SaveAttachments
    | Categorize | MoveTo | MarkRead | Flag | Notify | CallHook | Hold | Skip | Stop
)  # fmt: skip

# ------------------------------------------------------------------ statements


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `users` are address keys, None for everyone. `folders` are patterns as written, None for the kinds'
    own folders; `public` when they are public ones. `row_of` is the entity of `when row of`, '' for items. `event`:
    '' (created or updated), 'created', 'updated', 'deleted'. `order` is the place in file order."""

    name: str
    file: str
    line: int
    order: int
    priority: int
    kinds: frozenset[Kind]
    row_of: str
    event: str
    users: frozenset[str] | None
    folders: tuple[str, ...] | None
    public: bool
    condition: Condition | None
    actions: tuple[Action, ...]
    because: str = ""
    span: Span = NOWHERE


class SideForm(Enum):
    """What a side of a sync is."""

    EACH_USER = "each"
    ONE_USER = "one"
    PUBLIC = "public"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Side:
    """`alias` is how clauses address it: 'folder', 'table', or the alias given."""

    form: SideForm
    folder: str = ""
    user: str = ""
    entity: str = ""
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Into:
    """One direction. `when` None: everything."""

    when: Condition | None
    assigns: tuple[Assign, ...] = ()


@dataclass(frozen=True, slots=True)
class Sync:
    """A sync resolved. `into_left` None: that direction is off. `conflict` is 'newest', 'left', 'right' or 'review';
    `deleted_left` and `deleted_right` are delete, unlink or keep; `out_of_filter` is remove or keep."""

    name: str
    kind: Kind
    entity: str
    users: frozenset[str] | None
    left: Side
    right: Side
    into_left: Into | None
    into_right: Into | None
    conflict: str
    deleted_left: str
    deleted_right: str
    out_of_filter: str
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class GivenItem:
    """`given mail …`. `fields` are the vocabulary's names (headers under 'header.NAME', named properties under
    'custom.NAME') with their values; `file` is a sample's path as written, '' without one."""

    kind: Kind
    event: str
    file: str
    fields: Mapping[str, Expr]
    lists: Mapping[str, tuple[Expr, ...]] = field(default_factory=dict)
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class GivenRow:
    """`given row of ENTITY …`."""

    entity: str
    event: str
    fields: Mapping[str, Expr]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Given:
    """Things, each later one linked to the first."""

    things: tuple[GivenItem | GivenRow, ...]


@dataclass(frozen=True, slots=True)
class ExpectNothing:
    otherwise: bool
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ExpectNo:
    """`what` is create, link or save; `entity` '' for any."""

    what: str
    entity: str
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ExpectRule:
    name: str
    negated: bool
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ExpectInSide:
    """`expect add|update|remove KIND in SIDE`: for syncs."""

    what: str
    entity: str
    side: Side
    assigns: tuple[Assign, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ExpectEffects:
    """Effects that must be there, with the values that matter. `linked_to` belongs to `create … linked to T`."""

    actions: tuple[Action, ...]
    linked_to: str = ""
    span: Span = NOWHERE


Expectation: TypeAlias = ExpectNothing | ExpectNo | ExpectRule | ExpectInSide | ExpectEffects


@dataclass(frozen=True, slots=True)
class Test:
    """A test resolved. `user` is an address ('' for the made-up one), `at` the clock (None: the caller's)."""

    name: str
    file: str
    line: int
    user: str
    at: datetime | None
    givens: tuple[Given, ...]
    expectations: tuple[Expectation, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Program:
    """All rule files together, resolved. `rules` are in the order in which they act (priority, then file order).
    `parts` leads from 'contact', 'company', 'user' to the entity that plays the part. `own` leads from an item kind to
    the entity that its items are saved in. `tests_of` leads from a file to its tests; `files` are all files read, in
    load order, with the digest of their text. `digest` is of the meaning: comments and layout do not change it. `aliases` leads from a
    company's further domains to the one that it goes by (`list company_aliases`)."""

    entities: Mapping[str, Entity]
    parts: Mapping[str, str]
    own: Mapping[Kind, str]
    lists: Mapping[str, tuple[str, ...]]
    rules: tuple[Rule, ...]
    syncs: tuple[Sync, ...]
    tests: tuple[Test, ...]
    files: Mapping[str, str]
    digest: str
    aliases: Mapping[str, str] = field(default_factory=dict)
