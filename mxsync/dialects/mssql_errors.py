"""The faults of SQL Server's drivers, as sentences. Both say the server's own words; pyodbc its number as well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from mxsync.errors import BadContent, MxsyncError, RateLimited, SchemaMismatch, Transient, Unauthorized, Unavailable

_NUMBER = re.compile(r"\((\d{2,5})\)")
_NAMED = re.compile(r"(?:constraint|index|column|table|object) ['\"]([^'\"]+)['\"]", re.IGNORECASE)
_LOGIN = "the database refuses the login: correct [database] username and password"
# (numbers, a piece of the server's words, which fault it is)
_KNOWN: tuple[tuple[frozenset[int], str, str], ...] = (
    (frozenset({2627, 2601}), "duplicate key", "same"),
    (frozenset({515}), "Cannot insert the value NULL", "null"),
    (frozenset({547}), "conflicted with the", "refers"),
    (frozenset({8152, 2628, 245, 8114, 241, 242, 295, 8115, 220, 8169, 9803}), "would be truncated", "value"),
    (frozenset({1205, 3960}), "deadlock", "again"),
    (frozenset({1222}), "Lock request time out", "again"),
    (frozenset({207, 208, 4902}), "Invalid column name", "schema"),
    (frozenset(), "Invalid object name", "schema"),
    (frozenset({229, 230, 262, 297, 300, 916}), "permission was denied", "right"),
    (frozenset({18456, 18452}), "Login failed", "login"),
    (frozenset({4060}), "Cannot open database", "login"),
    (frozenset({3906, 976, 978, 983}), "read-only", "standby"),
    (frozenset({1105, 9002}), "is full", "full"),
    (frozenset({40501, 10928, 10929, 49918}), "is currently busy", "busy"),
)


@contextmanager
def driver_errors() -> Iterator[None]:
    """Turns the driver's exceptions into those of `mxsync.errors`; none of them shows a value."""
    try:
        yield
    except DBAPIError as error:
        raise told(str(error.orig)) from error
    except PoolTimeout as error:
        raise Unavailable("all connections to the database are taken for more than 30 seconds", 5.0) from error
    except SQLAlchemyError as error:
        raise Unavailable(f"the database cannot be used: {error}", 10.0) from error
    except Exception as error:
        # The driver's own cursor is used for many rows, and either driver may be the one that is there.
        if type(error).__module__.partition(".")[0] in ("pyodbc", "mssql_python"):
            raise told(str(error)) from error
        raise


def told(said: str) -> MxsyncError:
    """The fault that the driver's words mean."""
    numbers = {int(number) for number in _NUMBER.findall(said)}
    kind = next(
        (kind for known, words, kind in _KNOWN if numbers & known or words.lower() in said.lower()),
        "",
    )
    named = _NAMED.search(said)
    where = named[1] if named is not None else ""
    match kind:
        case "same":
            return BadContent(f"the database refuses the row: there is a row with the same {where}")
        case "null":
            return BadContent(f"the database refuses the row: a value is missing in {where}")
        case "refers":
            return BadContent(f"the database refuses the row: a rule or a row that is not there forbids it: {where}")
        case "value":
            return BadContent(f"the database refuses a value{f' in {where}' if where else ''}")
        case "again":
            return Transient("two writers were in each other's way in the database; it is tried again", 0.2)
        case "schema":
            return SchemaMismatch(
                f"the database is not as the rules say: it has no {where or 'such object'}. `mxsync check` tells where"
            )
        case "right":
            return Unauthorized(
                f"a right is missing in the database{f' on {where}' if where else ''}. "
                "`mxsync schema show` says which are needed"
            )
        case "login":
            return Unauthorized(_LOGIN)
        case "standby":
            return Unavailable("the database takes no changes at present (a replica, or a failover is going on)", 30.0)
        case "full":
            return Unavailable("the disk or the log of the database is full: free space there, then run again", 60.0)
        case "busy":
            return RateLimited("the database asks for less", 10.0)
    if "Can't open lib" in said or "Data source name not found" in said or "IM002" in said:
        return Unauthorized(
            "the ODBC driver that [database] url names is not installed: install Microsoft's ODBC Driver 18 for SQL "
            "Server, or write mssql+mssqlpython:// after pip install 'mxsync[mssql]'"
        )
    return Unavailable("the database cannot be reached or has ended the connection", 10.0)
