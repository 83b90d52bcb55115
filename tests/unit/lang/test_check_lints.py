"""What is doubtful in rules taken together."""

from __future__ import annotations

import pytest

from mxsync.lang.lint_conditions import contradiction, tautology
from tests.checking import checked, findings


@pytest.mark.parametrize(
    "condition, first, second",
    [
        ("subject = 'a' and subject = 'b'", "subject = 'a'", "subject = 'b'"),
        ("subject = 'a' and subject != 'A'", "subject = 'a'", "subject != 'A'"),
        ("subject in ('a', 'b') and subject in ('c', 'd')", "subject in ('a', 'b')", "subject in ('c', 'd')"),
        ("is sent and is received", "is sent", "is received"),
        ("is sent and not is sent", "is sent", "not is sent"),
        ("subject = 'a' and subject is empty", "subject = 'a'", "subject is empty"),
        ("subject exists and subject is empty", "subject exists", "subject is empty"),
        ("size > 5 MB and size < 1 MB", "size > 5 MB", "size < 1 MB"),
        ("size > 5 and size <= 5", "size > 5", "size <= 5"),
        ("category 'a' and no categories = 'A'", "category 'a'", "no categories = 'A'"),
        ("has attachment and not has attachment", "has attachment", "not has attachment"),
        ("is known contact and not is known contact", "is known contact", "not is known contact"),
        ("not (subject = 'a' or subject != 'a')", "subject = 'a'", "subject != 'a'"),
        ("(is sent and is received) or (is read and is not read)", "is sent", "is received"),
        ("subject like 'x*' and not subject like 'x*'", "subject like 'x*'", "not subject like 'x*'"),
        ("received > 2026-02-01 10:00 and received < 2026-01-01 10:00", "received > 2026-02-01 10:00",
         "received < 2026-01-01 10:00"),
        ("from 'a+x@b.example' and from 'c@b.example'", "from 'a+x@b.example'", "from 'c@b.example'"),
    ],
)  # fmt: skip
def test_rules_that_never_fire(condition: str, first: str, second: str) -> None:
    assert findings(f"when mail {condition} then link\n") == [
        f"MX101 [{condition}] this can never hold: `{first}` and `{second}` exclude each other | perhaps `or` is meant"
    ]


@pytest.mark.parametrize(
    "condition",
    [
        "category 'a' and category 'b'",
        "recipients = 'a@b.example' and recipients = 'c@d.example'",
        "recipients = 'a@b.example' and any recipients != 'a@b.example'",
        "subject = 'a' and body = 'b'",
        "size > 1 MB and size < 5 MB",
        "size >= 5 and size <= 5",
        "is sent and subject != 'x' and subject != 'y'",
        "received = 2026-01-31 and received = 2026-01-31 10:00",
        "flagged = no and flagged is empty",
        "contact.status = 'a' and contact.status = 'b'",
        "subject like '*{a}*' and subject = a",
        "(is sent and is received) or is read",
        "subject = body and subject = 'x'",
        "is known contact and not is known contact where exclude_mail = yes",
        "not subject contains 'x' and subject = 'x'",
        "size > 5 and not size > 9",
    ],
)
def test_rules_that_may_fire(condition: str) -> None:
    assert findings(f"when mail {condition} then link\n") == []


@pytest.mark.parametrize(
    "condition, first, second",
    [
        ("subject != 'a' or subject != 'b'", "subject != 'a'", "subject != 'b'"),
        ("is sent or is not sent", "is sent", "is not sent"),
        ("subject exists or subject is empty", "subject exists", "subject is empty"),
        ("not (is sent and is received)", "is sent", "is received"),
        ("(is sent or not is sent) and (is read or is not read)", "is sent", "not is sent"),
        ("subject not in ('a', 'b') or subject not in ('c', 'd')", "subject not in ('a', 'b')",
         "subject not in ('c', 'd')"),
    ],
)  # fmt: skip
def test_conditions_that_always_hold(condition: str, first: str, second: str) -> None:
    assert findings(f"when mail {condition} then link\n") == [
        f"MX102 [{condition}] this always holds: what is not `{first}` is `{second}` | perhaps `and` is meant"
    ]


