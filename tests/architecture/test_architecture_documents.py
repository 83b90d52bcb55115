"""Documents and code say the same: options, words of the language, diagnostics, links, make targets."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest

from mxsync.cli.main import COMMANDS, build_parser
from mxsync.lang import vocabulary
from mxsync.lang.catalogue import CATALOGUE
from mxsync.model.item import Kind

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md"), ROOT / "rules" / "examples" / "README.md"])
LANGUAGE = (DOCS / "language.md").read_text(encoding="utf-8")
_LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)")


def prose(page: Path) -> str:
    """The page without its code blocks."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in _LINK.findall(prose(page)):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / unquote(path)).resolve() if path else page
        assert there.exists(), f"{page.relative_to(ROOT)}: {target}"
        if anchor:
            assert anchor in anchors(there), f"{page.relative_to(ROOT)}: {target}"


def test_every_page_can_be_found_from_the_index() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    for page in DOCS.glob("*.md"):
        if page.name != "README.md":
            assert f"({page.name})" in index, page.name


@pytest.mark.parametrize(
    "maker", ["make_configuration.py", "make_decisions.py", "make_diagnostics.py", "make_mapping.py"]
)
def test_generated_pages_are_up_to_date(maker: str) -> None:
    done = subprocess.run([sys.executable, DOCS / maker, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run `python docs/{maker}`\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_diagnostic_has_a_page(code: str) -> None:
    text = (DOCS / "diagnostics" / f"{code}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {code}: {CATALOGUE[code].title}\n")
    assert CATALOGUE[code].text.strip() in text
    assert len(text) > 120, "a page says what is wrong and how to mend it"


@pytest.mark.parametrize("kind", list(Kind))
def test_every_field_of_an_item_is_in_the_reference(kind: Kind) -> None:
    row = {Kind.MAIL: "mail, post", Kind.POST: "mail, post"}.get(kind, kind.value)
    found = re.search(rf"^\| {row} \|(.*)$", LANGUAGE, re.MULTILINE)
    common = re.search(r"^\| every kind \|(.*)$", LANGUAGE, re.MULTILINE)
    assert found and common
    documented = set(re.findall(r"`(\w+)`", found[1] + common[1]))
    assert set(vocabulary.ITEM_FIELDS[kind]) == documented & set(vocabulary.ITEM_FIELDS[kind])
    assert set(re.findall(r"`(\w+)`", found[1])) <= set(vocabulary.ITEM_FIELDS[kind])


def test_every_word_of_the_language_is_in_the_reference() -> None:
    code = " ".join(re.findall(r"`([^`\n]+)`", LANGUAGE)) + LANGUAGE
    words = {
        *vocabulary.ADJECTIVES,
        *vocabulary.HAS_FACTS,
        *vocabulary.CONVERTERS,
        *vocabulary.EVENTS,
        *vocabulary.STATEMENTS,
        *vocabulary.ACTIONS,
        *vocabulary.SUGAR,
        *vocabulary.SIGNATURE_FIELDS,
        *vocabulary.QUANTIFIERS,
        *vocabulary.SOURCES,
        *vocabulary.PEOPLE,
    }
    assert not [word for word in sorted(words) if not re.search(rf"\b{re.escape(word)}\b", code)]
    assert not [operator for operator in vocabulary.OPERATORS if f"`{operator}" not in LANGUAGE]


def spoken() -> list[tuple[str, str, str]]:
    """Every call of mxsync in code on the pages, in blocks and in lines: page, command, what follows it."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        code = re.findall(r"^```(?:sh|powershell|ini|console)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        code += re.findall(r"`([^`\n]+)`", prose(page))
        for part in code:
            for line in re.split(r"\n| && ", part):
                words = line.partition(" #")[0].rstrip()
                call = re.search(
                    r"(?:^(?:\$ )?|[/\\]bin/|\\Scripts\\)mxsync(?:\.exe)?(?: -c \S+)? ([a-z]+)(.*)$", words
                )
                if call:
                    found.append((page.name, call[1], call[2]))
    return found


def test_commands_and_options_named_in_the_documents_exist() -> None:
    parser = build_parser()
    choices = next(action for action in parser._actions if action.dest == "command").choices
    assert choices is not None
    commands = dict(choices)
    assert len(spoken()) > 30
    for page, command, rest in spoken():
        assert command in commands, f"{page}: mxsync {command}{rest}"
        for option in re.findall(r"(?<=\s)(--[a-z-]+|-[a-z])(?=\s|$|=)", rest.split("|")[0]):
            assert option in commands[command]._option_string_actions, f"{page}: mxsync {command} {option}"
    assert {command.__name__.rpartition(".")[2] for command in COMMANDS} <= set(commands)


def test_make_help_lists_the_targets_that_the_documents_name() -> None:
    made = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"demo", "test", "lint", "bench", "fuzz"} <= made
    for page in PAGES:
        for word in re.findall(r"(?:^|`)make ([a-z]+)\b", page.read_text(encoding="utf-8"), re.MULTILINE):
            assert word in made, f"{page.name}: make {word}"
