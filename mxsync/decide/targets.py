"""`link`: which records an item is linked to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cmp_to_key

from mxsync.decide.draft import Draft
from mxsync.decide.matching import unique
from mxsync.lang import ir
from mxsync.lang.compile_conditions import conjuncts, with_record
from mxsync.lang.compile_parts import email_field
from mxsync.lang.compile_values import evaluate, order
from mxsync.model.item import Address, Attachment, Kind
from mxsync.model.normal import address_key, value_key
from mxsync.model.record import Entity, Find, Linked, Record, RecordKey


def link(draft: Draft, action: ir.Link) -> None:
    """Links the item; saves it for that."""
    if not draft.want_own():
        return
    if draft.rule_links is None:
        draft.rule_links = {}
    keys = _everything(draft) if not action.targets else _targets(draft, action.targets)
    for key in dict.fromkeys(keys):
        draft.link_own(key)


def _everything(draft: Draft) -> Iterator[RecordKey]:
    """What `link` alone means: the user; every matched, mentioned, listed or created contact, and their companies."""
    user = draft.user()
    if user is not None:
        yield user
    mentioned = _mentioned_records(draft, None)
    contact = draft.facts.plan.parts.contact
    contacts = unique([*_contacts(draft), *(each for each in mentioned if contact and each.key.entity == contact.name)])
    yield from (each.key for each in contacts)
    yield from (each.key for each in mentioned)
    yield from draft.facts.records.companies(contacts)


def _targets(draft: Draft, targets: tuple[ir.Target, ...]) -> Iterator[RecordKey]:
    contact = draft.facts.plan.parts.contact
    found = [(target, list(_target(draft, target))) for target in targets if contact and target.entity == contact.name]
    of_contacts = {id(target): records for target, records in found}
    linked = [record for _, records in found for record in records] if found else None
    for target in targets:
        records = of_contacts.get(id(target))
        if records is None:
            records = list(_target(draft, target, linked))
        if not records:
            draft.note(f"nothing to link to under `{target.text or target.entity}`")
        yield from (record.key for record in records)


def _target(draft: Draft, target: ir.Target, contacts: list[Record] | None = None) -> Iterable[Record]:
    """The records that one target names. `contacts` are those that the same action links to, whose companies count."""
    entity = draft.facts.plan.entities.get(target.entity)
    if entity is None:
        return ()
    facts = draft.facts
    check = facts.plan.check(target.where) if target.where is not None else None
    contact = entity is facts.plan.parts.contact
    for group in _groups(draft, entity, target, contacts):
        kept = [record for record in group if with_record(record, check, facts)] if check is not None else list(group)
        if contact:
            kept = [record for record in kept if not facts.records.excluded(record)]
        if kept:
            return _one(draft, target, kept)
    return ()


def _groups(
    draft: Draft, entity: Entity, target: ir.Target, contacts: list[Record] | None
) -> Iterator[Iterable[Record]]:
    """Where the records of a target are looked for, the nearest place first."""
    facts = draft.facts
    records, parts = facts.records, facts.plan.parts
    if target.mentioned:
        yield _mentioned_records(draft, entity)
    elif target.of_conversation:
        yield _of_conversation(draft, entity)
    elif entity is parts.user:
        key = draft.user()
        yield _records(draft, [key], target) if key else ()
    elif entity is parts.contact:
        yield unique([*records.contacts(), *_mentioned_records(draft, entity)])
    elif entity is parts.company:
        keys = records.companies(_contacts(draft) if contacts is None else contacts)
        yield unique([*_mentioned_records(draft, entity), *_records(draft, keys, target)])
    else:
        yield _mentioned_records(draft, entity)
        yield from records.around(entity)
    if not target.mentioned and not target.of_conversation and entity is not parts.user:
        yield _named(draft, entity, target.where)


def _records(draft: Draft, keys: Iterable[RecordKey], target: ir.Target) -> Iterable[Record]:
    """The records with these keys; where only the keys are needed, nothing is read."""
    if target.where is None and not target.latest_by and not target.oldest_by:
        return [Record(key) for key in keys]
    return draft.facts.records.get(keys)


def _contacts(draft: Draft) -> list[Record]:
    records = draft.facts.records
    return [contact for contact in records.contacts() if not records.excluded(contact)]


def _mentioned_records(draft: Draft, entity: Entity | None) -> tuple[Record, ...]:
    """What the `mentions` of the rule at hand found, of one entity or of all."""
    facts = draft.facts
    if not facts.mentions:
        return ()
    nodes = [node for node in facts.mentions if entity is None or node.entity == entity.name]
    found = unique(record for node in nodes for record in facts.mentioned(node))
    contact = facts.plan.parts.contact
    return tuple(
        each for each in found if contact is None or each.key.entity != contact.name or not facts.records.excluded(each)
    )


def _of_conversation(draft: Draft, entity: Entity) -> tuple[Record, ...]:
    facts = draft.facts
    mail = facts.plan.program.own.get(Kind.MAIL, "")
    return unique(
        record for row in facts.records.conversation(mail) for record in facts.records.ask(Linked(entity.name, row.key))
    )


def _named(draft: Draft, entity: Entity, where: ir.Condition | None) -> Iterable[Record]:
    """A `where` that compares a field with a capture or a field of the item names a record itself (`link to
    property where ref = ref`): it is found in the whole table, whoever it is linked to. One of literals alone only
    filters."""
    fields: list[str] = []
    keys: list[str | RecordKey] = []
    names_it = False
    for part in conjuncts(where):
        if not isinstance(part, ir.Compare) or part.op is not ir.Op.EQ or part.path.root is not ir.Root.RECORD:
            continue
        if part.quantifier is not ir.Quantifier.ANY or part.negated or len(part.values) != 1:
            continue
        name = ".".join(part.path.steps)
        if name not in entity.fields:
            continue
        expression = part.values[0]
        value = draft.user() if isinstance(expression, ir.TheUser) else evaluate(expression, draft.facts)
        if value is None or isinstance(value, tuple):
            continue
        if isinstance(value, bool):
            continue
        key = _key(entity, name, value)
        if not key:
            continue
        names_it = names_it or isinstance(expression, (ir.Path, ir.Template))
        fields.append(name)
        keys.append(key)
    return draft.facts.records.ask(Find(entity.name, tuple(fields), tuple(keys))) if names_it else ()


def _key(entity: Entity, name: str, value: object) -> str | RecordKey:
    if isinstance(value, RecordKey):
        return value
    text = value.address if isinstance(value, Address) else value.name if isinstance(value, Attachment) else value
    if name == email_field(entity) and isinstance(text, str):
        return address_key(text)
    return value_key(text)  # type: ignore[arg-type]  # a scalar, by the cases above


def _holds(draft: Draft, where: ir.Condition | None, record: Record) -> bool:
    if where is None:
        return True
    return with_record(record, draft.facts.plan.check(where), draft.facts)


def _one(draft: Draft, target: ir.Target, records: list[Record]) -> list[Record]:
    """The latest or oldest of all of them together, all of them without such a clause. Rows without a value there come
    last; of equals the first counts."""
    field = target.latest_by or target.oldest_by
    if not field or len(records) < 2:
        return records
    zone = draft.facts.zone
    name = tuple(field.split("."))

    def value(record: Record) -> object:
        found = draft.facts.records.walk(record, name)
        return found[0] if found else None

    def compare(one: Record, other: Record) -> int:
        left, right = value(one), value(other)
        if left is None or right is None:
            return (left is None) - (right is None)
        placed = order(left, right, zone) or 0  # type: ignore[arg-type]  # values of records
        return -placed if target.latest_by else placed

    return [min(records, key=cmp_to_key(compare))]


def matched(draft: Draft, entity: Entity, condition: ir.Condition | None) -> tuple[Record, ...]:
    """The records of an entity that the rule's own `is known … where` matched; without one, those that the item
    leads to. They are what `set contact.field` sets."""
    facts = draft.facts
    nodes = [node for node in _positive(condition) if isinstance(node, ir.Known) and node.entity == entity.name]
    if nodes:
        return unique(
            record
            for node in nodes
            for records in facts.known(node)
            for record in records
            if _holds(draft, node.where, record)
        )
    near = facts.records.near.get(entity.name)
    return facts.records.get(near) if near else facts.records.linked(entity)


def _positive(condition: ir.Condition | None) -> Iterator[ir.Condition]:
    if isinstance(condition, (ir.And, ir.Or)):
        for part in condition.parts:
            yield from _positive(part)
    elif isinstance(condition, ir.Known) and condition.quantifier is not ir.Quantifier.NONE:
        yield condition
