"""A word of a statement as the parser hands it to the builder."""

from __future__ import annotations


class Token(str):
    """The word itself; `type` is the name of its terminal. Lines count from 1 in the statement's text, columns in
    characters from 1; `end_line` and `end_column` are those behind its last character."""

    __slots__ = ("column", "end_column", "end_line", "line", "type")

    type: str
    line: int
    column: int
    end_line: int
    end_column: int


def token(name: str, word: str, first: tuple[int, int], last: tuple[int, int]) -> Token:
    """A word of terminal `name` from `first` to before `last`, lines and columns."""
    made = Token(word)
    made.type = name
    made.line, made.column = first
    made.end_line, made.end_column = last
    return made
