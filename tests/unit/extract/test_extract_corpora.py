"""The measure on annotated mail that is not part of the project: see docs/extraction.md.

The corpora are looked for in the folder that MXSYNC_CORPUS names, or beside the checkout in ../shared/corpus.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mxsync.extract import read_text
from mxsync.model.item import Address

BESIDE = Path(__file__).parents[4] / "shared" / "corpus"

# The least F1 that a change may leave behind, a little below what docs/extraction.md records.
FLOORS = {
    "quagga-enron-train": {"signature": 0.80, "newest": 0.98},
    "quagga-asf-train": {"signature": 0.65, "newest": 0.92},
    "forge": {"signature": 0.87, "newest": 0.99},
}


def corpus_file(name: str) -> Path:
    """The gold file; skips where there is none, and fails there in CI."""
    root = Path(os.environ["MXSYNC_CORPUS"]) if "MXSYNC_CORPUS" in os.environ else BESIDE
    path = root / "extraction" / f"{name}.jsonl"
    if path.is_file():
        return path
    sentence = f"the corpus `{path}` is not here: set MXSYNC_CORPUS to the folder that holds `extraction/{name}.jsonl`"
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)


def messages(name: str) -> Iterator[dict[str, Any]]:
    with corpus_file(name).open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file)


def f1(hits: int, wrong: int, missed: int) -> float:
    return 2 * hits / (2 * hits + wrong + missed) if hits else 0.0


@pytest.mark.parametrize("name", FLOORS)
def test_lines_are_told_apart_as_well_as_recorded(name: str) -> None:
    rows = list(messages(name))
    closing_apart = any("closing" in row["labels"] for row in rows)
    counts = {"signature": [0, 0, 0], "newest": [0, 0, 0]}
    for row in rows:
        sender = Address(row["sender"]["name"] or "", row["sender"]["email"] or "")
        reading = read_text(row["text"], sender=sender, region="US")
        found = set(reading.signature) if closing_apart else {*reading.signature, *reading.closing}
        own = set(reading.newest)
        for number, (label, block) in enumerate(zip(row["labels"], row["block"], strict=True)):
            if label == "blank":
                continue
            _count(counts["newest"], block == 0 and label not in ("header", "quote"), number in own)
            if not (block == 0 and label in ("closing", "mua")):
                _count(counts["signature"], block == 0 and label == "sig", number in found)
    measured = {part: f1(*count) for part, count in counts.items()}
    assert all(measured[part] >= floor for part, floor in FLOORS[name].items()), measured


def _count(count: list[int], gold: bool, found: bool) -> None:
    count[0] += gold and found
    count[1] += found and not gold
    count[2] += gold and not found


def test_a_missing_corpus_is_skipped_and_fails_in_ci(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MXSYNC_CORPUS", str(tmp_path))
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="set MXSYNC_CORPUS"):
        corpus_file("forge")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="set MXSYNC_CORPUS"):
        corpus_file("forge")
