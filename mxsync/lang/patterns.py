"""`like` patterns and regular expressions: into RE2, with their captures and the literals that any match must hold.

RE2 (github.com/google/re2) matches in linear time whatever the text; what it refuses is a diagnostic.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import re2

from mxsync.lang.ir import Pattern
from mxsync.model.normal import text_key


@dataclass(frozen=True, slots=True)
class PatternFault:
    """What is wrong with a pattern. `at` is an offset into it, `length` how much of it to underline."""

    at: int
    length: int
    message: str
    help: str = ""


_NAME: Final = re.compile(r"[^\W\d]\w*\Z")


@lru_cache(maxsize=8192)
def like_pattern(source: str) -> Pattern | PatternFault:
    r"""`*` is any text, `?` one character, `{name}` a capture of at least one character, `\` takes the next
    character as it is. Compared with the whole text, without case.

    Between literals a capture takes all that stands there. Beside a `*` it takes a word, without the punctuation after
    it: `'*ref {ref}*'` finds K12 in 'your ref K12, of May', and `'*{who}'` the last word.
    """
    out: list[str] = []
    names: list[str] = []
    runs: list[str] = [""]
    i = 0
    while i < len(source):
        char = source[i]
        if char == "\\":
            if i + 1 == len(source):
                return PatternFault(i, 1, "a pattern cannot end with a `\\`", r"write `\\` for a backslash as such")
            i += 1
            out.append(re2.escape(source[i]))
            runs[-1] += source[i]
        elif char in "*?":
            out.append("(?s:.)" if char == "?" else _star(source, i, bool(out)))
            runs.append("")
        elif char == "{":
            end = source.find("}", i)
            if end < 0:
                return PatternFault(i, 1, "this `{` is never closed", r"write `\{` for a brace as such")
            name = source[i + 1 : end]
            if not _NAME.match(name):
                return PatternFault(
                    i, end + 1 - i, f"`{{{name}}}` is no name for a capture", "a capture is one word, as in `{ref}`"
                )
            if name in names:
                return PatternFault(i, end + 1 - i, f"`{name}` is captured twice in this pattern")
            names.append(name)
            out.append(f"(?P<{name}>{_captured(source, i, end)})")
            runs.append("")
            i = end
        else:
            out.append(char if char.isalnum() or char == " " else re2.escape(char))
            runs[-1] += char
        i += 1
    literals = [text_key(run) for run in runs]
    return Pattern(source, "(?i)\\A" + "".join(out) + "\\z", tuple(names), literals[0], max(literals, key=len))


def _star(source: str, at: int, inside: bool) -> str:
    """Any text; beside a capture it begins, or ends, where a word does."""
    after = source.startswith("{", at + 1)
    before = inside and source[at - 1] == "}" and not source.endswith("\\}", 0, at)
    if before and after:
        return "(?s:\\s(?:.*\\s)?)"
    if after:
        end = source.find("}", at)
        return "(?s:(?:.*?\\s)??)" if source.startswith("*", end + 1) else "(?s:(?:.*\\s)?)"
    return "(?s:(?:[^\\pL\\pN_].*)?)" if before else "(?s:.*)"


def _captured(source: str, start: int, end: int) -> str:
    """What a capture takes: the shortest text up to the next literal, a word beside a `*`."""
    if source.startswith("*", end + 1):
        return r"\S*[\pL\pN_]"
    if start and source[start - 1] == "*" and not source.endswith("\\*", 0, start):
        return r"\S+"
    return "(?s:.+?)"


def _quiet() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 8 << 20
    return options


_OPTIONS: Final = _quiet()


@lru_cache(maxsize=8192)
def regex_pattern(source: str) -> Pattern | PatternFault:
    """A regular expression between slashes: anywhere in the text, without case; named groups capture."""
    pattern = source.replace("\\/", "/")
    try:
        compiled = re2.compile("(?i)" + pattern, _OPTIONS)
    except re2.error as fault:
        reason = fault.args[0] if fault.args else ""
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        said = _refusal(text.replace("(?i)", "", 1))
        return PatternFault(0, len(source), f"this regular expression is refused: {said}", _cure(source, text))
    names = tuple(sorted(compiled.groupindex, key=compiled.groupindex.__getitem__))
    for name in names:
        if not _NAME.match(name):
            return PatternFault(
                0, len(source), f"`{name}` is no name for a capture", "a capture is one word, as in `ref`"
            )
    return Pattern(source, "(?i)" + pattern, names, "", text_key(required_literal(pattern)))


def required_literal(pattern: str) -> str:
    """The longest plain text at the top level of a regular expression, which any match holds; '' where none is sure."""
    if "\\Q" in pattern:
        return ""
    best, run, depth, i = "", "", 0, 0
    while i < len(pattern):
        char = pattern[i]
        if char == "\\":
            i += 1
            plain = pattern[i : i + 1] if not pattern[i : i + 1].isalnum() else ""
            if not plain and not depth:
                best, run = max(best, run, key=len), ""
                if pattern[i : i + 1] in "pPxX01234567" or pattern[i : i + 1] == "":
                    return best  # what follows belongs to the escape
        elif char == "[":
            i = _class_end(pattern, i)
            plain = ""
        elif char in "()":
            depth += 1 if char == "(" else -1
            plain = ""
        elif char == "|" and not depth:
            return ""
        else:
            plain = "" if char in ".^$*+?{}|" else char
        if not depth and plain and pattern[i + 1 : i + 2] not in ("*", "?", "{"):
            run += plain
        elif not depth:
            best, run = max(best, run, key=len), ""
            if char == "{":
                i = pattern.find("}", i) if "}" in pattern[i:] else i
        i += 1
    return max(best, run, key=len)


def _class_end(pattern: str, start: int) -> int:
    """The place of the bracket that closes a character class; a bracket right after the opening one is a member."""
    i = start + 1
    if pattern[i : i + 1] == "^":
        i += 1
    if pattern[i : i + 1] == "]":
        i += 1
    while i < len(pattern) and pattern[i] != "]":
        if pattern.startswith("[:", i):
            i = pattern.find(":]", i) + 1 or i
        i += 2 if pattern[i] == "\\" else 1
    return i


_REFUSALS: Final = {
    "invalid perl operator": "RE2 has no such group",
    "invalid escape sequence": "RE2 has no such escape",
    "missing )": "a `(` is never closed",
    "missing ]": "a `[` is never closed",
    "unexpected )": "a `)` too many",
    "no argument for repetition operator": "nothing stands before",
    "bad repetition operator": "two repetitions follow each other",
    "invalid repetition size": "a repetition is too large",
    "invalid named capture group": "this is no name for a group",
    "invalid character class range": "a range is turned around",
    "invalid character class": "there is no such class",
    "pattern too large - compile failed": "it is too large",
    "trailing \\": "it ends with a `\\`",
}


def _refusal(reason: str) -> str:
    what, _, rest = reason.partition(": ")
    said = _REFUSALS.get(what, what)
    return f"{said}: `{rest}`" if rest else said


def _cure(source: str, reason: str) -> str:
    if "(?=" in source or "(?!" in source or "(?<=" in source or "(?<!" in source:
        return "looking ahead or behind is not there; say it with `and` or `not` and a second condition"
    if re.search(r"\\[1-9]", source) and "escape" in reason:
        return "a group cannot be referred to again: such expressions may take for ever"
    return ""
