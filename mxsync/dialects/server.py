"""Connecting to a database server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from mxsync.dialects.base import Login
from mxsync.errors import ConfigError

CONNECT_SECONDS = 10
"""How long a server may take to answer a call for a connection."""
IDLE_SECONDS = 300
"""After so long a silence in a transaction the server gives it up, where it can: a process that is frozen, or a machine
that is gone, keeps nobody waiting for its rows for ever. Longer than a page takes, and than a lease holds."""


def open_server(
    url: str,
    login: Login,
    *,
    kind: str,
    driver: str,
    packages: Mapping[str, str],
    connect_args: Mapping[str, Any],
    **options: Any,
) -> Engine:
    """An engine for a database server called `kind`. `driver` is taken where the address names none; `packages` says of
    each driver that may be named what to install. A connection that died while it lay idle is replaced when it is
    asked for. Raises `ConfigError`."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise ConfigError("[database] url is no database address") from error
    scheme, _, named = parsed.drivername.partition("+")
    named = named or driver
    if named not in packages:
        known = " or ".join(f"{scheme}+{each}" for each in packages)
        raise ConfigError(f"[database] url: mxsync speaks to {kind} by {known}, not by `{parsed.drivername}`")
    if not parsed.database and "odbc_connect" not in parsed.query:
        raise ConfigError(f"[database] url names no database: write {scheme}+{named}://HOST/DATABASE")
    parsed = parsed.set(drivername=f"{scheme}+{named}")
    if login.username:
        parsed = parsed.set(username=login.username)
    if login.password:
        parsed = parsed.set(password=login.password)
    try:
        return create_engine(
            parsed,
            pool_size=4,
            max_overflow=4,
            pool_pre_ping=True,
            pool_recycle=1800,
            hide_parameters=True,
            connect_args=dict(connect_args),
            **options,
        )
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise ConfigError(
            f"the driver for {kind} is not installed: pip install '{packages[named]}' where mxsync is installed"
        ) from error
