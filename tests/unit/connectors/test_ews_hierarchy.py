"""What becomes of folders: deleted, made anew, renamed, moved, hidden. Nothing in them is lost but by a deletion."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest

from mxsync.connectors.ews import EwsConnector
from mxsync.model.change import Appeared, ChangePage, Modified, Vanished
from mxsync.model.item import PUBLIC
from mxsync.ports.connector import Known
from tests.servers.ews import EwsServer
from tests.servers.ews.clients import ANNA, connector_to, needs_schemas
from tests.servers.ews.mailing import deliver, folder_at
from tests.servers.ews.store import Folder, StoredItem

pytestmark = needs_schemas
MAIL = b"From: jane@acme.example\r\nSubject: Hello\r\n\r\nHello\r\n"


class Looking:
    """Looks at a mailbox, and remembers as tracking does."""

    def __init__(self, connector: EwsConnector, mailbox: str = ANNA) -> None:
        self.connector, self.mailbox = connector, mailbox
        self.cursor = ""
        self.items: dict[str, tuple[str, Known]] = {}

    def known(self, mailbox: str, folder: str) -> Mapping[str, Known]:
        return {href: known for href, (place, known) in self.items.items() if place == folder}

    def look(self) -> ChangePage:
        page = self.connector.changes(self.mailbox, self.cursor, self.known)
        for change in page.changes:
            if isinstance(change, Vanished):
                del self.items[change.ref.href]
            else:
                self.items[change.ref.href] = (change.ref.folder, Known(change.revision, change.revision))
        self.cursor = page.cursor
        return page


@pytest.fixture
def looking(server: EwsServer) -> Iterator[Looking]:
    connector = connector_to(server)
    yield Looking(connector)
    connector.close()


@pytest.fixture
def clients(server: EwsServer, looking: Looking) -> tuple[Folder, StoredItem]:
    """A folder with a mail that was seen."""
    folder = folder_at(server.store, ANNA, "Inbox/Clients")
    item = deliver(server.store, folder, MAIL)
    assert [type(change) for change in looking.look().changes] == [Appeared]
    server.requests.clear()
    return folder, item


def test_a_deleted_folder_is_gone_because_the_tree_says_so(
    server: EwsServer, looking: Looking, clients: tuple[Folder, StoredItem]
) -> None:
    folder, item = clients
    server.store.drop_folder(folder)
    page = looking.look()
    assert [(type(change), change.ref.href) for change in page.changes] == [(Vanished, item.id)]
    assert server.requests == {"FindFolder": 1, "SyncFolderHierarchy": 1} and page.trouble == ()
    server.requests.clear()
    assert looking.look().changes == () and server.requests == {"FindFolder": 1}


def unlisted(server: EwsServer, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The account is shown the tree without a folder (rights that were changed, a page that was read in between)."""
    below = server.store.below

    def others(parent: str, deep: bool = False) -> Iterator[Folder]:
        return (each for each in below(parent, deep) if each.id != folder.id)

    monkeypatch.setattr(server.store, "below", others)


def test_a_folder_that_is_only_out_of_sight_loses_nothing(
    server: EwsServer, looking: Looking, clients: tuple[Folder, StoredItem], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, item = clients
    with monkeypatch.context() as patched:
        unlisted(server, folder, patched)
        for _ in range(2):
            page = looking.look()
            assert page.changes == ()
            assert [(each.folder, "no longer lists it" in each.reason) for each in page.trouble] == [
                ("Inbox/Clients", True)
            ]
    server.store.touch(item)
    page = looking.look()
    assert [(type(change), change.ref.href) for change in page.changes] == [(Modified, item.id)] and page.trouble == ()


def test_a_forgotten_state_of_the_tree_concludes_nothing(
    server: EwsServer, looking: Looking, clients: tuple[Folder, StoredItem], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = clients
    server.expire_sync_states()
    with monkeypatch.context() as patched:
        unlisted(server, folder, patched)
        assert looking.look().changes == ()
    assert looking.look().trouble == ()
    server.expire_sync_states()
    server.store.drop_folder(folder)
    # The folder itself is asked for, and Exchange does not know it any more.
    assert [type(change) for change in looking.look().changes] == [Vanished]


def test_a_folder_that_goes_to_deleted_items_takes_its_items_along(
    server: EwsServer, looking: Looking, clients: tuple[Folder, StoredItem]
) -> None:
    folder, item = clients
    move(server, folder, server.store.distinguished(ANNA, "deleteditems"))
    assert [type(change) for change in looking.look().changes] == [Vanished]
    move(server, folder, server.store.distinguished(ANNA, "inbox"))
    assert [(type(change), change.ref.href) for change in looking.look().changes] == [(Appeared, item.id)]


def move(server: EwsServer, folder: Folder, home: Folder) -> None:
    del server.store._children[folder.parent][folder.id]
    folder.parent = home.id
    server.store._children.setdefault(home.id, {})[folder.id] = folder
    server.store.note("FUpdate", folder.mailbox, home.id, folder.id)


def renamed(server: EwsServer, folder: Folder) -> None:
    folder.name = "Customers"
    server.store.note("FUpdate", folder.mailbox, folder.parent, folder.id)


def moved(server: EwsServer, folder: Folder) -> None:
    move(server, folder, folder_at(server.store, ANNA, "Archive 2026"))


@pytest.mark.parametrize(("change", "path"), [(renamed, "Inbox/Customers"), (moved, "Archive 2026/Clients")])
def test_a_folder_of_another_name_or_place_keeps_its_items(
    server: EwsServer, looking: Looking, clients: tuple[Folder, StoredItem], change: Callable[..., None], path: str
) -> None:
    folder, item = clients
    inner = deliver(server.store, folder_at(server.store, ANNA, "Inbox/Clients/Old"), MAIL)
    looking.look()
    change(server, folder)
    page = looking.look()
    assert {(type(each), each.ref.folder, each.ref.href) for each in page.changes} == {
        (Modified, path, item.id), (Modified, f"{path}/Old", inner.id)
    }  # fmt: skip
    assert looking.look().changes == ()


def test_two_folders_that_swap_their_names(
    server: EwsServer, looking: Looking, clients: tuple[Folder, StoredItem]
) -> None:
    first, item = clients
    second = folder_at(server.store, ANNA, "Inbox/Partners")
    other = deliver(server.store, second, MAIL)
    looking.look()
    first.name, second.name = second.name, first.name
    page = looking.look()
    assert {(type(each), each.ref.folder, each.ref.href) for each in page.changes} == {
        (Modified, "Inbox/Partners", item.id), (Modified, "Inbox/Clients", other.id)
    }  # fmt: skip
    assert looking.look().changes == ()


def test_a_public_folder_without_rights_is_in_trouble_and_a_deleted_one_is_gone(
    server: EwsServer, looking: Looking, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking.mailbox = PUBLIC
    place = folder_at(server.store, "public", "Fairs")
    item = deliver(server.store, place, MAIL)
    assert [type(change) for change in looking.look().changes] == [Appeared]
    with monkeypatch.context() as patched:
        unlisted(server, place, patched)
        server.fail("GetFolder", "code", "ErrorAccessDenied")
        page = looking.look()
        assert page.changes == () and "Add-PublicFolderClientPermission" in page.trouble[0].reason
    assert looking.look().trouble == ()
    server.store.drop_folder(place)
    assert [(type(change), change.ref.href) for change in looking.look().changes] == [(Vanished, item.id)]
