"""The log: its two forms, and what never stands in it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from mxsync.config import LogConfig, Secret
from mxsync.service.logs import configure_logging, log, said


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    root = logging.getLogger("mxsync")
    before = (root.handlers[:], root.level, root.propagate)
    yield
    root.handlers[:], root.level, root.propagate = before


def logged(form: str, *, level: str = "info", secrets: tuple[Secret, ...] = (), verbose: bool = False) -> io.StringIO:
    stream = io.StringIO()
    configure_logging(LogConfig(level, form), secrets, verbose=verbose, stream=stream)  # type: ignore[arg-type]
    return stream


def test_text_is_one_line_a_message() -> None:
    stream = logged("text")
    log("service").info("pass done", extra=said(mailbox="anna@ours.example", items=3, note="two words", none=""))
    (line,) = stream.getvalue().splitlines()
    assert line.endswith('info    mxsync.service: pass done mailbox=anna@ours.example items=3 note="two words" none=""')
    assert line[10] == "T" and "Z info" in line


def test_json_is_one_object_a_message() -> None:
    stream = logged("json")
    log("service").warning("set aside: %s", "'é'\nx", extra=said(items=3, place=object))
    document = json.loads(stream.getvalue())
    assert document["level"] == "warning"
    assert document["logger"] == "mxsync.service"
    assert document["message"] == "set aside: 'é'\nx"
    assert document["items"] == 3
    assert document["place"] == "<class 'object'>"


def test_a_subject_cannot_forge_a_message() -> None:
    stream = logged("text")
    log("x").info("read `%s`", "hello\n2026-01-01T00:00:00Z error mxsync: all is lost")
    assert len(stream.getvalue().splitlines()) == 1


@pytest.mark.parametrize("form", ["text", "json"])
def test_secrets_never_stand_in_it(form: str) -> None:
    word = '"'.join(("hun", "ter\\2"))
    secret = Secret("literal", word, "database.password")
    stream = logged(form, secrets=(secret, Secret("env", "MXSYNC_NO_SUCH_VARIABLE"), Secret("literal", "a")))
    log("x").info("connecting with %s", word, extra=said(password=word))
    try:
        raise ValueError(word)
    except ValueError:
        log("x").exception("it failed")
    text = stream.getvalue()
    assert "ter\\2" not in text.replace('"hun", "ter', "")
    assert "hun" not in text.replace('"hun", "ter', "")
    assert "***" in text
    assert "a" in text, "a secret of one letter does not blot out the log"


def test_an_exception_is_shown_with_its_trace() -> None:
    for form in ("text", "json"):
        stream = logged(form)
        try:
            raise ValueError("why")
        except ValueError:
            log("x").exception("it failed")
        assert "ValueError: why" in stream.getvalue()


def test_the_level_and_verbose() -> None:
    stream = logged("text", level="warning")
    log("x").info("not said")
    log("x").warning("said")
    assert "not said" not in stream.getvalue()
    stream = logged("text", level="warning", verbose=True)
    log("x").debug("even this")
    assert "even this" in stream.getvalue()


def test_set_up_again_it_writes_once() -> None:
    logged("text")
    stream = logged("text")
    log("x").info("once")
    assert stream.getvalue().count("once") == 1


def test_a_log_that_cannot_be_written_stops_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    stream = logged("text")
    stream.close()
    log("x").info("into the void")
    assert capsys.readouterr().err == ""
