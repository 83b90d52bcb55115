"""What came back over HTTP: the errors that its status means, and the response messages in its envelope."""

from __future__ import annotations

from typing import Any, Final

from mxsync.connectors.ews.faults import advice, error_of
from mxsync.connectors.ews.wire import NS, Element, text_of
from mxsync.errors import ProtocolViolation, RateLimited, ServerError, Unauthorized, Unavailable

NOBODY: Final = "nobody listens there"
UNKNOWN: Final = "the name is unknown"


class Elsewhere(ServerError):
    """There are no Exchange Web Services, or no longer, where they were asked for."""


class LoginRefused(Unauthorized):
    """The server does not take name and password."""


class Unreachable(Unavailable):
    """Nobody answers at an address."""


def reason(error: BaseException) -> str:
    """What went wrong in a few words. Never the request: it holds the login."""
    text = str(error)
    for sign, words in (
        ("CERTIFICATE_VERIFY_FAILED", "it is signed by an unknown authority, expired, or of another host"),
        ("Hostname mismatch", "it is of another host"),
        ("NewConnectionError", NOBODY),
        ("Name or service not known", UNKNOWN),
        ("NameResolutionError", UNKNOWN),
        ("IncompleteRead", "the answer broke off"),
        ("RemoteDisconnected", "it was ended without an answer"),
    ):
        if sign in text or sign in repr(error.__cause__) or sign in repr(error.__context__):
            return words
    return type(error).__name__


def check_status(response: Any, where: str, auth: str) -> None:
    """Raises for every status but success and the 500 of a SOAP fault."""
    status = response.status_code
    if status == 200 and "html" in str(response.headers.get("Content-Type", "")).lower():
        raise Elsewhere(
            f"`{where}` answered with a web page: something in front of Exchange wants a login of its own, or `url` is "
            "not that of Exchange Web Services"
        )
    if status == 200 or (status == 500 and b"Envelope" in response.content[:2000]):
        return
    if status == 401 and auth == "kerberos":
        raise LoginRefused(
            f"the Exchange server `{where}` does not accept the login: the account that runs mxsync has no ticket "
            f"(`klist`, `kinit`), none for `HTTP/{where}` is given out (`setspn -Q HTTP/{where}`), or Negotiate is "
            "switched off (`Get-WebServicesVirtualDirectory`)"
        )
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


def messages(name: str, root: Element, mailbox: str) -> list[Element]:
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
