"""mxsync keeps mailboxes and SQL tables in step, and fills a CRM from mail and meetings."""

__version__ = "0.1.0"
