"""Rule files and list files on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from mxsync.rule_sources import FileSources


def write(path: Path, text: str = "# x\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


SHIPPED = {"crm.rules": "# shipped\n", "auto.rules": "use 'crm.rules'\n"}.get


def test_roots_are_all_rule_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("rules/b.rules", "rules/a.rules", "rules/deep/er/c.rules", "rules/readme.txt", "other/x.rules"):
        write(tmp_path / name)
    (tmp_path / "rules" / "folder.rules").mkdir()
    sources = FileSources([Path("rules"), Path("other/x.rules"), Path("rules/a.rules")], tmp_path)
    assert [file.name for file in sources.roots()] == [
        "other/x.rules", "rules/a.rules", "rules/b.rules", "rules/deep/er/c.rules",
    ]  # fmt: skip
    assert not sources.problems()


def test_a_used_file_lies_beside_its_user_or_among_the_shipped(tmp_path: Path) -> None:
    write(tmp_path / "rules/main.rules")
    write(tmp_path / "rules/parts/own.rules", "own")
    write(tmp_path / "shared.rules", "shared")
    sources = FileSources([Path("rules")], tmp_path, SHIPPED)
    own = sources.used("parts/own.rules", "rules/main.rules")
    assert own is not None and (own.name, own.text, own.shipped) == ("rules/parts/own.rules", "own", False)
    above = sources.used("../shared.rules", "rules/main.rules")
    assert above is not None and above.name == "shared.rules"
    shipped = sources.used("crm.rules", "rules/main.rules")
    assert shipped is not None and (shipped.name, shipped.shipped) == ("crm.rules", True)
    assert sources.used("nothing.rules", "rules/main.rules") is None
    assert sources.used("shared.rules", "") is not None
    assert not sources.problems()


def test_ones_own_file_goes_before_a_shipped_one(tmp_path: Path) -> None:
    write(tmp_path / "rules/crm.rules", "mine")
    sources = FileSources([Path("rules")], tmp_path, SHIPPED)
    found = sources.used("crm.rules", "rules/main.rules")
    assert found is not None and (found.text, found.name) == ("mine", "rules/crm.rules")


def test_a_shipped_file_uses_shipped_ones(tmp_path: Path) -> None:
    write(tmp_path / "crm.rules", "not this one")
    sources = FileSources([], tmp_path, SHIPPED)
    assert sources.used("auto.rules", "") is not None
    found = sources.used("crm.rules", "auto.rules")
    assert found is not None and found.shipped


def test_a_file_outside_the_base_has_its_whole_name(tmp_path: Path) -> None:
    outside = write(tmp_path / "elsewhere/x.rules")
    sources = FileSources([outside], tmp_path / "base")
    assert [file.name for file in sources.roots()] == [outside.as_posix()]


def test_lists_lie_beside_the_rule_file_that_names_them(tmp_path: Path) -> None:
    write(tmp_path / "rules/lists/vips.csv", "a@b.example\n")
    sources = FileSources([], tmp_path)
    assert sources.list_file("lists/vips.csv", "rules/main.rules") == "a@b.example\n"
    assert sources.list_file("lists/none.csv", "rules/main.rules") is None


def test_what_is_read_is_remembered(tmp_path: Path) -> None:
    path = write(tmp_path / "main.rules", "abc")
    sources = FileSources([Path("main.rules")], tmp_path)
    sources.roots()
    sources.list_file("none.csv", "main.rules")
    seen = {file.name: stamp for file, stamp in sources.seen().items()}
    stamp = seen["main.rules"]
    assert (
        stamp is not None and stamp.size == 3 and stamp.mtime_ns == path.stat().st_mtime_ns and len(stamp.digest) == 64
    )
    assert seen["none.csv"] is None


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "main.rules").write_bytes(b"\xef\xbb\xbfuse 'x'\n")
    assert FileSources([Path("main.rules")], tmp_path).roots()[0].text == "use 'x'\n"


def test_bytes_that_are_no_utf_8_are_said_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "main.rules").write_bytes("# gut\n# schön\n".encode("latin-1"))
    sources = FileSources([Path("main.rules")], tmp_path)
    assert sources.roots() == []
    (problem,) = sources.problems()
    assert (problem.code, problem.message) == ("MX032", "`main.rules` cannot be read: it is not UTF-8 text")
    assert problem.help == "save it as UTF-8"
    assert (problem.span.line, problem.span.column) == (2, 6)


def test_a_used_file_that_cannot_be_read_is_not_said_to_be_missing(tmp_path: Path) -> None:
    (tmp_path / "x.rules").write_bytes(b"\xff")
    sources = FileSources([], tmp_path, {"x.rules": "shipped"}.get)
    assert sources.used("x.rules", "main.rules") is None
    assert [problem.code for problem in sources.problems()] == ["MX032"]


def test_a_configured_path_that_is_not_there(tmp_path: Path) -> None:
    sources = FileSources([Path("rules")], tmp_path)
    assert sources.roots() == []
    assert [problem.message for problem in sources.problems()] == ["`rules` cannot be read: it is not there"]


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b"])
def test_names_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    sources = FileSources([], tmp_path)
    assert sources.list_file(name, "main.rules") is None
    assert [problem.code for problem in sources.problems()] == ["MX032"]
    assert sources.used(name, "main.rules") is None


def test_a_folder_is_no_list(tmp_path: Path) -> None:
    (tmp_path / "vips.csv").mkdir()
    sources = FileSources([], tmp_path)
    assert sources.list_file("vips.csv", "main.rules") is None
    assert len(sources.problems()) == 1
