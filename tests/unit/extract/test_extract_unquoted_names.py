"""Last names before a comma that a program forgot to quote."""

from __future__ import annotations

import pytest

from mxsync.extract.mail_addresses import parse_addresses
from mxsync.model.item import Address


@pytest.mark.parametrize(
    ("header", "people"),
    [
        ("Roe, Jane <jane@acme.example>", [("Roe, Jane", "jane@acme.example")]),
        ("Korenmark, =?utf-8?b?SmnFmcOt?= <korenmark@x.example>", [("Korenmark, Jiří", "korenmark@x.example")]),
        ("Müller, Jane Mary <jm.muller@x.example>", [("Müller, Jane Mary", "jm.muller@x.example")]),
        (
            "bob@x.example, Roe, Jane <jane@x.example>, van der Merwe, Pieter <p@x.example>",
            [("", "bob@x.example"), ("Roe, Jane", "jane@x.example"), ("van der Merwe, Pieter", "p@x.example")],
        ),
        # Two people, one of them without an address.
        ("Anna Smith, Bob Poe <bob@x.example>", [("Anna Smith", ""), ("Bob Poe", "bob@x.example")]),
        ("Anna; Bob <bob@x.example>", [("Anna", ""), ("Bob", "bob@x.example")]),
        ("Roe, Jane", [("Roe", ""), ("Jane", "")]),
    ],
)
def test_names(header: str, people: list[tuple[str, str]]) -> None:
    assert list(parse_addresses(header)) == [Address(name, address) for name, address in people]
