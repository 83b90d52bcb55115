"""From a configured server to its connector: the one place that knows every kind."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from mxsync.config import Config, FilesServer, ServerConfig, UserConfig
from mxsync.connectors.files import FilesConnector
from mxsync.ports.connector import MailConnector


def connector_of(config: Config, server: ServerConfig) -> MailConnector:
    """Nothing is connected to yet."""
    zone = config.organisation.timezone
    ZoneInfo(zone)
    if isinstance(server, FilesServer):
        return FilesConnector(server.path, timezone=zone, region=config.organisation.region)
    from mxsync.connectors.ews import wiring  # exchangelib is loaded where there is an Exchange

    return wiring.connector_of(server, [user for user in config.users if isinstance(user, UserConfig)], zone)
