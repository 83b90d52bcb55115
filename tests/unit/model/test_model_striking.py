"""Striking an address out of texts."""

from __future__ import annotations

import re
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxsync.model.striking import ERASED, likeness, strike, strike_with

JANE = "jane@acme.example"


@pytest.mark.parametrize(
    ("text", "struck"),
    [
        ("jane@acme.example", ERASED),
        ("Jane Roe <JANE@Acme.Example>, Bob", f"Jane Roe <{ERASED}>, Bob"),
        ("jane+news@acme.example;jane+a+b@acme.example.", f"{ERASED};{ERASED}."),
        ("mailto:jane@acme.example?subject=x", f"mailto:{ERASED}?subject=x"),
        ("mary-jane@acme.example", "mary-jane@acme.example"),
        ("x.jane@acme.example", "x.jane@acme.example"),
        ("jane@acme.example.org", "jane@acme.example.org"),
        ("jane@acme.examples", "jane@acme.examples"),
        ("jane at acme.example", "jane at acme.example"),
        ("", ""),
    ],
)
def test_an_address_is_struck_and_no_other(text: str, struck: str) -> None:
    assert strike(text, {JANE}) == struck


def test_a_name_goes_where_there_was_an_address_only() -> None:
    assert strike_with(f"Jane Roe <{JANE}> wrote", {JANE}, ("Jane Roe",)) == f"{ERASED} <{ERASED}> wrote"
    assert strike_with("Jane Roe wrote", {JANE}, ("Jane Roe",)) == "Jane Roe wrote"


@pytest.mark.parametrize("person", [JANE, "a_b@x.example", "50%@x.example", "o!k@x.example", "d.o'r@sub.x.example"])
def test_what_would_be_struck_is_found_by_the_pattern(person: str) -> None:
    local, _, domain = person.rpartition("@")
    with sqlite3.connect(":memory:") as connection:
        for text in (person, f"<{person.upper()}>", f"{local}+tag@{domain}", f"see {person}, and others"):
            assert strike(text, {person}) != text
            found = connection.execute("SELECT LOWER(?) LIKE ? ESCAPE '!'", (text, likeness(person))).fetchone()[0]
            assert found == 1, text
    connection.close()


@given(st.text(alphabet="jane@acme.xpl+ <>-", max_size=60))
def test_nothing_is_left_to_strike(text: str) -> None:
    once = strike(text, {JANE})
    assert strike(once, {JANE}) == once
    assert not re.search(r"(?<![\w.+-])jane@acme\.example(?![\w.-])", once, re.IGNORECASE)
