"""Files as nobody should send them: more than 300, each with what a reader must make of it.

`make_hostile(root)` writes them below `root`, which is a mailbox's folder, and says of each whether it must be readable,
set aside, or either (where two careful readers may differ), and a word of the sentence that is due.
"""

from __future__ import annotations

import base64
import os
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Must = Literal["readable", "set aside", "either", "trouble"]

HEAD = b"From: Jane Roe <jane@acme.example>\r\nTo: anna@ours.example\r\nSubject: %s\r\n" + (
    b"Date: Mon, 23 Nov 2026 10:00:00 +0000\r\nMessage-ID: <%s@acme.example>\r\nMIME-Version: 1.0\r\n"
)


@dataclass(frozen=True, slots=True)
class HostileCase:
    """One file. `path` is below the mailbox; `trouble` means that it is reported with its folder, and never an item."""

    path: str
    must_be: Must
    sentence_contains: str = ""


Made = tuple[str, bytes, Must, str]


def head(name: str) -> bytes:
    return HEAD % (name.encode(), name.encode())


def multipart(name: str, *parts: bytes, end: bytes = b"--b--\r\n", boundary: bytes = b"b") -> bytes:
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return head(name) + b"Content-Type: multipart/mixed; boundary=" + boundary + b"\r\n\r\n" + body + end


def attachment(disposition: bytes, content: bytes = b"QUJD", encoding: bytes = b"base64") -> bytes:
    return (
        b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; "
        + disposition
        + b"\r\nContent-Transfer-Encoding: "
        + encoding
        + b"\r\n\r\n"
        + content
    )


TEXT = b"Content-Type: text/plain\r\n\r\nhello"
WHOLE = multipart("whole", TEXT, attachment(b'filename="a.pdf"'), b"Content-Type: text/html\r\n\r\n<p>hello</p>")


