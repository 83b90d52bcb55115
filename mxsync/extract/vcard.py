"""A card (vCard 2.1, RFC 2426 for 3.0, RFC 6350 for 4.0) → the fields of a contact."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, tzinfo
from typing import Final

from mxsync.errors import BadContent
from mxsync.extract.calendar_values import parse_date_or_time
from mxsync.extract.components import Component, ComponentFile, read_components
from mxsync.extract.contentlines import ContentLine, split_escaped, unescape
from mxsync.extract.parsed import CLASS_OF_KIND, CustomFields, Parsed, given_name
from mxsync.model.item import Address, Attachment, Kind, Value

N_PARTS: Final = ("last_name", "first_name", "middle_name", "honorific", "suffix")
ADR_PARTS: Final = ("", "", "street", "city", "region", "postal_code", "country")
HOME_PARTS: Final = ("", "", "home_street", "home_city", "", "home_postal_code", "home_country")
SIMPLE: Final[Mapping[str, tuple[str, ...]]] = {
    "full_name": ("FN",),
    "job_title": ("TITLE",),
    "notes": ("NOTE",),
    "manager": ("X-MANAGER", "X-MS-MANAGER", "X-EVOLUTION-MANAGER"),
    "assistant": ("X-ASSISTANT", "X-MS-ASSISTANT", "X-EVOLUTION-ASSISTANT"),
}
"""Fields that are one line's text; the first name is the one that is written."""
DATES: Final[Mapping[str, tuple[str, ...]]] = {
    "birthday": ("BDAY",),
    "anniversary": ("ANNIVERSARY", "X-ANNIVERSARY", "X-MS-ANNIVERSARY", "X-EVOLUTION-ANNIVERSARY"),
}
SENSITIVITY: Final = {"public": "normal", "private": "private", "confidential": "confidential", "personal": "personal"}
CUSTOM_PREFIX: Final = "X-MXSYNC-CUSTOM-"
CLASS_NAME: Final = "X-MXSYNC-CLASS"
_IMAGES: Final = {"jpeg": "image/jpeg", "jpg": "image/jpeg", "png": "image/png", "gif": "image/gif"}


def read_card_file(raw: bytes) -> tuple[ComponentFile, Component]:
    """The file and its one card. Raises `BadContent` where there is none, or several."""
    file = read_components(raw)
    cards = [component for component in file.components if component.name == "VCARD"]
    if not cards:
        raise BadContent(f"it is no card: it holds `BEGIN:{file.components[0].name[:40]}`")
    if len(cards) > 1 or len(file.components) > 1:
        raise BadContent(f"it holds {len(cards)} cards, and one file holds one item: put each in a file of its own")
    return file, cards[0]


def read_contact(raw: bytes, zone: tzinfo, given: Mapping[str, Value] | None = None) -> Parsed:
    """The contact in a card; `zone` is for moments that name none. Raises `BadContent`."""
    file, card = read_card_file(raw)
    notes: list[str] = []
    fields: dict[str, Value] = {"size": len(raw), "sensitivity": "normal", "importance": "normal"}
    fields.update(given or {})
    for name, names in SIMPLE.items():
        line = card.first_of(*names)
        if line is not None:
            fields[name] = _text(line)
    _names(card, fields)
    _organisation(card, fields)
    for name, value in phones(card):
        fields.setdefault(name, value)
    fields["email"] = tuple(dict.fromkeys(address for line in card.every("EMAIL") if (address := _address(line))))
    _addresses(card, fields)
    for name, names in DATES.items():
        line = card.first_of(*names)
        if line is not None:
            fields[name] = _day(line, name, notes)
    url = next((line for line in card.every("URL") if "home" not in line.types()), card.first_of("URL"))
    if url is not None:
        fields["website"] = _text(url)
    fields["nickname"] = ", ".join(read_words(card, "NICKNAME"))
    fields["categories"] = tuple(dict.fromkeys(read_words(card, "CATEGORIES")))
    fields["photo"] = _photo(card)
    fields["attachments"] = ()
    fields["subject"] = _first(card, "X-MXSYNC-SUBJECT") or fields.get("full_name", "")
    fields["body"] = fields.setdefault("notes", "")
    fields["uid"] = _first(card, "UID").removeprefix("urn:uuid:")
    fields["sensitivity"] = SENSITIVITY.get(_first(card, "CLASS").lower(), "normal")
    fields["importance"] = _first(card, "X-MXSYNC-IMPORTANCE").lower() or "normal"
    fields["flag"] = _first(card, "X-MXSYNC-FLAG")
    fields["flagged"] = bool(fields["flag"])
    _moments(card, fields, zone)
    item_class = _first(card, CLASS_NAME)
    fields["class"] = item_class or CLASS_OF_KIND[Kind.CONTACT]
    if file.lines.junk:
        notes.append(f"{file.lines.junk} of its lines are no content lines; they are kept and not understood")
    return Parsed(Kind.CONTACT, fields, {}, read_custom(card), item_class, tuple(notes))


