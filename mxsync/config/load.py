"""Reading and checking a configuration file. Everything wrong in it is said at once, each with file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mxsync.config import model
from mxsync.config.options import Option, of_section, sections
from mxsync.config.place import Path as KeyPath
from mxsync.config.place import key_lines, line_of
from mxsync.config.values import Place, Wrong, did_you_mean, shown
from mxsync.errors import ConfigError

DEFAULT_NAME = "mxsync.toml"
SERVER_TYPES = ("files", "ews")
PLANNED_SERVER_TYPES = ("graph", "imap", "outlook")

_FROM = re.compile(r"entity\s+([a-z_]\w*)(?:\s+where\s+(.+))?", re.IGNORECASE | re.DOTALL)
_VALUE = r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|yes|no|-?\d+(?:\.\d+)?"""
_EQUAL = re.compile(rf"\s*([A-Za-z_]\w*)\s*=\s*({_VALUE})\s*(?:\band\b|$)")


def load_config(path: Path | str, *, secrets: bool = True) -> model.Config:
    """The configuration in the file at `path`.

    With `secrets`, each secret is looked for, so that a missing one is said before anything connects; without, a
    missing one is said by whoever reveals it. Raises `ConfigError` with a line for each thing that is wrong.
    """
    path = Path(path)
    text = _read(path)
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_toml_sentence(path, str(error))) from error
    loading = _Loading(path, text)
    config = loading.config(tree)
    if secrets:
        loading.look_for(config)
    if loading.faults:
        raise ConfigError("\n".join(sentence for _, sentence in sorted(loading.faults)))
    return config


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(
            f"there is no configuration file `{path}`; name one with `-c FILE`, or make one with `mxsync init`"
        ) from error
    except IsADirectoryError as error:
        raise ConfigError(f"`{path}` is a folder; name the file in it, as in `{path / DEFAULT_NAME}`") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"the configuration file `{path}` is not UTF-8 text; save it as UTF-8") from error
    except OSError as error:
        raise ConfigError(f"the configuration file `{path}` cannot be read: {error.strerror or error}") from error


def _toml_sentence(path: Path, message: str) -> str:
    found = re.search(r"\(at line (\d+), column (\d+)\)", message)
    if found is None:
        return f"{path}: this is not valid TOML: {message}"
    reason = message[: found.start()].strip()
    return f"{path}:{found[1]}: this is not valid TOML: {reason[:1].lower()}{reason[1:]} (column {found[2]})"


