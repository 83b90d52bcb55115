"""The file store against the bare file system, and its reader of mail against other readers: ratios of one run.

    python benchmarks/bench_files.py [--files 100000] [--mails 4000]

Prints medians of five rounds each: an idle look at a mailbox as a multiple of `os.scandir` and `stat` over the same tree,
and mails a second read with headers, body and attachments (10 kB on average, an attachment in a tenth).
"""

from __future__ import annotations

import argparse
import base64
import importlib.util
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from email import policy
from email.parser import BytesParser
from pathlib import Path

from mxsync.connectors.files import FilesConnector
from mxsync.extract.mime import read_mail
from mxsync.model.change import Appeared
from mxsync.ports.connector import Fetched, Known

MAILBOX = "anna@ours.example"
ROUNDS = 5
WORDS = [
    "the",
    "offer",
    "as",
    "agreed",
    "please",
    "find",
    "attached",
    "our",
    "terms",
    "of",
    "delivery",
    "and",
    "payment",
    "kind",
    "regards",
    "Jane",
]


def mail(number: int, size: int = 10_000, attached: bool = False) -> bytes:
    """A mail as servers hand them over: a dozen headers, a plain and an HTML body."""
    made = random.Random(number)
    text = ""
    while len(text) < size * (0.25 if attached else 0.3):
        text += " ".join(made.choices(WORDS, k=12)) + "\r\n"
    received = "".join(
        f"Received: from mail{hop}.acme.example (mail{hop}.acme.example [192.0.2.{hop}])\r\n\tby mx.ours.example with ESMTPS id"
        f" {number:08x}{hop}\r\n\tfor <anna@ours.example>; Mon, 23 Nov 2026 10:{number % 60:02}:0{hop} +0000\r\n"
        for hop in range(4)
    )
    head = (
        f"Return-Path: <jane{number % 500}@acme.example>\r\n{received}"
        f"DKIM-Signature: v=1; a=rsa-sha256; d=acme.example; s=one;\r\n\tbh={'A' * 43}=;\r\n\tb={'B' * 300}\r\n"
        f"From: Jane =?utf-8?q?R=C3=B6e?= <jane{number % 500}@acme.example>\r\n"
        'To: Anna <anna@ours.example>, "Smith, Bob" <bob@ours.example>\r\nCc: carl@other.example\r\n'
        f"Subject: Offer {number} for =?utf-8?q?M=C3=BCller?=\r\nDate: Mon, 23 Nov 2026 10:{number % 60:02}:00 +0200\r\n"
        f"Message-ID: <{number}@acme.example>\r\nIn-Reply-To: <{number - 1}@acme.example>\r\n"
        f"References: <{number - 2}@acme.example> <{number - 1}@acme.example>\r\nMIME-Version: 1.0\r\n"
    )
    alternative = (
        'Content-Type: multipart/alternative; boundary="alt"\r\n\r\n--alt\r\nContent-Type: text/plain; charset="utf-8"\r\n'
        f"Content-Transfer-Encoding: quoted-printable\r\n\r\n{text}\r\n--alt\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: quoted-printable\r\n\r\n<html><body><p>{text}</p></body></html>\r\n--alt--\r\n"
    )
    if not attached:
        return (head + alternative).encode()
    content = base64.encodebytes(made.randbytes(4_000)).decode().replace("\n", "\r\n")
    return (
        f'{head}Content-Type: multipart/mixed; boundary="mix"\r\n\r\n--mix\r\n{alternative}\r\n--mix\r\n'
        'Content-Type: application/pdf; name="offer.pdf"\r\nContent-Disposition: attachment; filename="offer.pdf"\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{content}\r\n--mix--\r\n"
    ).encode()


