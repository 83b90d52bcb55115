"""Trains the line model: L-BFGS on the likelihood, with both penalties (python-crfsuite; Okazaki 2007)."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pycrfsuite

from mxsync.extract.line_model import LineModel, read_model, written
from training.mails import made_up_mail
from training.messages import Message
from training.prepare import Prepared, prepare

LABELS = ("body", "closing", "sig", "mua")
MADE_UP = 2_500
"""Made-up messages that the shipped model is trained on."""

FORGE_COPIES = 5
"""How often a real message counts against a made-up one."""

L1, L2, ROUNDS = 0.5, 5.0, 300
SHIPPED = Path(__file__).resolve().parents[1] / "mxsync" / "extract" / "line_model.tsv"
REMARKS = (
    "Weights of the line model of mxsync.extract: made by `python -m training fit`; see docs/extraction.md.",
    "Learnt from made-up mail (training/) and from the annotated mail of mailgun/forge,",
    "https://github.com/mailgun/forge, Copyright Mailgun, CC-BY 3.0 (https://creativecommons.org/licenses/by/3.0/).",
)


def shipped_training_set(forge: Sequence[Message]) -> list[Prepared]:
    """What the model in the wheel is trained on: made-up mail, and forge with its authors named and not."""
    real = [prepare(message) for message in forge] + [prepare(message.anonymous()) for message in forge]
    return [prepare(message) for message in made_up_mail(MADE_UP)] + real * FORGE_COPIES


def fit(examples: Sequence[Prepared], labels: Sequence[str] = LABELS) -> LineModel:
    """The same model for the same examples in the same order."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    for example in examples:
        if example.features:
            trainer.append(example.features, example.labels)
    trainer.set_params({"c1": L1, "c2": L2, "max_iterations": ROUNDS, "feature.possible_transitions": True})
    with tempfile.TemporaryDirectory() as place:
        path = str(Path(place) / "model.crfsuite")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        info = tagger.info()
        tagger.close()
    column = {label: index for index, label in enumerate(labels)}
    weights: dict[str, list[float]] = {}
    for (feature, label), weight in info.state_features.items():
        weights.setdefault(feature, [0.0] * len(labels))[column[label]] = weight
    steps = [[info.transitions.get((above, below), 0.0) for below in labels] for above in labels]
    return LineModel(
        tuple(labels), {name: tuple(row) for name, row in weights.items()}, tuple(tuple(row) for row in steps)
    )


def write_shipped(forge: Sequence[Message], path: Path = SHIPPED) -> LineModel:
    """Trains the shipped model, writes it, and gives it as it is read back."""
    text = written(fit(shipped_training_set(forge)), REMARKS)
    path.write_text(text, encoding="utf-8")
    return read_model(text)
