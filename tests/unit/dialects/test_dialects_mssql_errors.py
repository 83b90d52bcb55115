"""What SQL Server's two drivers say of a fault, in their own words, and what is made of it."""

from __future__ import annotations

import importlib
import inspect
import re

import pytest

from mxsync.dialects.mssql_errors import told
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
from tests.unit.dialects.test_dialects_mssql_wire import odbc_driver

_ODBC = "[Microsoft][ODBC Driver 18 for SQL Server][SQL Server]"
SAID: list[tuple[str, str, str, type[MxsyncError], str]] = [
    # SQLSTATE, mssql-python's words for it, the server's words with its number, what it is, a word of the sentence
    ("23000", "Integrity constraint violation", "Violation of UNIQUE KEY constraint 'UQ__a__1'. Cannot insert duplicate key in "
     "object 'dbo.a'. The duplicate key value is (s3cret). (2627)", BadContent, "a row with the same UQ__a__1"),
    ("23000", "Integrity constraint violation", "Cannot insert duplicate key row in object 'dbo.a' with unique index 'once'. The "
     "duplicate key value is (s3cret). (2601)", BadContent, "a row with the same dbo.a"),
    ("23000", "Integrity constraint violation", "Cannot insert the value NULL into column 'n', table 'd.dbo.a'; column does not "
     "allow nulls. INSERT fails. (515)", BadContent, "a value is missing in n"),
    ("23000", "Integrity constraint violation", "The INSERT statement conflicted with the CHECK constraint \"CK__a\". The conflict "
     "occurred in database \"d\", table \"dbo.a\", column 'mail'. (547)", BadContent, "forbids it: CK__a"),
    ("42000", "Syntax error or access violation", "Error converting data type nvarchar to bigint. (8114)", BadContent,
     "refuses a value"),
    ("22018", "Invalid character value for cast specification", "Conversion failed when converting the nvarchar value 's3cret' to "
     "data type int. (245)", BadContent, "refuses a value"),
    ("22003", "Numeric value out of range", "Arithmetic overflow error converting expression to data type smallint. (8115)",
     BadContent, "refuses a value"),
    ("22001", "String data, right-truncated", "String or binary data would be truncated in table 'd.dbo.a', column 'n'. Truncated "
     "value: 's3cret (2627)'. (2628)", BadContent, "refuses a value in d.dbo.a"),
    ("42000", "Syntax error or access violation", "Operation failed. The index entry of length 2500 bytes for the index 'PK__i' "
     "exceeds the maximum length of 900 bytes for clustered indexes. (1946)", BadContent, "too long for the index PK__i"),
    ("42000", "Syntax error or access violation", "The transaction ended in the trigger. The batch has been aborted. (3609)",
     BadContent, "a trigger in the database refuses the row"),
    ("40001", "Serialization failure", "Transaction (Process ID 52) was deadlocked on lock resources with another process and has "
     "been chosen as the deadlock victim. Rerun the transaction. (1205)", Transient, "it is tried again"),
    ("HYT00", "Timeout expired", "Lock request time out period exceeded. (1222)", Transient, "it is tried again"),
    ("42S22", "Column not found", "Invalid column name 'name'. (207)", SchemaMismatch, "invalid column name 'name'"),
    ("42S02", "Base table or view not found", "Invalid object name 'people'. (208)", SchemaMismatch, "object name 'people'"),
    ("42S02", "Base table or view not found", "Invalid object name 'mxsync_items'. (208)", SchemaMismatch, "schema install"),
    ("42000", "Syntax error or access violation", "The SELECT permission was denied on the object 'a', database 'd', schema 'dbo'. "
     "(229)", Unauthorized, "a right is missing in the database on a"),
    ("42000", "Syntax error or access violation", "Cannot find the object \"a\" because it does not exist or you do not have "
     "permissions. (1088)", Unauthorized, "a right is missing"),
    ("28000", "Invalid authorization specification", "Login failed for user 'nobody'. (18456)", Unauthorized, "refuses the login"),
    ("42000", "Syntax error or access violation", "Cannot open database \"none\" requested by the login. The login failed. (4060)",
     Unauthorized, "no such database"),
    ("HY000", "General error", "Failed to update database \"d\" because the database is read-only. (3906)", Unavailable,
     "takes no changes at present"),
    ("42000", "Syntax error or access violation", "The transaction log for database 'd' is full due to 'LOG_BACKUP'. (9002)",
     Unavailable, "is full"),
    ("HY000", "General error", "The service is currently busy. Retry the request after 10 seconds. (40501)", RateLimited, "asks for less"),
    ("08S01", "Communication link failure", "TCP Provider: Error code 0x68 (104)", Unavailable, "ended the connection"),
]  # fmt: skip


@pytest.mark.parametrize(("state", "words", "server", "kind", "sentence"), SAID)
def test_both_drivers_are_understood(
    state: str, words: str, server: str, kind: type[MxsyncError], sentence: str
) -> None:
    pyodbc = f"('{state}', \"[{state}] {_ODBC}{server} (SQLExecDirectW)\")"
    mssql_python = f"Driver Error: {words}; DDBC Error: [Microsoft][SQL Server]{server.rpartition(' (')[0]}"
    for said in (pyodbc, mssql_python):
        fault = told(said)
        assert type(fault) is kind and sentence in str(fault)
        assert "s3cret" not in str(fault)


