"""The fields that items of all kinds have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mxsync.connectors.ews.codecs import (
    IMPORTANCE,
    SENSITIVITY,
    Change,
    put_text,
    put_texts,
    read_moment,
    read_number,
    read_text,
    read_texts,
    tuple_of,
    word,
)
from mxsync.connectors.ews.properties import (
    BODY,
    CREATED,
    IS_DRAFT,
    ITEM_CLASS,
    MODIFIED,
    PSETID_COMMON,
    RECEIVED,
    SENT,
    Extended,
    Path,
    Property,
)
from mxsync.connectors.ews.wire import Element, t, text_of
from mxsync.model.item import Value

SUBJECT: Final = Property("item:Subject")
SENSITIVE: Final = Property("item:Sensitivity")
IMPORTANT: Final = Property("item:Importance")
CATEGORIES: Final = Property("item:Categories")
SIZE: Final = Property("item:Size")
FLAG: Final = Property("item:Flag")
HAS_ATTACHMENTS: Final = Property("item:HasAttachments")
FLAG_TEXT: Final = Extended("String", set=PSETID_COMMON, number=0x8530)
"""PidLidFlagRequest: what the flag asks for."""
CONTACTS: Final = Extended("StringArray", set=PSETID_COMMON, number=0x853A)
"""PidLidContacts: the names of linked contacts."""
COMPANIES: Final = Extended("StringArray", set=PSETID_COMMON, number=0x8539)
"""PidLidCompanies."""

PATHS: Final[tuple[Path, ...]] = (
    ITEM_CLASS, SUBJECT, SENSITIVE, IMPORTANT, CATEGORIES, SIZE, FLAG, FLAG_TEXT, HAS_ATTACHMENTS, IS_DRAFT, CREATED,
    MODIFIED, RECEIVED, SENT, CONTACTS, COMPANIES,
)  # fmt: skip


def read_common(item: Element) -> dict[str, Value]:
    """subject, sensitivity, importance, categories, flag, flagged, size, created_on, modified_on, class."""
    text = read_text(FLAG_TEXT.find(item))
    flagged = text_of(FLAG.find(item), "t:FlagStatus") == "Flagged"
    return {
        "subject": " ".join(read_text(SUBJECT.find(item)).split()),
        "sensitivity": word(SENSITIVITY, SENSITIVE.find(item), "normal"),
        "importance": word(IMPORTANCE, IMPORTANT.find(item), "normal"),
        "categories": read_texts(CATEGORIES.find(item)),
        "flagged": flagged,
        "flag": (text or "flagged") if flagged else "",
        "size": read_number(SIZE.find(item)) or 0,
        "created_on": read_moment(CREATED.find(item)),
        "modified_on": read_moment(MODIFIED.find(item)),
        "class": read_text(ITEM_CLASS.find(item)),
    }


def write_common(fields: Mapping[str, Value]) -> list[Change]:
    """The changes for the fields of all kinds that are given."""
    changes: list[Change] = []
    if "subject" in fields:
        changes.append(put_text(SUBJECT, fields["subject"]))
    if "body" in fields:
        text = str(fields["body"] or "")
        changes.append((BODY, t("Body", text, BodyType="Text")))
    for name, path, words in (("sensitivity", SENSITIVE, SENSITIVITY), ("importance", IMPORTANT, IMPORTANCE)):
        if name in fields:
            changes.append((path, path.make(words.get(str(fields[name] or "normal").lower(), "Normal"))))
    if "categories" in fields:
        words_ = list(dict.fromkeys(str(each) for each in tuple_of(fields["categories"]) if each))
        changes.append(put_texts(CATEGORIES, words_))
    if "flag" in fields or "flagged" in fields:
        text = str(fields.get("flag") or ("flagged" if fields.get("flagged") else ""))
        text = "flagged" if text == "True" else text
        changes.append((FLAG, t("Flag", None, t("FlagStatus", "Flagged" if text else "NotFlagged"))))
        changes.append(put_text(FLAG_TEXT, "" if text == "flagged" else text))
    return changes
