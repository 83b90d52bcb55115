"""An edit costs what it touches, and gives what a check of everything gives."""

from __future__ import annotations

from mxsync.lang.check import Checked, check
from mxsync.lang.check_cache import CheckCache
from mxsync.model.schema import ColumnInfo, ColumnType, Schema, TableInfo
from tests.checking import BASE, PARSER, Texts

RULES = "".join(
    f"rule 'Rule {n}' priority {n % 3}\n  when mail category 'C{n}' and subject like 'x{{ref}}'\n"
    f"  then create task with subject = 'Call {{ref}} {n}', link to contact\n"
    for n in range(30)
)
HEAD = "use 'base.rules'\n"


def run(
    text: str, cache: CheckCache | None, lists: dict[str, str] | None = None, schema: Schema | None = None
) -> Checked:
    return check(PARSER, Texts({"main.rules": HEAD + text}, {"base.rules": BASE}, lists), cache=cache, schema=schema)


def same(text: str, cache: CheckCache, lists: dict[str, str] | None = None, schema: Schema | None = None) -> Checked:
    """The result with the cache, which is the result without it."""
    cached, fresh = run(text, cache, lists, schema), run(text, None, lists, schema)
    assert cached == fresh
    return cached


def misses(cache: CheckCache) -> int:
    found, cache.misses = cache.misses, 0
    return found


def test_an_unchanged_set_is_not_checked_again() -> None:
    cache = CheckCache()
    same(RULES, cache)
    assert misses(cache) == 30
    same(RULES, cache)
    assert misses(cache) == 0


def test_one_edited_line_is_one_rule() -> None:
    cache = CheckCache()
    before = same(RULES, cache)
    misses(cache)
    after = same(RULES.replace("'C7'", "'D7'"), cache)
    assert misses(cache) == 1
    assert before.program is not None and after.program is not None
    assert before.program.digest != after.program.digest


def test_what_has_moved_is_found_again_in_its_new_place() -> None:
    cache = CheckCache()
    text = RULES + "when mail subject = 'a' and subject = 'b' then link\nwhen mail then link to journal\n"
    same(text, cache)
    misses(cache)
    moved = same("\n# a line more\n" + text, cache)
    assert misses(cache) == 0
    assert {each.code for each in moved.diagnostics} >= {"MX101", "MX107"}
    assert moved.program is not None
    assert moved.program.rules[-1].name.startswith("main.rules:") and moved.program.rules[-1].line > 90


def test_a_rule_written_twice_is_two_rules() -> None:
    cache = CheckCache()
    text = "when mail category 'a' then link\n" * 2
    for lines in ("", "\n", "\n\n"):
        found = same(lines + text, cache)
        assert found.program is not None
        assert [rule.line for rule in found.program.rules] == [2 + len(lines), 3 + len(lines)]


def test_a_changed_entity_checks_all_again() -> None:
    cache = CheckCache()
    same(RULES, cache)
    misses(cache)
    same(RULES + "extend entity contact\n  nickname <-> Nick\n", cache)
    assert misses(cache) == 30


def test_a_changed_list_checks_again_what_names_it() -> None:
    cache = CheckCache()
    text = "list vips = file 'vips.csv'\nwhen mail from in vips then link\n" + RULES
    same(text, cache, {"vips.csv": "a@b.example\n"})
    misses(cache)
    changed = same(text, cache, {"vips.csv": "a@b.example\nc@d.example\n"})
    assert misses(cache) == 1
    assert changed.program is not None and len(changed.program.lists["vips"]) == 2


def test_a_rule_that_was_wrong_is_checked_again() -> None:
    cache = CheckCache()
    text = "when mail subject in later then link\n"
    assert [each.code for each in same(text, cache).diagnostics] == ["MX041"]
    found = same(text + "list later = 'x'\n", cache)
    assert found.diagnostics == () and found.program is not None


def test_columns_that_serve_as_fields_are_there_again() -> None:
    columns = tuple(ColumnInfo(name, ColumnType.OTHER) for name in ("UserID", "Email", "FullName", "Region"))
    cache = CheckCache()
    text = "when mail user.region = 'East' then link\n"
    schema = Schema((TableInfo("Users", columns),))
    for _ in range(2):
        found = run(text, cache, None, schema)
        assert not [each for each in found.diagnostics if each.span.file == "main.rules"]
    assert misses(cache) == 1


def test_what_is_no_longer_there_is_forgotten() -> None:
    cache = CheckCache()
    run(RULES, cache)
    run("when mail then link\n", cache)
    assert sum(map(len, cache.entries.values())) == 1
