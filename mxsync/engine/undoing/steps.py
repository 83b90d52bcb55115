"""One thing that undo takes back, and why it may not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from mxsync.decide.effect_text import row_name
from mxsync.model.item import ItemRef
from mxsync.model.record import RecordKey
from mxsync.ports.connector import MailConnector
from mxsync.ports.database import BeforeImage
from mxsync.ports.tracking import AuditRow, Intent, PairRow
from mxsync.ports.undoing import Effected

Verb: TypeAlias = Literal["delete", "restore", "insert", "unlink", "link", "nothing"]


@dataclass(slots=True)
class RowStep:
    """What becomes of one row. `entries` are the parts of the account that it takes back. `columns` are put back
    (restore), `image` and what stood for the row come again (insert), `others` are parted from it or linked with it.
    `refused` says why it may not be; '' when it may."""

    verb: Verb
    key: RecordKey
    entries: Sequence[AuditRow]
    columns: dict[str, object] = field(default_factory=dict)
    fields: dict[str, object] = field(default_factory=dict)
    now: Mapping[str, object] = field(default_factory=dict)
    image: BeforeImage | None = None
    pairs: Sequence[PairRow] = ()
    unlink: list[RecordKey] = field(default_factory=list)
    link: list[RecordKey] = field(default_factory=list)
    refused: str = ""
    called: str = ""
    """What people call the row."""

    @property
    def words(self) -> str:
        """What is done, in words."""
        name = f"{row_name(self.key, {})} ({self.called})" if self.called else row_name(self.key, {})
        parted = [f"part {name} from {row_name(other, {})}" for other in self.unlink]
        parted += [f"link {name} to {row_name(other, {})}" for other in self.link]
        match self.verb:
            case "delete":
                return f"delete {name}"
            case "insert":
                return f"bring back {name}"
            case "restore":
                said = [f"put back {name}: {', '.join(sorted(self.fields or self.columns))}"] if self.columns else []
                return "; ".join([*said, *parted])
            case _:
                return "; ".join(parted) or f"nothing is left of {name}"


@dataclass(slots=True)
class Attached:
    """A document to be stored again, from the item that it came from."""

    connector: MailConnector
    ref: ItemRef
    part: str
    digest: str


@dataclass(slots=True)
class EffectStep:
    """What becomes of one effect outside the database: `intents` take it back. `note` is said where nothing can."""

    effect: Effected
    intents: list[Intent] = field(default_factory=list)
    words: str = ""
    note: str = ""
    attached: Attached | None = None
    refused: str = ""


def since(row: AuditRow) -> str:
    """Who did something to a row later."""
    who = row.rule if row.rule.startswith(("sync ", "undo ")) else f"rule `{row.rule}`"
    item = f", because of {row.ref.mailbox}/{row.ref.href}" if row.ref.href and row.ref.mailbox else ""
    return f"{who} in run {row.run}{item}"
