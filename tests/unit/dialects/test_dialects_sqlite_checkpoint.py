"""The write-ahead log of a long pass is copied beside the work, and none is left."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import Engine

from mxsync.dialects import sqlite_checkpoint
from mxsync.dialects.sqlite_checkpoint import Checkpoints
from mxsync.dialects.sqlite_open import open_engine


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "crm.db")) as connection:
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)")
    return tmp_path / "crm.db"


def write(engine: Engine, rows: int) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("INSERT INTO t (b) VALUES (?)", [(f"row {number}",) for number in range(rows)])
        connection.commit()


def rows_without_log(path: Path) -> int:
    """What the file holds without its log."""
    alone = shutil.copy(path, path.with_name("alone.db"))
    with closing(sqlite3.connect(alone)) as connection:
        return int(connection.execute("SELECT count(*) FROM t").fetchone()[0])


def opened(path: Path) -> tuple[Engine, Checkpoints]:
    engine = create_engine(f"sqlite:///{path}")
    return engine, Checkpoints(engine, path)


def test_much_that_was_written_is_copied_into_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_checkpoint, "_ROWS", 100)
    engine, checkpoints = opened(path)
    write(engine, 99)
    assert (checkpoints.made, rows_without_log(path)) == (0, 0)
    write(engine, 1)
    checkpoints.wait()
    assert (checkpoints.made, rows_without_log(path)) == (1, 100)
    write(engine, 50)
    assert (checkpoints.made, rows_without_log(path)) == (1, 100)
    write(engine, 50)
    engine.dispose()
    assert checkpoints.made == 2
    assert sorted(each.name for each in path.parent.iterdir()) == ["alone.db", "crm.db"], "a log is left"
    assert rows_without_log(path) == 200


def test_every_engine_of_a_file_has_them(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_checkpoint, "_ROWS", 100)
    engine = open_engine(f"sqlite:///{path}", base=path.parent)
    write(engine, 100)
    for _ in range(500):
        if rows_without_log(path) == 100:
            break
        time.sleep(0.02)
    assert rows_without_log(path) == 100
    engine.dispose()


def test_readers_and_writers_go_on_meanwhile(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_checkpoint, "_ROWS", 10)
    engine, checkpoints = opened(path)
    with closing(sqlite3.connect(path, timeout=0)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM t").fetchone() == (0,)
        for _ in range(50):
            write(engine, 10)
        assert reader.execute("SELECT count(*) FROM t").fetchone() == (0,)
    checkpoints.wait()
    assert checkpoints.made > 1
    engine.dispose()
    assert rows_without_log(path) == 500


def test_one_that_cannot_be_made_is_no_fault_of_the_work(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sqlite_checkpoint, "_ROWS", 10)
    engine = create_engine(f"sqlite:///{path}")
    checkpoints = Checkpoints(engine, path.parent / "nowhere" / "crm.db")
    with caplog.at_level(logging.DEBUG, logger=sqlite_checkpoint.__name__):
        write(engine, 10)
        checkpoints.wait()
    assert "was not copied beside the work: " in caplog.text
    engine.dispose()
    assert rows_without_log(path) == 10
