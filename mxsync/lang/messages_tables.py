"""Errors of mappings and tables, MX050 to MX064: one function a code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mxsync.lang.diagnostics import CodeInfo, Diagnostic
from mxsync.lang.messages_names import error
from mxsync.lang.source import Span
from mxsync.lang.suggest import article, did_you_mean, listing

CODES: Final[dict[str, CodeInfo]] = {
    "MX050": CodeInfo(
        "an entity without a key",
        "Every entity names the column, or columns, that identify a row: `key ContactID`.",
    ),
    "MX051": CodeInfo(
        "a line that an entity can have only once",
        "`key`, `modified` and `matched by` stand once in an entity, its extensions included.",
    ),
    "MX052": CodeInfo(
        "a field is mapped twice",
        "Two lines of one entity have the same left side, or write into the same column.",
    ),
    "MX053": CodeInfo(
        "not a field of the item kind",
        "With an arrow the left side is a field of the item kind that the entity stands for. A field of the "
        "row only is written with `=`.",
    ),
    "MX054": CodeInfo(
        "matched by something that is not mapped",
        "`matched by` names fields of the entity: the left sides of its lines.",
    ),
    "MX055": CodeInfo(
        "no such converter",
        "After `as` comes `phone`, `date`, `utc`, `local`, `local 'Zone'`, `text`, `html`, `number`, or a "
        "list of pairs.",
    ),
    "MX056": CodeInfo("no such time zone", "Zones are IANA names, as in `as local 'Europe/Berlin'`."),
    "MX057": CodeInfo(
        "a code is given twice",
        "In a list of pairs each rule-side value and each column value stands once; otherwise a row could not "
        "be read back.",
    ),
    "MX058": CodeInfo(
        "a mapping that cannot go both ways",
        "`<->` is for a field that can be written on either side. Use `->` for what only the item knows, `<-` "
        "for what only the table knows.",
    ),
    "MX059": CodeInfo(
        "a list of columns for a single value",
        "Several columns hold a list, such as a contact's `email`. A single value has a single column.",
    ),
    "MX060": CodeInfo(
        "there is no such table",
        "The database has no table or view of that name. A schema may stand before a dot: `'dbo.Order Details'`.",
    ),
    "MX061": CodeInfo(
        "the table has no such column",
        "The database's own column names are checked, without regard to case.",
    ),
    "MX062": CodeInfo(
        "the column's type does not fit",
        "What the field holds, or the converter makes, cannot be kept in a column of that type.",
    ),
    "MX063": CodeInfo(
        "a column that the database fills by itself",
        "A computed column or an identity cannot be written. Map it with `<-` or `=`, and fill it nowhere.",
    ),
    "MX064": CodeInfo("linked twice", "An entity has one link table for each other entity."),
}


def no_key(span: Span, entity: str) -> Diagnostic:
    return error("MX050", span, f"`{entity}` has no key", "add a line such as `key ContactID`")


def line_twice(span: Span, entity: str, word: str) -> Diagnostic:
    return error("MX051", span, f"`{entity}` has a `{word}` line already")


def mapped_twice(span: Span, entity: str, field: str) -> Diagnostic:
    return error("MX052", span, f"`{entity}` maps `{field}` already")


def column_written_twice(span: Span, column: str, field: str) -> Diagnostic:
    return error("MX052", span, f"column `{column}` is written by `{field}` already")


def not_an_item_field(span: Span, kind: str, field: str, known: Iterable[str]) -> Diagnostic:
    help_ = did_you_mean(field, known) or "for a field of the row only write `=` instead of the arrow"
    return error("MX053", span, f"{article(kind)} has no field `{field}`", help_)


def matched_by_unmapped(span: Span, entity: str, field: str, known: Iterable[str]) -> Diagnostic:
    words = list(known)
    help_ = did_you_mean(field, words) or f"its fields are {listing(words)}"
    return error("MX054", span, f"`{entity}` has no field `{field}` to be matched by", help_)


def unknown_converter(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    words = list(known)
    help_ = did_you_mean(name, words) or f"converters are {listing(words)}"
    return error("MX055", span, f"there is no converter called `{name}`", help_)


def zone_not_wanted(span: Span, name: str) -> Diagnostic:
    return error("MX055", span, f"`as {name}` takes no time zone", "only `as local 'Zone'` does")


def unknown_zone(span: Span, name: str) -> Diagnostic:
    return error("MX056", span, f"there is no time zone called `{name}`", "zones are IANA names, as in `Europe/Berlin`")


def code_twice(span: Span, what: str) -> Diagnostic:
    return error("MX057", span, f"`{what}` stands twice in this list of codes, so a row could not be read back")


def not_both_ways(span: Span, field: str, why: str, arrow: str) -> Diagnostic:
    return error("MX058", span, f"`{field}` cannot go both ways: {why}", f"use `{arrow}`")


def not_to_item(span: Span, field: str, why: str) -> Diagnostic:
    return error("MX058", span, f"`{field}` cannot be written to the item: {why}", "use `->`")


def attachments_mapped(span: Span, field: str) -> Diagnostic:
    return error("MX058", span, f"`{field}` fit into no column",
                 "a rule stores them: `then save attachments to documents`")  # fmt: skip


def spread_scalar(span: Span, field: str, columns: int) -> Diagnostic:
    return error("MX059", span, f"`{field}` is a single value and cannot be spread over {columns} columns")


def reference_columns(span: Span, entity: str, wanted: int, given: int) -> Diagnostic:
    noun = "column" if wanted == 1 else "columns"
    return error("MX059", span, f"the key of `{entity}` has {wanted} {noun}, here are {given}")


def no_table(span: Span, table: str, known: Iterable[str]) -> Diagnostic:
    return error("MX060", span, f"the database has no table `{table}`", did_you_mean(table, known))


def no_column(span: Span, table: str, column: str, known: Iterable[str]) -> Diagnostic:
    help_ = did_you_mean(column, known)
    return error("MX061", span, f"table `{table}` has no column `{column}`", help_)


def column_type(span: Span, column: str, holds: str, wanted: str) -> Diagnostic:
    return error("MX062", span, f"column `{column}` holds {holds}, this needs {wanted}")


def generated_column(span: Span, column: str) -> Diagnostic:
    return error("MX063", span, f"the database fills column `{column}` by itself, it cannot be written",
                 "use `<-`, or leave it out")  # fmt: skip


def linked_twice(span: Span, entity: str, target: str) -> Diagnostic:
    return error("MX064", span, f"`{entity}` links to `{target}` already")
