"""What is wrong with rule files: for people, as JSON, and as annotations of a CI."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from mxsync.cli.render import count

if TYPE_CHECKING:
    from mxsync.cli.render import Render
    from mxsync.errors import RulesRejected
    from mxsync.lang.diagnostics import Diagnostic


class Texts(Protocol):
    """Gives the text of a file by the name that diagnostics have for it."""

    def text(self, name: str) -> str: ...


class GivenText:
    """One text that is at hand already."""

    def __init__(self, text: str) -> None:
        self._text = text

    def text(self, name: str) -> str:
        return self._text


class SourceLines:
    """The texts that diagnostics point into, by their names: relative to the configuration's folder, or shipped."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._texts: dict[str, str] = {}

    def text(self, name: str) -> str:
        """The file's text; '' when it cannot be read any more."""
        if name not in self._texts:
            self._texts[name] = self._read(name)
        return self._texts[name]

    def _read(self, name: str) -> str:
        from mxsync import resources

        try:
            return (self._folder / name).read_text(encoding="utf-8-sig", errors="replace")
        except (OSError, ValueError):
            return resources.shipped_rules(name) or ""


def as_json(diagnostic: Diagnostic) -> dict[str, object]:
    """The stable form for programs."""
    span = diagnostic.span
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "help": diagnostic.help,
    }


def for_people(diagnostics: Iterable[Diagnostic], sources: Texts) -> list[str]:
    """Each with its line and what is meant underlined."""
    from mxsync.lang.render_diagnostic import render_diagnostic

    lines: list[str] = []
    for diagnostic in diagnostics:
        lines += render_diagnostic(diagnostic, sources.text(diagnostic.span.file)).splitlines()
        lines.append("")
    return lines


def for_github(diagnostic: Diagnostic) -> str:
    """A workflow command of GitHub Actions, which shows the finding beside the line."""
    span = diagnostic.span
    places = {
        "file": span.file,
        "line": span.line,
        "endLine": span.end_line,
        "col": span.column,
        "endColumn": span.end_column,
        "title": diagnostic.code,
    }
    said = ",".join(f"{name}={_property(str(value))}" for name, value in places.items())
    message = diagnostic.message + (f"\nhelp: {diagnostic.help}" if diagnostic.help else "")
    return f"::{diagnostic.severity.value} {said}::{_data(message)}"


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """'2 errors, 1 warning'."""
    errors = sum(diagnostic.is_error for diagnostic in diagnostics)
    said = [count(errors, "error")] if errors else []
    if warnings := len(diagnostics) - errors:
        said.append(count(warnings, "warning"))
    return ", ".join(said)


def show_rejection(error: RulesRejected, render: Render, folder: Path) -> None:
    """The rules cannot be used: what is wrong with them, then the sentence."""
    from mxsync.lang.diagnostics import Diagnostic

    diagnostics = [each for each in error.diagnostics if isinstance(each, Diagnostic)]
    if render.format == "json":
        render.json(
            {
                "error": str(error),
                "exit_code": error.exit_code,
                "diagnostics": [as_json(diagnostic) for diagnostic in diagnostics],
            }
        )
    else:
        for line in for_people(diagnostics, SourceLines(folder)):
            render.note(line)
    render.note(f"mxsync: {error}")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
