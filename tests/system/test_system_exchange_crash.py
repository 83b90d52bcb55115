"""Killed while it works on Exchange: the next pass ends where an undisturbed one does, in the tables and on the server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from exchange_tenants import PASSWORD, ExchangeTenant
from tenants import ANNA, BEN

from tests.servers.ews import EwsServer
from tests.servers.ews.clients import needs_schemas

pytestmark = needs_schemas
KILLED = -9
RULES = (
    "use 'crm.rules'\n\nrule 'Offers'\n  when mail subject starts with 'offer' and has attachment like '*.pdf'\n"
    "  then save attachments to folder 'Offers' replacing them with a link, categorize 'Stored', flag\n\n"
    "rule 'Filed'\n  when mail subject = 'offer 1'\n  then move to folder 'Inbox/Filed'\n"
)


@pytest.fixture
def exchange() -> Iterator[EwsServer]:
    with EwsServer() as server:
        yield server
    assert server.violations == []
    assert server.sent == []


def made(root: Path, server: EwsServer) -> ExchangeTenant:
    tenant = ExchangeTenant.on(server).make(root, RULES, users=(ANNA,))
    for number in range(3):
        tenant.mail(f"jane{number}@acme.example", subject=f"offer {number}", attachments=[("a.pdf", b"%%PDF %d" % number)],
                    categories=["Create Contact and Company"])  # fmt: skip
    return tenant


def state(tenant: ExchangeTenant) -> list[Any]:
    """Rows, and what lies where on the server."""
    store = tenant.server.store
    items = []
    for item in store.items.values():
        words = item.props.get("Categories")
        items.append((
            store.folders[item.folder].name,
            item.props["Subject"].text,
            [word.text for word in words] if words is not None else [],
            [(each.name, each.location.rpartition("/")[2]) for each in item.attachments],
        ))  # fmt: skip
    rows = {
        table: tenant.count_rows(table) for table in ("Emails", "Contacts", "Companies", "Documents", "EmailContacts")
    }
    return [sorted(items, key=repr), rows]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    with EwsServer() as server:
        tenant = made(tmp_path_factory.mktemp("undisturbed") / "t", server)
        tenant.sync()
        tenant.sync()
        found = state(tenant)
    mails = [item for item in found[0] if item[0] != "Contacts"]
    assert [item[:2] for item in mails] == [("Filed", "offer 1"), ("Inbox", "offer 0"), ("Inbox", "offer 2")]
    assert all([name for name, _ in attachments] == ["a.pdf.txt"] for *_, attachments in mails)
    assert len(found[0]) == 6  # and the cards of the three who wrote, which a sync puts into her Contacts
    return found


@pytest.mark.parametrize(
    "name",
    [
        "page.before-commit",
        "journal.before-perform",
        "journal.performed",
        "cursor.before-commit",
    ],
)
def test_a_kill_changes_nothing_in_the_end(
    name: str, tmp_path: Path, exchange: EwsServer, undisturbed: list[Any]
) -> None:
    tenant = made(tmp_path / "t", exchange)
    assert tenant.run("sync", check=False, env={"MXSYNC_FAILPOINT": name}).code == KILLED
    tenant.sync()
    tenant.sync()
    assert state(tenant) == undisturbed
    assert tenant.sync()["items"] == 0


def test_check_connect_says_what_is_wrong(tmp_path: Path, exchange: EwsServer) -> None:
    tenant = ExchangeTenant.on(exchange).make(tmp_path / "t", users=(ANNA, BEN))
    assert "all mailboxes can be opened" in tenant.run("check", "--connect").out
    exchange.impersonators.clear()
    result = tenant.run("check", "--connect", "--format", "json", check=False)
    assert result.code == 5
    said = {each["mailbox"]: each["wrong"] for each in json.loads(result.out)["mailboxes"]}
    assert set(said) == {ANNA, BEN, "public"} and "ApplicationImpersonation" in said[ANNA]
    result = tenant.run("check", "--connect", check=False, env={"EWS_PASSWORD": "wr0ng-Pässword"})
    assert result.code == 5 and "does not accept the login" in result.out
    assert "wr0ng" not in result.out + result.err and PASSWORD not in result.out + result.err


def test_a_certificate_that_is_not_checked_is_said_at_each_start(tmp_path: Path, exchange: EwsServer) -> None:
    tenant = ExchangeTenant.on(exchange).make(tmp_path / "t", users=(ANNA,))
    path = tenant.root / "mxsync.toml"
    path.write_text(path.read_text().replace('auth = "basic"', 'auth = "basic"\nverify = false'))
    for arguments in (("sync",), ("sync",), ("status",), ("check", "--connect")):
        said = tenant.run(*arguments)
        assert "certificate is not checked" in said.err, arguments


def test_an_exchange_that_is_away_stops_nothing_else(tmp_path: Path, exchange: EwsServer) -> None:
    tenant = ExchangeTenant.on(exchange).make(tmp_path / "t")
    tenant.contact("jane@acme.example")
    tenant.mail(subject="one")
    tenant.mail(subject="two", box=BEN, to=BEN)
    exchange.fail("FindFolder", "soap", "ErrorMailboxMoveInProgress", times=3, mailbox=ANNA)
    result = tenant.run("sync", "--format", "json", check=False)
    assert [mailbox for mailbox, _ in result.document["failed_mailboxes"]] == [ANNA]
    assert "being moved" in result.document["failed_mailboxes"][0][1]
    assert tenant.sql("SELECT Subject FROM Emails") == [("two",)]
    tenant.sync()
    assert tenant.count_rows("Emails") == 2
