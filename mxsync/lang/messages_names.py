"""Errors of names and files, MX012 and MX030 to MX049: one function a code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mxsync.lang.diagnostics import CodeInfo, Diagnostic, Severity
from mxsync.lang.source import Span
from mxsync.lang.suggest import article, did_you_mean, listing

CODES: Final[dict[str, CodeInfo]] = {
    "MX012": CodeInfo(
        "nothing of that name can be created",
        "`create` is followed by the name of an entity, or by `contact` or `company` for the entity that plays that "
        "part.",
    ),
    "MX030": CodeInfo(
        "a used file is not there",
        "`use 'crm.rules'` looks beside the file that says it, then among the shipped rules. Check the "
        "spelling and the folder. Names that the missing file might declare are not reported until it is "
        "found.",
    ),
    "MX031": CodeInfo(
        "files use each other in a circle",
        "A used file comes before its user, so a circle has no order. Move what both need into a third file.",
    ),
    "MX032": CodeInfo(
        "a file cannot be read",
        "Rule files are UTF-8 text. The file is there, but its bytes are not UTF-8, or mxsync may not read it.",
    ),
    "MX033": CodeInfo(
        "a list's file is not there",
        "`list vips = file 'vips.csv'` is looked for beside the rule file that names it.",
    ),
    "MX034": CodeInfo(
        "a list's file has no such column",
        "The first line of the CSV file names its columns. Without `column` the file holds one value a line.",
    ),
    "MX035": CodeInfo(
        "a name is given twice",
        "Two statements of one kind have the same name. Only a statement of a file that uses the other's file "
        "takes its place; rename one of them, or delete it.",
    ),
    "MX036": CodeInfo(
        "nothing of that name to switch off",
        "`rule 'X' off` and `sync X off` switch off a statement of a used file. Write the name exactly as it "
        "stands there.",
    ),
    "MX037": CodeInfo(
        "nothing of that name to extend",
        "`extend entity` adds lines to an entity that is declared in this file or in one that it uses.",
    ),
    "MX038": CodeInfo(
        "two entities play one part",
        "The words `contact`, `company` and `user` each mean one entity: that of the name, or the one "
        "declared `as contact`. An entity of a file takes the part over from one of a used file; two of one "
        "file cannot share it.",
    ),
    "MX039": CodeInfo(
        "not a kind of item",
        "Items are mail, contact, appointment, task, journal, note and post; in `when`, `item` means any of them.",
    ),
    "MX040": CodeInfo(
        "no entity of that name",
        "The name must be one of an `entity` statement, or `contact`, `company`, `user` for the entity that "
        "plays the part.",
    ),
    "MX041": CodeInfo(
        "no list of that name",
        "After `in`, `contains` or `for users` a bare word is the name of a `list` statement. Texts are quoted.",
    ),
    "MX042": CodeInfo(
        "a word that means nothing here",
        "A bare word is a capture of this rule, else a field of the item, else an entity.",
    ),
    "MX043": CodeInfo(
        "the entity has no such field",
        "The fields of an entity are the left sides of its lines. `extend entity NAME` adds one.",
    ),
    "MX044": CodeInfo(
        "another kind of item has that field",
        "The field exists, but not on the kind of item that this statement is about.",
    ),
    "MX045": CodeInfo(
        "a path goes on where nothing follows",
        "Only people (`.name .address .domain .score`), references to other entities and `custom`, `header`, "
        "`signature` have something after the dot.",
    ),
    "MX046": CodeInfo(
        "captured nowhere",
        "`{name}` is filled in from a capture of this rule (`like '…{name}…'`, `(?P<name>…)`), a field of the "
        "item, or what the item leads to. A capture under `not` holds no value.",
    ),
    "MX047": CodeInfo(
        "a brace without its fellow",
        "In a text `{path}` is filled in, `{path:%Y}` with a format for dates. Write `{{` for a brace as such.",
    ),
    "MX048": CodeInfo(
        "a test expects a rule that is not there",
        "`expect rule 'X'` names a rule of the files that the test sees.",
    ),
}


def error(code: str, span: Span, message: str, help_: str = "", *related: tuple[Span, str]) -> Diagnostic:
    """An error with that code."""
    return Diagnostic(code, Severity.ERROR, span, message, help_, related)


def used_file_missing(span: Span, name: str) -> Diagnostic:
    return error("MX030", span, f"there is no file `{name}` beside this one, nor among the shipped rules")


def use_cycle(span: Span, chain: Iterable[str]) -> Diagnostic:
    return error(
        "MX031", span, "files use each other in a circle: " + " → ".join(f"`{name}`" for name in chain),
        "move what both need into a third file",
    )  # fmt: skip


def file_unreadable(span: Span, name: str, reason: str) -> Diagnostic:
    return error("MX032", span, f"`{name}` cannot be read: {reason}")


def file_not_utf8(span: Span, name: str) -> Diagnostic:
    return error("MX032", span, f"`{name}` cannot be read: it is not UTF-8 text", "save it as UTF-8")


def list_file_missing(span: Span, name: str) -> Diagnostic:
    return error("MX033", span, f"there is no file `{name}` beside this one")


def list_column_missing(span: Span, column: str, file: str, known: Iterable[str]) -> Diagnostic:
    words = list(known)
    return error(
        "MX034", span, f"`{file}` has no column `{column}`",
        did_you_mean(column, words) or f"its columns are {listing(words)}",
    )  # fmt: skip


def given_twice(span: Span, what: str, name: str, first: Span) -> Diagnostic:
    where = f"{first.file}:{first.line}"
    return error(
        "MX035", span, f"there is {article(what)} called `{name}` already, at {where}", "", (first, "the first one")
    )


def nothing_to_switch_off(span: Span, what: str, name: str, known: Iterable[str]) -> Diagnostic:
    return error("MX036", span, f"there is no {what} called `{name}` to switch off", did_you_mean(name, known))


def nothing_to_extend(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    return error("MX037", span, f"there is no entity called `{name}` to extend", did_you_mean(name, known))


def part_taken(span: Span, name: str, part: str, other: str, first: Span) -> Diagnostic:
    return error(
        "MX038", span, f"`{name}` and `{other}` cannot both play the part of `{part}`",
        f"take `as {part}` from one of them", (first, "the first one"),
    )  # fmt: skip


def unknown_kind(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    words = list(known)
    return error(
        "MX039", span, f"`{name}` is not a kind of item", did_you_mean(name, words) or f"kinds are {listing(words, 12)}"
    )


def not_creatable(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    return error("MX012", span, f"nothing called `{name}` can be created", did_you_mean(name, known))


def unknown_entity(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    return error("MX040", span, f"there is no entity called `{name}`", did_you_mean(name, known))


def no_such_part(span: Span, part: str) -> Diagnostic:
    return error(
        "MX040", span, f"no entity plays the part of `{part}`",
        f"name an entity `{part}`, or declare one `as {part}`; `use 'crm.rules'` brings one",
    )  # fmt: skip


def unknown_list(span: Span, name: str, known: Iterable[str], instead: str = "") -> Diagnostic:
    """`instead` is how the same is said without a list."""
    plain = instead or f"`('{name}')`"
    help_ = did_you_mean(name, known) or f"write {plain}, or declare `list {name} = …`"
    return error("MX041", span, f"there is no list called `{name}`", help_)


def unknown_word(span: Span, name: str, known: Iterable[str], subject: str) -> Diagnostic:
    """`subject`: 'a mail', 'a row of `offer`'."""
    return error("MX042", span, f"{subject} has no `{name}`, and no entity is called so", did_you_mean(name, known))


def unknown_field(span: Span, entity: str, name: str, known: Iterable[str]) -> Diagnostic:
    words = list(known)
    help_ = did_you_mean(name, words) or f"its fields are {listing(words)}"
    return error("MX043", span, f"`{entity}` has no field `{name}`", help_)


def field_of_other_kind(span: Span, name: str, subject: str, owners: Iterable[str]) -> Diagnostic:
    return error("MX044", span, f"{subject} has no `{name}`", f"it belongs to {listing(owners)}")


def nothing_after(span: Span, name: str, step: str, known: Iterable[str]) -> Diagnostic:
    words = list(known)
    if not words:
        return error("MX045", span, f"nothing can follow `{name}.`", f"leave `.{step}` out")
    help_ = did_you_mean(step, words) or f"after it may come {listing(words, 12)}"
    return error("MX045", span, f"`{name}` has no `{step}`", help_)


def incomplete_path(span: Span, name: str, example: str) -> Diagnostic:
    return error("MX045", span, f"`{name}` alone is no field", f"write what is meant after a dot, as in `{example}`")


def captured_nowhere(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    return error("MX046", span, f"`{{{name}}}` is captured nowhere in this rule, and no field is called so",
                 did_you_mean(name, known))  # fmt: skip


def brace_unclosed(span: Span) -> Diagnostic:
    return error("MX047", span, "this `{` is never closed", "write `{{` for a brace as such")


def brace_empty(span: Span, inside: str) -> Diagnostic:
    return error("MX047", span, f"`{{{inside}}}` is not a path", "write `{{` for a brace as such")


def unknown_rule(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    return error("MX048", span, f"there is no rule called `{name}`", did_you_mean(name, known))
