"""Values: how two compare, and what an expression of a rule gives for the item at hand."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TypeAlias, assert_never

from mxsync.lang import ir
from mxsync.lang.compile_facts import Facts, FactValue, Slot
from mxsync.model.item import Address, Attachment
from mxsync.model.normal import text_key, value_key
from mxsync.model.record import Get, Record, RecordKey

Result: TypeAlias = "FactValue | tuple[FactValue, ...] | None"

_YES = frozenset({"yes", "true", "1", "-1"})


def truth(value: FactValue | None) -> bool:
    """A value as yes or no: columns of bits hold 0 and 1, some hold texts; nothing is no."""
    if value is None or isinstance(value, bool):
        return bool(value)
    if isinstance(value, (int, float)):
        return value != 0
    if isinstance(value, str):
        return value.strip().casefold() in _YES
    return True


def equal(slot: Slot, value: FactValue, other: FactValue, zone: tzinfo) -> bool:
    """Whether two values are the same to the rules. A day and a moment are the same when the moment lies in the day."""
    if isinstance(other, bool) or isinstance(value, bool):
        return truth(value) is truth(other)
    if isinstance(value, date) and isinstance(other, date):
        return order(value, other, zone) == 0
    return slot.key(value) == slot.key(other)


def order(value: FactValue, other: FactValue, zone: tzinfo) -> int | None:
    """-1, 0 or 1, None where the two have no order. Numbers written as text count as numbers; where one side is a day,
    both are compared as days in the organisation's zone."""
    if isinstance(value, date) and isinstance(other, date):
        return _order_dates(value, other, zone)
    left, right = _number(value), _number(other)
    if left is not None and right is not None:
        return (left > right) - (left < right)
    if isinstance(value, str) and isinstance(other, str):
        one, two = text_key(value), text_key(other)
        return (one > two) - (one < two)
    return None


def _order_dates(value: date, other: date, zone: tzinfo) -> int:
    if isinstance(value, datetime) and isinstance(other, datetime):
        one, two = in_zone(value, zone), in_zone(other, zone)
        return (one > two) - (one < two)
    day, other_day = day_of(value, zone), day_of(other, zone)
    return (day > other_day) - (day < other_day)


def day_of(value: date, zone: tzinfo) -> date:
    """The calendar day of a day or a moment, in the zone."""
    return in_zone(value, zone).date() if isinstance(value, datetime) else value


def in_zone(moment: datetime, zone: tzinfo) -> datetime:
    """The moment in the zone; one without a zone is taken to be in it already."""
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def _number(value: FactValue) -> float | None:
    match value:
        case bool():
            return None
        case int() | float():
            return float(value)
        case str():
            try:
                return float(value)
            except ValueError:
                return None
        case _:
            return None


def shifted(base: date, count: int, unit: str, zone: tzinfo) -> date:
    """`base` moved by wall-clock units in the zone. Months and years keep the day where it exists, else they take the
    month's last. A day moved by hours or minutes starts at midnight. What leaves the calendar stays at its end."""
    if isinstance(base, datetime):
        base = in_zone(base, zone)
    elif unit in ("minute", "hour"):
        base = datetime.combine(base, time(), zone)
    try:
        match unit:
            case "month":
                return _by_months(base, count)
            case "year":
                return _by_months(base, 12 * count)
            case "minute" | "hour" if isinstance(base, datetime):
                step = timedelta(minutes=count) if unit == "minute" else timedelta(hours=count)
                return (base.astimezone(UTC) + step).astimezone(zone)  # an hour is an hour, also when clocks change
            case "day":
                return base + timedelta(days=count)
            case "week":
                return base + timedelta(weeks=count)
            case _:
                return base
    except (OverflowError, ValueError):
        return base


def _by_months(base: date, count: int) -> date:
    year, month = divmod(base.year * 12 + base.month - 1 + count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return base.replace(year=year, month=month + 1, day=min(base.day, last))


def evaluate(expression: ir.Expr, facts: Facts) -> Result:
    """What an expression gives: one value, several where a list is named, None for nothing."""
    match expression:
        case ir.Constant():
            return expression.value
        case ir.Path():
            values = facts.path(expression)
            if expression.many and expression.root is not ir.Root.ENTITY:
                return values
            return values[0] if values else None
        case ir.Offset():
            return _offset(expression, facts)
        case ir.Template():
            return render(expression, facts)
        case ir.TheUser():
            return facts.user_key()
        case _:
            assert_never(expression)


def operands(expression: ir.Expr, slot: Slot, facts: Facts) -> tuple[FactValue, ...]:
    """The values that an expression stands for on the right of an operator. `user` is a record where a reference is
    compared, an address elsewhere."""
    if isinstance(expression, ir.TheUser) and slot.path.type is not ir.Type.REFERENCE:
        address = facts.user_address()
        return (Address("", address),) if address else ()
    if isinstance(expression, ir.Path):
        return facts.path(expression)
    value = evaluate(expression, facts)
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def _offset(expression: ir.Offset, facts: Facts) -> Result:
    base: FactValue
    if expression.base is None:
        base = in_zone(facts.now, facts.zone)
    else:
        found = facts.path(expression.base)
        if not found:
            return None
        base = found[0]
    if not isinstance(base, date) or not expression.unit:
        return base
    return shifted(base, expression.count, expression.unit, facts.zone)


def render(template: ir.Template, facts: Facts) -> str:
    """A text with its holes filled. A list is joined with `, `; of several records the first counts."""
    return "".join(part if isinstance(part, str) else hole_text(part, facts) for part in template.parts)


def hole_text(hole: ir.Hole, facts: Facts) -> str:
    """What one hole of a text shows; '' for nothing."""
    values = facts.path(hole.path)
    if hole.path.root is ir.Root.ENTITY or not hole.path.many:
        values = values[:1]
    return ", ".join(shown(value, facts, hole.format) for value in values)


def shown(value: FactValue, facts: Facts, format_: str = "") -> str:
    """A value as people read it: moments in the organisation's zone, a record by its name."""
    match value:
        case datetime():
            local = in_zone(value, facts.zone)
            return _formatted(local, format_) or local.strftime("%Y-%m-%d %H:%M")
        case date():
            return _formatted(value, format_) or value.isoformat()
        case str():
            return value
        case Address():
            return value.address or value.name
        case Attachment():
            return value.name
        case RecordKey():
            return _record_name(value, facts)
        case bool():
            return value_key(value)
        case _:
            return _formatted_number(value, format_) or value_key(value)


def _formatted(value: date, format_: str) -> str:
    if not format_:
        return ""
    try:
        return value.strftime(format_)
    except ValueError:  # a directive that this platform's C library does not know
        return ""


def _formatted_number(value: float, format_: str) -> str:
    if not format_:
        return ""
    try:
        return format(value, format_)
    except ValueError:
        return ""


_NAMES = ("full_name", "name", "title", "subject", "email")


def _record_name(key: RecordKey, facts: Facts) -> str:
    for record in facts.ask(Get(key)):
        name = record_name(record, facts)
        if name:
            return name
    return "" if key.planned else str(key.value)


def record_name(record: Record, facts: Facts) -> str:
    """What people call a record: its name, its title, its address; '' for none."""
    for field in _NAMES:
        value = record.values.get(field)
        if isinstance(value, tuple):
            value = value[0] if value else None
        if value and not isinstance(value, RecordKey):
            return shown(value, facts)
    return ""
