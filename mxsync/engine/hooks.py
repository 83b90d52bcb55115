"""Calling the hooks that the configuration names: a command, or an https address. They are given JSON."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mxsync.errors import ConfigError, Refused, TimedOut, Unavailable


@dataclass(frozen=True, slots=True)
class Hook:
    """`command` (run in `folder`, JSON on its standard input) or `url` (JSON posted); `limit` in seconds."""

    name: str
    command: tuple[str, ...] = ()
    url: str = ""
    limit: float = 30.0
    folder: Path = Path()


@dataclass(frozen=True, slots=True)
class Hooks:
    """The hooks by name."""

    by_name: Mapping[str, Hook]

    def call(self, name: str, payload: Mapping[str, object], key: str) -> None:
        """Calls a hook. It gets `key` too, the same for a repeated call, so that it can tell. Raises `ConfigError`
        for an unknown one, `Refused` when it fails, `TimedOut` or `Unavailable` when it may be tried again."""
        hook = self.by_name.get(name)
        if hook is None:
            raise ConfigError(f"a rule calls the hook `{name}`, but mxsync.toml has no [hooks.{name}]")
        body = json.dumps({**payload, "key": key}, ensure_ascii=False, default=str).encode()
        if hook.command:
            _run(hook, hook.command, body)
        else:
            _post(hook, body, key)


def _run(hook: Hook, command: Sequence[str], body: bytes) -> None:
    try:
        done = subprocess.run(
            list(command), input=body, capture_output=True, timeout=hook.limit, cwd=hook.folder, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise TimedOut(f"the hook `{hook.name}` took longer than its {hook.limit:g} s") from error
    except OSError as error:
        raise Refused(f"the hook `{hook.name}` cannot be started: {error.strerror}: {command[0]}") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Refused(f"the hook `{hook.name}` ended with {done.returncode}" + (f": {said[-1][:200]}" if said else ""))


def _post(hook: Hook, body: bytes, key: str) -> None:
    if not hook.url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise ConfigError(f"the hook `{hook.name}` must be an https address (plain http to this machine only)")
    # Few tenants have a hook, and the library brings all of HTTP.
    from urllib.error import HTTPError, URLError
    from urllib.request import Request, urlopen

    request = Request(  # noqa: S310  (the scheme is checked above)
        hook.url, data=body, headers={"Content-Type": "application/json", "Idempotency-Key": key}, method="POST"
    )
    try:
        with urlopen(request, timeout=hook.limit):  # noqa: S310
            return
    except HTTPError as error:
        if error.code >= 500 or error.code == 429:
            raise Unavailable(f"the hook `{hook.name}` answered {error.code}; it is tried again", 60.0) from error
        raise Refused(f"the hook `{hook.name}` answered {error.code}") from error
    except (OSError, URLError) as error:
        raise Unavailable(f"the hook `{hook.name}` cannot be reached; it is tried again", 60.0) from error
