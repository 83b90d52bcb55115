"""How SQL Server is called: by pyodbc, or by Microsoft's mssql-python, which brings Microsoft's ODBC driver."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.engine.interfaces import Dialect as SqlDialect

from mxsync.dialects.base import Login
from mxsync.dialects.server import CONNECT_SECONDS, open_server
from mxsync.errors import ConfigError

SESSION: Final = (
    "SET DATEFORMAT ymd",
    "SET LOCK_TIMEOUT 10000",
    "SET QUOTED_IDENTIFIER ON",
    "SET XACT_ABORT OFF",
)
"""What every connection is told: dates as SQL writes them, and no waiting for ever."""
_LOGIN_TIMEOUT: Final = 103
"""ODBC's SQL_ATTR_LOGIN_TIMEOUT. What mssql-python calls `timeout` was that of queries in its first versions."""
_OWN_TYPE: Final = -151
"""ODBC's SQL_SS_UDT: HIERARCHYID, GEOGRAPHY, GEOMETRY."""
_PACKAGES: Final = {"pyodbc": "mxsync", "mssqlpython": "mxsync[mssql]"}


def open_mssql(url: str, login: Login) -> Engine:
    """An engine for SQL Server. Raises `ConfigError`."""
    if "mssqlpython" in url.partition("://")[0]:
        limit = {"attrs_before": {_LOGIN_TIMEOUT: CONNECT_SECONDS}}
        engine = open_server(
            url, login, kind="SQL Server", driver="mssqlpython", packages=_PACKAGES, connect_args=limit
        )
        event.listen(engine, "do_connect", _connect)
    else:
        _driver_named(url)
        engine = open_server(
            url,
            login,
            kind="SQL Server",
            driver="pyodbc",
            packages=_PACKAGES,
            connect_args={"timeout": CONNECT_SECONDS},
            fast_executemany=True,
        )
        # SQLAlchemy keeps the connections; kept below it as well, what it closes would stay open at the server.
        driver: Any = engine.dialect.loaded_dbapi
        driver.pooling = False
        event.listen(engine, "connect", _read_own_types)
    event.listen(engine, "connect", _prepare)
    return engine


def _driver_named(url: str) -> None:
    """pyodbc has to be told which ODBC driver it is to load."""
    scheme, _, asked = url.lower().partition("://")
    if scheme in ("mssql", "mssql+pyodbc") and "driver=" not in asked and "odbc_connect=" not in asked:
        raise ConfigError(
            "[database] url names no ODBC driver: write "
            "mssql+pyodbc://HOST/DATABASE?driver=ODBC+Driver+18+for+SQL+Server, or mssql+mssqlpython://HOST/DATABASE "
            "after pip install 'mxsync[mssql]', which brings one along"
        )


def _connect(dialect: SqlDialect, record: Any, arguments: Any, options: Any) -> Any:
    del record
    from mxsync.dialects.mssql_cursor import connection_class

    driver: Any = dialect.loaded_dbapi
    return connection_class(driver)(*arguments, **options)


def _read_own_types(connection: Any, record: Any) -> None:
    """As bytes, as mssql-python does: pyodbc reads no row in which one stands."""
    del record
    connection.add_output_converter(_OWN_TYPE, lambda value: value)


def _prepare(connection: Any, record: Any) -> None:
    del record
    cursor = connection.cursor()
    for statement in SESSION:
        cursor.execute(statement)
    cursor.close()
    connection.commit()
