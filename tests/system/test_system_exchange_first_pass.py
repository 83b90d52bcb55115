"""How many requests a whole first pass over a mailbox costs, with rules, tables and all.

`MXSYNC_EWS_ITEMS=10000` makes it one of that many mails (2,000 in `make test`).
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from exchange_tenants import ExchangePlace, place_maker, serving
from tenants import ANNA

from mxsync.bootstrap import Tenant as Opened
from mxsync.config import load_config
from tests.servers.ews.clients import needs_schemas
from tests.servers.ews.mailing import deliver
from tests.telltales import EXCHANGE

pytestmark = needs_schemas
MAILS = int(os.environ.get("MXSYNC_EWS_ITEMS", "2000"))
MAIL = (
    b"From: Jane Roe <jane@acme.example>\r\nTo: anna@ours.example\r\nSubject: Mail %d\r\n"
    b"Message-ID: <%d@acme.example>\r\nDate: Mon, 02 Nov 2026 09:00:00 +0000\r\n\r\nAs agreed.\r\n"
)


def test_requests_of_a_first_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EWS_PASSWORD", EXCHANGE)
    with serving() as server:
        place: ExchangePlace = place_maker(server)(tmp_path / "t", "use 'crm.rules'\n", (ANNA,))
        place.contact("jane@acme.example")
        with server.store.lock:
            inbox = server.store.distinguished(ANNA, "inbox")
            for number in range(MAILS):
                deliver(server.store, inbox, MAIL % (number, number))
        server.requests.clear()
        with Opened.open(load_config(place.root / "mxsync.toml")) as tenant:
            report = tenant.sync(None, lambda *_: None, threading.Event())
        assert report.items == MAILS and place.count_rows("Emails") == MAILS
        # A mailbox and the public folders; n/512 pages of changes; n/100 pages of mails. What a rule asks for first, here
        # the bodies, is fetched for the five pages that were read before it was asked for.
        assert server.requests["FindFolder"] == 2 and server.requests["SyncFolderItems"] == -(-MAILS // 512)
        assert server.requests["GetItem"] == -(-MAILS // 100) + 5
        assert server.requests.total() <= -(-MAILS // 512) + -(-MAILS // 100) + 8
