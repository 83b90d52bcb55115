"""Values between the rules' own form and a column's: one pair of functions a field, chosen once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from mxsync.errors import BadContent
from mxsync.model.item import Address, Attachment
from mxsync.model.normal import value_key
from mxsync.model.record import FieldMap, RecordKey, RecordValue
from mxsync.model.schema import ColumnInfo, ColumnType

ToPhone = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class FieldColumns:
    """How one field is written and read. `write` gives a driver value for one column; it raises `BadContent`."""

    field: FieldMap
    columns: tuple[ColumnInfo, ...]
    write: Callable[[Any], Any]
    read: Callable[[Any], RecordValue]
    email: bool
    exact: bool
    """Whether a value must never be cut: part of a key, or matched by."""


_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Without what no database stores: NUL bytes and lone surrogates."""
    if text.isascii():
        return text.replace("\0", "") if "\0" in text else text
    return _SURROGATE.sub("\ufffd", text).replace("\0", "")


def zone_named(name: str) -> tzinfo:
    """A zone by its IANA name."""
    return UTC if name.upper() == "UTC" else ZoneInfo(name)


def writer(
    field: FieldMap, column: ColumnInfo, zone: tzinfo, organisation: tzinfo, to_phone: ToPhone
) -> Callable[[Any], Any]:
    """From a value to what the driver is given."""
    converter = field.converter
    name = converter.name if converter is not None else ""
    if name == "coded" and converter is not None:
        codes = {value_key(text): code for text, code in converter.codes}

        def coded(value: Any) -> Any:
            key = value_key(value)
            if key not in codes:
                said = ", ".join(text for text, _ in converter.codes)
                raise BadContent(f"`{field.name}` has no code for `{str(value)[:40]}` (there are {said})")
            return _plain(codes[key], column, zone)

        return coded
    if name == "phone":
        return lambda value: clean(to_phone(str(value)) or str(value)) if value not in (None, "") else None
    if name == "utc":
        zone = UTC
    elif name == "local":
        zone = zone_named(converter.zone) if converter is not None and converter.zone else organisation
    elif name == "date":
        return lambda value: _day(value, zone)
    elif name == "number":
        return lambda value: _number(value, field.name)
    if column.type is ColumnType.DATE:
        return lambda value: _day(value, zone) if isinstance(value, date) else _plain(value, column, zone)
    return lambda value: _plain(value, column, zone)


def _plain(value: Any, column: ColumnInfo, zone: tzinfo) -> Any:
    if type(value) is str:  # nearly always
        return clean(value) or None
    if type(value) is datetime and not column.zoned:  # and most of the rest
        return _written(_in_zone(value, zone))
    match value:
        case None | "":
            return None
        case str():
            return clean(value)
        case bool():
            return int(value)
        case int() | float() | RecordKey():
            return value
        case datetime():
            if column.zoned:  # a column with an offset says the moment itself, in UTC
                return _written(_in_zone(value if value.tzinfo else value.replace(tzinfo=zone), UTC)) + "+00:00"
            return _written(_in_zone(value, zone))
        case date():
            return f"{value.isoformat()} 00:00:00" if column.type is ColumnType.MOMENT else value.isoformat()
        case Address():
            return clean(value.address) or None
        case Attachment():
            return clean(value.name)
        case tuple():
            return (
                "; ".join(str(part) for part in (_plain(each, column, zone) for each in value) if part is not None)
                or None
            )
        case _:
            raise BadContent(f"a value of the kind {type(value).__name__} cannot be stored")


def _in_zone(value: datetime, zone: tzinfo) -> datetime:
    try:
        return value.astimezone(zone) if value.tzinfo else value
    except OverflowError as error:
        raise BadContent(f"the moment {value.isoformat()} lies before or after all days that can be told") from error


def _written(value: datetime) -> str:
    """`YYYY-MM-DD HH:MM:SS`. C's strftime writes the year 1 as `1`, which no database takes for a date."""
    return value.replace(microsecond=0, tzinfo=None).isoformat(" ")


def _day(value: Any, zone: tzinfo) -> str | None:
    if isinstance(value, datetime):
        return _in_zone(value, zone).date().isoformat()
    return value.isoformat() if isinstance(value, date) else (str(value)[:10] if value else None)


def _number(value: Any, name: str) -> Any:
    if value in (None, ""):
        return None
    if isinstance(value, bool | int | float):
        return int(value) if isinstance(value, bool) else value
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise BadContent(f"`{name}` is to be a number, and `{str(value)[:40]}` is none") from error
    return int(number) if number == number.to_integral_value() else float(number)


def _code_key(code: Any) -> str:
    """One and yes are the same code: databases without a type for yes and no give numbers."""
    return value_key(int(code) if isinstance(code, bool) else code)


def reader(field: FieldMap, column: ColumnInfo, zone: tzinfo, organisation: tzinfo) -> Callable[[Any], RecordValue]:
    """From what the driver gives to a value."""
    converter = field.converter
    name = converter.name if converter is not None else ""
    if field.references:
        entity = field.references
        return lambda value: RecordKey(entity, value) if value is not None else None
    if name == "coded" and converter is not None:
        texts = {_code_key(code): text for text, code in converter.codes}
        return lambda value: texts.get(_code_key(value), value) if value is not None else None
    if name == "utc":
        zone = UTC
    elif name == "local":
        zone = zone_named(converter.zone) if converter is not None and converter.zone else organisation
    match column.type:
        case ColumnType.BOOLEAN:
            return lambda value: bool(value) if value is not None else None
        case ColumnType.MOMENT:
            return lambda value: _moment(value, zone)
        case ColumnType.DATE:
            return _date
        case _ if column.padded:
            return lambda value: unpadded(value)
        case _:
            return lambda value: value if not isinstance(value, bytes) else value.decode(errors="replace")


def unpadded(value: Any) -> Any:
    """A text of a CHAR column without the blanks that fill it up, which not every driver takes away."""
    return value.rstrip(" ") if isinstance(value, str) else value


def _moment(value: Any, zone: tzinfo) -> RecordValue:
    if isinstance(value, str):
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            return value
        return found if found.tzinfo else found.replace(tzinfo=zone)
    return value  # type: ignore[no-any-return]


def _date(value: Any) -> RecordValue:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            return value
    return value  # type: ignore[no-any-return]


def spread(value: RecordValue) -> Sequence[Any]:
    """The values of a list that is spread over columns."""
    if isinstance(value, tuple):
        return [each for each in value if each not in (None, "")]
    return [] if value in (None, "") else [value]


def values_reader(
    fields: Mapping[str, FieldColumns], places: Mapping[str, int]
) -> Callable[[Sequence[Any]], dict[str, RecordValue]]:
    """How rows of the driver become a record's values. `places` says where each column stands in them."""
    single = [
        (name, places[field.columns[0].name], field.read)
        for name, field in fields.items()
        if len(field.columns) == 1 and field.columns[0].name in places
    ]
    several = [
        (name, [places[column.name] for column in field.columns if column.name in places], field.read)
        for name, field in fields.items()
        if len(field.columns) != 1
    ]

    def values(row: Sequence[Any]) -> dict[str, RecordValue]:
        found = {name: read(raw) if (raw := row[at]) is not None else None for name, at, read in single}
        for name, spots, read in several:
            found[name] = tuple(read(raw) for at in spots if (raw := row[at]) is not None and raw != "")  # type: ignore[misc]
        return found

    return values
