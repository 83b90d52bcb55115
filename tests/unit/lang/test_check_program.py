"""Files together: order, replacement, parts, lists, what is left out, digests."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mxsync.lang import ir
from mxsync.lang.check import Checked, check
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.features import Features
from mxsync.lang.messages_names import file_unreadable
from mxsync.lang.source import SourceFile, Span
from mxsync.model.item import Kind
from tests.checking import BASE, PARSER, Texts, checked, findings, said


def together(files: dict[str, str], shipped: dict[str, str] | None = None, **options: object) -> Checked:
    return check(PARSER, Texts(files, {"base.rules": BASE, **(shipped or {})}), **options)  # type: ignore[arg-type]  # as given


def lines(found: Checked, files: dict[str, str]) -> list[str]:
    """Findings of all files."""
    every = []
    for each in found.diagnostics:
        every += said(files.get(each.span.file, ""), [each], each.span.file)
    return every


def test_a_used_file_comes_before_its_user_and_is_read_once() -> None:
    found = together(
        {"a.rules": "use 'z.rules'\nuse 'b.rules'\nwhen mail then link\n", "b.rules": "use 'z.rules'\n"},
        {"z.rules": BASE},
    )
    assert found.program is not None and list(found.program.files) == ["z.rules", "b.rules", "a.rules"]


def test_cycles_are_errors() -> None:
    files = {"a.rules": "use 'b.rules'\n", "b.rules": "use 'c.rules'\n", "c.rules": "use 'a.rules'\n"}
    found = together(files)
    assert lines(found, files) == [
        "MX031 ['a.rules'] files use each other in a circle: `a.rules` → `b.rules` → `c.rules` → `a.rules`"
        " | move what both need into a third file"
    ]


def test_a_file_that_uses_itself() -> None:
    files = {"a.rules": "use 'a.rules'\n"}
    assert lines(together(files), files)[0].startswith(
        "MX031 ['a.rules'] files use each other in a circle: `a.rules` →"
    )


def test_names_of_a_missing_file_are_not_reported() -> None:
    text = (
        "use 'nowhere.rules'\nwhen mail is known nobody then create nothing, link to no_one where a = 1\nrule 'X' off\n"
    )
    assert findings(text, base=False) == [
        "MX030 ['nowhere.rules'] there is no file `nowhere.rules` beside this one, nor among the shipped rules"
    ]


def test_a_statement_replaces_that_of_a_used_file() -> None:
    text = """use 'base.rules'
entity property in table Objects
  key ObjectID
  ref = Code
list board = 'carl@ours.example'
rule 'A'
  when mail sender in board
  then link
"""
    program = together({"main.rules": text}).program
    assert program is not None
    assert program.entities["property"].table == "Objects" and program.lists["board"] == ("carl@ours.example",)


def test_names_given_twice_in_files_that_do_not_use_each_other() -> None:
    files = {
        "a.rules": "use 'base.rules'\nrule 'X'\n  when mail\n  then link\nlist l = 'a'\nsync s\n"
        "  between folder 'Contacts' of each user and table contact\n  into table\n",
        "b.rules": "use 'base.rules'\nrule 'X'\n  when mail\n  then skip\nlist l = 'b'\nsync s\n"
        "  between folder 'Contacts' of each user and table contact\n  into table\n",
    }
    assert lines(together(files), files) == [
        "MX035 ['X'] there is a rule called `X` already, at a.rules:2",
        "MX035 [l] there is a list called `l` already, at a.rules:5",
        "MX035 [s] there is a sync called `s` already, at a.rules:6",
    ]


def test_rules_and_syncs_are_switched_off() -> None:
    shipped = {
        "s.rules": "use 'base.rules'\nrule 'A'\n  when mail\n  then link\n"
        "rule 'B'\n  when mail category 'b'\n  then skip\n"
        "sync s\n  between folder 'Contacts' of each user and table contact\n  into table\n"
    }
    program = together({"main.rules": "use 's.rules'\nrule 'A' off\nsync s off\n"}, shipped).program
    assert program is not None
    assert [rule.name for rule in program.rules] == ["B"] and program.syncs == ()


def test_what_a_middle_file_has_put_in_place_is_not_switched_off_by_the_first() -> None:
    shipped = {
        "a.rules": "use 'base.rules'\nrule 'A'\n  when mail\n  then link\n",
        "b.rules": "use 'a.rules'\nrule 'A' off\n",
    }
    program = together({"main.rules": "use 'b.rules'\nrule 'A'\n  when mail\n  then skip\n"}, shipped).program
    assert program is not None and [rule.name for rule in program.rules] == ["A"]
    other = {"c.rules": "use 'base.rules'\nrule 'C' off\n", "main.rules": "rule 'C'\n  when mail\n  then skip\n"}
    assert [line[:5] for line in lines(together(other), other)] == ["MX036"]


def test_a_rule_that_is_off_is_checked_but_does_not_act() -> None:
    found = checked("rule 'X' off\n  when mail\n  then link\ntest 't'\n  given mail\n  expect no rule 'X'\n")
    assert found.program is not None and found.program.rules == ()
    assert findings("rule 'X' off\n  when mail subjct = 'x'\n  then link\n")[0].startswith("MX042")


CLIENT = """
entity client in table Clients as contact
  key ClientID
  first_name <-> First
  last_name <-> Last
  email <-> Mail
  owner = OwnerID is user
  matched by email