def read_custom(component: Component) -> CustomFields:
    """The named properties of a card or a calendar component."""
    return CustomFields(
        (given_name(line.name[len(CUSTOM_PREFIX) :]), unescape(line.value))
        for line in component.lines
        if line.name.startswith(CUSTOM_PREFIX)
    )


def _text(line: ContentLine) -> str:
    return unescape(line.value).strip()


def _first(card: Component, *names: str) -> str:
    line = card.first_of(*names)
    return _text(line) if line is not None else ""


def read_words(component: Component, name: str) -> Iterator[str]:
    """The words of every comma-separated line of that name (CATEGORIES, NICKNAME)."""
    for line in component.every(name):
        for part in split_escaped(line.value, ","):
            text = unescape(part).strip()
            if text:
                yield text


def _name_parts(card: Component, line: ContentLine) -> list[str]:
    """The components of N. From vCard 3.0 on, each may be a list, which is joined with a space."""
    version = card.first_of("VERSION")
    parts = split_escaped(line.value, ";")
    if version is not None and version.value.strip() == "2.1":
        return [unescape(part).strip() for part in parts]
    return [" ".join(filter(None, (unescape(word).strip() for word in split_escaped(part, ",")))) for part in parts]


def _names(card: Component, fields: dict[str, Value]) -> None:
    line = card.first_of("N")
    if line is not None:
        fields.update({name: text for name, text in zip(N_PARTS, _name_parts(card, line), strict=False) if text})
    if not fields.get("full_name"):
        words = (fields.get("first_name"), fields.get("middle_name"), fields.get("last_name"))
        fields["full_name"] = " ".join(str(word) for word in words if word)


def _organisation(card: Component, fields: dict[str, Value]) -> None:
    line = card.first_of("ORG")
    if line is None:
        return
    parts = [unescape(part).strip() for part in split_escaped(line.value, ";")]
    fields["organisation"] = parts[0]
    fields["department"] = ", ".join(part for part in parts[1:] if part)


def phone_field(line: ContentLine) -> str:
    """The field that a TEL line fills; '' for a pager, a modem and the like."""
    types = line.types()
    if types & {"fax"} or any(word.endswith("fax") for word in types):
        return "fax"
    if types & {"cell", "iphone", "mobile"}:
        return "mobile_phone"
    if "home" in types:
        return "home_phone"
    if types & {"pager", "modem", "isdn", "bbs", "textphone", "car"}:
        return ""
    return "business_phone"


def phone_lines(card: Component) -> Iterator[tuple[str, ContentLine]]:
    """Each TEL line with the field it fills: the preferred one of a field first, a fax at work before one at home."""
    lines = [(phone_field(line), line) for line in card.every("TEL")]
    yield from sorted((pair for pair in lines if pair[0]), key=lambda pair: _rank(pair[1]))


def _rank(line: ContentLine) -> tuple[bool, bool]:
    types = line.types()
    return ("home" in types and "fax" in types, not ("pref" in types or bool(line.param("PREF"))))


def phones(card: Component) -> Iterator[tuple[str, str]]:
    """Field and number as it is written, without `tel:` and its parameters (RFC 3966)."""
    for name, line in phone_lines(card):
        text = _text(line)
        if text.lower().startswith("tel:"):
            text = text[4:].partition(";")[0]
        if text:
            yield name, text


