"""Which kind of item a message class stands for (MS-OXOMSG and the other MS-OXO documents)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mxsync.extract.parsed import CLASS_OF_KIND
from mxsync.model.item import Kind

_BY_CLASS: Final = {item_class.lower(): kind for kind, item_class in CLASS_OF_KIND.items()}
_BY_FOLDER: Final = {
    "ipf.contact": Kind.CONTACT,
    "ipf.appointment": Kind.APPOINTMENT,
    "ipf.task": Kind.TASK,
    "ipf.journal": Kind.JOURNAL,
    "ipf.stickynote": Kind.NOTE,
}
FOLDER_CLASS: Final[Mapping[Kind, str]] = {
    Kind.MAIL: "IPF.Note",
    Kind.POST: "IPF.Note",
    Kind.CONTACT: "IPF.Contact",
    Kind.APPOINTMENT: "IPF.Appointment",
    Kind.TASK: "IPF.Task",
    Kind.JOURNAL: "IPF.Journal",
    Kind.NOTE: "IPF.StickyNote",
}
TAG: Final[Mapping[Kind, str]] = {
    Kind.MAIL: "Message",
    Kind.POST: "PostItem",
    Kind.CONTACT: "Contact",
    Kind.APPOINTMENT: "CalendarItem",
    Kind.TASK: "Task",
    Kind.JOURNAL: "Message",
    Kind.NOTE: "Message",
}
"""The element that an item of a kind is made with. Journals and notes have none of their own."""
_NO_ITEMS: Final = (
    "ipm.schedule.meeting",  # requests, cancellations and responses: Exchange works on them itself
    "ipm.notification.meeting",
    "ipm.distlist",
    "ipm.conflict",
    "ipm.taskrequest",
    "ipm.replication",
    "ipm.outlook.recall",
    "ipm.microsoft.",
    "ipm.configuration",
    "ipm.skypeteams",
    "ipm.abchperson",
    "report.",
)
_PROTECTED: Final[Mapping[str, str]] = {
    "ipm.note.smime": "it is encrypted (S/MIME)",
    "ipm.note.rpmsg": "it is protected by rights management",
    "ipm.note.secure": "it is encrypted",
}


def _under(item_class: str, base: str) -> bool:
    return item_class == base or item_class.startswith(base + ".")


def kind_of(item_class: str, folder_class: str) -> Kind | None:
    """The kind by class, else by folder. None for what is no item to mxsync: meeting requests and answers, reports,
    distribution lists, conflicts."""
    name = item_class.lower()
    if any(name.startswith(prefix) for prefix in _NO_ITEMS):
        return None
    for base, kind in _BY_CLASS.items():
        if _under(name, base):
            return kind
    return _BY_FOLDER.get(folder_class.lower().strip(), Kind.MAIL)


def protected(item_class: str) -> str:
    """Why the content of a class cannot be read, '' where it can. A message that is only signed can."""
    name = item_class.lower()
    if name.startswith("ipm.note.smime.multipartsigned"):
        return ""
    return next((reason for base, reason in _PROTECTED.items() if _under(name, base)), "")


def readable_folder(folder_class: str) -> bool:
    """Whether a folder holds items at all: mail, or what `kind_of` knows. Outlook's own folders of settings do not."""
    name = folder_class.lower().strip()
    return not name or name == "ipf" or _under(name, "ipf.note") or any(_under(name, base) for base in _BY_FOLDER)
