"""A first and an idle look at a mailbox on Exchange: requests and time beside plain exchangelib loops that read the same.

python benchmarks/bench_exchange.py [--mails 2000] [--latency 0.02]

Both read subject, people, dates, headers, categories and the body of each mail in the inbox, from the protocol double
(tests/servers/ews), which waits before each answer. Needs the schemas that MXSYNC_EWS_SCHEMAS points to.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from exchangelib import BASIC, IMPERSONATION, UTC, Account, Configuration, Credentials, FailFast, Version
from exchangelib.version import EXCHANGE_2013_SP1

from mxsync.connectors.ews import EwsConnector
from mxsync.ports.connector import Fetched, Known
from tests.servers.ews import EwsServer
from tests.servers.ews.clients import ANNA, settings_of
from tests.servers.ews.mailing import deliver

MAIL = (
    b"From: Jane <jane%d@acme.example>\r\nTo: anna@ours.example\r\nSubject: Mail %d\r\nMessage-ID: <%d@acme.example>\r\n\r\n"
    + b"Dear Anna, as agreed.\r\n" * 40
)
FIELDS = (
    "subject",
    "sender",
    "to_recipients",
    "cc_recipients",
    "datetime_sent",
    "message_id",
    "headers",
    "categories",
    "text_body",
)


def ours(server: EwsServer) -> tuple[Callable[[], int], Callable[[], int]]:
    connector = EwsConnector(settings_of(server))
    known: dict[str, Known] = {}
    cursor = ""

    def first() -> int:
        nonlocal cursor
        page = connector.changes(ANNA, "", lambda mailbox, folder: {})
        read = 0
        for answer in connector.fetch([change.ref for change in page.changes]):
            assert isinstance(answer, Fetched)
            read += bool(answer.item.fields["body"]) and bool(answer.item.fields["subject"])
            known[answer.item.ref.href] = Known(answer.item.revision, answer.stamp)
        cursor = page.cursor
        return read

    def idle() -> int:
        return len(connector.changes(ANNA, cursor, lambda mailbox, folder: known if folder == "Inbox" else {}).changes)

    return first, idle


def theirs(server: EwsServer) -> tuple[Callable[[], int], Callable[[], int]]:
    config = Configuration(
        service_endpoint=server.url,
        credentials=Credentials("svc-mxsync", server.accounts["svc-mxsync"]),
        auth_type=BASIC,
        retry_policy=FailFast(),
        version=Version(EXCHANGE_2013_SP1, "Exchange2013_SP1"),
    )
    account = Account(ANNA, config=config, access_type=IMPERSONATION, default_timezone=UTC)

    def first() -> int:
        items = list(account.inbox.all().only(*FIELDS))
        return sum(bool(item.text_body) for item in items)

    def idle() -> int:
        before = account.inbox.item_sync_state
        changes = list(account.inbox.sync_items(sync_state=before, only_fields=["subject"]))
        return len(changes)

    return first, idle


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=2000)
    parser.add_argument("--latency", type=float, default=0.02)
    options = parser.parse_args()
    with EwsServer(latency=options.latency) as server:
        server.store.add_mailbox("public")
        server.store.add_mailbox(ANNA, "Anna")
        server.accounts["svc-mxsync"] = "plain"
        inbox = server.store.distinguished(ANNA, "inbox")
        for number in range(options.mails):
            deliver(server.store, inbox, MAIL % (number, number, number))
        figures: dict[str, list[tuple[float, int]]] = {}
        for name, make in (("mxsync", ours), ("exchangelib", theirs)):
            for act in make(server):
                if act.__name__ == "idle":
                    act()  # exchangelib's first synchronisation is a whole one
                server.requests.clear()
                began = time.perf_counter()
                found = act()
                figures.setdefault(name, []).append((time.perf_counter() - began, sum(server.requests.values())))
                print(
                    f"{name} {act.__name__}: {found} items, {figures[name][-1][1]} requests, {figures[name][-1][0]:.2f} s"
                )
        for index, what in enumerate(("first", "idle")):
            (our_time, our_requests), (their_time, their_requests) = (
                figures["mxsync"][index],
                figures["exchangelib"][index],
            )
            print(
                f"{what}: {our_requests / their_requests:.2f} of the requests, {our_time / their_time:.2f} of the time"
            )
        print(f"not valid by the schemas: {len(server.violations)}")


if __name__ == "__main__":
    main()
