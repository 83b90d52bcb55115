"""Hot reload, with real files, real file system events and real threads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from service_fakes import FakeTenant, make_health, make_tenant, until

from mxsync.errors import Unavailable
from mxsync.service import reload, rule_files
from mxsync.service.health import Health
from mxsync.service.reload import Reloader


@pytest.fixture(autouse=True)
def _no_looks_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only events bring a reload about, unless a test says otherwise."""
    monkeypatch.setattr(reload, "LOOK", 3600.0)
    monkeypatch.setattr(reload, "HALF_WRITTEN", 0.2)


@contextmanager
def reloading(tenant: FakeTenant) -> Iterator[Health]:
    health = make_health(tenant)
    reloader = Reloader(tenant, health)  # type: ignore[type-var]
    reloader.start()
    try:
        yield health
    finally:
        reloader.stop()


def rules(health: Health) -> dict[str, object]:
    found = health.document()["rules"]
    assert isinstance(found, dict)
    return found


def rejected(health: Health) -> bool:
    return rules(health)["state"] == "rejected"


def save(folder: Path, text: str, name: str = "main.rules") -> None:
    (folder / "rules" / name).write_text(text, encoding="utf-8")


def test_an_edit_is_in_force(tmp_path: Path) -> None:
    tenant = make_tenant(tmp_path)
    before = tenant.rules().digest
    with reloading(tenant) as health:
        save(tmp_path, "two\n")
        until(lambda: tenant.rules().digest != before)
        until(lambda: rules(health)["digest"] == tenant.rules().digest)
        assert rules(health)["state"] == "in force"


def test_a_hundred_edits(tmp_path: Path) -> None:
    tenant = make_tenant(tmp_path)
    with reloading(tenant):
        for number in range(100):
            save(tmp_path, f"edit {number}\n")
        final = tenant.load_rules().digest
        until(lambda: tenant.rules().digest == final)


def test_a_broken_file_leaves_the_last_good_rules_in_force(tmp_path: Path) -> None:
    tenant = make_tenant(tmp_path)
    before = tenant.rules().digest
    with reloading(tenant) as health:
        save(tmp_path, "wrong\n")
        until(lambda: rejected(health))
        assert tenant.rules().digest == before
        (error,) = rules(health)["errors"]  # type: ignore[misc]
        assert error["file"] == "main.rules"
        assert error["message"] == "`wrong` is not understood"
        save(tmp_path, "mended\n")
        until(lambda: tenant.rules().digest != before)
        until(lambda: not rejected(health))
        assert rules(health)["errors"] == []


def test_an_edit_taken_back_is_no_fault_any_more(tmp_path: Path) -> None:
    tenant = make_tenant(tmp_path)
    with reloading(tenant) as health:
        save(tmp_path, "wrong\n")
        until(lambda: rejected(health))
        save(tmp_path, "one\n")
        until(lambda: not rejected(health))


def test_a_file_replaced_by_rename(tmp_path: Path) -> None:
    tenant = make_tenant(tmp_path)
    before = tenant.rules().digest
    with reloading(tenant):
        (tmp_path / "rules" / "main.rules.new").write_text("two\n", encoding="utf-8")
        os.replace(tmp_path / "rules" / "main.rules.new", tmp_path / "rules" / "main.rules")
        until(lambda: tenant.rules().digest != before)


def test_a_half_written_file_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reload, "HALF_WRITTEN", 1.5)
    tenant = make_tenant(tmp_path)
    before = tenant.rules().digest
    loads = tenant.loads
    seen: list[bool] = []
    half_written = Reloader._half_written
    monkeypatch.setattr(
        Reloader, "_half_written", lambda self, contents: seen.append(half_written(self, contents)) or seen[-1]
    )
    with reloading(tenant) as health:
        with (tmp_path / "rules" / "main.rules").open("w", encoding="utf-8") as file:
            file.write("wrong")
            file.flush()
            until(lambda: True in seen)
            assert tenant.loads == loads
            file.seek(0)
            file.write("right\n")
        until(lambda: tenant.rules().digest != before)
        assert health.document()["counters"]["rejections"] == 0  # type: ignore[index]


def test_a_deleted_file_keeps_its_rules_in_force_and_says_so(tmp_path: Path) -> None:
    save_folder = tmp_path / "rules"
    save_folder.mkdir()
    save(tmp_path, "privacy\n", "a.rules")
    tenant = make_tenant(tmp_path)
    before = tenant.rules().digest
    with reloading(tenant) as health:
        (save_folder / "a.rules").unlink()
        until(lambda: rejected(health))
        assert "`a.rules` is gone, and its rules stay in force" in str(rules(health)["sentence"])
        assert tenant.rules().digest == before
        save(tmp_path, "", "a.rules")
        until(lambda: not rejected(health))
        assert tenant.rules().digest != before


def test_a_renamed_file_is_not_a_deleted_one(tmp_path: Path) -> None:
    tenant = make_tenant(tmp_path)
    with reloading(tenant) as health:
        (tmp_path / "rules" / "main.rules").rename(tmp_path / "rules" / "sales.rules")
        until(lambda: any(file.name == "sales.rules" for file in tenant.rules().files))
        assert not rejected(health)