"""
RULES = """use 'base.rules'
rule 'Excluded' priority 5
  when mail is known contact where exclude_mail = yes
  then skip
rule 'Linked'
  when mail is known contact where owner is user
  then link to contact
sync contacts
  between folder 'Contacts' of each user and table contact
  into folder when contact.exclude_mail = no
test 'of the shipped'
  given row of contact with exclude_mail = no
  expect nothing
"""


def test_a_part_is_taken_over_and_the_used_entity_retires() -> None:
    files = {"main.rules": "use 's.rules'\n" + CLIENT}
    found = together(files, {"s.rules": RULES})
    assert lines(found, {"s.rules": RULES, **files}) == [
        "MX100 ['Excluded'] rule `Excluded` of `s.rules` is left out: `client` has no field `exclude_mail`"
        " | map `exclude_mail` in `client`, or write `rule 'Excluded' off`",
        "MX100 [contacts] sync `contacts` of `s.rules` is left out: `client` has no field `exclude_mail`"
        " | map `exclude_mail` in `client`, or write `sync contacts off`",
    ]
    program = found.program
    assert program is not None
    assert "contact" not in program.entities and program.parts["contact"] == "client"
    assert program.own[Kind.CONTACT] == "client" and program.entities["client"].part == "contact"
    assert program.entities["opportunity"].fields["contact"].references == "client"
    link = program.entities["email"].link_to("client")
    assert link is not None and link.table == "EmailContacts"
    (rule,) = program.rules
    assert isinstance(rule.actions[0], ir.Link) and rule.actions[0].targets[0].entity == "client"
    assert program.tests == ()


def test_the_same_in_ones_own_file_is_an_error() -> None:
    text = CLIENT + "when mail is known contact where exclude_mail = yes then skip\n"
    assert findings(text) == [
        "MX043 [exclude_mail] `client` has no field `exclude_mail`"
        " | its fields are `email`, `first_name`, `last_name` or `owner`"
    ]


def test_a_replacement_of_the_same_name_leaves_out_as_well() -> None:
    files = {"main.rules": "use 's.rules'\n" + CLIENT.replace("client", "contact").replace(" as contact", "")}
    found = together(files, {"s.rules": RULES})
    assert [each.code for each in found.diagnostics] == ["MX100", "MX100"]


def test_a_row_rule_of_a_used_file_is_left_out_too() -> None:
    shipped = {"s.rules": "use 'base.rules'\nwhen row of contact job_title = 'x' then notify 'a@b.example' with 'x'\n"}
    found = together({"main.rules": "use 's.rules'\n" + CLIENT}, shipped)
    assert [each.message for each in found.diagnostics] == [
        "rule `s.rules:2` of `s.rules` is left out: `client` has no field `job_title`"
    ]


def test_the_part_goes_to_the_last_of_a_chain() -> None:
    shipped = {"b.rules": "use 'base.rules'\n" + CLIENT}
    text = "use 'b.rules'\nentity donor in table Donors as contact\n  key ID\n  email <-> Mail\n  matched by email\n"
    text += "extend entity client\n  nickname <-> Nick\nwhen mail is known client then link to contact, client\n"
    program = together({"main.rules": text}, shipped).program
    assert program is not None
    assert program.parts["contact"] == "donor" and "client" not in program.entities
    assert "nickname" in program.entities["donor"].fields


def test_two_words_for_one_entity_are_one_link() -> None:
    text = CLIENT + "extend entity email\n  links to client through MailClients (MailID, ClientID)\n"
    program = checked(text).program
    assert program is not None
    assert [link.target for link in program.entities["email"].links].count("client") == 1


def test_what_items_are_saved_in() -> None:
    text = """
entity viewing in table Viewings as appointment
  key ViewingID
  subject <-> Title
entity memo in table Memos as note
  key MemoID
  subject <-> Title
entity form in table Forms as post class 'IPM.Post.Form'
  key FormID
  subject <-> Title
