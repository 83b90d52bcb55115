"""Schemas of customers, read from real SQLite tables."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from mxsync.model.schema import ColumnInfo, ColumnType, Schema, TableInfo

GERMAN = """
CREATE TABLE Kunden (KundenNr INTEGER PRIMARY KEY, Firma1 VARCHAR(80), InternetDomain TEXT,
  Matchcode VARCHAR(20),  StatusKz CHAR(1), Straße TEXT, PLZ TEXT, Ort TEXT, "GeändertAm" DATETIME);
CREATE TABLE Benutzer (BenutzerID INTEGER PRIMARY KEY, EMail TEXT, Name TEXT);
CREATE TABLE Ansprechpartner (LfdNr INTEGER PRIMARY KEY, Anrede TEXT, Vorname TEXT, Nachname TEXT, EMail1 TEXT,
  EMail2 TEXT, Funktion TEXT, Telefon TEXT, Handy TEXT, KundenNr INTEGER,
  Betreuer INTEGER REFERENCES Benutzer(BenutzerID),
  Geburtsdatum DATE, Foto BLOB, GeaendertAm DATETIME);
CREATE TABLE Termine (TerminID INTEGER PRIMARY KEY, Betreff TEXT, Beginn DATETIME, Ende DATETIME, Ort TEXT,
  BenutzerID INTEGER);
CREATE TABLE TerminPartner (TerminID INTEGER, LfdNr INTEGER, PRIMARY KEY (TerminID, LfdNr));
CREATE TABLE Angebote (AngebotNr INTEGER PRIMARY KEY, Status TEXT, Wert NUMERIC,
  KundenNr INTEGER REFERENCES Kunden(KundenNr));
CREATE TABLE mxsync_item (id INTEGER PRIMARY KEY);
"""
LEGACY = """
CREATE TABLE tbl_People (id INTEGER PRIMARY KEY, "First Name" TEXT, "Last Name" TEXT, "E-Mail" TEXT,
  "e_mail2" TEXT, company_id INTEGER, "from" TEXT, "2nd line" TEXT, "weird 'col'" TEXT,
  Title TEXT, notes TEXT, birthday TEXT);
CREATE TABLE tbl_Companies (id INTEGER PRIMARY KEY, company_name TEXT, web TEXT);
CREATE TABLE "Order Details" (order_id INTEGER, line INTEGER, text TEXT, PRIMARY KEY (order_id, line));
CREATE TABLE log (at DATETIME, line TEXT);
CREATE TABLE people_companies (people_id INTEGER REFERENCES tbl_People(id),
  company_id INTEGER REFERENCES tbl_Companies(id), role TEXT);
CREATE TABLE Messages (MessageID TEXT PRIMARY KEY, Subject TEXT, Sender TEXT, Recipients TEXT,
  SentOn DATETIME, Body TEXT);
"""


def schema_of(ddl: str) -> Schema:
    """What SQLite says of these tables, in the product's own terms."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(ddl)
        names = [
            row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid")
        ]
        return Schema(tuple(_table(connection, name) for name in names))


def _table(connection: sqlite3.Connection, name: str) -> TableInfo:
    quoted = '"' + name.replace('"', '""') + '"'
    rows = connection.execute(f"PRAGMA table_info({quoted})").fetchall()
    foreign = {row[3]: (row[2], row[4] or "") for row in connection.execute(f"PRAGMA foreign_key_list({quoted})")}
    key = tuple(row[1] for row in sorted((row for row in rows if row[5]), key=lambda row: row[5]))
    columns = tuple(ColumnInfo(row[1], _type(row[2]), None, not row[3]) for row in rows)
    return TableInfo(name, columns, key, foreign)


def _type(declared: str) -> ColumnType:
    text = declared.upper()
    for words, meant in (
        (("DATETIME", "TIMESTAMP"), ColumnType.MOMENT),
        (("DATE",), ColumnType.DATE),
        (("BOOL", "BIT"), ColumnType.BOOLEAN),
        (("INT", "NUM", "DEC", "REAL", "FLOAT"), ColumnType.NUMBER),
        (("BLOB",), ColumnType.BINARY),
        (("CHAR", "TEXT", "CLOB"), ColumnType.TEXT),
    ):
        if any(word in text for word in words):
            return meant
    return ColumnType.OTHER
