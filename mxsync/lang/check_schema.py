"""Entities against the database's own tables: names, types, and columns that nothing fills."""

from __future__ import annotations

from collections.abc import Sequence

from mxsync.lang import ast, messages_tables, messages_warnings
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.entity_fields import DIRECTIONS
from mxsync.lang.environment import EntityInfo, Environment
from mxsync.lang.ir import Type
from mxsync.lang.report import Report
from mxsync.lang.source import Span
from mxsync.lang.types import literal_type
from mxsync.model.record import Direction
from mxsync.model.schema import ColumnInfo, ColumnType, Schema, TableInfo

_HOLDS = {
    ColumnType.TEXT: "texts", ColumnType.NUMBER: "numbers", ColumnType.BOOLEAN: "yes or no", ColumnType.DATE: "dates",
    ColumnType.MOMENT: "dates and times", ColumnType.BINARY: "bytes", ColumnType.OTHER: "something of its own",
}  # fmt: skip
_NEEDS = {
    Type.TEXT: "texts", Type.NUMBER: "numbers", Type.BOOLEAN: "yes or no", Type.DATE: "dates",
    Type.MOMENT: "dates and times", Type.PERSON: "texts",
}  # fmt: skip
_KEEPS = {
    Type.TEXT: {ColumnType.TEXT},
    Type.PERSON: {ColumnType.TEXT},
    Type.NUMBER: {ColumnType.NUMBER, ColumnType.TEXT},
    Type.BOOLEAN: {ColumnType.BOOLEAN, ColumnType.NUMBER, ColumnType.TEXT},
    Type.DATE: {ColumnType.DATE, ColumnType.MOMENT, ColumnType.TEXT},
    Type.MOMENT: {ColumnType.MOMENT, ColumnType.DATE, ColumnType.TEXT},
}
_CODES = {
    Type.TEXT: {ColumnType.TEXT},
    Type.NUMBER: {ColumnType.NUMBER, ColumnType.BOOLEAN},
    Type.BOOLEAN: {ColumnType.BOOLEAN, ColumnType.NUMBER},
    Type.MOMENT: {ColumnType.DATE, ColumnType.MOMENT, ColumnType.TEXT},
}


