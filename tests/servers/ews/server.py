"""The double: impersonation, envelopes, validation both ways, and the switches for faults and quirks."""

from __future__ import annotations

import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from lxml import etree

from tests.servers.ews import folders, notifications, operations
from tests.servers.ews.envelopes import soap_fault
from tests.servers.ews.handling import Cut, Handler, Quiet
from tests.servers.ews.operations import NSM, Answer
from tests.servers.ews.schemas import M, S, T, local, m, safe_parser, schemas, t
from tests.servers.ews.store import PUBLIC, Denied, Folder, Store, StoredItem
from tests.telltales import EXCHANGE

VERSION: Final = {
    "MajorVersion": "15",
    "MinorVersion": "1",
    "MajorBuildNumber": "2507",
    "MinorBuildNumber": "6",
    "Version": "V2017_07_11",
}
OPERATIONS: Final[dict[str, Callable[[Call, etree._Element], Answer]]] = {
    "GetItem": operations.get_item,
    "FindItem": operations.find_items,
    "CreateItem": operations.create_item,
    "UpdateItem": operations.update_item,
    "DeleteItem": operations.delete_item,
    "MoveItem": operations.move_item,
    "CopyItem": operations.copy_item,
    "SendItem": operations.send_item,
    "GetAttachment": operations.get_attachment,
    "CreateAttachment": operations.create_attachment,
    "DeleteAttachment": operations.delete_attachment,
    "GetFolder": folders.get_folder,
    "FindFolder": folders.find_folders,
    "CreateFolder": folders.create_folder,
    "UpdateFolder": folders.update_folder,
    "DeleteFolder": folders.delete_folder,
    "EmptyFolder": folders.empty_folder,
    "MarkAllItemsAsRead": folders.mark_all,
    "SyncFolderItems": folders.sync_items,
    "SyncFolderHierarchy": folders.sync_hierarchy,
    "GetServerTimeZones": folders.time_zones,
    "ResolveNames": folders.resolve_names,
    "Subscribe": notifications.subscribe,
    "Unsubscribe": notifications.unsubscribe,
    "GetEvents": notifications.get_events,
}
VERSIONS: Final = ("Exchange2013", "Exchange2013_SP1", "Exchange2016")


@dataclass
class Fault:
    """What goes wrong at the next `times` calls of `operation` ('' for any).

    `kind`: 'cut before' (the connection ends before anything is done), 'cut after' (it is done, nobody is told),
    'cut inside' (in the middle of the answer), 'code' (a response code for each part), 'soap' (the whole request is
    refused with a code), 'status' (an HTTP status), 'body' (an answer of these bytes). `backoff` are milliseconds.
    """

    operation: str
    kind: str
    code: str = ""
    times: int = 1
    backoff: int = 0
    status: int = 503
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    mailbox: str = ""


@dataclass
class Call:
    """One request: who asks, and in whose mailbox."""

    server: EwsServer
    login: str
    mailbox: str
    backend: str = ""

    def sees(self, folder: Folder) -> bool:
        return folder.mailbox in (PUBLIC, self.mailbox) or folder.mailbox in self.server.delegates.get(self.login, ())

    def may_see(self, folder: Folder) -> Folder:
        if not self.sees(folder):
            raise Denied("ErrorAccessDenied", "access is denied. Check credentials and try again")
        return folder


