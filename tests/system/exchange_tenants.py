"""Tenants whose mailboxes lie on Exchange: the same scenarios, the same rule files, another `type` of server.

A scenario writes files below mailboxes/; before each command what changed among them happens in the protocol double,
as people and transports would make it happen there: items come in, are edited, moved, deleted.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from unittest import mock

from tenants import ANNA, BEN, Result, Tenant, mxsync

from mxsync.cli.main import main
from tests.servers.ews import EwsServer
from tests.servers.ews.mailing import fill_calendar, fill_card, fill_mail, fill_note, folder_at
from tests.servers.ews.store import StoredItem

PASSWORD = "s3cret-Pässword"
_CLASSES = {
    "Contacts": "IPF.Contact",
    "Calendar": "IPF.Appointment",
    "Tasks": "IPF.Task",
    "Journal": "IPF.Journal",
    "Notes": "IPF.StickyNote",
}


def command(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> Result:
    """The command line in this process: the same scenarios start it as one of its own for files."""
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(cwd),
        mock.patch.dict(os.environ, env or {}),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = main(list(arguments))
    return Result(code, out.getvalue(), err.getvalue())


class ExchangeTenant(Tenant):
    """A tenant with `type = "ews"`."""

    server: EwsServer
    mirrored: dict[str, tuple[bytes, str]]

    @classmethod
    def on(cls, server: EwsServer) -> type[ExchangeTenant]:
        """The class of tenants whose Exchange is `server`."""
        return type("ExchangeTenantThere", (cls,), {"server": server})

    @classmethod
    def make(cls, root: Path, rules: str = "use 'crm.rules'\n", users: Sequence[str] = (ANNA, BEN)) -> ExchangeTenant:
        command("init", str(root), cwd=root.parent)
        tenant = cls(root)
        tenant.mirrored = {}
        tenant.people(users)
        tenant.rules(rules)
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

    def run(self, *arguments: str, check: bool = True, env: Mapping[str, str] | None = None) -> Result:
        self.mirror()
        # What is to be killed is a process of its own.
        start = command if "MXSYNC_FAILPOINT" not in (env or {}) else partial(mxsync, check=False)
        result = start(*arguments, cwd=self.root, env={"EWS_PASSWORD": PASSWORD, **(env or {})})
        assert PASSWORD not in result.out + result.err
        assert not check or result.code == 0, f"{arguments} ended with {result.code}\n{result.out}\n{result.err}"
        return result

    # ------------------------------------------------------------ files → the double

    def mirror(self) -> None:
        """What has changed among the files happens on the server."""
        top = self.root / "mailboxes"
        there = {
            path.relative_to(top).as_posix(): path.read_bytes() for path in sorted(top.rglob("*")) if path.is_file()
        }
        store = self.server.store
        with store.lock:
            gone = {path: self.mirrored.pop(path) for path in list(self.mirrored) if path not in there}
            for path, content in there.items():
                before = self.mirrored.get(path)
                if before is not None:
                    if before[0] != content:
                        item = store.items[before[1]]
                        _fill(item, path, content)
                        store.touch(item)
                        self.mirrored[path] = (content, item.id)
                    continue
                moved = next((old for old, (known, _) in gone.items() if known == content), None)
                self.mirrored[path] = (
                    content,
                    self._moved(path, gone.pop(moved)[1]) if moved else self._new(path, content),
                )
            for _, id in gone.values():
                if id in store.items:
                    store.drop(store.items[id])

    def _folder(self, path: str) -> object:
        address, _, rest = path.partition("/")
        folder = rest.rpartition("/")[0]
        return folder_at(self.server.store, address, folder, _CLASSES.get(folder.partition("/")[0], "IPF.Note"))

    def _new(self, path: str, content: bytes) -> str:
        item = self.server.store.put("IPM.Note", "Message", self._folder(path))  # type: ignore[arg-type]
        _fill(item, path, content)
        self.server.store.appeared(item)
        return item.id

    def _moved(self, path: str, id: str) -> str:
        return self.server.store.move(self.server.store.items[id], self._folder(path)).id  # type: ignore[arg-type]

    def item_of(self, path: Path) -> StoredItem:
        """The item that a file stands for."""
        return self.server.store.items[self.mirrored[path.relative_to(self.root / "mailboxes").as_posix()][1]]


def _fill(item: StoredItem, path: str, content: bytes) -> None:
    match path[-4:]:
        case ".eml":
            fill_mail(item, content)
        case ".ics":
            fill_calendar(item, content.decode())
        case ".vcf":
            fill_card(item, content.decode())
        case _:
            fill_note(item, content.decode())