def truncated() -> Iterator[Made]:
    """A good mail cut at many places: it is a mail as soon as one header is whole."""
    for number, cut in enumerate(range(0, len(WHOLE), max(1, len(WHOLE) // 48))):
        must: Must = "either" if 0 < cut < 60 else "readable" if cut else "set aside"
        yield f"cut-{number:02}.eml", WHOLE[:cut], must, "no mail" if not cut else ""


def structure() -> Iterator[Made]:
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level) for level in range(1000)
    )
    yield "nested-1000.eml", head("nested") + deep + b"\r\nhello", "set aside", "nested"
    shallow = b"".join(b"Content-Type: multipart/mixed; boundary=c%d\r\n\r\n--c%d\r\n" % (n, n) for n in range(90))
    yield "nested-90.eml", head("nested") + shallow + b"\r\nhello", "readable", ""
    letters = b"Content-Type: message/rfc822\r\n\r\n" * 1000
    yield "letters-1000.eml", multipart("letters", letters + b"Subject: in\r\n\r\nhello"), "readable", ""
    yield "parts-20000.eml", multipart("parts", *[b"\r\nx"] * 20_000), "set aside", "parts"
    yield "parts-9000.eml", multipart("parts", *[b"\r\nx"] * 9_000), "readable", ""
    yield "boundaries.eml", multipart("same") + b"--b" * 500_000, "readable", ""
    yield "dashes.eml", multipart("dashes", b"\r\n" + b"\r\n--" * 300_000), "readable", ""
    yield "no-boundary.eml", head("none") + b"Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\nhello", "readable", ""
    yield (
        "empty-boundary.eml",
        head("none") + b'Content-Type: multipart/mixed; boundary=""\r\n\r\nhello',
        "readable",
        "",
    )
    yield "long-boundary.eml", multipart("long", TEXT, boundary=b"b" * 5000), "readable", ""
    yield (
        "same-boundary.eml",
        multipart("in", b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx"),
        "readable",
        "",
    )
    yield "no-end.eml", multipart("end", TEXT, end=b""), "readable", ""
    yield (
        "only-preamble.eml",
        head("p") + b"Content-Type: multipart/mixed; boundary=q\r\n\r\npreamble only",
        "readable",
        "",
    )
    yield "cr-only.eml", WHOLE.replace(b"\r\n", b"\r"), "readable", ""
    yield "lf-only.eml", WHOLE.replace(b"\r\n", b"\n"), "readable", ""
    yield "mixed-ends.eml", WHOLE.replace(b"\r\n", b"\n", 5), "readable", ""
    yield "mbox.eml", b"From jane@acme.example Mon Nov 23 10:00:00 2026\n" + WHOLE, "readable", ""
    yield "bom.eml", b"\xef\xbb\xbf" + WHOLE, "readable", ""
    yield (
        "attachment-50mb.eml",
        multipart("big", TEXT, attachment(b"filename=big.bin", base64_megabytes(50))),
        "readable",
        "",
    )
    yield "line-1mb.eml", head("line") + b"X-Long: " + b"x" * 1_000_000 + b"\r\n\r\n" + b"y" * 1_000_000, "readable", ""
    yield "folded-1mb.eml", head("fold") + b"X-Long: a" + b"\r\n b" * 300_000 + b"\r\n\r\nx", "readable", ""
    many = b"".join(b"X-%d: y\r\n" % number for number in range(10_000))
    yield "headers-10000.eml", many + head("many") + b"\r\nx", "set aside", "headers"
    yield "headers-4000.eml", b"X-A: y\r\n" * 4_000 + head("many") + b"\r\nx", "readable", ""
    yield "headers-5mb.eml", head("big") + b"X-Big: " + b"z" * 5_000_000 + b"\r\n\r\nx", "set aside", "MB"
    yield "nul.eml", b"From: a\0@acme.example\r\nSubject: a\0b\r\n\r\nx\0y" + b"\0" * 1000, "readable", ""
    yield "all-nul.eml", b"\0" * 10_000, "set aside", "no mail"
    yield "empty.eml", b"", "set aside", "no mail"
    yield "binary.eml", random.Random(1).randbytes(20_000), "either", ""
    yield "zip.eml", b"PK\x03\x04" + random.Random(2).randbytes(5_000), "either", ""
    yield "html.eml", b"<!DOCTYPE html><html><body>Subject to change</body></html>", "set aside", "no mail"
    yield "no-identity.eml", b"X-Mailer: x\r\nContent-Type: text/plain\r\n\r\nhello", "set aside", "no mail"
    yield "headers-only.eml", b"Subject: x", "readable", ""
    yield "no-blank-line.eml", b"Subject: x\r\nthis is the body already\r\nand more", "readable", ""
    yield "junk-header.eml", b"From: a@b.example\r\nthis is no header\r\nSubject: s\r\n\r\nx", "readable", ""
    yield (
        "external.eml",
        multipart("ext", b'Content-Type: message/external-body; access-type=URL; url="file:///etc/passwd"\r\n\r\n\r\n'),
        "readable",
        "",
    )
    yield (
        "tnef.eml",
        multipart("tnef", b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n\x78\x9f"),
        "readable",
        "",
    )
    yield (
        "invitation.eml",
        multipart("inv", b"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR"),
        "readable",
        "",
    )


def base64_megabytes(megabytes: int) -> bytes:
    """So many megabytes, in base64 on lines of 76."""
    line = base64.b64encode(bytes(range(57))) + b"\r\n"
    return line * (megabytes * 1_000_000 // 57)


ENCODINGS = (
    "klingon", "x-unknown", "", "utf-8\x00", "utf-16", "utf-7", "hz", "iso-2022-jp", "idna", "punycode", "base64",
    "rot13", "zlib", "unicode_escape", "undefined", "mbcs", "ansi_x3.110-1983", "gb2312", "ks_c_5601-1987", "x" * 5000,
)  # fmt: skip


def charsets() -> Iterator[Made]:
    for number, charset in enumerate(ENCODINGS):
        label = charset.encode()
        body = b'Content-Type: text/plain; charset="' + label + b'"\r\n\r\nh\xe9llo \xff\xfe\x80 +2AA- \xc3'
        yield f"charset-{number:02}.eml", head("charset") + body, "readable", ""
        subject = b"Subject: =?" + label + b"?q?h=E9llo?= =?" + label + b"?b?/////w?=\r\n"
        yield f"charset-subject-{number:02}.eml", subject + b"From: a@b.example\r\n\r\nx", "readable", ""
    for number, raw in enumerate(
        (b"\xff" * 1000, "é".encode() * 500 + b"\xc3", b"\x1b$B" * 500, b"~{" * 500, b"+AGE" * 500)
    ):
        for charset in (b"utf-8", b"us-ascii", b"utf-7", b"iso-2022-jp", b"hz-gb-2312"):
            body = b"Content-Type: text/plain; charset=" + charset + b"\r\n\r\n" + raw
            yield f"lying-{number}-{charset.decode()}.eml", head("lie") + body, "readable", ""


ENCODED_WORDS = (
    b"=?utf-8?b?w6k=?= =?utf-8?b?ww==?= =?utf-8?b?qQ==?=", b"=?utf-8?q?=?=", b"=?utf-8?q?", b"=?=?=?=?=?=?=",
    b"=?utf-8?x?abc?=", b"=?utf-8?b?!!!!?=", b"=?utf-8?b?A?=", b"=?utf-8?q?a b c?=", b"=?utf-8*en?q?a?=",
    b"=?utf-8?q?" + b"=E9" * 20_000 + b"?=", b"=?utf-8?q?a?= " * 20_000, b"=?" * 100_000, b"?=" * 100_000,
    b"=?utf-8?q?=0D=0ABcc:_x@y.example?=", b"=?utf-8?q?=00?=", b"=?utf-8?q?=E2=80=AE?=", b"=?utf-16?b?2AA=?=",
    b"=?utf-8?Q?=?utf-8?Q?a?=?=", b"=?us-ascii?q?\xc3\xa9?=", b"=?utf-8?b?" + b"/" * 200_000 + b"?=",
)  # fmt: skip
ADDRESSES = (
    b"", b"@", b"<>", b"<<<>>>", b'"', b'"' * 100_000, b'"\\' * 100_000, b"(" * 200_000, b"()" * 100_000, b"a@b," * 50_000,
    b"<" * 200_000, b":;" * 100_000, b"group: a@b.example, c@d.example;", b"a@b@c@d", b"Jane Roe jane@acme.example",
    b"jane@acme.example (Jane (the) Roe)", b"<@x,@y:jane@acme.example>", b"=?utf-8?q?Roe=2C_Jane?= <jane@acme.example>",
    b"a" * 100_000 + b"@b.example", b"\\" * 200_000, b"a@b.example\r\nBcc: x@y.example", b"undisclosed-recipients:;",
    b"\xe9@b.example", "jane@bücher.example".encode(), b"'jane@acme.example'", b"[mailto:jane@acme.example]",
)  # fmt: skip
DATES = (
    b"", b"yesterday", b"Mon, 31 Feb 2026 10:00:00 +0000", b"Mon, 23 Nov 99999 10:00:00 +0000", b"1 Jan 0001 00:00:00 +2359",
    b"31 Dec 9999 23:59:59 -2359", b"23 Nov 2026 25:61:61 +9999", b"2026-11-23T10:00:00Z", b"23 Nov 26 10:00 GMT",
    b"Mon, 23 Nov 2026 10:00:60 +0000", b"9" * 100_000, b" " * 100_000, b"23 Nov 2026", b"Mon, 23 Nov 2026 10:00:00 +5000",
)  # fmt: skip


def headers() -> Iterator[Made]:
    for number, word in enumerate(ENCODED_WORDS):
        raw = b"From: " + word + b" <a@b.example>\r\nSubject: " + word + b"\r\nKeywords: " + word + b"\r\n\r\nx"
        yield f"word-{number:02}.eml", raw, "readable", ""
    for number, address in enumerate(ADDRESSES):
        raw = b"From: " + address + b"\r\nTo: " + address + b"\r\nSubject: x\r\nReferences: " + address + b"\r\n\r\nx"
        yield f"address-{number:02}.eml", raw, "readable", ""
    for number, date in enumerate(DATES):
        raw = b"Subject: x\r\nDate: " + date + b"\r\nReceived: by x; " + date + b"\r\n\r\nx"
        yield f"date-{number:02}.eml", raw, "readable", ""
    yield "keywords.eml", head("k") + b"Keywords: " + b'"a, b",' * 20_000 + b'"\r\n\r\nx', "readable", ""
    yield "references.eml", head("r") + b"References: " + b"<a@b> " * 100_000 + b"\r\n\r\nx", "readable", ""
    yield "ids.eml", b"Message-ID: " + b"<" * 100_000 + b"\r\nSubject: x\r\n\r\nx", "readable", ""


NAMES = (
    b'"../../../etc/passwd"', b'"/etc/passwd"', b'"C:\\\\Windows\\\\system.ini"', b'"\\\\\\\\server\\\\share\\\\x"', b'"CON"',
    b'"nul.txt"', b'"com1.pdf"', b'"aux"', b'"' + b"n" * 300 + b'.pdf"', b'"' + "é".encode() * 300 + b'.pdf"', b'"."', b'".."',
    b'""', b'" "', b'"a\0b"', b'"a\r\n b"', b'"a:b"', b'"trailing. "', b'".hidden"', b'"a/b/c"', b'"~/x"', b'"$(rm -rf ~)"',
    b"a b c", b'"never closed', b"filename", b"*=utf-8''%2e%2e%2fpasswd", b"*0*=utf-8''a%C3%A9; filename*1=\"b\"",
    b"*9999999=x", b"*0=a; filename*0=b", b"*=klingon''%ff", b"*=utf-8''%", b"*=%zz", b"*1=b; filename*0=a; filename*3=d",
    b'"=?utf-8?q?=2E=2E=2Fx?="', b'"\xe2\x80\xaegpj.exe"', b'"' + b"a;" * 20_000 + b'"', b"; ".join([b"filename=x"] * 5_000),
)  # fmt: skip


def names() -> Iterator[Made]:
    for number, name in enumerate(NAMES):
        prefix = b"filename" if name.startswith(b"*") else b"" if name == b"filename" else b"filename="
        yield f"name-{number:02}.eml", multipart("name", TEXT, attachment(prefix + name)), "readable", ""


BODIES = (
    (b"base64", b"!!!! not base64 \xff\xfe"), (b"base64", b"QUJ*&D\r\nQ"), (b"base64", b"A" * 99_999), (b"base64", b"=" * 10_000),
    (b"quoted-printable", b"=" * 100_000), (b"quoted-printable", b"=ZZ=\r\n=4"), (b"x-uuencode", b"begin 644 x\r\n#AB\r\nend"),
    (b"x-uuencode", b"begin 644 x\r\nM\xff\xff\r\n" * 1000), (b"klingon", b"hello"), (b"", b"hello"), (b"8bit", b"\x80" * 1000),
    (b"7bit; x=y", b"hello"), (b"BASE64 ", b"QUJD"), (b"quoted-printable" * 1000, b"x"),
)  # fmt: skip
HTML = (
    b"<div>" * 50_000, b"<p>hello" * 20_000, b"<" * 200_000, b"<script>" * 1_000, b"<!--" * 50_000, b"&#x110000;&#0;&amp" * 1_000,
    b"<table><tr><td>" * 5_000, b"<a href='javascript:alert(1)'>x</a>", b"\0<p>\0", b"<b><i>" * 2_000 + b"<p>" * 2_000,
)  # fmt: skip


def bodies() -> Iterator[Made]:
    for number, (encoding, content) in enumerate(BODIES):
        yield (
            f"body-{number:02}.eml",
            head("body") + b"Content-Transfer-Encoding: " + encoding + b"\r\n\r\n" + content,
            ("readable"),
            "",
        )
        part = attachment(b"filename=x.bin", content, encoding)
        yield f"attached-{number:02}.eml", multipart("body", TEXT, part), "readable", ""
    for number, html in enumerate(HTML):
        yield f"html-{number:02}.eml", head("html") + b"Content-Type: text/html\r\n\r\n" + html, "readable", ""


def card(version: str, *lines: str) -> bytes:
    return ("\r\n".join(("BEGIN:VCARD", f"VERSION:{version}", "FN:Jane Roe", *lines, "END:VCARD")) + "\r\n").encode()


def cards() -> Iterator[Made]:
    lines = {
        "fold": "NOTE:a long\r\n  note that\r\n\tgoes on",
        "broken-fold": "NOTE:a long\r\nnote that is broken without a space",
        "blank-fold": "NOTE:a\r\n \r\n b",
        "qp": "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:M=C3=BCller=0D=0A=\r\n more",
        "qp-torn": "NOTE;ENCODING=QUOTED-PRINTABLE:abc=",
        "qp-bare": "NOTE;QUOTED-PRINTABLE:=ZZ=",
        "escapes": "N:R\\;oe;Ja\\,ne;\\n;\\\\;\\",
        "quotes": 'TEL;TYPE="work,voice;X="never:+1 555',
        "no-colon": "THIS LINE HAS NO COLON",
        "colons": ":" * 1000,
        "params": "TEL" + ";TYPE=WORK" * 5_000 + ":+1 555 0100",
        "group": "item1.EMAIL:jane@acme.example\r\nitem1.X-ABLabel:_$!<Other>!$_",
        "line-1mb": "NOTE:" + "x" * 1_000_000,
        "photo": "PHOTO;ENCODING=b;TYPE=JPEG:" + "A" * 100_001,
        "photo-link": "PHOTO;VALUE=uri:file:///etc/passwd",
        "photo-data": "PHOTO:data:image/png;base64,!!!!",
        "bday": "BDAY:--0415",
        "bday-wrong": "BDAY:19801399",
        "many": "\r\n".join(f"EMAIL:jane{number}@acme.example" for number in range(5_000)),
        "categories": "CATEGORIES:" + "a," * 50_000,
        "nul": "NOTE:a\0b",
        "names": "N:" + ";" * 1_000,
    }
    for version in ("2.1", "3.0", "4.0"):
        for name, line in lines.items():
            yield f"{name}-{version}.vcf", card(version, line), "readable", ""
    yield "latin.vcf", card("2.1").replace(b"Jane", b"J\xfcrgen"), "readable", ""
    yield "utf16.vcf", "\ufeff".encode("utf-16-le") + card("3.0").decode().encode("utf-16-le"), "readable", ""
    yield "utf16-odd.vcf", b"\xff\xfe" + card("3.0").decode().encode("utf-16-le")[:-1], "either", ""
    yield "cr.vcf", card("3.0").replace(b"\r\n", b"\r"), "readable", ""
    yield "lower.vcf", card("3.0").lower(), "readable", ""
    yield "two.vcf", card("3.0") + card("4.0"), "set aside", "2 cards"
    yield "no-end.vcf", card("3.0").replace(b"END:VCARD\r\n", b""), "set aside", "breaks off"
    yield "no-begin.vcf", card("3.0").replace(b"BEGIN:VCARD\r\n", b""), "set aside", "expected"
    yield "half.vcf", card("3.0")[:30], "set aside", "breaks off"
    yield "empty.vcf", b"", "set aside", "BEGIN"
    yield "text.vcf", b"hello", "set aside", "BEGIN"
    yield "calendar.vcf", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "set aside", "no card"
    yield "nested.vcf", b"BEGIN:VCARD\r\n" * 1_000 + b"END:VCARD\r\n" * 1_000, "set aside", "nested"
    yield "crossed.vcf", b"BEGIN:VCARD\r\nBEGIN:X\r\nEND:VCARD\r\nEND:X\r\n", "set aside", "expected"
    yield "binary.vcf", random.Random(3).randbytes(5_000), "set aside", ""


def calendar(*lines: str, kind: str = "VEVENT", extra: str = "", uid: str = "1@acme.example") -> bytes:
    inner = "\r\n".join((f"BEGIN:{kind}", f"UID:{uid}", "SUMMARY:Meeting", *lines, f"END:{kind}"))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{extra}{inner}\r\nEND:VCALENDAR\r\n".encode()


RULES = (
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", "FREQ=NEVER", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;COUNT=-1", "", "FREQ",
    "FREQ=SECONDLY;COUNT=999999999999", "FREQ=DAILY;UNTIL=notadate", "FREQ=DAILY;FREQ=WEEKLY", "FREQ=YEARLY;BYDAY=99MO",
    "FREQ=DAILY;" + "BYSETPOS=1;" * 5_000, "=" * 1_000, "FREQ=MONTHLY;BYDAY=" + ",".join(["MO"] * 10_000),
)  # fmt: skip
ZONES = (
    "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "America", "Europe", "", " ", "é", "a\\nb", "South Africa Standard Time",
    "(GMT+02:00) Harare, Pretoria", "x" * 5_000, "Customized Time Zone", "UTC+2", "/freeassociation.sourceforge.net/Europe/Berlin",
)  # fmt: skip
TIMES = (
    "99999999T999999", "20260231T100000", "00010101T000000Z", "99991231T235959Z", "20261123", "20261123T", "T100000", "",
    "20261123T246060Z", "-20261123T100000Z", "2026-11-23T10:00:00+99:99", "٢٠٢٦١١٢٣", "20261123T100000Z" * 1_000,
)  # fmt: skip

EDGES = (
    "TZID=Africa/Johannesburg:00010101T000000", "TZID=America/New_York:99991231T235959", "VALUE=DATE:00010101",
    "VALUE=DATE:99991231", "TZID=Pacific/Kiritimati:00010101T000000", "TZID=Africa/Monrovia:19000101T000000",
)  # fmt: skip
"""Moments that other zones have no date for."""


def calendars() -> Iterator[Made]:
    start = "DTSTART:20261123T100000Z"
    for number, rule in enumerate(RULES):
        yield f"rule-{number:02}.ics", calendar(start, f"RRULE:{rule}"), "readable", ""
    for number, zone in enumerate(ZONES):
        yield f"zone-{number:02}.ics", calendar(f'DTSTART;TZID="{zone}":20261123T100000'), "readable", ""
    for number, time in enumerate(TIMES):
        yield f"time-{number:02}.ics", calendar(f"DTSTART:{time}", f"DTEND:{time}"), "readable", ""
    for number, edge in enumerate(EDGES):
        yield f"edge-{number}.ics", calendar(f"DTSTART;{edge}", uid=f"edge-{number}"), "either", ""
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Own\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETTO:{offset}\r\n"
        "RRULE:FREQ=YEARLY;BYMONTH={month};BYDAY={day}\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    for number, (offset, month, day) in enumerate(
        (
            ("+0200", "3", "2SU"),
            ("+9999", "3", "2SU"),
            ("x", "3", "2SU"),
            ("+0200", "13", "2SU"),
            ("-0330", "2", "9SU"),
            ("", "", ""),
        )
    ):
        extra = zone.format(offset=offset, month=month, day=day)
        yield f"own-zone-{number}.ics", calendar("DTSTART;TZID=Own:20261123T100000", extra=extra), "readable", ""
    values = {
        "duration": "DURATION:P99999999999999W",
        "duration-word": "DURATION:forever",
        "trigger": "BEGIN:VALARM\r\nTRIGGER:-P\r\nEND:VALARM",
        "alarm-open": "BEGIN:VALARM\r\nTRIGGER:-PT15M",
        "attendees": "\r\n".join(f"ATTENDEE;CN=x{number}:mailto:x{number}@acme.example" for number in range(5_000)),
        "attendee": "ATTENDEE;CN=\"a:b;c\":MAILTO:",
        "organizer": "ORGANIZER:invalid:nomail",
        "attach": "ATTACH;ENCODING=BASE64;VALUE=BINARY:!!!",
        "attach-link": "ATTACH:file:///etc/passwd",
        "exceptions": "EXDATE:" + "20261123T100000Z," * 20_000,
        "contact": "CONTACT:" + "(" * 50_000,
        "related": "RELATED-TO:nobody",
        "line-1mb": "DESCRIPTION:" + "x" * 1_000_000,
        "nul": "SUMMARY:a\0b",
        "priority": "PRIORITY:99999999999999999999",
        "percent": "PERCENT-COMPLETE:-5",
    }  # fmt: skip
    for name, line in values.items():
        must: Must = "set aside" if name == "alarm-open" else "readable"
        yield f"{name}.ics", calendar(start, line), must, "expected" if name == "alarm-open" else ""
        yield f"todo-{name}.ics", calendar(line, kind="VTODO"), must, "expected" if name == "alarm-open" else ""
    two = calendar(start).replace(b"END:VCALENDAR", b"BEGIN:VEVENT\r\nUID:2\r\nEND:VEVENT\r\nEND:VCALENDAR")
    yield "two-uids.ics", two, "set aside", "2 items"
    mixed = calendar(start).replace(
        b"END:VCALENDAR", b"BEGIN:VTODO\r\nUID:1@acme.example\r\nEND:VTODO\r\nEND:VCALENDAR"
    )
    yield "mixed.ics", mixed, "set aside", "items"
    yield (
        "no-item.ics",
        b"BEGIN:VCALENDAR\r\nBEGIN:VFREEBUSY\r\nEND:VFREEBUSY\r\nEND:VCALENDAR\r\n",
        "set aside",
        "no event",
    )
    yield "no-end.ics", calendar(start)[:-15], "set aside", "breaks off"
    yield "empty.ics", b"", "set aside", "BEGIN"
    yield "exception-only.ics", calendar(start, "RECURRENCE-ID:20261123T100000Z"), "readable", ""
    yield "nested.ics", b"BEGIN:VCALENDAR\r\n" * 500 + b"END:VCALENDAR\r\n" * 500, "set aside", "nested"
    yield "lines.ics", calendar(start, *["X-A:b"] * 100_000), "readable", ""


def notes() -> Iterator[Made]:
    yield "empty.txt", b"", "readable", ""
    yield "binary.txt", random.Random(4).randbytes(5_000), "readable", ""
    yield "nul.txt", b"\0" * 1_000, "readable", ""
    yield "line-1mb.txt", b"x" * 1_000_000, "readable", ""


def make_hostile(root: Path) -> list[HostileCase]:
    """Writes the files below a mailbox's folder. Places that must not be touched lie beside `root`."""
    cases: list[HostileCase] = []
    groups = (
        ("Inbox/truncated", truncated()), ("Inbox/structure", structure()), ("Inbox/charsets", charsets()),
        ("Inbox/headers", headers()), ("Sent Items/names", names()), ("Inbox/bodies", bodies()), ("Contacts", cards()),
        ("Calendar", calendars()), ("Notes", notes()),
    )  # fmt: skip
    for folder, made in groups:
        (root / folder).mkdir(parents=True, exist_ok=True)
        for name, content, must, sentence in made:
            (root / folder / name).write_bytes(content)
            cases.append(HostileCase(f"{folder}/{name}", must, sentence))
    cases += _places(root)
    return cases


def _places(root: Path) -> list[HostileCase]:
    """Links out of the tree, in circles and to nowhere; a pipe; odd names of files."""
    cases: list[HostileCase] = []
    inbox = root / "Inbox"
    for name in (
        "a'b.eml",
        "a b.eml",
        "-rf.eml",
        "x" * 240 + ".eml",
        "é.eml",
        "ｅｖｉｌ.eml",
        "a%2e%2e.eml",
        "UPPER.EML",
    ):
        (inbox / name).write_bytes(WHOLE)
        cases.append(HostileCase(f"Inbox/{name}", "readable"))
    if sys.platform == "win32":
        return cases
    outside = root.parent.parent / "outside.eml"
    outside.write_bytes(WHOLE)
    links = {
        "link.eml": outside,
        "passwd.eml": Path("/etc/passwd"),
        "nowhere.eml": root / "nowhere",
        "up": root.parent,
        "loop": inbox,
    }
    for name, target in links.items():
        (inbox / name).symlink_to(target)
        cases.append(HostileCase(f"Inbox/{name}", "trouble", "symbolic link"))
    (inbox / "self.eml").symlink_to("self.eml")
    cases.append(HostileCase("Inbox/self.eml", "trouble", "symbolic link"))
    os.mkfifo(inbox / "pipe.eml")
    (inbox / "device\nline.eml").write_bytes(WHOLE)
    cases.append(HostileCase("Inbox/device\nline.eml", "readable"))
    return cases
