"""What databases do each in their own way, in one place. Nothing else in mxsync knows which database it works on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mxsync.dialects.base import Dialect

AVAILABLE: Final = ("sqlite", "postgresql", "mysql", "mariadb", "mssql")
"""Kinds of database that there are, as they begin a database's address."""


def database_name(url: str) -> str:
    """The database that an address names, '' for none."""
    from urllib.parse import unquote

    return unquote(url.partition("://")[2].partition("?")[0].partition("/")[2])


def dialect_of(url: str) -> Dialect:
    """How the database at this address does things. Raises `ConfigError` for a kind that there is not."""
    from mxsync.errors import ConfigError

    if "://" not in url:
        raise ConfigError("[database] url is no database address; write for example sqlite:///crm.db")
    match url.partition(":")[0].partition("+")[0].lower():
        case "sqlite":
            from mxsync.dialects.sqlite import Sqlite

            return Sqlite()
        case "postgresql":
            from mxsync.dialects.postgresql import Postgresql

            return Postgresql()
        case "mysql" | "mariadb":
            from mxsync.dialects.mysql import Mysql

            return Mysql(database_name(url))
        case "mssql":
            from mxsync.dialects.mssql import Mssql

            return Mssql()
        case name:
            raise ConfigError(f"`{name}` is no kind of database that mxsync knows; there are: {', '.join(AVAILABLE)}")
