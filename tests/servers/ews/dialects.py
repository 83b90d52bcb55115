"""The same answers in the words of another server: other prefixes, other spellings of a Boolean, nothing that may be
left out, and remarks in between."""

from __future__ import annotations

from typing import Final

from lxml import etree

from tests.servers.ews.schemas import M, S, T, local

_PREFIXES: Final = {"soapenv": S, "ns1": T, None: M}
_BOOLEANS: Final = frozenset((
    "IncludesLastItemInRange", "IncludesLastFolderInRange", "IsRead", "IsDraft", "HasAttachments", "IsAllDayEvent", "IsInline",
    "IsContactPhoto", "HasPicture", "ReminderIsSet", "IsCancelled", "MoreEvents",
))  # fmt: skip
_MAY_BE_ABSENT: Final = frozenset(("Changes", "Folders", "Items", "Attachments"))
"""Lists that an answer need not have where they are empty."""
_WORDS: Final = {"true": "1", "false": "0"}


def otherwise(raw: bytes) -> bytes:
    """An envelope, said otherwise."""
    envelope = etree.fromstring(raw)
    for header in envelope.findall(f"{{{S}}}Header"):
        envelope.remove(header)
    for element in list(envelope.iter()):
        name = local(element)
        if name in _MAY_BE_ABSENT and not len(element) and element.getparent() is not None:
            element.getparent().remove(element)
        if name in _BOOLEANS and element.text in _WORDS:
            element.text = _WORDS[element.text]
        if name == "RootFolder":
            element.attrib.pop("IndexedPagingOffset", None)
            last = element.get("IncludesLastItemInRange")
            if last is not None:
                element.set("IncludesLastItemInRange", _WORDS[last])
    said = etree.Element(envelope.tag, nsmap=_PREFIXES)
    _copy(envelope, said)
    return etree.tostring(said, encoding="utf-16", xml_declaration=True)


def _copy(source: etree._Element, target: etree._Element) -> None:
    target.text = source.text
    for child in source:
        if local(child) in ("Body", "ResponseMessages", "Items"):
            target.append(etree.Comment(" a remark "))
            target.append(etree.ProcessingInstruction("a", "remark"))
        _copy(child, etree.SubElement(target, child.tag, dict(child.attrib)))