class _Loading:
    """One file being checked: what is wrong so far, and what is only to be warned of."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.folder = path.absolute().parent
        self.lines = key_lines(text)
        self.faults: list[tuple[int, str]] = []
        self.warnings: list[str] = []
        self.secret_lines: dict[int, int] = {}

    def fault(self, at: KeyPath, sentence: str) -> None:
        line = line_of(self.lines, at)
        self.faults.append((line, f"{self.path}:{line}: {sentence}"))

    def look_for(self, config: model.Config) -> None:
        """Says which secrets are not where they should be."""
        for secret in config.secrets():
            try:
                secret.reveal()
            except ConfigError as error:
                self.fault(tuple(secret.where.split(".")), str(error))
        for name, server in config.servers.items():
            if isinstance(server, model.EwsServer):
                for option, file in (("ca", server.ca), ("certificate", server.certificate)):
                    if file is not None and not file.is_file():
                        self.fault(("servers", name, option), f"servers.{name}.{option}: there is no file `{file}`")

    def config(self, tree: Mapping[str, Any]) -> model.Config:
        for name in tree:
            if name not in sections():
                self.fault((name,), f"unknown key `{name}`{did_you_mean(name, sections())}")
        database = self.section(tree, "database")
        database.setdefault("url", "")
        rules = self.section(tree, "rules")
        rules.setdefault("paths", (self.folder / "rules",))
        documents = self.section(tree, "documents")
        documents.setdefault("path", self.folder / "documents")
        notify = self.section(tree, "notify")
        if "smtp" in notify and "sender" not in notify:
            self.fault(("notify", "smtp"), "notify.sender is missing: whom shall notifications come from?")
        return model.Config(
            path=self.path.absolute(),
            database=model.DatabaseConfig(**database),
            state=model.StateConfig(**self.section(tree, "state")),
            organisation=model.OrganisationConfig(**self.section(tree, "organisation")),
            rules=model.RulesConfig(**rules),
            servers=self.servers(tree),
            users=self.users(tree),
            service=model.ServiceConfig(**self.section(tree, "service")),
            documents=model.DocumentsConfig(**documents),
            notify=model.NotifyConfig(**notify),
            hooks=self.hooks(tree),
            log=model.LogConfig(**self.section(tree, "log")),
            safety=model.SafetyConfig(**self.section(tree, "safety")),
            warnings=tuple(self.warnings),
        )

    def section(self, tree: Mapping[str, Any], name: str) -> dict[str, Any]:
        """The read values of a plain section; what is left out is left out."""
        table = tree.get(name, {})
        if not isinstance(table, dict):
            self.fault((name,), f"`{name}` is a section: write [{name}], and its options below it")
            return {}
        if not table and name == "database":
            self.fault((name,), "the section [database] with its `url` is missing: where are the customer's tables?")
            return {}
        return self.table(table, of_section(name), (name,), name)

    def table(self, table: Mapping[str, Any], options: tuple[Option, ...], at: KeyPath, title: str) -> dict[str, Any]:
        known = {option.name: option for option in options}
        read: dict[str, Any] = {}
        for name, value in table.items():
            option = known.get(name)
            if option is None:
                self.fault((*at, name), f"unknown key `{name}` in [{title}]{did_you_mean(name, tuple(known))}")
                continue
            place = Place(f"{title}.{name}", self.folder, [])
            try:
                read[name] = option.read(value, place)
            except Wrong as wrong:
                self.fault((*at, name), f"{title}.{name}: {wrong}")
            line = line_of(self.lines, (*at, name))
            self.warnings += [f"{self.path}:{line}: {warning}" for warning in place.warnings]
        for option in options:
            if option.required and option.name not in table:
                self.fault(at, f"{title}.{option.name} is missing: {option.document[:1].lower()}{option.document[1:]}")
        return read

    def named(self, tree: Mapping[str, Any], name: str) -> dict[str, dict[str, Any]]:
        """The tables of `[servers.X]` and `[hooks.X]`."""
        tables = tree.get(name, {})
        if not isinstance(tables, dict):
            self.fault((name,), f"write [{name}.NAME], and its options below it")
            return {}
        for each, table in tables.items():
            if not isinstance(table, dict):
                self.fault((name, each), f"`{each}` stands in [{name}] by itself; write [{name}.NAME] above it")
        return {each: table for each, table in tables.items() if isinstance(table, dict)}

    def servers(self, tree: Mapping[str, Any]) -> dict[str, model.ServerConfig]:
        servers: dict[str, model.ServerConfig] = {}
        for name, table in self.named(tree, "servers").items():
            kind = table.get("type")
            at, title = ("servers", name), f"servers.{name}"
            if kind in PLANNED_SERVER_TYPES:
                sentence = (
                    f"{title}: servers of type `{kind}` are not there yet in this version; there are: `files`, `ews`"
                )
                self.fault((*at, "type"), sentence)
            elif kind is not None and kind not in SERVER_TYPES:
                hint = did_you_mean(kind, SERVER_TYPES) if isinstance(kind, str) else ""
                self.fault((*at, "type"), f"{title}.type: {shown(kind)} is not a type of server{hint}")
            else:
                server = self.ews(table, name) if kind == "ews" else self.files(table, name)
                if server is not None:
                    servers[name] = server
        return servers

    def files(self, table: Mapping[str, Any], name: str) -> model.FilesServer | None:
        read = self.table(table, of_section("servers.NAME"), ("servers", name), f"servers.{name}")
        return model.FilesServer(name, read["path"]) if "path" in read else None

    def ews(self, table: Mapping[str, Any], name: str) -> model.EwsServer:
        """What the options of Exchange say, and what they must say together."""
        at, title = ("servers", name), f"servers.{name}"
        kind = tuple(option for option in of_section("servers.NAME") if option.name == "type")
        read = self.table(table, (*kind, *of_section("servers.NAME.ews")), at, title)
        read.pop("type", None)
        server = model.EwsServer(name, **read)
        if ("url" in table) == ("autodiscover" in table):
            self.fault(at, f"{title} needs either `url` or `autodiscover`, and not both")
        if server.auth == "certificate" and "certificate" not in table:
            self.fault((*at, "auth"), f"{title}.certificate is missing: which certificate shall be shown?")
        if server.access != "own" and server.auth in ("ntlm", "basic"):
            for each in ("username", "password"):
                if each not in table:
                    self.fault(at, f"{title}.{each} is missing: which account opens the mailboxes?")
        if not server.verify:
            line = line_of(self.lines, (*at, "verify"))
            self.warnings.append(
                f"{self.path}:{line}: {title}.verify: the server's certificate is not checked, and anybody on the way "
                "can read passwords and mail; name its authority with `ca` instead"
            )
        return server

    def hooks(self, tree: Mapping[str, Any]) -> dict[str, model.HookConfig]:
        hooks: dict[str, model.HookConfig] = {}
        for name, table in self.named(tree, "hooks").items():
            at = ("hooks", name)
            read = self.table(table, of_section("hooks.NAME"), at, f"hooks.{name}")
            if ("command" in table) == ("url" in table):
                self.fault(at, f"hooks.{name} needs either `command` or `url`, and not both")
            elif "command" in read and not read["command"]:
                self.fault((*at, "command"), f"hooks.{name}.command is empty; name a program")
            else:
                if command := read.get("command"):
                    read["command"] = (self.program(command[0]), *command[1:])
                hooks[name] = model.HookConfig(name, **read)
        return hooks

    def program(self, name: str) -> str:
        """A program given as a path is meant from the configuration's folder; a bare name is found by the system."""
        return str(Path(self.folder, name)) if "/" in name or "\\" in name else name

    def users(self, tree: Mapping[str, Any]) -> tuple[model.UserConfig | model.UsersFromEntity, ...]:
        tables = tree.get("users", [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self.fault(("users",), "write [[users]], with two brackets, once for each mailbox")
            return ()
        users: list[model.UserConfig | model.UsersFromEntity] = []
        seen: dict[str, int] = {}
        named = tree.get("servers", {})
        named = named if isinstance(named, dict) else {}
        for number, table in enumerate(tables):
            at: KeyPath = ("users", number)
            read = self.table(table, of_section("users"), at, "users")
            if ("email" in table) == ("from" in table):
                self.fault(at, "[[users]] needs either `email` or `from`, and not both")
                continue
            server = read.get("server", next(iter(named)) if len(named) == 1 else "")
            if not server:
                self.fault(at, "users.server is missing: on which of the servers does the mailbox lie?")
            elif server not in named:
                hint = did_you_mean(server, tuple(named)) if named else "; write a section [servers.NAME]"
                self.fault((*at, "server"), f"users.server: there is no server called `{server}`{hint}")
            if "email" in read:
                email = read["email"]
                if email in seen:
                    self.fault((*at, "email"), f"users.email: `{email}` is listed already on line {seen[email]}")
                seen.setdefault(email, line_of(self.lines, (*at, "email")))
                login = read.get("username", ""), read.get("password")
                users.append(model.UserConfig(email, server, read.get("since"), *login))
            elif "from" in read:
                try:
                    users.append(users_from(read["from"], server, read))
                except Wrong as wrong:
                    self.fault((*at, "from"), f"users.from: {wrong}")
        return tuple(users)


def users_from(text: str, server: str, read: Mapping[str, Any]) -> model.UsersFromEntity:
    """`entity NAME [where FIELD = VALUE and …]`; raises `Wrong`."""
    found = _FROM.fullmatch(text.strip())
    if found is None:
        raise Wrong(f"`{text}` is not understood; write it as `entity user where sync_mail = yes`")
    where: list[tuple[str, str | int | float | bool]] = []
    rest = found[2] or ""
    position = 0
    while position < len(rest):
        equal = _EQUAL.match(rest, position)
        if equal is None or (equal.end() == len(rest) and re.search(r"\band$", equal[0])):
            raise Wrong(f"the condition `{rest}` is not understood; write it as `sync_mail = yes and office = 'Paarl'`")
        where.append((equal[1], _literal(equal[2])))
        position = equal.end()
    return model.UsersFromEntity(found[1], tuple(where), server, read.get("since"), text)


def _literal(word: str) -> str | int | float | bool:
    if word[0] in "'\"":
        return word[1:-1].replace(word[0] * 2, word[0])
    if word in ("yes", "no"):
        return word == "yes"
    return float(word) if "." in word else int(word)
