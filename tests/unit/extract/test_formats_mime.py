"""Mail: structure, fields, attachments, charsets, and what is done with what is wrong."""

from __future__ import annotations

import base64
import hashlib
import tracemalloc
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxsync.errors import BadContent
from mxsync.extract.charsets import decode, is_known
from mxsync.extract.encoded_words import decode_words, encode_phrase, encode_words, parameters, unbase64
from mxsync.extract.mail_addresses import format_address, parse_addresses, split_phrases
from mxsync.extract.mail_dates import format_date, parse_date
from mxsync.extract.mime import is_draft, read_attachment, read_mail
from mxsync.extract.mime_message import Mail, leaves
from mxsync.extract.mime_parts import decode_transfer
from mxsync.extract.parsed import Parsed
from mxsync.model.item import Address, Attachment, Kind

HEAD = b"From: Jane Roe <jane@acme.example>\r\nSubject: s\r\n"


def message(*lines: str, body: str = "x") -> Parsed:
    return read_mail(("\r\n".join((*lines, "", body))).encode())


def mixed(*parts: bytes, head: bytes = b"multipart/mixed", end: bytes = b"--b--\r\n") -> bytes:
    inner = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
    return HEAD + b"Content-Type: " + head + b"; boundary=b\r\n\r\npreamble\r\n" + inner + end + b"epilogue\r\n"


def attached(parsed: Parsed) -> list[Attachment]:
    found = parsed.fields["attachments"]
    assert isinstance(found, tuple)
    return [item for item in found if isinstance(item, Attachment)]


def test_the_fields_of_an_ordinary_mail() -> None:
    parsed = message(
        "Received: by b.example; Mon, 23 Nov 2026 10:00:05 +0200",
        "Received: by a.example; Mon, 23 Nov 2026 10:00:03 +0200",
        "From: =?utf-8?q?Roe=2C_Jane?= <jane@acme.example>",
        'To: Anna <anna@ours.example>, "Smith, Bob" <bob@ours.example>',
        "Cc: carl@other.example",
        "Bcc: dora@other.example",
        "Reply-To: sales@acme.example",
        "Subject: Offer for",
        " =?utf-8?q?M=C3=BCller?= =?utf-8?q?_=26_S=C3=B6hne?=",
        "Date: Mon, 23 Nov 2026 10:00:00 +0200",
        "Message-ID: <one@acme.example>",
        "In-Reply-To: <zero@acme.example>",
        "References: <a@acme.example>\r\n <zero@acme.example>",
        'Keywords: MX-Contact, "a, b", =?utf-8?q?=C3=9Cber?=',
        "Keywords: mxStatus=Handled",
        "Importance: High",
        "Sensitivity: Company-Confidential",
        "Status: RO",
        "X-Status: AF",
        "X-Mxsync-Class: IPM.Note.Machine",
        "X-Mxsync-Custom-SerialNo: 12",
        "X-Mxsync-Custom-A%20NAME: =?utf-8?q?=C3=BC?=",
        body="Dear Anna,\r\n\r\nyours",
    )
    zone = timezone(timedelta(hours=2))
    fields = parsed.fields
    assert parsed.kind is Kind.MAIL
    assert parsed.notes == ()
    assert fields["sender"] == Address("Roe, Jane", "jane@acme.example")
    assert fields["to"] == (Address("Anna", "anna@ours.example"), Address("Smith, Bob", "bob@ours.example"))
    assert fields["recipients"] == (
        Address("Anna", "anna@ours.example"),
        Address("Smith, Bob", "bob@ours.example"),
        Address("", "carl@other.example"),
        Address("", "dora@other.example"),
    )
    assert fields["reply_to"] == (Address("", "sales@acme.example"),)
    assert fields["subject"] == "Offer for Müller & Söhne"
    assert fields["sent"] == datetime(2026, 11, 23, 10, 0, tzinfo=zone)
    assert fields["received"] == fields["created_on"] == datetime(2026, 11, 23, 10, 0, 5, tzinfo=zone)
    assert fields["message_id"] == "one@acme.example"
    assert fields["conversation"] == ("zero@acme.example", "a@acme.example")
    assert fields["categories"] == ("MX-Contact", "a, b", "Über", "mxStatus=Handled")
    assert (fields["importance"], fields["sensitivity"]) == ("high", "confidential")
    assert (fields["read"], fields["flag"], fields["flagged"]) == (True, "flagged", True)
    assert fields["body"] == "Dear Anna,\n\nyours"
    assert fields["attachments"] == ()
    assert (fields["class"], parsed.item_class) == ("IPM.Note.Machine", "IPM.Note.Machine")
    assert (parsed.custom["serialno"], parsed.custom["a name"]) == ("12", "ü")
    assert list(parsed.custom) == ["SerialNo", "A NAME"]
    assert parsed.headers["subject"] == ("Offer for Müller & Söhne",)
    assert len(parsed.headers["received"]) == 2
    assert "nothing" not in parsed.headers
    assert len(list(fields)) == len(fields)


