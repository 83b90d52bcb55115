"""The wheel, and an editable install, in environments of their own: each has its data and does `mxsync demo`."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = (
    "mxsync/_data/grammar/mxsync.lark",
    "mxsync/extract/lists/free.txt",
    "mxsync/extract/lists/disposable.txt",
    "mxsync/extract/lists/confusables.txt",
    "mxsync/_data/rules/crm.rules",
    "mxsync/_data/rules/auto-crm.rules",
    "mxsync/_data/rules/demo/main.rules",
    "mxsync/_data/rules/demo/seed.sql",
    "mxsync/_data/rules/demo/mailboxes/anna@ours.example/Contacts/Lindiwe Maseko.vcf",
    "mxsync/_data/rules/examples/lawfirm/main.rules",
    "mxsync/py.typed",
)


def run(*command: str | Path, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV_"))}
    environment |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INDEX": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


class Environment:
    """A virtual environment that borrows the installed dependencies, but not the project itself: a directory named in a
    `.pth` file has its packages imported, and its own `.pth` files, an editable install's among them, left alone."""

    def __init__(self, place: Path) -> None:
        venv.create(place, symlinks=os.name != "nt")
        names = {"base": str(place), "platbase": str(place)}
        self.bin = Path(sysconfig.get_path("scripts", vars=names))
        self.packages = Path(sysconfig.get_path("purelib", vars=names))
        self.python = self.bin / ("python.exe" if os.name == "nt" else "python")
        (self.packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")

    def install(self, *what: str | Path) -> None:
        pip = [
            sys.executable,
            "-m",
            "pip",
            "--python",
            self.python,
            "install",
            "--quiet",
            "--no-deps",
            "--force-reinstall",
        ]
        run(*pip, *what, cwd=self.packages)

    def where_mxsync_is(self, cwd: Path) -> Path:
        return Path(run(self.python, "-c", "import mxsync; print(mxsync.__file__)", cwd=cwd).strip())

    def demo(self, cwd: Path) -> str:
        return run(self.bin / ("mxsync.exe" if os.name == "nt" else "mxsync"), "demo", "tour", cwd=cwd)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", place, ROOT, cwd=place)
    (made,) = place.glob("mxsync-*-py3-none-any.whl")
    return made


def test_the_wheel_carries_its_data_and_its_licence(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert set(DATA) <= names
    assert any(name.startswith("mxsync/_data/sql/sqlite/") for name in names)
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "docs/")) or "__pycache__" in name]


def test_the_wheel_does_the_demo_without_the_repository(wheel: Path, tmp_path: Path) -> None:
    environment = Environment(tmp_path / "venv")
    environment.install(wheel)
    assert not environment.where_mxsync_is(tmp_path).is_relative_to(ROOT)
    assert "Jane Roe" in environment.demo(tmp_path)
    assert (tmp_path / "tour" / "crm.db").is_file()


def test_an_editable_install_does_the_demo(tmp_path: Path) -> None:
    environment = Environment(tmp_path / "venv")
    environment.install("--no-build-isolation", "--editable", ROOT)
    assert environment.where_mxsync_is(tmp_path).is_relative_to(ROOT)
    assert "Jane Roe" in environment.demo(tmp_path)