@pytest.mark.parametrize(
    "condition",
    [
        "subject != 'a' or body != 'b'", "subject not in ('a', 'b') or subject not in ('b', 'c')", "is sent or is read",
        "recipients != 'a@b.example' or recipients != 'c@d.example'", "(is sent or is not sent) and is read",
    ],
)  # fmt: skip
def test_conditions_that_need_not_hold(condition: str) -> None:
    assert findings(f"when mail {condition} then link\n") == []


def test_an_empty_list_holds_nobody() -> None:
    lists = {"none.csv": "# nobody yet\n"}
    head = "list none = file 'none.csv'\n"
    empty = "MX109 [none] the list `none` is empty"
    assert findings(head + "when mail subject in none then link\n", lists=lists) == [
        empty, "MX101 [subject in none] this can never hold: subject in none",
    ]  # fmt: skip
    assert findings(head + "when mail subject not in none then link\n", lists=lists)[1].startswith("MX102")


def test_nothing_is_said_of_conditions_that_are_not_there() -> None:
    assert contradiction(None) is None and tautology(None) is None


HIDDEN = "`{}` never gets its turn: rule `{}` ({}) says `{}` for every such item"
CURE = " | give it a higher priority, or narrow the other rule"


def hidden(text: str) -> list[str]:
    return [line for line in findings(text) if line.startswith("MX103")]


def two(first: str, second: str, action: str = "skip", head: str = "", other: str = "") -> str:
    return f"rule 'First' priority 5{head}\n  {first}\n  then {action}\nrule 'Second'{other}\n  {second}\n  then flag\n"


@pytest.mark.parametrize(
    "first, second",
    [
        ("when mail is sent", "when mail is sent and category 'a'"),
        ("when mail", "when mail category 'a'"),
        ("when mail", "when mail"),
        ("when item is private", "when mail is private"),
        ("when mail category 'a' or category 'b'", "when mail category 'b'"),
        ("when mail category in ('a', 'b')", "when mail category 'B' and is sent"),
        ("when mail category in ('a', 'b', 'c')", "when mail category in ('a', 'b')"),
        ("when mail is sent", "when mail (category 'a' or category 'b') and is sent"),
        ("when mail is known contact", "when mail created is known contact and is read"),
        ("when row of company name = 'x'", "when row of company name = 'X' and domain = 'y'"),
    ],
)
def test_hidden_by_an_earlier_skip(first: str, second: str) -> None:
    text = two(first, second).replace("flag", "notify 'a@b.example' with 'x'")
    assert hidden(text) == ["MX103 ['Second'] " + HIDDEN.format("Second", "First", "main.rules:4", "skip") + CURE]


def test_hidden_by_an_earlier_stop() -> None:
    found = hidden(two("when mail is sent", "when mail is sent", "link, stop"))
    assert len(found) == 1 and "says `stop` for every such item" in found[0]


@pytest.mark.parametrize(
    "text",
    [
        two("when mail is sent", "when mail category 'a'"),
        two("when mail is sent and category 'a'", "when mail is sent"),
        two("when mail is sent", "when item is sent"),
        two("when mail created", "when mail"),
        two("when mail deleted", "when mail"),
        two("when mail", "when mail deleted"),
        two("when mail category 'a'", "when mail category in ('a', 'b')"),
        two("when mail", "when mail", head=" for users board"),
        two("when mail", "when mail", head=" in folders 'X'"),
        two("when mail", "when mail", other=" in folders 'X'"),
        two("when mail", "when mail", head=" in public folders 'X'"),
        two("when mail is sent and is received", "when mail is sent and is received"),
        two("when mail is sent", "when mail is sent").replace("priority 5", "priority -5"),
    ],
)
def test_not_hidden(text: str) -> None:
    assert hidden(text) == []


def test_hidden_for_the_same_users_and_folders() -> None:
    both = two(
        "when mail", "when mail", head=" for users board in folders 'X', 'Y'", other=" for users board in folders 'X'"
    )
    assert len(hidden(both)) == 1


def written(first: str, second: str, head: str = "", other: str = "") -> list[str]:
    text = f"rule 'First'{head}\n  {first}\nrule 'Second'{other}\n  {second}\n"
    return [line for line in findings(text) if line.startswith("MX104")]


