"""Programs, items and tables made by hand: the sample CRM's shape, and short ways to write conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from mxsync.decide.context import ItemContext, Organisation
from mxsync.lang import ir
from mxsync.lang.patterns import like_pattern, regex_pattern
from mxsync.model.item import Address, Attachment, Item, ItemRef, Kind, Scalar, Value
from mxsync.model.record import Direction, Entity, FieldMap, LinkTable

NOW = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)
ANNA = "anna@ours.example"
ORGANISATION = Organisation(
    domains=frozenset({"ours.example"}),
    users=frozenset({ANNA, "bob@ours.example"}),
    region="GB",
    timezone="Europe/London",
)
ANY, ALL, NONE = ir.Quantifier.ANY, ir.Quantifier.ALL, ir.Quantifier.NONE


def fields(*names: str, direction: Direction = Direction.ROW_ONLY) -> dict[str, FieldMap]:
    """Fields as `name`, `name=>entity` for a reference, `name*3` for a list over three columns."""
    found = {}
    for name in names:
        name, _, target = name.partition("=>")
        name, _, count = name.partition("*")
        columns = tuple(f"{name}{n}" for n in range(int(count))) if count else (name,)
        found[name] = FieldMap(name, columns, direction, None, target)
    return found


def links(own: str, *targets: str) -> tuple[LinkTable, ...]:
    return tuple(LinkTable(target, f"{own}_{target}", f"{own}_id", f"{target}_id") for target in targets)


def crm_entities() -> dict[str, Entity]:
    both, to_table = Direction.BOTH, Direction.TO_TABLE
    people = ("contact", "company", "user")
    entities = [
        Entity("user", "Users", ("id",), fields("email", "full_name"), part="user", matched_by=(("email",),)),
        Entity(
            "company", "Companies", ("id",), fields("name", "domain", "website", "status"), part="company",
            matched_by=(("domain",), ("name",)),
        ),
        Entity(
            "contact", "Contacts", ("id",),
            fields("first_name", "last_name", "full_name", "job_title", "business_phone", "mobile_phone", "email*3",
                   direction=both)
            | fields("company=>company", "owner=>user", "exclude_mail", "status"),
            kind=Kind.CONTACT, part="contact", matched_by=(("email",), ("first_name", "last_name", "company")),
        ),
        Entity(
            "opportunity", "Opportunities", ("id",),
            fields("name", "status", "contact=>contact", "company=>company", "created_on"),
        ),
        Entity("property", "Properties", ("id",), fields("ref", "address", "agent=>user"), matched_by=(("ref",),)),
        Entity(
            "email", "Emails", ("id",),
            fields("message_id", "subject", "sender.address", "recipients", "direction", direction=to_table)
            | fields("status", "owner=>user"),
            kind=Kind.MAIL, matched_by=(("message_id",),), links=links("email", *people, "opportunity", "property"),
        ),
        Entity(
            "appointment", "Appointments", ("id",),
            fields("subject", "start", "end", "body", direction=both) | fields("owner=>user"),
            kind=Kind.APPOINTMENT, links=links("appointment", *people),
        ),
        Entity(
            "task", "Tasks", ("id",), fields("subject", "due", direction=both) | fields("owner=>user"),
            kind=Kind.TASK, links=links("task", "contact", "company"),
        ),
        Entity(
            "journal", "Journals", ("id",),
            fields("subject", "start", "duration", "type", "body", direction=both) | fields("owner=>user"),
            kind=Kind.JOURNAL, links=links("journal", "contact", "company"),
        ),
        Entity(
            "document", "Documents", ("id",), fields("file_name", "content_type", "size", "sha256", "path"),
            matched_by=(("sha256",),), links=links("document", *people, "email"),
        ),
        Entity(
            "machine", "Machines", ("id",), fields("subject", "custom.SerialNo", direction=both),
            kind=Kind.CONTACT, item_class="IPM.Contact.Machine",
        ),
    ]  # fmt: skip
    return {entity.name: entity for entity in entities}


OWN = {Kind.MAIL: "email", Kind.CONTACT: "contact", Kind.APPOINTMENT: "appointment", Kind.TASK: "task",
       Kind.JOURNAL: "journal"}  # fmt: skip


def program(
    rules: Sequence[ir.Rule],
    *,
    entities: Mapping[str, Entity] | None = None,
    tests: Sequence[ir.Test] = (),
    digest: str = "digest",
) -> ir.Program:
    """The rules in the order in which they act."""
    ordered = tuple(sorted(rules, key=lambda rule: -rule.priority))
    parts = {"contact": "contact", "company": "company", "user": "user"}
    return ir.Program(entities or crm_entities(), parts, OWN, {}, ordered, (), tuple(tests), {}, digest)


_lines = iter(range(1, 10**9))


def rule(
    name: str,
    condition: ir.Condition | None,
    *actions: ir.Action,
    kind: Kind = Kind.MAIL,
    priority: int = 0,
    event: str = "",
    users: Sequence[str] | None = None,
    folders: Sequence[str] | None = None,
    public: bool = False,
    row_of: str = "",
) -> ir.Rule:
    return ir.Rule(
        name, "test.rules", next(_lines), 0, priority, frozenset({kind}), row_of, event,
        frozenset(users) if users is not None else None, tuple(folders) if folders is not None else None, public,
        condition, tuple(actions),
    )  # fmt: skip


def path(name: str, type_: ir.Type = ir.Type.TEXT, *, many: bool = False) -> ir.Path:
    """A path by its first word: `header.x`, `custom.x`, `signature.x`, `user.x`, `@capture`, `.field` of the record at
    hand, `contact:field` of an entity, else a field of the item."""
    if name.startswith("@"):
        return ir.Path(ir.Root.CAPTURE, (name[1:],), type_, text=name[1:])
    if name.startswith("."):
        return ir.Path(ir.Root.RECORD, tuple(name[1:].split(".")), type_, many, text=name[1:])
    if ":" in name:
        entity, _, rest = name.partition(":")
        return ir.Path(ir.Root.ENTITY, tuple(rest.split(".")) if rest else (), type_, many, entity, text=name)
    first, _, rest = name.partition(".")
    roots = {"header": ir.Root.HEADER, "custom": ir.Root.CUSTOM, "signature": ir.Root.SIGNATURE}
    if first in roots:
        return ir.Path(roots[first], (rest.lower() if first == "header" else rest,), type_, many, text=name)
    if first == "user":
        return ir.Path(ir.Root.USER, tuple(rest.split(".")) if rest else (), type_, entity="user", text=name)
    return ir.Path(ir.Root.ITEM, tuple(name.split(".")), type_, many, text=name)


CATEGORIES = path("categories", many=True)


def compare(
    where: ir.Path | str,
    op: ir.Op,
    *values: Scalar | ir.Expr,
    quantifier: ir.Quantifier = ANY,
    negated: bool = False,
    pattern: ir.Pattern | None = None,
) -> ir.Compare:
    where = path(where) if isinstance(where, str) else where
    given = tuple(each if isinstance(each, EXPRESSIONS) else ir.Constant(each) for each in values)
    shown = f"{where.text} {op.value} {', '.join(str(getattr(v, 'value', v)) for v in given)}".strip()
    return ir.Compare(quantifier, where, op, given, pattern, negated, text=shown)


EXPRESSIONS = (ir.Constant, ir.Path, ir.Offset, ir.Template, ir.TheUser)


def category(name: str) -> ir.Compare:
    return compare(CATEGORIES, ir.Op.EQ, name)


def like(where: ir.Path | str, source: str, **more: object) -> ir.Compare:
    pattern = like_pattern(source)
    assert isinstance(pattern, ir.Pattern), pattern
    return compare(where, ir.Op.LIKE, pattern=pattern, **more)  # type: ignore[arg-type]


def matches(where: ir.Path | str, source: str, **more: object) -> ir.Compare:
    pattern = regex_pattern(source)
    assert isinstance(pattern, ir.Pattern), pattern
    return compare(where, ir.Op.MATCHES, pattern=pattern, **more)  # type: ignore[arg-type]


def known(entity: str = "contact", where: ir.Condition | None = None, of: ir.Path | None = None,
          quantifier: ir.Quantifier = ANY) -> ir.Known:  # fmt: skip
    whom = ir.Whom.PATH if of is not None else ir.Whom.ANYONE
    return ir.Known(quantifier, whom, of, entity, where, text=f"is known {entity}")


def template(*parts: str | ir.Path) -> ir.Template:
    return ir.Template(tuple(part if isinstance(part, str) else ir.Hole(part) for part in parts))


def assign(field: str, value: Scalar | ir.Expr, entity: str = "") -> ir.Assign:
    return ir.Assign(entity, field, value if isinstance(value, EXPRESSIONS) else ir.Constant(value))


JANE = Address("Jane Roe", "jane@acme.example")
SIGNATURE = (
    "Hello,\n\nplease call me.\n\nKind regards\nJane Roe\nSales Director\nAcme Pumps Ltd\nMobile: +44 7911 123456\n"
)


def mail(
    number: int = 1,
    *,
    sender: Address = JANE,
    to: Sequence[Address] = (Address("Anna", ANNA),),
    subject: str = "Hello",
    categories: Sequence[str] = (),
    body: str = "",
    headers: Mapping[str, tuple[str, ...]] | None = None,
    custom: Mapping[str, Value] | None = None,
    attachments: Sequence[Attachment] = (),
    folder: str = "Inbox",
    mailbox: str = ANNA,
    event: str = "created",
    item_class: str = "",
    more: Mapping[str, Value] | None = None,
    **context: object,
) -> ItemContext:
    values: dict[str, Value] = {
        "subject": subject,
        "sender": sender,
        "to": tuple(to),
        "categories": tuple(categories),
        "message_id": f"<{number}@mail.example>",
        "body": body,
        "attachments": tuple(attachments),
        "received": NOW,
        **(more or {}),
    }
    item = Item(
        Kind.MAIL, ItemRef(mailbox, folder, f"{number}.eml"), "1", values, headers or {}, custom or {}, item_class
    )
    user = "" if mailbox == "public" else mailbox
    return ItemContext(item, event, user, f"<{number}@mail.example>", **context)  # type: ignore[arg-type]


def item(
    kind: Kind, values: Mapping[str, Value], *, number: int = 1, folder: str = "", event: str = "created",
    item_class: str = "", custom: Mapping[str, Value] | None = None, mailbox: str = ANNA, **context: object,
) -> ItemContext:  # fmt: skip
    folders = {Kind.CONTACT: "Contacts", Kind.APPOINTMENT: "Calendar", Kind.TASK: "Tasks", Kind.JOURNAL: "Journal",
               Kind.NOTE: "Notes", Kind.POST: "Inbox", Kind.MAIL: "Inbox"}  # fmt: skip
    ref = ItemRef(mailbox, folder or folders[kind], f"{number}.ics")
    made = Item(kind, ref, "1", dict(values), {}, custom or {}, item_class)
    user = "" if mailbox == "public" else mailbox
    return ItemContext(made, event, user, str(values.get("uid") or ""), **context)  # type: ignore[arg-type]
