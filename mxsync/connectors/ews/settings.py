"""What a connector to Exchange is told: where the server is, who logs in and how, and whose mailboxes it opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Access = Literal["impersonation", "delegate", "own"]
Login = Literal["ntlm", "basic", "kerberos", "certificate"]


@dataclass(frozen=True, slots=True, repr=False)
class Account:
    """Who logs in. `password` is asked for when a connection is made, and kept nowhere else."""

    username: str = ""
    password: Callable[[], str] = lambda: ""

    def __repr__(self) -> str:
        return f"Account({self.username!r})"


@dataclass(frozen=True, slots=True)
class EwsSettings:
    """`url` is the address of Exchange.asmx, '' to ask the hosts of `autodiscover` for it.

    `access`: 'impersonation' and 'delegate' open every mailbox with `account`, 'own' each with its own of `accounts`
    (by address). `public`: through whose mailbox public folders are reached, '' for none. `ca` is a file of
    certificates: no others are trusted then; `certificate` is one of the client, with its key. `connections` is the
    most that are open at once, `timeout` in seconds; `timezone` an IANA name, of new series.
    """

    name: str
    url: str
    account: Account
    autodiscover: tuple[str, ...] = ()
    auth: Login = "ntlm"
    access: Access = "impersonation"
    accounts: Mapping[str, Account] = field(default_factory=dict)
    public: str = ""
    ca: Path | None = None
    certificate: Path | None = None
    verify: bool = True
    connections: int = 4
    timeout: float = 120.0
    timezone: str = "UTC"

    def account_of(self, mailbox: str) -> Account:
        """Who logs in for a mailbox."""
        return self.accounts.get(mailbox, self.account) if self.access == "own" else self.account
