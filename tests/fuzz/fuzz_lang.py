"""Changes words of the shipped rule files, and checks them: every text ends in diagnostics or in a program, quickly.

    python tests/fuzz/fuzz_lang.py [SECONDS [SEED]]

Ends with 1 at the first text that makes the front end raise, gives a diagnostic without a sentence or outside the text,
is laid out in a way that does not parse or changes when it is laid out again, or takes more than ten seconds. The text is
kept.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from mxsync.lang.check import check
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.format import format_text
from mxsync.lang.parse import Parser
from mxsync.lang.source import SourceFile

RULES = Path(__file__).resolve().parents[2] / "rules"
NAME = "fuzz.rules"
TOO_LONG = 10.0  # seconds
_TOKEN = re.compile(r"'(?:[^'\n]|'')*'|\w+|\s+|[^\w\s]")
_ODD = (
    "'",
    '"',
    '"""',
    "(",
    ")",
    "{",
    "}",
    "<->",
    "#",
    "/",
    "\\",
    "\t",
    "\n",
    "\r\n",
    "\0",
    "\ufeff",
    "é",
    "’",
    "𝒳",
    "\u2028",
)


class OneFile:
    """The `Sources` of one text beside the shipped rules. Every list file holds two values."""

    def __init__(self, text: str) -> None:
        self.text = text

    def roots(self) -> Sequence[SourceFile]:
        return [SourceFile(NAME, self.text)]

    def used(self, name: str, by: str) -> SourceFile | None:
        path = RULES / name
        known = name in ("crm.rules", "auto-crm.rules")
        return SourceFile(name, path.read_text(encoding="utf-8"), shipped=True) if known else None

    def list_file(self, name: str, by: str) -> str | None:
        return "domain\na.example\nb.example\n"

    def problems(self) -> Sequence[Diagnostic]:
        return ()


def statements() -> list[str]:
    """The statements of all shipped files."""
    found: list[str] = []
    for path in sorted(RULES.rglob("*.rules")):
        for part in re.split(r"\n(?=[a-z])", path.read_text(encoding="utf-8")):
            found.append(part + "\n")
    return found


def changed(made: list[str], chance: random.Random) -> str:
    """A few statements with a few words deleted, swapped, doubled, replaced, or cut off."""
    text = "".join(chance.sample(made, chance.randint(1, 6)))
    if chance.random() < 0.7:
        text = "use 'crm.rules'\n" + text
    tokens = _TOKEN.findall(text)
    others = _TOKEN.findall(chance.choice(made))
    for _ in range(chance.randint(0, 5)):
        at = chance.randrange(len(tokens))
        match chance.randrange(6):
            case 0:
                del tokens[at : at + chance.choice((1, 1, 2, 8))]
            case 1:
                to = chance.randrange(len(tokens))
                tokens[at], tokens[to] = tokens[to], tokens[at]
            case 2:
                tokens.insert(at, chance.choice(others))
            case 3:
                tokens[at] = chance.choice(others)
            case 4:
                tokens.insert(at, chance.choice(_ODD) * chance.choice((1, 1, 1, 100)))
            case _:
                del tokens[max(1, at) :]
        if not tokens:
            break
    return "".join(tokens)


def fault(text: str, parser: Parser) -> str:
    """What is wrong with the front end's answer, '' for nothing."""
    began = time.monotonic()
    checked = check(parser, OneFile(text))
    lines = text.count("\n") + 2
    for each in checked.diagnostics:
        if not each.message or not re.fullmatch(r"MX\d{3}", each.code):
            return f"a diagnostic without a sentence: {each}"
        if each.span.file == NAME and not 1 <= each.span.line <= lines:
            return f"a diagnostic outside the text: {each}"
    if (checked.program is None) is not bool(checked.errors):
        return "no program and no error, or both"
    if not [each for each in parser.parse_file(NAME, text).diagnostics if each.is_error]:
        once = format_text(text)
        if [each for each in parser.parse_file(NAME, once).diagnostics if each.is_error]:
            return f"laid out, it does not parse:\n{once}"
        if format_text(once) != once:
            return f"laid out twice is not laid out once:\n{once}"
    took = time.monotonic() - began
    return f"it took {took:.1f} s" if took > TOO_LONG else ""


def main(arguments: list[str]) -> int:
    seconds = float(arguments[0]) if arguments else 60.0
    seed = int(arguments[1]) if len(arguments) > 1 else random.randrange(1_000_000)
    chance = random.Random(seed)
    made = statements()
    parser = Parser((RULES.parent / "grammar" / "mxsync.lark").read_text(encoding="utf-8"))
    count, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        text = changed(made, chance)
        try:
            wrong = fault(text, parser)
        except Exception:
            wrong = traceback.format_exc()
        if wrong:
            kept = Path(tempfile.mkdtemp(prefix="mxsync-fuzz-")) / NAME
            kept.write_text(text, encoding="utf-8", newline="")
            sys.stderr.write(f"{kept} (seed {seed})\n{wrong}\n")
            return 1
        count += 1
    sys.stdout.write(f"{count} texts checked, seed {seed}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
