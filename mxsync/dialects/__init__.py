"""What databases do each in their own way, in one place. Nothing else in mxsync knows which database it works on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mxsync.dialects.base import Dialect

AVAILABLE: Final = ("sqlite",)
"""Kinds of database that there are, as they begin a database's address."""

PLANNED: Final = ("mssql", "postgresql", "mysql", "mariadb")
"""Those that are known by name and not there yet."""


def dialect_of(url: str) -> Dialect:
    """How the database at this address does things. Raises `ConfigError` for one that is not there yet."""
    from mxsync.errors import ConfigError

    name = url.partition(":")[0].partition("+")[0].lower()
    if name == "sqlite":
        from mxsync.dialects.sqlite import Sqlite

        return Sqlite()
    known = {"mssql": "SQL Server", "postgresql": "PostgreSQL", "mysql": "MySQL", "mariadb": "MariaDB"}
    if "://" not in url or not name:
        raise ConfigError("[database] url is no database address; write for example sqlite:///crm.db")
    raise ConfigError(f"{known.get(name, name)} is not supported yet: [database] url must begin with sqlite:///")
