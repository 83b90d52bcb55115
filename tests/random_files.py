"""Rule files made by walking the grammar at random, and laid out as nobody would."""

from __future__ import annotations

import random
import re
from functools import cache
from itertools import pairwise
from typing import Any

from lark import Lark
from lark.grammar import NonTerminal, Rule

from mxsync import resources
from mxsync.lang.vocabulary import RESERVED

GRAMMAR = resources.text("grammar/mxsync.lark")
KEYWORDS = frozenset(
    word
    for found in re.findall(r"^[A-Z_]+\.2: /\(?([a-z_|]+)\)?\\b/$", GRAMMAR, re.MULTILINE)
    for word in found.split("|")
)
"""Every word of the grammar; those that are not reserved may be names wherever a name is expected."""
SAMPLES: dict[str, tuple[str, ...]] = {
    # `header.x` is a header, and no field of a record called header.
    "NAME": ("subject", "sales", "vendor_2", "größe", "status", *sorted(KEYWORDS - RESERVED - {"header"})),
    "COLUMN": ("Name", "Größe", "Order_ID", "table", "when"),
    "STRING": ("'a'", "'it''s {subject} *'", "\"x 'y'\"", '"say ""so"""', "'# no comment'", "''", "'  two  spaces'"),
    "MSTRING": ('"""one\n  two\n\nthree # no comment"""', '"""x"""'),
    "NUMBER": ("0", "17", "2.5"),
    "SIZE": ("5 MB", "1.5 GB", "10 bytes"),
    "DURATION": ("2 days", "1 hour", "3 months"),
    "DATE": ("2026-01-31", "2024-02-29"),
    "DATETIME": ("2026-01-31 14:00", "2026-01-31 14:00:59"),
    "REGEX": (r"/a.b/", r"/SN-?(?P<n>\d{6,})\/x/", "/[#']/"),
    "HEADERPATH": ("header.List-Id", "header.x"),
    "EVENT": ("created", "updated", "deleted"),
    "QUANT": ("any", "all"),
    "ADJ": ("private", "bulk", "all_day"),
    "HASWORD": ("signature", "phone"),
    "SRC": ("signature", "header", "domain"),
    "WHO": ("sender", "attendees"),
}


@cache
def grammar() -> Lark:
    return Lark(
        GRAMMAR,
        parser="lalr",
        lexer="contextual",
        keep_all_tokens=True,
        maybe_placeholders=False,
    )


@cache
def _rules() -> tuple[dict[str, list[Rule]], dict[str, int], dict[str, str]]:
    """The expansions of each rule, how deep the shallowest of them is, and the words of plain terminals."""
    of: dict[str, list[Rule]] = {}
    for rule in grammar().rules:
        of.setdefault(rule.origin.name, []).append(rule)
    depth: dict[str, int] = {}
    while len(depth) < len(of):
        for name, rules in of.items():
            inner = [[depth.get(s.name, 99) for s in r.expansion if isinstance(s, NonTerminal)] for r in rules]
            least = min(1 + max(each, default=0) for each in inner)
            if least < 99:
                depth[name] = least
    words = {}
    for terminal in grammar().terminals:
        pattern: Any = terminal.pattern
        words[terminal.name] = pattern.value.removesuffix(r"\b").replace("\\", "")
    return of, depth, words


def statement(made: random.Random, room: int = 14) -> list[str]:
    """The tokens of a statement."""
    of, depth, words = _rules()

    def walk(name: str, room: int) -> list[str]:
        rules = of[name]
        near = [
            r
            for r in rules
            if max((depth[s.name] for s in r.expansion if isinstance(s, NonTerminal)), default=0) < room
        ]
        rule = made.choice(near or [min(rules, key=lambda r: sum(depth.get(s.name, 0) for s in r.expansion))])
        tokens: list[str] = []
        for symbol in rule.expansion:
            if isinstance(symbol, NonTerminal):
                tokens += walk(symbol.name, room - 1)
            else:
                tokens.append(made.choice(SAMPLES.get(symbol.name) or (words[symbol.name],)))
        return tokens

    return walk("start", room)


def laid_out(tokens: list[str], made: random.Random) -> str:
    """Tokens with odd spaces, line breaks and comments between them; what follows the first is indented."""
    text = tokens[0]
    for before, token in pairwise(tokens):
        if token == "." or before == ".":
            text += token
            continue
        gaps = [" ", " ", " ", "   ", "\n  ", "\n      ", "  # a note\n    ", "\n\n  ", "\n  # another\n  "]
        if token in (",", ")") or before == "(":
            gaps += ["", "", ""]
        text += made.choice(gaps) + token
    return text + made.choice(["\n", "  # at the end\n", "\n\n\n", "\n# between\n\n"])


def file(seed: int, statements: int) -> str:
    """A whole file."""
    made = random.Random(seed)
    return made.choice(["", "# first\n", "\n\n"]) + "".join(laid_out(statement(made), made) for _ in range(statements))
