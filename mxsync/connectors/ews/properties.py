"""Properties of items and folders: what stands in a shape, a restriction or an update, and in the item's element."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mxsync.connectors.ews.wire import NS, Element, local, t

PS_PUBLIC_STRINGS: Final = "00020329-0000-0000-C000-000000000046"
PSETID_COMMON: Final = "00062008-0000-0000-C000-000000000046"
PSETID_LOG: Final = "0006200A-0000-0000-C000-000000000046"
PSETID_NOTE: Final = "0006200E-0000-0000-C000-000000000046"
OURS: Final = "6D787379-6E63-4D58-8000-6D7873796E63"
"""mxsync's own set of named properties: keys of creations, and what Exchange has no property for."""


@dataclass(frozen=True, slots=True)
class Property:
    """A property with a FieldURI: 'item:Subject' is the element Subject."""

    uri: str

    @property
    def name(self) -> str:
        return self.uri.partition(":")[2]

    def path(self) -> Element:
        return t("FieldURI", FieldURI=self.uri)

    def find(self, item: Element) -> Element | None:
        """Its element in an item's, None where the item has none."""
        return item.find(f"t:{self.name}", NS)

    def put(self, home: Element, value: Element) -> None:
        """Puts its element into an item that is being made."""
        home.append(value)

    def make(self, text: str | None, /, *children: Element) -> Element:
        return t(self.name, text, *children)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a contact's dictionaries: 'contacts:PhoneNumber' with 'HomePhone' is PhoneNumbers/Entry[@Key]; with a
    `part`, 'contacts:PhysicalAddress:City' with 'Home' is PhysicalAddresses/Entry/City."""

    uri: str
    key: str
    home: str
    part: str = ""

    def path(self) -> Element:
        return t("IndexedFieldURI", FieldURI=self.uri, FieldIndex=self.key)

    def find(self, item: Element) -> Element | None:
        entry = item.find(f"t:{self.home}/t:Entry[@Key='{self.key}']", NS)
        return entry.find(f"t:{self.part}", NS) if entry is not None and self.part else entry

    def make(self, text: str | None, /, *children: Element) -> Element:
        """The dictionary with this entry alone."""
        part = t(self.part, text, *children) if self.part else None
        entry = t("Entry", None, part, Key=self.key) if part is not None else t("Entry", text, Key=self.key)
        return t(self.home, None, entry)

    def put(self, home: Element, value: Element) -> None:
        """Into the dictionary that is there already, and the entry of the same key."""
        there = home.find(f"t:{self.home}", NS)
        if there is None:
            home.append(value)
            return
        entry = there.find(f"t:Entry[@Key='{self.key}']", NS)
        if entry is None:
            there.append(value[0])
            return
        entry.append(value[0][0])
        entry[:] = sorted(entry, key=lambda part: ADDRESS_PARTS.index(local(part)))


ADDRESS_PARTS: Final = ("Street", "City", "State", "CountryOrRegion", "PostalCode")
"""In the order of PhysicalAddressDictionaryEntryType."""


@dataclass(frozen=True, slots=True)
class Extended:
    """An extended property (MS-OXWSXPROP): a MAPI tag ('0x300B'), or a named one by set and name or number."""

    type: str
    tag: str = ""
    set: str = ""
    name: str = ""
    number: int = 0

    def path(self) -> Element:
        if self.tag:
            return t("ExtendedFieldURI", PropertyTag=self.tag, PropertyType=self.type)
        if self.name:
            return t("ExtendedFieldURI", PropertySetId=self.set, PropertyName=self.name, PropertyType=self.type)
        return t("ExtendedFieldURI", PropertySetId=self.set, PropertyId=str(self.number), PropertyType=self.type)

    def find(self, item: Element) -> Element | None:
        for found in item.iterfind("t:ExtendedProperty", NS):
            if self._same(found[0]):
                return found
        return None

    def _same(self, uri: Element) -> bool:
        if self.tag:
            written = uri.get("PropertyTag", "")
            return bool(written) and int(written, 0) == int(self.tag, 0)
        if self.name:
            return bool(uri.get("PropertyName", "").lower() == self.name.lower()) and self._same_set(uri)
        return bool(uri.get("PropertyId") == str(self.number)) and self._same_set(uri)

    def _same_set(self, uri: Element) -> bool:
        written = uri.get("PropertySetId", "")
        if written:
            return bool(written.lower() == self.set.lower())
        return bool(_DISTINGUISHED.get(uri.get("DistinguishedPropertySetId", ""), "") == self.set)

    def put(self, home: Element, value: Element) -> None:
        home.append(value)

    def make(self, text: str | None, /, *children: Element) -> Element:
        """With one value, or with the `Value` elements of a list."""
        if self.type.endswith("Array"):
            return t("ExtendedProperty", None, self.path(), t("Values", None, *children))
        return t("ExtendedProperty", None, self.path(), t("Value", text or ""))


_DISTINGUISHED: Final = {"PublicStrings": PS_PUBLIC_STRINGS, "Common": PSETID_COMMON}
"""An Exchange answers with the short name of a set that it knows one for."""

Path = Property | Entry | Extended

PARENT: Final = Property("item:ParentFolderId")
ITEM_CLASS: Final = Property("item:ItemClass")
BODY: Final = Property("item:Body")
IS_DRAFT: Final = Property("item:IsDraft")
RECEIVED: Final = Property("item:DateTimeReceived")
SENT: Final = Property("item:DateTimeSent")
CREATED: Final = Property("item:DateTimeCreated")
MODIFIED: Final = Property("item:LastModifiedTime")
START: Final = Property("calendar:Start")
MODIFIED_OCCURRENCES: Final = Property("calendar:ModifiedOccurrences")
DELETED: Final = Property("calendar:DeletedOccurrences")
ATTACHMENTS: Final = Property("item:Attachments")
HEADERS: Final = Extended("String", tag="0x007D")
"""PidTagTransportMessageHeaders: the head of a mail as it came."""
MESSAGE_FLAGS: Final = Extended("Integer", tag="0x0E07")
"""PidTagMessageFlags: 1 read, 8 not sent. Set when a message is made, it keeps it from being a draft."""
SEARCH_KEY: Final = Extended("Binary", tag="0x300B")
"""PidTagSearchKey: the same in a copy, and kept by a move."""
KEY: Final = Extended("String", set=OURS, name="key")
"""The key of the call that made an item, so that a repeated call finds it."""
SETTLING: Final = Extended("String", set=OURS, name="settling")
"""Which call is making the occurrences of a series what they are to be, so that a repeated one goes on."""
NAMES: Final = Extended("StringArray", set=OURS, name="names")
"""The names of the custom properties that mxsync has written: Exchange lists none by itself."""
COMMIT_TIME: Final = Extended("SystemTime", tag="0x670A")
"""PidTagLocalCommitTimeMax of a folder: when something in it changed last (MS-OXCFOLD 2.2.2.2.1.14)."""
HIDDEN: Final = Extended("Boolean", tag="0x10F4")
"""PidTagAttributeHidden of a folder: no program shows it (the recipients that Outlook remembers, and the like)."""
DELETED_COUNT: Final = Extended("Integer", tag="0x670B")
"""PidTagDeletedCountTotal of a folder."""


def custom(name: str) -> Extended:
    """A custom property of a form: a text among the public strings."""
    return Extended("String", set=PS_PUBLIC_STRINGS, name=name)
