"""Telling a person something: what the engine asks for, and what stands there where nothing is configured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from mxsync.errors import ConfigError


class Notifier(Protocol):
    """Sends a text to an address. `key` names this notification for ever: a second sending has the same Message-ID."""

    def send(self, address: str, text: str, key: str, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class NoNotifier:
    """Stands where no [notify] is configured."""

    def send(self, address: str, text: str, key: str, now: datetime) -> None:
        """Always raises `ConfigError`."""
        raise ConfigError("a rule wants to notify somebody, but mxsync.toml has no [notify] with `smtp` and `sender`")
