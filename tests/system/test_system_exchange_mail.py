"""The scenarios of mail, on Exchange instead of files: the same tests, the same rule files."""

from __future__ import annotations

from pathlib import Path

import pytest
import test_system_mail
from exchange_tenants import ExchangeTenant, moved_to_exchange
from test_system_mail import *  # noqa: F403

from tests.servers.ews import EwsServer
from tests.servers.ews.clients import needs_schemas

pytestmark = needs_schemas
exchange = moved_to_exchange(test_system_mail)


@pytest.fixture
def tenant(tmp_path: Path, exchange: EwsServer) -> ExchangeTenant:
    made: ExchangeTenant = ExchangeTenant.on(exchange).make(tmp_path / "t")
    return made


def test_m7_a_shortcut_in_place_of_the_attachment(tmp_path: Path, exchange: EwsServer) -> None:
    """As on files; what is left in the mailbox is looked at on the server."""
    rules = (
        "use 'crm.rules'\n\nrule 'All attachments'\n  when mail has attachment like '*.pdf'\n"
        "  then save attachments to folder 'Clients/{sender.domain}' replacing them with a link\n"
    )
    tenant = ExchangeTenant.on(exchange).make(tmp_path / "t", rules)
    tenant.contact("jane@acme.example")
    data = b"%PDF-1.4 " + b"x" * 5000
    path = tenant.mail(subject="big", attachments=[("../../plan.pdf", data)])
    other = tenant.mail(subject="text", attachments=[("notes.txt", b"hello")])
    tenant.sync()
    (stored,) = [p for p in (tenant.root / "documents").rglob("*") if p.is_file()]
    assert stored.relative_to(tenant.root / "documents").as_posix() == "Clients/acme.example/plan.pdf"
    assert stored.read_bytes() == data
    (shortcut,) = tenant.item_of(path).attachments
    assert (shortcut.name, shortcut.location) == ("../../plan.pdf.txt", stored.absolute().as_uri())
    (kept,) = tenant.item_of(other).attachments
    assert kept.content == b"hello"
    assert tenant.sync()["items"] == 0


def test_an_idle_pass_asks_once_a_mailbox(tmp_path: Path, exchange: EwsServer) -> None:
    tenant = ExchangeTenant.on(exchange).make(tmp_path / "t")
    tenant.contact("jane@acme.example")
    tenant.mail(subject="one")
    tenant.sync()
    exchange.requests.clear()
    tenant.sync()
    # Two mailboxes, and the public folders.
    assert exchange.requests == {"FindFolder": 3}


def test_an_item_is_explained_by_its_message_id_and_as_reports_name_it(tmp_path: Path, exchange: EwsServer) -> None:
    tenant = ExchangeTenant.on(exchange).make(tmp_path / "t")
    tenant.contact("jane@acme.example")
    path = tenant.mail(subject="one", message_id="<one@acme.example>")
    tenant.sync()
    by_id = tenant.run("explain", "<one@acme.example>").out
    assert "Mail of known contacts" in by_id
    name = by_id.splitlines()[0].rpartition(": ")[0]
    assert name == f"{path.parent.parent.name}/{path.parent.name}/{path.name}"  # what stands there for the item's id
    assert tenant.run("explain", name).out == by_id