def test_a_new_file_in_a_new_folder(tmp_path: Path) -> None:
    tenant = make_tenant(tmp_path)
    with reloading(tenant):
        (tmp_path / "rules" / "north").mkdir()
        (tmp_path / "rules" / "north" / "n.rules").write_text("north\n", encoding="utf-8")
        until(lambda: any(file.name == "n.rules" for file in tenant.rules().files))


def test_a_changed_list_and_a_list_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "vips.csv").write_text("a\n", encoding="utf-8")
    save(tmp_path, "list ../lists/vips.csv\n")
    tenant = make_tenant(tmp_path)
    before = tenant.rules().digest
    with reloading(tenant) as health:
        (tmp_path / "lists" / "vips.csv").write_text("b\n", encoding="utf-8")
        until(lambda: tenant.rules().digest != before)
        now = tenant.rules().digest
        (tmp_path / "lists" / "vips.csv").unlink()
        until(lambda: rejected(health))
        assert tenant.rules().digest == now


def test_a_failing_test_keeps_the_old_rules_where_tests_are_required(tmp_path: Path) -> None:
    tenant = make_tenant(tmp_path)
    before = tenant.rules().digest
    with reloading(tenant) as health:
        save(tmp_path, "fails\n")
        until(lambda: rejected(health))
        assert "main.rules: `it` fails" in str(rules(health)["sentence"])
        assert tenant.rules().digest == before


def test_a_failing_test_is_only_said_where_tests_warn(tmp_path: Path) -> None:
    tenant = make_tenant(tmp_path, tests="warn")
    before = tenant.rules().digest
    with reloading(tenant) as health:
        save(tmp_path, "fails\n")
        until(lambda: tenant.rules().digest != before)
        until(lambda: rules(health)["notes"] == ["main.rules: `it` fails"])


def test_a_touch_without_a_change_loads_nothing(tmp_path: Path) -> None:
    tenant = make_tenant(tmp_path)
    with reloading(tenant) as health:
        until(lambda: not rejected(health))
        loads = tenant.loads
        os.utime(tmp_path / "rules" / "main.rules", ns=(1, 1))
        save(tmp_path, "two\n", "other.rules")
        until(lambda: tenant.loads > loads)
        assert tenant.loads == loads + 1


def test_what_is_not_the_rules_fault_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reload, "LOOK_UNWATCHED", 0.02)
    tenant = make_tenant(tmp_path)
    before = tenant.rules().digest
    with reloading(tenant) as health:
        tenant.load_fault = Unavailable("the database does not answer")
        save(tmp_path, "two\n")
        until(lambda: rejected(health))
        assert "the database does not answer" in str(rules(health)["sentence"])
        tenant.load_fault = None
        until(lambda: tenant.rules().digest != before)
        until(lambda: not rejected(health))


def test_a_slip_of_ours_while_compiling_ends_nothing(tmp_path: Path) -> None:
    tenant = make_tenant(tmp_path)
    before = tenant.rules().digest
    with reloading(tenant) as health:
        tenant.load_fault = RuntimeError("a slip")
        save(tmp_path, "two\n")
        until(lambda: rejected(health))
        tenant.load_fault = None
        save(tmp_path, "three\n")
        until(lambda: tenant.rules().digest != before)


def test_where_events_get_lost_it_looks_for_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reload, "LOOK", 0.05)
    monkeypatch.setattr(rule_files.RuleFileEvents, "on_any_event", lambda self, event: None)
    tenant = make_tenant(tmp_path)
    before = tenant.rules().digest
    with reloading(tenant):
        save(tmp_path, "two\n")
        until(lambda: tenant.rules().digest != before)


def test_where_nothing_can_be_watched_it_looks_for_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class NoMoreWatches:
        daemon = False

        def start(self) -> None:
            raise OSError(28, "no space left: inotify watch limit reached")

    monkeypatch.setattr(rule_files, "Observer", NoMoreWatches)
    monkeypatch.setattr(reload, "LOOK_UNWATCHED", 0.05)
    tenant = make_tenant(tmp_path)
    before = tenant.rules().digest
    reloader = Reloader(tenant, make_health(tenant))  # type: ignore[type-var]
    reloader.start()
    try:
        save(tmp_path, "two\n")
        until(lambda: tenant.rules().digest != before)
    finally:
        reloader.stop()


def test_a_changed_configuration_is_said_and_not_obeyed(tmp_path: Path) -> None:
    tenant = make_tenant(tmp_path)
    path = tmp_path / "mxsync.toml"
    with reloading(tenant) as health:
        path.write_text(path.read_text() + "[log]\nlevel = 'debug'\n", encoding="utf-8")
        until(lambda: "restart the service" in str(health.document()["configuration"]))
        path.write_text(path.read_text() + "levl = 3\n", encoding="utf-8")
        until(lambda: "has errors and is not in force" in str(health.document()["configuration"]))


def test_what_was_saved_before_it_watched_is_seen(tmp_path: Path) -> None:
    tenant = make_tenant(tmp_path)
    before = tenant.rules().digest
    save(tmp_path, "two\n")
    with reloading(tenant):
        until(lambda: tenant.rules().digest != before)
