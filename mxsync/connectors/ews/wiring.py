"""From what a configuration says of an Exchange server to a connector to it."""

from __future__ import annotations

from collections.abc import Sequence

from mxsync.config import EwsServer, UserConfig
from mxsync.config.secret import Secret
from mxsync.connectors.ews.connector import EwsConnector
from mxsync.connectors.ews.settings import Account, EwsSettings


def connector_of(server: EwsServer, users: Sequence[UserConfig], timezone: str) -> EwsConnector:
    """Nothing is connected to before the first mailbox is looked at."""
    own = {
        user.email: Account(user.username or user.email, _password(user.password))
        for user in users
        if server.access == "own" and user.server == server.name
    }
    return EwsConnector(
        EwsSettings(
            name=server.name,
            url=server.url,
            account=Account(server.username, _password(server.password)),
            autodiscover=server.autodiscover,
            auth=server.auth,
            access=server.access,
            accounts=own,
            public=server.public_folders,
            ca=server.ca,
            certificate=server.certificate,
            verify=server.verify,
            connections=server.connections,
            timezone=timezone,
        )
    )


class _password:  # noqa: N801  (a function that keeps what it is given)
    """Reveals a secret when it is asked for, and shows it nowhere."""

    def __init__(self, secret: Secret | None) -> None:
        self._secret = secret

    def __call__(self) -> str:
        return self._secret.reveal() if self._secret is not None else ""
