"""The shape of the tree: import contracts, sizes and names of files, and what must not be said."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "mxsync"
MODULES = sorted(PACKAGE.rglob("*.py"))
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
LONGER = {"engine/syncing/phase.py": 360}
"""The order of the steps of one pass of the syncs, and what they hand on to each other: it is read as a whole."""


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 50


def test_the_import_contracts_hold(tmp_path: Path) -> None:
    program = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    done = subprocess.run(
        [sys.executable, "-c", program, "--config", str(ROOT / "pyproject.toml"), "--cache-dir", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_is_of_a_size_to_be_read(module: Path) -> None:
    lines = len(module.read_text(encoding="utf-8").splitlines())
    limit = LONGER.get(module.relative_to(PACKAGE).as_posix(), 350)
    assert lines <= limit, f"{module.relative_to(ROOT)} has {lines} lines; it is probably two ideas"


def test_no_module_has_a_name_that_says_nothing() -> None:
    named = {part for module in MODULES for part in module.relative_to(PACKAGE).with_suffix("").parts}
    assert not named & VAGUE


def test_names_of_test_files_are_unique() -> None:
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert len(names) == len(set(names)), sorted(name for name in set(names) if names.count(name) > 1)


def test_only_render_prints() -> None:
    printing = [
        module.relative_to(ROOT).as_posix()
        for module in MODULES
        if re.search(r"^\s*print\(", module.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert printing == ["mxsync/cli/render.py"]


def test_an_ignored_type_error_says_which() -> None:
    for module in MODULES:
        for number, line in enumerate(module.read_text(encoding="utf-8").splitlines(), 1):
            assert not re.search(r"#\s*type:\s*ignore(?!\[)", line), f"{module}:{number}: {line.strip()}"
            assert not re.search(r"#\s*(TODO|FIXME|XXX)\b", line), f"{module}:{number}: {line.strip()}"


def test_every_package_directory_says_what_it_is() -> None:
    for package in sorted(PACKAGE.rglob("__init__.py")):
        assert package.read_text(encoding="utf-8").startswith('"""'), package
