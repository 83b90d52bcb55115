"""Which entities play the parts of contact, company, user and document, and the fields by which they are known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from mxsync.lang import ir
from mxsync.model.record import Entity


@dataclass(frozen=True, slots=True)
class Parts:
    """The entities that play parts, None where nobody does. `contact_email`, `company_domain` and `user_email` are the
    fields by which they are looked up, '' where there is none; `contact_company` is the foreign key from a contact to
    its company. `excluded` is the contacts' field `exclude_mail`: who has it is never linked to mail."""

    contact: Entity | None = None
    company: Entity | None = None
    user: Entity | None = None
    document: Entity | None = None
    contact_email: str = ""
    contact_company: str = ""
    excluded: str = ""
    company_domain: str = ""
    company_name: str = ""
    user_email: str = ""


def email_field(entity: Entity | None) -> str:
    """The field that holds an entity's e-mail addresses: `email`, else the first whose name ends so."""
    if entity is None:
        return ""
    if "email" in entity.fields:
        return "email"
    return next((name for name in entity.fields if name.endswith("email")), "")


def parts_of(program: ir.Program) -> Parts:
    """The parts as a program's entities play them."""

    def entity(part: str) -> Entity | None:
        return program.entities.get(program.parts.get(part, ""))

    def field(of: Entity | None, name: str) -> str:
        return name if of is not None and name in of.fields else ""

    contact, company, user = entity("contact"), entity("company"), entity("user")
    reference = contact.reference_to(company.name) if contact and company else None
    return Parts(
        contact=contact,
        company=company,
        user=user,
        document=program.entities.get("document"),
        contact_email=email_field(contact),
        contact_company=reference.name if reference else "",
        excluded=field(contact, "exclude_mail"),
        company_domain=field(company, "domain"),
        company_name=field(company, "name"),
        user_email=email_field(user),
    )


def linkable(one: Entity | None, other: Entity | None) -> bool:
    """Whether rows of the two can be linked: by a link table of either, or a foreign key of either."""
    if one is None or other is None:
        return False
    return bool(
        one.link_to(other.name)
        or other.link_to(one.name)
        or one.reference_to(other.name)
        or other.reference_to(one.name)
    )


_ROOTS = {"custom": ir.Root.CUSTOM, "header": ir.Root.HEADER, "signature": ir.Root.SIGNATURE}


@lru_cache(maxsize=4_096)  # asked for each mapped field of each item
def item_path(name: str) -> ir.Path:
    """Where an item's value for a mapped field is read from: `subject`, `sender.address`, `custom.SerialNo`."""
    first, _, rest = name.partition(".")
    if rest and first in _ROOTS:
        return ir.Path(_ROOTS[first], (rest,), ir.Type.ANY, text=name)
    return ir.Path(ir.Root.ITEM, tuple(name.split(".")), ir.Type.ANY, text=name)
