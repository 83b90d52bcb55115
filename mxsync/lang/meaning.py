"""The digest of what statements mean: two programs with one digest decide alike. Layout, comments, places in files
and the spelling of sugar do not count."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from operator import attrgetter
from typing import Any, Final

from mxsync.lang import ir

_PLACE: Final = frozenset({"span", "text", "line", "file", "order", "because"})
_READERS: Final[dict[type, attrgetter[Any] | None]] = {}
_NAMES: Final[dict[type, str]] = {}


def _reader(cls: type) -> attrgetter[Any] | None:
    if not is_dataclass(cls):
        return None
    names = [each.name for each in fields(cls) if each.name not in _PLACE]
    if not names:
        return None
    # attrgetter of one name gives the value itself: ask twice, so that it is always a tuple
    return attrgetter(*names) if len(names) > 1 else attrgetter(names[0], names[0])


def _write(value: Any, out: list[str]) -> None:
    cls = value.__class__
    if cls is str:
        out.append(repr(value))
        return
    if cls is tuple:
        out.append("(")
        for each in value:
            _write(each, out)
        out.append(")")
        return
    if cls in _READERS:
        reader = _READERS[cls]
    else:
        reader = _READERS[cls] = _reader(cls)
        _NAMES[cls] = cls.__name__
    if reader is not None:
        out.append(_NAMES[cls])
        out.append("(")
        for each in reader(value):
            _write(each, out)
        out.append(")")
    elif isinstance(value, Enum):
        out.append(value.name)
    elif isinstance(value, (frozenset, set)):
        out.append("{" + ",".join(sorted(repr(each) for each in value)) + "}")
    elif isinstance(value, Mapping):
        for key in sorted(value, key=str):
            _write(str(key), out)
            _write(value[key], out)
    elif is_dataclass(value):
        out.append(_NAMES[cls])
    else:
        out.append(f"{cls.__name__}:{value!r}")
    out.append(",")


def meaning(value: object) -> str:
    """The digest of one part of a program."""
    out: list[str] = []
    _write(value, out)
    return hashlib.sha256("".join(out).encode("utf-8", "surrogatepass")).hexdigest()


def rule_meaning(rule: ir.Rule) -> str:
    """The digest of a rule; the name of a bare `when` is its place, which does not count."""
    out: list[str] = []
    bare = rule.name == f"{rule.file}:{rule.line}"
    _write("" if bare else rule.name, out)
    _write((rule.priority, rule.kinds, rule.row_of, rule.event, rule.users, rule.folders, rule.public), out)
    _write((rule.condition, rule.actions), out)
    return hashlib.sha256("".join(out).encode("utf-8", "surrogatepass")).hexdigest()


def joined(digests: Iterable[str]) -> str:
    """The digest of digests."""
    sha = hashlib.sha256()
    for digest in digests:
        sha.update(digest.encode())
    return sha.hexdigest()