def bare_walk(root: str) -> int:
    """What any look at a tree must do at least."""
    stack, count = [root], 0
    while stack:
        with os.scandir(stack.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    stack.append(entry.path)
                else:
                    entry.stat(follow_symlinks=False)
                    count += 1
    return count


def timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def bench_walk(files: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        folders = [root / MAILBOX / "Inbox" / f"Folder {number}" for number in range(20)]
        old = time.time() - 1000
        for folder in folders:
            folder.mkdir(parents=True)
        for number in range(files):
            path = folders[number % 20] / f"{number:06}.eml"
            path.write_bytes(b"Subject: %d\r\n\r\nx" % number)
            os.utime(path, (old, old))
        time.sleep(2.5)  # until no file is fresh any more
        known: dict[str, dict[str, Known]] = {}
        connector = FilesConnector(root)
        asked: list[str] = []

        def remembered(mailbox: str, folder: str) -> Mapping[str, Known]:
            asked.append(folder)
            return known.get(folder, {})

        first = timed(lambda: connector.changes(MAILBOX, "", remembered))
        page = connector.changes(MAILBOX, "", remembered)
        for answer in connector.fetch([change.ref for change in page.changes if isinstance(change, Appeared)]):
            assert isinstance(answer, Fetched)
            item = answer.item
            known.setdefault(item.ref.folder, {})[item.ref.href] = Known(item.revision, answer.stamp)
        asked.clear()
        ours, bare = [], []
        for _ in range(ROUNDS):
            bare.append(timed(lambda: bare_walk(place)))
            ours.append(timed(lambda: connector.changes(MAILBOX, page.cursor, remembered)))
        assert not asked, "an idle look must ask nothing of the tracking tables"
        ratio = statistics.median(ours) / statistics.median(bare)
        print(f"first look at {files} files: {first:.2f} s ({files / first:,.0f} files a second, each read once)")
        print(
            f"bare scandir and stat: {statistics.median(bare) * 1000:.0f} ms; idle look: {statistics.median(ours) * 1000:.0f} ms"
        )
        print(f"idle look / bare walk = {ratio:.2f}  (cursor: {len(page.cursor)} bytes)")
        for number in range(20):
            (folders[0] / f"new-{number}.eml").write_bytes(b"Subject: new\r\n\r\nx")
        new = timed(lambda: connector.changes(MAILBOX, page.cursor, remembered))
        print(f"20 new files among them: {new * 1000:.0f} ms")
        clear = FilesConnector(root)
        print(f"clearing leftovers, first time in a process: {timed(clear.clear_leftovers) * 1000:.0f} ms")


def read_ours(raw: bytes) -> None:
    fields = read_mail(raw).fields
    for name in (
        "subject",
        "body",
        "sender",
        "recipients",
        "sent",
        "received",
        "message_id",
        "attachments",
        "categories",
    ):
        fields[name]


def read_all(raw: bytes) -> None:
    fields = read_mail(raw).fields
    for name in fields:
        fields[name]


def read_fast(raw: bytes) -> None:
    import fast_mail_parser

    found = fast_mail_parser.parse_email(raw)
    found.headers, found.text_plain, [attachment.content for attachment in found.attachments]


def read_policy(which: policy.Policy) -> Callable[[bytes], None]:
    def read(raw: bytes) -> None:
        message = BytesParser(policy=which).parsebytes(raw)
        list(message.items())
        for part in message.walk():
            if not part.is_multipart():
                part.get_payload(decode=True)

    return read


def bench_mail(mails: int) -> None:
    made = [mail(number, attached=number % 10 == 0) for number in range(mails)]
    print(f"{mails} mails, {sum(map(len, made)) // mails} bytes on average")
    readers = {
        "mxsync, the fields that crm.rules uses": read_ours,
        "mxsync, every field": read_all,
        "mxsync, structure only": lambda raw: read_mail(raw),
        "fast-mail-parser": read_fast,
        "email, policy.compat32": read_policy(policy.compat32),
        "email, policy.default": read_policy(policy.default),
    }
    if importlib.util.find_spec("fast_mail_parser") is None:
        print("fast-mail-parser is not installed (pip install fast-mail-parser): left out")
        del readers["fast-mail-parser"]
    figures: dict[str, float] = {}
    for name, reader in readers.items():
        count = mails if "default" not in name else mails // 5
        chosen = made[:count]
        rounds = [timed(lambda reader=reader, chosen=chosen: [reader(raw) for raw in chosen]) for _ in range(ROUNDS)]  # type: ignore[misc]
        figures[name] = count / statistics.median(rounds)
    base = figures["email, policy.compat32"]
    for name, figure in figures.items():
        print(f"{name:40} {figure:10,.0f} mails/s   {figure / base:6.2f} x compat32")
    with tempfile.TemporaryDirectory() as place:
        inbox = Path(place) / MAILBOX / "Inbox"
        inbox.mkdir(parents=True)
        for number, raw in enumerate(made):
            (inbox / f"{number:06}.eml").write_bytes(raw)
        connector = FilesConnector(Path(place))
        started = time.perf_counter()
        page = connector.changes(MAILBOX, "", lambda mailbox, folder: {})
        looked = time.perf_counter()
        count = 0
        for answer in connector.fetch([change.ref for change in page.changes]):
            assert isinstance(answer, Fetched)
            answer.item.fields["body"], answer.item.fields["recipients"], answer.item.fields["attachments"]
            count += 1
        done = time.perf_counter()
        print(
            f"from the store: first look {count / (looked - started):,.0f} files/s, fetch {count / (done - looked):,.0f} mails/s"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--mails", type=int, default=4_000)
    options = parser.parse_args()
    if options.files:
        bench_walk(options.files)
    bench_mail(options.mails)
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
