"""What a configuration file says, checked: frozen values that the rest of mxsync is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Literal, TypeAlias

from mxsync.config.secret import Secret


@dataclass(frozen=True, slots=True)
class DatabaseConfig:
    """The customer's database. A path of SQLite in `url` is absolute. `timezone` is an IANA name, of columns without an
    offset."""

    url: str
    username: str = ""
    password: Secret | None = None
    timezone: str = "UTC"
    changes: Literal["triggers", "modified", "change tracking"] = "triggers"

    def login(self) -> tuple[str, str]:
        """Name and password. Raises `ConfigError` where the password's place does not hold it."""
        return self.username, self.password.reveal() if self.password is not None else ""

    @property
    def dialect(self) -> str:
        """'sqlite', 'postgresql', 'mysql', 'mariadb' or 'mssql'."""
        return self.url.partition(":")[0].partition("+")[0]


@dataclass(frozen=True, slots=True)
class StateConfig:
    """The tracking tables. `url` '' puts them beside the customer's tables. `keep`: traces and before-images."""

    url: str = ""
    username: str = ""
    password: Secret | None = None
    keep: timedelta = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class OrganisationConfig:
    """`domains` are ours, lower case; `region` is ISO 3166-1 alpha-2 ('' for none); `timezone` an IANA name."""

    domains: tuple[str, ...] = ()
    region: str = ""
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class RulesConfig:
    """`paths` are absolute: folders of `*.rules` files, or single files. `tests`: what a failing test does."""

    paths: tuple[Path, ...]
    tests: Literal["required", "warn"] = "required"


@dataclass(frozen=True, slots=True)
class FilesServer:
    """A folder of `.eml`, `.vcf`, `.ics` and `.txt` files; `path` is absolute."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class EwsServer:
    """Exchange on premises. `url` is that of Exchange.asmx, '' where the hosts of `autodiscover` are asked for it.
    `access`: 'impersonation' and 'delegate' open all mailboxes with `username`, 'own' each with its user's. Paths are
    absolute. `public_folders` is the mailbox through which public folders are reached, '' for none."""

    name: str
    url: str = ""
    autodiscover: tuple[str, ...] = ()
    auth: Literal["ntlm", "basic", "kerberos", "certificate"] = "ntlm"
    access: Literal["impersonation", "delegate", "own"] = "impersonation"
    username: str = ""
    password: Secret | None = None
    public_folders: str = ""
    ca: Path | None = None
    certificate: Path | None = None
    verify: bool = True
    connections: int = 4


ServerConfig: TypeAlias = FilesServer | EwsServer


@dataclass(frozen=True, slots=True)
class UserConfig:
    """One mailbox. `email` is in lower case; of mail, nothing older than `since` is read (None: everything). `username`
    and `password` open it where its server wants each user's own."""

    email: str
    server: str
    since: date | None = None
    username: str = ""
    password: Secret | None = None


@dataclass(frozen=True, slots=True)
class UsersFromEntity:
    """Mailboxes named by rows: `entity user where sync_mail = yes`. `where` are (field, value) that all must hold."""

    entity: str
    where: tuple[tuple[str, str | int | float | bool], ...]
    server: str
    since: date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class ServiceConfig:
    """`poll`: how long a mailbox rests between two looks where its server does not tell of changes."""

    poll: timedelta = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class DocumentsConfig:
    """Where attachments are stored; absolute."""

    path: Path


@dataclass(frozen=True, slots=True)
class NotifyConfig:
    """The relay for `notify` and alerts: `smtp://host[:port]` or `smtps://…`; `alert` are addresses."""

    smtp: str = ""
    sender: str = ""
    alert: tuple[str, ...] = ()
    username: str = ""
    password: Secret | None = None


@dataclass(frozen=True, slots=True)
class HookConfig:
    """What `call hook NAME` calls: a command (its first part an absolute path where it was given as a path), run in the
    configuration's folder, or an address; one of them is set. It is given JSON, on standard input or as the body."""

    name: str
    command: tuple[str, ...] = ()
    url: str = ""
    timeout: timedelta = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class LogConfig:
    """`level`: debug, info, warning, error."""

    level: str = "info"
    format: Literal["text", "json"] = "text"


@dataclass(frozen=True, slots=True)
class DeleteBrake:
    """A pass that would delete more than `share` (0 to 1) of a folder and more than `count` items of it stops."""

    share: float = 0.25
    count: int = 10


@dataclass(frozen=True, slots=True)
class SafetyConfig:
    delete_brake: DeleteBrake = DeleteBrake()


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration file, checked. `path` and `folder` are absolute. `warnings` are sentences with file and line."""

    path: Path
    database: DatabaseConfig
    rules: RulesConfig
    documents: DocumentsConfig
    servers: Mapping[str, ServerConfig]
    users: tuple[UserConfig | UsersFromEntity, ...] = ()
    state: StateConfig = StateConfig()
    organisation: OrganisationConfig = OrganisationConfig()
    service: ServiceConfig = ServiceConfig()
    notify: NotifyConfig = NotifyConfig()
    hooks: Mapping[str, HookConfig] = field(default_factory=dict)
    log: LogConfig = LogConfig()
    safety: SafetyConfig = SafetyConfig()
    warnings: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Paths inside the configuration are relative to this."""
        return self.path.parent

    @property
    def status_file(self) -> Path:
        """What the running service says of itself."""
        return self.folder / "mxsync-status.json"

    def secrets(self) -> Iterator[Secret]:
        """Every secret that the configuration names."""
        owners: list[DatabaseConfig | StateConfig | NotifyConfig | EwsServer | UserConfig]
        owners = [self.database, self.state, self.notify]
        owners += [server for server in self.servers.values() if isinstance(server, EwsServer)]
        owners += [user for user in self.users if isinstance(user, UserConfig)]
        for owner in owners:
            if owner.password is not None:
                yield owner.password
