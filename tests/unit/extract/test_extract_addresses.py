"""E-mail addresses."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxsync.extract.addresses import clean_address, find_addresses


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("jane@acme.example", "jane@acme.example"),
        ("<Jane.Roe@ACME.example>", "Jane.Roe@acme.example"),
        (" 'jane@acme.example' ", "jane@acme.example"),
        ("mailto:jane@acme.example?subject=Hello", "jane@acme.example"),
        ("jane@acme.test", "jane@acme.test"),
        ("jane+news@acme.co.za", "jane+news@acme.co.za"),
        ("o'neil@acme.example", "o'neil@acme.example"),
        ("jane@xn--mnchen-3ya.de", "jane@münchen.de"),
        ("jane@münchen.de", "jane@münchen.de"),
        ("用户@例子.公司", "用户@例子.公司"),
    ],
)
def test_valid(text: str, address: str) -> None:
    assert clean_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "jane",
        "@acme.example",
        "jane@",
        "jane@localhost",
        "jane@acme..example",
        "a b@acme.example",
        "x@y@acme.example",
        "jane@" + "a" * 400,
    ],
)
def test_invalid(text: str) -> None:
    assert clean_address(text) is None


def test_in_a_line() -> None:
    line = "Write to jane@acme.example, <bob@other.example> or JANE@acme.example; not to a@b or @handle."
    assert find_addresses(line) == ("jane@acme.example", "bob@other.example", "JANE@acme.example")
    assert find_addresses("jane@acme.example, jane@acme.example.") == ("jane@acme.example",)
    assert find_addresses("nothing here") == ()


@settings(deadline=None)
@given(st.text(max_size=400))
def test_any_text_has_an_answer(text: str) -> None:
    address = clean_address(text)
    assert address is None or clean_address(address) == address
    for found in find_addresses(text.replace("\n", " ")):
        assert "@" in found
