"""What a test in the rule language gives: rows in memory, and items as a mailbox would hold them."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import replace
from datetime import datetime, tzinfo
from email.utils import getaddresses
from typing import TypeAlias

from mxsync.decide import people
from mxsync.decide.context import ItemContext, Organisation
from mxsync.decide.memory import MemoryTables
from mxsync.decide.overlay import field_keys
from mxsync.decide.persons import is_ours, people_of
from mxsync.lang import ir
from mxsync.lang.compile import RulePlan
from mxsync.lang.compile_folders import OWN_FOLDERS
from mxsync.lang.compile_parts import email_field
from mxsync.lang.compile_values import shifted
from mxsync.model.item import PUBLIC, Address, Attachment, Item, ItemRef, Kind, Scalar, Value
from mxsync.model.normal import address_key
from mxsync.model.outcome import OwnRow
from mxsync.model.record import Entity, RecordKey, RecordValue

ReadSample: TypeAlias = Callable[[str, str], "Item | str"]
"""(file of the test, path as written) → the item, or a sentence that says why there is none."""

MADE_UP = "someone@ours.example"
"""The user of a test that names none."""
ATTACHMENT_SIZE = 100_000
"""Bytes of an attachment that a test names, unless it gives the item's size."""

_PEOPLE = frozenset(
    {"sender", "recipients", "to", "cc", "bcc", "reply_to", "organizer", "attendees", "contacts", "correspondents"}
)
_LISTS = frozenset({"recipients", "to", "cc", "bcc", "reply_to", "attendees", "contacts", "categories", "email"})


class Unfit(Exception):
    """A given that cannot be made, in a sentence."""


