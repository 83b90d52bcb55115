"""Edits of a mail: what is given changes, every other byte stays."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxsync.errors import BadContent
from mxsync.extract.mime import read_attachment, read_mail
from mxsync.extract.mime_edit import edit_mail, replace_attachment, set_headers
from mxsync.extract.mime_write import new_mail
from mxsync.extract.note_text import edit_note, read_note
from mxsync.extract.parsed import CustomFields
from mxsync.model.item import Address, Attachment, Kind, Value

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
RAW = (
    b"From: Jane <jane@acme.example>\r\nSubject:  odd   spacing \r\n\tand a fold\r\nKEYWORDS : old,\r\n  older\r\n"
    b"x-unknown: \xff\xfe raw\r\nKeywords: third\r\nX-Priority: 1\r\nX-Mozilla-Status: 0001\r\nStatus: O\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\npreamble\r\n--b\r\n\r\ntext\r\n--b\r\n"
    b'Content-Type: application/pdf;\r\n name="a\xc3\xa9.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD\r\n--b--\r\nepilogue \xff'
)


def edited(
    fields: dict[str, Value], raw: bytes = RAW, custom: dict[str, Value] | None = None, item_class: str = ""
) -> bytes:
    return edit_mail(raw, fields, custom or {}, item_class)


def test_categories_take_the_place_of_the_first_keywords() -> None:
    raw = edited({"categories": ("MX-Contact", "a, b", "Über")})
    expected = RAW.replace(b"KEYWORDS : old,\r\n  older\r\n", b'Keywords: MX-Contact, "a, b", =?utf-8?b?w5xiZXI=?=\r\n')
    assert raw == expected.replace(b"Keywords: third\r\n", b"")
    assert read_mail(raw).fields["categories"] == ("MX-Contact", "a, b", "Über")
    assert edited({"categories": ()}, raw) == RAW.replace(b"KEYWORDS : old,\r\n  older\r\n", b"").replace(
        b"Keywords: third\r\n", b""
    )


def test_the_same_value_changes_no_byte() -> None:
    raw = RAW.replace(b"Keywords: third\r\n", b"")
    fields = read_mail(raw).fields
    assert edited({"categories": fields["categories"], "subject": fields["subject"], "read": True}, raw).replace(
        b"Status: RO", b"Status: O"
    ) == raw.replace(b"odd   spacing \r\n\tand", b"odd   spacing \r\n\tand")


def test_flags_and_the_rest() -> None:
    raw = edited({"read": True, "flagged": True, "importance": "normal", "sensitivity": "private"})
    fields = read_mail(raw).fields
    assert (fields["read"], fields["flag"], fields["importance"], fields["sensitivity"]) == (
        True,
        "flagged",
        "normal",
        "private",
    )
    assert b"X-Mozilla-Status: 0005" in raw
    assert b"Status: RO\r\n" in raw
    again = edited({"read": False, "flag": "", "sensitivity": "normal", "importance": "low"}, raw)
    fields = read_mail(again).fields
    assert (fields["read"], fields["flag"], fields["importance"], fields["sensitivity"]) == (False, "", "low", "normal")
    assert b"X-Mozilla-Status: 0000" in again
    text = edited({"flag": "Follow up"})
    assert read_mail(text).fields["flag"] == "Follow up"


def test_classes_and_custom_properties() -> None:
    raw = edited(
        {},
        custom={"SerialNo": "ü\r\nBcc: x@y.z", "A NAME": True, "List": ("a", "b"), "Number": 12},
        item_class="IPM.Post.X",
    )
    parsed = read_mail(raw)
    assert parsed.kind is Kind.POST
    assert dict(parsed.custom) == {"SerialNo": "ü  Bcc: x@y.z", "A NAME": "yes", "List": "a; b", "Number": "12"}
    assert "bcc" not in parsed.headers
    # Names have no case; the last spelling is kept.
    assert read_mail(edited({}, raw, {"SerialNo": None, "a name": False})).custom == CustomFields(
        [("a name", "no"), ("List", "a; b"), ("Number", "12")]
    )
    assert read_mail(edited({"class": "IPM.Note.Y"})).item_class == "IPM.Note.Y"


def test_what_cannot_be_changed_is_refused() -> None:
    with pytest.raises(BadContent, match="`body` and `sender` cannot be changed"):
        edited({"body": "x", "sender": None, "read": True})


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: a",
        b"Subject: a\n\nbody",
        b"Subject: a\r\rbody",
        b"From x\nSubject: a\n\nb",
        b"\xef\xbb\xbfSubject: a\n\n",
    ],
)
def test_odd_files_keep_their_line_ends(raw: bytes) -> None:
    changed = set_headers(raw, {"Keywords": "x"})
    assert read_mail(changed).fields["categories"] == ("x",)
    assert (b"\r" in changed) == (b"\r" in raw)
    assert changed.replace(b"Keywords: x\n", b"").replace(b"Keywords: x\r", b"").rstrip() == raw.rstrip()


@given(
    st.lists(
        st.text(
            st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1, max_size=30
        ),
        max_size=20,
    ),
    st.booleans(),
)
def test_any_categories_round_trip_and_no_other_byte_changes(words: list[str], read: bool) -> None:
    words = list(dict.fromkeys(word for word in words if "=?" not in word))
    raw = edited({"categories": tuple(words), "read": read})
    assert read_mail(raw).fields["categories"] == tuple(words)
    kept = [
        line
        for line in RAW.split(b"\r\n")
        if not line.lower().startswith((b"keywords", b"  older", b"status", b"x-mozilla"))
    ]
    lines = raw.split(b"\r\n")
    assert [line for line in lines if line in kept] == kept


def test_an_attachment_becomes_a_shortcut() -> None:
    link = "https://files.example/Clients/Ä b.pdf"
    raw = replace_attachment(RAW, "2", link)
    (found,) = [item for item in read_mail(raw).fields["attachments"] if isinstance(item, Attachment)]  # type: ignore[union-attr]
    assert (found.part, found.name, found.content_type, found.link) == ("2", "aé.pdf.txt", "text/uri-list", link)
    assert read_attachment(raw, "2").decode().strip() == link
    start, end = RAW.index(b"Content-Type: application/pdf"), RAW.index(b"QUJD") + 4
    assert raw.startswith(RAW[:start])
    assert raw.endswith(RAW[end:])
    assert replace_attachment(raw, "2", link) == raw
    with pytest.raises(BadContent, match="no attachment `1`"):
        replace_attachment(RAW, "1", link)
    with pytest.raises(BadContent, match="no attachment `7`"):
        replace_attachment(RAW, "7", link)


def test_a_message_that_is_an_attachment_becomes_a_shortcut() -> None:
    raw = b"Subject: s\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\nX-Other: y\n\nQUJD\n"
    changed = replace_attachment(raw, "1", "file:///documents/a.pdf")
    (found,) = [item for item in read_mail(changed).fields["attachments"] if isinstance(item, Attachment)]  # type: ignore[union-attr]
    assert (found.name, found.link) == ("a.pdf.txt", "file:///documents/a.pdf")
    assert b"X-Other: y\n" in changed
    assert b"QUJD" not in changed
    assert replace_attachment(b"Subject: s\nContent-Type: a/b", "1", "x:y").endswith(b"x:y\r\n")


def test_unix_line_ends_stay() -> None:
    raw = RAW.replace(b"\r\n", b"\n")
    assert b"\r" not in replace_attachment(raw, "2", "https://files.example/a.pdf")


def test_a_new_mail_and_a_new_post() -> None:
    fields: dict[str, Value] = {
        "sender": Address("Jörg", "j@acme.example"),
        "recipients": (Address("A, B", "a@b.example"),),
        "subject": "ünter " * 30,
        "body": "=\n.\n ä \r\nlong " + "x" * 300,
        "conversation": ("two@x", "one@x"),
        "categories": ("a",),
        "read": True,
    }
    raw = new_mail(Kind.POST, fields, {"X": "y"}, "", uid="u@mxsync.invalid", now=NOW)
    parsed = read_mail(raw)
    assert parsed.kind is Kind.POST
    assert parsed.fields["message_id"] == "u@mxsync.invalid"
    assert parsed.fields["sent"] == NOW
    assert parsed.fields["recipients"] == fields["recipients"]
    assert parsed.fields["subject"] == " ".join(str(fields["subject"]).split())
    assert parsed.fields["body"] == str(fields["body"]).replace("\r\n", "\n")
    assert parsed.fields["conversation"] == ("two@x", "one@x")
    assert parsed.fields["read"] is True
    assert max(map(len, raw.split(b"\r\n"))) < 200
    assert (
        read_mail(new_mail(Kind.MAIL, {"message_id": "sha256:1"}, {}, "", uid="u@x", now=NOW)).fields["message_id"]
        == "u@x"
    )


def test_a_note_in_a_text_file() -> None:
    parsed = read_note("\r\nRemember\r\nthe milk\r\n".encode("utf-8-sig"))
    assert (parsed.kind, parsed.fields["subject"], parsed.fields["body"]) == (
        Kind.NOTE,
        "Remember",
        "\nRemember\nthe milk\n",
    )
    assert read_note("é".encode("utf-16")).fields["body"] == "é"
    assert edit_note(b"a\r\nb\r\n", {"subject": "c"}, {}, "") == b"c\r\nb\r\n"
    assert edit_note(b"a\nb", {"body": "x\ny"}, {}, "") == b"x\ny"
    assert edit_note(b"a\nb", {"body": "x\ny", "subject": "s"}, {}, "") == b"s\nx\ny"
    assert edit_note(b"a\nb", {"body": "s\ny", "subject": "s", "categories": ()}, {}, "") == b"s\ny"
    assert edit_note(b"", {"subject": "s"}, {}, "") == b"s"
    with pytest.raises(BadContent, match="no place for `categories`"):
        edit_note(b"a", {"categories": ("x",)}, {}, "")
    with pytest.raises(BadContent, match="no place for `class`"):
        edit_note(b"a", {}, {}, "IPM.X")
    with pytest.raises(BadContent, match="no place for `custom`"):
        edit_note(b"a", {}, {"x": "y"}, "")


def test_custom_fields_have_no_case() -> None:
    fields = CustomFields([("SerialNo", "1"), ("SERIALNO", "2"), ("", "3")])
    assert (fields["serialno"], "SerialNO" in fields, 3 in fields, len(fields)) == ("1", True, False, 1)
    assert repr(fields) == "CustomFields([('SerialNo', '1')])"