def test_a_bare_mail_has_defaults() -> None:
    parsed = read_mail(b"Subject: s\n\nx", {"folder": "Inbox"})
    fields = parsed.fields
    for name in ("sender", "sent", "received", "created_on"):
        assert fields[name] is None
    assert (fields["importance"], fields["sensitivity"], fields["flag"], fields["read"]) == (
        "normal",
        "normal",
        "",
        False,
    )
    assert (fields["class"], parsed.item_class, fields["folder"], fields["size"]) == ("IPM.Note", "", "Inbox", 13)
    assert "folder" in fields
    assert "nothing" not in fields
    with pytest.raises(KeyError):
        fields["nothing"]


def test_a_mail_without_a_message_id_is_known_by_what_it_says() -> None:
    first = message("From: Jane@acme.example", "Subject: s").fields["message_id"]
    again = message("Subject: s", "X-Other: y", "From: jane@acme.example").fields["message_id"]
    other = message("From: jane@acme.example", "Subject: s", body="y").fields["message_id"]
    assert isinstance(first, str)
    assert first.startswith("sha256:")
    assert first == again != other
    assert message("Subject: s", "Message-ID: one@x").fields["message_id"] == "one@x"
    assert message("Subject: s", "Message-ID: a lone b@c word").fields["message_id"] == "b@c"
    assert message("Subject: s", "Message-ID: <>", "Message-ID: < one@\r\n x>").fields["message_id"] == "one@x"


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("X-Priority: 1 (Highest)", "importance", "high"),
        ("X-Priority: 5", "importance", "low"),
        ("X-Priority: 3", "importance", "normal"),
        ("Priority: non-urgent", "importance", "low"),
        ("X-MSMail-Priority: High", "importance", "high"),
        ("Sensitivity: Private", "sensitivity", "private"),
        ("Sensitivity: Personal", "sensitivity", "personal"),
        ("Sensitivity: what", "sensitivity", "normal"),
        ("X-Mozilla-Status: 0005", "read", True),
        ("X-Mozilla-Status: 0005", "flagged", True),
        ("X-Mozilla-Status: none", "read", False),
        ("X-Message-Flag: Follow up", "flag", "Follow up"),
        ("Delivery-Date: Mon, 23 Nov 2026 10:00:00 GMT", "received", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("Received: no date in it", "received", None),
        ("Sender: Sec <sec@acme.example>", "sender", Address("Sec", "sec@acme.example")),
        ("From: Only A Name", "sender", Address("Only A Name", "")),
        ("Date: never", "sent", None),
    ],
)
def test_other_headers_that_say_the_same(line: str, name: str, value: object) -> None:
    assert message("Subject: s", line).fields[name] == value


def test_a_date_that_is_none_is_noted() -> None:
    assert message("Subject: s", "Date: never").notes == ("its Date cannot be read as one",)


