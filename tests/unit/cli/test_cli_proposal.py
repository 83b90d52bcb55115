"""A first mapping, proposed from a database's own tables."""

from __future__ import annotations

import re

import pytest
from cli_schemas import GERMAN, LEGACY, schema_of

from mxsync.cli.proposal import words
from mxsync.cli.proposal.fields import column_text
from mxsync.cli.proposal.guess import guess
from mxsync.cli.proposal.looks import look, looks
from mxsync.cli.proposal.text import proposal

RESERVED = frozenset({"from", "to", "table", "key", "link", "class"})


def proposed(ddl: str) -> str:
    return proposal(guess(schema_of(ddl), RESERVED), "crm.db", RESERVED)


def block(text: str, entity: str) -> str:
    """One entity's statement, its spaces evened out, without the reasons of its lines but with what is to be checked."""
    found = next(part for part in text.split("\n\n") if f"entity {entity} in" in part)
    lines = (
        re.sub(r"#(?! check).*?(; check|$)", lambda m: "# check" if m[1].startswith(";") else "", line)
        for line in found.splitlines()
    )
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def test_a_german_erp() -> None:
    text = proposed(GERMAN)
    assert block(text, "ansprechpartner") == "\n".join(
        [
            "entity ansprechpartner in table Ansprechpartner as contact",
            "key LfdNr",
            "honorific <-> Anrede",
            "first_name <-> Vorname",
            "last_name <-> Nachname",
            "email <-> EMail1, EMail2",
            "job_title <-> Funktion",
            "business_phone <-> Telefon as phone",
            "mobile_phone <-> Handy as phone",
            "kunde = KundenNr is kunde",
            "owner = Betreuer is benutzer",
            "birthday <-> Geburtsdatum",
            "foto = Foto",
            "modified GeaendertAm",
            "matched by email then first_name and last_name and kunde",
        ]
    )
    assert block(text, "kunde").splitlines()[0] == "entity kunde in table Kunden as company"
    assert "street = 'Straße'" in block(text, "kunde")
    assert "modified 'GeändertAm'" in block(text, "kunde")
    assert "matched by domain then name" in block(text, "kunde")
    assert "links to ansprechpartner through TerminPartner (TerminID, LfdNr)" in block(text, "termine")
    assert "mxsync_item" not in text


def test_tables_that_nobody_keeps_tidy() -> None:
    text = proposed(LEGACY)
    person = block(text, "person")
    assert "email <-> 'E-Mail', e_mail2" in person
    assert "the_from = from" in person
    assert "the_2nd_line = '2nd line'" in person
    assert "weird_col = 'weird ''col'''" in person
    assert "job_title <-> Title # check: a job, or an honorific such as Dr?" in person
    assert "birthday = birthday # check: the column holds text" in person
    assert "key order_id, line" in block(text, "order_detail")
    assert "message_id -> MessageID" in block(text, "message")
    assert "matched by message_id" in block(text, "message")
    assert "# left out: log: no column identifies its rows" in text
    assert "links to person through people_companies (company_id, people_id)" in block(text, "company")


def test_one_table_plays_each_part_and_the_other_is_said() -> None:
    text = proposed(
        "CREATE TABLE Contacts (ContactID INTEGER PRIMARY KEY, FirstName TEXT, LastName TEXT, Email TEXT);"
        "CREATE TABLE Persons (PersonID INTEGER PRIMARY KEY, LastName TEXT);"
    )
    assert "entity contact in table Contacts\n" in text
    assert "# check: this may hold a contact as well; `contact` plays that part now\nentity person in" in text


def test_people_are_known_by_their_columns_where_the_table_has_an_odd_name() -> None:
    text = proposed("CREATE TABLE adr (nr INTEGER PRIMARY KEY, vorname TEXT, nachname TEXT, email TEXT);")
    assert "entity adr in table adr as contact" in text


def test_without_contacts_it_says_what_to_do() -> None:
    assert "write `as contact` behind the one that is" in proposed("CREATE TABLE x (id INTEGER PRIMARY KEY, y TEXT);")


def test_two_tables_of_one_name_get_two_names() -> None:
    text = proposed("CREATE TABLE tbl_Order (id INTEGER PRIMARY KEY); CREATE TABLE orders (id INTEGER PRIMARY KEY);")
    assert "entity order in table tbl_Order" in text
    assert "entity order_2 in table orders" in text


def test_a_link_table_with_something_to_say_is_an_entity() -> None:
    text = proposed(
        "CREATE TABLE a (a_id INTEGER PRIMARY KEY); CREATE TABLE b (b_id INTEGER PRIMARY KEY);"
        "CREATE TABLE ab (a_id INTEGER REFERENCES a(a_id), b_id INTEGER REFERENCES b(b_id), price NUMERIC,"
        " PRIMARY KEY (a_id, b_id));"
    )
    assert "entity ab in table ab" in text
    assert "links to" not in text