def test_a_login_in_another_language_is_understood_by_the_number_and_by_the_sqlstate() -> None:
    german = "Verletzung der UNIQUE KEY-Einschränkung 'UQ__a'. Ein doppelter Schlüssel kann nicht eingefügt werden."
    assert "a row with the same" in str(told(f"('23000', '[23000] {_ODBC}{german} (2627) (SQLExecDirectW)')"))
    assert isinstance(
        told(f"Driver Error: Integrity constraint violation; DDBC Error: [Microsoft][SQL Server]{german}"), BadContent
    )


@pytest.mark.parametrize("said", [
    "Connection string parsing failed:\n  Unknown keyword 'nonsense' is not recognized",
    "Connection string parsing failed:\n  Reserved keyword 'nonsense' is controlled by the driver and cannot be specified by the user",
    "Driver Error: Client unable to establish connection; DDBC Error: [Microsoft]Invalid value specified for connection string "
    "attribute 'nonsense'",
])  # fmt: skip
def test_an_option_that_the_driver_does_not_take_is_no_lost_connection(said: str) -> None:
    fault = told(said)
    assert isinstance(fault, ConfigError) and "the option `nonsense`" in str(fault)


@pytest.mark.parametrize("said", [
    "('01000', \"[01000] [unixODBC][Driver Manager]Can't open lib 'ODBC Driver 18 for SQL Server' : file not found (0) "
    "(SQLDriverConnect)\")",
    "('IM002', '[IM002] [unixODBC][Driver Manager]Data source name not found and no default driver specified (0) "
    "(SQLDriverConnect)')",
    "Driver Error: Connection operation failed; DDBC Error: Failed to load the driver. Please read the documentation",
])  # fmt: skip
def test_a_driver_that_is_not_there_is_told_from_a_server_that_is_away(said: str) -> None:
    assert "the ODBC driver is not installed" in str(told(said))


_OWN_SAID: list[tuple[str, str, str, type[MxsyncError], str]] = [
    # SQLSTATE, mssql-python's words for it, the server's words with its number, what it is, a word of the sentence
    ("42000", "Syntax error or access violation", "Rabatt über 50 % ist nicht erlaubt. (50000)", BadContent, "refuses the row"),
    ("42000", "Syntax error or access violation", "Der Kunde s3cret ist gesperrt. (51234)", BadContent, "refuses the row"),
    ("42000", "Syntax error or access violation", "Die SELECT-Berechtigung wurde für das s3cret-Objekt verweigert. (229)",
     Unauthorized, "a right is missing"),
    ("42S22", "Column not found", "Ungültiger Spaltenname 's3cret'. (207)", SchemaMismatch, "a table or column is not there"),
    ("42S02", "Base table or view not found", "Ungültiger Objektname 's3cret'. (208)", SchemaMismatch, "is not there"),
    ("23000", "Integrity constraint violation", "Die Anweisung s3cret: login failed, deadlock, is full. (547)", BadContent, "forbids it"),
    ("22001", "String data, right-truncated", "Daten werden abgeschnitten: 's3cret read-only'. (2628)", BadContent, "a value"),
    ("22012", "Division by zero", "Fehler aufgrund einer Division durch Null. (8134)", BadContent, "a value"),
    ("28000", "Invalid authorization specification", "Fehler bei der Anmeldung für den Benutzer 's3cret'. (18456)", Unauthorized, "login"),
    ("40001", "Serialization failure", "Transaktion wurde zurückgesetzt. (1205)", Transient, "it is tried again"),
    ("08S01", "Communication link failure", "Permission denied: duplicate key. (10054)", Unavailable, "ended the connection"),
]  # fmt: skip


@pytest.mark.parametrize(("state", "words", "server", "kind", "sentence"), _OWN_SAID)
def test_what_is_said_in_another_language_is_no_lost_connection(
    state: str, words: str, server: str, kind: type[MxsyncError], sentence: str
) -> None:
    numbered = told(f"('{state}', \"[{state}] {_ODBC}{server} (SQLExecDirectW)\")")
    assert type(numbered) is kind and sentence in str(numbered) and "s3cret" not in str(numbered)
    unnumbered = told(f"Driver Error: {words}; DDBC Error: [Microsoft][SQL Server]{server.rpartition(' (')[0]}")
    assert "s3cret" not in str(unnumbered)
    if state == "42000":  # which of many it is the number alone says
        assert isinstance(unnumbered, BadContent) and "DEFAULT_LANGUAGE" in str(unnumbered)
    else:
        assert type(unnumbered) is kind and sentence in str(unnumbered)


def test_every_sqlstate_of_a_refusal_is_known_by_the_words_of_mssql_python() -> None:
    """By its own table: none of classes 22, 23, 40, 42 and 44 is taken for a connection that was lost."""
    odbc_driver()
    exceptions = importlib.import_module("mssql_python.exceptions")
    found: dict[str, MxsyncError] = {}
    for state in re.findall(r'^ +"((?:22|23|40|42|44)\w{3})":', inspect.getsource(exceptions), re.MULTILINE):
        said = exceptions.sqlstate_to_exception(
            state, "[Microsoft][ODBC Driver 18 for SQL Server][SQL Server]Ein Satz."
        )
        found[state] = told(str(said))
        unmapped = told(f"Driver Error: An error occurred with SQLSTATE code: {state}; DDBC Error: Ein Satz.")
        assert type(unmapped) is type(found[state])
    assert len(found) > 20
    assert [state for state, fault in found.items() if isinstance(fault, Unavailable)] == []


def test_a_number_that_is_not_known_is_no_lost_connection() -> None:
    fault = told(f"('42000', '[42000] {_ODBC}Falsche Syntax bei s3cret. (102) (SQLExecDirectW)')")
    assert isinstance(fault, SchemaMismatch) and "does not understand a statement" in str(fault)
