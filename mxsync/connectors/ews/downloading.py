"""An attachment's bytes out of the answer while it comes in: neither the text nor the bytes are held as a whole."""

from __future__ import annotations

import base64
import binascii
import tempfile
from collections.abc import Iterable
from typing import Any, BinaryIO, Final
from xml.parsers import expat  # a stream of bytes; a document type is refused

from mxsync.connectors.ews.faults import error_of
from mxsync.errors import ProtocolViolation

MEMORY: Final = 4_000_000
"""Bytes beyond which an attachment lies in a temporary file while it is looked at."""
_HELD: Final = frozenset(("Content", "MimeContent"))
_TOLD: Final = frozenset(("ResponseCode", "MessageText", "faultcode"))


class Download:
    """Reads an answer to GetAttachment piece by piece. The content ends in `content`, what else it says in `told`."""

    def __init__(self) -> None:
        self.content: BinaryIO = tempfile.SpooledTemporaryFile(max_size=MEMORY)  # type: ignore[assignment]  # noqa: SIM115
        self.told: dict[str, str] = {}
        self._inside = ""
        self._rest = ""
        self._parser: Any = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype

    def read(self, pieces: Iterable[bytes]) -> BinaryIO:
        """The content, to be read from its beginning. Raises `ProtocolViolation`, and the error that a code means."""
        try:
            self._read(pieces)
        except BaseException:
            self.content.close()
            raise
        self.content.seek(0)
        return self.content

    def _read(self, pieces: Iterable[bytes]) -> None:
        try:
            for piece in pieces:
                self._parser.Parse(piece, False)
            self._parser.Parse(b"", True)
            self.content.write(base64.b64decode(self._rest))
        except (expat.ExpatError, binascii.Error) as error:
            raise ProtocolViolation(f"the Exchange server's answer with an attachment is broken: {error}") from None
        code = self.told.get("ResponseCode") or self.told.get("faultcode", "").rpartition(":")[2]
        if code != "NoError":
            raise error_of(code or "ErrorInternalServerError", self.told.get("MessageText", ""))

    def _start(self, name: str, attributes: object) -> None:
        self._inside = name.rpartition(" ")[2]

    def _end(self, name: str) -> None:
        self._inside = ""

    def _text(self, text: str) -> None:
        if self._inside in _HELD:
            text = self._rest + "".join(text.split())
            whole = len(text) // 4 * 4
            self.content.write(base64.b64decode(text[:whole]))
            self._rest = text[whole:]
        elif self._inside in _TOLD:
            self.told[self._inside] = self.told.get(self._inside, "") + text

    def _doctype(self, *_: object) -> None:
        raise ProtocolViolation("the Exchange server's answer holds a document type, and such answers are refused")
