"""Writes docs/diagnostics: a page for each code of `mxsync.lang.catalogue`, and the list of them.

A page holds the catalogue's text and, as an example, what the checker says of the code's part of
`diagnostics_examples.rules`, else of the shortest statement among the tests of the language that gives the code.

`python docs/make_diagnostics.py` writes them; `--check` only says which are not up to date (exit 1 if any).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from mxsync.lang.catalogue import CATALOGUE
from mxsync.lang.check import check
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.parse import Parser
from mxsync.lang.render_diagnostic import render_diagnostic
from mxsync.lang.source import SourceFile

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "diagnostics"
EXAMPLES = ROOT / "docs" / "diagnostics_examples.rules"
LANGUAGE = ROOT / "tests" / "language"
PARSER = Parser((ROOT / "grammar" / "mxsync.lark").read_text(encoding="utf-8"))
LONGEST = 8  # lines of an example
INDEX = """# What the checker says

A page for each code; `mxsync check --explain CODE` prints the same text. An error keeps rules from being used, a
warning does not (with `--strict` it does). The pages are written from the program's own catalogue by
`python docs/make_diagnostics.py`.

| code | what it says |
|---|---|
"""


class Example:
    """The `Sources` of one statement as `rules/main.rules`, above it the entities of the language's tests."""

    def __init__(self, text: str, base: str) -> None:
        self.text = text
        self.base = base

    def roots(self) -> Sequence[SourceFile]:
        return [SourceFile("rules/base.rules", self.base), SourceFile("rules/main.rules", self.text)]

    def used(self, name: str, by: str) -> SourceFile | None:
        return SourceFile("rules/base.rules", self.base) if name == "base.rules" else None

    def list_file(self, name: str, by: str) -> str | None:
        return {"vips.csv": "domain\nacme.example\n", "empty.csv": "domain\n"}.get(name)

    def problems(self) -> Sequence[Diagnostic]:
        return ()


def given(base: str) -> dict[str, str]:
    """Those of the file of examples. Raises `SystemExit` for a part that does not give its code."""
    found = {}
    for part in EXAMPLES.read_text(encoding="utf-8").split("#= ")[1:]:
        code, _, text = part.partition("\n")
        said = check(PARSER, Example(text, base), timezone="UTC", relay=False).diagnostics
        fitting = [each for each in said if each.code == code and each.span.file == "rules/main.rules"]
        if not fitting:
            raise SystemExit(f"{EXAMPLES.name}: the example of {code} gives {[each.code for each in said]}")
        found[code] = render_diagnostic(fitting[-1], text).rstrip("\n")
    return found


def examples() -> dict[str, str]:
    """Code to what the checker says of the shortest statement that gives it."""
    base = (LANGUAGE / "types_base.rules").read_text(encoding="utf-8")
    texts: set[str] = set()
    for path in sorted(LANGUAGE.glob("reject*/**/*.rules")):
        statements = PARSER.parse_file(path.name, path.read_text(encoding="utf-8")).statements
        texts |= {each.text.strip("\n") for each in statements if each.text.count("\n") < LONGEST}
    found = given(base)
    for text in sorted(texts, key=lambda each: (len(each), each)):
        said = check(PARSER, Example(text, base), timezone="UTC").diagnostics
        for each in said:
            if each.span.file == "rules/main.rules":
                found.setdefault(each.code, render_diagnostic(each, text).rstrip("\n"))
    return found


def pages() -> dict[str, str]:
    """File name to text, as they shall be."""
    shown = examples()
    made = {}
    for code, info in sorted(CATALOGUE.items()):
        example = f"For example:\n\n```text\n{shown[code]}\n```\n\n" if code in shown else ""
        made[f"{code}.md"] = f"# {code}: {info.title}\n\n{info.text.strip()}\n\n{example}[All codes](README.md)\n"
    rows = "".join(f"| [{code}]({code}.md) | {info.title} |\n" for code, info in sorted(CATALOGUE.items()))
    return made | {"README.md": INDEX + rows}


def main(arguments: list[str]) -> int:
    wanted = pages()
    FOLDER.mkdir(exist_ok=True)
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    stale = sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))
    if "--check" in arguments:
        sys.stdout.write("".join(f"{name}\n" for name in stale))
        return int(bool(stale))
    for name in stale:
        if name in wanted:
            (FOLDER / name).write_text(wanted[name], encoding="utf-8")
        else:
            (FOLDER / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
