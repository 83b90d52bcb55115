"""A message (RFC 5322 and MIME): its parts sorted into body and attachments, each field read when it is asked for. The
reader takes whatever bytes there are; only a file that has none of From, Date, Subject and Message-ID is no mail."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from mxsync.errors import BadContent
from mxsync.extract.encoded_words import decode_words
from mxsync.extract.mail_addresses import parse_addresses, split_phrases
from mxsync.extract.mail_dates import parse_date
from mxsync.extract.mime_attachments import LINK_HEADER, describe
from mxsync.extract.mime_parts import Headers, OverLimit, Part, read_parts, unfold
from mxsync.model.item import Address, Attachment

FLAG_HEADER: Final = "x-message-flag"
_IDENTITY: Final = ("from", "date", "subject", "message-id")
_BODY_KINDS: Final = frozenset(("text/plain", "text/html", "text/enriched", "text/markdown"))
_IMPORTANCE: Final = {"high": "high", "low": "low", "urgent": "high", "non-urgent": "low"}


def with_line_ends(raw: bytes) -> bytes:
    """`raw` with `\\n` line ends if it has only `\\r` (old Macintosh): of the same length, so that no place moves."""
    return raw.replace(b"\r", b"\n") if b"\n" not in raw and b"\r" in raw else raw


class Mail:
    """One message over its bytes. Its parts' numbers are those of `Attachment.part`."""

    __slots__ = ("_attached", "_persons", "_sent", "_texts", "headers", "raw", "root")

    def __init__(self, raw: bytes) -> None:
        """Raises `BadContent` with a sentence for what is no mail, or is larger than any real one."""
        self.raw = with_line_ends(raw)
        try:
            self.root = read_parts(self.raw)
        except OverLimit as error:
            raise BadContent(f"{error}, which no real mail is") from None
        self.headers: Headers = self.root.headers
        self._sent: datetime | None = None
        self._persons: dict[str, tuple[Address, ...]] = {}
        self._texts: list[Part] | None = None
        self._attached: list[Part] = []
        if not any(name in self.headers for name in _IDENTITY):
            raise BadContent("it is no mail: it has none of the headers From, Date, Subject and Message-ID")

    # -- parts

    def _sort(self) -> list[Part]:
        """Divides the leaves into the texts that are the body, and everything else: what is attached."""
        if self._texts is None:
            self._texts = []
            self._choose(self.root, True)
        return self._texts

    def _choose(self, part: Part, wanted: bool) -> None:
        """`wanted`: whether a text here is the body, and not another form of what is taken already."""
        assert self._texts is not None
        if part.children:
            if part.kind == "multipart/alternative":
                chosen = self._alternative(part)
                for child in part.children:
                    self._choose(child, wanted and child is chosen)
            elif part.kind in ("multipart/related", "multipart/signed", "multipart/appledouble"):
                for index, child in enumerate(part.children):
                    self._choose(child, wanted and index == 0)
            else:
                for child in part.children:
                    self._choose(child, wanted)
        elif _is_text(part):
            if wanted:
                self._texts.append(part)
        else:
            self._attached.append(part)

    def _alternative(self, part: Part) -> Part | None:
        """The plain text, if there is any in it; else the last form that holds a text (RFC 2046, 5.1.4)."""
        for child in part.children:
            if child.kind == "text/plain" and _is_text(child) and child.text(self.raw).strip():
                return child
        for child in reversed(part.children):
            if any(_is_text(leaf) for leaf in leaves(child)):
                return child
        return None

    def attached(self) -> list[Part]:
        """The leaves that are no body, in the order of the message."""
        self._sort()
        return self._attached

    def part(self, number: str) -> Part:
        """Raises `BadContent` where no such part is."""
        for found in leaves(self.root):
            if found.number == number:
                return found
        raise BadContent(f"it has no part `{number}`")

    def attachment(self, number: str) -> bytes:
        """The decoded bytes of an attachment."""
        return self.part(number).content(self.raw)

    # -- fields

    def body(self) -> str:
        """What a reader would see, as text; HTML only where there is no plain text."""
        texts: list[str] = []
        for part in self._sort():
            text = part.text(self.raw)
            if part.kind == "text/html":
                from mxsync.extract.html import to_text

                text = to_text(text)
            texts.append(text.strip("\n"))
        return "\n\n".join(text for text in texts if text.strip())

    def persons(self, name: str) -> tuple[Address, ...]:
        """The people of an address header, parsed once."""
        if name not in self.headers:
            return ()
        found = self._persons.get(name)
        if found is None:
            values = self.headers.every(name)
            found = self._persons[name] = tuple(person for value in values for person in parse_addresses(value))
        return found

    def recipients(self) -> tuple[Address, ...]:
        return self.persons("to") + self.persons("cc") + self.persons("bcc")

    def sender(self) -> Address | None:
        """The first author; where From names none, Sender."""
        for name in ("from", "sender", "reply-to"):
            for person in self.persons(name):
                if person.address:
                    return person
        return next(iter(self.persons("from")), None)

    def sent(self) -> datetime | None:
        if self._sent is None:
            self._sent = self._date()
        return self._sent

    def _date(self) -> datetime | None:
        for value in self.headers.every("date"):
            moment = parse_date(value)
            if moment is not None:
                return moment
        return None

    def received(self) -> datetime | None:
        """When the last server took it: the topmost Received that has a date; else Delivery-Date; else Date."""
        for value in self.headers.raw("received")[:50]:
            moment = parse_date(unfold(value[-100:].rpartition(";")[2]))
            if moment is not None:
                return moment
        moment = parse_date(self.headers.first("delivery-date")) if "delivery-date" in self.headers else None
        return moment or self.sent()

    def subject(self) -> str:
        return " ".join(decode_words(self.headers.first("subject")).split())

    def message_id(self) -> str:
        """Without angle brackets. Without a Message-ID: 'sha256:' and a hash of sender, date, subject and body."""
        for value in self.headers.every("message-id"):
            found = next(_ids(value), "")
            if found:
                return found
        sender = self.sender()
        parts = (sender.address.lower() if sender else "", self.headers.first("date"), self.subject(), self.body())
        return "sha256:" + hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()

    def conversation(self) -> tuple[str, ...]:
        """Message-IDs of what it answers, newest first: In-Reply-To, then References from its end."""
        answered = [found for value in self.headers.every("in-reply-to") for found in _ids(value)]
        before = [found for value in self.headers.every("references") for found in _ids(value)]
        return tuple(dict.fromkeys((*answered, *reversed(before))))[:1000]

    def categories(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word for value in self.headers.every("keywords") for word in split_phrases(value)))

    def importance(self) -> str:
        for name in ("importance", "x-msmail-priority", "priority"):
            found = _IMPORTANCE.get(self.headers.first(name).lower())
            if found:
                return found
        level = self.headers.first("x-priority")[:1]
        return "high" if level in ("1", "2") else "low" if level in ("4", "5") else "normal"

    def read(self) -> bool:
        """Status: R (mbox, Dovecot), or the first bit of X-Mozilla-Status."""
        return "R" in self.headers.first("status") or bool(self._mozilla() & 1)

    def flag(self) -> str:
        """The follow-up text, or 'flagged' where there is a flag without one (X-Status: F, X-Mozilla-Status)."""
        text = decode_words(self.headers.first(FLAG_HEADER))
        if text:
            return text
        return "flagged" if "F" in self.headers.first("x-status") or self._mozilla() & 4 else ""

    def _mozilla(self) -> int:
        text = self.headers.first("x-mozilla-status")[:4]
        try:
            return int(text, 16) if text else 0
        except ValueError:
            return 0

    def attachments(self) -> tuple[Attachment, ...]:
        return tuple(describe(part, part.content(self.raw)) for part in self.attached())

    def notes(self) -> tuple[str, ...]:
        """What is odd about it, as far as the structure shows."""
        found = []
        if self.root.junk:
            found.append("a line among its headers is no header and was passed over")
        if "date" in self.headers and self.sent() is None:
            found.append("its Date cannot be read as one")
        for part in leaves(self.root) if self.root.children else (self.root,):
            if part.note:
                found.append(part.note)
        if self.root.kind.startswith("multipart/") and not self.root.ended:
            found.append(
                "it breaks off: its last boundary is missing"
                if self.root.children
                else "it has no parts although it says so"
            )
        return tuple(dict.fromkeys(found))


def leaves(part: Part) -> Iterator[Part]:
    """The parts that hold content, in the order of the message."""
    stack = [part]
    while stack:
        found = stack.pop()
        if found.children:
            stack.extend(reversed(found.children))
        else:
            yield found


def _is_text(part: Part) -> bool:
    """Whether a leaf can be the body. A multipart in which no part was found is what its lines say."""
    if part.kind.startswith("multipart/"):
        return True
    if part.kind not in _BODY_KINDS or part.disposition == "attachment" or LINK_HEADER in part.headers:
        return False
    return not part.within or not part.filename


def _ids(value: str) -> Iterator[str]:
    """Message-IDs between angle brackets; without any, the words that hold an @ (and for a lone word, itself)."""
    rest = value
    if "<" in rest:
        for piece in rest.split("<")[1:]:
            found = "".join(piece.partition(">")[0].split())
            if found:
                yield found
        return
    words = rest.split()
    for word in words:
        if "@" in word or len(words) == 1:
            yield word
