"""Errors of form, MX001 to MX029: one function a code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from mxsync.lang.diagnostics import CodeInfo, Diagnostic, Severity
from mxsync.lang.source import Span
from mxsync.lang.suggest import did_you_mean

_WORD = re.compile(
    r'"""(?:.|\n)*?"""|\'(?:[^\'\n]|\'\')*\'|"(?:[^"\n]|"")*"|#[^\n]*|<->|->|<-|[!<>=]=|&&|\|\||[^\W\d][\w-]*(?<!-)|\d[\w.:-]*|\S'
)

CODES: Final[dict[str, CodeInfo]] = {
    "MX001": CodeInfo(
        "no statement begins so",
        "A statement begins at the left margin with one of `use list entity extend sync rule when test`; the lines that "
        "continue it are indented. Keywords are lower case.",
    ),
    "MX002": CodeInfo("a quote that is never closed", "A text in quotes ends in the line in which it begins. A long text stands between three quotes, \"\"\"so\"\"\", and may hold several lines. A quote inside a text is written twice."),
    "MX003": CodeInfo("something that may not stand here", "The parser read the statement up to this place and cannot go on. What may stand here is listed."),
    "MX004": CodeInfo("curved quotes", "Word processors turn quotes into curved ones. Texts stand in straight quotes: 'so' or \"so\"."),
    "MX005": CodeInfo("a sign of another language", "`=` compares, `!=` is its opposite; conditions are joined with the words `and` and `or`."),
    "MX006": CodeInfo("`and` and `or` mixed", "`a and b or c` can be read in two ways. Put what belongs together in parentheses: `(a and b) or c`."),
    "MX007": CodeInfo("several values after one word", "Several values stand in parentheses after `in`: `from in ('a@x.example', 'b@x.example')`, `category in ('A', 'B')`."),
    "MX008": CodeInfo("`category` with a sign", "`category 'A'` asks whether the item has that category; `category in ('A', 'B')` whether it has one of them."),
    "MX009": CodeInfo("actions are separated by commas", "`then create contact, link`: one action after the other, each after a comma."),
    "MX010": CodeInfo("a target or value without its action", "After a comma a bare `contact` or `field = value` belongs to the action before it: targets to `link to`, values to `create … with`, `set` and `save as`."),
    "MX011": CodeInfo("`set` without `=`", "`set status = 'Open'` gives a field a value."),
    "MX013": CodeInfo("`attachment` is one", "`has attachment`, also for several; `has attachment like '*.pdf' larger than 1 MB` says which."),
    "MX014": CodeInfo("`link` names its targets after `to`", "`link` alone links the user, the contacts and their companies; `link to contact, company` names what is linked."),
    "MX015": CodeInfo("one kind a rule", "A rule is for one kind of item, or for `item`, which is every kind."),
    "MX016": CodeInfo("`received` is a state", "`when mail is received and from domain 'x.example'`: `received` alone is the moment at which it came."),
    "MX017": CodeInfo("a rule that is not finished", "A rule has a `when` and a `then`, both indented below its header."),
    "MX018": CodeInfo("a column is missing", "Each line of an entity names a field, an arrow and a column: `name = Name`."),
    "MX019": CodeInfo("`then` is missing", "A rule is `when KIND CONDITION then ACTION, ACTION`."),
    "MX020": CodeInfo("no such date", "Dates are written `2026-01-31`, moments `2026-01-31 14:00`."),
    "MX021": CodeInfo("a clause given twice", "Each of `priority because for in off` stands once in a rule's header."),
    "MX022": CodeInfo("keywords are lower case", "`when`, `then`, `and` and all other words of the language are written in lower case."),
    "MX023": CodeInfo("a word of the language as a name", "Words that begin or join clauses cannot be names. A column of such a name is written in quotes."),
    "MX024": CodeInfo("a statement that is not finished", "The statement ends before it is complete."),
    "MX025": CodeInfo("folders and users stand in the header", "`in folders`, `in public folders` and `for users` say where a rule holds; they stand before `when`."),
}  # fmt: skip

VAGUE: Final = frozenset({"MX003", "MX010", "MX017", "MX019", "MX024"})
"""Codes that may come of a word misspelt somewhere before."""


def error(code: str, span: Span, message: str, help: str = "") -> Diagnostic:
    """A finding that keeps the old rules in force."""
    return Diagnostic(code, Severity.ERROR, span, message, help)


def words(text: str) -> Iterator[tuple[str, int]]:
    """The words, texts and signs of a statement with their places; comments left out."""
    for found in _WORD.finditer(text):
        if not found.group().startswith("#"):
            yield found.group(), found.start()


def no_statement(span: Span, word: str, known: Sequence[str]) -> Diagnostic:
    """MX001."""
    glued = next((each for each in known if word.startswith(each) and len(word) > len(each)), "")
    if glued:
        help = f"write `{glued} {word.removeprefix(glued)}`"
    elif word in ("if", "on", "whenever"):
        help = "a rule begins with `when`"
    else:
        help = did_you_mean(word, known) or f"a statement begins with one of {', '.join(f'`{w}`' for w in known)}"
    return error("MX001", span, f"no statement begins with `{word}`", help)


def never_closed(span: Span, quote: str) -> Diagnostic:
    """MX002."""
    return error("MX002", span, f"the quote `{quote}` is never closed", f"put `{quote}` where the text ends")


def missing_before(span: Span, word: str, expected: str) -> Diagnostic:
    """MX003."""
    return error("MX003", span, f"something is missing before `{word}`", f"here may stand {expected}")


def unexpected(span: Span, word: str, expected: str, near: str = "") -> Diagnostic:
    """MX003."""
    help = near or (f"here may stand {expected}" if expected else "")
    return error("MX003", span, f"`{word}` may not stand here", help)


def misspelt(span: Span, word: str, meant: str) -> Diagnostic:
    """MX003."""
    return error("MX003", span, f"`{word}` may not stand here", f"did you mean `{meant}`?")


def update_with(span: Span, name: str) -> Diagnostic:
    """MX003, where a value was to be set."""
    return error(
        "MX003", span, f"`update {name}` goes with `from signature` alone",
        f"to give a field a value write `set {name}.F = V`, else `update {name} from signature`",
    )  # fmt: skip


def curved_quote(span: Span, quote: str) -> Diagnostic:
    """MX004."""
    return error("MX004", span, f"`{quote}` is not a quote that the language knows", "write straight quotes: 'so'")


def foreign_sign(span: Span, sign: str) -> Diagnostic:
    """MX005."""
    ours = {"==": "=", "&&": "and", "&": "and", "||": "or", "|": "or", "<>": "!=", "!": "not"}.get(sign, "=")
    return error("MX005", span, f"`{sign}` is not a sign of the language", f"write `{ours}`")


def mixed(span: Span, word: str) -> Diagnostic:
    """MX006."""
    other = "or" if word == "and" else "and"
    return error(
        "MX006", span, f"`{word}` and `{other}` are mixed without parentheses",
        f"put what belongs together in parentheses: `(a {other} b) {word} c`",
    )  # fmt: skip


def several_values(span: Span, lead: str, values: Sequence[str]) -> Diagnostic:
    """MX007."""
    inside = ", ".join(values)
    return error(
        "MX007", span, f"several values stand in parentheses after `{lead} in`", f"write `{lead} in ({inside})`"
    )


def category_sign(span: Span, sign: str, value: str) -> Diagnostic:
    """MX008."""
    return error("MX008", span, f"`category` needs no `{sign}`", f"write `category {value}`")


def comma_between(span: Span, word: str, joined: bool) -> Diagnostic:
    """MX009."""
    message = f"actions are separated by commas, not by `{word}`" if joined else f"there is no comma before `{word}`"
    return error("MX009", span, message, "put a comma between the actions: `then create contact, link`")


def stray(span: Span, what: str, word: str, before: str) -> Diagnostic:
    """MX010."""
    if what == "target":
        help = f"write `create {word}`" if before == "create" else f"write `link to {word}`"
        return error("MX010", span, f"nothing says what to do with `{word}`", help)
    return error("MX010", span, f"nothing is there that `{word} = …` could belong to", f"write `set {word} = …`")


def set_to(span: Span, path: str) -> Diagnostic:
    """MX011."""
    return error("MX011", span, "`set` gives a value with `=`, not with `to`", f"write `set {path} = …`")


def attachments(span: Span) -> Diagnostic:
    """MX013."""
    return error("MX013", span, "`attachments` does not stand after `has`", "write `has attachment`")


def link_without_to(span: Span, word: str) -> Diagnostic:
    """MX014."""
    return error("MX014", span, f"`link {word}` lacks its `to`", f"write `link to {word}`")


def one_kind(span: Span, word: str) -> Diagnostic:
    """MX015."""
    return error(
        "MX015", span, f"a rule is for one kind of item, not for one {word} another",
        "write `when item` for every kind, or one rule a kind",
    )  # fmt: skip


def received_state(span: Span, state: str) -> Diagnostic:
    """MX016."""
    return error("MX016", span, f"`{state}` is a state of the mail here", f"write `is {state} and …`")


def rule_without_when(span: Span) -> Diagnostic:
    """MX017."""
    return error(
        "MX017", span, "the rule ends here, and has no `when`",
        "indent the lines of a rule below its header: a line at the margin begins a statement of its own",
    )  # fmt: skip


def no_column(span: Span, word: str) -> Diagnostic:
    """MX018."""
    return error(
        "MX018", span, f"`{word}` names no column", "each line names a field, an arrow and a column: `name = Name`"
    )


def no_then(span: Span) -> Diagnostic:
    """MX019."""
    return error("MX019", span, "the rule says `when`, and not what is to be done", "add `then` and the actions")


def no_date(span: Span, word: str) -> Diagnostic:
    """MX020."""
    return error("MX020", span, f"there is no date `{word}`", "dates are written `2026-01-31`, year first")


def clause_twice(span: Span, word: str) -> Diagnostic:
    """MX021."""
    return error("MX021", span, f"`{word}` is said twice in this header", "keep one of them")


def upper_case(span: Span, word: str) -> Diagnostic:
    """MX022."""
    return error("MX022", span, f"`{word}` is written in lower case", f"write `{word.lower()}`")


def reserved(span: Span, word: str) -> Diagnostic:
    """MX023."""
    return error(
        "MX023", span, f"`{word}` is a word of the language and cannot be a name here", "take another name; a column is quoted"
    )  # fmt: skip


def in_header(span: Span, clause: str) -> Diagnostic:
    """MX025."""
    return error(
        "MX025", span, f"`{clause}` stands before `when`, in the rule's header",
        f"write `rule 'NAME' {clause} … when … then …`",
    )  # fmt: skip


def unfinished(span: Span, expected: str) -> Diagnostic:
    """MX024."""
    help = f"what may follow is {expected}" if expected else ""
    return error("MX024", span, "the statement ends before it is complete", help)


def of_slip(what: str, span: Span, text: str, before: str) -> Diagnostic:
    """The message for a value that has the right form and cannot be."""
    match what:
        case "date":
            return no_date(span, text)
        case "twice":
            return clause_twice(span, text)
        case _:
            return stray(span, what, text, before)
