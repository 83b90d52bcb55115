"""Every example of the documents is run.

Blocks of `rules` are checked, and their tests run, in a tenant with the tables of the SQL files beside this file;
blocks of `toml` are loaded as configuration; blocks of `console` are run in order, in a new tenant for each page, and
what they say is compared (`…` stands for anything). An HTML comment above a block gives its context:

- `rules: alone`, `rules: with FILE`, `…, rejected`: what stands above the block, and that an error is expected
- `file: PATH`: the block is written to that file of the page's tenant (and checked, too, where it is rules)
- `console: new`, `console: expect CODE`, `console: replace 'A' by 'B' in FILE`: for the block below
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mxsync.cli.main import main
from mxsync.config import load_config

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))
_BLOCK = re.compile(
    r"^(?:<!-- (?P<mark>[^\n]*?) -->\n)?```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
LISTS = {
    "vips.csv": "domain\nacme.example\n",
    "fairs.txt": "fair.example\n",
    "aliases.csv": "alias,domain\nacme.co.za,acme.example\n",
}
MANUFACTURER = "manufacturer"
KNOWN_LANGUAGES = {"diff", "rules", "toml", "console", "eml", "sh", "powershell", "ini", "text"}


@dataclass(frozen=True, slots=True)
class Block:
    """One block. `mark` is the HTML comment right above it, '' without one."""

    page: Path
    line: int
    language: str
    mark: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        line = text.count("\n", 0, found.start("language")) + 1
        yield Block(page, line, found["language"], found["mark"] or "", found["text"])


def of_language(language: str) -> list[Block]:
    return [block for page in PAGES for block in blocks(page) if block.language == language]


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said and ended with."""

    code: int
    out: str
    err: str