class EwsServer:
    """A server of Exchange Web Services. Use it as a context manager.

    `accounts`: login to password. `impersonators`: logins with the role ApplicationImpersonation. `delegates`: login to
    the mailboxes that it has full access to. `requests` counts operations, `log` holds (operation, mailbox, moment).
    """

    def __init__(
        self,
        *,
        certificate: Path | None = None,
        clients: Path | None = None,
        latency: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self.store = Store()
        self.accounts = {"svc-mxsync": EXCHANGE}
        self.impersonators = {"svc-mxsync"}
        self.delegates: dict[str, set[str]] = {}
        self.away: set[str] = set()
        """Mailboxes whose database is not mounted."""
        self.mail_of: dict[str, str] = {}
        self.ntlm = False
        self.requests: Counter[str] = Counter()
        self.log: list[tuple[str, str, float]] = []
        self.valid = 0
        self.violations: list[str] = []
        self.faults: list[Fault] = []
        self.sent: list[str] = []
        self.item_quirks: list[Callable[[StoredItem, etree._Element], None]] = []
        self.folder_quirks: list[Callable[[Folder, etree._Element], None]] = []
        self.raw_quirk: Callable[[bytes], bytes] | None = None
        self.find_limit = 1000
        self.packed = False
        """Whether answers come compressed and in chunks, as from IIS."""
        self.autodiscover = ""
        """What it answers autodiscover: an address of Exchange Web Services, of this server or another."""
        self.sync_generation = 1
        self.subscriptions: dict[str, notifications.Subscription] = {}
        self.streams = 0
        self.open_streams = 0
        self.stopping = False
        self.heartbeat = 45.0
        """Seconds between signs of life on a streaming connection."""
        self.status_events = False
        """Whether these come as notifications of their own kind."""
        self.backends: dict[str, str] = {}
        """Mailbox to the server behind the address that has it, where there are several."""
        self.latency = latency
        self.connections: set[object] = set()
        self.most_connections = 0
        self.seen_headers: list[dict[str, str]] = []
        double = self

        class Own(Handler):
            server_double = double

        self._http = Quiet(("127.0.0.1", 0), Own)
        self.scheme = "http"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            if clients is not None:
                context.verify_mode = ssl.CERT_REQUIRED
                context.load_verify_locations(clients)
            self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
            self.scheme = "https"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"{self.scheme}://localhost:{self._http.server_address[1]}/EWS/Exchange.asmx"

    def __enter__(self) -> EwsServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping = True
        self._http.shutdown()
        self._http.server_close()

    # ------------------------------------------------------------ switches

    def fail(self, operation: str, kind: str, code: str = "", **more: object) -> Fault:
        """Arms a fault."""
        fault = Fault(operation, kind, code, **more)  # type: ignore[arg-type]
        self.faults.append(fault)
        return fault

    def expire_sync_states(self) -> None:
        self.sync_generation += 1

    def cut_streams(self) -> None:
        """Ends every streaming connection, and forgets the subscriptions (as a restart does)."""
        with self.store.lock:
            self.streams += 1
            self.subscriptions.clear()
            self.store.watchers.clear()

    def _armed(self, operation: str, mailbox: str, *kinds: str) -> Fault | None:
        for fault in self.faults:
            if (
                fault.kind in kinds
                and fault.operation in ("", operation)
                and fault.times > 0
                and fault.mailbox in ("", mailbox)
            ):
                fault.times -= 1
                return fault
        return None

    def maybe_refuse(self, operation: str, part: etree._Element) -> None:
        """Raises `Denied` for one part of a request where a fault of kind 'code' is armed."""
        fault = self._armed(operation, self._mailbox, "code")
        if fault is not None:
            values = {"BackOffMilliseconds": str(fault.backoff)} if fault.backoff else {}
            raise Denied(fault.code, f"armed: {fault.code}", **values)

    # ------------------------------------------------------------ one request

    def serve(self, login: str, raw: bytes, backend: str = "") -> tuple[int, bytes, etree._Element | None]:
        """Status, envelope, and for GetStreamingEvents its request. Raises `Cut`."""
        try:
            envelope = etree.fromstring(raw, safe_parser())
            body = envelope.find(f"{{{S}}}Body")
            request = body[0]
        except (etree.XMLSyntaxError, TypeError, IndexError) as error:
            self.violations.append(f"a request that is no envelope: {error}")
            return 500, soap_fault("ErrorInvalidRequest", str(error)), None
        name = local(request)
        self.requests[name] += 1
        wrong = schemas().faults(request)
        header = envelope.find(f"{{{S}}}Header")
        for each in header if header is not None else ():
            if not isinstance(each.tag, str) or etree.QName(each).namespace != T:
                continue
            if local(each) == "RequestServerVersion":
                # The schema is that of Exchange 2016 and fixes its own version; older ones are asked for in their own words.
                wrong = wrong or (
                    "" if each.get("Version") in VERSIONS else f"no version of Exchange: {each.get('Version')}"
                )
                continue
            wrong = wrong or schemas().faults(each)
        if wrong:
            self.violations.append(f"request {name}: {wrong}\n{etree.tostring(request, pretty_print=True).decode()}")
            return 500, soap_fault("ErrorSchemaValidation", f"the request failed schema validation: {wrong}"), None
        self.valid += 1
        try:
            mailbox = self._whose(login, header)
        except Denied as denied:
            return 500, soap_fault(denied.code, denied.text), None
        self.log.append((name, mailbox, self._clock()))
        if (fault := self._armed(name, mailbox, "soap")) is not None:
            return 500, soap_fault(fault.code, f"armed: {fault.code}", fault.backoff), None
        if self._armed(name, mailbox, "cut before"):
            raise Cut
        if name == "GetStreamingEvents":
            return 200, b"", request
        operation = OPERATIONS.get(name)
        if operation is None:
            return 500, soap_fault("ErrorInvalidRequest", f"the double does not know {name}"), None
        with self.store.lock:
            self._mailbox = mailbox
            call = Call(self, login, mailbox, backend)
            answers = m(f"{name}Response", None, m("ResponseMessages", None, *operation(call, request)))
        if self._armed(name, mailbox, "cut after"):
            raise Cut
        return 200, self.envelope(answers), None

    def envelope(self, response: etree._Element) -> bytes:
        """A response in its envelope, validated."""
        wrong = schemas().faults(response)
        if wrong:
            self.violations.append(f"response: {wrong}\n{etree.tostring(response, pretty_print=True).decode()[:3000]}")
        self.valid += not wrong
        root = etree.Element(f"{{{S}}}Envelope", nsmap={"s": S, "t": T, "m": M})
        header = etree.SubElement(root, f"{{{S}}}Header")
        header.append(t("ServerVersionInfo", **VERSION))
        etree.SubElement(root, f"{{{S}}}Body").append(response)
        raw = etree.tostring(root, encoding="utf-8", xml_declaration=True)
        return self.raw_quirk(raw) if self.raw_quirk is not None else raw

    def _whose(self, login: str, header: etree._Element | None) -> str:
        """The mailbox that is meant. Raises `Denied`."""
        sid = header.find("t:ExchangeImpersonation/t:ConnectingSID", NSM) if header is not None else None
        own = self.mail_of.get(login, login)
        if sid is None:
            return own
        address = (sid[0].text or "").lower()
        if login not in self.impersonators:
            raise Denied(
                "ErrorImpersonateUserDenied", "the account does not have permission to impersonate the requested user"
            )
        if address not in self.store.names or address == PUBLIC:
            raise Denied("ErrorNonExistentMailbox", f"the SMTP address has no mailbox associated with it: {address}")
        if address in self.away:
            raise Denied("ErrorMailboxStoreUnavailable", "the mailbox database is temporarily unavailable")
        return address
