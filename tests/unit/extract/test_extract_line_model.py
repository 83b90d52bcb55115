"""The line model: its arithmetic against plain enumeration, its file, its training, and what it is asked for."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise, product
from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxsync.extract import read_text
from mxsync.extract.line_model import LineModel, read_model, shipped_model, written
from mxsync.model.item import Address
from training.fit import LABELS, fit
from training.mails import made_up_mail
from training.measure import by_model, score
from training.prepare import prepare

WEIGHT = st.floats(-5, 5, allow_nan=False)
MODELS = st.builds(
    LineModel,
    st.just(("a", "b", "c")),
    st.fixed_dictionaries({name: st.tuples(WEIGHT, WEIGHT, WEIGHT) for name in "xyz"}),
    st.tuples(*[st.tuples(WEIGHT, WEIGHT, WEIGHT)] * 3),
)


@settings(deadline=None, max_examples=60)
@given(MODELS, st.lists(st.lists(st.sampled_from("xyz?"), max_size=3), min_size=1, max_size=4))
def test_the_best_labels_and_how_sure_they_are(model: LineModel, features: list[list[str]]) -> None:
    """Against all labellings, one by one."""

    def weight(path: tuple[int, ...]) -> float:
        local = sum(
            model.weights[f][label] for shown, label in zip(features, path, strict=True) for f in shown if f != "?"
        )
        return local + sum(model.steps[a][b] for a, b in pairwise(path))

    paths = list(product(range(3), repeat=len(features)))
    total = sum(exp(weight(path)) for path in paths)
    labels, sure = model.label(features)
    found = tuple(model.labels.index(label) for label in labels)
    assert weight(found) == pytest.approx(max(map(weight, paths)))
    for place, label in enumerate(found):
        share = sum(exp(weight(path)) for path in paths if path[place] == label) / total
        assert sure[place] == pytest.approx(share)


def test_no_lines_have_no_labels() -> None:
    assert shipped_model().label([]) == ([], [])


def test_a_model_is_read_as_it_was_written() -> None:
    model = LineModel(
        ("body", "sig"), {"b": (0.5, -1.25), "a": (0.0, 2.0), "nothing": (0.0, 0.0)}, ((1.0, 0.0), (0.0, 3.0))
    )
    text = written(model, ["a remark"])
    assert text == "# a remark\nfeature\tbody\tsig\n->body\t1\t0\n->sig\t0\t3\na\t0\t2\nb\t0.5\t-1.25\n"
    again = read_model(text)
    assert again.labels == model.labels and again.steps == model.steps
    assert again.weights == {"a": (0.0, 2.0), "b": (0.5, -1.25)}


def test_the_shipped_weights_say_what_one_expects() -> None:
    model = shipped_model()
    assert model.labels == LABELS
    sig, body, closing = (model.labels.index(label) for label in ("sig", "body", "closing"))
    assert model.weights["sign:reach"][sig] > model.weights["sign:reach"][body]
    assert model.weights["closes"][closing] > model.weights["closes"][body]
    assert model.steps[sig][sig] > model.steps[sig][closing]
    assert model.weights["sign:prose"][body] > model.weights["sign:prose"][sig]


def test_the_same_mail_makes_the_same_model() -> None:
    examples = [prepare(message) for message in made_up_mail(80)]
    again = [prepare(message) for message in made_up_mail(80)]
    assert written(fit(examples), []) == written(fit(again), [])


def test_a_model_learns_from_made_up_mail_what_it_is_tested_on_elsewhere() -> None:
    model = fit([prepare(message) for message in made_up_mail(400)])
    assert score(made_up_mail(150, seed=99), by_model(model)).f1 > 0.9


def test_made_up_mail_is_labelled_line_by_line() -> None:
    for message in made_up_mail(200):
        lines = message.text.split("\n")
        assert len(lines) == len(message.labels) == len(message.blocks)
        assert all(
            (label == "blank") == (not line.strip("> ")) or label != "blank"
            for line, label in zip(lines, message.labels, strict=True)
        )
    assert {label for message in made_up_mail(200) for label in message.labels} == {
        "body",
        "closing",
        "sig",
        "mua",
        "blank",
        "header",
    }


def test_the_shipped_model_is_not_loaded_for_mail_without_a_contact() -> None:
    code = (
        "import sys; from mxsync.extract import read_text; from mxsync.extract.line_model import shipped_model; "
        "from mxsync.model.item import Address; read_text('Fine.\\n\\nJane', sender=Address('Jane Roe', ''), region=''); "
        "print(shipped_model.cache_info().currsize, 'phonenumbers' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["0", "False"]


def test_a_reading_says_how_sure_it_is() -> None:
    jane = Address("Jane Roe", "jane@acme.example")
    plain = read_text(
        "See below.\n\nKind regards\nJane Roe\nBuyer\nAcme Ltd\nT +44 20 7946 0018\njane@acme.example",
        sender=jane,
        region="",
    )
    odd = read_text("The pump\n\n020 7946 0018\nMill Lane\nacme.example", sender=jane, region="GB")
    assert plain.confidence > 0.95 and plain.confidence > odd.confidence
    assert all(fact.confidence <= 1 for fact in plain.facts)
    assert read_text("Yes.", sender=jane, region="").confidence == 1.0
