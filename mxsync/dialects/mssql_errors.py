"""The faults of SQL Server's drivers, as sentences.

pyodbc tells the SQLSTATE, the server's words, and its number at the end: `… (2627) (SQLExecDirectW)`. mssql-python has
no number: what the SQLSTATE means in its own words, and the server's, which are in the language of the login. So a
number decides, else the SQLSTATE; the server's words only tell more of what the SQLSTATE leaves open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from mxsync.dialects.not_as_said import not_as_said
from mxsync.errors import (
    BadContent,
    ConfigError,
    MxsyncError,
    RateLimited,
    SchemaMismatch,
    Transient,
    Unauthorized,
    Unavailable,
)

_NUMBER: Final = re.compile(r"\((\d{1,6})\) \(SQL\w+\)")
_STATE: Final = re.compile(r"\[([0-9A-Z]{5})\] \[|SQLSTATE code: ([0-9A-Z]{5})")
_WORDS: Final = re.compile(r"Driver Error: ([^;]+)")
_MISSING: Final = re.compile(r"Invalid (?:column|object) name '[^']+'|Cannot find the (?:object|table) \S+")
_OPTION: Final = re.compile(r"(?:Reserved|Unknown) keyword '([^']+)'|connection string attribute '([^']+)'")
_NAMED: Final = re.compile(r"(?:constraint|index|column|table|object) ['\"]([^'\"]+)['\"]", re.IGNORECASE)
_LOGIN: Final = "the database refuses the login: correct [database] username and password"
# (the server's numbers, pieces of what is said by it or of mssql-python's words for a SQLSTATE, which fault it is)
_KNOWN: Final[tuple[tuple[frozenset[int], tuple[str, ...], str], ...]] = (
    (frozenset({2627, 2601}), ("duplicate key",), "same"),
    (frozenset({515}), ("cannot insert the value null",), "null"),
    (frozenset({547}), ("conflicted with the",), "refers"),
    (frozenset({1946}), ("exceeds the maximum length of",), "long"),
    (frozenset({3609}), ("transaction ended in the trigger",), "trigger"),
    (
        frozenset({8152, 2628, 245, 8114, 241, 242, 295, 8115, 220, 8169, 9803, 8023, 257, 206, 9400, 9402, 9420}),
        (
            "would be truncated", "error converting data type", "conversion failed when", "arithmetic overflow",
            "out-of-range value", "implicit conversion from data type", "operand type clash", "xml parsing",
        ),
        "value",
    ),
    (frozenset({1205, 3960, 3961}), ("deadlock", "snapshot isolation"), "again"),
    (frozenset({1222}), ("lock request time out",), "again"),
    (
        frozenset({229, 230, 262, 297, 300, 916, 1088, 3701, 15151}),
        ("permission was denied", "permission denied", "do not have permission", "does not have permission"),
        "right",
    ),
    (frozenset({207, 208, 4902}), ("invalid column name", "invalid object name"), "schema"),
    (frozenset({4060}), ("cannot open database",), "database"),
    (frozenset({18456, 18452}), ("login failed",), "login"),
    (frozenset({3906, 976, 978, 983}), ("read-only",), "standby"),
    (frozenset({1105, 9002}), ("is full",), "full"),
    (frozenset({40501, 10928, 10929, 49918}), ("is currently busy",), "busy"),
)  # fmt: skip
# (the beginning of a SQLSTATE, mssql-python's words for such, which fault it is, what else the server's words may say)
_STATES: Final[tuple[tuple[str, tuple[str, ...], str, frozenset[str]], ...]] = (
    ("23", ("integrity constraint violation", "with check option violation"), "refers", frozenset({"same", "null"})),
    ("44", (), "refers", frozenset()),
    ("40002", (), "refers", frozenset()),
    (
        "22",
        (
            "string data, right-truncated", "string data, length mismatch", "numeric value out of range",
            "division by zero", "invalid datetime format", "datetime field overflow", "interval field overflow",
            "invalid character value for cast", "invalid escape", "indicator variable",
        ),
        "value", frozenset(),
    ),
    ("40", ("serialization failure", "statement completion unknown"), "again", frozenset()),
    ("42S02", ("base table or view not found",), "schema", frozenset({"right"})),
    ("42S22", ("column not found",), "schema", frozenset()),
    ("28", ("invalid authorization",), "login", frozenset({"database"})),
    ("3D", ("invalid catalog name",), "database", frozenset()),
    ("42S", ("base table or view already", "index ", "column already"), "statement", frozenset()),
    ("42", ("syntax error or access violation",), "refused", frozenset(kind for *_, kind in _KNOWN)),
    ("08", ("connection failure during", "communication link failure", "connection not open"), "lost", frozenset()),
)  # fmt: skip
_OWN: Final = 50_000
"""From here on the numbers are those of RAISERROR and THROW in the customer's triggers."""
_NO_DRIVER: Final = ("can't open lib", "data source name not found", "im002", "failed to load the driver")


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


