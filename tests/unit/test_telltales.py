"""The guard over secrets finds what it looks for, wherever a test leaves it."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.telltales import SECRETS, told

ROOT = Path(__file__).resolve().parents[2]
LEAKY = """
import logging
from pathlib import Path
from tests.telltales import EXCHANGE

def test_prints():
    print("the password is", EXCHANGE)

def test_logs():
    logging.getLogger("mxsync.connectors.ews").debug("login %s", EXCHANGE)

def test_writes(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "status.json").write_text(EXCHANGE)

def test_is_silent(tmp_path):
    print("nothing")
    (tmp_path / "status.json").write_text("{}")
"""


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_found_in_every_form(secret: str) -> None:
    for login in (f"svc:{secret}", f"svc-mxsync:{secret}", f"\0mx\0{secret}", secret):
        assert told(b"Authorization: Basic " + base64.b64encode(login.encode()) + b"\r\n")
    assert told(json.dumps({"password": secret}).encode()) and told(f"smtp://mx:{secret}@relay".encode())
    assert told(secret.encode("utf-16-le"))
    assert not told(b"nothing of that kind, but s3cret and relay")


def test_a_test_that_tells_one_fails(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("leaky")
    (folder / "test_leaky.py").write_text(LEAKY)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.telltales", "-p", "no:cacheprovider", "--rootdir", str(folder), str(folder)],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    failed = {line.rpartition("::")[2].split()[0] for line in done.stdout.splitlines() if line.startswith("ERROR")}
    assert failed == {"test_prints", "test_logs", "test_writes"}, done.stdout + done.stderr
    assert "4 passed, 3 errors" in done.stdout
