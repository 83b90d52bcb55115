"""Exchange on premises, through Exchange Web Services."""

from mxsync.connectors.ews.connector import EwsConnector
from mxsync.connectors.ews.settings import Account, EwsSettings

__all__ = ["Account", "EwsConnector", "EwsSettings"]
