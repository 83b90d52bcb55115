"""One request over HTTP: exchangelib's sessions and logins, our own rules of what may be repeated and what is refused.

exchangelib keeps the pool of connections, makes the logins (NTLM, Basic, Kerberos, client certificates) and wraps a
request in its envelope. Its loops of retries are not used: they guess versions by sending a request again, which for a
write is one time too many, and they wait inside, where one mailbox would hold up the others.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import Any, BinaryIO, Final
from urllib.parse import urlsplit

import requests
from exchangelib.configuration import Configuration
from exchangelib.credentials import Credentials
from exchangelib.protocol import BaseProtocol, FailFast
from exchangelib.transport import BASIC, CBA, GSSAPI, NTLM
from exchangelib.util import DocumentYielder
from exchangelib.version import EXCHANGE_2013_SP1, Version

from mxsync.connectors.ews.autodiscover import discover
from mxsync.connectors.ews.downloading import Download
from mxsync.connectors.ews.faults import advice, error_of
from mxsync.connectors.ews.logins import Logins
from mxsync.connectors.ews.settings import Account, EwsSettings
from mxsync.connectors.ews.throttle import PATIENCE, Throttle
from mxsync.connectors.ews.wire import NS, Element, parse, text_of
from mxsync.errors import (
    ConfigError,
    ProtocolViolation,
    RateLimited,
    ServerError,
    TimedOut,
    Transient,
    Unauthorized,
    Unavailable,
)

API_VERSION: Final = "Exchange2013_SP1"
"""What every request asks for: the oldest version that mxsync speaks with. Newer servers answer in its words."""
_TRIES: Final = 3
_NOBODY: Final = "nobody listens there"
_UNKNOWN: Final = "the name is unknown"
_AUTH: Final = {"ntlm": NTLM, "basic": BASIC, "kerberos": GSSAPI, "certificate": CBA}
_log = logging.getLogger(__name__)
# At its own levels exchangelib writes the headers of requests, and with Basic the password is one of them.
logging.getLogger("exchangelib").setLevel(logging.CRITICAL + 1)


class _Protocol(BaseProtocol):  # type: ignore[misc]  # exchangelib has no types
    """A pool of connections for one account. exchangelib's own class of this shares pools between configurations and
    sets certificates for the whole process."""

    USERAGENT = "mxsync"

    def __init__(self, config: Any, settings: EwsSettings) -> None:
        super().__init__(config)
        self._settings = settings

    def get_auth_type(self) -> str:
        return str(_AUTH[self._settings.auth])

    def create_session(self) -> Any:
        session = super().create_session()
        settings = self._settings
        session.endpoint = self.service_endpoint
        session.trust_env = False  # no netrc, no certificates that an environment variable names
        session.verify = str(settings.ca) if settings.ca is not None and settings.verify else settings.verify
        session.cert = str(settings.certificate) if settings.certificate is not None else None
        if settings.auth == "basic" and self.credentials is not None:
            # RFC 7617 leaves the charset open and requests takes Latin-1; browsers take UTF-8, and so does IIS.
            name, password = self.credentials.username, self.credentials.password
            session.auth = requests.auth.HTTPBasicAuth(name.encode(), password.encode())
        return session


class Elsewhere(ServerError):
    """There are no Exchange Web Services, or no longer, where they were asked for."""


class LoginRefused(Unauthorized):
    """The server does not take name and password."""


class Unreachable(Unavailable):
    """Nobody answers at an address."""


class Transport:
    """All requests to one server. Threads may share it."""

    def __init__(self, settings: EwsSettings, throttle: Throttle | None = None) -> None:
        self.settings = settings
        self.throttle = throttle or Throttle()
        self.logins = Logins()
        self._pools: dict[str, _Protocol] = {}
        self._lock = threading.RLock()
        self._url = settings.url
        self.sent = 0

    def url(self, mailbox: str) -> str:
        """Where Exchange Web Services are; asked for a mailbox once, where it is not configured."""
        with self._lock:
            if not self._url:
                account = self.settings.account_of(mailbox)
                self._url = discover(self.settings.autodiscover, mailbox, partial(self._ask, account))
            return self._url

    def _forget(self, url: str) -> bool:
        """The mailboxes have moved away from an address that autodiscover gave: it is asked again with the next
        request. False where the address is configured."""
        if not self.settings.autodiscover or self.settings.url:
            return False
        with self._lock:
            if self._url == url:
                self._url = ""
                for pool in self._pools.values():
                    pool.close()
                self._pools.clear()
        return True

    def _ask(self, account: Account, url: str, question: bytes) -> bytes:
        """An answer of autodiscover."""
        session = self._pool_at(url, account).create_session()
        try:
            return bytes(self._post_to(session, url, question, {}, stream=False, timeout=30.0).content)
        finally:
            session.close()

    def _pool_at(self, url: str, account: Account) -> _Protocol:
        settings = self.settings
        _check_login(settings)
        config = Configuration(
            service_endpoint=url,
            credentials=Credentials(account.username, account.password()) if account.username else None,
            auth_type=_AUTH[settings.auth],
            retry_policy=FailFast(),
            version=Version(EXCHANGE_2013_SP1, API_VERSION),
            max_connections=settings.connections,
        )
        return _Protocol(config, settings)

    def pool(self, mailbox: str) -> _Protocol:
        """The connections of the account that opens a mailbox."""
        account = self.settings.account_of(mailbox)
        self.logins.check(account)
        url = self.url(mailbox)
        with self._lock:
            if account.username not in self._pools:
                self._pools[account.username] = self._pool_at(url, account)
            return self._pools[account.username]

    def close(self) -> None:
        """Ends all connections."""
        with self._lock:
            for pool in self._pools.values():
                pool.close()
            self._pools.clear()

    def call(self, mailbox: str, name: str, envelope: bytes, *, repeatable: bool) -> list[Element]:
        """The response messages of an operation. What changes nothing is `repeatable`: sent again after a broken
        connection. Raises the errors of the whole request; those of single parts are in the messages."""
        tries = 0
        while True:
            self.throttle.wait(mailbox)
            tries += 1
            try:
                return _messages(name, self._post(mailbox, envelope), mailbox)
            except RateLimited as error:
                self.throttle.back_off(mailbox, error.retry_after)
                if tries >= _TRIES or error.retry_after > PATIENCE:
                    raise
            except Transient as error:
                if not repeatable or tries >= _TRIES:
                    raise
                _log.debug("%s is asked again: %s", name, error)
                time.sleep(0.2 * 4 ** (tries - 1))

    def _post(self, mailbox: str, envelope: bytes) -> Element:
        with self._session(mailbox) as session:
            response = self._send(session, mailbox, envelope, stream=False, timeout=self.settings.timeout)
            return parse(response.content)

    def download(self, mailbox: str, envelope: bytes) -> BinaryIO:
        """The bytes of an attachment, out of an answer that is never held as a whole. Asked for again after a broken
        connection."""
        tries = 0
        while True:
            self.throttle.wait(mailbox)
            tries += 1
            try:
                with self._session(mailbox) as session:
                    response = self._send(session, mailbox, envelope, stream=True, timeout=self.settings.timeout)
                    return Download().read(_pieces(response))
            except RateLimited as error:
                self.throttle.back_off(mailbox, error.retry_after)
                if tries >= _TRIES or error.retry_after > PATIENCE:
                    raise
            except Transient:
                if tries >= _TRIES:
                    raise
                time.sleep(0.2 * 4 ** (tries - 1))

    @contextmanager
    def _session(self, mailbox: str) -> Iterator[Any]:
        """A connection, put back afterwards; after a fault a fresh one is put back."""
        account = self.settings.account_of(mailbox)
        pool = self.pool(mailbox)
        session = pool.get_session()
        try:
            yield session
        except LoginRefused as error:
            pool.retire_session(session)
            self.logins.refused(account, str(error))
            with self._lock:  # the next one is made with the password that is there then
                if self._pools.get(account.username) is pool:
                    self._pools.pop(account.username).close()
            raise
        except BaseException:
            pool.retire_session(session)
            raise
        self.logins.taken(account)
        pool.release_session(session)

    def _send(self, session: Any, mailbox: str, envelope: bytes, *, stream: bool, timeout: float) -> Any:
        headers = {"X-AnchorMailbox": mailbox, "X-PreferServerAffinity": "True"}
        url = str(session.endpoint)
        try:
            return self._post_to(session, url, envelope, headers, stream=stream, timeout=timeout)
        except Elsewhere as error:
            if self._forget(url):
                raise Unavailable(f"{error}; autodiscover is asked again", 1.0) from None
            raise
        except Unreachable:
            self._forget(url)
            raise

    def _post_to(
        self, session: Any, url: str, envelope: bytes, headers: dict[str, str], *, stream: bool, timeout: float
    ) -> Any:
        where = urlsplit(url).hostname or url
        self.sent += 1
        try:
            response = session.post(
                url,
                data=envelope,
                headers=headers,
                allow_redirects=False,
                timeout=(min(30.0, timeout), timeout),
                stream=stream,
            )
        except requests.exceptions.SSLError as error:
            raise ServerError(
                f"the certificate of `{where}` is not trusted: {_reason(error)}; "
                "name the authority that signed it with `ca` in the server's section"
            ) from None
        except requests.exceptions.ConnectTimeout:
            raise Unreachable(f"the Exchange server `{where}` cannot be reached: no answer", 30.0) from None
        except requests.exceptions.Timeout:
            raise TimedOut(f"the Exchange server `{where}` did not answer within {timeout:.0f} s", 10.0) from None
        except (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
            reason = _reason(error)
            kind = Unreachable if reason in (_NOBODY, _UNKNOWN) else Unavailable
            raise kind(f"the connection to the Exchange server `{where}` broke: {reason}", 5.0) from None
        except requests.exceptions.RequestException as error:
            raise ServerError(f"the Exchange server `{where}` cannot be asked: {type(error).__name__}") from None
        _check_status(response, where)
        return response

    def stream(self, mailbox: str, envelope: bytes, timeout: float) -> Iterator[Element]:
        """The documents of a streaming answer, each parsed, while the connection lasts: one of its own, so that what
        only listens takes no turn from what works."""
        session = self.pool(mailbox).create_session()
        try:
            response = self._send(session, mailbox, envelope, stream=True, timeout=timeout)
            with closing(response):
                response.raw.decode_content = True
                for document in DocumentYielder(response.iter_content(chunk_size=1)):
                    yield from _messages("GetStreamingEvents", parse(document), mailbox)
        except (requests.exceptions.RequestException, OSError, ValueError) as error:
            raise Unavailable(f"the connection for notifications broke: {_reason(error)}", 5.0) from None
        finally:
            session.close()


def _pieces(response: Any) -> Iterator[bytes]:
    """The body of a streamed answer, a piece at a time."""
    try:
        yield from response.iter_content(chunk_size=256_000)
    except (requests.exceptions.RequestException, OSError) as error:
        raise Unavailable(f"the connection broke in the middle of an attachment: {_reason(error)}", 5.0) from None
    finally:
        response.close()


def _check_login(settings: EwsSettings) -> None:
    if settings.auth == "kerberos":
        try:
            import requests_gssapi  # noqa: F401
        except ImportError:
            raise ConfigError(
                f'servers.{settings.name}.auth: "kerberos" needs one more package; install it with '
                "`pip install 'mxsync[kerberos]'`"
            ) from None


def _reason(error: BaseException) -> str:
    """What went wrong in a few words. Never the request: it holds the login."""
    text = str(error)
    for sign, words in (
        ("CERTIFICATE_VERIFY_FAILED", "it is signed by an unknown authority, expired, or of another host"),
        ("Hostname mismatch", "it is of another host"),
        ("NewConnectionError", _NOBODY),
        ("Name or service not known", _UNKNOWN),
        ("NameResolutionError", _UNKNOWN),
        ("IncompleteRead", "the answer broke off"),
        ("RemoteDisconnected", "it was ended without an answer"),
    ):
        if sign in text or sign in repr(error.__cause__) or sign in repr(error.__context__):
            return words
    return type(error).__name__


def _check_status(response: Any, where: str) -> None:
    """Raises for every status but success and the 500 of a SOAP fault."""
    status = response.status_code
    if status == 200 or (status == 500 and b"Envelope" in response.content[:2000]):
        return
    if status == 401:
        raise LoginRefused(
            f"the Exchange server `{where}` does not accept the login: the name or the password is wrong, the account "
            "is locked, or this way to log in is switched off (`Get-WebServicesVirtualDirectory`)"
        )
    if status == 403:
        raise Unauthorized(
            advice(f"the Exchange server `{where}` keeps the account or program out (`Get-CASMailbox`, EwsEnabled)")
        )
    if status in (429, 503):
        raise RateLimited(f"the Exchange server `{where}` is busy (status {status})", _seconds(response.headers))
    if 300 <= status < 400:
        raise Elsewhere(
            f"the Exchange server `{where}` sends to another address, and that is not followed: "
            "configure the address that it is reached under"
        )
    if status == 404:
        raise Elsewhere(f"there are no Exchange Web Services at this address of `{where}`: is `url` right?")
    if status in (408, 500, 502, 504):
        raise Unavailable(f"the Exchange server `{where}` had a trouble (status {status})", 10.0)
    raise ServerError(f"the Exchange server `{where}` answered with status {status}")


def _seconds(headers: Any) -> float:
    text = str(headers.get("Retry-After", ""))
    return float(text) if text.isdigit() else 10.0


def _messages(name: str, root: Element, mailbox: str) -> list[Element]:
    """The response messages in an envelope. Raises for a fault."""
    body = root.find("s:Body", NS)
    response = body.find(f"m:{name}Response", NS) if body is not None else None
    if response is not None:
        messages = response.find("m:ResponseMessages", NS)
        return list(messages) if messages is not None else [response]
    fault = body.find("s:Fault", NS) if body is not None else None
    if fault is None:
        raise ProtocolViolation(f"the Exchange server answered {name} with something else")
    code = text_of(fault, "detail/e:ResponseCode") or text_of(fault, "faultcode").rpartition(":")[2]
    value = fault.find("detail/t:MessageXml/t:Value[@Name='BackOffMilliseconds']", NS)
    text = text_of(fault, "detail/e:Message") or text_of(fault, "faultstring")
    raise error_of(code, text, where=mailbox, backoff=milliseconds(value))


def milliseconds(value: Element | None) -> float | None:
    """A BackOffMilliseconds value in seconds; None where there is none."""
    text = (value.text or "").strip() if value is not None else ""
    return int(text) / 1000.0 if text.isascii() and text.isdigit() else None
