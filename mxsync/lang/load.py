"""From the configured files to statements in load order: a used file before its user, each file once.

Nothing is read here: texts come from a `Sources`, which the shell implements.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mxsync.lang import ast, messages_names
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.source import SourceFile, Span


class Sources(Protocol):
    """Where texts come from."""

    def roots(self) -> Sequence[SourceFile]:
        """All rule files under the configured paths, in the order of their names."""

    def used(self, name: str, by: str) -> SourceFile | None:
        """The file that `use` means: relative to the using file (`by` '': to the configuration), else among the shipped
        rules. None when there is none, or when it cannot be read: then `problems` has grown."""

    def list_file(self, name: str, by: str) -> str | None:
        """The text of a list's file, relative to the rule file that names it."""

    def problems(self) -> Sequence[Diagnostic]:
        """Files found but not readable, so far."""


class ParsedFile(Protocol):
    """What the parser makes of one file."""

    @property
    def statements(self) -> Sequence[ast.ParsedStatement]: ...

    @property
    def diagnostics(self) -> Sequence[Diagnostic]: ...


class FileParser(Protocol):
    """What the checker needs of `mxsync.lang.parse.Parser`."""

    def parse_file(self, file: str, text: str) -> ParsedFile: ...


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """One file read and parsed. `reach` are the files that it uses, directly or through others."""

    name: str
    statements: Sequence[ast.ParsedStatement]
    digest: str
    shipped: bool
    reach: frozenset[str]


@dataclass(slots=True)
class Loaded:
    """All files in load order. `incomplete` when one is missing, so that unknown names may be its."""

    files: list[LoadedFile] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    incomplete: bool = False

    def reach(self) -> Mapping[str, frozenset[str]]:
        """From a file's name to the names of all files that it uses."""
        return {file.name: file.reach for file in self.files}


class _Loader:
    def __init__(self, parser: FileParser, sources: Sources) -> None:
        self.parser = parser
        self.sources = sources
        self.loaded = Loaded()
        self.done: dict[str, LoadedFile] = {}
        self.chain: list[str] = []

    def read(self, source: SourceFile) -> None:
        """Depth first, so that what is used comes before. Recursion is as deep as files use each other."""
        self.chain.append(source.name)
        parsed = self.parser.parse_file(source.name, source.text)
        reach: set[str] = set()
        for statement in parsed.statements:
            if isinstance(statement.tree, ast.Use):
                reach |= self.use(statement.tree, source)
        self.chain.pop()
        digest = hashlib.sha256(source.text.encode("utf-8", "surrogatepass")).hexdigest()
        file = LoadedFile(source.name, parsed.statements, digest, source.shipped, frozenset(reach))
        self.done[source.name] = file
        self.loaded.files.append(file)
        self.loaded.diagnostics.extend(parsed.diagnostics)

    def use(self, use: ast.Use, by: SourceFile) -> set[str]:
        problems = len(self.sources.problems())
        found = self.sources.used(use.file.text, by.name)
        if found is None:
            self.loaded.incomplete = True
            if len(self.sources.problems()) == problems:
                self.loaded.diagnostics.append(messages_names.used_file_missing(use.file.span, use.file.text))
            return set()
        if found.name in self.chain:
            chain = [*self.chain[self.chain.index(found.name) :], found.name]
            self.loaded.diagnostics.append(messages_names.use_cycle(use.file.span, chain))
            return set()
        if found.name not in self.done:
            self.read(found)
        return {found.name} | self.done[found.name].reach


def load(parser: FileParser, sources: Sources, only: str | None = None) -> Loaded:
    """Reads and parses every file, or with `only` that file and what it uses."""
    loader = _Loader(parser, sources)
    if only is None:
        roots = list(sources.roots())
    else:
        source = sources.used(only, "")
        if source is None:
            loader.loaded.incomplete = True
            if not sources.problems():
                nowhere = Span(only, 1, 1, 1, 1)
                loader.loaded.diagnostics.append(messages_names.used_file_missing(nowhere, only))
        roots = [source] if source is not None else []
    for root in roots:
        if root.name not in loader.done:
            loader.read(root)
    problems = list(sources.problems())
    if problems:
        loader.loaded.incomplete = True
        loader.loaded.diagnostics.extend(problems)
    return loader.loaded


def list_lines(text: str) -> tuple[str, ...]:
    """The values of a list's file that has one a line. `#` starts a comment line."""
    return tuple(dict.fromkeys(line.strip().strip('"').strip() for line in _lines(text)))


def list_columns(text: str, *columns: str) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """What stands under the named columns of a list's file, row by row where the first of them holds something, and all
    columns that it has. The first line names them, which a comma, a semicolon or a tab separates; `#` starts a comment
    line. No row when a column is missing."""
    lines = _lines(text)
    if not lines:
        return (), ()
    rows = list(_rows(lines, max(",;\t", key=lines[0].count)))
    header = tuple(name.strip() for name in rows[0]) if rows else ()
    folded = [name.casefold() for name in header]
    wanted = [name.strip().casefold() for name in columns]
    if not set(wanted) <= set(folded):
        return (), header
    places = [folded.index(name) for name in wanted]
    found = [tuple(row[place].strip() if place < len(row) else "" for place in places) for row in rows[1:]]
    return tuple(row for row in found if row[0]), header


def _lines(text: str) -> list[str]:
    lines = text.lstrip("\ufeff").splitlines()
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


def _rows(lines: Sequence[str], separator: str) -> Iterator[list[str]]:
    """The rows of a CSV file. One with a field of more than 128 kB, which the reader refuses, is no row of a list."""
    reader = csv.reader(lines, delimiter=separator)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            continue
