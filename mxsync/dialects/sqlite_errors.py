"""The faults of SQLite's driver, as sentences."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError

from mxsync.dialects.not_as_said import not_as_said
from mxsync.errors import BadContent, SchemaMismatch, Unavailable

_NAMED = re.compile(r"constraint failed: ([\w. ,]+)", re.IGNORECASE)
_KINDS = {
    "UNIQUE": "there is a row with the same",
    "NOT NULL": "a value is missing in",
    "FOREIGN KEY": "it refers to a row that is not there, or others refer to it",
    "CHECK": "its rule forbids it:",
}


@contextmanager
def driver_errors() -> Iterator[None]:
    """Turns the driver's exceptions into those of `mxsync.errors`; none of them shows a value."""
    try:
        yield
    except IntegrityError as error:
        raise BadContent(_refused(str(error.orig))) from error
    except sqlite3.IntegrityError as error:
        raise BadContent(_refused(str(error))) from error
    except (DataError, InterfaceError) as error:
        raise BadContent(f"the database refuses a value: {error.orig}") from error
    except OperationalError as error:
        raise _unusable(str(error.orig)) from error
    except sqlite3.OperationalError as error:
        raise _unusable(str(error)) from error
    except DBAPIError as error:
        raise _unusable(str(error.orig)) from error
    except sqlite3.Error as error:
        raise _unusable(str(error)) from error
    except UnicodeEncodeError as error:
        raise BadContent("a text holds characters that the database cannot store") from error
    except OverflowError as error:
        raise BadContent("a number is too large for the database") from error
    except SQLAlchemyError as error:
        raise Unavailable(f"the database cannot be used: {error.args[0]}", 10.0) from error


def _refused(text: str) -> str:
    found = _NAMED.search(text)
    kind = next((said for word, said in _KINDS.items() if f"{word} constraint" in text), "")
    what = f"{kind} {found[1].strip()}" if kind and found is not None else kind or text
    return f"the database refuses the row: {what}"


def _unusable(text: str) -> SchemaMismatch | Unavailable:
    if "no such table" in text or "no such column" in text or "has no column named" in text:
        return not_as_said(text)
    if "locked" in text or "busy" in text:
        return Unavailable(
            "the database is locked by another program for more than ten seconds; it is tried again", 5.0
        )
    if "full" in text:
        return Unavailable("the disk of the database is full: free space there, then run again", 60.0)
    if "not a database" in text or "malformed" in text:
        return Unavailable(
            f"the database cannot be used: {text}. Bring its file back from a backup, or correct [database] url", 60.0
        )
    if "readonly" in text or "unable to open" in text:
        return Unavailable(
            f"the database cannot be used: {text}. Give mxsync's user the right to read and write its file and the "
            "folder that it lies in",
            30.0,
        )
    return Unavailable(f"the database cannot be used: {text}", 10.0)