def test_parts_bodies_and_attachments() -> None:
    raw = mixed(
        b"Content-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain\r\n\r\nplain\r\n"
        b"--a\r\nContent-Type: multipart/related; boundary=r\r\n\r\n--r\r\nContent-Type: text/html\r\n\r\n<p>html</p>\r\n"
        b"--r\r\nContent-Type: image/png\r\nContent-ID: <logo>\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD\r\n--r--\r\n"
        b"--a\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\n--a--\r\n",
        b"Content-Type: application/pdf; name*=utf-8''%C3%A9.pdf\r\nContent-Disposition: attachment\r\n\r\nPDF",
        b"Content-Type: text/plain\r\n\r\nfooter",
        b"Content-Type: text/plain; name=notes.txt\r\n\r\nattached text",
        b"Content-Type: message/rfc822\r\n\r\nSubject: =?utf-8?q?=C3=AFnner?=\r\n\r\nFrom the inside",
        b"Content-Type: application/ms-tnef\r\n\r\nTNEF",
        b'Content-Type: message/external-body; access-type=URL; url="https://files.example/\r\n a.pdf"\r\n\r\n',
        b"Content-Type: text/uri-list\r\n\r\n# a comment\r\nhttps://files.example/b.pdf\r\n",
    )
    parsed = read_mail(raw)
    assert parsed.fields["body"] == "plain\n\nfooter"
    assert parsed.notes == ("it holds an invitation or another calendar part",)
    shown = [(item.part, item.name, item.content_type, item.size, item.inline, item.link) for item in attached(parsed)]
    assert shown == [
        ("1.2.2", "attachment-1.2.2.png", "image/png", 3, True, ""),
        ("1.3", "invitation.ics", "text/calendar", 15, False, ""),
        ("2", "é.pdf", "application/pdf", 3, False, ""),
        ("4", "notes.txt", "text/plain", 13, False, ""),
        ("5", "ïnner.eml", "message/rfc822", 50, False, ""),
        ("6", "attachment-6.dat", "application/ms-tnef", 4, False, ""),
        ("7", "attachment-7.bin", "message/external-body", 0, False, "https://files.example/a.pdf"),
        ("8", "attachment-8.bin", "text/uri-list", 42, False, "https://files.example/b.pdf"),
    ]
    assert read_attachment(raw, "1.2.2") == b"ABC"
    assert attached(parsed)[0].sha256 == hashlib.sha256(b"ABC").hexdigest()
    with pytest.raises(BadContent, match="no part `9`"):
        read_attachment(raw, "9")


def test_html_only_and_an_empty_plain_text() -> None:
    assert "hello" in str(read_mail(HEAD + b"Content-Type: text/html\r\n\r\n<p>hello</p>").fields["body"])
    raw = mixed(
        b"Content-Type: text/plain\r\n\r\n  ",
        b"Content-Type: text/html\r\n\r\n<p>hello</p>",
        head=b"multipart/alternative",
    )
    assert str(read_mail(raw).fields["body"]).strip() == "hello"
    nothing = mixed(b"Content-Type: application/x\r\n\r\nx", head=b"multipart/alternative")
    assert read_mail(nothing).fields["body"] == ""


def test_a_message_that_is_one_attachment() -> None:
    parsed = read_mail(HEAD + b"Content-Type: application/pdf\r\n\r\nPDF")
    assert [(item.part, item.name) for item in attached(parsed)] == [("1", "attachment-1.pdf")]
    assert parsed.fields["body"] == ""
    parsed = read_mail(HEAD + b"Content-Type: text/plain\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nx")
    assert [item.name for item in attached(parsed)] == ["a.txt"]


def test_a_digest_holds_messages() -> None:
    raw = mixed(b"\r\nSubject: one\r\n\r\nx", b"\r\nSubject: two\r\n\r\nx", head=b"multipart/digest")
    assert [item.name for item in attached(read_mail(raw))] == ["one.eml", "two.eml"]
    many = b"\r\n" + b"X: y\r\n" * 6000 + b"Subject: x\r\n\r\n"
    assert attached(read_mail(mixed(many, head=b"multipart/digest")))[0].name == "message.eml"


