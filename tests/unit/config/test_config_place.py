"""Lines of keys, which the parser of the standard library does not tell."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from mxsync.config.place import key_lines, line_of

TEXT = """\
# [comment]
title = "a # no comment"

[database]  # customer's
url = 'sqlite:///x'
list = [
  "[not.a.table]",
  "x = y",
]
long = \"\"\"
[neither]
no = 1
\"\"\"
[[users]]
email = "a"
[[users]]
"email" = "b"
[users.more]
deep.er = 1
[hooks."court calendar"]
command = ["x"]
"""


def test_each_key_stands_where_it_is_written() -> None:
    lines = key_lines(TEXT)
    assert lines[("title",)] == 2
    assert lines[("database",)] == 4
    assert lines[("database", "url")] == 5
    assert lines[("database", "list")] == 6
    assert lines[("database", "long")] == 10
    assert lines[("users", 0, "email")] == 15
    assert lines[("users", 1, "email")] == 17
    assert lines[("users", 1, "more", "deep", "er")] == 19
    assert lines[("hooks", "court calendar", "command")] == 21
    assert not any("not" in path or "neither" in path or "no" in path for path in lines)


def test_what_is_not_listed_stands_where_its_table_does() -> None:
    lines = key_lines(TEXT)
    assert line_of(lines, ("users", 1, "server")) == 16
    assert line_of(lines, ("users", 1)) == 16
    assert line_of(lines, ("nowhere", "at all")) == 1


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,6}", fullmatch=True),
        st.sampled_from(["1", "'a'", '"""x\ny = 1\n"""', "[\n 1,\n 2 ]", "{ a = 1 }", "'''\n[z]\n'''", '"\\""']),
        min_size=1,
    )
)
def test_every_key_of_a_generated_file_is_found_on_its_line(values: dict[str, str]) -> None:
    text = "".join(f"{name} = {value}\n" for name, value in values.items())
    tomllib.loads(text)
    lines = key_lines(text)
    rows = text.split("\n")
    assert {path for path in lines if len(path) == 1} == {(name,) for name in values}
    for name in values:
        assert rows[lines[(name,)] - 1].startswith(f"{name} = ")
