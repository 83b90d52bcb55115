"""Where statements begin and end, at the edges of a file."""

from __future__ import annotations

import pytest

from mxsync.lang.split import split


@pytest.mark.parametrize(
    "text", ["", "\n", "# only a comment", "  indented, so it continues nothing\n", "\n# one\n\n# two\n"]
)
def test_a_file_without_statements_has_no_pieces(text: str) -> None:
    assert list(split(text)) == []


def test_what_stands_before_the_first_and_after_the_last_belongs_to_none() -> None:
    pieces = list(split("# head\n\nuse 'a.rules'\n# between\n\nwhen mail\n  then flag\n# tail\n"))
    assert [(piece.text, piece.line) for piece in pieces] == [("use 'a.rules'", 3), ("when mail\n  then flag", 6)]
