"""Which of the natural slips it is: from the place where parsing stopped to a message in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from mxsync.lang import messages_syntax as say
from mxsync.lang import vocabulary
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.source import Span
from mxsync.lang.split import Piece
from mxsync.lang.suggest import did_you_mean

_CURVED = "‘’‚“”„«»"
_FOREIGN = ("==", "&&", "||", "<>")
_ARROWS = ("<->", "->", "<-", "=")
_ROLES = ("from", "to", "cc", "attendee", "correspondent")

# How terminals are called when they are listed as what may stand somewhere.
_CALLED: Final = {
    "NAME": "a name",
    "STRING": "a text in quotes",
    "MSTRING": "a long text",
    "COLUMN": "a column",
    "NUMBER": "a number",
    "SIZE": "a size such as `1 MB`",
    "DURATION": "a duration such as `2 days`",
    "DATE": "a date",
    "DATETIME": "a date and time",
    "REGEX": "a regular expression between slashes",
    "HEADERPATH": "`header.NAME`",
    "EVENT": "`created`, `updated` or `deleted`",
    "ADJ": "a state such as `private`",
    "HASWORD": "`signature` or `phone`",
    "SRC": "`signature`, `header` or `domain`",
    "WHO": "`sender`, `recipients`, `attendees` or `correspondents`",
    "QUANT": "`any` or `all`",
    "EQ": "`=`",
    "NE": "`!=`",
    "LT": "`<`",
    "LE": "`<=`",
    "GT": "`>`",
    "GE": "`>=`",
    "PLUS": "`+`",
    "MINUS": "`-`",
    "BOTH": "`<->`",
    "TOTABLE": "`->`",
    "TOITEM": "`<-`",
    "COMMA": "a comma",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "DOT": "`.`",
    "$END": "the end of the statement",
}
_LISTED = 7


@dataclass(frozen=True, slots=True)
class Word:
    """A word, text or sign of the statement, with its place in its text and where it stands."""

    text: str
    start: int
    span: Span


@dataclass(frozen=True, slots=True)
class Failure:
    """Where parsing stopped: `at` is the place in the piece's text, `expected` the terminals that could have stood
    there."""

    file: str
    piece: Piece
    at: int
    expected: frozenset[str]
    words: Sequence[Word]


@dataclass(frozen=True, slots=True)
class _Place:
    """The failure with its neighbourhood: `word` None at the end of the statement."""

    failure: Failure
    before: Sequence[Word]
    word: Word | None
    after: Sequence[Word]

    def back(self, number: int) -> str:
        return self.before[-number].text if len(self.before) >= number else ""

    @property
    def span(self) -> Span:
        if self.word is not None:
            return self.word.span
        if self.before:
            return self.before[-1].span
        line = self.failure.piece.line
        return Span(self.failure.file, line, 1, line, 2)

    def in_actions(self) -> bool:
        return any(word.text == "then" for word in self.before)


def explain(failure: Failure) -> Diagnostic:
    """The message for a place where parsing stopped."""
    before = [word for word in failure.words if word.start + len(word.text) <= failure.at]
    rest = [word for word in failure.words if word.start + len(word.text) > failure.at]
    place = _Place(failure, before, rest[0] if rest else None, rest[1:])
    for detect in _DETECTORS:
        found = detect(place)
        if found is not None:
            return found
    return _generic(place)


def _quotes(place: _Place) -> Diagnostic | None:
    text = place.word.text if place.word is not None else ""
    if text[:1] and text[0] in _CURVED:
        return say.curved_quote(place.span, text[0])
    if text in ("'", '"'):
        return say.never_closed(place.span, text)
    return None


def _beginning(place: _Place) -> Diagnostic | None:
    if place.before or place.word is None:
        return None
    word = place.word.text
    if word.lower() in vocabulary.STATEMENTS and word != word.lower():
        return say.upper_case(place.span, word)
    return say.no_statement(place.span, word, vocabulary.STATEMENTS)


def _signs(place: _Place) -> Diagnostic | None:
    if place.word is None:
        return None
    text = place.word.text
    if text in _FOREIGN or (text in ("&", "|", "!") and place.before):
        return say.foreign_sign(place.span, text)
    return None


def _case(place: _Place) -> Diagnostic | None:
    if place.word is None:
        return None
    text = place.word.text
    if text.lower() != text and f"_{text.upper()}" in place.failure.expected:
        return say.upper_case(place.span, text)
    return None


def _entity_line(place: _Place) -> Diagnostic | None:
    first = place.before[0].text if place.before else ""
    if first not in ("entity", "extend"):
        return None
    # `name =` and the next line's field were read as its column: the sign after that field is where it shows.
    if place.word is not None and place.word.text in _ARROWS and len(place.before) >= 2:
        field, arrow = place.before[-1], place.before[-2]
        if arrow.text in _ARROWS and field.span.line > arrow.span.line:
            return say.no_column(arrow.span, arrow.text)
    if place.before and place.before[-1].text in _ARROWS:
        here = place.word
        if here is None or here.span.line > place.before[-1].span.line:
            return say.no_column(place.before[-1].span, place.before[-1].text)
    return None


def _header(place: _Place) -> Diagnostic | None:
    """`when mail in folder 'Inbox'`, `when mail for users 'anna@…'`."""
    if place.word is None or place.in_actions() or not any(word.text == "when" for word in place.before):
        return None
    following = [word.text for word in place.after[:2]]
    if place.word.text == "in" and following[:1] in (["folder"], ["folders"]):
        return say.in_header(place.word.span.to(place.after[0].span), "in folders")
    if place.word.text == "in" and following == ["public", "folders"]:
        return say.in_header(place.word.span.to(place.after[1].span), "in public folders")
    if place.word.text == "for" and following[:1] in (["user"], ["users"]):
        return say.in_header(place.word.span.to(place.after[0].span), "for users")
    return None


def _kinds(place: _Place) -> Diagnostic | None:
    if place.word is None or place.word.text not in ("or", "and", ","):
        return None
    if place.back(2) == "when" and place.back(1) in vocabulary.KIND_WORDS:
        return say.one_kind(place.span, place.word.text)
    return None


def _state(place: _Place) -> Diagnostic | None:
    if place.word is None or place.back(1) not in ("received", "sent") or place.back(2) not in vocabulary.KIND_WORDS:
        return None
    return say.received_state(place.before[-1].span, place.back(1))


def _category(place: _Place) -> Diagnostic | None:
    if place.word is None:
        return None
    text = place.word.text
    if place.back(1) == "category" and text in ("=", "is", "contains", "!="):
        value = next((word.text for word in place.after if word.text[:1] in "'\""), "'X'")
        return say.category_sign(place.span, text, value)
    return None


def _values(place: _Place) -> Diagnostic | None:
    """`from 'a' or 'b'`, `category 'A', 'B'`."""
    if place.word is None:
        return None
    joiner = place.word.text if place.word.text in ("or", ",") else place.back(1)
    if joiner not in ("or", "and", ","):
        return None
    at = place.before if place.word.text in ("or", ",") else place.before[:-1]
    following = place.after[:1] if place.word.text in ("or", ",") else [place.word]
    if not at or not following or at[-1].text[:1] not in "'\"" or following[0].text[:1] not in "'\"":
        return None
    lead = [word.text for word in at[-3:-1]]
    head = lead[-1] if lead else ""
    if head == "domain" and len(lead) > 1 and lead[0] in _ROLES:
        return say.several_values(following[0].span, f"{lead[0]} domain", (at[-1].text, following[0].text))
    if head in (*_ROLES, "category"):
        return say.several_values(following[0].span, head, (at[-1].text, following[0].text))
    return None


def _joined(place: _Place) -> Diagnostic | None:
    if place.word is None or place.word.text not in ("and", "or"):
        return None
    if place.in_actions():
        return say.comma_between(place.span, place.word.text, joined=True)
    other = "or" if place.word.text == "and" else "and"
    if any(word.text == other for word in place.before):
        return say.mixed(place.span, place.word.text)
    return None


def _actions(place: _Place) -> Diagnostic | None:
    if place.word is None:
        return None
    text, last = place.word.text, place.back(1)
    if last == "has" and text == "attachments":
        return say.attachments(place.span)
    if last == "link" and text not in ("to", ",") and text.isidentifier():
        return say.link_without_to(place.span, text)
    if place.back(2) == "update" and place.in_actions() and text in ("with", ".", "set", "="):
        return say.update_with(place.span, last)
    if text == "to" and any(word.text == "set" for word in place.before[-6:]):
        start = max(number for number, word in enumerate(place.before) if word.text == "set")
        path = "".join(word.text for word in place.before[start + 1 :])
        return say.set_to(place.span, path)
    if place.in_actions() and last != "," and text in vocabulary.ACTIONS:
        return say.comma_between(place.span, text, joined=False)
    return None


def _ends(place: _Place) -> Diagnostic | None:
    words = [word.text for word in place.before]
    if not words or words[0] not in ("rule", "when"):
        return None
    if place.word is None and "when" not in words:
        return say.rule_without_when(place.before[0].span.to(place.before[-1].span))
    if "then" not in words and (place.word is None or place.word.text in vocabulary.ACTIONS):
        return say.no_then(place.span)
    return None


_DETECTORS: Final[Sequence[Callable[[_Place], Diagnostic | None]]] = (
    _quotes, _beginning, _signs, _case, _entity_line, _header, _kinds, _state, _category, _values, _joined, _actions,
    _ends,
)  # fmt: skip


_GOES_ON: Final = frozenset({"then", "when", "expect", "and", "or"})
"""Words with which a statement goes on: where one of them may not stand, what should be before it is missing."""


def _generic(place: _Place) -> Diagnostic:
    expected = _expected(place.failure.expected)
    if place.word is None:
        return say.unfinished(place.span, expected)
    word = place.word.text
    if word in _GOES_ON and place.before and place.before[0].text in ("rule", "when", "test", "sync"):
        return say.missing_before(place.span, word, expected)
    if word in vocabulary.RESERVED and "NAME" in place.failure.expected:
        return say.reserved(place.span, word)
    near = did_you_mean(word, [_plain(name) for name in place.failure.expected if _plain(name)])
    return say.unexpected(place.span, word if len(word) < 40 else word[:40] + "…", expected, near)


def _plain(terminal: str) -> str:
    return "" if terminal in _CALLED or terminal.startswith("__") else terminal.removeprefix("_").lower()


def _expected(terminals: frozenset[str]) -> str:
    names = sorted(
        {_CALLED.get(name) or f"`{_plain(name)}`" for name in terminals if _CALLED.get(name) or _plain(name)}
    )
    names.sort(key=lambda name: (name.startswith("`"), name))
    if len(names) > _LISTED:
        return ", ".join(names[:_LISTED]) + " and others"
    return " or ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)