class World:
    """The tables and items of one test."""

    def __init__(self, plan: RulePlan, organisation: Organisation, test: ir.Test, now: datetime, zone: tzinfo) -> None:
        self.plan = plan
        self.test = test
        self.now = now
        self.zone = zone
        self.user = test.user or MADE_UP
        domain = Address("", self.user).domain
        ours = frozenset({domain}) if domain and not people.is_freemail(domain) else frozenset()
        self.organisation = replace(
            organisation,
            domains=organisation.domains | ours | {Address("", MADE_UP).domain},
            users=organisation.users | {address_key(self.user)},
        )
        self.tables = MemoryTables(plan.entities)
        self.contexts: list[ItemContext] = []
        self.events: dict[RecordKey, str] = {}
        self._number = 0

    def give(self, read_sample: ReadSample) -> None:
        """Makes everything that the test gives. Raises `Unfit`."""
        for given in self.test.givens:
            rows = [self._row(thing) for thing in given.things if isinstance(thing, ir.GivenRow)]
            items = [thing for thing in given.things if isinstance(thing, ir.GivenItem)]
            first = given.things[0]
            if isinstance(first, ir.GivenRow):
                for other in rows[1:]:
                    self._link(rows[0], other)
            for thing in items:
                self._item(thing, rows, read_sample)
        self._give_user()

    def _give_user(self) -> None:
        parts = self.plan.parts
        users = [key for key in self.tables.rows if parts.user is not None and key.entity == parts.user.name]
        if parts.user is None or not parts.user_email:
            return
        there: set[str | RecordKey] = set()
        for key in users:
            there |= field_keys(parts.user, parts.user_email, self.tables.rows[key].values.get(parts.user_email))
        self.organisation = replace(
            self.organisation, users=self.organisation.users | {key for key in there if isinstance(key, str)}
        )
        if address_key(self.user) not in there:
            self.tables.add(parts.user.name, {parts.user_email: self.user})

    # ------------------------------------------------------------------ rows

    def _row(self, given: ir.GivenRow) -> RecordKey:
        entity = self.plan.entities[given.entity]
        values: dict[str, RecordValue] = {}
        for name, expression in given.fields.items():
            values[name] = self._field(entity, name, self.constant(expression))
        key = self.tables.add(entity.name, values)
        self.events[key] = given.event
        return key

    def _field(self, entity: Entity, name: str, value: Value) -> RecordValue:
        field = entity.fields.get(name)
        if field is not None and field.references:
            return self._reference(field.references, value)
        if field is not None and len(field.columns) > 1 and value is not None and not isinstance(value, tuple):
            return (value,)
        return value

    def _reference(self, entity_name: str, value: Value) -> RecordKey | None:
        """The row of a referenced entity that a text names: by what it is matched by, its address or its name; it
        is made where no row given before is called so."""
        if value is None:
            return None
        entity = self.plan.entities[entity_name]
        names = [keys[0] for keys in entity.matched_by if len(keys) == 1] + [email_field(entity), "name"]
        names = [name for name in dict.fromkeys(names) if name in entity.fields]
        if not names:
            raise Unfit(f"`{entity_name}` has no field by which a row of it could be named")
        if isinstance(value, str) and "@" in value and email_field(entity):
            names.insert(0, email_field(entity))
        for name in names:
            wanted = field_keys(entity, name, value)
            for key, record in self.tables.rows.items():
                if key.entity == entity_name and wanted & field_keys(entity, name, record.values.get(name)):
                    return key
        return self.tables.add(entity_name, {names[0]: self._field(entity, names[0], value)})

    def _link(self, one: RecordKey, other: RecordKey) -> None:
        if not self.tables.link(one, other):
            raise Unfit(
                f"nothing links `{one.entity}` with `{other.entity}`: give one of them a link table or a foreign key"
            )

    # ------------------------------------------------------------------ items

    def _item(self, given: ir.GivenItem, rows: list[RecordKey], read_sample: ReadSample) -> None:
        self._number += 1
        fields: MutableMapping[str, Value] = {}
        headers: dict[str, tuple[str, ...]] = {}
        custom: dict[str, Value] = {}
        kind, item_class, folder = given.kind, "", ""
        if given.file:
            sample = read_sample(self.test.file, given.file)
            if isinstance(sample, str):
                raise Unfit(sample)
            kind, item_class, folder = sample.kind, sample.item_class, sample.ref.folder
            # The sample stays lazy below what the test states.
            fields = ChainMap({}, sample.fields)  # type: ignore[arg-type]  # writes go to the first map alone
            headers, custom = dict(sample.headers), dict(sample.custom)
        said: dict[str, Value] = {name: self.constant(value) for name, value in given.fields.items()}
        for name, values in given.lists.items():
            more = tuple(each for value in values for each in _several(self.constant(value)))
            said[name] = (*_several(said.get(name)), *more)
        for name, value in said.items():
            if name.startswith("header."):
                headers[name[len("header.") :].lower()] = tuple(str(each) for each in _several(value))
            elif name.startswith("custom."):
                custom[name[len("custom.") :].strip("'")] = value
            elif name == "class":
                item_class = str(value)
            elif name == "folder":
                folder = str(value)
            elif name != "user":
                fields[name] = self._item_field(name, value, said)
        if kind in (Kind.MAIL, Kind.POST):
            self._address(fields)
        contacts = self._link_item(fields, kind, rows)
        ref = self._ref(kind, folder, fields)
        identity = str(fields.get("message_id") or fields.get("uid") or "")
        item = Item(kind, ref, "1", fields, headers, custom, item_class)
        event = given.event if given.event in ("updated", "deleted") else "created"
        own = self._own(item, contacts)
        self.contexts.append(
            ItemContext(
                item,
                event,  # type: ignore[arg-type]  # one of the three, by the line above
                "" if ref.mailbox == PUBLIC else address_key(self.user),
                identity,
                own,
                {} if event == "updated" else None,
            )
        )

    def _item_field(self, name: str, value: Value, said: Mapping[str, Value]) -> Value:
        if name == "attachments":
            size = said.get("size")
            size = size if isinstance(size, int) else ATTACHMENT_SIZE
            return tuple(_attachment(number, each, size) for number, each in enumerate(_several(value)))
        if name in _PEOPLE:
            found = tuple(person for each in _several(value) for person in _addresses(each))
            return found if name in _LISTS else (found[0] if found else None)
        return tuple(_several(value)) if name in _LISTS else value

    def _address(self, fields: MutableMapping[str, Value]) -> None:
        """What every mail has: an identity, a sender, somebody it is addressed to, and a time."""
        sent = fields.get("direction") == "sent"
        if not people_of(fields.get("sender")) and sent:
            fields["sender"] = Address("", self.user)
        if not any(fields.get(name) for name in ("to", "cc", "bcc", "recipients")) and not sent:
            fields["to"] = (Address("", self.user),)
        fields.setdefault("message_id", f"<given-{self._number}@test.invalid>")
        fields.setdefault("sent", self.now)
        if not sent:
            fields.setdefault("received", self.now)

    def _ref(self, kind: Kind, folder: str, fields: Mapping[str, Value]) -> ItemRef:
        own = OWN_FOLDERS[kind][0]
        if kind is Kind.MAIL:
            sender = people_of(fields.get("sender"))
            if sender and is_ours(sender[0].address, self.organisation):
                own = "Sent Items"
        mailbox, path = address_key(self.user), folder or (own if own != "*" else "Inbox")
        first, _, rest = path.partition("/")
        if first.casefold() == PUBLIC and rest:
            mailbox, path = PUBLIC, rest
        return ItemRef(mailbox, path, f"given-{self._number}")

    def _link_item(self, fields: MutableMapping[str, Value], kind: Kind, rows: list[RecordKey]) -> list[RecordKey]:
        """Contacts linked to an appointment, a task or a journal stand on the item itself; what else an item is
        linked to is said by its row, which is given back."""
        contact = self.plan.parts.contact
        others: list[RecordKey] = []
        for row in rows:
            addresses = _several(_plain(self.tables.rows[row].values.get(self.plan.parts.contact_email)))
            on_item = kind in (Kind.APPOINTMENT, Kind.TASK, Kind.JOURNAL) and addresses
            if contact is not None and row.entity == contact.name and on_item:
                fields["contacts"] = (*_several(fields.get("contacts")), Address("", str(addresses[0])))
            else:
                others.append(row)
        return others

    def _own(self, item: Item, linked: list[RecordKey]) -> tuple[OwnRow, ...]:
        entity = self.plan.own_entity(item.kind, item.item_class)
        if not linked or entity is None:
            return ()
        names = [name for name in ("message_id", "subject") if name in entity.fields]
        key = self.tables.add(entity.name, {name: _plain(item.fields.get(name)) for name in names})
        for row in linked:
            self._link(key, row)
        return (OwnRow(key, made=True, edited=False, shared=False),)

    # ------------------------------------------------------------------ values

    def constant(self, expression: ir.Expr) -> Value:
        """A value that a test states."""
        match expression:
            case ir.Constant():
                return expression.value
            case ir.Offset(base=None):
                return shifted(self.now.astimezone(self.zone), expression.count, expression.unit, self.zone)
            case ir.Template():
                return "".join(
                    part if isinstance(part, str) else "{" + part.path.text + "}" for part in expression.parts
                )
            case ir.TheUser():
                return self.user
            case _:
                raise Unfit(f"a test states values, and {getattr(expression, 'text', '') or 'this'} is none")


def _several(value: Value) -> tuple[Scalar, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def _plain(value: RecordValue) -> Value:
    return None if isinstance(value, RecordKey) else value


def _addresses(value: Scalar) -> list[Address]:
    if isinstance(value, Address):
        return [value]
    if not isinstance(value, str):
        return []
    found = [Address(name, address) for name, address in getaddresses([value]) if address]
    return found or [Address(value, "")]


def _attachment(number: int, value: Scalar, size: int) -> Attachment:
    if isinstance(value, Attachment):
        return value
    name = str(value)
    digest = "".join(f"{ord(each):02x}" for each in name)[:64].ljust(64, "0")
    return Attachment(str(number), name, size=size, sha256=digest)
