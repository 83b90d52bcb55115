"""How a mail ends: the rules' guess, weighed by the line model, and kept within bounds that no model may leave.

The model is `line_model` over the features of `line_features`. It is asked only where a line could be part of a contact
block at all, which in most mail none is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mxsync.extract.boilerplate import Added
from mxsync.extract.line_features import LineView, features_of
from mxsync.extract.line_model import LineModel, shipped_model
from mxsync.extract.line_signs import LINE_LIMIT, Sign, contact_signs, looks_like_name, matches_firm
from mxsync.extract.signature import Author, Ending, Window, find_ending, is_closing, window_of

LEAST_SURE = 0.6
"""A block whose lines are on average less likely than this to be a signature is none: better nothing than a
stranger's."""

RULES_ALONE = 0.9
"""How sure a closing is that the rules found in a mail without any contact line."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Numbers of lines: the closing, the signature, what programs added (`added`, with by whom), and rules drawn around
    a signature (`drawn`). `sure` is how likely each line of closing and signature is what it is taken for; `confidence`
    the same of the signature as a whole (0 to 1), and without one how likely it is that there is none."""

    closing: tuple[int, ...] = ()
    signature: tuple[int, ...] = ()
    added: Mapping[int, Added] = field(default_factory=dict)
    drawn: tuple[int, ...] = ()
    sure: Mapping[int, float] = field(default_factory=dict)
    confidence: float = 1.0

    @property
    def boilerplate(self) -> tuple[int, ...]:
        """What is neither the message nor its ending."""
        return tuple(sorted({*self.added, *self.drawn}))


def read_ending(
    lines: Sequence[str],
    own: Sequence[int],
    author: Author,
    *,
    model: LineModel | None = None,
    guess: Ending | None = None,
) -> Ended:
    """The ending of a mail in the lines numbered `own`. `model` and `guess`, for measuring, take the place of the
    shipped model and of what the rules say."""
    window = window_of(lines, own, author)
    rules = find_ending(lines, window, author) if guess is None else guess
    views = views_of(lines, window, rules, author)
    if guess is None and not any(view.contacts for view in views):
        return _closing_only(window, rules)
    features = features_of(views, author_known=bool(author.words), from_start=window.before)
    labels, sure = (model or shipped_model()).label(features)
    return _bounded(window, views, labels, sure, bool(author.words))


def views_of(lines: Sequence[str], window: Window, guess: Ending, author: Author) -> list[LineView]:
    """The lines of a window as the model is shown them."""
    rule = dict.fromkeys(guess.closing, "closing")
    rule |= dict.fromkeys(guess.signature, "sig")
    rule |= dict.fromkeys(guess.boilerplate, "mua")
    views = []
    for number in window.written:
        line, sign = lines[number], window.signs[number]
        contacts = contact_signs(line, sign, author.words, author.firm)
        low = line[:LINE_LIMIT].lower()
        own = ("@" in low and author.address in low) if author.address else False
        own = own or (len(author.firm) > 2 and "@" not in low and f"{author.firm}." in low)
        own = own or (sign is Sign.ORGANISATION and matches_firm(line.strip(), author.firm))
        views.append(LineView(number, line, sign, is_closing(line), rule.get(number, ""), contacts, own))
    return views


def _closing_only(window: Window, guess: Ending) -> Ended:
    closing = tuple(sorted({*guess.closing, *_named(window, guess)}))
    drawn = {number for number in guess.boilerplate if number not in window.added}
    drawn |= set(_drawn_below(window))
    return Ended(closing, (), window.added, tuple(sorted(drawn)), dict.fromkeys(closing, RULES_ALONE))


def _named(window: Window, guess: Ending) -> tuple[int, ...]:
    """A block without any contact is the name under a letter, if it is short."""
    return guess.signature if len(guess.signature) <= 2 else ()


