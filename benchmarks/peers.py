"""Other readers of replies and signatures, called as their documents say, with their answers as numbers of lines.

quotequail, mail-parser-reply and email-reply-parser come with the `bench` extra. talon 1.4.4 (the last release, of 2017)
asks for packages that no longer build; this installs it on Python 3.11:

    pip install --no-deps talon==1.4.4
    pip install scikit-learn faust-cchardet lxml lxml_html_clean regex chardet cssselect six html5lib

Its classifier cannot be loaded any more: it is trained anew here, by talon's own code, on the data that talon ships.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

Lines = frozenset[int]
NOTHING: Lines = frozenset()


@dataclass(frozen=True, slots=True)
class Message:
    """A text with the gold label and block of each line, as in the annotated corpora."""

    text: str
    name: str
    address: str
    region: str
    labels: tuple[tuple[str, int], ...]
    closing_apart: bool
    """Whether closings have a label of their own; where not, they count as signature."""


@dataclass(frozen=True, slots=True)
class Peer:
    """`read` gives the lines of the newest part and of the signature."""

    name: str
    read: Callable[[Message], tuple[Lines, Lines]]
    signs: bool = True


def mxsync(message: Message) -> tuple[Lines, Lines]:
    from mxsync.extract import read_text
    from mxsync.model.item import Address

    reading = read_text(message.text, sender=Address(message.name, message.address), region=message.region)
    signature = frozenset(reading.signature)
    return frozenset(reading.newest), signature if message.closing_apart else signature | {*reading.closing}


def _places(part: str | None, text: str, start: int = 0) -> Lines:
    """The numbers of the lines of `text` that `part` consists of, in order; lines that were changed are not found."""
    if not part:
        return NOTHING
    lines = [line.strip() for line in text.split("\n")]
    found: set[int] = set()
    cursor = start
    for line in part.split("\n"):
        bare = line.strip()
        if not bare:
            continue
        try:
            cursor = lines.index(bare, cursor) + 1
        except ValueError:
            continue
        found.add(cursor - 1)
    return frozenset(found)


def _last_places(part: str | None, text: str, within: Lines) -> Lines:
    """The same for a part at the end of the lines `within`."""
    if not part:
        return NOTHING
    wanted = [line.strip() for line in part.split("\n") if line.strip()]
    lines = text.split("\n")
    found: set[int] = set()
    for number in sorted(within, reverse=True):
        if wanted and lines[number].strip() == wanted[-1]:
            wanted.pop()
            found.add(number)
    return frozenset(found)


def quotequail() -> Peer:
    import quotequail as package

    def read(message: Message) -> tuple[Lines, Lines]:
        newest: set[int] = set()
        place = 0
        for shown, part in package.quote(message.text, quote_intro_line=True):
            count = part.count("\n") + 1
            newest |= set(range(place, place + count)) if shown else set()
            place += count
        return frozenset(newest), NOTHING

    return Peer(f"quotequail {package.__version__}", read, signs=False)


def mail_parser_reply() -> Peer:
    from importlib.metadata import version

    from mailparser_reply import EmailReplyParser
    from mailparser_reply.constants import MAIL_LANGUAGES

    parser = EmailReplyParser(languages=sorted(MAIL_LANGUAGES))

    def read(message: Message) -> tuple[Lines, Lines]:
        replies = parser.read(message.text).replies
        newest = _places(replies[0].full_body if replies else "", message.text)
        return newest, _last_places(replies[0].signatures if replies else "", message.text, newest)

    return Peer(f"mail-parser-reply {version('mail-parser-reply')}", read)


def email_reply_parser() -> Peer:
    from importlib.metadata import version

    from email_reply_parser import EmailReplyParser

    def read(message: Message) -> tuple[Lines, Lines]:
        fragments = EmailReplyParser.read(message.text).fragments
        own = [fragment for fragment in fragments if not fragment.quoted and not fragment.headers]
        newest = _places("\n".join(fragment.content for fragment in own), message.text)
        signed = "\n".join(fragment.content for fragment in own if fragment.signature)
        return newest, _last_places(signed, message.text, newest)

    return Peer(f"email-reply-parser {version('email-reply-parser')}", read)


def talon(*, learned: bool) -> Peer:
    """`learned`: with its classifier of lines; without it, by its expressions alone."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import joblib
        import sklearn.externals

        sklearn.externals.joblib = joblib  # where scikit-learn kept it in 2017
        from talon import quotations, signature
        from talon.signature import bruteforce, extraction
        from talon.signature.learning import classifier

        if learned and extraction.EXTRACTOR is None:
            extraction.EXTRACTOR = classifier.train(classifier.init(), signature.EXTRACTOR_DATA)

    def read(message: Message) -> tuple[Lines, Lines]:
        reply = quotations.extract_from_plain(message.text)
        if learned:
            _, signed = signature.extract(reply, sender=f"{message.name} <{message.address}>")
        else:
            _, signed = bruteforce.extract_signature(reply)
        newest = _places(reply, message.text)
        return newest, _last_places(signed, message.text, newest)

    return Peer("talon 1.4.4" if learned else "talon 1.4.4, expressions only", read)


PEERS: tuple[Callable[[], Peer], ...] = (
    lambda: Peer("mxsync", mxsync),
    lambda: talon(learned=True),
    lambda: talon(learned=False),
    mail_parser_reply,
    email_reply_parser,
    quotequail,
)
