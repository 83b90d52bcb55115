"""Contact fields → a card: a new one (vCard 3.0, which every program reads), or changes in one that is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from mxsync.extract.calendar_values import format_moment
from mxsync.extract.component_edit import ComponentEdit, word_list
from mxsync.extract.contentlines import ContentLine, split_escaped, unescape
from mxsync.extract.vcard import (
    ADR_PARTS,
    DATES,
    HOME_PARTS,
    N_PARTS,
    SIMPLE,
    address_line,
    phone_lines,
    read_card_file,
)
from mxsync.model.item import Value

_PHONE_HEADS = {
    "business_phone": "TEL;TYPE=WORK,VOICE",
    "home_phone": "TEL;TYPE=HOME,VOICE",
    "mobile_phone": "TEL;TYPE=CELL",
    "fax": "TEL;TYPE=WORK,FAX",
}


def new_contact(
    fields: Mapping[str, Value], custom: Mapping[str, Value], item_class: str, *, uid: str, now: datetime
) -> bytes:
    """A card with those fields. `uid` stays with it for ever."""
    name = str(fields.get("full_name") or "") or " ".join(
        str(fields[part]) for part in ("first_name", "middle_name", "last_name") if fields.get(part)
    )
    name = name or str(fields.get("subject") or fields.get("organisation") or "") or _first_email(fields) or "?"
    skeleton = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:;;;;\r\nEND:VCARD\r\n"
    given = {**fields, "full_name": name, "uid": fields.get("uid") or uid}
    if given.get("subject") == name:
        given.pop("subject", None)
    return edit_contact(skeleton.encode(), given, custom, item_class, now=now)


def _first_email(fields: Mapping[str, Value]) -> str:
    return next(iter(word_list(fields.get("email"))), "")


def edit_contact(
    raw: bytes, fields: Mapping[str, Value], custom: Mapping[str, Value], item_class: str, *, now: datetime
) -> bytes:
    """The card with the given fields changed and every other line as it was. Raises `BadContent`."""
    file, card = read_card_file(raw)
    version = card.first_of("VERSION")
    edit = ComponentEdit(file, card, version.value.strip() if version is not None else "3.0")
    fields = _with_full_name(edit, fields)
    for name, names in SIMPLE.items():
        if name in fields:
            edit.put_text(names, fields[name])
    _structured(edit, card.first_of("N"), "N", N_PARTS, fields)
    _organisation(edit, fields)
    for name, head in _PHONE_HEADS.items():
        if name in fields:
            _phone(edit, name, head, str(fields[name] or ""))
    if "email" in fields:
        _emails(edit, word_list(fields["email"]))
    _structured(edit, address_line(card, False), "ADR;TYPE=WORK", ADR_PARTS, fields)
    _structured(edit, address_line(card, True), "ADR;TYPE=HOME", HOME_PARTS, fields)
    for name, names in DATES.items():
        if name in fields:
            _date(edit, names, fields[name])
    _single(edit, fields)
    if "nickname" in fields:
        words = [edit.text(word.strip()) for word in str(fields["nickname"] or "").split(",") if word.strip()]
        edit.put_all("NICKNAME", ["NICKNAME:" + ",".join(words)] if words else [])
    if "categories" in fields:
        edit.put_categories(fields["categories"])
    if "photo" in fields and not fields["photo"]:
        edit.drop("PHOTO")
    edit.put_custom(custom)
    edit.put_class(item_class)
    if file.lines.edits:
        edit.put_text(("REV",), format_moment(now))
    return file.render()


def _with_full_name(edit: ComponentEdit, fields: Mapping[str, Value]) -> dict[str, Value]:
    """FN must be there, and follows the parts of the name where it was made of them."""
    found = dict(fields)
    if "notes" not in found and "body" in found:
        found["notes"] = found["body"]
    line = edit.component.first_of("FN")
    before = unescape(line.value).strip() if line is not None else ""
    if "subject" in found and "full_name" not in found and edit.component.first_of("X-MXSYNC-SUBJECT") is None:
        found["full_name"] = found.pop("subject")
    if "full_name" in found:
        found["full_name"] = found["full_name"] or before or "?"
        return found
    if found.keys() & set(N_PARTS):
        name = edit.component.first_of("N")
        parts = [unescape(part).strip() for part in split_escaped(name.value, ";")] if name is not None else []
        old = dict(zip(N_PARTS, parts, strict=False))
        shown = ("first_name", "middle_name", "last_name")
        if before in ("", "?", " ".join(filter(None, (old.get(part, "") for part in shown)))):
            words = (str(found.get(part, old.get(part, "")) or "") for part in shown)
            found["full_name"] = " ".join(filter(None, words)) or before or "?"
    return found


def _structured(
    edit: ComponentEdit, line: ContentLine | None, head: str, names: Sequence[str], fields: Mapping[str, Value]
) -> None:
    """Some components of N or ADR; those not named stay as they are written."""
    if not any(name and name in fields for name in names):
        return
    parts = split_escaped(line.value, ";") if line is not None else []
    parts += [""] * (len(names) - len(parts))
    for index, name in enumerate(names):
        if name and name in fields:
            parts[index] = edit.text(str(fields[name] or ""))
    if any(parts) or head == "N":
        edit.put(line, head, ";".join(parts))
    else:
        edit.put(line, head, "")


def _organisation(edit: ComponentEdit, fields: Mapping[str, Value]) -> None:
    if not fields.keys() & {"organisation", "department"}:
        return
    line = edit.component.first_of("ORG")
    parts = split_escaped(line.value, ";") if line is not None else [""]
    if "organisation" in fields:
        parts[0] = edit.text(str(fields["organisation"] or ""))
    if "department" in fields:
        department = str(fields["department"] or "")
        parts[1:] = [edit.text(department)] if department else []
    edit.put(line, "ORG", ";".join(parts) if any(parts) else "")


def _phone(edit: ComponentEdit, name: str, head: str, number: str) -> None:
    lines = [line for field, line in phone_lines(edit.component) if field == name]
    if not number:
        for line in lines[:1]:  # a further number of the kind was not meant: it is the one that shows from now on
            edit.put(line, head, "")
    elif not lines:
        edit.add([edit.line(head, edit.text(number))])
    else:
        first = lines[0]
        uri = first.value.lower().startswith("tel:")
        if uri and all(character in "+-.()0123456789" for character in number):
            edit.put(first, head, f"tel:{number}")
            return
        edit.put(first, head, edit.text(number))


def _emails(edit: ComponentEdit, addresses: list[str]) -> None:
    """Addresses that stay keep the parameters of their line."""
    heads: dict[str, str] = {}
    for line in edit.component.every("EMAIL"):
        address = unescape(line.value).strip().removeprefix("mailto:").strip("<> ")
        heads.setdefault(address, edit.head(line))
    if list(heads) != addresses:
        lines = [edit.line(heads.get(address, "EMAIL;TYPE=INTERNET"), edit.text(address)) for address in addresses]
        edit.put_all("EMAIL", lines)


def _date(edit: ComponentEdit, names: Sequence[str], value: Value) -> None:
    if not isinstance(value, date):
        if not value:
            edit.drop(*names)
        return
    day = value.date() if isinstance(value, datetime) else value
    text = f"{day.year:04}-{day.month:02}-{day.day:02}"
    known = edit.component.first_of(*names)
    name = names[1] if edit.version != "4.0" and len(names) > 1 else names[0]
    edit.put(known, name, text.replace("-", "") if edit.version == "4.0" else text)


def _single(edit: ComponentEdit, fields: Mapping[str, Value]) -> None:
    if "website" in fields:
        lines = list(edit.component.every("URL"))
        shown = next((line for line in lines if "home" not in line.types()), lines[0] if lines else None)
        edit.put(shown, "URL", str(fields["website"] or "").replace("\n", " "))
    if "subject" in fields:
        edit.put_text(("X-MXSYNC-SUBJECT",), fields["subject"])
    if "sensitivity" in fields:
        edit.put_sensitivity(fields["sensitivity"])
    if "importance" in fields:
        importance = str(fields["importance"] or "normal")
        edit.put_text(("X-MXSYNC-IMPORTANCE",), "" if importance == "normal" else importance)
    if "flag" in fields or "flagged" in fields:
        flag = fields.get("flag") or ("flagged" if fields.get("flagged") else "")
        edit.put_text(("X-MXSYNC-FLAG",), flag)
    if "uid" in fields and edit.component.first_of("UID") is None:
        edit.put_text(("UID",), fields["uid"])
