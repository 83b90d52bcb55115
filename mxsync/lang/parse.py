"""Text to tree, statement by statement; a statement that was parsed before is not parsed again."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TypeAlias

from mxsync.lang import ast, messages_syntax
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.lalr import Driver, Unparsable
from mxsync.lang.relocate import moved
from mxsync.lang.source import Span
from mxsync.lang.split import Piece, common_end, common_start, split
from mxsync.lang.tables import tables_of
from mxsync.lang.tree_rules import RuleBuilder
from mxsync.lang.tree_values import Slip

_FORGETTING = 16
"""After how many loads of a file the statements that it no longer holds are forgotten."""


Parsed: TypeAlias = tuple[ast.Statement | None, Diagnostic | None]


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """The statements of a file in order, and its syntax errors: at most one a statement."""

    statements: tuple[ast.ParsedStatement, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class _Last:
    """A file as it was read last: its text, where its statements begin, and what they are. `faults` are the syntax
    errors, by the number of their statement. `lined`: no long text, so that where statements begin is told line by
    line."""

    text: str
    starts: tuple[int, ...]
    statements: tuple[ast.ParsedStatement, ...]
    faults: dict[int, Diagnostic]
    lined: bool


_NEVER = _Last("", (), (), {}, False)


class Parser:
    """Parses rule files. `tables` are those kept for the grammar (`mxsync.lang.tables.written`): without them, or when
    they are of another text of it, they are worked out. Not for several threads at once."""

    def __init__(self, grammar: str, tables: str | None = None) -> None:
        self._grammar = grammar
        self._build = RuleBuilder()
        self._driver = Driver(tables_of(grammar, tables), self._build)
        self._known: dict[tuple[str, str], tuple[int, Parsed]] = {}
        self._loads: dict[str, int] = {}
        self._last: dict[str, _Last] = {}

    def parse_file(self, file: str, text: str) -> ParsedFile:
        """Never raises for what a text holds. `file` is the name that spans bear."""
        text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        last = self._last.get(file, _NEVER)
        if text != last.text:
            last = self._last[file] = self._edited(file, last, text)
            self._forget(file, last)
        return ParsedFile(last.statements, tuple(last.faults[number] for number in sorted(last.faults)))

    def _edited(self, file: str, last: _Last, text: str) -> _Last:
        """The file with what stands between the first and the last change read again."""
        lined = '"""' not in text
        before = after = tail = 0
        if lined and last.lined:
            before = max(bisect_left(last.starts, common_start(last.text, text)) - 1, 0)
            tail = common_end(last.text, text, last.starts[before] if last.starts else 0)
            # The line break before a statement is common too, so that it begins at the margin in both.
            after = len(last.starts) - bisect_right(last.starts, len(last.text) - tail)
        kept = len(last.starts) - after
        moved_by = len(text) - len(last.text)
        begin = last.starts[before] if before else 0
        end = last.starts[kept] + moved_by if after else len(text)
        first_line = last.statements[before].first_line if before else 1
        starts, statements = list(last.starts[:before]), list(last.statements[:before])
        faults = {number: fault for number, fault in last.faults.items() if number < before}
        for piece in split(text[begin:end]):
            moved_piece = Piece(piece.text, piece.start + begin, piece.line + first_line - 1, piece.open_text)
            statement, fault = self._statement(file, moved_piece)
            if fault is not None:
                faults[len(statements)] = fault
            starts.append(moved_piece.start)
            statements.append(statement)
        if after:
            shift = len(statements) - kept
            lines = first_line + text.count("\n", begin, end) - last.statements[kept].first_line
            starts += [start + moved_by for start in last.starts[kept:]]
            if lines:
                statements += [_moved_statement(each, lines) for each in last.statements[kept:]]
            else:
                statements += last.statements[kept:]
            for number, fault in last.faults.items():
                if number >= kept:
                    faults[number + shift] = moved(fault, lines) if lines else fault
        return _Last(text, tuple(starts), tuple(statements), faults, lined)

    def _statement(self, file: str, piece: Piece) -> tuple[ast.ParsedStatement, Diagnostic | None]:
        digest = hashlib.blake2b(piece.text.encode(errors="surrogatepass"), digest_size=16).hexdigest()
        key = (file, f"{digest}{piece.open_text}")
        known = self._known.get(key)
        if known is None:
            parsed = self._parse(file, piece)
        else:
            line, parsed = known
            if line != piece.line:
                parsed = _moved(parsed, piece.line - line)
        self._known[key] = (piece.line, parsed)
        end = len(piece.text) - (piece.text.rfind("\n") + 1) + 1
        span = Span(file, piece.line, 1, piece.line + piece.text.count("\n"), end)
        return ast.ParsedStatement(parsed[0], piece.text, digest, piece.line, span), parsed[1]

    def _forget(self, file: str, last: _Last) -> None:
        loads = self._loads[file] = self._loads.get(file, 0) + 1
        if loads % _FORGETTING and len(self._known) < 200_000:
            return
        there = {each.digest for each in last.statements}
        for key in [key for key in self._known if key[0] == file and key[1][:32] not in there]:
            del self._known[key]

    def _parse(self, file: str, piece: Piece) -> Parsed:
        if piece.open_text >= 0:
            return None, messages_syntax.never_closed(piece.span(file, piece.open_text, piece.open_text + 3), '"""')
        self._build.file, self._build.first = file, piece.line
        try:
            return self._driver.parse(piece.text), None
        except (Unparsable, Slip):
            pass  # Lark comes to the same, and knows what could have stood there
        from mxsync.lang.lark_reading import LarkReading

        return LarkReading(self._grammar, self._build).read(file, piece)


def _moved_statement(statement: ast.ParsedStatement, lines: int) -> ast.ParsedStatement:
    tree = moved(statement.tree, lines) if statement.tree is not None else None
    span = moved(statement.span, lines)
    return ast.ParsedStatement(tree, statement.text, statement.digest, statement.first_line + lines, span)


def _moved(parsed: Parsed, lines: int) -> Parsed:
    tree, diagnostic = parsed
    return (
        moved(tree, lines) if tree is not None else None,
        moved(diagnostic, lines) if diagnostic is not None else None,
    )