def _bounded(
    window: Window, views: Sequence[LineView], labels: Sequence[str], sure: Sequence[float], known: bool
) -> Ended:
    """The model's answer without what cannot be: rules drawn, blocks of nobody, blocks it is not sure of."""
    labels, sure = _with_one_liner(views, labels, sure)
    closing = [place for place, label in enumerate(labels) if label == "closing"]
    block = [place for place, label in enumerate(labels) if label == "sig"]
    drawn = [place for place in block if views[place].sign is Sign.RULE]
    block = [place for place in block if views[place].sign is not Sign.RULE]
    drawn += _drawn_above(views, block)
    drawn += [len(views) - 1 - step for step in range(len(_drawn_below(window)))]
    confidence = sum(sure[place] for place in block) / len(block) if block else 1.0
    dropped: list[int] = []
    anchored = bool(closing or drawn) or (not known and bool(block) and _full_name(views[block[0]].text))
    if block and (confidence < LEAST_SURE or not _reaches_somebody(views, block, anchored)):
        named = [place for place in block if views[place].sign in (Sign.NAME, Sign.SHORT) and place in _near(closing)]
        closing = sorted({*closing, *named})
        dropped = [place for place in block if place not in named] if confidence >= LEAST_SURE else []
        block, confidence = [], 1.0 - confidence if confidence < LEAST_SURE else confidence
    if not block and closing:
        dropped += _motto(views, labels, closing[-1])
    number = [view.number for view in views]
    return Ended(
        tuple(number[place] for place in closing),
        tuple(number[place] for place in block),
        window.added,
        tuple(sorted(number[place] for place in {*drawn, *dropped})),
        {number[place]: sure[place] for place in (*closing, *block)},
        round(confidence, 3),
    )


def _motto(views: Sequence[LineView], labels: Sequence[str], closing: int) -> list[int]:
    """The places of a rule at the end, below a closing, and of the few lines under it: a motto, and no letter."""
    rules = [place for place in range(closing + 1, len(views)) if views[place].sign is Sign.RULE]
    if not rules or len(views) - rules[-1] > 4 or "closing" in labels[rules[-1] :]:
        return []
    return list(range(rules[-1], len(views)))


def _with_one_liner(
    views: Sequence[LineView], labels: Sequence[str], sure: Sequence[float]
) -> tuple[list[str], list[float]]:
    """A last line with the author's name, a way to reach the author and something more is a signature by itself."""
    told, certain = list(labels), list(sure)
    for place in range(len(views) - 1, max(-1, len(views) - 3), -1):
        view = views[place]
        if _is_one_liner(view):
            if len(view.contacts) > 1 or place == len(views) - 1:
                likely = sure[place] if told[place] == "sig" else 1.0 - sure[place]
                told[place], certain[place] = "sig", max(LEAST_SURE, likely)
        elif view.sign is not Sign.RULE:
            break
    return told, certain


def _is_one_liner(view: LineView) -> bool:
    """Whether a line tells who wrote and how to reach them: 'Jane Roe | Buyer | +44 20 7946 0018'. In another script,
    whose names are not those of a header in Latin letters, a title or a firm stands for the name."""
    if len(view.text) > LINE_LIMIT or Sign.REACH not in view.contacts:
        return False
    return view.sign is Sign.NAME or (view.text.lstrip()[:1] >= "\u0370" and len(view.contacts) > 1)


def _drawn_below(window: Window) -> list[int]:
    """Rules at the very end, under which only what programs add stood."""
    found = []
    for number in reversed(window.written):
        if window.signs[number] is not Sign.RULE:
            break
        found.append(number)
    return found


def _drawn_above(views: Sequence[LineView], block: Sequence[int]) -> list[int]:
    """'-- ' and other rules right above a signature."""
    if not block or block[0] == 0 or views[block[0] - 1].sign is not Sign.RULE:
        return []
    return [block[0] - 1]


def _reaches_somebody(views: Sequence[LineView], block: Sequence[int], anchored: bool) -> bool:
    """Whether a block says anything of a person: two ways to reach somebody, or one by the author's name, below a
    closing or a delimiter (`anchored`), or to the author's own address. A motto with its link does not."""
    contacts = [place for place in block if views[place].contacts]
    if sum(len(views[place].contacts) for place in contacts) >= 2:
        return True
    if not contacts:
        return False
    named = any(views[place].sign is Sign.NAME for place in block)
    only = views[contacts[0]]
    link = only.sign is Sign.REACH and "://" in only.text and "@" not in only.text
    if link and len(only.text.split()) > 2 and not named:
        return False
    return named or anchored or only.own


def _full_name(text: str) -> bool:
    return looks_like_name(text) and 2 <= len(text.split()) <= 4


def _near(closing: Sequence[int]) -> set[int]:
    """Places right below a closing."""
    return {place + step for place in closing[-1:] for step in (1, 2)}
