"""Passwords and keys: where they are kept, and a type that never shows them."""

from __future__ import annotations

import importlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mxsync.errors import ConfigError

Keeper = Literal["env", "file", "keyring", "literal"]
KEEPERS: tuple[Keeper, ...] = ("env", "file", "keyring")


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A secret by the place that keeps it. Neither `repr` nor `str` nor a format shows what it is.

    `name` is the environment variable, the absolute path of the file, `SERVICE/NAME` of the keyring, or, for a literal,
    the secret itself. `where` says which option it belongs to, for sentences.
    """

    keeper: Keeper
    name: str
    where: str = ""

    def reveal(self) -> str:
        """The secret itself. Raises `ConfigError` when its place does not hold it."""
        match self.keeper:
            case "literal":
                return self.name
            case "env":
                value = os.environ.get(self.name, "")
                if not value:
                    raise ConfigError(f"{self.where}: the environment variable `{self.name}` is not set; set it first")
                return value
            case "file":
                return self._from_file()
            case "keyring":
                return self._from_keyring()

    def _from_file(self) -> str:
        try:
            value = Path(self.name).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is not UTF-8 text"
            raise ConfigError(f"{self.where}: the secret's file `{self.name}` cannot be read: {reason}") from error
        if not value:
            raise ConfigError(f"{self.where}: the secret's file `{self.name}` is empty")
        return value

    def _from_keyring(self) -> str:
        service, _, name = self.name.partition("/")
        try:
            keyring = importlib.import_module("keyring")  # optional: few servers have a keyring
        except ImportError as error:
            raise ConfigError(
                f"{self.where}: reading the system's keyring needs the Python package `keyring`; "
                "install it (`pip install keyring`), or use env or file"
            ) from error
        try:
            value = keyring.get_password(service, name)
        except Exception as error:  # each backend of keyring has its own exceptions
            raise ConfigError(f"{self.where}: the keyring did not answer: {error}") from error
        if not value:
            raise ConfigError(
                f"{self.where}: the keyring holds nothing for service `{service}` and name `{name}`; "
                f"store it with `keyring set {service} {name}`"
            )
        return str(value)

    def __repr__(self) -> str:
        return f"Secret({self.keeper})"

    def __str__(self) -> str:
        return "***"

    def __format__(self, spec: str) -> str:
        return format("***", spec)
