"""The official schemas: where they are, validation, and the order in which a type's elements must stand."""

from __future__ import annotations

import os
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from lxml import etree

VARIABLE: Final = "MXSYNC_EWS_SCHEMAS"
SCHEMAS: Final = f"the schemas of Exchange Web Services (messages.xsd, types.xsd) where {VARIABLE} points, or in ../shared/contracts/ews"
XS: Final = "{http://www.w3.org/2001/XMLSchema}"
T: Final = "http://schemas.microsoft.com/exchange/services/2006/types"
M: Final = "http://schemas.microsoft.com/exchange/services/2006/messages"
S: Final = "http://schemas.xmlsoap.org/soap/envelope/"
E: Final = "http://schemas.microsoft.com/exchange/services/2006/errors"


def find_schemas() -> Path | None:
    """The folder of the schemas, None where there is none."""
    named = os.environ.get(VARIABLE)
    beside = Path(__file__).resolve().parents[4] / "shared" / "contracts" / "ews"
    for folder in (Path(named) if named else None, beside):
        if folder is not None and (folder / "messages.xsd").is_file():
            return folder
    return None


def safe_parser() -> etree.XMLParser:
    """A parser that expands no entities and loads nothing."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)


class Schemas:
    """Both schemas, compiled once a process."""

    def __init__(self, folder: Path) -> None:
        self._schema = etree.XMLSchema(etree.parse(str(folder / "messages.xsd")))
        self._types: dict[str, etree._Element] = {}
        self._groups: dict[str, etree._Element] = {}
        self._headers = etree.XMLSchema(etree.parse(str(folder / "types.xsd")))
        for name in ("types.xsd", "messages.xsd"):
            root = etree.parse(str(folder / name)).getroot()
            prefix = "t" if name == "types.xsd" else "m"
            for node in root.findall(f"{XS}complexType"):
                self._types[f"{prefix}:{node.get('name')}"] = node
            for node in root.findall(f"{XS}group"):
                self._groups[f"{prefix}:{node.get('name')}"] = node
            if prefix == "m":
                found = root.find(f"{XS}simpleType[@name='ResponseCodeType']")
                assert found is not None
                self.codes = tuple(node.get("value") for node in found.iter(f"{XS}enumeration"))

    def faults(self, element: etree._Element) -> str:
        """What is wrong with a message (or a header), '' for nothing."""
        copy = etree.fromstring(etree.tostring(element), safe_parser())
        schema = self._headers if etree.QName(element).namespace == T else self._schema
        if schema.validate(copy):
            return ""
        return "; ".join(f"{entry.line}: {entry.message}" for entry in schema.error_log)

    @cache  # noqa: B019  (one object for the life of the process)
    def children(self, type_name: str) -> tuple[str, ...]:
        """The names of a type's elements, in the order of its sequence, those of its base first."""
        found: list[str] = []
        node = self._types[type_name]
        extension = node.find(f".//{XS}extension")
        if extension is not None and (base := extension.get("base", "")) in self._types:
            found += self.children(base)
        for child in node.iter(f"{XS}element", f"{XS}group"):
            if child.tag == f"{XS}group":
                group = self._groups[child.get("ref")]
                found += [each.get("name") for each in group.iter(f"{XS}element")]
            elif child.get("name"):
                found.append(child.get("name"))
        return tuple(found)

    @cache  # noqa: B019
    def child_types(self, type_name: str) -> dict[str, str]:
        """Element name to its type, for the elements of a type."""
        node = self._types[type_name]
        extension = node.find(f".//{XS}extension")
        found = (
            dict(self.child_types(extension.get("base")))
            if extension is not None and extension.get("base") in self._types
            else {}
        )
        found.update({each.get("name"): each.get("type", "") for each in node.iter(f"{XS}element") if each.get("name")})
        return found

    def sort(self, element: etree._Element, type_name: str) -> etree._Element:
        """Puts the children of an element in the order of its type."""
        order = {name: index for index, name in enumerate(self.children(type_name))}
        element[:] = sorted(element, key=lambda child: order[etree.QName(child).localname])
        return element


@lru_cache(maxsize=1)
def schemas() -> Schemas:
    """The schemas of this process. Only where `find_schemas` finds them."""
    folder = find_schemas()
    assert folder is not None, f"needs {SCHEMAS}"
    return Schemas(folder)


TYPE_OF: Final = {
    "Item": "t:ItemType",
    "Message": "t:MessageType",
    "CalendarItem": "t:CalendarItemType",
    "Contact": "t:ContactItemType",
    "DistributionList": "t:DistributionListType",
    "MeetingRequest": "t:MeetingRequestMessageType",
    "MeetingResponse": "t:MeetingResponseMessageType",
    "MeetingCancellation": "t:MeetingCancellationMessageType",
    "Task": "t:TaskType",
    "PostItem": "t:PostItemType",
    "Folder": "t:FolderType",
    "CalendarFolder": "t:CalendarFolderType",
    "ContactsFolder": "t:ContactsFolderType",
    "TasksFolder": "t:TasksFolderType",
    "SearchFolder": "t:SearchFolderType",
}


def t(name: str, text: str | None = None, /, *children: etree._Element, **attributes: str) -> etree._Element:
    """An element of the types' namespace."""
    return _make(T, name, text, children, attributes)


def m(name: str, text: str | None = None, /, *children: etree._Element, **attributes: str) -> etree._Element:
    """An element of the messages' namespace."""
    return _make(M, name, text, children, attributes)


def _make(
    space: str, name: str, text: str | None, children: tuple[etree._Element, ...], attributes: dict[str, str]
) -> etree._Element:
    element = etree.Element(f"{{{space}}}{name}", attributes, nsmap={"t": T, "m": M})
    element.text = text
    element.extend(children)
    return element


def local(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return str(etree.QName(element).localname)
