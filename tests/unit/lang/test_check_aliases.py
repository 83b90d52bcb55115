"""`list company_aliases`: which domains are one company's."""

from __future__ import annotations

import pytest

from tests.checking import checked, findings

FROM_FILE = "list company_aliases = file 'a.csv' column 'Alias' is 'Domain'\n"


def aliases(text: str, csv: str = "") -> dict[str, str]:
    program = checked(text, lists={"a.csv": csv}).program
    assert program is not None
    return dict(program.aliases)


def test_pairs_in_the_rule_file() -> None:
    text = "list company_aliases = 'acme.co.za' is 'acme.example',\n  'ACME.de' is 'Acme.example'\n"
    assert findings(text) == []
    assert aliases(text) == {"acme.co.za": "acme.example", "acme.de": "acme.example"}


def test_pairs_in_a_file() -> None:
    csv = "Company;domain;alias\n# since 2024\nAcme;acme.example;acme.co.za\nAcme;acme.example;acme.de\nNone;;\n"
    assert findings(FROM_FILE, lists={"a.csv": csv}) == []
    assert aliases(FROM_FILE, csv) == {"acme.co.za": "acme.example", "acme.de": "acme.example"}


def test_it_is_also_a_list_of_the_aliases() -> None:
    text = "list company_aliases = 'acme.co.za' is 'acme.example'\nwhen mail from domain in company_aliases then flag\n"
    assert findings(text) == []


def test_without_it_there_are_none_and_the_digest_knows() -> None:
    rule = "when mail category 'A' then flag\n"
    without, with_it = checked(rule).program, checked(rule + "list company_aliases = 'a.b' is 'c.d'\n").program
    other = checked(rule + "list company_aliases = 'a.b' is 'e.f'\n").program
    assert without is not None and with_it is not None and other is not None
    assert without.aliases == {}
    assert len({without.digest, with_it.digest, other.digest}) == 3


def test_a_file_of_the_customer_replaces_a_shipped_one() -> None:
    from mxsync.lang.check import check
    from tests.checking import PARSER, Texts

    files = {"main.rules": "use 'other.rules'\nlist company_aliases = 'x.example' is 'acme.example'\n"}
    found = check(PARSER, Texts(files, {"other.rules": "list company_aliases = 'y.example' is 'acme.example'\n"}))
    assert found.program is not None and found.program.aliases == {"x.example": "acme.example"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "list vips = 'a.example', 'b.example' is 'a.example'\nwhen mail from domain in vips then flag\n",
            "MX096 ['a.example'] the list `vips` cannot say what something is | write values only, or call the list "
            "`company_aliases` if these are domains of one company",
        ),
        (
            "list company_aliases = 'a.example', 'b.example'\n",
            "MX097 [company_aliases] an alias must say whose domain it is | write `list company_aliases = 'acme.co.za' is "
            "'acme.example'`",
        ),
        (
            "list company_aliases = 'a.example' is 'b.example', 'c.example'\n",
            "MX098 ['c.example'] a domain is missing | a domain is what stands behind the @, such as `acme.example`",
        ),
        (
            "list company_aliases = 'jane@acme.example' is 'acme.example'\n",
            "MX098 ['jane@acme.example'] `jane@acme.example` is not a domain | a domain is what stands behind the @, such "
            "as `acme.example`",
        ),
        (
            "list company_aliases = 'acme.co.za' is 'Acme'\n",
            "MX098 ['Acme'] `Acme` is not a domain | a domain is what stands behind the @, such as `acme.example`",
        ),
        (
            "list company_aliases = 'a.example' is 'b.example', 'A.example' is 'c.example'\n",
            "MX099 ['A.example'] `a.example` is said to be `b.example` and to be `c.example`",
        ),
        (
            "list company_aliases = 'a.example' is 'b.example', 'b.example' is 'c.example'\n",
            "MX099 ['b.example'] `b.example` is said to be another, and another is said to be `b.example` | let every "
            "alias name the one domain that the company's row has",
        ),
    ],
)
def test_what_is_wrong_is_said(text: str, said: str) -> None:
    assert findings(text) == [said]
    assert checked(text).program is None


@pytest.mark.parametrize(
    ("csv", "said"),
    [
        ("alias,owner\na.example,b.example\n", "MX034 ['Domain'] `a.csv` has no column `Domain` | its columns are `alias` or `owner`"),
        ("alias,domain\nacme,acme.example\n", "MX098 ['Alias'] `acme` is not a domain | a domain is what stands behind the @, such as `acme.example`"),
        ("alias,domain\na.example,\n", "MX098 ['Domain'] a domain is missing | a domain is what stands behind the @, such as `acme.example`"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_file_is_said(csv: str, said: str) -> None:
    assert findings(FROM_FILE, lists={"a.csv": csv}) == [said]


def test_an_empty_file_is_a_warning() -> None:
    assert findings(FROM_FILE, lists={"a.csv": "alias,domain\n"}) == [
        "MX109 [company_aliases] the list `company_aliases` is empty"
    ]
