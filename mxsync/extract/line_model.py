"""A linear-chain conditional random field over the lines of a mail's end (Lafferty, McCallum & Pereira 2001).

The weights are data: `line_model.tsv` beside this file, a feature a line, a label a column. `training/train.py` makes
it. The best labelling is Viterbi's; how sure it is comes from the forward-backward sums.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp
from operator import add, mul
from pathlib import Path

TRANSITION = "->"
"""Rows whose feature begins with this weigh the step from the label behind it."""


@dataclass(frozen=True, slots=True)
class LineModel:
    """`weights` leads from a feature to its weight for each label, in the order of `labels`; `steps[i][j]` is the
    weight of label j on the line below one with label i."""

    labels: tuple[str, ...]
    weights: Mapping[str, tuple[float, ...]]
    steps: tuple[tuple[float, ...], ...]

    def label(self, features: Sequence[Sequence[str]]) -> tuple[list[str], list[float]]:
        """The most likely labels of the lines, and for each how likely it is (0 to 1) given all lines."""
        if not features:
            return [], []
        scores = [self._score(shown) for shown in features]
        best = self._viterbi(scores)
        sure = self._marginals(scores)
        return [self.labels[label] for label in best], [row[label] for row, label in zip(sure, best, strict=True)]

    def _score(self, features: Sequence[str]) -> list[float]:
        rows = [row for feature in features if (row := self.weights.get(feature)) is not None]
        return [sum(column) for column in zip(*rows, strict=True)] if rows else [0.0] * len(self.labels)

    def _viterbi(self, scores: Sequence[Sequence[float]]) -> list[int]:
        span = range(len(self.labels))
        into = list(zip(*self.steps, strict=True))
        current = list(scores[0])
        back: list[list[int]] = []
        for score in scores[1:]:
            came: list[int] = []
            best: list[float] = []
            for column in into:
                ways = list(map(add, current, column))
                best.append(max(ways))
                came.append(ways.index(best[-1]))
            current = list(map(add, best, score))
            back.append(came)
        path = [max(span, key=lambda j: current[j])]
        for came in reversed(back):
            path.append(came[path[-1]])
        return path[::-1]

    def _marginals(self, scores: Sequence[Sequence[float]]) -> list[list[float]]:
        """Forward times backward, each row scaled to a sum of one so that nothing overflows."""
        steps = [[exp(weight) for weight in row] for row in self.steps]
        into = list(zip(*steps, strict=True))
        local = []
        for row in scores:
            most = max(row)
            local.append([exp(value - most) for value in row])
        forward = [_scaled(local[0])]
        for row in local[1:]:
            above = forward[-1]
            forward.append(_scaled(list(map(mul, row, [sum(map(mul, above, column)) for column in into]))))
        backward = [1.0] * len(self.labels)
        found = [forward[-1]]
        for place in range(len(scores) - 2, -1, -1):
            below = list(map(mul, local[place + 1], backward))
            backward = _scaled([sum(map(mul, row, below)) for row in steps])
            found.append(_scaled(list(map(mul, forward[place], backward))))
        return found[::-1]


def _scaled(row: list[float]) -> list[float]:
    total = sum(row)
    return [value / total for value in row] if total > 0 else [1 / len(row)] * len(row)


@lru_cache(maxsize=1)
def shipped_model() -> LineModel:
    """The model in the wheel."""
    return read_model(Path(__file__).with_name("line_model.tsv").read_text(encoding="utf-8"))


def read_model(text: str) -> LineModel:
    """A model as `written` writes it. Lines that begin with '#' are remarks."""
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    labels = tuple(rows[0][1:])
    weights, steps = {}, {}
    for name, *values in rows[1:]:
        row = tuple(float(value) for value in values)
        if name.startswith(TRANSITION):
            steps[name[len(TRANSITION) :]] = row
        else:
            weights[name] = row
    return LineModel(labels, weights, tuple(steps[label] for label in labels))


def written(model: LineModel, remarks: Sequence[str]) -> str:
    """The model as a table: remarks, labels, steps, then the features by name, with three decimals."""
    lines = [f"# {remark}" for remark in remarks]
    lines.append("\t".join(("feature", *model.labels)))
    for label, row in zip(model.labels, model.steps, strict=True):
        lines.append("\t".join((TRANSITION + label, *(_short(value) for value in row))))
    for feature in sorted(model.weights):
        row = model.weights[feature]
        if any(abs(value) >= 0.0005 for value in row):
            lines.append("\t".join((feature, *(_short(value) for value in row))))
    return "\n".join(lines) + "\n"


def _short(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") if abs(value) >= 0.0005 else "0"
