"""Addresses of databases: which are taken, and which are warned of."""

from __future__ import annotations

from pathlib import Path

import pytest

from mxsync.config import load_config
from mxsync.config.values import Place, Wrong, database_url

REST = '\n[servers.office]\ntype = "files"\npath = "mailboxes"\n'


@pytest.mark.parametrize(
    "url",
    ["postgresql+psycopg://h/d", "postgresql://h:5433/d?sslmode=verify-full", "mysql+pymysql://h/d", "mariadb+pymysql://h/d",
     "mssql+pyodbc://h/d?driver=ODBC+Driver+18+for+SQL+Server", "mssql+mssqlpython://h/d",
     "postgresql+psycopg:///d?host=%2Frun%2Fpostgresql"],
)  # fmt: skip
def test_addresses_of_servers_stay_as_they_are(url: str, tmp_path: Path) -> None:
    place = Place("database.url", tmp_path, [])
    assert database_url(url, place) == url and place.warnings == []


def test_a_password_in_an_address_is_warned_of_and_not_shown(tmp_path: Path) -> None:
    place = Place("database.url", tmp_path, [])
    database_url("postgresql+psycopg://mxsync:s3cret@h/d", place)
    (warning,) = place.warnings
    assert "a password stands in the address" in warning and "s3cret" not in warning


@pytest.mark.parametrize(
    ("url", "word"), [("postgres://h/d", "did you mean `postgresql`"), ("oracle://h/d", "not a type of database")]
)
def test_addresses_of_other_kinds_are_refused(url: str, word: str, tmp_path: Path) -> None:
    with pytest.raises(Wrong, match=word):
        database_url(url, Place("database.url", tmp_path, []))


def test_name_and_password_are_the_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_PASSWORD", "s3cret")
    (tmp_path / "mxsync.toml").write_text(
        '[database]\nurl = "mariadb://h/d"\nusername = "mxsync"\npassword = { env = "CRM_PASSWORD" }\nchanges = "modified"\n'
        + REST
    )
    config = load_config(tmp_path / "mxsync.toml")
    assert config.database.login() == ("mxsync", "s3cret") and config.database.changes == "modified"
    assert "s3cret" not in repr(config)
