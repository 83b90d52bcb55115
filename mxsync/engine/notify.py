"""Sending a notification through the configured relay."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import unquote, urlsplit

from mxsync.errors import ConfigError, Refused, Unavailable


class Notifier(Protocol):
    """Sends a text to an address. `key` names this notification for ever: a second sending has the same Message-ID."""

    def send(self, address: str, text: str, key: str, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class SmtpNotifier:
    """Through a relay, `smtp://host[:25]` (with STARTTLS where offered) or `smtps://user:password@host[:465]`."""

    url: str
    sender: str
    timeout: float = 20.0

    def send(self, address: str, text: str, key: str, now: datetime) -> None:
        """Raises `Unavailable` when the relay cannot be reached, `Refused` when it says no."""
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = address.replace("\r", " ").replace("\n", " ")
        lines = text.strip().splitlines()
        message["Subject"] = (lines[0] if lines else "mxsync")[:120]
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@mxsync.notify>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's assistant shall answer
        message.set_content(text)
        parts = urlsplit(self.url)
        host = parts.hostname or "localhost"
        try:
            client = self._connect(parts.scheme, host, parts.port)
            with client:
                if parts.username:
                    client.login(unquote(parts.username), unquote(parts.password or ""))
                client.send_message(message)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            raise Refused(f"the relay {host} refused a notification to `{address}`: {error}") from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(
                f"the relay {host} of [notify] cannot be used ({error}); it is tried again", 60.0
            ) from error

    def _connect(self, scheme: str, host: str, port: int | None) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if scheme == "smtps":
            return smtplib.SMTP_SSL(host, port or 465, timeout=self.timeout, context=context)
        client = smtplib.SMTP(host, port or 25, timeout=self.timeout)
        client.ehlo()
        if client.has_extn("starttls") and host not in ("localhost", "127.0.0.1", "::1"):
            client.starttls(context=context)
            client.ehlo()
        return client


@dataclass(frozen=True, slots=True)
class NoNotifier:
    """Stands where no [notify] is configured."""

    def send(self, address: str, text: str, key: str, now: datetime) -> None:
        """Always raises `ConfigError`."""
        raise ConfigError("a rule wants to notify somebody, but mxsync.toml has no [notify] with `smtp` and `sender`")
