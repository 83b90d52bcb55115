"""`mxsync why`: where a row, and each of its fields, comes from."""

from __future__ import annotations

import argparse
from datetime import datetime

from mxsync.cli.arguments import Commands, add_command
from mxsync.cli.opening import open_tenant
from mxsync.cli.render import Render, plain, table
from mxsync.model.record import RecordKey

EXAMPLES = """\
  mxsync why contact 17                 which rule, file and line, rules digest, item and time, for each field
  mxsync why company 4 --format json
"""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "why",
        "where a row, and each of its fields, comes from",
        examples=EXAMPLES,
        run=run,
    )
    parser.add_argument("entity", metavar="ENTITY", help="the entity's name in the rule files")
    parser.add_argument("key", metavar="KEY", help="the row's key")


def run(args: argparse.Namespace, render: Render) -> int:
    with open_tenant(args, render, read_only=True) as tenant:
        report = tenant.why(args.entity, args.key)
    names = ("field", "value", "source", "rule", "file", "line", "plan", "item", "time")
    fields: list[dict[str, object]] = [dict(zip(names, field, strict=True)) for field in report.fields]
    for field in fields:
        if field["field"] in report.edited:
            field["now"] = report.edited[str(field["field"])]
    links = list(report.links)
    document = {"entity": report.entity, "key": report.key, "fields": fields, "links": links, "items": report.items}
    lines = [f"{report.entity} {report.key}"]
    lines += table(
        [
            (field["field"], _value(field), f"from {field['source']}" if field["source"] else "", _rule(field))
            for field in fields
        ]
    )
    lines += [f"  linked to {link['row']}  {_rule(link)}" for link in links]
    for each in report.items:
        lines.append(f"  {each['action']} {each['item']}  {each['rule']} ({each['file']}:{each['line']})")
        lines += [f"    {said}" for said in each["said"]]  # type: ignore[attr-defined]  # texts, as they were noted
    render.report(document, lines)
    return 0


def _value(field: dict[str, object]) -> str:
    written = str(_shown(field["value"]))
    return f"{written}, now {_shown(field['now']) or 'empty'} (changed by a person)" if "now" in field else written


def _shown(value: object) -> object:
    """A value in a line: a reference as entity and key, several one after the other."""
    match value:
        case RecordKey():
            return f"{value.entity} {value.value}"
        case tuple():
            return ", ".join(str(_shown(each)) for each in value)
        case _:
            return plain(value)


def _rule(field: dict[str, object]) -> str:
    rule = f"{field['rule']} ({field['file']}:{field['line']}), rules {str(field['plan'])[:12]}"
    time = field["time"]
    at = time.strftime("%Y-%m-%d %H:%M") if isinstance(time, datetime) else str(time)[:16]
    return f"{rule}, {field['item']}, {at}"