@pytest.mark.parametrize(
    "first, second",
    [
        ("when mail category 'a' then set status = 'x'", "when mail category 'b' then set status = 'y'"),
        ("when mail then set status = 'x'", "when mail subject = 'a' then set status = 'y'"),
        ("when mail subject in ('a', 'b') then set status = 'x'",
         "when mail subject in ('b', 'c') then set status = 'y'"),
        ("when mail then set contact.status = 'x'", "when mail is sent then set contact.status = 'y'"),
        ("when mail category 'a' then set status = subject", "when mail category 'b' then set status = 'y'"),
        ("when appointment category 'a' then save as journal, set type = 'x'",
         "when appointment category 'b' then save as journal, set type = 'y'"),
        ("when row of company name = 'x' then set domain = 'a'",
         "when row of company domain = 'y' then set domain = 'b'"),
        ("when item category 'a' then set status = 'x'", "when mail category 'b' then set status = 'y'"),
    ],
)  # fmt: skip
def test_different_values_for_one_field(first: str, second: str) -> None:
    found = written(first, second)
    assert len(found) == 1
    assert found[0].startswith("MX104 [") and "sets `" in found[0] and "rule `First` (main.rules:" in found[0]


def test_the_sentence_about_different_values() -> None:
    assert written("when mail then set status = 'x'", "when mail is sent then set status = 'y'") == [
        "MX104 [status = 'y'] rule `First` (main.rules:3) sets `status` to something else for items that match both"
        " | the first in order wins; make their conditions exclude each other"
    ]


@pytest.mark.parametrize(
    "first, second, head, other",
    [
        ("when mail subject = 'a' then set status = 'x'", "when mail subject = 'b' then set status = 'y'", "", ""),
        ("when mail is sent then set status = 'x'", "when mail is received then set status = 'y'", "", ""),
        ("when mail is sent then set status = 'x'", "when mail is not sent then set status = 'y'", "", ""),
        ("when mail subject = 'a' then set status = 'x'", "when mail subject != 'a' then set status = 'y'", "", ""),
        ("when mail subject is empty then set status = 'x'", "when mail subject exists then set status = 'y'", "", ""),
        ("when mail size < 5 then set status = 'x'", "when mail size > 6 then set status = 'y'", "", ""),
        ("when mail category 'a' then set status = 'x'", "when mail category 'b' then set status = 'x'", "", ""),
        ("when mail then set status = 'x'", "when task then set contact.status = 'y'", "", ""),
        ("when mail then set status = 'x', stop", "when mail is sent then set status = 'y'", "", ""),
        ("when mail created then set status = 'x'", "when mail updated then set status = 'y'", "", ""),
        ("when mail then set status = 'x'", "when mail then set status = 'y'", " for users 'a@b.example'",
         " for users 'c@d.example'"),
        ("when mail then set status = 'x'", "when mail then set status = 'y'", " in folders 'A'", " in folders 'B'"),
        ("when mail is sent and is received then set status = 'x'", "when mail then set status = 'y'", "", ""),
    ],
)  # fmt: skip
def test_no_conflict(first: str, second: str, head: str, other: str) -> None:
    assert written(first, second, head, other) == []


def test_a_rule_of_many_values_is_reported_once() -> None:
    text = "".join(f"when mail category 'c{n}' then set status = 's{n}'\n" for n in range(100))
    assert len([line for line in findings(text) if line.startswith("MX104")]) == 99
    text = "".join(f"when mail subject = 'c{n}' then set status = 's{n}'\n" for n in range(100))
    text += "when mail is sent then set status = 'z'\n"
    assert len([line for line in findings(text) if line.startswith("MX104")]) == 1


SYNC = "sync {}{}\n  between {} and table contact\n  into table{}\n"


@pytest.mark.parametrize(
    "first, second, filters, overlap",
    [
        ("folder 'Contacts' of each user", "folder 'contacts' of each user", ("", ""), True),
        ("folder 'Contacts' of each user", "folder 'Contacts' of 'a@b.example'", ("", ""), True),
        ("folder 'Contacts' of each user", "folder 'Kontakte' of each user", ("", ""), False),
        ("folder 'Contacts' of 'c@b.example'", "folder 'Contacts' of 'a@b.example'", ("", ""), False),
        ("public folder 'Contacts'", "folder 'Contacts' of each user", ("", ""), False),
        ("public folder 'Contacts'", "public folder 'Contacts'", ("", ""), True),
        ("public folder 'X'", "public folder 'X'", (" when subject = 'a'", " when subject = 'b'"), False),
        ("public folder 'X'", "public folder 'X'", (" when subject = 'a'", " when body = 'b'"), True),
    ],
)
def test_overlapping_syncs(first: str, second: str, filters: tuple[str, str], overlap: bool) -> None:
    text = SYNC.format("one", "", first, filters[0]) + SYNC.format("two", "", second, filters[1])
    found = [line for line in findings(text) if line.startswith("MX106")]
    assert bool(found) is overlap
    if overlap:
        assert found[0].endswith(
            "] `two` and `one` keep the same folder in step with the same table | join them, or write `sync one off`"
        )


