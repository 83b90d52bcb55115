"""Messages → what the model is trained on: for each line at the end of the author's part, its features and its label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mxsync.extract.ending import views_of
from mxsync.extract.line_features import LineView, features_of
from mxsync.extract.line_signs import Sign
from mxsync.extract.quotes import own_lines
from mxsync.extract.reading import author_of, lines_of
from mxsync.extract.signature import find_ending, window_of
from mxsync.model.item import Address
from training.messages import Message

WITHOUT_CLOSING = frozenset({"forge"})
"""Collections whose annotation calls closing and signature the same."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """`features` and `labels` run along `numbers`, the numbers of the lines in the message."""

    message: Message
    numbers: tuple[int, ...]
    features: list[list[str]]
    labels: list[str]


def prepare(message: Message, *, rules: bool = True) -> Prepared:
    """`rules` tells whether the model is shown what the rules guess."""
    author = author_of(Address(message.display, message.address))
    lines, _ = lines_of(message.text)
    own = own_lines(lines, author.words)
    window = window_of(lines, own, author)
    views = views_of(lines, window, find_ending(lines, window, author), author)
    if not rules:
        views = [replace(view, rule="") for view in views]
    features = features_of(views, author_known=bool(author.words), from_start=window.before)
    labels = [_label(message, number) for number in window.written]
    if message.collection in WITHOUT_CLOSING:
        labels = _told_apart(labels, views)
    return Prepared(message, window.written, features, labels)


def _label(message: Message, number: int) -> str:
    label = message.labels[number]
    return "body" if message.blocks[number] > 0 or label in ("header", "quote", "blank") else label


def _told_apart(labels: list[str], views: Sequence[LineView]) -> list[str]:
    """Where the annotation does not tell a closing from a signature: a closing is what closes, the bare name that is
    written again below it, and all of a block without any contact."""
    block = [place for place, label in enumerate(labels) if label == "sig"]
    told = list(labels)
    bare = not any(views[place].contacts for place in block)
    above = True
    for index, place in enumerate(block):
        below = views[block[index + 1]] if index + 1 < len(block) else None
        signs = views[place].sign is Sign.NAME and len(views[place].text.split()) == 1
        again = signs and below is not None and below.sign is Sign.NAME
        if bare or (above and (views[place].closes or again)):
            told[place] = "closing"
        above = above and views[place].closes
    return told
