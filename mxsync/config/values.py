"""Readers of single values: each takes what the TOML says, and gives what mxsync works with or raises `Wrong`."""

from __future__ import annotations

import datetime as dt
import difflib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from mxsync.config.secret import KEEPERS, Secret
from mxsync.dialects import AVAILABLE


class Wrong(ValueError):
    """The value is not what the option takes; the text says what it takes."""


@dataclass(slots=True)
class Place:
    """Where a value stands: `option` as it is called in sentences ('database.password'), the folder of the
    configuration, and what is to be warned of."""

    option: str
    folder: Path
    warnings: list[str]


Reader: TypeAlias = Callable[[object, Place], object]

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)")
_UNITS = {
    "seconds": ("s", "sec", "secs", "second", "seconds"),
    "minutes": ("m", "min", "mins", "minute", "minutes"),
    "hours": ("h", "hour", "hours"),
    "days": ("d", "day", "days"),
    "weeks": ("w", "week", "weeks"),
}
_ADDRESS = re.compile(r"[^\s@,;<>\"()]+@[^\s@,;<>\"()]+")
_DOMAIN = re.compile(r"(?=.{1,253}$)(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)*[^\W_](?:[\w-]{0,61}[^\W_])?")
_LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


def did_you_mean(word: str, known: tuple[str, ...]) -> str:
    """'; did you mean `x`?', or what there is, for the end of a sentence."""
    close = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    if close:
        return f"; did you mean `{close[0]}`?"
    return f"; known here: {', '.join(f'`{name}`' for name in known)}" if known else ""


def text(value: object, place: Place) -> str:
    """A text that is not empty, without control characters."""
    if not isinstance(value, str):
        raise Wrong(f"a text in quotes is wanted here, not {shown(value)}")
    if not value.strip():
        raise Wrong("the text is empty")
    if any(ord(character) < 32 for character in value):
        raise Wrong("control characters have no place here")
    return value


def texts(of: Reader) -> Reader:
    """A list of values, each read by `of`."""

    def read(value: object, place: Place) -> object:
        if not isinstance(value, list):
            raise Wrong(f'a list is wanted here, as in ["…", "…"], not {shown(value)}')
        return tuple(of(each, place) for each in value)

    return read


def one_of(*words: str) -> Reader:
    """One of these words."""

    def read(value: object, place: Place) -> object:
        word = text(value, place)
        if word not in words:
            raise Wrong(f"`{word}` is not one of {', '.join(words)}{_close(word, words)}")
        return word

    return read


def duration(value: object, place: Place) -> dt.timedelta:
    """'60s', '5 minutes', '90 days': longer than nothing."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise Wrong(f'a length of time needs its unit, as in "{value}s" or "{value} days"')
    match = _DURATION.fullmatch(text(value, place).strip().lower())
    unit = next((name for name, words in _UNITS.items() if match and match[2] in words), None)
    if match is None or unit is None:
        raise Wrong(f'`{value}` is not a length of time; write it as "60s", "5 minutes" or "90 days"')
    try:
        length = dt.timedelta(**{unit: float(match[1])})
    except OverflowError as error:
        raise Wrong(f"`{value}` is too long") from error
    if length <= dt.timedelta(0):
        raise Wrong("the length of time must be more than nothing")
    return length


def at_least(seconds: float) -> Reader:
    """A duration of at least so many seconds."""

    def read(value: object, place: Place) -> object:
        length = duration(value, place)
        if length.total_seconds() < seconds:
            raise Wrong(f"at least {seconds:g} seconds are wanted here, not `{value}`")
        return length

    return read


def day(value: object, place: Place) -> dt.date:
    """A date of TOML, without quotes."""
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        raise Wrong(f"a date without quotes is wanted here, as in 2026-01-31, not {shown(value)}")
    return value


def timezone(value: object, place: Place) -> str:
    """An IANA name."""
    name = text(value, place)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        close = difflib.get_close_matches(name, available_timezones(), n=1, cutoff=0.6)
        hint = f"did you mean `{close[0]}`?" if close else "write it as in `Europe/Berlin` or `UTC`"
        raise Wrong(f"`{name}` is not a time zone; {hint}") from error
    return name


def region(value: object, place: Place) -> str:
    """A country by its two letters, as far as it has telephone numbers."""
    from phonenumbers import SUPPORTED_REGIONS

    name = text(value, place).upper()
    if name not in SUPPORTED_REGIONS:
        raise Wrong(f"`{value}` is not a country's two letters (ISO 3166), as in `ZA` or `DE`")
    return name


def email(value: object, place: Place) -> str:
    """An e-mail address, in lower case."""
    address = text(value, place).strip().lower()
    if not _ADDRESS.fullmatch(address) or not _DOMAIN.fullmatch(address.rpartition("@")[2]):
        raise Wrong(f"`{value}` is not an e-mail address")
    return address


def domain(value: object, place: Place) -> str:
    """A domain's name, in lower case, without @."""
    name = text(value, place).strip().lower().lstrip("@").rstrip(".")
    if not _DOMAIN.fullmatch(name):
        raise Wrong(f"`{value}` is not the name of a domain, as in `ours.example`")
    return name


