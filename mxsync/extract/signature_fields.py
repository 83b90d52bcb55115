"""The facts of a signature under the names that the rule language has for a contact's fields (`signature.job_title`
…)."""

from __future__ import annotations

from mxsync.extract.facts import Fact
from mxsync.extract.name_reconcile import completed
from mxsync.extract.names import split_name
from mxsync.extract.reading import Reading
from mxsync.model.item import Address

_FIELD_OF = {
    "title": "job_title",
    "organisation": "organisation",
    "phone": "business_phone",
    "mobile": "mobile_phone",
    "fax": "fax",
    "email": "email",
    "website": "website",
}
FIELDS = frozenset(
    ("first_name", "middle_name", "last_name", "full_name", "honorific", "suffix", "home_phone", "department")
) | {
    *("street", "city", "region", "postal_code", "country"),
    *_FIELD_OF.values(),
}
"""Every name that `signature_fields` can give."""


def signature_fields(reading: Reading, sender: Address | None = None) -> dict[str, str]:
    """Field names of a contact to what the signature says; what it does not say is absent. Numbers are in E.164.

    With `sender`, an address in the signature is given as `email` only if it is another than the sender's own, and the
    name has what header and address add to it.
    """
    return {name: value for name, (value, _) in _fields(reading, sender).items()}


def signature_lines(reading: Reading) -> dict[str, int]:
    """The same field names to the line of the text that each was read from, counted from 0."""
    return {name: line for name, (_, line) in _fields(reading, None).items()}


def _fields(reading: Reading, sender: Address | None) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for fact in reading.facts:
        for name, value in _named(fact, sender):
            if name == "email" and sender is not None and value.lower() == sender.address.lower():
                continue
            found.setdefault(name, (value, fact.line))
    return found


def _named(fact: Fact, sender: Address | None) -> list[tuple[str, str]]:
    if fact.kind == "name":
        name = completed(fact.value, sender.name, sender.address) if sender else split_name(fact.value)
        parts = (
            ("first_name", name.first),
            ("middle_name", name.middle),
            ("last_name", name.last),
            ("full_name", name.full),
            ("honorific", name.honorific),
            ("suffix", name.suffix),
        )
        # A bare 'Jane' would only take away from what the header says.
        told = [part for part in parts if part[1]] if name.first and name.last else []
        return [*told, *([("department", fact.department)] if fact.department else [])]
    if fact.profile:
        return []  # a page on a network is not the organisation's site
    department = [("department", fact.department)] if fact.department else []
    if fact.parts:
        return list(fact.parts)
    return [(_FIELD_OF[fact.kind], fact.value), *department]