def test_syncs_for_different_users_or_ways_do_not_overlap() -> None:
    text = SYNC.format("one", " for users 'a@b.example'", "folder 'X' of each user", "")
    assert findings(text + SYNC.format("two", " for users 'c@d.example'", "folder 'X' of each user", "")) == []
    turned = "sync two\n  between table contact and folder 'Contacts' of each user\n  into folder\n"
    assert findings(SYNC.format("one", "", "folder 'Contacts' of each user", "") + turned) == []
    both = turned.replace("into folder", "into table")
    assert [line[:22] for line in findings(SYNC.format("one", "", "folder 'Contacts' of each user", "") + both)] == [
        "MX106 [two] `two` and "
    ]


STEP = "sync tasks\n  between folder 'Tasks' of each user and table task\n  into folder\n"


@pytest.mark.parametrize(
    "text, chains",
    [
        ("when row of company then create company with name = 'x'\n", ["`company` → `company`"]),
        ("when row of company created then create opportunity with name = 'x'\n"
         "when row of opportunity then create company with name = 'y'\n",
         ["`opportunity` → `company` → `opportunity`"]),
        (STEP + "when task then create task with subject = 'again'\n", ["`task` → `task`"]),
        (STEP + "when task subject = 'again' then create task with subject = 'again'\n", ["`task` → `task`"]),
        (STEP + "when task subject contains 'ag' then create task with subject = 'again'\n", ["`task` → `task`"]),
        ("when task then create task with subject = 'again'\n", []),
        (STEP + "when task subject = 'first' then create task with subject = 'again'\n", []),
        (STEP + "when task subject contains 'first' then create task with subject = 'again'\n", []),
        (STEP + "when task category 'x' then create task with subject = 'again'\n", []),
        (STEP + "when task is known contact then create task with subject = 'again'\n", []),
        (STEP + "when task updated then create task with subject = 'again'\n", []),
        ("when row of company name changed then create company with name = 'x'\n", []),
        ("when row of company name != 'x' then create company with name = 'x'\n", []),
        ("when row of company status = 'active' then create opportunity with name = 'x'\n", []),
        ("when mail then create task with subject = 'x'\n" + STEP, []),
    ],
)  # fmt: skip
def test_rules_that_never_come_to_rest(text: str, chains: list[str]) -> None:
    found = [line for line in findings(text) if line.startswith("MX082")]
    assert [line.partition("create again, ")[2].partition(" | ")[0] for line in found] == chains


@pytest.mark.parametrize(
    "first, second, circle",
    [
        ("status = 'active' then set status = 'blocked'", "status = 'blocked' then set status = 'active'", True),
        ("status = 'active' then set company.status = 'blocked'", "status in ('blocked', 'without turnover') "
         "then set status = 'active'", True),
        ("status = 'active' then set status = 'blocked'",
         "status = 'without turnover' then set status = 'active'", False),
        ("status = 'active' then set status = 'blocked'", "status = 'blocked' then set name = 'x'", False),
        ("status = 'active' then set status = 'active'", "name = 'x' then set name = 'x'", False),
    ],
)  # fmt: skip
def test_rules_that_set_each_other_back(first: str, second: str, circle: bool) -> None:
    text = f"rule 'A'\n  when row of company {first}\nrule 'B'\n  when row of company {second}\n"
    found = [line for line in findings(text) if line.startswith("MX082")]
    assert bool(found) is circle
    assert (checked(text).program is None) is circle


def test_notifying_without_a_relay() -> None:
    text = "when mail then notify 'a@b.example' with 'x'\n"
    assert findings(text, relay=False) == [
        "MX113 [notify 'a@b.example' with 'x'] nobody is notified: mxsync.toml says no relay"
        " | add `[notify]` with `smtp` and `sender` to mxsync.toml"
    ]
    assert checked(text, relay=False).program is not None
    assert findings(text) == []
