"""Cards by their UID, for appointments, tasks and journals that are linked to a contact by RELATED-TO."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mxsync.connectors.files.layout import is_folder, is_link, within
from mxsync.connectors.files.limits import Limits
from mxsync.connectors.files.opening import open_file
from mxsync.connectors.files.scan import Walk
from mxsync.connectors.files.stamps import Times
from mxsync.errors import BadContent
from mxsync.extract.vcard import card_person
from mxsync.model.item import Address

CONTACTS = "Contacts"


@dataclass(slots=True)
class People:
    """The cards of some Contacts folders. Cards are read again only when their stamp is another."""

    limits: Limits
    _cards: dict[Path, tuple[Times, tuple[str, Address] | None]] = field(default_factory=dict)

    def index(self, mailboxes: Sequence[Path]) -> dict[str, Address]:
        """UID to person, of the first mailbox that has it. Cards without an address lead to nobody."""
        found: dict[str, Address] = {}
        for mailbox in mailboxes:
            contacts = within(mailbox, CONTACTS)
            if contacts is None or is_link(contacts) or not is_folder(contacts):
                continue
            for folder in Walk("", mailbox, contacts.name).folders():
                for times in folder.entries():
                    person = self._person(mailbox / folder.path / times[0], times)
                    if person is not None and person[1].address:
                        found.setdefault(person[0], person[1])
        return found

    def _person(self, place: Path, times: Times) -> tuple[str, Address] | None:
        before = self._cards.get(place)
        if before is not None and before[0] == times:
            return before[1]
        person: tuple[str, Address] | None = None
        if times[2] <= self.limits.card:
            try:
                with open_file(place) as file:
                    person = card_person(file.read())
            except (OSError, BadContent):
                person = None  # it is reported where it is fetched as an item
        self._cards[place] = (times, person)
        return person
