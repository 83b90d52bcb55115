"""What the double answers beside the responses of operations: SOAP faults, and autodiscover."""

from __future__ import annotations

from xml.sax.saxutils import escape

from tests.servers.ews.schemas import S, T


def soap_fault(code: str, text: str, backoff: int = 0) -> bytes:
    """A SOAP fault as Exchange writes it: the detail in the errors' namespace, MessageXml in the types'."""
    more = ""
    if backoff:
        more = f'<t:MessageXml xmlns:t="{T}"><t:Value Name="BackOffMilliseconds">{backoff}</t:Value></t:MessageXml>'
    return (
        f'<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="{S}"><s:Body><s:Fault><faultcode xmlns:a="{T}">a:{code}</faultcode>'
        f'<faultstring xml:lang="en-US">{escape(text)}</faultstring><detail>'
        f'<e:ResponseCode xmlns:e="http://schemas.microsoft.com/exchange/services/2006/errors">{code}</e:ResponseCode>'
        f'<e:Message xmlns:e="http://schemas.microsoft.com/exchange/services/2006/errors">{escape(text)}</e:Message>{more}'
        "</detail></s:Fault></s:Body></s:Envelope>"
    ).encode()


def autodiscovered(url: str) -> bytes:
    """The answer of autodiscover (MS-OXDSCLI 2.2.4.1)."""
    space = "http://schemas.microsoft.com/exchange/autodiscover"
    return (
        f'<Autodiscover xmlns="{space}/responseschema/2006"><Response xmlns="{space}/outlook/responseschema/2006a"><Account>'
        f"<Protocol><Type>EXPR</Type><EwsUrl>{url}</EwsUrl></Protocol></Account></Response></Autodiscover>"
    ).encode()
