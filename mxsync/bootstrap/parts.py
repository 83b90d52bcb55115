"""The one place where the parts are put together: database, mailboxes, rules, and the lease on them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sqlalchemy.engine import make_url

from mxsync.bootstrap.holding import TenantLeases
from mxsync.config import Config, UserConfig, UsersFromEntity
from mxsync.connectors.files.sample import sample
from mxsync.connectors.opening import connector_of
from mxsync.database.bell import Bell
from mxsync.database.changelog import ChangeLog
from mxsync.database.tables import SqlDatabase
from mxsync.decide.context import Organisation
from mxsync.decide.phone_numbers import e164_of
from mxsync.dialects import dialect_of
from mxsync.dialects.base import STATE, Dialect, Login
from mxsync.engine.clock import SystemClock
from mxsync.engine.documents import DocumentStore
from mxsync.engine.hooks import Hook, Hooks
from mxsync.engine.left_over import recover
from mxsync.engine.notify import NoNotifier, Notifier
from mxsync.engine.people import people_named, source_of_people
from mxsync.engine.world import Brake, Mailbox, World
from mxsync.errors import Busy, ConfigError
from mxsync.model.item import PUBLIC
from mxsync.model.normal import address_key
from mxsync.model.schema import Schema
from mxsync.ports.connector import Watch
from mxsync.rule_store import RuleStore
from mxsync.rulebook import LoadedRules, Rulebook, features_of
from mxsync.tracking.holder import this_process
from mxsync.tracking.store import SqlStore
from mxsync.tracking.upgrading import Standing

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from mxsync.decide.testing import TestReport
    from mxsync.lang.check import Checked
    from mxsync.lang.compile import RulePlan


_GAP = 15.0
"""Seconds for which a command that needs the whole tenant waits until no service is at a mailbox."""
_START = 10.0
"""Seconds for which a service that starts waits for another that starts as well."""


class Parts:
    """One customer's configuration, database, mailboxes and rules, put together."""

    def __init__(self, config: Config, engine: Engine, dialect: Dialect, *, read_only: bool, once: bool) -> None:
        self.config = config
        region = config.organisation.region
        self._dialect = dialect
        self._database = SqlDatabase(
            engine, dialect, timezone=config.database.timezone, to_phone=lambda text: e164_of(text, region),
            organisation=config.organisation.timezone, changes=config.database.changes,
        )  # fmt: skip
        self._store = SqlStore(engine, dialect, self._database.unit, STATE if _state_file(config, dialect) else "")
        self._read_only = read_only
        self._connectors = {name: connector_of(config, server) for name, server in config.servers.items()}
        self._rulebook = self._rulebook_of(config.rules.paths, RuleStore(config.folder) if once else None)
        self._rules: LoadedRules | None = None
        self._used: LoadedRules | None = None
        self._clock = SystemClock()
        self.leases = TenantLeases(self._store, this_process(), self._clock)
        self._watched: list[Mailbox] | None = None

    @classmethod
    def open(cls, config: Config, *, read_only: bool = False, once: bool = False) -> Self:
        """Connects. `once`: for one pass, so that rules which nobody has changed need not be read again. Raises
        `ConfigError` and `ServerError`."""
        dialect = dialect_of(config.database.url)
        login = Login(*config.database.login())
        engine = dialect.open(config.database.url, base=config.folder, state=_state_file(config, dialect), login=login)
        return cls(config, engine, dialect, read_only=read_only, once=once)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for connector in self._connectors.values():
            connector.close()
        self._store.close()

    # ------------------------------------------------------------ rules

    def _rulebook_of(self, paths: Sequence[Path], store: RuleStore | None = None) -> Rulebook:
        config = self.config
        return Rulebook(
            paths,
            config.folder,
            features=[features_of(connector.capabilities) for connector in self._connectors.values()],
            hooks=frozenset(config.hooks),
            timezone=config.organisation.timezone,
            relay=bool(config.notify.smtp),
            read_sample=lambda path: sample(path, config.organisation.timezone),
            store=store,
        )

    def _schema(self) -> Schema:
        return self._database.schema()

    def check(self, strict: bool) -> Checked:
        """All findings in the rule files. `strict` is the caller's: it changes what counts, not what is found. Raises
        `ConfigError` where the configuration takes its users from what these rules do not know."""
        del strict
        checked = self._rulebook.check(self._schema())
        if checked.program is not None:
            for users in self.config.users:
                if isinstance(users, UsersFromEntity):
                    source_of_people(checked.program, users)
        return checked

    def load_rules(self) -> LoadedRules:
        """Reads, checks and compiles the rule files as they are now. Raises `RulesRejected`."""
        return self._rulebook.load(self._schema(), self._rules)

    def rules(self) -> LoadedRules:
        """What is in force; loaded when first asked for."""
        if self._rules is None:
            self._rules = self.load_rules()
        return self._rules

    def use_rules(self, rules: LoadedRules) -> None:
        """Puts rules in force: obeyed from the next page of items on."""
        self._rules = rules

    def _plan(self) -> RulePlan:
        """The plan in force, with the database set to its entities. Called by the thread that works only."""
        rules = self.rules()
        if rules is not self._used:
            self._database.use(rules.plan.entities)
            self._used = rules
        return rules.plan

    def run_tests(self, only: Sequence[str]) -> TestReport:
        """The tests of the rule files: those of one's own see all rules, those of a shipped file that file."""
        return self._rulebook.run_tests(self._schema(), self._organisation(), only, self.rules())

    def failed_tests(self, rules: LoadedRules, changed: Collection[Path]) -> Sequence[str]:
        """The tests of one's own files that an edit can reach: a sentence for each that fails."""
        del changed  # what an edit reaches is told by comparing meanings, which is sharper than by files
        return self._rulebook.failed_tests(self._rules, rules, self._organisation())

    # ------------------------------------------------------------ mailboxes

    def _organisation(self) -> Organisation:
        organisation = self.config.organisation
        users = frozenset(address_key(user.email) for user in self.config.users if isinstance(user, UserConfig))
        if self._watched is not None:
            users |= {address_key(mailbox.user) for mailbox in self._watched if mailbox.user}
        return Organisation(frozenset(organisation.domains), users, organisation.region, organisation.timezone)

    def _mailboxes(self) -> list[Mailbox]:
        if self._watched is None:
            found: list[Mailbox] = []
            for user in self.config.users:
                if isinstance(user, UsersFromEntity):
                    connector = self._connectors[user.server]
                    found += [Mailbox(email, connector, user.since) for email in self._emails(user)]
                else:
                    found.append(Mailbox(user.email, self._connectors[user.server], user.since))
            found += [
                Mailbox(PUBLIC, connector)
                for connector in self._connectors.values()
                if connector.capabilities.public_folders
            ]
            self._watched = list({(mailbox.name, id(mailbox.connector)): mailbox for mailbox in found}.values())
        return self._watched

    def _emails(self, users: UsersFromEntity) -> list[str]:
        plan = self._plan()
        with self._store.reading() as unit:
            return people_named(unit, plan, users)

    def mailboxes(self) -> Sequence[str]:
        """All mailboxes, the public folders' among them."""
        return [mailbox.name for mailbox in self._mailboxes()]

    def _chosen(self, names: Sequence[str] | None) -> list[Mailbox]:
        mailboxes = self._mailboxes()
        if names is None:
            return mailboxes
        wanted = {name.lower() for name in names}
        unknown = wanted - {mailbox.name for mailbox in mailboxes}
        if unknown:
            there = ", ".join(mailbox.name for mailbox in mailboxes)
            raise ConfigError(
                f"there is no mailbox `{sorted(unknown)[0]}` in {self.config.path.name}; there are {there}"
            )
        return [mailbox for mailbox in mailboxes if mailbox.name in wanted]

    def try_servers(self) -> Sequence[tuple[str, str]]:
        """(mailbox, what is wrong with it, '' for nothing), each tried on its server."""
        return [(each.name, each.connector.try_out([each.name])[0]) for each in self._mailboxes()]

    def watch(self, changed: Callable[[str], None]) -> Sequence[tuple[Collection[str], Watch]]:
        """Starts watching every mailbox."""
        found: list[tuple[Collection[str], Watch]] = []
        for connector in self._connectors.values():
            names = [mailbox.name for mailbox in self._mailboxes() if mailbox.connector is connector]
            # Public folders apart: where they tell of nothing, the mailboxes still do.
            groups = [[name for name in names if (name == PUBLIC) is public] for public in (False, True)]
            found += [(group, connector.watch(group, changed)) for group in groups if group]
        return found

    def listen(self, rung: Callable[[], None]) -> Watch:
        """Calls `rung` when somebody else has changed a row, where the database tells."""
        return Bell(self._store.engine, self._dialect, rung)

    # ------------------------------------------------------------ working

    @contextmanager
    def hold(self) -> Iterator[None]:
        """The lease on the whole tenant, kept while the block runs. Raises `Locked` while another has it, `Busy` while
        another has a part of it for longer than a service that is done with its mailbox soon."""
        self._prepare()
        with self.leases.all(for_part=_GAP):
            yield

    @contextmanager
    def attend(self, *, share: bool) -> Iterator[None]:
        """Work mailbox by mailbox, while the block runs: as the only service, or with `share` beside others. Raises
        `Locked` while another process has the whole tenant, or is its only service."""
        self._prepare()
        try:
            with self.leases.all(for_whole=_START):
                recover(self._world(threading.Event()))  # nobody else is at work: what lies about was left by a crash
        except Busy:
            pass
        with self.leases.serve(share=share):
            yield

    def still_here(self) -> None:
        """Says that this process still lives. Raises `Locked` when another has taken over what it had."""
        self.leases.renew()

    def _prepare(self) -> None:
        """On SQLite the first pass makes tracking tables and triggers; elsewhere its user need not have the rights."""
        if not self._dialect.installs:
            self._store.require()
        elif self._store.standing() is not Standing.CURRENT:
            return self.schema_install()
        log = self._change_log()
        with self._store.raw() as connection:
            return log.install(connection) if self._dialect.installs else log.check(connection)

    def _change_log(self) -> ChangeLog:
        return ChangeLog(self._database, list(self.rules().plan.entities.values()))

    def _world(self, stop: threading.Event) -> World:
        config = self.config
        self.leases.stop = stop
        notifier: Notifier = NoNotifier()
        if config.notify.smtp:
            from mxsync.engine.smtp import SmtpNotifier

            password = config.notify.password
            notifier = SmtpNotifier(
                config.notify.smtp, config.notify.sender, config.notify.username, password.reveal if password else str
            )
        hooks = {
            name: Hook(name, hook.command, hook.url, hook.timeout.total_seconds(), config.folder)
            for name, hook in config.hooks.items()
        }
        brake = config.safety.delete_brake
        mailboxes = self._mailboxes()
        return World(
            store=self._store,
            database=self._database,
            mailboxes=mailboxes,
            plan=self._plan,
            organisation=self._organisation(),
            documents=DocumentStore(config.documents.path),
            clock=self._clock,
            notifier=notifier,
            hooks=Hooks(hooks),
            brake=Brake(brake.share, brake.count),
            stop=stop,
            alert=config.notify.alert if config.notify.smtp else (),
            keep=config.state.keep,
            leases=self.leases,
        )

    # ------------------------------------------------------------ schema

    def schema_show(self) -> str:
        """The statements that make the tracking tables and the triggers; where those of an older mxsync are there, the
        ones that bring them to today's form."""
        log, database = self._change_log(), self.config.database
        grants = log.grants(database.username or make_url(database.url).username or "mxsync", self._store.own_tables())
        if self._store.standing() is not Standing.OLDER:
            return self._dialect.script([*self._store.ddl(), *log.statements()], grants)
        script = self._dialect.script(self._store.upgrade_ddl(log.upgrade_statements), grants)
        return f"-- Tracking tables of an older mxsync are there: this brings them to today's form.\n{script}"

    def schema_install(self) -> None:
        """Makes the tracking tables and triggers that are missing, or brings older ones to today's form."""
        log = self._change_log()
        self._store.install(log.install)
        self._store.outside(lambda _: log.install_outside())

    def schema_upgrade(self) -> bool:
        """Brings the tracking tables and triggers of an older mxsync to today's form; whether there was anything to do.
        Raises `ConfigError` where there are none."""
        if self._store.standing() is Standing.ABSENT:
            self._store.require()
        older = self._store.standing() is Standing.OLDER
        self.schema_install()
        return older

    def schema_remove(self) -> None:
        """Removes them, and with them all that mxsync remembers. The customer's own tables stay as they are."""
        if self._store.standing() is Standing.CURRENT:
            with self.leases.all():
                pass
        if self._store.standing() is not Standing.ABSENT:
            self._store.outside(self._change_log().remove_outside)
        self._store.remove()


def _state_file(config: Config, dialect: Dialect) -> Path | None:
    url = config.state.url
    return None if not url or url == config.database.url else dialect.state_file(url, config.folder)