def _address(line: ContentLine) -> str:
    text = _text(line)
    return (text[7:] if text.lower().startswith("mailto:") else text).strip("<> ")


def address_line(card: Component, home: bool) -> ContentLine | None:
    """The ADR line of the one at home, or of the one at work (any that is not at home)."""
    lines = [line for line in card.every("ADR") if ("home" in line.types() and "work" not in line.types()) == home]
    return min(lines, key=_rank, default=None)


def _addresses(card: Component, fields: dict[str, Value]) -> None:
    for home, names in ((False, ADR_PARTS), (True, HOME_PARTS)):
        line = address_line(card, home)
        if line is None:
            continue
        parts = [unescape(part).strip() for part in split_escaped(line.value, ";")]
        for name, text in zip(names, parts, strict=False):
            if name and text:
                fields[name] = text


def _day(line: ContentLine, name: str, notes: list[str]) -> date | None:
    text = _text(line)
    if not text:
        return None
    found = parse_date_or_time(text)
    if isinstance(found, datetime):
        return found.date()
    if found is None:
        notes.append(f"its {name} `{text[:40]}` is no date with a year")
    return found


def _photo(card: Component) -> Attachment | None:
    """The photo without its bytes: part 'photo'."""
    line = card.first_of("PHOTO")
    if line is None or not line.value.strip():
        return None
    link, kind, content = photo_content(line)
    if link:
        return Attachment("photo", link.rpartition("/")[2], kind, link=link)
    digest = hashlib.sha256(content).hexdigest()
    return Attachment("photo", f"photo.{kind.partition('/')[2]}", kind, len(content), digest, inline=True)


def photo_content(line: ContentLine) -> tuple[str, str, bytes]:
    """(link, content type, bytes) of a PHOTO: base64 (2.1, 3.0), a data: address (4.0), or an address elsewhere."""
    value = line.value.strip()
    kind = next((_IMAGES[word] for word in line.types() if word in _IMAGES), line.param("MEDIATYPE") or "image/jpeg")
    if value[:5].lower() == "data:":
        head, _, data = value[5:].partition(",")
        return "", head.partition(";")[0].replace("\\", "") or kind, _bytes(data)
    if line.param("VALUE").lower() in ("uri", "url") or value[:8].lower().startswith(("http://", "https://")):
        return unescape(value), kind, b""
    return "", kind, line.binary()


def _bytes(data: str) -> bytes:
    from mxsync.extract.encoded_words import unbase64

    return unbase64(data.encode("utf-8", "replace"))


def read_photo(raw: bytes) -> bytes:
    """The bytes of the photo of a card. Raises `BadContent` where there is none in it."""
    line = read_card_file(raw)[1].first_of("PHOTO")
    content = photo_content(line)[2] if line is not None else b""
    if not content:
        raise BadContent("it has no photo in it")
    return content


def card_person(raw: bytes) -> tuple[str, Address] | None:
    """UID and first address of a card, for what refers to it by RELATED-TO; None where it has no UID."""
    parsed = read_contact(raw, _utc())
    uid = parsed.fields.get("uid")
    email = parsed.fields.get("email")
    address = str(email[0]) if isinstance(email, tuple) and email else ""
    return (uid, Address(str(parsed.fields.get("full_name") or ""), address)) if isinstance(uid, str) and uid else None


def _utc() -> tzinfo:
    from datetime import UTC

    return UTC


def _moments(card: Component, fields: dict[str, Value], zone: tzinfo) -> None:
    """REV and, from iCalendar practice, CREATED. The later of REV and what was given counts as modified."""
    for name, names in (("modified_on", ("REV",)), ("created_on", ("CREATED", "X-CREATED"))):
        found = parse_date_or_time(_first(card, *names))
        if found is None:
            continue
        moment = found if isinstance(found, datetime) else datetime(found.year, found.month, found.day, tzinfo=zone)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        before = fields.get(name)
        if not (isinstance(before, datetime) and name == "modified_on" and before > moment):
            fields[name] = moment
