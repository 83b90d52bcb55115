"""Text that carries its own labels: how the maker of mails knows what every line of what it wrote is.

Each visible piece of a mail is written with `ink(label, text)`: two marks from Unicode's private use area around it, the
first followed by the label and the block. `develop` takes the marks out and keeps what they said; `label_lines`
then finds the pieces again in whatever text a reader makes of the mail, by their letters and digits, in
their order. So labels do not depend on how the reader lays out HTML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape

LABELS = {"B": "body", "C": "closing", "S": "sig", "M": "mua", "H": "header", "Q": "quote", "R": "register"}
"""As in the annotated corpora; `register` is a `mua` line that tells of the author's own firm: its registration, its directors."""
_LETTER = {label: letter for letter, label in LABELS.items()}
_OPEN, _SHUT = "\ue000", "\ue001"
_PIECE = re.compile(f"{_OPEN}([A-Z])([0-9])(.*?){_SHUT}", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_TARGET = re.compile(r"<(?:https?|mailto|tel|file)[^<>]*>|\[(?:https?|mailto|tel)[^\[\]]*\]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A visible piece of a mail: its letters and digits, and what it is. `block` 0 is the newest author's own part."""

    letters: str
    label: str
    block: int


def ink(label: str, text: str, block: int = 0) -> str:
    """`text` as it is (plain text, or markup that is escaped already), labelled."""
    return f"{_OPEN}{_LETTER[label]}{min(block, 9)}{text}{_SHUT}"


def ink_html(label: str, text: str, block: int = 0) -> str:
    """`text` escaped for HTML, labelled."""
    return ink(label, escape(text, quote=False), block)


def letters_of(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def develop(source: str, *, markup: bool) -> tuple[str, list[Piece]]:
    """The source without marks, and its pieces in their order. `markup`: whether it is HTML."""
    pieces = []
    for letter, block, text in _PIECE.findall(source):
        shown = unescape(_TAG.sub("", text)) if markup else text
        pieces.append(Piece(letters_of(shown), LABELS[letter], int(block)))
    return _PIECE.sub(r"\3", source), pieces


def label_lines(text: str, pieces: Sequence[Piece]) -> list[tuple[str, int]]:
    """(label, block) of every line of `text`; 'blank' for lines without a letter or digit. A line that two pieces share
    is what most of its letters are. Raises `LookupError` for a line that nobody wrote."""
    stream = "".join(piece.letters for piece in pieces)
    owners = [number for number, piece in enumerate(pieces) for _ in piece.letters]
    labels: list[tuple[str, int]] = []
    cursor = 0
    for line in text.split("\n"):
        letters = letters_of(line)
        if not letters:
            labels.append(("blank", 0))
            continue
        at = stream.find(letters, cursor)
        if at < 0:  # the reader shows where a link leads
            letters = letters_of(_TARGET.sub("", line))
            at = stream.find(letters, cursor)
            if not letters:
                labels.append(("blank", 0))
                continue
        if at < 0:
            raise LookupError(f"no piece of the mail reads {line!r} behind …{stream[max(0, cursor - 40) : cursor]!r}")
        owned = owners[at : at + len(letters)]
        winner = pieces[max(set(owned), key=owned.count)]
        labels.append((winner.label, winner.block))
        cursor = at + len(letters)
    return labels
