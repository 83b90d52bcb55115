"""Tenants whose mailboxes lie on Exchange: the same scenarios, the same rule files, another `type` of server.

A scenario writes files below mailboxes/; before each command what changed among them happens in the protocol double,
as people and transports would make it happen there, and afterwards the files show what the double holds.
"""

from __future__ import annotations

import contextlib
import io
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import pytest
from exchange_mirror import Mirror
from tenants import ANNA, BEN, Result, Tenant, mxsync

from mxsync.cli.main import main
from mxsync.engine.undoing.undo import UndoReport
from mxsync.model.outcome import PassReport
from tests.inprocess import RULES, Place, made
from tests.servers.ews import EwsServer
from tests.servers.ews.store import StoredItem
from tests.telltales import EXCHANGE as PASSWORD


def command(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> Result:
    """The command line in this process: the same scenarios start it as one of its own for files."""
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(cwd),
        mock.patch.dict(os.environ, env or {}),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            code = main(list(arguments))
        except SystemExit as end:  # wrong usage
            code = int(str(end.code))
    return Result(code, out.getvalue(), err.getvalue())


class OnExchange(Tenant):
    """A tenant with `type = "ews"`."""

    server: EwsServer
    made: list[OnExchange]
    mirror: Mirror

    @classmethod
    def on(cls, server: EwsServer) -> type[Any]:
        """The class of tenants whose Exchange is `server`."""
        return type(f"{cls.__name__}There", (cls,), {"server": server, "made": []})

    @classmethod
    def make(cls, root: Path, rules: str = RULES, users: Sequence[str] = (ANNA, BEN)) -> Any:
        command("init", str(root), cwd=root.parent)
        tenant = cls(root)
        tenant.mirror = Mirror(cls.server, root / "mailboxes")
        tenant.people(users)
        tenant.rules(rules)
        cls.made.append(tenant)
        return tenant

    def people(self, users: Sequence[str]) -> None:
        super().people(users)
        path = self.root / "mxsync.toml"
        lines, inside = [], False
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                inside = line == "[servers.office]"
                if inside:
                    lines += [
                        line, 'type = "ews"', f'url = "{self.server.url}"', 'auth = "basic"', 'username = "svc-mxsync"',
                        'password = { env = "EWS_PASSWORD" }', f'public_folders = "{users[0]}"', "",
                    ]  # fmt: skip
                    continue
            if not inside or line.startswith("#"):
                lines.append(line)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        with self.server.store.lock:
            for address in ("public", *users):
                if address not in self.server.store.names:
                    self.server.store.add_mailbox(address, address.partition("@")[0].capitalize())

    def run(
        self, *arguments: str, check: bool = True, env: Mapping[str, str] | None = None, timeout: float = 240
    ) -> Result:
        self.mirror.push()
        # What is to be killed is a process of its own.
        start = command if "MXSYNC_FAILPOINT" not in (env or {}) else partial(mxsync, check=False, timeout=timeout)
        given = map(self.mirror.ids, arguments)
        try:
            found = start(*given, cwd=self.root, env={"EWS_PASSWORD": PASSWORD, **(env or {})})
        finally:
            self.mirror.pull()
        assert PASSWORD not in found.out + found.err
        result = Result(found.code, self.mirror.named(found.out), self.mirror.named(found.err))
        assert not check or result.code == 0, f"{arguments} ended with {result.code}\n{result.out}\n{result.err}"
        return result

    def files(self) -> dict[str, tuple[str, int]]:
        """Every item by where it lies and its change, and every document."""
        self.mirror.push()
        store = self.server.store
        found = {id: (store.folders[item.folder].name, item.change) for id, item in store.items.items()}
        stored = {name: value for name, value in super().files().items() if name.startswith("documents/")}
        return {**found, **stored}

    def contents(self) -> dict[str, str]:
        """Names of what was made on the server follow the order in which it was first seen there, and say nothing."""
        found: dict[str, str] = {}
        for path, digest in super().contents().items():
            folder, _, name = path.rpartition("/")
            told = found.setdefault(f"{folder}/made" if name.startswith("made-") else path, digest)
            if told is not digest:
                found[f"{folder}/made"] = " ".join(sorted([*told.split(), digest]))
        return found

    def item_of(self, path: Path) -> StoredItem:
        """The item that a file stands for."""
        return self.mirror.twins[path.relative_to(self.root / "mailboxes").as_posix()].item


class ExchangeTenant(OnExchange):
    """Driven by the command line."""


class ExchangePlace(OnExchange, Place):
    """Driven in this process."""

    def passes(self, *, kill: str = "", turn: int = 1) -> PassReport:
        with self.mirrored():
            return super().passes(kill=kill, turn=turn)

    def undo(self, what: str, name: str, *, review: bool = False, kill: str = "", turn: int = 1) -> UndoReport:
        with self.mirrored():
            return super().undo(what, self.mirror.ids(name), review=review, kill=kill, turn=turn)

    @contextlib.contextmanager
    def mirrored(self) -> Iterator[None]:
        """What happened among the files happens on the server before, and the files show what it holds afterwards."""
        self.mirror.push()
        try:
            with mock.patch.dict(os.environ, {"EWS_PASSWORD": PASSWORD}):
                yield
        finally:
            self.mirror.pull()


@contextlib.contextmanager
def serving() -> Iterator[EwsServer]:
    """A double in which every message is valid, and which is asked to send nothing."""
    with EwsServer() as server:
        yield server
    assert server.violations == []
    assert server.sent == []


def place_maker(server: EwsServer) -> Callable[..., ExchangePlace]:
    """What `tests.inprocess.made` is for files."""

    def made_there(root: Path, rules: str = RULES, users: tuple[str, ...] = (ANNA, BEN)) -> ExchangePlace:
        place: ExchangePlace = ExchangePlace.on(server).make(root, rules, users)
        (root / "mailboxes" / "public").mkdir(exist_ok=True)
        place.passes()
        return place

    return made_there


@contextlib.contextmanager
def pushing(tenants: Sequence[OnExchange]) -> Iterator[None]:
    """While it lasts, what happens among the files of these tenants happens on the server at once: for a service that
    runs beside the test."""
    stop = threading.Event()

    def push() -> None:
        while not stop.wait(0.05):
            for tenant in tuple(tenants):
                tenant.mirror.push()

    thread = threading.Thread(target=push, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextlib.contextmanager
def there(module: ModuleType, *, live: bool = False) -> Iterator[EwsServer]:
    """While it lasts, the tenants that a module makes lie on Exchange. With `live` what they write reaches the server
    without a command."""
    with pytest.MonkeyPatch.context() as patch, serving() as server, contextlib.ExitStack() as stack:
        patch.setenv("EWS_PASSWORD", PASSWORD)
        if hasattr(module, "Tenant"):
            tenants = ExchangeTenant.on(server)
            patch.setattr(module, "Tenant", tenants)
            if live:
                stack.enter_context(pushing(tenants.made))
        if getattr(module, "made", None) is made:
            patch.setattr(module, "made", place_maker(server))
        yield server


def moved_to_exchange(module: ModuleType, *, live: bool = False) -> Any:
    """A fixture for a module that takes over the tests of another, on Exchange."""

    @pytest.fixture(autouse=True)
    def exchange() -> Iterator[EwsServer]:
        with there(module, live=live) as server:
            yield server

    return exchange


def undisturbed_there(module: ModuleType) -> Any:
    """A fixture for what an undisturbed run leaves on Exchange: what `module.once` says."""

    @pytest.fixture(scope="module")
    def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Any:
        with there(module):
            return module.once(tmp_path_factory.mktemp("undisturbed") / "t")

    return undisturbed
