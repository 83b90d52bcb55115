"""Cards of all versions: read, written, edited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxsync.errors import BadContent
from mxsync.extract.contentlines import escape, fold, param_value, read_lines, split_escaped, unescape
from mxsync.extract.vcard import card_person, read_contact, read_photo
from mxsync.extract.vcard_edit import edit_contact, new_contact
from mxsync.model.item import Address, Attachment, Value

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def card(*lines: str, version: str = "3.0") -> bytes:
    return ("\r\n".join(("BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD")) + "\r\n").encode()


def fields_of(*lines: str, version: str = "3.0") -> Mapping[str, Value]:
    return read_contact(card(*lines, version=version), UTC).fields


OUTLOOK = card(
    "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg;;Dr.",
    "FN;ENCODING=QUOTED-PRINTABLE:Dr. J=C3=B6rg M=C3=BC=",
    "ller",
    "ORG:Acme Ltd;Sales",
    "TEL;WORK;VOICE:+27 21 555 0100",
    "TEL;HOME;VOICE:+27 21 555 0101",
    "TEL;CELL;VOICE:+27 82 555 0102",
    "TEL;WORK;FAX:+27 21 555 0103",
    "ADR;WORK;PREF;ENCODING=QUOTED-PRINTABLE:;;1 Long Street=0D=0ASecond floor;Cape Town;WC;8001;South Africa",
    "X-MS-MANAGER:Max",
    "EMAIL;PREF;INTERNET:jorg@acme.example",
    "PHOTO;TYPE=JPEG;ENCODING=BASE64:",
    " QUJD",
    "",
    "REV:20260101T000000Z",
    version="2.1",
)
APPLE = card(
    "N:Roe;Jane;Q.,R.;Ms.;PhD",
    "FN:Jane Roe",
    "item1.EMAIL;type=INTERNET;type=pref:jane@acme.example",
    "item1.X-ABLabel:_$!<Other>!$_",
    "item2.TEL;type=pref:555",
    "TEL;type=IPHONE;type=CELL:556",
    "item3.ADR;type=HOME:;;2 Side St;Paarl;;7646;ZA",
    "NICKNAME:JR,Janey",
    "URL;type=HOME:https://jane.example",
    "URL;type=WORK:https://acme.example",
    "BDAY;value=date:1980-02-29",
    "CATEGORIES:MX-Contact,a\\, b",
    "CLASS:PRIVATE",
    "NOTE:one\\ntwo\\; three",
    'X-UNKNOWN;X="a;b:c":kept, exactly;\\so',
    "UID:urn:uuid:1234",
    "REV:2026-11-23T10:00:00Z",
)
MODERN = card(
    "FN:Jane Roe",
    'TEL;VALUE=uri;TYPE="work,voice";PREF=2:tel:+1-555-0101;ext=5',
    'TEL;VALUE=uri;TYPE="work,voice";PREF=1:tel:+1-555-0100',
    "TEL;TYPE=pager:999",
    "BDAY:19800229",
    "ANNIVERSARY:20100601",
    "PHOTO:data:image/png;base64,QUJD",
    "EMAIL:mailto:jane@acme.example",
    "EMAIL:jane@acme.example",
    version="4.0",
)


def test_vcard_2_1() -> None:
    parsed = read_contact(OUTLOOK, UTC, {"modified_on": NOW, "folder": "Contacts"})
    fields = parsed.fields
    assert (fields["last_name"], fields["first_name"], fields["honorific"]) == ("Müller", "Jörg", "Dr.")
    assert (fields["full_name"], fields["subject"]) == ("Dr. Jörg Müller", "Dr. Jörg Müller")
    assert (fields["organisation"], fields["department"], fields["manager"]) == ("Acme Ltd", "Sales", "Max")
    assert [fields[name] for name in ("business_phone", "home_phone", "mobile_phone", "fax")] == [
        "+27 21 555 0100",
        "+27 21 555 0101",
        "+27 82 555 0102",
        "+27 21 555 0103",
    ]
    assert (fields["street"], fields["city"], fields["country"]) == (
        "1 Long Street\nSecond floor",
        "Cape Town",
        "South Africa",
    )
    assert fields["email"] == ("jorg@acme.example",)
    photo = fields["photo"]
    assert isinstance(photo, Attachment)
    assert (photo.part, photo.content_type, photo.size) == ("photo", "image/jpeg", 3)
    assert read_photo(OUTLOOK) == b"ABC"
    assert (fields["modified_on"], fields["class"], fields["folder"]) == (NOW, "IPM.Contact", "Contacts")


def test_vcard_3_0() -> None:
    fields = read_contact(APPLE, UTC).fields
    assert (fields["middle_name"], fields["suffix"]) == ("Q. R.", "PhD")
    assert (fields["business_phone"], fields["mobile_phone"]) == ("555", "556")
    assert (fields["home_street"], fields["home_city"], fields["home_country"]) == ("2 Side St", "Paarl", "ZA")
    assert "street" not in fields
    assert (fields["nickname"], fields["website"]) == ("JR, Janey", "https://acme.example")
    assert (fields["birthday"], fields["categories"]) == (date(1980, 2, 29), ("MX-Contact", "a, b"))
    assert (fields["sensitivity"], fields["notes"], fields["body"]) == ("private", "one\ntwo; three", "one\ntwo; three")
    assert (fields["uid"], fields["modified_on"]) == ("1234", NOW)
    assert card_person(APPLE) == ("1234", Address("Jane Roe", "jane@acme.example"))


def test_vcard_4_0() -> None:
    parsed = read_contact(MODERN, UTC)
    fields = parsed.fields
    assert fields["business_phone"] == "+1-555-0101"
    assert (fields["birthday"], fields["anniversary"]) == (date(1980, 2, 29), date(2010, 6, 1))
    assert fields["email"] == ("jane@acme.example",)
    assert read_photo(MODERN) == b"ABC"
    assert card_person(MODERN) is None


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("BDAY:1980-02-29T00:00:00Z", "birthday", date(1980, 2, 29)),
        ("BDAY:--0229", "birthday", None),
        ("BDAY:", "birthday", None),
        ("X-MXSYNC-SUBJECT:Machine 12", "subject", "Machine 12"),
        ("X-MXSYNC-IMPORTANCE:HIGH", "importance", "high"),
        ("X-MXSYNC-FLAG:call", "flagged", True),
        ("CREATED:20260101", "created_on", datetime(2026, 1, 1, tzinfo=UTC)),
        ("CREATED:20260101T100000", "created_on", datetime(2026, 1, 1, 10, tzinfo=UTC)),
        ("EMAIL:<jane@acme.example>", "email", ("jane@acme.example",)),
        ("TEL;TYPE=HOME,FAX:1\r\nTEL;TYPE=FAX:2", "fax", "2"),
        ("URL;TYPE=HOME:https://jane.example", "website", "https://jane.example"),
        ("ORG:Acme;Sales;EMEA", "department", "Sales, EMEA"),
        ("CLASS:CONFIDENTIAL", "sensitivity", "confidential"),
        ("PHOTO:", "photo", None),
    ],
)
def test_single_lines(line: str, name: str, value: Value) -> None:
    assert fields_of("N:Roe;Jane", line)[name] == value


def test_names_are_made_of_parts_and_photos_may_lie_elsewhere() -> None:
    assert fields_of("N:Roe;Jane;Q")["full_name"] == "Jane Q Roe"
    photo = fields_of("FN:x", "PHOTO;VALUE=uri:https://acme.example/jane.jpg")["photo"]
    assert isinstance(photo, Attachment)
    assert (photo.link, photo.name, photo.size) == ("https://acme.example/jane.jpg", "jane.jpg", 0)
    with pytest.raises(BadContent, match="no photo"):
        read_photo(card("FN:x", "PHOTO;VALUE=uri:https://acme.example/jane.jpg"))
    with pytest.raises(BadContent, match="no photo"):
        read_photo(card("FN:x"))


def test_what_is_odd_is_noted() -> None:
    parsed = read_contact(card("FN:x", "no content line", "BDAY:--0229"), UTC)
    assert parsed.notes == (
        "its birthday `--0229` is no date with a year",
        "1 of its lines are no content lines; they are kept and not understood",
    )


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "no BEGIN and END"),
        (APPLE + MODERN, "2 cards"),
        (APPLE[:-12], "breaks off"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "no card"),
        (b"END:VCARD\n", "a BEGIN before it"),
        (b"BEGIN:VCARD\nEND:VCALENDAR\n", "`END:VCARD` was expected"),
    ],
)
def test_what_is_no_card(raw: bytes, sentence: str) -> None:
    with pytest.raises(BadContent, match=sentence):
        read_contact(raw, UTC)


@pytest.mark.parametrize("raw", [OUTLOOK, APPLE, MODERN], ids=["2.1", "3.0", "4.0"])
def test_an_edit_keeps_every_other_line(raw: bytes) -> None:
    changed = edit_contact(raw, {"job_title": "Head, of; \\ Sales"}, {}, "", now=NOW)
    assert read_contact(changed, UTC).fields["job_title"] == "Head, of; \\ Sales"
    kept = [line for line in raw.split(b"\r\n") if not line.startswith(b"REV")]
    assert [line for line in changed.split(b"\r\n") if line in kept] == kept
    assert b"REV:20261123T100000Z" in changed


def test_edits_keep_parameters_groups_and_parts() -> None:
    fields: dict[str, Value] = {
        "email": ("new@acme.example", "jane@acme.example"),
        "business_phone": "777",
        "home_city": "Worcester",
        "first_name": "Joan",
        "website": "https://new.example",
        "categories": ("one, two", "three"),
        "nickname": "J",
        "sensitivity": "normal",
        "notes": "a\nb",
        "fax": "888",
        "street": "3 New Road",
        "department": "Sales",
        "birthday": None,
        "anniversary": date(2010, 6, 1),
    }
    changed = edit_contact(APPLE, fields, {"X": "y"}, "IPM.Contact.Z", now=NOW)
    text = changed.decode()
    assert "EMAIL;TYPE=INTERNET:new@acme.example\r\nitem1.EMAIL;type=INTERNET;type=pref:jane@acme.example\r\n" in text
    assert "item2.TEL;type=pref:777\r\n" in text
    assert "item3.ADR;type=HOME:;;2 Side St;Worcester;;7646;ZA\r\n" in text
    assert "N:Roe;Joan;Q.,R.;Ms.;PhD\r\n" in text
    assert "FN:Jane Roe\r\n" in text, "a name that was not made of the parts stays"
    assert "URL;type=HOME:https://jane.example\r\nURL;type=WORK:https://new.example\r\n" in text
    assert "CLASS:PUBLIC\r\n" in text
    assert 'X-UNKNOWN;X="a;b:c":kept, exactly;\\so\r\n' in text
    found = read_contact(changed, UTC)
    assert {name: found.fields.get(name) for name in fields} == fields
    assert (found.item_class, found.custom["x"]) == ("IPM.Contact.Z", "y")


def test_emptied_fields_are_gone() -> None:
    names = ("email", "business_phone", "mobile_phone", "home_street", "home_city", "home_postal_code", "home_country", "photo",
             "nickname", "website", "categories", "notes", "middle_name", "organisation")  # fmt: skip
    found = read_contact(edit_contact(APPLE, dict.fromkeys(names), {}, "", now=NOW), UTC).fields
    assert [name for name in names if found.get(name)] == ["website"], "a second address shows where the first is gone"
    found = read_contact(
        edit_contact(OUTLOOK, {"photo": None, "organisation": "", "department": ""}, {}, "", now=NOW), UTC
    ).fields
    assert (found["photo"], found.get("organisation")) == (None, None)


def test_a_second_number_stays_when_the_first_is_emptied() -> None:
    two = (
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:J\r\nTEL;TYPE=WORK:1\r\nTEL;TYPE=WORK:2\r\nTEL;TYPE=CELL:3\r\nEND:VCARD\r\n"
    )
    once = edit_contact(two, {"business_phone": None}, {}, "", now=NOW)
    assert read_contact(once, UTC).fields["business_phone"] == "2" and b"TEL;TYPE=CELL:3" in once
    twice = read_contact(edit_contact(once, {"business_phone": ""}, {}, "", now=NOW), UTC).fields
    assert (twice.get("business_phone"), twice["mobile_phone"]) == (None, "3")


def test_the_full_name_follows_the_parts_it_was_made_of() -> None:
    raw = new_contact({"first_name": "Jane", "last_name": "Roe"}, {}, "", uid="u", now=NOW)
    assert read_contact(raw, UTC).fields["full_name"] == "Jane Roe"
    assert read_contact(edit_contact(raw, {"last_name": "Doe"}, {}, "", now=NOW), UTC).fields["full_name"] == "Jane Doe"
    assert read_contact(edit_contact(raw, {"full_name": ""}, {}, "", now=NOW), UTC).fields["full_name"] == "Jane Roe"
    machine = new_contact({"subject": "Machine 12"}, {}, "IPM.Contact.Machine", uid="u", now=NOW)
    assert b"FN:Machine 12\r\n" in machine
    assert (
        read_contact(edit_contact(machine, {"subject": "Machine 13"}, {}, "", now=NOW), UTC).fields["subject"]
        == "Machine 13"
    )
    both = new_contact({"subject": "S", "full_name": "F"}, {}, "", uid="u", now=NOW)
    assert (read_contact(both, UTC).fields["subject"], read_contact(both, UTC).fields["full_name"]) == ("S", "F")
    changed = edit_contact(both, {"subject": "T"}, {}, "", now=NOW)
    assert (read_contact(changed, UTC).fields["subject"], read_contact(changed, UTC).fields["full_name"]) == ("T", "F")
    assert b"FN:x@y.z" in new_contact({"email": ("x@y.z",)}, {}, "", uid="u", now=NOW)
    assert b"FN:?" in new_contact({}, {}, "", uid="u", now=NOW)


def test_phones_that_are_addresses_stay_addresses() -> None:
    changed = edit_contact(MODERN, {"business_phone": "+1-555-0199", "birthday": date(1981, 1, 1)}, {}, "", now=NOW)
    assert b'TEL;TYPE="work,voice";PREF=2:tel:+1-555-0199' in changed
    assert b"BDAY:19810101" in changed
    words = edit_contact(MODERN, {"business_phone": "ask Jane"}, {}, "", now=NOW)
    assert read_contact(words, UTC).fields["business_phone"] == "ask Jane"
    assert edit_contact(MODERN, {"birthday": "no date"}, {}, "", now=NOW) == MODERN


def test_old_cards_are_written_in_their_own_way() -> None:
    changed = edit_contact(OUTLOOK, {"notes": "Zeile 1\nÄ; 2, = 3 " + "x" * 100, "full_name": "plain"}, {}, "", now=NOW)
    joined = changed.replace(b"=\r\n", b"")
    assert b"NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Zeile 1=0D=0A=C3=84\\; 2, =3D=203" in joined
    assert b"\r\nFN:plain\r\n" in changed
    assert read_contact(changed, UTC).fields["notes"] == "Zeile 1\nÄ; 2, = 3 " + "x" * 100
    assert read_contact(changed, UTC).fields["last_name"] == "Müller"


def test_other_encodings_keep_their_bytes() -> None:
    latin = (
        card("FN;CHARSET=ISO-8859-1:J", "NOTE:x", "X-OTHER:y", version="2.1")
        .replace(b"J\r", b"J\xf6rg\r")
        .replace(b"y\r", b"\xff\r")
    )
    assert read_contact(latin, UTC).fields["full_name"] == "Jörg"
    changed = edit_contact(latin, {"notes": "ü"}, {}, "", now=NOW)
    assert b"FN;CHARSET=ISO-8859-1:J\xf6rg\r\n" in changed
    assert b"X-OTHER:\xff\r\n" in changed
    assert read_contact(changed, UTC).fields["notes"] == "ü"
    wide = "\ufeff" + card("FN:Jörg").decode()
    for codec in ("utf-16-le", "utf-16-be", "utf-8"):
        found = edit_contact(wide.encode(codec), {"notes": "ü"}, {}, "", now=NOW)
        assert found.decode(codec).startswith("\ufeffBEGIN")
        assert read_contact(found, UTC).fields["full_name"] == "Jörg"


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60).map(str.strip)
LONG_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], include_characters="\n"), max_size=150
).map(str.strip)
CONTACTS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(
            (
                "first_name",
                "middle_name",
                "last_name",
                "job_title",
                "organisation",
                "department",
                "city",
                "home_city",
                "manager",
            ),
            TEXTS,
        ),
        **dict.fromkeys(("notes", "street", "home_street"), LONG_TEXTS),
        **dict.fromkeys(
            ("business_phone", "mobile_phone", "home_phone", "fax"),
            st.from_regex(r"\+[0-9 ]{3,10}[0-9]", fullmatch=True),
        ),
        "email": st.lists(
            st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.example", fullmatch=True), unique=True, max_size=4
        ).map(tuple),
        "categories": st.lists(TEXTS.filter(bool), unique=True, max_size=4).map(tuple),
        "birthday": st.dates(date(1850, 1, 1)),
        "sensitivity": st.sampled_from(["normal", "private", "confidential", "personal"]),
        "importance": st.sampled_from(["low", "normal", "high"]),
    },
)


@settings(max_examples=80, deadline=None)
@given(first=CONTACTS, second=CONTACTS, version=st.sampled_from(["2.1", "3.0", "4.0"]))
def test_whatever_is_written_is_read_and_edits_touch_nothing_else(
    first: dict[str, Value], second: dict[str, Value], version: str
) -> None:
    raw = new_contact(first, {"A b": "c,d;e"}, "IPM.Contact.X", uid="uid", now=NOW).replace(
        b"VERSION:3.0", f"VERSION:{version}".encode()
    )
    if version == "2.1":
        raw = edit_contact(
            card("FN:?", "X-KEEP:1", version="2.1"), {**first, "uid": "uid"}, {"A b": "c,d;e"}, "IPM.Contact.X", now=NOW
        )
    found = read_contact(raw, UTC)
    assert {name: found.fields.get(name, "") or "" for name in first if name != "birthday"} == {
        name: value or "" for name, value in first.items() if name != "birthday"
    }
    assert (found.custom["a b"], found.item_class, found.fields["uid"]) == ("c,d;e", "IPM.Contact.X", "uid")
    changed = edit_contact(raw, second, {}, "", now=NOW)
    after = read_contact(changed, UTC)
    expected = {**first, **second}
    assert {name: after.fields.get(name) or "" for name in expected} == {
        name: value or "" for name, value in expected.items()
    }
    assert after.custom == found.custom


@given(st.text(max_size=100))
def test_escapes_round_trip(text: str) -> None:
    clean = unescape(escape(text))
    expected = text.replace("\r\n", "\n").replace("\r", "\n")
    assert clean == "".join(c for c in expected if c in "\n\t" or not (c < " " or c == "\x7f"))
    parts = [text.replace("\r", ""), "b", text.replace("\r", "")]
    assert [unescape(part) for part in split_escaped(";".join(escape(part) for part in parts), ";")] == [
        unescape(escape(p)) for p in parts
    ]


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=300), st.sampled_from(["\r\n", "\n"])
)
def test_folding_round_trips(text: str, newline: str) -> None:
    folded = fold("X:" + text, newline)
    assert all(len(line.encode()) <= 75 for line in folded.split(newline))
    (line,) = read_lines(folded).content
    assert line.value == text


def test_content_lines() -> None:
    lines = read_lines('a.TEL;TYPE="x;y",z;X=^n^\'^^;WORK:v:w\n\n:no name\n"\nB C:d\nLAST:e')
    first, last = lines.content
    assert (first.group, first.name, first.value) == ("a", "TEL", "v:w")
    assert first.params == {"TYPE": ["x;y", "z", "WORK"], "X": ['\n"^']}
    assert first.types() == {"x;y", "z", "work"}
    assert (last.name, last.value, last.param("X")) == ("LAST", "e", "")
    assert lines.junk == 3
    lines.insert(6, ["NEW:x"])
    assert lines.render().endswith("LAST:e\nNEW:x\n")
    assert param_value('a"b\n^c, d') == '"a^\'b^n^^c, d"'
    assert read_lines('X;A="open:v').content[0].value == "v"
