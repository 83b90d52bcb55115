"""The log: one set-up for the whole process, a line for people or a JSON object a message, without secrets."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TextIO

from mxsync.config import LogConfig, Secret
from mxsync.errors import ConfigError

ROOT = "mxsync"
_SHORTEST = 4
"""A shorter secret would blot out ordinary words."""


def log(name: str) -> logging.Logger:
    """The logger of a part: `log("service")`."""
    return logging.getLogger(f"{ROOT}.{name}")


def said(**fields: object) -> Mapping[str, object]:
    """Fields of a message, for `extra=`: `logger.info("pass done", extra=said(mailbox=m, items=3))`."""
    return {"said": fields}


def configure_logging(
    config: LogConfig, secrets: Iterable[Secret] = (), *, verbose: bool = False, stream: TextIO | None = None
) -> logging.Handler:
    """Sends the messages of mxsync to `stream` (standard error). Called again, it replaces what it set up before."""
    root = logging.getLogger(ROOT)
    for old in [handler for handler in root.handlers if isinstance(handler, _Handler)]:
        root.removeHandler(old)
        old.close()
    handler = _Handler(stream if stream is not None else sys.stderr)
    handler.setFormatter(_Formatter(config.format == "json", _values(secrets)))
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if verbose else config.level.upper())
    root.propagate = False
    return handler


def _values(secrets: Iterable[Secret]) -> tuple[str, ...]:
    """What must never be written. One that cannot be had cannot be leaked either."""
    values = []
    for secret in secrets:
        try:
            values.append(secret.reveal())
        except ConfigError:
            continue
    return tuple(sorted((value for value in values if len(value) >= _SHORTEST), key=len, reverse=True))


class _Handler(logging.StreamHandler[TextIO]):
    """Ours, to be told from handlers that others have added."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name of the standard library
        """A log that cannot be written (a full disk, a closed terminal) must not stop the work."""


class _Formatter(logging.Formatter):
    def __init__(self, as_json: bool, secrets: tuple[str, ...]) -> None:
        super().__init__()
        self._json = as_json
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        fields: Mapping[str, object] = getattr(record, "said", {})
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        message = record.getMessage()
        trace = self.formatException(record.exc_info) if record.exc_info and record.exc_info[0] else ""
        if self._json:
            document: dict[str, object] = {
                "time": moment,
                "level": record.levelname.lower(),
                "logger": record.name,
                "message": message,
                **{name: value if _simple(value) else str(value) for name, value in fields.items()},
            }
            if trace:
                document["trace"] = trace
            return self._redacted(json.dumps(document, ensure_ascii=False))
        shown = "".join(f" {name}={_quoted(str(value))}" for name, value in fields.items())
        line = f"{moment} {record.levelname.lower():7} {record.name}: {_one_line(message)}{shown}"
        return self._redacted(f"{line}\n{trace}" if trace else line)

    def _redacted(self, text: str) -> str:
        for secret in self._secrets:
            # as it is, and as it stands inside a quoted text
            text = text.replace(secret, "***").replace(json.dumps(secret, ensure_ascii=False)[1:-1], "***")
        return text


def _simple(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def _one_line(text: str) -> str:
    """A subject with a newline in it must not look like a message of its own."""
    return (
        text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r") if "\n" in text or "\r" in text else text
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False) if not text or any(c in text for c in ' "=\n\r\t') else text
