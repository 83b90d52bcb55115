"""Which columns are unique together, as SQLAlchemy reflects it of many tables at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.engine.reflection import Inspector

Unique = Mapping[Any, Sequence[Sequence[str]]]
"""(schema, table) to groups of columns."""


def by_constraint(inspector: Inspector, asked: Mapping[str, Any]) -> Unique:
    """From the UNIQUE constraints. `asked` says which tables, as `Inspector.get_multi_unique_constraints` takes it."""
    found: Mapping[Any, Sequence[Any]] = inspector.get_multi_unique_constraints(**asked)
    return {at: [each["column_names"] for each in constraints] for at, constraints in found.items()}


def by_index(inspector: Inspector, asked: Mapping[str, Any]) -> Unique:
    """The same from unique indexes, where SQLAlchemy reflects no constraints; `by_constraint` raises there."""
    found: Mapping[Any, Sequence[Any]] = inspector.get_multi_indexes(**asked)
    return {at: [each["column_names"] for each in indexes if each["unique"]] for at, indexes in found.items()}
