"""A statement that our own loop could not parse, read once more by Lark: it knows what could have stood there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lark import Token as LarkToken
from lark import Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from mxsync.lang import messages_syntax, vocabulary
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.lark_tables import lark_of
from mxsync.lang.respell import misspelt, words_of
from mxsync.lang.slips import Failure, Word, explain
from mxsync.lang.split import Piece
from mxsync.lang.token import token
from mxsync.lang.tree import Builder
from mxsync.lang.tree_values import Slip

if TYPE_CHECKING:
    from mxsync.lang.parse import Parsed


class LarkReading:
    """Reads by the grammar as Lark understands it, and builds by `build`."""

    def __init__(self, grammar: str, build: Builder) -> None:
        self._lark = lark_of(grammar)
        self._build = build

    def read(self, file: str, piece: Piece) -> Parsed:
        """The statement, or what is wrong with it. `file` is the name that spans bear."""
        try:
            return self._tree(piece.text), None
        except Slip as slip:
            words = _words(file, piece)
            earlier = [word for word in words if word.span < slip.span]
            at = next((word.start for word in words if word.span == slip.span), len(piece.text))
            verbs = [word.text for word in earlier if word.text in vocabulary.ACTIONS]
            said = messages_syntax.of_slip(slip.what, slip.span, slip.text, verbs[-1] if verbs else "")
            return None, self._respelt(piece, words, at, said)
        except UnexpectedInput as error:
            failure = _failure(file, piece, error)
            return None, self._respelt(piece, failure.words, failure.at, explain(failure))

    def _respelt(self, piece: Piece, words: Sequence[Word], at: int, said: Diagnostic) -> Diagnostic:
        """What is said of a fault, or of the misspelt word behind it, where the fault itself says little."""
        if said.code not in messages_syntax.VAGUE:
            return said
        known = words_of(self._lark)
        found = misspelt(piece.text, words, at, known, self._reads_to, whole=said.code != "MX003")
        return said if found is None else messages_syntax.misspelt(found[0].span, found[0].text, found[1])

    def _reads_to(self, text: str) -> int | None:
        try:
            self._tree(text)
        except Slip:
            return -1
        except UnexpectedToken as error:
            return len(text) if error.token.type == "$END" else error.token.start_pos
        except UnexpectedInput as error:
            return error.pos_in_stream
        return None

    def _tree(self, text: str) -> Any:
        return built(self._build, self._lark.parse(text))


def built(build: Builder, tree: Tree[LarkToken]) -> Any:
    """What `build` makes of Lark's tree, from the leaves up: each node by the method of its name."""
    children = [
        built(build, each)
        if isinstance(each, Tree)
        else token(each.type, str(each), (each.line or 1, each.column or 1), (each.end_line or 1, each.end_column or 1))
        if isinstance(each, LarkToken)
        else each
        for each in tree.children
    ]
    meta = tree.meta
    extent = ((meta.line, meta.column), (meta.end_line, meta.end_column)) if not meta.empty else (None, None)
    return getattr(build, str(tree.data))(extent, children)


def _failure(file: str, piece: Piece, error: UnexpectedInput) -> Failure:
    """What is known of a place where parsing stopped."""
    words = _words(file, piece)
    at = error.pos_in_stream
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        at = len(piece.text)
    elif isinstance(error, UnexpectedToken):
        at = error.token.start_pos
    if at is None:
        at = len(piece.text)
    if isinstance(error, UnexpectedToken):
        expected = frozenset(error.accepts or error.expected)
    elif isinstance(error, UnexpectedCharacters):
        expected = frozenset(error.allowed or ())
    else:
        expected = frozenset()
    return Failure(file, piece, at, expected, words)


def _words(file: str, piece: Piece) -> tuple[Word, ...]:
    return tuple(
        Word(text, start, piece.span(file, start, start + len(text)))
        for text, start in messages_syntax.words(piece.text)
    )
