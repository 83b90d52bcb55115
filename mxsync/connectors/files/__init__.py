"""The file store: folders of .eml, .vcf, .ics and .txt files as mailboxes (docs/files.md)."""

from mxsync.connectors.files.connector import FilesConnector
from mxsync.connectors.files.limits import Limits

__all__ = ["FilesConnector", "Limits"]
