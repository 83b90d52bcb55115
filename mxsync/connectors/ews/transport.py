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
from dataclasses import dataclass
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

from mxsync.connectors.ews.answers import (
    NOBODY,
    UNKNOWN,
    Elsewhere,
    LoginRefused,
    Unreachable,
    check_status,
    messages,
    reason,
)
from mxsync.connectors.ews.autodiscover import discover
from mxsync.connectors.ews.downloading import Download
from mxsync.connectors.ews.logins import Logins
from mxsync.connectors.ews.settings import Account, EwsSettings
from mxsync.connectors.ews.throttle import PATIENCE, Throttle
from mxsync.connectors.ews.wire import Element, parse
from mxsync.errors import (
    ConfigError,
    RateLimited,
    ServerError,
    TimedOut,
    Transient,
    Unavailable,
)

API_VERSION: Final = "Exchange2013_SP1"
"""What every request asks for: the oldest version that mxsync speaks with. Newer servers answer in its words."""
_TRIES: Final = 3
_SERVER_COOKIE: Final = "X-BackEndOverrideCookie"
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


@dataclass
class Affinity:
    """A group of mailboxes for which one of the servers is to answer, that of the anchor's mailbox: subscriptions are
    known to the server that made them alone. It names itself in a cookie, which belongs to the group's requests."""

    anchor: str
    server: str = ""


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

    def back_off(self, mailbox: str, seconds: float) -> None:
        """Exchange asked to be left alone. It counts for the mailbox that is acted for or logs in; what a delegate does
        counts for him, in whatever mailbox."""
        self.throttle.back_off("" if self.settings.access == "delegate" else mailbox, seconds)

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

    def call(
        self, mailbox: str, name: str, envelope: bytes, *, repeatable: bool, affinity: Affinity | None = None
    ) -> list[Element]:
        """The response messages of an operation. What changes nothing is `repeatable`: sent again after a broken
        connection. Raises the errors of the whole request; those of single parts are in the messages."""
        tries = 0
        while True:
            self.throttle.wait(mailbox)
            tries += 1
            try:
                return messages(name, self._post(mailbox, envelope, affinity), mailbox)
            except RateLimited as error:
                self.back_off(mailbox, error.retry_after)
                if tries >= _TRIES or error.retry_after > PATIENCE:
                    raise
            except Transient as error:
                if not repeatable or tries >= _TRIES:
                    raise
                _log.debug("%s is asked again: %s", name, error)
                time.sleep(0.2 * 4 ** (tries - 1))

    def _post(self, mailbox: str, envelope: bytes, affinity: Affinity | None) -> Element:
        timeout = self.settings.timeout
        with self._session(mailbox) as session:
            response = self._send(session, mailbox, envelope, stream=False, timeout=timeout, affinity=affinity)
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
                self.back_off(mailbox, error.retry_after)
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

    def _send(
        self,
        session: Any,
        mailbox: str,
        envelope: bytes,
        *,
        stream: bool,
        timeout: float,
        affinity: Affinity | None = None,
    ) -> Any:
        headers = {"X-AnchorMailbox": mailbox}
        if affinity is not None:
            headers = {"X-AnchorMailbox": affinity.anchor, "X-PreferServerAffinity": "True"}
            if affinity.server:
                headers["Cookie"] = f"{_SERVER_COOKIE}={affinity.server}"
        url = str(session.endpoint)
        try:
            response = self._post_to(session, url, envelope, headers, stream=stream, timeout=timeout)
        except Elsewhere as error:
            if self._forget(url):
                raise Unavailable(f"{error}; autodiscover is asked again", 1.0) from None
            raise
        except Unreachable:
            self._forget(url)
            raise
        # Kept with the connection it would lead other mailboxes to that server too.
        if (server := session.cookies.pop(_SERVER_COOKIE, "")) and affinity is not None:
            affinity.server = server
        return response

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
                f"the certificate of `{where}` is not trusted: {reason(error)}; "
                "name the authority that signed it with `ca` in the server's section"
            ) from None
        except requests.exceptions.ConnectTimeout:
            raise Unreachable(f"the Exchange server `{where}` cannot be reached: no answer", 30.0) from None
        except requests.exceptions.Timeout:
            raise TimedOut(f"the Exchange server `{where}` did not answer within {timeout:.0f} s", 10.0) from None
        except (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
            why = reason(error)
            kind = Unreachable if why in (NOBODY, UNKNOWN) else Unavailable
            raise kind(f"the connection to the Exchange server `{where}` broke: {why}", 5.0) from None
        except requests.exceptions.RequestException as error:
            raise ServerError(f"the Exchange server `{where}` cannot be asked: {type(error).__name__}") from None
        except OSError as error:  # so it says that a file of certificates is not there
            raise ServerError(
                f"the Exchange server `{where}` cannot be asked: {error}. Correct `ca` and `certificate` in the "
                "server's section"
            ) from None
        check_status(response, where, self.settings.auth)
        return response

    def stream(
        self, mailbox: str, envelope: bytes, silence: float, affinity: Affinity | None = None
    ) -> Iterator[Element]:
        """The documents of a streaming answer, each parsed, while the connection lasts: one of its own, so that what
        only listens takes no turn from what works. `silence` are the seconds after which it counts as broken."""
        session = self.pool(mailbox).create_session()
        try:
            response = self._send(session, mailbox, envelope, stream=True, timeout=silence, affinity=affinity)
            with closing(response):
                response.raw.decode_content = True
                for document in DocumentYielder(response.iter_content(chunk_size=1)):
                    yield from messages("GetStreamingEvents", parse(document), mailbox)
        except (requests.exceptions.RequestException, OSError, ValueError) as error:
            raise Unavailable(f"the connection for notifications broke: {reason(error)}", 5.0) from None
        finally:
            session.close()


def _pieces(response: Any) -> Iterator[bytes]:
    """The body of a streamed answer, a piece at a time."""
    try:
        yield from response.iter_content(chunk_size=256_000)
    except (requests.exceptions.RequestException, OSError) as error:
        raise Unavailable(f"the connection broke in the middle of an attachment: {reason(error)}", 5.0) from None
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
