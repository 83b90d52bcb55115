"""Every option of the configuration file, in one table: its reader, whether it must be there, and what it means.

The loader obeys this table, `docs/configuration.md` is held against it by a test, and an unknown key is one that is not
in it. `NAME` in a section stands for a name that the writer chooses.
"""

from __future__ import annotations

from dataclasses import dataclass

from mxsync.config import values
from mxsync.config.options_ews import EWS_OPTIONS
from mxsync.config.values import Place, Reader, Wrong


@dataclass(frozen=True, slots=True)
class Option:
    """One option. `takes` is for people; `default` as it would be written, '' where there is none."""

    section: str
    name: str
    takes: str
    document: str
    read: Reader
    default: str = ""
    required: bool = False

    @property
    def title(self) -> str:
        """'database.url', 'servers.NAME.path', 'users.email'."""
        return f"{self.section}.{self.name}"


def _brake(value: object, place: Place) -> object:
    from mxsync.config.model import DeleteBrake

    if not isinstance(value, dict):
        raise Wrong("write it as { share = 0.25, count = 10 }")
    for name in value:
        if name not in ("share", "count"):
            raise Wrong(f"`{name}` is unknown in delete_brake{values.did_you_mean(name, ('share', 'count'))}")
    share, count = value.get("share", DeleteBrake().share), value.get("count", DeleteBrake().count)
    if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 <= share <= 1:
        raise Wrong(f"share is a part of the whole, from 0 to 1, not {values.shown(share)}")
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise Wrong(f"count is a whole number from 0, not {values.shown(count)}")
    return DeleteBrake(float(share), count)


