"""A program that went through plain data is the same program."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mxsync.lang.compile import compile_plan
from mxsync.lang.ir import Program
from mxsync.lang.ir.stored import plain, read
from tests.checking import checked

ROOT = Path(__file__).parents[3]
FILES = [
    *sorted((ROOT / "tests" / "language" / "accept_types").glob("*.rules")),
    ROOT / "rules" / "crm.rules",
]
OPTIONS: dict[str, Any] = {"lists": {"vips.csv": "domain;name\na.example;A\n"}, "hooks": frozenset({"court_calendar"})}


def program_of(file: Path) -> Program:
    text = file.read_text(encoding="utf-8")
    program = checked(text, base=file.parent.name == "accept_types", **OPTIONS).program
    assert program is not None
    return program


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_construct_comes_back(file: Path) -> None:
    program = program_of(file)
    found = read(json.loads(json.dumps(plain(program))))
    assert found == program
    assert compile_plan(found).digest == compile_plan(program).digest


def test_what_is_shared_is_shared_again() -> None:
    program = program_of(ROOT / "rules" / "crm.rules")
    found = read(plain(program))
    links = [field.references for entity in found.entities.values() for field in entity.fields.values()]
    assert len(plain(found)) == len(plain(program)) and any(links)


@pytest.mark.parametrize(
    "nodes",
    [
        [],
        [["Program"]],
        [["Span", "a", 1, 1, 1, 2]],
        [["Popen", "true"]],
        [["", [7]]],
        [["Kind", "NOTHING"]],
        [["map", 1]],
    ],
)
def test_what_is_no_program_is_refused(nodes: list[list[Any]]) -> None:
    with pytest.raises(ValueError, match=r"no program|argument"):
        read(nodes)


def test_something_else_is_not_kept() -> None:
    odd = replace(program_of(ROOT / "rules" / "crm.rules"), lists={"odd": (object(),)})  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="object"):
        plain(odd)
