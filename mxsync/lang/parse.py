"""Text to tree, statement by statement; a statement that was parsed before is not parsed again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TypeAlias

from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from mxsync.lang import ast, messages_syntax, vocabulary
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.lalr import Driver, Unparsable
from mxsync.lang.relocate import moved
from mxsync.lang.slips import Failure, Word, explain
from mxsync.lang.source import Span
from mxsync.lang.split import Piece, split
from mxsync.lang.tables import lark_of, tables_of
from mxsync.lang.tree_rules import RuleBuilder
from mxsync.lang.tree_values import Slip

_GENERATIONS = 2
"""For how many loads of a file a statement that it no longer holds is remembered."""

Parsed: TypeAlias = tuple[ast.Statement | None, Diagnostic | None]


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """The statements of a file in order, and its syntax errors: at most one a statement."""

    statements: tuple[ast.ParsedStatement, ...]
    diagnostics: tuple[Diagnostic, ...]


class Parser:
    """Parses rule files. `tables` are those kept for the grammar (`mxsync.lang.tables.written`): without them, or when
    they are of another text of it, they are worked out. Not for several threads at once."""

    def __init__(self, grammar: str, tables: str | None = None) -> None:
        self._grammar = grammar
        self._build = RuleBuilder()
        self._driver = Driver(tables_of(grammar, tables), self._build)
        self._known: dict[tuple[str, str], tuple[int, int, Parsed]] = {}
        self._generation: dict[str, int] = {}

    def parse_file(self, file: str, text: str) -> ParsedFile:
        """Never raises for what a text holds. `file` is the name that spans bear."""
        text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        generation = self._generation[file] = self._generation.get(file, 0) + 1
        statements: list[ast.ParsedStatement] = []
        diagnostics: list[Diagnostic] = []
        for piece in split(text):
            digest = hashlib.blake2b(piece.text.encode(errors="surrogatepass"), digest_size=16).hexdigest()
            tree, diagnostic = self._statement(file, piece, digest, generation)
            if diagnostic is not None:
                diagnostics.append(diagnostic)
            lines = piece.text.count("\n")
            end = len(piece.text) - (piece.text.rfind("\n") + 1) + 1
            span = Span(file, piece.line, 1, piece.line + lines, end)
            statements.append(ast.ParsedStatement(tree, piece.text, digest, piece.line, span))
        self._forget(file, generation)
        return ParsedFile(tuple(statements), tuple(diagnostics))

    def _statement(self, file: str, piece: Piece, digest: str, generation: int) -> Parsed:
        key = (file, f"{digest}{piece.open_text}")
        known = self._known.get(key)
        if known is None:
            parsed = self._parse(file, piece)
        else:
            _, line, parsed = known
            if line != piece.line:
                parsed = _moved(parsed, piece.line - line)
        self._known[key] = (generation, piece.line, parsed)
        return parsed

    def _forget(self, file: str, generation: int) -> None:
        if generation % 16 and len(self._known) < 200_000:
            return
        old = [key for key, (seen, _, _) in self._known.items() if key[0] == file and seen <= generation - _GENERATIONS]
        for key in old:
            del self._known[key]

    def _parse(self, file: str, piece: Piece) -> Parsed:
        if piece.open_text >= 0:
            return None, messages_syntax.never_closed(_span(file, piece, piece.open_text, piece.open_text + 3), '"""')
        self._build.file, self._build.first = file, piece.line
        try:
            return self._driver.parse(piece.text), None
        except (Unparsable, Slip):
            pass  # Lark comes to the same, and knows what could have stood there
        try:
            return self._build.transform(lark_of(self._grammar).parse(piece.text)), None
        except Slip as slip:
            earlier = [word.text for word in _words(file, piece) if word.span < slip.span]
            verbs = [word for word in earlier if word in vocabulary.ACTIONS]
            return None, messages_syntax.of_slip(slip.what, slip.span, slip.text, verbs[-1] if verbs else "")
        except UnexpectedInput as error:
            return None, explain(_failure(file, piece, error))


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
        Word(text, start, _span(file, piece, start, start + len(text)))
        for text, start in messages_syntax.words(piece.text)
    )


def _span(file: str, piece: Piece, start: int, end: int) -> Span:
    text = piece.text
    line = text.count("\n", 0, start)
    column = start - (text.rfind("\n", 0, start) + 1) + 1
    end_line = text.count("\n", 0, end)
    end_column = end - (text.rfind("\n", 0, end) + 1) + 1
    return Span(file, piece.line + line, column, piece.line + end_line, end_column)


def _moved(parsed: Parsed, lines: int) -> Parsed:
    tree, diagnostic = parsed
    return (
        moved(tree, lines) if tree is not None else None,
        moved(diagnostic, lines) if diagnostic is not None else None,
    )
