"""What a process holds: connections and memory for many mailboxes, and for a folder of very many items.

`MXSYNC_EWS_ITEMS=200000` looks at a folder of that size (4,000 in `make test`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from mxsync.ports.connector import Fetched
from tests.servers.ews import EwsServer
from tests.servers.ews.clients import ANNA, connector_to, needs_schemas
from tests.servers.ews.schemas import t

pytestmark = needs_schemas
ROOT = Path(__file__).resolve().parents[3]
ITEMS = int(os.environ.get("MXSYNC_EWS_ITEMS", "4000"))


@pytest.fixture
def server() -> Iterator[EwsServer]:
    with EwsServer() as server:
        yield server
    assert server.violations == []


def client(server: EwsServer, what: str, count: int) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "tests.servers.ews.client_process", server.url, what, str(count)],
        cwd=ROOT, capture_output=True, text=True, timeout=280,
        env={**os.environ, "EWS_PASSWORD": server.accounts["svc-mxsync"]},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_five_hundred_mailboxes_hold_ten_connections_and_little_memory(server: EwsServer) -> None:
    for number in range(500):
        server.store.add_mailbox(f"user{number}@ours.example")
    found = client(server, "mailboxes", 500)
    print(f"{server.most_connections} connections, {found['held'] / 1e6:.0f} MB")
    assert server.most_connections <= 10
    assert found["held"] <= 250_000_000
    # One request a mailbox for an idle look, and of a first one two: the list of folders and the state of their tree.
    assert found["idle"] == 500
    assert server.requests["FindFolder"] == 1000 and server.requests["SyncFolderHierarchy"] == 500
    assert server.requests["GetStreamingEvents"] == 4 and "SyncFolderItems" not in server.requests


def test_a_folder_of_very_many_items_is_listed_by_pages_and_held_by_what_is_known_of_each(server: EwsServer) -> None:
    server.store.add_mailbox("user0@ours.example")
    inbox = server.store.distinguished("user0@ours.example", "inbox")
    for number in range(ITEMS):
        item = server.store.put("IPM.Note", "Message", inbox)
        item.props["Subject"] = t("Subject", f"Mail {number}")
        server.store.appeared(item)
    found = client(server, "folder", ITEMS)
    growth = (found["held"] - found["before"]) / ITEMS
    print(f"{ITEMS} items: {found['requests']} requests, {found['held'] / 1e6:.0f} MB, {growth:.0f} bytes an item")
    assert found["requests"] == 1 + 1 + -(-ITEMS // 512)
    # Of each item its id, change key and date, and one page of the server's answer at a time.
    assert found["held"] - found["before"] <= 40_000_000 + ITEMS * 1500


def test_a_first_pass_over_ten_thousand_mails(server: EwsServer) -> None:
    """Listed by 512 and read by a hundred, with subject, sender and body: n/512 + n/100 requests and three more."""
    server.store.add_mailbox(ANNA, "Anna")
    inbox = server.store.distinguished(ANNA, "inbox")
    sender = t("Mailbox", None, t("Name", "Jane"), t("EmailAddress", "jane@acme.example"), t("RoutingType", "SMTP"))
    for number in range(10_000):
        item = server.store.put("IPM.Note", "Message", inbox)
        item.draft = False
        item.props |= {
            "Subject": t("Subject", f"Mail {number}"),
            "Body": t("Body", "As agreed.", BodyType="Text"),
            "From": t("From", None, deepcopy(sender)),
        }
        server.store.appeared(item)
    connector = connector_to(server)
    refs = [change.ref for change in connector.changes(ANNA, "", lambda mailbox, folder: {}).changes]
    read = sum(
        isinstance(answer, Fetched) and answer.item.fields["body"] == "As agreed."
        for start in range(0, len(refs), 500)  # as a pass asks for them
        for answer in connector.fetch(refs[start : start + 500])
    )
    connector.close()
    assert read == 10_000
    # One list of folders, one state of their tree, and one more for the bodies of the first page.
    assert server.requests == {"FindFolder": 1, "SyncFolderHierarchy": 1, "SyncFolderItems": 20, "GetItem": 100 + 1}


def test_an_empty_folder_costs_no_request_of_its_own(server: EwsServer) -> None:
    server.store.add_mailbox("user0@ours.example")
    inbox = server.store.distinguished("user0@ours.example", "inbox")
    for number in range(50):
        server.store.add_folder(inbox, f"Folder {number}", "IPF.Note")
    assert client(server, "folder", 0)["requests"] == 2