def test_what_breaks_off_is_read_and_noted() -> None:
    parsed = read_mail(mixed(b"\r\nhello", end=b""))
    assert parsed.notes == ("it breaks off: its last boundary is missing",)
    assert "hello" in str(parsed.fields["body"])
    parsed = read_mail(HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\nhello")
    assert parsed.notes == ("it has no parts although it says so",)
    assert parsed.fields["body"] == "hello"
    assert message("Subject: s", "no header here", "From: a@b.example").notes == (
        "a line among its headers is no header and was passed over",
    )
    assert read_mail(HEAD + b"Content-Type: text/plain; charset=klingon\r\n\r\nx").notes == (
        "its charset `klingon` is unknown and was guessed",
    )


def test_line_ends_marks_and_mbox_lines() -> None:
    raw = mixed(b"Content-Type: text/plain\r\n\r\nhello")
    for other in (
        raw.replace(b"\r\n", b"\n"),
        raw.replace(b"\r\n", b"\r"),
        b"From x Mon\n" + raw,
        b"\xef\xbb\xbf" + raw,
    ):
        assert read_mail(other).fields["body"] == "hello"
        assert read_mail(other).fields["subject"] == "s"


@pytest.mark.parametrize("raw", [b"", b"hello", b"X: y\r\n\r\nSubject: in the body", b"\0\0\0", b"\n\nSubject: x"])
def test_what_has_no_identity_is_no_mail(raw: bytes) -> None:
    with pytest.raises(BadContent, match="no mail"):
        read_mail(raw)


def test_a_post_and_a_draft() -> None:
    assert message("Subject: s", "X-Mxsync-Class: ipm.post").kind is Kind.POST
    assert message("Subject: s", "X-Mxsync-Class: IPM.Postbox").kind is Kind.MAIL
    assert is_draft(message("Subject: s", "X-Unsent: 1").headers)
    assert is_draft(message("Subject: s", "X-Mozilla-Draft-Info: internal").headers)
    assert not is_draft(message("Subject: s", "X-Unsent: 0").headers)


@settings(max_examples=60, deadline=None)
@given(
    subject=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=80),
    body=st.text(st.characters(codec="utf-8", exclude_characters="\r\x00\ufeff"), max_size=200),
    name=st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=30),
    content=st.binary(max_size=300),
)
def test_what_the_standard_library_writes_is_read(subject: str, body: str, name: str, content: bytes) -> None:
    """The library folds, encodes and quotes in ways of its own."""
    written = EmailMessage()
    written["From"] = "jane@acme.example"
    written["Subject"] = subject
    written.set_content(body)
    written.add_attachment(content, maintype="application", subtype="x-y", filename=name)
    raw = written.as_bytes(policy=SMTP.clone(cte_type="7bit"))
    fields = read_mail(raw).fields
    assert str(fields["subject"]).split() == subject.split()
    assert str(fields["body"]).strip("\n") == body.strip("\n") or not body.strip()
    (found,) = attached(read_mail(raw))
    assert found.name == name
    assert read_attachment(raw, found.part) == content


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([b"--b", b"--b--", b"--a", b"\r\n", b"\n", b"--", b"x", b"Content-Type: multipart/mixed; boundary=a",
    b"Content-Type: text/plain", b" ", b":", b"\r"]), max_size=30))  # fmt: skip
def test_any_bytes_are_a_mail_if_they_have_a_subject(pieces: list[bytes]) -> None:
    raw = b"Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"".join(pieces)
    mail = Mail(raw)
    numbers = [part.number for part in leaves(mail.root)]
    assert len(set(numbers)) == len(numbers)
    for part in leaves(mail.root):
        assert part.start <= part.body <= part.end <= len(raw)
    fields = read_mail(raw).fields
    for name in fields:
        fields[name]


def test_transfer_encodings() -> None:
    assert decode_transfer(b"=C3=A9=\r\n!", "Quoted-Printable ; x") == b"\xc3\xa9!"
    assert decode_transfer(b"QUJD", " BASE64") == b"ABC"
    assert decode_transfer(b"begin 644 x\n#04)#\n`\nend\n", "x-uuencode") == b"ABC"
    assert decode_transfer(b"begin 644 x\n#04)#    garbage\n\xff\xff\nend\n", "uuencode") == b"ABC"
    assert decode_transfer(b"as it is", "klingon") == b"as it is"
    for broken in (b"Q", b"QU", b"QUJ", b"QUJD=", b"QU JD", b"!!", b"", b"QUJDQ"):
        assert b"ABC".startswith(unbase64(broken)[:3])


@pytest.mark.parametrize(
    ("raw", "label", "text"),
    [
        (b"h\xe9llo", "iso-8859-1", "héllo"),
        (b"\x80", "latin1", "€"),
        ("é".encode(), "", "é"),
        (b"h\xe9llo", "utf-8", "héllo"),
        (b"h\xe9llo", "klingon", "héllo"),
        ("Müller é ü".encode() + b"\xc3", "utf-8", "Müller é ü\ufffd"),
        ("中国镕".encode("gb18030"), "gb2312", "中国镕"),
        ("\ufeffé".encode(), "utf-8", "é"),
        (b"a\x00b", "us-ascii", "ab"),
        ("é\x00".encode(), "", "é"),
        ("hé".encode("utf-16"), "utf-16", "hé"),
        (b"Hi +AOk-", "utf-7", "Hi é"),
        (b"+2AA-", "utf-7", "?"),
        ("日本".encode("iso-2022-jp"), "iso-2022-jp", "日本"),
        (b"aGk=", "base64", "aGk="),
        (b"xn--a", "idna", "xn--a"),
    ],
)
def test_charsets(raw: bytes, label: str, text: str) -> None:
    assert decode(raw, label) == text


