"""The status file and the metrics."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxsync.errors import ConfigError
from mxsync.model.outcome import PassReport
from mxsync.service.health import Health
from mxsync.service.metrics import Metrics, metrics_address
from mxsync.service.status import process_lives, read_status, write_status

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


def health(folder: Path) -> Health:
    return Health(folder / "status.json", ["a@ours.example"], lambda: NOON)


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    told = health(tmp_path)
    told.rules_in_force("abc", ["a rule never fires"], reloaded=False)
    told.state("running")
    told.pass_done("a@ours.example", 0.5, PassReport(items=3), 60)
    told.pass_failed("a@ours.example", "no answer", 1, 2.0)
    told.write()
    status = read_status(tmp_path / "status.json")
    assert status is not None
    assert (status["pid"], status["state"], status["alive"]) == (os.getpid(), "running", True)
    assert status["rules"]["digest"] == "abc"  # type: ignore[index]
    assert status["mailboxes"]["a@ours.example"] == {  # type: ignore[index]
        "last": "2026-01-31T12:00:00.000+00:00",
        "next": "2026-01-31T12:00:02+00:00",
        "failures": 1,
        "error": "no answer",
        "items": 3,
        "brake": [],
    }
    assert status["counters"]["passes"] == 2  # type: ignore[index]


def test_nothing_is_written_while_nothing_changes(tmp_path: Path) -> None:
    told = health(tmp_path)
    told.state("running")
    (tmp_path / "status.json").unlink()
    told.write()
    assert not (tmp_path / "status.json").exists()
    told.pass_done("a@ours.example", 0.5, PassReport(), None)
    told.write()
    assert (tmp_path / "status.json").exists()


def test_rejected_rules_stay_said_until_there_are_good_ones(tmp_path: Path) -> None:
    told = health(tmp_path)
    told.rules_in_force("abc", [], reloaded=False)
    told.rules_rejected("1 error", [{"file": "a.rules", "line": 3}] * 100)
    rules = told.document()["rules"]
    assert isinstance(rules, dict)
    assert (rules["state"], rules["digest"], len(rules["errors"])) == ("rejected", "abc", 50)
    told.rules_unchanged()
    assert told.document()["rules"]["state"] == "in force"  # type: ignore[index]


def test_a_folder_that_cannot_be_written_ends_nothing(tmp_path: Path) -> None:
    assert write_status(tmp_path / "none" / "status.json", {}) is False


@pytest.mark.parametrize("text", ["", "{", "[]", "3"])
def test_what_is_no_status_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "s.json").write_text(text, encoding="utf-8")
    assert read_status(tmp_path / "s.json") is None
    assert read_status(tmp_path / "none.json") is None


def test_a_process_that_died_is_not_alive(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    assert not process_lives(process.pid)
    write_status(tmp_path / "s.json", {"pid": process.pid, "state": "running"})
    status = read_status(tmp_path / "s.json")
    assert status is not None
    assert status["alive"] is False


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:9464", ("127.0.0.1", 9464)),
        ("9000", ("127.0.0.1", 9000)),
        (":9000", ("127.0.0.1", 9000)),
        ("[::1]:9000", ("::1", 9000)),
        ("metrics.ours.example:", ("metrics.ours.example", 9464)),
    ],
)
def test_addresses(text: str, address: tuple[str, int]) -> None:
    assert metrics_address(text) == address


@pytest.mark.parametrize("text", ["localhost:http", "1.2.3.4:99999", "x:-1", "x:٣"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ConfigError, match="is not an address for metrics"):
        metrics_address(text)


def test_metrics_are_served(tmp_path: Path) -> None:
    told = health(tmp_path)
    with Metrics(("127.0.0.1", 0)) as metrics:
        told.report_to(metrics)
        told.rules_in_force("abc", [], reloaded=False)
        told.pass_done("a@ours.example", 0.5, PassReport(items=3, fates={"applied": 2}, created={"contact": 1}), 60)
        told.pass_failed("b@ours.example", "no answer", 1, 2.0)
        told.rules_rejected("1 error", [])
        with urllib.request.urlopen(f"http://127.0.0.1:{metrics.address[1]}/metrics") as answer:
            text = answer.read().decode()
        with pytest.raises(ConfigError, match="metrics cannot be served on"), Metrics(metrics.address):
            pass
    for line in (
        'mxsync_items_total{fate="applied"} 2.0',
        'mxsync_rows_total{action="created",entity="contact"} 1.0',
        'mxsync_passes_total{mailbox="a@ours.example",outcome="done"} 1.0',
        'mxsync_mailbox_failing{mailbox="b@ours.example"} 1.0',
        "mxsync_rules_rejected 1.0",
        'mxsync_rules_info{digest="abc"} 1.0',
        "mxsync_pass_seconds_count 1.0",
    ):
        assert line in text
