"""Rule texts checked in memory, and what the checker says of them in one line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mxsync.lang import ast
from mxsync.lang.check import Checked, check
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.parse import Parser
from mxsync.lang.source import SourceFile, Span
from mxsync.model.schema import ColumnInfo, ColumnType, Schema, TableInfo

BASE = (Path(__file__).parent / "language" / "types_base.rules").read_text(encoding="utf-8")
PARSER = Parser((Path(__file__).parents[1] / "grammar" / "mxsync.lark").read_text(encoding="utf-8"))
"""One for all tests: it keeps the grammar and what it has parsed."""


class Texts:
    """`Sources` in memory. `files` are loaded in the order of their names, `shipped` and `lists` when asked for."""

    def __init__(
        self,
        files: Mapping[str, str],
        shipped: Mapping[str, str] | None = None,
        lists: Mapping[str, str] | None = None,
    ) -> None:
        self.files = files
        self.shipped = shipped or {}
        self.lists = lists or {}

    def roots(self) -> Sequence[SourceFile]:
        return [SourceFile(name, self.files[name]) for name in sorted(self.files)]

    def used(self, name: str, by: str) -> SourceFile | None:
        if name in self.files:
            return SourceFile(name, self.files[name])
        return SourceFile(name, self.shipped[name], shipped=True) if name in self.shipped else None

    def list_file(self, name: str, by: str) -> str | None:
        return self.lists.get(name)

    def problems(self) -> Sequence[Diagnostic]:
        return ()


def checked(text: str, *, base: bool = True, **options: Any) -> Checked:
    """The text as `main.rules`, on top of the base entities unless told otherwise."""
    shipped = {"base.rules": BASE}
    head = "use 'base.rules'\n" if base else ""
    lists = options.pop("lists", None)
    return check(PARSER, Texts({"main.rules": head + text}, shipped, lists), **options)


def underlined(text: str, span: Span) -> str:
    """What a span underlines, on one line."""
    lines = text.split("\n")[span.line - 1 : span.end_line]
    if not lines:
        return ""
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return " ".join(" ".join(lines).split())


def said(text: str, found: Sequence[Diagnostic], file: str = "main.rules") -> list[str]:
    """Each finding as `CODE [what is underlined] sentence | help`."""
    lines = []
    for each in found:
        where = underlined(text, each.span) if each.span.file == file else f"{each.span.file}:{each.span.line}"
        lines.append(f"{each.code} [{where}] {each.message}" + (f" | {each.help}" if each.help else ""))
    return lines


def findings(text: str, *, base: bool = True, **options: Any) -> list[str]:
    """What the checker says of the text."""
    head = "use 'base.rules'\n" if base else ""
    return said(head + text, checked(text, base=base, **options).diagnostics)


def schema_of(texts: Mapping[str, str], *more: tuple[str, str]) -> Schema:
    """Tables as the entity statements of the texts want them, each column of a type of its own (`OTHER`), and `more`
    columns as (table, column)."""
    tables: dict[str, dict[str, ColumnInfo]] = {}
    table_of: dict[str, str] = {}

    def add(table: str, column: str, type_: ColumnType = ColumnType.OTHER, generated: bool = False) -> None:
        columns = tables.setdefault(table, {})
        columns.setdefault(column.casefold(), ColumnInfo(column, type_, generated=generated))

    for name, text in texts.items():
        for statement in PARSER.parse_file(name, text).statements:
            tree = statement.tree
            if isinstance(tree, ast.EntityOf):
                table_of[tree.name.text] = tree.table.text
                for pair in tree.where:
                    add(tree.table.text, pair.column.text)
            if not isinstance(tree, ast.EntityOf | ast.Extend):
                continue
            table = table_of[tree.name.text]
            for line in tree.lines:
                match line:
                    case ast.Key():
                        for column in line.columns:
                            add(table, column.text, ColumnType.NUMBER, generated=True)
                    case ast.Map():
                        for column in line.columns:
                            add(table, column.text)
                    case ast.Fill() | ast.Modified():
                        add(table, line.column.text)
                    case ast.LinksTo():
                        add(line.table.text, line.own.text)
                        add(line.table.text, line.other.text)
                    case ast.MatchedBy():
                        pass
    for table, column in more:
        add(table, column)
    return Schema(tuple(TableInfo(name, tuple(columns.values())) for name, columns in tables.items()))
