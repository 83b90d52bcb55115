"""The measure on annotated mail that is not part of the project: see docs/extraction.md.

The corpora are looked for in the folder that MXSYNC_CORPUS names, or beside the checkout in ../shared/corpus.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from training.fit import shipped_training_set
from training.mails import made_up_mail
from training.measure import folded, whole
from training.messages import Message, read_messages, threads
from training.prepare import prepare

BESIDE = Path(__file__).parents[4] / "shared" / "corpus"

# The least F1 that a change may leave behind, a little below what docs/extraction.md records.
FLOORS = {
    "quagga-enron-train": {"signature": 0.87, "newest": 0.99},
    "quagga-asf-train": {"signature": 0.85, "newest": 0.96},
    "forge": {"signature": 0.93, "newest": 0.99},
}
FIELDS = {"number": 0.90, "email": 0.90, "organisation": 0.70, "title": 0.65}
FOLDED = {"quagga-enron-train": 0.80, "forge": 0.92}
STOLEN = 0.005


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


def messages(name: str) -> list[Message]:
    return read_messages(corpus_file(name))


@pytest.mark.parametrize("name", FLOORS)
def test_lines_are_told_apart_as_well_as_recorded(name: str) -> None:
    found = whole(messages(name))
    measured = {"signature": found.core.f1, "newest": found.newest.f1}
    assert all(measured[part] >= floor for part, floor in FLOORS[name].items()), measured
    assert found.core.precision >= 0.85


def test_facts_of_the_wrong_person_are_rare() -> None:
    read = {name: messages(name) for name in FLOORS}
    assert sum(whole(each).stolen for each in read.values()) <= STOLEN * sum(map(len, read.values()))


def test_fields_are_found_as_well_as_recorded() -> None:
    found = whole(messages("quagga-enron-train"))
    measured = {kind: count.f1 for kind, count in found.kinds.items()}
    assert all(measured[kind] >= floor for kind, floor in FIELDS.items()), measured


@pytest.mark.parametrize("name", FOLDED)
def test_mail_that_was_not_learnt_from_is_read_as_well_as_recorded(name: str) -> None:
    read = messages(name)
    made = [prepare(message) for message in made_up_mail(600)]
    assert folded(read, made).f1 >= FOLDED[name]


def test_the_shipped_model_is_learnt_from_made_up_mail_and_forge_alone() -> None:
    read = shipped_training_set(messages("forge"))
    assert {example.message.collection for example in read} == {"made", "forge"}


def test_copies_and_answers_are_one_thread() -> None:
    long = "This sentence is long enough to stand in no two letters by chance."
    texts = (f"{long}\nYes.", f"No.\n> {long}", "Another letter.")
    read = [Message(str(n), "x", "", "", text, ("body",) * 2, (0, 0)) for n, text in enumerate(texts)]
    first, second, third = threads(read)
    assert first == second != third


def test_a_missing_corpus_is_skipped_and_fails_in_ci(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MXSYNC_CORPUS", str(tmp_path))
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="set MXSYNC_CORPUS"):
        corpus_file("forge")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="set MXSYNC_CORPUS"):
        corpus_file("forge")
