"""A program as plain data and back: what the front end has made of rule files, for a process that need not do it again.

Plain data, and no pickle: reading it makes values of the program's own classes and runs nothing else. What several
parts share is written once and shared again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache
from types import ModuleType
from typing import Any, Final, TypeAlias

from mxsync.lang import source
from mxsync.lang.ir import actions, conditions, program, statements, tests, types, values
from mxsync.model import item, record

Plain: TypeAlias = "list[list[Any]]"
"""Nodes, each after those that it is made of: the name of its class, then its parts. A part in a list is the place of
another node."""

_MODULES: Final[tuple[ModuleType, ...]] = (
    actions, conditions, program, statements, tests, types, values, source, item, record,
)  # fmt: skip
_LITERAL: Final = (str, int, float, bool, type(None))


@cache
def _classes() -> Mapping[str, type]:
    """The classes that a program may be made of, by name."""
    found: dict[str, type] = {}
    for module in _MODULES:
        for name, each in vars(module).items():
            if isinstance(each, type) and each.__module__ == module.__name__:
                assert name not in found, name
                if is_dataclass(each) or issubclass(each, Enum):
                    found[name] = each
    return found


@cache
def _fields(name: str) -> tuple[str, ...]:
    kind: Any = _classes()[name]
    return tuple(each.name for each in fields(kind))


def plain(whole: program.Program) -> Plain:
    """The program as plain data. Raises `TypeError` where it holds something of another class, `RecursionError` where
    conditions lie in each other by the hundred."""
    return _Writing().all_of(whole)


class _Writing:
    def __init__(self) -> None:
        self._nodes: Plain = []
        self._places: dict[int, int] = {}
        self._alive: list[object] = []  # an id is a value's own only while the value lives

    def all_of(self, whole: object) -> Plain:
        self._part(whole)
        return self._nodes

    def _part(self, value: object) -> Any:
        if type(value) in _LITERAL:
            return value
        place = self._places.get(id(value))
        if place is None:
            node = self._node(value)
            place = self._places[id(value)] = len(self._nodes)
            self._nodes.append(node)
            self._alive.append(value)
        return [place]

    def _node(self, value: Any) -> list[Any]:
        match value:
            case tuple():
                return ["", *map(self._part, value)]
            case frozenset():
                return ["set", *map(self._part, sorted(value, key=repr))]
            case dict():
                return ["map", *(self._part(each) for pair in value.items() for each in pair)]
            case datetime():
                return ["moment", value.isoformat()]
            case date():
                return ["date", value.isoformat()]
            case timedelta():
                return ["span", value.days, value.seconds, value.microseconds]
        name = type(value).__name__
        if _classes().get(name) is not type(value):
            raise TypeError(f"a program holds a {type(value).__module__}.{name}, which cannot be kept")
        if isinstance(value, Enum):
            return [name, value.name]
        return [name, *(self._part(getattr(value, each)) for each in _fields(name))]


def read(nodes: Plain) -> program.Program:
    """The program. Raises `ValueError` for what is none."""
    classes = _classes()
    made: list[Any] = []
    try:
        for name, *parts in nodes:
            found = [made[part[0]] if type(part) is list else part for part in parts]
            made.append(_made(classes, name, found))
    except (TypeError, KeyError, IndexError, AttributeError) as error:
        raise ValueError(f"no program: {error}") from error
    if not made or not isinstance(made[-1], program.Program):
        raise ValueError("no program")
    return made[-1]


def _made(classes: Mapping[str, type], name: str, parts: list[Any]) -> object:
    match name:
        case "":
            return tuple(parts)
        case "set":
            return frozenset(parts)
        case "map":
            return dict(_pairs(parts))
        case "moment":
            return datetime.fromisoformat(*parts)
        case "date":
            return date.fromisoformat(*parts)
        case "span":
            return timedelta(*parts)
    made = classes[name]
    return made[parts[0]] if issubclass(made, Enum) else made(*parts)


def _pairs(parts: list[Any]) -> Iterable[tuple[Any, Any]]:
    return zip(parts[0::2], parts[1::2], strict=True)
