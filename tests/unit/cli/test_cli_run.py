"""`mxsync run` as a process: signals, status file, metrics, a changed rule file, a tenant in use."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
SCRIPT = Path(__file__).with_name("run_fake.py")


def tenant(folder: Path) -> Path:
    (folder / "rules").mkdir()
    (folder / "rules" / "main.rules").write_text("one\n", encoding="utf-8")
    (folder / "mxsync.toml").write_text("[database]\nurl = 'sqlite:///crm.db'\n", encoding="utf-8")
    return folder


@contextmanager
def running(folder: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), str(folder), *options], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def status(folder: Path) -> dict[str, object]:
    path = folder / "mxsync-status.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}  # type: ignore[no-any-return]


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_with_0(tmp_path: Path, number: signal.Signals) -> None:
    folder = tenant(tmp_path)
    with running(folder) as process:
        until(lambda: status(folder).get("state") == "running")
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert status(folder)["state"] == "stopped"
    assert "Traceback" not in errors
    assert errors.splitlines()[-1].endswith("mxsync.service: stopped")


def test_an_edited_rule_file_is_obeyed_and_a_broken_one_refused(tmp_path: Path) -> None:
    folder = tenant(tmp_path)

    def rules(key: str) -> object:
        found = status(folder).get("rules")
        return found[key] if isinstance(found, dict) else ""

    with running(folder) as process:
        until(lambda: status(folder).get("state") == "running")
        before = rules("digest")
        (folder / "rules" / "main.rules").write_text("two\n", encoding="utf-8")
        until(lambda: rules("digest") != before)
        now = rules("digest")
        (folder / "rules" / "main.rules").write_text("wrong\n", encoding="utf-8")
        until(lambda: rules("state") == "rejected")
        assert rules("digest") == now
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    assert "changed rules are in force" in errors
    assert "main.rules:1:1: MX001 `wrong` is not understood" in errors


def test_metrics_on_request(tmp_path: Path) -> None:
    folder = tenant(tmp_path)
    (folder / "mxsync.toml").write_text(
        "[database]\nurl = 'sqlite:///crm.db'\n[log]\nformat = 'json'\n", encoding="utf-8"
    )
    with running(folder, "--metrics", "127.0.0.1:0") as process:
        assert process.stderr is not None
        address = ""
        for line in process.stderr:
            message = json.loads(line)
            if found := re.search(r"http://\S+", message["message"]):
                address = found[0]
            if message["message"] == "running":
                break
        until(lambda: status(folder).get("counters", {}).get("passes") == 2)  # type: ignore[union-attr]
        with urllib.request.urlopen(address) as answer:
            text = answer.read().decode()
    assert 'mxsync_passes_total{mailbox="anna@ours.example",outcome="done"} 1.0' in text
    assert "mxsync_rules_rejected 0.0" in text


def test_a_tenant_in_use_is_refused_with_a_sentence_or_waited_for(tmp_path: Path) -> None:
    folder = tenant(tmp_path)
    (folder / "in-use").touch()
    with running(folder) as process:
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 5
        assert "mxsync: process 4711 works on this tenant" in errors
    with running(folder, "--wait") as process:
        until(lambda: status(folder).get("state") == "running")
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "waiting: process 4711 works on this tenant" in errors


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--metrics", "nowhere:x"], "is not an address for metrics"),
        (["--metrics", "192.0.2.1:9464"], "metrics cannot be served"),
    ],
)
def test_wrong_addresses_end_with_2(tmp_path: Path, options: list[str], sentence: str) -> None:
    with running(tenant(tmp_path), *options) as process:
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 2
    assert sentence in errors


def test_rules_that_are_wrong_from_the_start_end_with_3(tmp_path: Path) -> None:
    folder = tenant(tmp_path)
    (folder / "rules" / "main.rules").write_text("wrong\n", encoding="utf-8")
    with running(folder, "--format", "json") as process:
        out, errors = process.communicate(timeout=30)
    assert process.returncode == 3
    assert json.loads(out)["diagnostics"][0]["message"] == "`wrong` is not understood"
    assert "Traceback" not in errors
