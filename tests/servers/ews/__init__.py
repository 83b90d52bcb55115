"""A protocol double of Exchange Web Services, for tests: a server of its own on a real socket, with its own store.

Written from the protocol documents (MS-OXWSCORE, MS-OXWSSYNC, MS-OXWSMSG, MS-OXWSCONT, MS-OXWSMTGS, MS-OXWSTASK,
MS-OXWSATT, MS-OXWSNTIF, MS-OXWSXPROP) and the official schemas. Every request that it receives and every response
that it sends is validated against the schemas; `EwsServer.violations` holds each one that was not valid.
"""

from tests.servers.ews.schemas import SCHEMAS, find_schemas
from tests.servers.ews.server import EwsServer, Fault

__all__ = ["SCHEMAS", "EwsServer", "Fault", "find_schemas"]
