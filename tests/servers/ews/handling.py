"""The double's socket: HTTP, logins, faults of the connection, streams."""

from __future__ import annotations

import base64
import gzip
import socket
import ssl
import time
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from lxml import etree

from tests.servers.ews import notifications
from tests.servers.ews.envelopes import autodiscovered, soap_fault

if TYPE_CHECKING:
    from tests.servers.ews.server import EwsServer


class Cut(Exception):
    """The connection is to end here."""


class Quiet(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is nothing to tell of."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_double: EwsServer
    _acceptor: Any = None
    _challenge = ""
    _user = ""

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        double = self.server_double
        double.connections.add(self)
        double.most_connections = max(double.most_connections, len(double.connections))

    def finish(self) -> None:
        self.server_double.connections.discard(self)
        super().finish()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: tests look at `EwsServer.log`."""

    def _login(self) -> str:
        if isinstance(self.connection, ssl.SSLSocket) and (shown := self.connection.getpeercert()):
            # IIS maps a certificate to an account; here by its name.
            name = next(value for pairs in shown["subject"] for key, value in pairs if key == "commonName")
            return name if name in self.server_double.accounts else ""
        kind, _, rest = self.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "ntlm":
            return self._ntlm(rest)
        if self._user:
            return self._user  # NTLM logs a connection in, not a request
        if kind.lower() != "basic":
            return ""
        name, _, password = base64.b64decode(rest).decode("utf-8", "replace").partition(":")
        name = name.rpartition("\\")[2]
        return name if self.server_double.accounts.get(name) == password else ""

    def _ntlm(self, token: str) -> str:
        """One step of the handshake (MS-NTHT), by pyspnego's acceptor; the login when it is done."""
        import spnego

        if self._acceptor is None:
            self._acceptor = spnego.server(protocol="ntlm", options=spnego.NegotiateOptions.use_ntlm)
        try:
            answer = self._acceptor.step(base64.b64decode(token))
        except spnego.exceptions.SpnegoError:
            self._acceptor = None
            return ""
        if self._acceptor.complete:
            self._user = str(self._acceptor.client_principal).rpartition("\\")[2]
            self._acceptor = None
            return self._user
        self._challenge = base64.b64encode(answer or b"").decode()
        return ""

    def do_GET(self) -> None:
        self._answer(405, b"", {})

    def do_POST(self) -> None:
        double = self.server_double
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        double.seen_headers.append({key.lower(): value for key, value in self.headers.items()})
        if double.latency:
            time.sleep(double.latency)
        fault = double._armed("", "", "status", "body")
        if fault is not None:
            status = fault.status if fault.kind == "status" else 200
            self._answer(status, fault.body, fault.headers)
            return
        login = self._login()
        if not login:
            challenge, self._challenge = self._challenge, ""
            offers = f"NTLM {challenge}".strip() if challenge or double.ntlm else 'Basic realm="localhost"'
            self._answer(401, b"", {"WWW-Authenticate": offers})
            return
        if self.path.lower().startswith("/autodiscover/"):
            double.requests["Autodiscover"] += 1
            self._answer(200, autodiscovered(double.autodiscover), {})
            return
        try:
            status, body, streaming = double.serve(login, raw, self._backend())
        except Cut:
            self._cut()
            return
        except Exception:
            double.violations.append(f"the double failed: {traceback.format_exc()}")
            self._answer(500, soap_fault("ErrorInternalServerError", "the double failed"), {})
            return
        if streaming is not None:
            self._stream(streaming)
            return
        name = double.log[-1][0] if double.log else ""
        if double._armed(name, "", "cut inside"):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2])
            self._cut()
            return
        headers = {}
        if double.backends and self.headers.get("X-PreferServerAffinity", "").lower() == "true":
            headers["Set-Cookie"] = f"X-BackEndOverrideCookie={self._backend()}; path=/; HttpOnly"
        self._answer(status, body, headers)

    def _backend(self) -> str:
        """The server that answers: the one that a cookie names, else that of the anchor's mailbox."""
        for pair in self.headers.get("Cookie", "").split(";"):
            name, _, value = pair.strip().partition("=")
            if name == "X-BackEndOverrideCookie":
                return value
        return self.server_double.backends.get(self.headers.get("X-AnchorMailbox", "").lower(), "")

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", headers.pop("Content-Type", "text/xml"))
        for name, value in headers.items():
            self.send_header(name, value)
        if self.server_double.packed and "gzip" in self.headers.get("Accept-Encoding", ""):
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            packed = gzip.compress(body)
            for piece in (packed[:7], packed[7:], b""):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            return
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _cut(self) -> None:
        self.close_connection = True
        try:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            self.close_connection = True

    def _stream(self, request: etree._Element) -> None:
        double = self.server_double
        self.send_response(200)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        double.open_streams += 1
        try:
            for document in notifications.streaming_documents(double, request, self._backend()):
                raw = double.envelope(document)
                self.wfile.write(b"%x\r\n%s\r\n" % (len(raw), raw))
                self.wfile.flush()
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.close_connection = True
        finally:
            double.open_streams -= 1