@pytest.mark.parametrize(
    ("name", "bare"),
    [("GeändertAm", "geandertam"), ("E_Mail", "email"), ("PLZ Ort", "plzort"), ("XMLHttpRequest2", "xmlhttprequest2"),
     ("Straße", "strasse"), ("prénom", "prenom"), ("---", "")],
)  # fmt: skip
def test_names_are_compared_without_case_accents_and_separators(name: str, bare: str) -> None:
    assert words.bare(name) == bare


@pytest.mark.parametrize(
    ("name", "text"), [("Order", "Order"), ("Order Details", "'Order Details'"), ("a'b", "'a''b'"), ("1st", "'1st'"),
                       ("dbo.Orders", "'dbo.Orders'"), ("Größe", "'Größe'")],
)  # fmt: skip
def test_names_of_tables_and_columns_are_quoted_where_they_must_be(name: str, text: str) -> None:
    assert column_text(name) == text


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["a@b.example", "c@d.example", "e@f.example"], "addresses"),
        (["a@b.example", "c@d.example", "e@f.example", "g@h.example", "none"], "addresses"),
        (["a@b.example", "none", "unknown"], ""),
        (["+27 21 555 0100", "021 555-0100", "(021) 5550100"], "phone numbers"),
        (["1234567", "2345678", "3456789"], ""),
        (["https://a.example", "www.b.example", "HTTP://c.example/x"], "web addresses"),
        (["2026-01-31", "2026-02-01 10:00", "2026-02-02T10:00:00"], "dates"),
        (["a@b.example"], ""),
        ([], ""),
    ],
)
def test_what_values_look_like(values: list[object], kind: str) -> None:
    assert look(values).kind == kind


def test_codes_are_few_and_come_again() -> None:
    assert look(["A", "B", "A", "A", "B", "A"]).codes == ("A", "B")
    assert look(["A", "B", "C", "A"]).codes == ()
    assert look(["A"] * 9).codes == ()
    assert look(["a very long sentence that is no code", "b"] * 5).codes == ()


def test_a_look_at_the_rows_helps_where_names_say_nothing() -> None:
    ddl = (
        "CREATE TABLE People (id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT, adr1 TEXT, adr2 TEXT, txt3 TEXT,"
        " status TEXT, deleted INTEGER);"
    )
    sample: dict[tuple[str, str], list[object]] = {
        ("People", "adr1"): ["a@b.example", "c@d.example", "e@f.example"],
        ("People", "adr2"): ["a2@b.example", "c2@d.example", "e2@f.example"],
        ("People", "txt3"): ["+27 21 555 0100", "+27 21 555 0101", "+27 21 555 0102"],
        ("People", "status"): ["A", "B", "A", "B", "A", "A"],
        ("People", "deleted"): [0, 0, 1],
    }
    text = proposal(guess(schema_of(ddl), RESERVED), "crm.db", RESERVED, looks(sample))
    assert "entity person in table People where deleted = 0 as contact" in text
    assert re.search(r"email +<-> adr1, adr2  # 3 of 3 values are addresses", text)
    assert re.search(r"business_phone +<-> txt3 as phone  # 3 of 3 values are phone numbers", text)
    assert "holds A, B; words for them: as (word = 'A', …)" in text
    assert "matched by email then first_name and last_name" in text


def test_what_the_rows_say_against_a_name() -> None:
    ddl = "CREATE TABLE Contacts (id INTEGER PRIMARY KEY, last_name TEXT, email TEXT, phone TEXT, is_active INTEGER);"
    sample: dict[tuple[str, str], list[object]] = {
        ("Contacts", "email"): ["yes", "no", "a@b.example"],
        ("Contacts", "phone"): ["ask Jim", "none", "see below"],
        ("Contacts", "is_active"): [0, 0],
    }
    text = proposal(guess(schema_of(ddl), RESERVED), "crm.db", RESERVED, looks(sample))
    assert "check: only 1 of 3 values are addresses" in text
    assert "check: few of the values are phone numbers" in text
    assert "where" not in text.partition("entity contact")[2].partition("\n")[0]  # no row would be left


def test_each_statement_has_its_reason() -> None:
    for ddl in (GERMAN, LEGACY):
        for block_ in proposed(ddl).split("\n\n"):
            if "entity " in block_:
                assert block_.lstrip().startswith("# "), block_


def test_link_tables_with_a_key_of_their_own_and_owners() -> None:
    text = proposed(
        "CREATE TABLE users (id CHAR(36) PRIMARY KEY, user_name TEXT, email TEXT);"
        "CREATE TABLE accounts (id CHAR(36) PRIMARY KEY, name TEXT, assigned_user_id CHAR(36), deleted BOOLEAN);"
        "CREATE TABLE contacts (id CHAR(36) PRIMARY KEY, last_name TEXT, email TEXT, deleted BOOLEAN);"
        "CREATE TABLE accounts_contacts (id CHAR(36) PRIMARY KEY, contact_id CHAR(36), account_id CHAR(36),"
        " date_modified DATETIME, deleted BOOLEAN);"
    )
    assert "owner = assigned_user_id is user" in block(text, "account")
    assert "links to contact through accounts_contacts (account_id, contact_id) # check" in block(text, "account")
