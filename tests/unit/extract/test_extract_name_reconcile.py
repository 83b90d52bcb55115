"""One name out of the header, the signature and the address."""

from __future__ import annotations

import pytest

from mxsync.extract.name_reconcile import reconciled
from mxsync.extract.names import split_name

CASES = [
    # (display name, address, name in the signature) → (first, middle, last, honorific, suffix)
    ("Jane Roe", "jane.roe@acme.example", "Jane M. Roe", ("Jane", "M.", "Roe", "", "")),
    ("Jane Roe", "jane.roe@acme.example", "Dr. Jane Roe, PhD", ("Jane", "", "Roe", "Dr", "PhD")),
    ("J. Roe", "jroe@acme.example", "Jane Roe", ("Jane", "", "Roe", "", "")),
    ("Jane R.", "jane@acme.example", "Jane Roe", ("Jane", "", "Roe", "", "")),
    ("Roe Jane", "jroe@acme.example", "Jane Roe", ("Jane", "", "Roe", "", "")),
    ("Roe, Jane", "jroe@acme.example", "Jane Roe", ("Jane", "", "Roe", "", "")),
    ("jane", "jane@acme.example", "Jane Roe", ("Jane", "", "Roe", "", "")),
    ("", "jroe@acme.example", "Jane Roe", ("Jane", "", "Roe", "", "")),
    ("Acme Sales", "sales@acme.example", "Jane Roe", ("Jane", "", "Roe", "", "")),
    ("jane via DocuSign", "dse@docusign.net", "Jane Roe", ("Jane", "", "Roe", "", "")),
    ("Jane Roe", "office@acme.example", "", ("Jane", "", "Roe", "", "")),
    ("Peggy Roe", "margaret.roe@acme.example", "Margaret Roe", ("Peggy", "", "Roe", "", "")),
    ("Jane Roe", "jane.roe@acme.example", "Ann Poe", ("Jane", "", "Roe", "", "")),
    ("Jane Roe", "jane.roe@acme.example", "Jane", ("Jane", "", "Roe", "", "")),
]


@pytest.mark.parametrize(("display", "address", "signed", "parts"), CASES)
def test_a_name_out_of_three(display: str, address: str, signed: str, parts: tuple[str, ...]) -> None:
    name = reconciled(display, address, signed)
    assert (name.first, name.middle, name.last, name.honorific, name.suffix) == parts


SPLIT = [
    ("Wang Xiaoming", "", ("Xiaoming", "", "Wang"), "Wang Xiaoming"),
    ("Kim Chul-soo", "", ("Chul-soo", "", "Kim"), "Kim Chul-soo"),
    ("Nguyễn Văn An", "", ("An", "Văn", "Nguyễn"), "Nguyễn Văn An"),
    ("Kim Smith", "", ("Kim", "", "Smith"), "Kim Smith"),
    ("Long John", "", ("Long", "", "John"), "Long John"),
    ("Song Miller", "", ("Song", "", "Miller"), "Song Miller"),
    ("Иванова Мария", "m.ivanova@acme.example", ("Мария", "", "Иванова"), "Мария Иванова"),
    ("Мария Иванова", "m.ivanova@acme.example", ("Мария", "", "Иванова"), "Мария Иванова"),
    ("Иванова Мария Петровна", "", ("Мария", "Петровна", "Иванова"), "Иванова Мария Петровна"),
    (
        "Gabriel García Márquez",
        "gabriel.garcia@acme.example",
        ("Gabriel", "", "García Márquez"),
        "Gabriel García Márquez",
    ),
    ("Nagy-Kovács Éva", "eva.nagy@acme.example", ("Éva", "", "Nagy-Kovács"), "Éva Nagy-Kovács"),
    ('Jane "Janey" Roe', "", ("Jane", "", "Roe"), "Jane Roe"),
    ("jane_roe", "", ("Jane", "", "Roe"), "Jane Roe"),
    ("i.A. Max Mustermann", "", ("Max", "", "Mustermann"), "Max Mustermann"),
    ("David Chan 陳大文", "", ("David", "", "Chan"), "David Chan"),
    ("Roe Jane, Acme", "jane.roe@acme.example", ("Jane", "", "Roe"), "Jane Roe"),
]


@pytest.mark.parametrize(("display", "address", "parts", "full"), SPLIT)
def test_the_order_of_a_name(display: str, address: str, parts: tuple[str, ...], full: str) -> None:
    name = split_name(display, address)
    assert (name.first, name.middle, name.last) == parts and name.full == full


def test_a_degree_with_points_is_no_first_name() -> None:
    name = split_name("Jane Roe, P.Eng.")
    assert (name.first, name.last, name.suffix) == ("Jane", "Roe", "P.Eng")
