"""Where Exchange Web Services are, asked of named hosts only (MS-OXDSCLI, the plain XML form).

Autodiscover as Outlook does it follows redirects and DNS records to wherever they lead, with the login. Here the hosts
that may be asked are configured, over HTTPS alone, and what they answer is taken only if it is one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import urlsplit

from mxsync.connectors.ews.wire import local, parse
from mxsync.errors import ServerError

REQUEST: Final = "http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"
ANSWER: Final = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"
_TYPES: Final = ("EXHTTP", "EXCH", "EXPR")


def request_for(mailbox: str) -> bytes:
    """The question for a mailbox."""
    from xml.sax.saxutils import escape

    return (
        f'<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="{REQUEST}"><Request>'
        f"<EMailAddress>{escape(mailbox)}</EMailAddress>"
        f"<AcceptableResponseSchema>{ANSWER}</AcceptableResponseSchema></Request></Autodiscover>"
    ).encode()


def url_in(raw: bytes, hosts: Sequence[str], asked: str) -> str:
    """The address in an answer. Raises `ServerError` for one of a host that is not named, and for a redirect."""
    found: dict[str, str] = {}
    for element in parse(raw).iter():
        if local(element) in ("RedirectUrl", "RedirectAddr"):
            raise ServerError(
                f"`{asked}` sends on to `{(element.text or '').strip()[:200]}`, and that is not followed: configure "
                "the host that is responsible for the mailbox"
            )
        if local(element) == "Protocol":
            texts = {local(child): (child.text or "").strip() for child in element}
            found[texts.get("Type", "")] = texts.get("EwsUrl", "")
    url = next((found[kind] for kind in _TYPES if found.get(kind)), "")
    if not url:
        raise ServerError(f"`{asked}` does not say where Exchange Web Services are; configure `url` instead")
    parts = urlsplit(url)
    named = {host.lower() for host in hosts}
    if parts.scheme != "https" or not named & {(parts.hostname or "").lower(), parts.netloc.lower()}:
        raise ServerError(
            f"`{asked}` names `{parts.scheme}://{parts.hostname}`, which is not one of the hosts of `autodiscover`: "
            "add it there if it is yours"
        )
    return url


def discover(hosts: Sequence[str], mailbox: str, ask: Callable[[str, bytes], bytes]) -> str:
    """The address of Exchange Web Services for a mailbox: the first host that answers says it. Raises `ServerError`."""
    errors: list[str] = []
    for host in hosts:
        try:
            return url_in(ask(f"https://{host}/autodiscover/autodiscover.xml", request_for(mailbox)), hosts, host)
        except ServerError as error:
            errors.append(str(error))
    raise ServerError("; ".join(errors))
