"""`check --connect`: each mailbox tried, and one sentence for each that cannot be opened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mxsync.connectors.ews.folder_operations import GetFolder
from mxsync.connectors.ews.operations import PUBLIC_ROOT, Caller
from mxsync.connectors.ews.properties import Property
from mxsync.connectors.ews.transport import Transport
from mxsync.errors import MxsyncError, NotFound, Refused, ServerError
from mxsync.model.item import PUBLIC

_COUNT = Property("folder:TotalCount")


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of trying a mailbox: `wrong` is a sentence with what is to be done, '' where all is well."""

    mailbox: str
    wrong: str = ""


def try_mailboxes(transport: Transport, mailboxes: Iterable[str]) -> Iterator[Tried]:
    """One request each."""
    for mailbox in mailboxes:
        try:
            through = transport.settings.public if mailbox == PUBLIC else mailbox
            ids = [PUBLIC_ROOT] if mailbox == PUBLIC else ["inbox"]
            answer = GetFolder(Caller(transport, through)).call(ids, (_COUNT,))[0]
        except MxsyncError as error:
            yield Tried(mailbox, str(error))
            continue
        yield Tried(mailbox, _sentence(mailbox, answer) if isinstance(answer, ServerError) else "")


def _sentence(mailbox: str, error: ServerError) -> str:
    if mailbox == PUBLIC and isinstance(error, (NotFound, Refused)):
        return (
            f"the public folders cannot be reached ({error}); look with `Get-PublicFolder` whether there are any, and "
            "give the account rights with `Add-PublicFolderClientPermission`"
        )
    return str(error)
