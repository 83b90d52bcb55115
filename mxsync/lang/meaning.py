"""The digest of what statements mean: two programs with one digest decide alike. Layout, comments, places in files
and the spelling of sugar do not count.

A resolved statement is taken to nested tuples of plain values, which are then written out in one go. What follows from
the rest (a path's type, which its entity decides) is left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from operator import attrgetter
from typing import Any, Final

from mxsync.lang import ir

_PLACE: Final = frozenset({"span", "text", "line", "file", "order", "because"})
_Former = Callable[[Any], Any]


def _path(path: ir.Path) -> tuple[Any, ...]:
    return path.root._name_, path.steps, path.entity


def _constant(constant: ir.Constant) -> Any:
    value = constant.value
    return value if value.__class__ is str else (value.__class__.__name__, repr(value))


def _set(values: frozenset[Any]) -> tuple[Any, ...]:
    return ("set", *sorted(map(repr, values)))


def _mapping(values: Mapping[Any, Any]) -> tuple[Any, ...]:
    return ("map", *((str(name), _form(values[name])) for name in sorted(values, key=str)))


def _compare(node: ir.Compare) -> tuple[Any, ...]:
    source = node.pattern.regex if node.pattern is not None else ""
    values = tuple([_form(each) for each in node.values])
    return "?", node.quantifier._name_, _path(node.path), node.op._name_, values, source, node.negated


def _assign(node: ir.Assign) -> tuple[Any, ...]:
    return "=", node.entity, node.field, _form(node.value)


def _template(node: ir.Template) -> tuple[Any, ...]:
    return "{}", *[each if each.__class__ is str else _hole(each) for each in node.parts]


def _hole(node: Any) -> tuple[Any, ...]:
    return _path(node.path), node.format


def _same(value: Any) -> Any:
    return value


_FORMERS: Final[dict[type, _Former]] = {
    str: _same,
    int: _same,
    bool: _same,
    float: _same,
    type(None): _same,
    tuple: lambda value: tuple([_form(each) for each in value]),
    frozenset: _set,
    set: _set,
    dict: _mapping,
    ir.Path: _path,
    ir.Constant: _constant,
    ir.Compare: _compare,
    ir.Assign: _assign,
    ir.Template: _template,
}


def _form(value: Any) -> Any:
    cls = value.__class__
    former = _FORMERS.get(cls)
    if former is None:
        former = _FORMERS[cls] = _former(cls)
    return former(value)


def _former(cls: type) -> _Former:
    """How values of a class are taken apart; worked out once a class."""
    if issubclass(cls, Enum):
        return lambda value: value._name_
    if issubclass(cls, Mapping):
        return _mapping
    if not is_dataclass(cls):
        return repr
    title = cls.__name__
    names = [each.name for each in fields(cls) if each.name not in _PLACE]
    if not names:
        return lambda value: title
    if len(names) == 1:
        only = attrgetter(names[0])
        return lambda value: (title, _form(only(value)))
    read = attrgetter(*names)
    return lambda value: (title, *[_form(each) for each in read(value)])


def _digest(form: object) -> str:
    return hashlib.sha256(repr(form).encode("utf-8", "surrogatepass")).hexdigest()


def meaning(value: object) -> str:
    """The digest of one part of a program."""
    return _digest(_form(value))


def rule_meaning(rule: ir.Rule) -> str:
    """The digest of a rule; the name of a bare `when` is its place, which does not count."""
    bare = rule.name == f"{rule.file}:{rule.line}"
    head = ("" if bare else rule.name, rule.priority, rule.kinds, rule.row_of, rule.event, rule.users, rule.folders)
    return _digest((_form(head), rule.public, _form(rule.condition), _form(rule.actions)))


def joined(digests: Iterable[str]) -> str:
    """The digest of digests."""
    sha = hashlib.sha256()
    for digest in digests:
        sha.update(digest.encode())
    return sha.hexdigest()
