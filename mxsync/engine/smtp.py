"""Sending a notification through the configured relay."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from mxsync.errors import ConfigError, Refused, Unavailable

_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class SmtpNotifier:
    """Through a relay, `smtp://host[:25]` (with STARTTLS where offered) or `smtps://host[:465]`. `password` gives the
    password when it is needed; it is never sent over a line that others can read."""

    url: str
    sender: str
    username: str = ""
    password: Callable[[], str] = str
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
                if self.username:
                    if host not in _HERE and not isinstance(client.sock, ssl.SSLSocket):
                        raise ConfigError(
                            f"the relay {host} of [notify] offers no encryption: no password is sent to it"
                        )
                    client.login(self.username, self.password())
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
        if client.has_extn("starttls") and host not in _HERE:
            client.starttls(context=context)
            client.ehlo()
        return client
