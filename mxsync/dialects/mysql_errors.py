"""The faults of the drivers of MariaDB and MySQL, as sentences."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager

import pymysql

from mxsync.dialects.not_as_said import not_as_said
from mxsync.dialects.server_errors import errors_of
from mxsync.errors import BadContent, MxsyncError, Transient, Unauthorized, Unavailable

_KEY = re.compile(r"for key '([^']*)'")
_COLUMN = re.compile(r"[Cc]olumn [`']?([^'` ]+)[`']?")
_CONSTRAINT = re.compile(r"CONSTRAINT [`\"]([^`\"]+)[`\"]")
_FIELD = re.compile(r"Field '([^']+)'")
_DATA = {1264, 1265, 1292, 1366, 1367, 1406, 1411, 1416, 1438, 1441, 1525, 3140, 3819, 3854, 4025, 1644}


def driver_errors() -> AbstractContextManager[None]:
    """Turns the driver's exceptions into those of `mxsync.errors`; none of them shows a value."""
    return errors_of(pymysql.Error, _told)


def _named(pattern: re.Pattern[str], said: str) -> str:
    found = pattern.search(said)
    return found[1] if found is not None else ""


def _told(error: BaseException | None) -> MxsyncError:
    arguments: tuple[object, ...] = getattr(error, "args", ())
    number = arguments[0] if arguments and isinstance(arguments[0], int) else 0
    said = str(arguments[1]) if len(arguments) > 1 else str(error or "")
    match number:
        case 1062 | 1586:
            return BadContent(f"the database refuses the row: there is a row with the same {_named(_KEY, said)}")
        case 1048 | 1364:
            column = _named(_COLUMN, said) or _named(_FIELD, said)
            return BadContent(f"the database refuses the row: a value is missing in {column}")
        case 1451 | 1452 | 1216 | 1217:
            return BadContent(
                "the database refuses the row: it refers to a row that is not there, or others refer to it: "
                f"{_named(_CONSTRAINT, said)}"
            )
        case _ if number in _DATA:
            where = _named(_CONSTRAINT, said) or _named(_COLUMN, said)
            return BadContent(f"the database refuses a value{f' in {where}' if where else ''}")
        case 1205 | 1213 | 1020 | 1412:
            return Transient("two writers were in each other's way in the database; it is tried again", 0.2)
        case 1146 | 1054 | 1305 | 1356 | 1091:
            return not_as_said(said)
        case 1142 | 1143 | 1227 | 1370 | 1419 | 1410:
            return Unauthorized(
                f"a right is missing in the database: {said}. `mxsync schema show` says which are needed"
            )
        case 1045 | 1698 | 1251 | 2059:
            return Unauthorized("the database refuses the login: correct [database] username and password")
        case 1044:  # while connecting, or when something is wanted that is granted on the whole database
            return Unauthorized(
                f"a right is missing in the database: {said}. Correct [database] url if that is another one; else "
                "grant what `mxsync schema show` lists, and to look ahead with `mxsync plan` before the tracking "
                "tables are installed CREATE TEMPORARY TABLES as well"
            )
        case 1049:
            return Unauthorized(f"the server has no such database: {said}. Correct [database] url")
        case 1290 | 1792 | 1836 | 3989:
            return Unavailable("the database takes no changes at present (a replica, or a failover is going on)", 30.0)
        case 1021 | 1114 | 3:
            return Unavailable("the disk of the database is full: free space there, then run again", 60.0)
    if isinstance(error, pymysql.DataError):
        return BadContent("the database refuses a value")
    return Unavailable(f"the database cannot be reached or has ended the connection: {said}", 10.0)
