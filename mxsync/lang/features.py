"""What the configured mailbox servers can do, as far as the rules may ask for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Features:
    """One kind of server. `name` is how people call it ('Exchange Online'). The flags are those of the connectors'
    capabilities."""

    name: str
    public_folders: bool = True
    custom_forms: bool = True
    categories: bool = True
    flags: bool = True
    moves: bool = True
    replaces_attachments: bool = True