OPTIONS: tuple[Option, ...] = (
    Option(
        "database",
        "url",
        "a database address",
        "The customer's database. A relative path of SQLite is relative to the configuration file.",
        values.database_url,
        required=True,
    ),
    Option(
        "database",
        "username",
        "a text",
        "Who connects, where the server asks.",
        values.text,
    ),
    Option(
        "database",
        "password",
        "a secret",
        'Its password: `{ env = "NAME" }`, `{ file = "PATH" }` or `{ keyring = "SERVICE/NAME" }`; a literal'
        " is accepted with a warning.",
        values.secret,
    ),
    Option(
        "database",
        "timezone",
        "a time zone",
        "Of its date and time columns that hold no offset.",
        values.timezone,
        default='"UTC"',
    ),
    Option(
        "database",
        "changes",
        "`triggers`, `modified` or `change tracking`",
        "How changes of rows are noticed: by triggers on the tables, or, where none are allowed, by the `modified`"
        " column of each entity and by which keys are there; on SQL Server by its own change tracking as well.",
        values.one_of("triggers", "modified", "change tracking"),
        default='"triggers"',
    ),
    Option(
        "state",
        "url",
        "a database address",
        "The tracking tables. Left out, they stand beside the customer's tables, so that one transaction covers both.",
        values.database_url,
    ),
    Option(
        "state",
        "username",
        "a text",
        "Who connects, where the server asks.",
        values.text,
    ),
    Option(
        "state",
        "password",
        "a secret",
        "Its password, written like that of the database.",
        values.secret,
    ),
    Option(
        "state",
        "keep",
        "a length of time",
        "How long traces and before-images are kept.",
        values.duration,
        default='"90 days"',
    ),
    Option(
        "organisation",
        "domains",
        "a list of domains",
        "Our own domains: whose people are users and internal.",
        values.texts(values.domain),
        default="[]",
    ),
    Option(
        "organisation",
        "region",
        "a country's two letters",
        "The country of phone numbers that are written without a country code.",
        values.region,
    ),
    Option(
        "organisation",
        "timezone",
        "a time zone",
        "Of dates in rule files, and of items that state none.",
        values.timezone,
        default='"UTC"',
    ),
    Option(
        "rules",
        "paths",
        "a list of paths",
        "Folders whose `*.rules` files are loaded, in the order of their names, or single files.",
        values.texts(values.path),
        default='["rules"]',
    ),
    Option(
        "rules",
        "tests",
        "`required` or `warn`",
        "What a failing test in a changed rule file does: `required` keeps the old rules in force, `warn` "
        "only says so.",
        values.one_of("required", "warn"),
        default='"required"',
    ),
    Option(
        "servers.NAME",
        "type",
        "a type of server",
        "What kind of mailbox server this is: `files`, a folder of `.eml`, `.vcf` and `.ics` files; or `ews`, Exchange "
        "on premises.",
        values.text,
        required=True,
    ),
    Option(
        "servers.NAME",
        "path",
        "a path",
        "For `files`: the folder that holds one folder for each user's address, and `public`.",
        values.path,
        required=True,
    ),
    *(Option("servers.NAME.ews", *each) for each in EWS_OPTIONS),
    Option(
        "users",
        "email",
        "an address",
        "Whose mailbox is kept in step. Each `[[users]]` has either this or `from`.",
        values.email,
    ),
    Option(
        "users",
        "from",
        "`entity NAME where FIELD = VALUE`",
        "Instead of `email`: one mailbox for each row of an entity that holds, by the row's field `email`.",
        values.text,
    ),
    Option(
        "users",
        "server",
        "a name from `[servers.NAME]`",
        "Where the mailbox lies. May be left out while there is one server.",
        values.text,
    ),
    Option(
        "users",
        "since",
        "a date",
        "Nothing older is read, but by `mxsync backfill`. Left out: all that the folders hold.",
        values.day,
    ),
    Option(
        "users",
        "username",
        "a text",
        'Who logs in for this mailbox, where its server has `access = "own"`. Left out: the address.',
        values.text,
    ),
    Option(
        "users",
        "password",
        "a secret",
        "The password that goes with it, written like that of the database.",
        values.secret,
    ),
    Option(
        "service",
        "poll",
        "a length of time",
        "How long `mxsync run` waits between two looks at a mailbox whose server does not tell of changes.",
        values.at_least(1),
        default='"60s"',
    ),
    Option(
        "documents",
        "path",
        "a path",
        "Where saved attachments are put.",
        values.path,
        default='"documents"',
    ),
    Option(
        "notify",
        "smtp",
        "`smtp://HOST[:PORT]` or `smtps://…`",
        "The relay that `notify` and alerts are sent through.",
        values.smtp_url,
    ),
    Option(
        "notify",
        "sender",
        "an address",
        "Whom notifications come from. Needed where `smtp` is given.",
        values.email,
    ),
    Option(
        "notify",
        "alert",
        "a list of addresses",
        "Who is told when a person is needed: the delete brake stops a pass, an item is held for review, a mailbox "
        "fails three times in a row. Each matter at most once a day.",
        values.texts(values.email),
        default="[]",
    ),
    Option(
        "notify",
        "username",
        "a text",
        "Who logs in at the relay, where it asks.",
        values.text,
    ),
    Option(
        "notify",
        "password",
        "a secret",
        "Its password, written like that of the database.",
        values.secret,
    ),
    Option(
        "hooks.NAME",
        "command",
        "a list of texts",
        "The program that `call hook NAME` starts, and its arguments; a path is relative to the "
        "configuration file. It reads JSON from its standard input.",
        values.texts(values.text),
    ),
    Option(
        "hooks.NAME",
        "url",
        "a web address",
        "Instead of `command`: where the same JSON is posted. Plain http to this machine only.",
        values.web_url,
    ),
    Option(
        "hooks.NAME",
        "timeout",
        "a length of time",
        "How long the hook may take.",
        values.duration,
        default='"10s"',
    ),
    Option(
        "log",
        "level",
        "`debug`, `info`, `warning` or `error`",
        "The least important messages that are logged.",
        values.one_of("debug", "info", "warning", "error"),
        default='"info"',
    ),
    Option(
        "log",
        "format",
        "`text` or `json`",
        "How a message is written: a line for people, or a JSON object.",
        values.one_of("text", "json"),
        default='"text"',
    ),
    Option(
        "safety",
        "delete_brake",
        "`{ share = …, count = … }`",
        "A pass that would delete more than this share of a folder, and more than this many of its items, "
        "deletes nothing there and waits for a person.",
        _brake,
        default="{ share = 0.25, count = 10 }",
    ),
)


def of_section(section: str) -> tuple[Option, ...]:
    """The options of a section, as the table names it."""
    return tuple(option for option in OPTIONS if option.section == section)


def sections() -> tuple[str, ...]:
    """The first words of all sections, in order."""
    return tuple(dict.fromkeys(option.section.partition(".")[0] for option in OPTIONS))