def path(value: object, place: Place) -> Path:
    """A path, relative to the configuration's folder; absolute afterwards."""
    name = text(value, place)
    return Path(os.path.normpath(Path(place.folder, Path(name).expanduser())))


def database_url(value: object, place: Place) -> str:
    """The address of a database. A relative path of SQLite becomes absolute."""
    url = text(value, place).strip()
    scheme, separator, rest = url.partition("://")
    dialect = scheme.partition("+")[0].lower()
    if not separator or not dialect:
        raise Wrong("this is not the address of a database; write it as in `sqlite:///crm.db`")
    if dialect not in AVAILABLE:
        raise Wrong(f"`{dialect}` is not a type of database that mxsync knows{did_you_mean(dialect, AVAILABLE)}")
    if dialect != "sqlite":
        if ":" in rest.partition("/")[0].rpartition("@")[0]:
            place.warnings.append(
                f"{place.option}: a password stands in the address; let it stand in `password` instead, "
                'with { env = "NAME" }, { file = "PATH" } or { keyring = "SERVICE/NAME" }'
            )
        return url
    name, question, options = rest.removeprefix("/").partition("?")
    if not rest.startswith("/") or name in ("", ":memory:"):
        raise Wrong("a database in memory would be gone after each command; name a file, as in `sqlite:///crm.db`")
    file = Path(os.path.normpath(Path(place.folder, name)))
    return f"{scheme}:///{file.as_posix()}{question}{options}"


def secret(value: object, place: Place) -> Secret:
    """`{ env = "X" }`, `{ file = "x" }`, `{ keyring = "service/name" }`, or a literal, with a warning."""
    if isinstance(value, str):
        if not value:
            raise Wrong("the secret is empty")
        place.warnings.append(
            f"{place.option}: a secret stands in the file itself; let it stand elsewhere, "
            'with { env = "NAME" }, { file = "PATH" } or { keyring = "SERVICE/NAME" }'
        )
        return Secret("literal", value, place.option)
    if not isinstance(value, dict) or len(value) != 1:
        raise Wrong(
            'write where the secret is kept: { env = "NAME" }, { file = "PATH" } or { keyring = "SERVICE/NAME" }'
        )
    keeper, name = next(iter(value.items()))
    match keeper:
        case "env":
            return Secret("env", text(name, place), place.option)
        case "file":
            return Secret("file", str(path(name, place)), place.option)
        case "keyring":
            name = text(name, place)
            if not all(name.partition("/")):
                raise Wrong(f"`{name}` does not name a secret of the keyring; write it as SERVICE/NAME")
            return Secret("keyring", name, place.option)
        case _:
            raise Wrong(f"`{keeper}` is not a place that keeps secrets{did_you_mean(str(keeper), KEEPERS)}")


def web_url(value: object, place: Place) -> str:
    """An https address; plain http to this machine only."""
    url = text(value, place)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise Wrong(f"`{url}` is not a web address: {error}") from error
    if not host or parts.scheme not in ("http", "https"):
        raise Wrong(f"`{url}` is not a web address, as in `https://hooks.ours.example/court`")
    if parts.scheme == "http" and host not in _LOCAL_HOSTS:
        raise Wrong("plain http is for this machine only; write https")
    return url


ONLINE_HOSTS = (
    "outlook.office365.com",
    "outlook.office.com",
    "outlook.com",
    "outlook.cn",
    "office365.us",
    "office365.de",
)


def exchange_url(value: object, place: Place) -> str:
    """The address of Exchange Web Services on premises."""
    url = web_url(value, place)
    host = (urlsplit(url).hostname or "").lower()
    if any(host == online or host.endswith(f".{online}") for online in ONLINE_HOSTS):
        raise Wrong(
            f"`{host}` is Exchange Online, which no longer accepts Exchange Web Services (they end in April 2027): its "
            "mailboxes are reached through Microsoft Graph, with a server of the type `graph`, "
            "which this version does not have yet"
        )
    return url


def yes_or_no(value: object, place: Place) -> bool:
    """A truth value of TOML."""
    if not isinstance(value, bool):
        raise Wrong(f"true or false is wanted here, not {shown(value)}")
    return value


def between(least: int, most: int) -> Reader:
    """A whole number."""

    def read(value: object, place: Place) -> object:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise Wrong(f"a whole number from {least} to {most} is wanted here, not {shown(value)}")
        return value

    return read


def smtp_url(value: object, place: Place) -> str:
    """`smtp://host[:port]` or `smtps://host[:port]`."""
    url = text(value, place)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise Wrong(f"`{url}` is not the address of a relay: {error}") from error
    if parts.scheme not in ("smtp", "smtps") or not host or parts.username:
        raise Wrong(f"`{url}` is not the address of a relay; write it as in `smtp://relay.ours.example:25`")
    return url


def shown(value: object) -> str:
    """A value of TOML as its writer calls it."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f"the text `{value}`"
        case dict():
            return "a table"
        case list():
            return "a list"
        case _:
            return f"`{value}`"


def _close(word: str, words: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(word.lower(), words, n=1, cutoff=0.6)
    return f"; did you mean `{close[0]}`?" if close else ""