"""
    program = checked(text).program
    assert program is not None
    assert program.own[Kind.APPOINTMENT] == "appointment" and program.own[Kind.NOTE] == "memo"
    assert Kind.POST not in program.own and program.own[Kind.MAIL] == "email"


def test_several_entities_of_a_kind_without_one_of_its_name() -> None:
    text = """
entity memo in table Memos as note
  key MemoID
entity remark in table Remarks as note
  key RemarkID
when note then save
when note category 'x' then save as memo
"""
    assert findings(text) == [
        "MX092 [save] a note could be saved in `memo` or `remark` | say which: `save as …`",
    ]


def test_no_entity_plays_the_part() -> None:
    text = (
        "entity email in table E\n  key ID\n  subject -> S\n"
        "when mail is known contact then link\nwhen mail user.phone = 'x' then link\n"
    )
    assert findings(text, base=False) == [
        "MX040 [contact] no entity plays the part of `contact`"
        " | name an entity `contact`, or declare one `as contact`; `use 'crm.rules'` brings one",
        "MX045 [phone] `user` has no `phone` | after it may come `address`, `domain`, `email` or `name`",
    ]
    plain = "entity email in table E\n  key ID\n  subject -> S\n  owner = O is user\n"
    assert findings(plain, base=False)[0].startswith("MX040 [user] no entity plays the part of `user`")
    assert findings("when mail contact.x = 'x' then link\n", base=False)[0].startswith(
        "MX040 [contact] no entity plays"
    )


class Unreadable(Texts):
    """One file and one list are there, but cannot be read."""

    def __init__(self, files: dict[str, str]) -> None:
        super().__init__(files, {"base.rules": BASE})
        self.found: list[Diagnostic] = []

    def used(self, name: str, by: str) -> SourceFile | None:
        return super().used(name, by) or self.refused(name)

    def list_file(self, name: str, by: str) -> str | None:
        return self.refused(name)

    def refused(self, name: str) -> None:
        self.found.append(file_unreadable(Span(name, 3, 2, 3, 3), name, "it is not UTF-8 text"))

    def problems(self) -> Sequence[Diagnostic]:
        return self.found


def test_files_that_cannot_be_read_are_said_once_and_nothing_they_might_declare() -> None:
    text = "use 'base.rules'\nuse 'bad.rules'\nwhen mail is known nobody then link\n"
    found = check(PARSER, Unreadable({"main.rules": text}))
    assert lines(found, {"main.rules": text, "bad.rules": "\n\nabc\n"}) == [
        "MX032 [b] `bad.rules` cannot be read: it is not UTF-8 text",
    ]
    text = "use 'base.rules'\nlist vips = file 'bad.csv'\nwhen mail from in vips then link\n"
    found = check(PARSER, Unreadable({"main.rules": text}))
    assert [each.message for each in found.diagnostics] == ["`bad.csv` cannot be read: it is not UTF-8 text"]


def test_lists_from_files() -> None:
    lists = {
        "plain.csv": "# ours\n'x'\n\"a.example\"\n\nb.example\na.example\n",
        "column.csv": "\ufeffName;Domain\nA;a.example\nB;\nC\n",
        "empty.csv": "# nothing yet\n",
    }
    text = (
        "list plain = file 'plain.csv'\nlist column = file 'column.csv' column 'domain'\n"
        "list nothing_in_it = file 'empty.csv' column 'domain'\n"
        "when mail from domain in plain or from domain in column or from domain in nothing_in_it then link\n"
    )
    found = checked(text, lists=lists)
    assert found.program is not None
    assert found.program.lists["plain"] == ("'x'", "a.example", "b.example")
    assert found.program.lists["column"] == ("a.example",)
    assert said("use 'base.rules'\n" + text, found.diagnostics) == [
        "MX109 [nothing_in_it] the list `nothing_in_it` is empty"
    ]


def test_a_list_that_nothing_uses() -> None:
    assert findings("list spare = 'a.example'\n") == ["MX108 [spare] nothing uses the list `spare`"]


def test_only_one_file() -> None:
    sources = Texts({"main.rules": "use 'base.rules'\nwhen mail then nonsense\n"}, {"base.rules": BASE})
    alone = check(PARSER, sources, only="base.rules")
    assert alone.program is not None and list(alone.program.files) == ["base.rules"]
    missing = check(PARSER, sources, only="nothing.rules")
    assert missing.program is None
    assert [each.code for each in missing.diagnostics] == ["MX030"]


def test_the_digest_is_of_the_meaning() -> None:
    def digest(text: str) -> str:
        program = checked(text).program
        assert program is not None
        return program.digest

    first = digest("when mail not is private and contact.owner = user then link # x\n")
    assert first == digest("\n# moved\nwhen mail\n     is not private\n  and contact.owner is user\n  then link\n")
    assert first != digest("when mail is private and contact.owner = user then link\n")
    assert digest("rule 'A'\n  when mail\n  then link\n") != digest("rule 'B'\n  when mail\n  then link\n")
    assert digest("when mail from in board then link\n") != digest(
        "list board = 'x@y.example'\nwhen mail from in board then link\n"
    )
    assert digest("when mail then link\ntest 'x'\n  given mail\n  expect nothing\n") == digest("when mail then link\n")
    assert digest("extend entity contact\n  nickname <-> N\n") != digest("extend entity contact\n  nickname <-> M\n")


EXCHANGE = Features("Exchange Online", public_folders=False, custom_forms=False, moves=False, flags=False,
                    categories=False, replaces_attachments=False)  # fmt: skip
FILES = Features("files")


def test_what_the_server_cannot_do() -> None:
    text = """
