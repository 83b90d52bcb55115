"""Entities against the database's own tables, and columns that serve as fields without a line of their own."""

from __future__ import annotations

import pytest

from mxsync.lang import ir
from mxsync.lang.check import check
from mxsync.model.schema import ColumnInfo, ColumnType, Schema, TableInfo
from tests.checking import PARSER, Texts, checked, findings, said

T, N, B, D, M, X, OTHER = (
    ColumnType.TEXT, ColumnType.NUMBER, ColumnType.BOOLEAN, ColumnType.DATE, ColumnType.MOMENT, ColumnType.BINARY,
    ColumnType.OTHER,
)  # fmt: skip


def table(name: str, **columns: ColumnType) -> TableInfo:
    key = ColumnInfo("ID", N, nullable=False, generated=True)
    return TableInfo(name, (key, *(ColumnInfo(column, type_) for column, type_ in columns.items())), ("ID",))


SCHEMA = Schema((
    table("Users", Email=T, FullName=T, Region=T, Active=B),
    table("dbo.Contacts", First=T, Birthday=D, Age=N, Sold=B, Seen=M, Photo=X, Extra=OTHER, Owner=N, Kind=T, Total=T),
    table("Links", A=N, B=N),
))  # fmt: skip
USER = "entity user in table Users\n  key ID\n  email = Email\n  matched by email\n"


def against(text: str, schema: Schema = SCHEMA) -> list[str]:
    return findings(USER + text, base=False, schema=schema)


def entity(*lines: str, head: str = "entity contact in table Contacts") -> str:
    return "\n  ".join([head, "key ID", *lines]) + "\n"


@pytest.mark.parametrize(
    "lines",
    [
        ["first_name <-> First", "birthday <-> Birthday", "notes <-> Extra"],
        ["owner = Owner is user", "age = Age as number", "sold = Sold", "modified Seen"],
        ["status = Kind as (a = 'A', b = 'B')", "state = Age as (a = 1, b = 2)", "on = Sold as (a = yes, b = no)"],
        ["fill Kind = 'x'", "fill Age = 5", "fill Sold = yes", "fill Seen = 2026-01-31"],
        ["seen = Seen as local 'Europe/Berlin'", "day = Birthday as date", "total = Total as number"],
        ["birthday <-> Seen", "anniversary <-> Kind", "mobile_phone <-> First as phone"],
        ["links to user through Links (A, B)"],
    ],
)
def test_what_fits(lines: list[str]) -> None:
    assert against(entity(*lines)) == []


@pytest.mark.parametrize(
    "text, expected",
    [
        (entity(head="entity contact in table Contact"),
         "MX060 [Contact] the database has no table `Contact` | did you mean `Contacts`?"),
        (entity("first_name <-> Frist"),
         "MX061 [Frist] table `dbo.Contacts` has no column `Frist` | did you mean `First`?"),
        (entity("links to user through Link (A, B)"),
         "MX060 [Link] the database has no table `Link` | did you mean `Links`?"),
        (entity("links to user through Links (A, C)"),
         "MX061 [C] table `Links` has no column `C` | did you mean `A`?"),
        (entity("first_name <-> Age"), "MX062 [Age] column `Age` holds numbers, this needs texts"),
        (entity("birthday <-> Sold"), "MX062 [Sold] column `Sold` holds yes or no, this needs dates"),
        (entity("photo = Photo", "phone = Photo as phone"),
         "MX062 [Photo] column `Photo` holds bytes, this needs texts"),
        (entity("seen = Birthday as utc"),
         "MX062 [Birthday] column `Birthday` holds dates, this needs dates and times"),
        (entity("seen = Age as date"), "MX062 [Age] column `Age` holds numbers, this needs dates"),
        (entity("state = Age as (a = 'A', b = 'B')"), "MX062 ['A'] column `Age` holds numbers, this needs texts"),
        (entity("state = Kind as (a = 1, b = 2)"), "MX062 [1] column `Kind` holds texts, this needs numbers"),
        (entity("fill Age = 'x'"), "MX062 ['x'] column `Age` holds numbers, this needs texts"),
        (entity("first_name -> ID as text"),
         "MX063 [ID] the database fills column `ID` by itself, it cannot be written | use `<-`, or leave it out"),
        (entity("fill ID = 5"),
         "MX063 [ID] the database fills column `ID` by itself, it cannot be written | use `<-`, or leave it out"),
        (entity("fill Colour = 'x'"), "MX061 [Colour] table `dbo.Contacts` has no column `Colour`"),
        (entity("modified Sen"), "MX061 [Sen] table `dbo.Contacts` has no column `Sen` | did you mean `Seen`?"),
        (entity(head="entity contact in table Contacts where Knd = 'x'"),
         "MX061 [Knd] table `dbo.Contacts` has no column `Knd` | did you mean `Kind`?"),
        (entity() + "extend entity contact\n  nickname <-> Nick\n",
         "MX061 [Nick] table `dbo.Contacts` has no column `Nick`"),
        ("entity x in table Users\n  key UserID\n  name = FullName\n",
         "MX061 [UserID] table `Users` has no column `UserID`"),
    ],
)  # fmt: skip
def test_what_does_not_fit(text: str, expected: str) -> None:
    assert against(text) == [expected]