def test_known_charsets() -> None:
    assert [is_known(label) for label in ("utf-8", "CP850", "klingon", "punycode", "")] == [
        True,
        True,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=?utf-8?b?w6k=?= =?utf-8?b?ww==?=\t=?utf-8?b?qQ==?=", "éé"),
        ("=?utf-8?q?a?= b =?iso-8859-1?q?=E9?=", "a b é"),
        ("=?utf-8?q?a?= =?iso-8859-1?q?=E9?=", "aé"),
        ("=?utf-8*en?q?a_b?=", "a b"),
        ("=?utf-8?q?torn", "=?utf-8?q?torn"),
        ("=?klingon?q?=E9?=", "é"),
        ("plain", "plain"),
    ],
)
def test_encoded_words(text: str, expected: str) -> None:
    assert decode_words(text) == expected


@given(st.text(max_size=200))
def test_encoding_words_round_trips(text: str) -> None:
    encoded = encode_words(text)
    assert encoded.isascii()
    assert "\n" not in encoded
    assert all(len(word) <= 75 for word in encoded.split("=?") if encoded.startswith("=?"))
    clean = "".join(" " if character < " " or character == "\x7f" else character for character in text)
    expected = clean.encode("utf-8", "replace").decode()
    if encoded.startswith("=?"):
        assert decode_words(encoded) == expected
    else:
        assert encoded == expected


@given(
    st.lists(
        st.text(
            st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1, max_size=20
        ),
        max_size=5,
    )
)
def test_phrases_round_trip(words: list[str]) -> None:
    words = [word for word in dict.fromkeys(words) if "=?" not in word]
    assert split_phrases(", ".join(encode_phrase(word) for word in words)) == tuple(words)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", ()),
        ("a@b.c", (Address("", "a@b.c"),)),
        ("Jane <a@b.c>", (Address("Jane", "a@b.c"),)),
        ('"Roe, \\"J\\"" <a@b.c>', (Address('Roe, "J"', "a@b.c"),)),
        ("a@b.c, Jane D <d@e.f>", (Address("", "a@b.c"), Address("Jane D", "d@e.f"))),
        ("a@b.c (Jane (the) Roe)", (Address("Jane (the) Roe", "a@b.c"),)),
        ("Group: a@b.c, d@e.f;, g@h.i", (Address("", "a@b.c"), Address("", "d@e.f"), Address("", "g@h.i"))),
        ("undisclosed-recipients:;", ()),
        ("Undisclosed recipients", ()),
        ("a@b.c; d@e.f", (Address("", "a@b.c"), Address("", "d@e.f"))),
        ("Jane Roe jane@a.b", (Address("Jane Roe", "jane@a.b"),)),
        ('"Jane <a@b.c>', (Address("Jane", "a@b.c"),)),
        ("(open a@b.c", (Address("open", "a@b.c"),)),
        ("Jane <a@b.c", (Address("Jane", "a@b.c"),)),
        ("<@x.y,@z.w:a@b.c>", (Address("", "a@b.c"),)),
        ("Jane < a@ b.c >", (Address("Jane", "a@b.c"),)),
        ("'Jane' <mailto:a@b.c>", (Address("Jane", "a@b.c"),)),
        ("Jane <not an address> <a@b.c>", (Address("Jane", "a@b.c"),)),
        ("=?utf-8?q?Roe=2C_J?= <a@b.c>, x@y.z", (Address("Roe, J", "a@b.c"), Address("", "x@y.z"))),
        ("Only Name, ,", (Address("Only Name", ""),)),
        ("a\\b <a@b.c>", (Address("a \\ b", "a@b.c"),)),
        ('"a\\\\" <a@b.c>', (Address("a\\", "a@b.c"),)),
    ],
)
def test_addresses(value: str, expected: tuple[Address, ...]) -> None:
    assert parse_addresses(value) == expected


@given(st.text('a@b.,;:<>()"\\ =?', max_size=60))
def test_any_address_header_is_read(value: str) -> None:
    for person in parse_addresses(value):
        assert person.name or person.address
        assert not person.address.startswith("<")