def mxsync(*arguments: str) -> Said:
    """One command, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(arguments)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
    return Said(code, out.getvalue(), err.getvalue())


def matches(pattern: str, text: str) -> bool:
    """Whether `text` is `pattern`, in which `…` stands for anything, in a line of its own for any lines."""
    lines = re.escape(pattern.strip()).replace(re.escape("…"), "…").replace("\\\n…\\\n", "(?:\n.*?)?\n")
    return re.fullmatch(lines.replace("\\\n…", "(?:\n.*)?").replace("…", ".*?"), text.strip(), re.DOTALL) is not None


# ---------------------------------------------------------------- rules


@pytest.fixture(scope="module")
def tenants(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A tenant for each set of tables: the sample CRM with what the pages add, that of `entity`, and the German ERP."""
    place = tmp_path_factory.mktemp("documents")
    made = {name: place / name for name in ("crm", "alone", MANUFACTURER)}
    for name, folder in made.items():
        done = mxsync("init", str(folder))
        assert done.code == 0, done.err
        database = folder / "crm.db"
        if name != "crm":
            database.unlink()
        schema = ROOT / "rules/examples/manufacturer/schema.sql"
        own = (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")
        with contextlib.closing(sqlite3.connect(database)) as connection:
            connection.executescript((schema.read_text(encoding="utf-8") if name == MANUFACTURER else "") + own)
        shutil.copytree(ROOT / "rules/examples/manufacturer", folder / "rules", dirs_exist_ok=True)
        (folder / "rules/main.rules").rename(folder / "rules/manufacturer.inc")
        for list_name, text in LISTS.items():
            (folder / "rules" / list_name).write_text(text, encoding="utf-8")
        with (folder / "mxsync.toml").open("a", encoding="utf-8") as configuration:
            configuration.write('\n[hooks.court_calendar]\ncommand = ["true"]\n')
    return made


@pytest.mark.parametrize("block", of_language("rules"), ids=str)
def test_rules_are_right_and_their_tests_pass(block: Block, tenants: dict[str, Path]) -> None:
    assert block.mark, f"{block}: say above the block what stands before it, as in <!-- rules: with crm.rules -->"
    context = block.mark.partition(":")[2].split(",")[0].strip()
    before, tenant = "", tenants["crm"]
    match context.split():
        case ["with", "manufacturer"]:
            before, tenant = "use 'manufacturer.inc'\n", tenants[MANUFACTURER]
        case ["with", name]:
            before = f"use '{name}'\n"
        case ["alone"]:
            tenant = tenants[MANUFACTURER if "Kunden" in block.text else "alone" if "entity" in block.text else "crm"]
        case _:
            assert block.mark.startswith("file: "), f"{block}: `{block.mark}` is no context"
    (tenant / "rules" / "main.rules").write_text(before + block.text, encoding="utf-8")
    config = str(tenant / "mxsync.toml")
    done = mxsync("-c", config, "--format", "json", "check")
    found = json.loads(done.out)
    errors = [f"{each['line']}: {each['code']} {each['message']}" for each in found if each["severity"] == "error"]
    if block.mark.endswith("rejected"):
        assert done.code == 1 and len(errors) == 1
        return
    assert not errors, f"{block} (lines count from the block's first, {before!r} above it)"
    if re.search(r"^test ", block.text, re.MULTILINE):
        done = mxsync("-c", config, "test")
        assert done.code == 0, done.out + done.err


# ---------------------------------------------------------------- configuration


@pytest.mark.parametrize("block", of_language("toml"), ids=str)
def test_configuration_loads(block: Block, tmp_path: Path) -> None:
    file = tmp_path / "mxsync.toml"
    file.write_text(block.text, encoding="utf-8")
    assert load_config(file, secrets=False).warnings == ()


# ---------------------------------------------------------------- command lines


def with_console() -> list[Path]:
    return [page for page in PAGES if any(block.language == "console" for block in blocks(page))]


@pytest.mark.parametrize("page", with_console(), ids=lambda page: page.name)
def test_commands_say_what_the_page_says(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for block in blocks(page):
        if block.mark.startswith("file: "):
            write(tmp_path / "mytenant", block.mark.removeprefix("file: "), block.text)
        elif block.language == "console":
            with replaced(Path.cwd(), block.mark):
                run_block(block)
            if block.mark == "console: new":
                monkeypatch.chdir(tmp_path / "mytenant")


def write(tenant: Path, name: str, text: str) -> None:
    file = tenant / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\r\n" if file.suffix == ".eml" else None)


@contextlib.contextmanager
def replaced(tenant: Path, mark: str) -> Iterator[None]:
    """The change that a mark names, for the time of one block."""
    found = re.search(r"replace '(.*)' by '(.*)' in (\S+)", mark)
    if found is None:
        yield
        return
    file = tenant / found[3]
    before = file.read_text(encoding="utf-8")
    assert found[1] in before
    file.write_text(before.replace(found[1], found[2]), encoding="utf-8")
    yield
    file.write_text(before, encoding="utf-8")


def run_block(block: Block) -> None:
    expected = re.search(r"expect (\d+)", block.mark)
    parts = re.split(r"^\$ (.*)\n", block.text, flags=re.MULTILINE)[1:]
    assert parts, f"{block}: no line begins with `$ `"
    for command, wanted in zip(parts[::2], parts[1::2], strict=True):
        program, *arguments = shlex.split(command)
        assert program == "mxsync", f"{block}: only mxsync is called in console blocks"
        said = mxsync(*arguments)
        assert said.code == (int(expected[1]) if expected else 0), f"{block}: {command}\n{said.out}{said.err}"
        assert matches(wanted, said.out), f"{block}: {command}\n{said.out}{said.err}"


# ---------------------------------------------------------------- the runner itself


def test_every_block_is_of_a_known_language() -> None:
    assert {block.language for page in PAGES for block in blocks(page)} <= KNOWN_LANGUAGES


def test_the_documents_have_examples() -> None:
    assert len(of_language("rules")) >= 25
    assert len(of_language("toml")) >= 2
    assert len(of_language("console")) >= 6


@pytest.mark.parametrize(
    ("pattern", "text", "same"),
    [
        ("one\n", "one", True),
        ("one", "two", False),
        ("one …", "one and two", True),
        ("one\n…", "one", True),
        ("one\n…", "one\ntwo\nthree", True),
        ("one\n…\nfour", "one\nfour", True),
        ("one\n…\nfour", "one\ntwo\nthree\nfour", True),
        ("one\n…\nfour", "one\ntwo", False),
        ("one.", "one!", False),
        ("…", "", True),
    ],
)
def test_the_comparison(pattern: str, text: str, same: bool) -> None:
    assert matches(pattern, text) is same