class SchemaCheck:
    """Checks the entities that count. A statement with an error already is left alone."""

    def __init__(self, environment: Environment, schema: Schema, found: Sequence[Diagnostic]) -> None:
        self.environment = environment
        self.schema = schema
        self.failed = {(each.span.file, each.span.line) for each in found if each.is_error}
        self.names = [
            name for table in schema.tables for name in dict.fromkeys((table.name, table.name.rpartition(".")[2]))
        ]

    def check(self) -> list[Diagnostic]:
        found: list[Diagnostic] = []
        filled: dict[str, set[str]] = {}
        declared = self.environment.declared
        broken: set[str] = set()
        for name, each in declared.entities.items():
            info = self.environment.entities[name]
            report = Report()
            if not self.wrong(each.tree.span):
                self.head(info, each.tree, report)
                self.lines(info, each.tree.lines, report)
            found += report.all()
            if report.error is not None or info.broken or self.wrong(each.tree.span):
                broken.add(name)
            filled[name] = {column.column.text.casefold() for column in each.tree.where} | _columns(each.tree.lines)
        for extend in declared.extends:
            target = self.environment.entity(extend.tree.name.text)
            if target is None or self.wrong(extend.tree.span):
                continue
            report = Report()
            self.lines(target, extend.tree.lines, report)
            found += report.all()
            filled[target.entity.name] |= _columns(extend.tree.lines)
        for name, columns in filled.items():
            if name not in broken:
                found += self.unfilled(self.environment.entities[name], columns)
        return found

    def wrong(self, span: Span) -> bool:
        """Whether an error has been reported in the statement."""
        return any((span.file, line) in self.failed for line in range(span.line, span.end_line + 1))

    def head(self, info: EntityInfo, tree: ast.EntityOf, report: Report) -> None:
        if info.table is None:
            report.add(messages_tables.no_table(tree.table.span, tree.table.text, self.names))
            return
        for pair in tree.where:
            self.literal(info.table, pair.column, pair.value, report)

    def column(self, table: TableInfo, column: ast.Column, report: Report) -> ColumnInfo | None:
        found = table.column(column.text)
        if found is None:
            names = [each.name for each in table.columns]
            report.add(messages_tables.no_column(column.span, table.name, column.text, names))
        return found

    def literal(self, table: TableInfo, column: ast.Column, value: ast.Literal, report: Report) -> None:
        """A value that is written into a column as it stands."""
        found = self.column(table, column, report)
        if found is None:
            return
        if found.generated:
            report.add(messages_tables.generated_column(column.span, found.name))
        else:
            self.code(found, value, report)

    def code(self, column: ColumnInfo, value: ast.Literal, report: Report) -> None:
        type_ = literal_type(value)
        if column.type is not ColumnType.OTHER and column.type not in _CODES[type_]:
            said = messages_tables.column_type(value.span, column.name, _HOLDS[column.type], _NEEDS[type_])
            report.add(said)

    def lines(self, info: EntityInfo, lines: tuple[ast.EntityLine, ...], report: Report) -> None:
        table = info.table
        for line in lines:
            match line:
                case ast.LinksTo():
                    self.links(line, report)
                case _ if table is None:
                    continue
                case ast.Key():
                    for column in line.columns:
                        self.column(table, column, report)
                case ast.Modified():
                    self.column(table, line.column, report)
                case ast.Fill():
                    self.literal(table, line.column, line.value, report)
                case ast.Map():
                    self.map(info, table, line, report)
                case ast.MatchedBy():
                    pass

    def links(self, line: ast.LinksTo, report: Report) -> None:
        table = self.schema.table(line.table.text)
        if table is None:
            report.add(messages_tables.no_table(line.table.span, line.table.text, self.names))
            return
        self.column(table, line.own, report)
        self.column(table, line.other, report)

    def map(self, info: EntityInfo, table: TableInfo, line: ast.Map, report: Report) -> None:
        direction = DIRECTIONS[line.arrow] if info.entity.kind is not None else Direction.ROW_ONLY
        for column in line.columns:
            found = self.column(table, column, report)
            if found is None:
                return
            writes = direction in (Direction.BOTH, Direction.TO_TABLE)
            if writes and found.generated:
                report.add(messages_tables.generated_column(column.span, found.name))
                return
            self.fits(info, line, column, found, report)

    def fits(self, info: EntityInfo, line: ast.Map, written: ast.Column, column: ColumnInfo, report: Report) -> None:
        """The column's type against what the field holds, or the converter makes."""
        match line.converter:
            case ast.IsEntity():
                return
            case ast.AsCodes():
                for _, value in line.converter.pairs:
                    self.code(column, value, report)
                return
            case _:
                pass
        place = info.places.get(line.path.text)
        if place is None or column.type is ColumnType.OTHER:
            return
        needed = place.type
        if isinstance(line.converter, ast.AsName):
            if line.converter.name.text == "number" and column.type is ColumnType.TEXT:
                return
            if line.converter.name.text in ("phone", "text", "html"):
                needed = Type.TEXT
            elif line.converter.name.text in ("utc", "local") and column.type is ColumnType.DATE:
                needed = Type.MOMENT
                said = messages_tables.column_type(written.span, column.name, _HOLDS[column.type], _NEEDS[needed])
                report.add(said)
                return
            elif line.converter.name.text == "date":
                needed = Type.DATE
        elif line.arrow == "=" or info.entity.kind is None:
            return
        if needed in _KEEPS and column.type not in _KEEPS[needed]:
            report.add(messages_tables.column_type(written.span, column.name, _HOLDS[column.type], _NEEDS[needed]))

    def unfilled(self, info: EntityInfo, filled: set[str]) -> list[Diagnostic]:
        """Required columns of an entity that nothing fills, as one warning."""
        if info.table is None:
            return []
        keys = {key.casefold() for key in info.entity.key}
        missing = [
            column.name
            for column in info.table.columns
            if not (column.nullable or column.default or column.generated)
            and column.name.casefold() not in filled
            and not (column.name.casefold() in keys and _made(column) and len(keys) == 1)
        ]
        return [messages_warnings.required_unfilled(info.span, info.entity.name, missing)] if missing else []


def _columns(lines: tuple[ast.EntityLine, ...]) -> set[str]:
    """The columns that lines of an entity can fill."""
    found: set[str] = set()
    for line in lines:
        match line:
            case ast.Map():
                found |= {column.text.casefold() for column in line.columns}
            case ast.Fill() | ast.Modified():
                found.add(line.column.text.casefold())
            case _:
                pass
    return found


def _made(key: ColumnInfo) -> bool:
    """Whether a new row gets this key without anybody's doing: a number by the database, a GUID by mxsync."""
    return key.type is ColumnType.NUMBER or key.made_by_us
