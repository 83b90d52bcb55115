"""Every option of the configuration is documented, obeyed and shown; no option is documented that does not exist."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from mxsync.config import load_config, model
from mxsync.config.options import OPTIONS, of_section

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
SECTIONS = tuple(dict.fromkeys(option.section for option in OPTIONS))
CLASSES = {
    "database": model.DatabaseConfig,
    "state": model.StateConfig,
    "organisation": model.OrganisationConfig,
    "rules": model.RulesConfig,
    "servers.NAME": model.FilesServer,
    "servers.NAME.ews": model.EwsServer,
    "service": model.ServiceConfig,
    "documents": model.DocumentsConfig,
    "notify": model.NotifyConfig,
    "hooks.NAME": model.HookConfig,
    "log": model.LogConfig,
    "safety": model.SafetyConfig,
}


def documented(section: str) -> dict[str, list[str]]:
    """The rows of a section's table in the page, by the option's name."""
    table = re.search(rf"<!-- options: {re.escape(section)} -->\n((?:\|.*\n)+)", PAGE)
    assert table is not None, f"docs/configuration.md has no table of [{section}]"
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table[1].splitlines()[2:]]
    return {row[0].strip("` "): row for row in rows}


@pytest.mark.parametrize("section", SECTIONS)
def test_every_option_is_documented_and_no_other(section: str) -> None:
    rows = documented(section)
    assert list(rows) == [option.name for option in of_section(section)]
    for option in of_section(section):
        assert option.document in PAGE, f"the meaning of {option.title}"
        assert f"`{option.default}`" in rows[option.name] or not option.default


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.title)
def test_the_words_of_an_option_are_sentences(option: object) -> None:
    assert isinstance(option, type(OPTIONS[0]))
    assert option.document.endswith(".")
    assert option.document[0].isupper() or option.document[0] == "`"
    assert option.takes


@pytest.mark.parametrize("section", CLASSES)
def test_every_option_reaches_the_program(section: str) -> None:
    known = {field.name for field in fields(CLASSES[section])} - {"name"}
    assert {option.name for option in of_section(section)} - {"type"} == known


def test_defaults_are_what_the_table_says(tmp_path: Path) -> None:
    """A file that says every default says the same as one that says nothing."""
    least = "[database]\nurl = 'sqlite:///crm.db'\n[servers.office]\ntype = 'files'\npath = 'mail'\n"
    said: dict[str, list[str]] = {}
    for option in OPTIONS:
        if option.default and ".NAME" not in option.section:
            said.setdefault(option.section, []).append(f"{option.name} = {option.default}")
    full = least.replace("[database]", "[database]\n" + "\n".join(said.pop("database", [])))
    full += "".join(f"[{section}]\n" + "\n".join(lines) + "\n" for section, lines in said.items())
    tomllib.loads(full)
    (tmp_path / "mxsync.toml").write_text(least, encoding="utf-8")
    by_default = load_config(tmp_path / "mxsync.toml")
    (tmp_path / "mxsync.toml").write_text(full, encoding="utf-8")
    assert load_config(tmp_path / "mxsync.toml") == by_default


def test_the_examples_of_the_page_are_read(tmp_path: Path) -> None:
    examples = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert len(examples) >= 2
    for example in examples:
        (tmp_path / "mxsync.toml").write_text(example, encoding="utf-8")
        assert load_config(tmp_path / "mxsync.toml").servers
