"""Protocols between the engine and the world: mailbox connectors, the customer's tables, the tracking tables, the clock."""
