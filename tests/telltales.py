"""No test may make the product tell a secret: a pytest plugin that looks through all that each test leaves behind.

Whatever a test prints, logs or writes below its own folder (logs, status files, reports, the databases with their
tracking tables, mailboxes) is searched for the secrets that the suite logs in with, in each form that a careless line
could give them. A test that left one fails, and the sentence says where.
"""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest

EXCHANGE: Final = "s3cret-Pässword-Qx7vT"
RELAY: Final = "relay-s3cret-Jw4mZ"
DATABASE: Final = "crm-s3cret-Ky9pN"
SECRETS: Final = (EXCHANGE, RELAY, DATABASE)
LARGEST: Final = 20_000_000
"""Bytes of a file beyond which it is no log, status or tracking table of a test."""


def forms(secret: str) -> Iterator[bytes]:
    """A secret as it could stand somewhere: as text, escaped, and within the login of HTTP Basic or SMTP."""
    for raw in {secret.encode(), secret.encode("latin-1"), secret.encode("utf-16-le")}:
        yield raw
        # Within a longer text that is encoded, three alignments; the first and last letters depend on the neighbours.
        for before in range(3):
            yield base64.b64encode(b"x" * before + raw)[4:-4]
    yield quote(secret).encode()
    yield json.dumps(secret)[1:-1].encode()


_FORMS: Final = {form: secret for secret in SECRETS for form in forms(secret)}
_LOUD: Final = ("requests", "requests_ntlm", "spnego", "mxsync.connectors")


def told(raw: bytes) -> str:
    """The beginning of a secret that stands in `raw`, '' where none does."""
    return next((secret[:6] + "…" for form, secret in _FORMS.items() if form in raw), "")


def pytest_configure() -> None:
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.DEBUG)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "teardown" and report.passed:
        found = [f"{what}: {secret}" for what, raw in _left_behind(item, report) if (secret := told(raw))]
        if found:
            report.outcome = "failed"
            report.longrepr = "secrets were told, in\n" + "\n".join(found)
    return report


def _left_behind(item: pytest.Item, report: pytest.TestReport) -> Iterator[tuple[str, bytes]]:
    yield from ((title, text.encode()) for title, text in report.sections)
    folder = getattr(item, "funcargs", {}).get("tmp_path")
    if isinstance(folder, Path):
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink() and path.stat().st_size <= LARGEST:
                yield str(path), path.read_bytes()