def _kind(said: str) -> str:
    """Which fault it is, '' for none that is known. A number is surer than words, in which a value may stand."""
    numbers = {int(number) for number in _NUMBER.findall(said)} - {0}  # which is the driver's own
    for known, _, kind in _KNOWN:
        if numbers & known:
            return kind
    if any(number >= _OWN for number in numbers):
        return "rule"
    folded = said.lower()
    state, more = _kind_of_state(said)
    if not numbers and (not state or more):
        words = (kind for _, words, kind in _KNOWN if any(each in folded for each in words))
        state = next((kind for kind in words if not state or kind in more), state)
    return "statement" if state == "refused" and numbers else state


def _kind_of_state(said: str) -> tuple[str, frozenset[str]]:
    """What the SQLSTATE says, or mssql-python's words for it; and which faults the server's words may make of that."""
    found, words = _STATE.search(said), _WORDS.search(said)
    state = found[1] or found[2] if found is not None else ""
    folded = words[1].lower() if words is not None else ""
    for beginning, told_by, kind, more in _STATES:
        if state.startswith(beginning) or any(folded.startswith(each) for each in told_by):
            return kind, more
    return "", frozenset()


def told(said: str) -> MxsyncError:
    """The fault that the driver's words mean."""
    named = _NAMED.search(said)
    where = named[1] if named is not None else ""
    match _kind(said):
        case "same":
            return BadContent(f"the database refuses the row: there is a row with the same {where}")
        case "null":
            return BadContent(f"the database refuses the row: a value is missing in {where}")
        case "refers":
            return BadContent(f"the database refuses the row: a rule or a row that is not there forbids it: {where}")
        case "long":
            return BadContent(f"the database refuses the row: a name in it is too long for the index {where}")
        case "trigger":
            return BadContent("a trigger in the database refuses the row, and has ended the transaction")
        case "value":
            return BadContent(f"the database refuses a value{f' in {where}' if where else ''}")
        case "rule":
            return BadContent("a rule of the database's own (a trigger or a procedure) refuses the row")
        case "refused":
            return BadContent(
                "the database refuses the row, and this driver does not say why in a language that mxsync knows: a "
                "trigger of its own, or a right that is missing. With mssql+pyodbc, or where the login's "
                "DEFAULT_LANGUAGE is us_english, it is told"
            )
        case "statement":
            return SchemaMismatch(
                "the database does not understand a statement. `mxsync check` compares it with the rules"
            )
        case "again":
            return Transient("two writers were in each other's way in the database; it is tried again", 0.2)
        case "schema":
            missing = _MISSING.search(said)
            return not_as_said(
                missing[0][:1].lower() + missing[0][1:] if missing is not None else "a table or column is not there"
            )
        case "right":
            return Unauthorized(
                f"a right is missing in the database{f' on {where}' if where else ''}. "
                "`mxsync schema show` says which are needed"
            )
        case "database":
            return Unauthorized(
                "there is no such database, or this user may not open it: correct [database] url, or let its "
                "administrator make the user in that database"
            )
        case "login":
            return Unauthorized(_LOGIN)
        case "standby":
            return Unavailable("the database takes no changes at present (a replica, or a failover is going on)", 30.0)
        case "full":
            return Unavailable("the disk or the log of the database is full: free space there, then run again", 60.0)
        case "busy":
            return RateLimited("the database asks for less", 10.0)
    option = _OPTION.search(said)
    if option is not None:
        return ConfigError(
            f"[database] url: the driver does not take the option `{option[1] or option[2]}` as it stands"
        )
    if any(each in said.lower() for each in _NO_DRIVER):
        return Unauthorized(
            "the ODBC driver is not installed, or a library that it needs is not: install Microsoft's ODBC Driver 18 "
            "for SQL Server, or write mssql+mssqlpython:// after pip install 'mxsync[mssql]' (docs/dba.md)"
        )
    return Unavailable("the database cannot be reached or has ended the connection", 10.0)