def test_addresses_are_written() -> None:
    for person in (
        Address("Roe, Jane", "jane@acme.example"),
        Address("", "jane@acme.example"),
        Address('Jane "J" \\ Roe', "jane@acme.example"),
        Address("Jörg", "j@acme.example"),
        Address("=?utf-8?q?x?=", "x@acme.example"),
    ):
        assert parse_addresses(format_address(person)) == (person,)
    assert "\n" not in format_address(Address("a\r\nBcc: x@y.z", "a@b.c\r\nBcc: x"))
    assert format_address(Address("Jane", "")) == "Jane"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon, 23 Nov 2026 10:00:00 +0200", "2026-11-23T10:00:00+02:00"),
        ("23 Nov 2026 10:00 GMT", "2026-11-23T10:00:00+00:00"),
        ("Mon, 23 Nov 2026 10:00:60 -0330 (NST)", "2026-11-23T10:00:59-03:30"),
        ("Monday, 23-Nov-26 10:00:00 UTC", "2026-11-23T10:00:00+00:00"),
        ("2026-11-23T10:00:00.123Z", "2026-11-23T10:00:00+00:00"),
        ("2026-11-23 10:00", "2026-11-23T10:00:00+00:00"),
        ("23 Nov 2026 10:00:00 -0000", "2026-11-23T10:00:00+00:00"),
        ("Mon, 31 Feb 2026 10:00:00 +0000", None),
        ("yesterday", None),
        ("", None),
        ("1 Jan 0001 00:00:00 +2300", None),
        ("Mon, 23 Xyz 2026 10:00:00 +0000", None),
    ],
)
def test_dates(text: str, expected: str | None) -> None:
    found = parse_date(text)
    assert (found.isoformat() if found else None) == expected


def test_a_written_date_is_read() -> None:
    moment = datetime(2026, 11, 23, 10, tzinfo=timezone(timedelta(hours=-3)))
    assert parse_date(format_date(moment)) == moment


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("text/plain", ("text/plain", {})),
        ('Text/Plain; Charset="utf-8"', ("text/plain", {"charset": "utf-8"})),
        ("a; b*0*=utf-8''x%C3%A9; b*1=\".pdf\"", ("a", {"b": "xé.pdf"})),
        ("a; b*=iso-8859-1'en'%E9", ("a", {"b": "é"})),
        ("a; b*=%C3%A9", ("a", {"b": "é"})),
        ('a; b="c; d"; e=f', ("a", {"b": "c; d", "e": "f"})),
        ('a; b="C:\\x\\\\y\\"z"', ("a", {"b": 'C:\\x\\y"z'})),
        ('a; b="open', ("a", {"b": "open"})),
        ("a; b; c=d", ("a", {"c": "d"})),
        ("a; b c=d; e=", ("a", {"e": ""})),
        ('a; b="=?utf-8?q?=C3=A9?="', ("a", {"b": "é"})),
        ("a; b*x=y; b*99999=z", ("a", {})),
        ("a; b=c;", ("a", {"b": "c"})),
        ("(comment) ; b=c", ("", {"b": "c"})),
    ],
)
def test_parameters(value: str, expected: tuple[str, dict[str, str]]) -> None:
    assert parameters(value) == expected


def test_large_content_is_not_copied_needlessly() -> None:
    content = bytes(range(256)) * 400
    raw = mixed(b"Content-Transfer-Encoding: base64\r\nContent-Type: a/b\r\n\r\n" + base64.encodebytes(content))
    assert read_attachment(raw, "1") == content
    assert read_attachment(raw.replace(b"AAEC", b"AAE\xff", 1), "1")[:2] == content[:2]


def test_large_mails_held_together_do_not_hold_their_bytes() -> None:
    """A page holds hundreds of mails at a time."""
    content = base64.encodebytes(bytes(range(256)) * 12_000)
    tracemalloc.start()
    try:
        held = []
        for number in range(20):
            raw = (
                f"From: jane@acme.example\nSubject: {number}\nMessage-ID: <{number}@acme.example>\n"
                "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nText.\n--b\n"
                f"Content-Type: application/pdf; name={number}.pdf\nContent-Transfer-Encoding: base64\n\n"
            ).encode() + content
            held.append(read_mail(raw))
            del raw
        current, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert current < len(content), f"{current} bytes are held by 20 mails of {len(content)}"
    assert [each.fields["subject"] for each in held] == [str(number) for number in range(20)]
    (attached,) = held[3].fields["attachments"]  # type: ignore[misc]
    assert (attached.name, attached.size) == ("3.pdf", 256 * 12_000)
    with pytest.raises(KeyError):
        held[3].fields["no such field"]
