"""A pass takes the rules as the last one has read them, while nothing that they depend on has changed."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tenants import Tenant

import mxsync.rule_store as store
from mxsync import resources
from mxsync.bootstrap import Tenant as Opened
from mxsync.config.load import load_config
from mxsync.rule_store import NAME
from mxsync.rulebook import LoadedRules, Rulebook

pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid"), reason="nothing is kept where a file's owner cannot be told"
)
RULES = "use 'crm.rules'\nlist gone = file 'gone.txt'\nrule 'Leave' priority 90 when mail from in gone then skip\n"


@pytest.fixture
def tenant(tmp_path: Path) -> Tenant:
    made = Tenant.make(tmp_path / "crm", RULES)
    (made.root / "rules" / "gone.txt").write_text("a@x.example\n")
    return made


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Counts how often rule files were read and checked in earnest."""
    counted: list[int] = []
    real = Rulebook._read

    def read(book: Rulebook, *arguments: object) -> object:
        counted.append(1)
        return real(book, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Rulebook, "_read", read)
    yield counted


def passed(tenant: Tenant) -> LoadedRules:
    """A pass by a process of its own, as far as rules are concerned."""
    with Opened.open(load_config(tenant.root / "mxsync.toml"), once=True) as opened:
        opened.sync(None, lambda *_: None, threading.Event())
        return opened.rules()


def test_the_same_files_are_read_once_and_mean_the_same(tenant: Tenant, reads: list[int]) -> None:
    tenant.mail()
    first, second = passed(tenant), passed(tenant)
    assert len(reads) == 1
    assert second.program == first.program and second.digest == first.digest
    assert second.files == first.files and list(second.notes) == list(first.notes)
    assert tenant.sync()["items"] == 0  # the kept plan is the one that decided what is there


def test_whatever_has_changed_is_read_again(tenant: Tenant, reads: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    root, last = tenant.root, passed(tenant)

    def read_again() -> LoadedRules:
        before = len(reads)
        found = passed(tenant)
        assert len(reads) == before + 1
        passed(tenant)
        assert len(reads) == before + 1
        return found

    tenant.rules(RULES.replace("90", "80"))
    assert read_again().digest != last.digest
    (root / "rules" / "gone.txt").write_text("b@x.example\n")
    assert read_again().program.lists["gone"] == ("b@x.example",)
    tenant.rules("rule 'More' priority 90 when mail cc like '*@press.example' then skip\n", "more.rules")
    assert [rule.name for rule in read_again().program.rules].count("More") == 1
    (root / "rules" / "more.rules").unlink()
    assert "More" not in [rule.name for rule in read_again().program.rules]
    (root / "rules" / "crm.rules").write_text(resources.text("rules/crm.rules"))
    assert root / "rules" / "crm.rules" in read_again().files
    tenant.sql("ALTER TABLE Contacts ADD COLUMN Shoe TEXT")
    read_again()
    monkeypatch.setattr(store, "__version__", "another")
    store._own.cache_clear()
    read_again()
    monkeypatch.undo()
    store._own.cache_clear()


def test_a_file_that_others_could_have_written_is_not_believed(
    tenant: Tenant, reads: list[int], tmp_path: Path
) -> None:
    passed(tenant)
    kept = tenant.root / NAME
    assert kept.stat().st_mode & 0o777 == 0o600
    kept.chmod(0o622)
    passed(tenant)
    assert len(reads) == 2 and kept.stat().st_mode & 0o777 == 0o600
    elsewhere = tmp_path / "elsewhere.json"
    kept.rename(elsewhere)
    kept.symlink_to(elsewhere)
    passed(tenant)
    assert len(reads) == 3 and not kept.is_symlink()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only the administrator can give a file away")
def test_a_file_of_another_user_is_not_believed(tenant: Tenant, reads: list[int]) -> None:
    passed(tenant)
    os.chown(tenant.root / NAME, 65534, -1)
    passed(tenant)
    assert len(reads) == 2


@pytest.mark.parametrize("text", ["", "{", "[]", '{"circumstances": 1}', "é", '{"files": {}, "program": [["Popen"]]}'])
def test_a_torn_file_is_written_anew(tenant: Tenant, reads: list[int], text: str) -> None:
    passed(tenant)
    (tenant.root / NAME).write_text(text, encoding="latin-1")
    passed(tenant)
    passed(tenant)
    assert len(reads) == 2


def test_a_kept_program_that_is_none_is_not_used(tenant: Tenant, reads: list[int]) -> None:
    passed(tenant)
    kept = tenant.root / NAME
    found = json.loads(kept.read_text())
    found["program"][-1] = found["program"][-1][:3]
    kept.write_text(json.dumps(found))
    passed(tenant)
    assert len(reads) == 2


def test_rules_with_errors_are_not_kept(tenant: Tenant) -> None:
    passed(tenant)
    tenant.rules("rule 'Odd' when mail colour 'red' then skip\n")
    assert tenant.run("sync", check=False).code == 3
    tenant.rules(RULES)
    assert tenant.sync()["items"] == 0
