"""The faults of PostgreSQL's driver, as sentences."""

from __future__ import annotations

from contextlib import AbstractContextManager

import psycopg

from mxsync.dialects.not_as_said import not_as_said
from mxsync.dialects.server_errors import errors_of
from mxsync.errors import BadContent, MxsyncError, SchemaMismatch, Transient, Unauthorized, Unavailable

_REFUSED = {
    "23505": "there is a row with the same",
    "23502": "a value is missing in",
    "23503": "it refers to a row that is not there, or others refer to it:",
    "23514": "its rule forbids it:",
    "23P01": "it stands in the way of another row:",
}


def driver_errors() -> AbstractContextManager[None]:
    """Turns the driver's exceptions into those of `mxsync.errors`; none of them shows a value."""
    return errors_of(psycopg.Error, _told)


def _told(error: BaseException | None) -> MxsyncError:
    state = getattr(error, "sqlstate", None) or ""
    diagnosis = getattr(error, "diag", None)
    said = str(getattr(diagnosis, "message_primary", "") or error or "").split("\n")[0]
    where = ".".join(
        str(each) for each in (getattr(diagnosis, "table_name", None), getattr(diagnosis, "column_name", None)) if each
    )
    constraint = getattr(diagnosis, "constraint_name", None)
    if state in _REFUSED:
        named = f" ({constraint})" if constraint else ""
        return BadContent(f"the database refuses the row: {_REFUSED[state]} {where}{named}")
    if state.startswith(("22", "23", "P0")) or isinstance(error, psycopg.DataError):
        # What follows the colon or stands in quotes is the value itself.
        return BadContent(f"the database refuses a value: {said.partition(':')[0]}")
    if state in ("40001", "40P01", "55P03"):
        return Transient("two writers were in each other's way in the database; it is tried again", 0.2)
    if state in ("42P01", "42703", "3F000", "42883"):
        return not_as_said(said)
    if state == "42501":
        return Unauthorized(f"a right is missing in the database: {said}. `mxsync schema show` says which are needed")
    if state.startswith("28"):
        return Unauthorized("the database refuses the login: correct [database] username and password")
    if state == "3D000":
        return Unauthorized(f"the server has no such database: {said}. Correct [database] url")
    if state == "25006":
        return Unavailable("the database takes no changes at present (a standby, or a failover is going on)", 30.0)
    if state == "53100":
        return Unavailable("the disk of the database is full: free space there, then run again", 60.0)
    if state.startswith("42"):
        return SchemaMismatch(f"the database does not understand a statement: {said}")
    # What is refused while connecting has no code.
    if "FATAL:  database" in said and "does not exist" in said:
        said = said.rpartition("FATAL:")[2].strip()
        return Unauthorized(f"the server has no such database: {said}. Correct [database] url")
    if "FATAL:  role" in said or "authentication" in said or "pg_hba.conf" in said:
        return Unauthorized("the database refuses the login: correct [database] username and password")
    return Unavailable(f"the database cannot be reached or has ended the connection: {said}", 10.0)