def test_one_error_a_statement() -> None:
    assert len(against(entity("first_name <-> Frist", "last_name <-> Lsat", "fill Colour = 'x'"))) == 1
    assert [line[:5] for line in against(entity("frist_name <-> Frist"))] == ["MX053"]


def test_required_columns_that_nothing_fills() -> None:
    columns = (
        ColumnInfo("ID", N, nullable=False),
        ColumnInfo("Name", T, nullable=False),
        ColumnInfo("Kind", T, nullable=False),
        ColumnInfo("Rank", N, nullable=False, default=True),
        ColumnInfo("Tenant", N, nullable=False),
    )
    schema = Schema((*SCHEMA.tables, TableInfo("Things", columns, ("ID",))))
    text = "entity thing in table Things where Kind = 'x'\n  key ID\n"
    assert against(text, schema) == [
        "MX105 [thing] nothing fills the required columns `Name` or `Tenant` of `thing`, so no row can be created"
        " | map it, or write `fill Name = …`"
    ]
    assert against(text + "  name = Name\n  fill Tenant = 1\n", schema) == []


def test_the_retired_entity_is_not_held_against_the_database() -> None:
    shipped = {"s.rules": USER + "entity contact in table Nowhere\n  key ID\n  first_name <-> First\n"}
    text = "use 's.rules'\nentity client in table Contacts as contact\n  key ID\n  first_name <-> First\n"
    assert check(PARSER, Texts({"main.rules": text}, shipped), schema=SCHEMA).diagnostics == ()


MAIL = "entity email in table Contacts as mail\n  key ID\n  subject -> First\n  user = Owner is user\n"


def test_a_column_serves_as_a_field() -> None:
    text = MAIL + "when mail user.Region = 'x' and user.region != 'y' and user.active = yes then skip\n"
    program = checked(USER + text, base=False, schema=SCHEMA).program
    assert program is not None
    condition = program.rules[0].condition
    assert isinstance(condition, ir.And)
    steps = [part.path.steps for part in condition.parts if isinstance(part, ir.Compare)]
    assert steps == [("region",), ("region",), ("active",)]
    assert program.entities["user"].fields["region"].columns == ("Region",)
    assert set(program.entities["user"].fields) == {"email", "region", "active"}


def test_without_a_schema_it_is_unknown() -> None:
    found = checked(USER + MAIL + "when mail user.region = 'x' then skip\n", base=False)
    assert said(USER + MAIL + "when mail user.region = 'x' then skip\n", found.diagnostics) == [
        "MX043 [region] `user` has no field `region` | its fields are `email`"
    ]


def test_types_of_columns_are_checked() -> None:
    text = "when row of contact age = 'old' then notify 'a@b.example' with 'x'\n"
    assert against(entity("age = Age") + text) == ["MX065 ['old'] `age` is a number, this is a text"]
    assert against(entity("age = Age") + text.replace("age = 'old'", "sold = yes and age = yes")) == []
    assert against(entity("age = Age") + text.replace("age = 'old'", "kind = 5"))[0].startswith(
        "MX065 [5] `kind` is a text"
    )
    assert against(entity() + text.replace("age = 'old'", "colour = 5"))[0].startswith("MX042 [colour]")


def test_a_mapped_name_goes_before_a_column_of_that_name() -> None:
    text = entity("kind = First") + "when row of contact Kind = 'x' then notify 'a@b.example' with 'x'\n"
    assert against(text)[0].startswith("MX042 [Kind]")