rule 'Public' in public folders 'X'
  when mail
  then skip
sync public
  between public folder 'Contacts' and table contact
  into table
when mail category 'a' then move to folder 'X'
when mail category 'b' then flag
when mail category 'c' then categorize 'X'
when mail category 'd' then save attachments to documents replacing them with a link
"""
    assert findings(text, features=[FILES]) == []
    own = [line for line in findings(text, features=[EXCHANGE]) if "base.rules" not in line]
    assert own == [
        "MX081 [in public folders 'X'] public folders are not available on Exchange Online",
        "MX081 [public folder 'Contacts'] public folders are not available on Exchange Online",
        "MX081 [move to folder 'X'] moves between folders are not available on Exchange Online",
        "MX081 [flag] flags and read marks are not available on Exchange Online",
        "MX081 [categorize 'X'] categories are not available on Exchange Online",
        "MX081 [save attachments to documents replacing them with a link]"
        " replaced attachments are not available on Exchange Online",
    ]
    form = "entity form in table F as post class 'IPM.Post.F'\n  key ID\n"
    assert findings(form, features=[EXCHANGE])[-1] == (
        "MX081 ['IPM.Post.F'] custom forms are not available on Exchange Online"
    )


def test_what_one_of_several_servers_cannot_do_is_a_warning() -> None:
    own = [each for each in findings("when mail then flag\n", features=[FILES, EXCHANGE]) if "base.rules" not in each]
    assert own == ["MX110 [flag] flags and read marks are not available on `Exchange Online`"]


@pytest.mark.parametrize(
    "text, expected",
    [
        (
            "when mail then link to journal\n",
            "MX107 [journal] nothing links `email` to `journal`"
            " | write `extend entity email` with a line `links to journal through TABLE (OWN, OTHER)`",
        ),
        (
            "when mail then link to mentioned property\n",
            "MX112 [mentioned property] nothing in this rule mentions `property`"
            " | add the condition `mentions property …`",
        ),
        (
            "sync idle\n  between folder 'Contacts' of each user and table contact\n  conflict review\n",
            "MX111 [idle] `idle` copies nothing | add `into folder` or `into table`",
        ),
    ],
)
def test_doubts_about_single_statements(text: str, expected: str) -> None:
    assert findings(text) == [expected]


def test_zones_of_converters() -> None:
    text = "entity x in table X as task\n  key ID\n  due <-> Due as local '{}'\n  subject <-> S{}\n"
    assert findings(text.format("Europe/Berlin", "")) == []
    assert findings(text.format("Nowhere/Land", "")) == [
        "MX056 ['Nowhere/Land'] there is no time zone called `Nowhere/Land`"
        " | zones are IANA names, as in `Europe/Berlin`"
    ]
    assert findings(text.format("../../etc/passwd", ""))[0].startswith("MX056 ['../../etc/passwd']")
    assert findings(text.format("UTC", " as phone 'UTC'")) == [
        "MX055 ['UTC'] `as phone` takes no time zone | only `as local 'Zone'` does"
    ]


def test_a_conflict_with_a_used_file_is_said_in_the_users_file() -> None:
    shipped = {"s.rules": "use 'base.rules'\nrule 'Low'\n  when mail category 'a'\n  then set status = 'x'\n"}
    text = "use 's.rules'\nrule 'High' priority 5\n  when mail category 'b'\n  then set status = 'y'\n"
    assert lines(together({"main.rules": text}, shipped), {"main.rules": text}) == [
        "MX104 [status = 'y'] rule `Low` (s.rules:4) sets `status` to something else for items that match both"
        " | the first in order wins; make their conditions exclude each other"
    ]


def test_a_list_file_with_a_field_of_a_novel() -> None:
    found = checked(
        "list l = file 'l.csv' column 'a'\nwhen mail subject in l then link\n",
        lists={"l.csv": "a\n" + "x" * 200_000 + "\nb\n"},
    )
    assert found.program is not None and found.program.lists["l"] == ("b",)
