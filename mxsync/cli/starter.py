"""The files of a new tenant. What is there already is kept."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from mxsync.errors import ConfigError

CONFIGURATION = """\
# What mxsync keeps in step, and where. Every option: docs/configuration.md

[database]
url = {url}

[organisation]
domains = ["ours.example"]            # our own people's domains
region = "ZA"                         # of phone numbers without a country code
timezone = "Africa/Johannesburg"

[rules]
paths = ["rules"]

[servers.office]
type = "files"
path = "mailboxes"
{users}"""

USER = """
[[users]]
email = "{email}"
server = "office"
"""

RULES = """\
# Your own rules. crm.rules is what mxsync does out of the box: a statement of the same name here takes the place of
# the one there, `rule 'NAME' off` switches one off, `extend entity contact` adds fields. `mxsync check` finds slips.
use 'crm.rules'
"""

FIRST_USER = "anna@ours.example"
FOLDERS = ("Inbox", "Sent Items", "Contacts", "Calendar", "Tasks", "Journal", "Notes")


@dataclass(slots=True)
class Made:
    """What was made, and what was there and stays, as paths below the tenant's folder."""

    folder: Path
    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def note(self, path: Path, *, made: bool) -> None:
        (self.made if made else self.kept).append(path.relative_to(self.folder).as_posix())


def make_folder(folder: Path) -> None:
    """Makes the tenant's folder. Raises `ConfigError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"`{folder}` cannot be made a folder: {error.strerror or error}") from error


def write_file(made: Made, name: str, text: str) -> None:
    """Writes a file that is not there yet. Raises `ConfigError` where it cannot."""
    path = made.folder / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        made.note(path, made=False)
    except OSError as error:
        raise ConfigError(f"`{path}` cannot be written: {error.strerror or error}") from error
    else:
        made.note(path, made=True)


def configuration(url: str, users: Sequence[str]) -> str:
    """The text of a new configuration file."""
    quoted = url.replace("\\", "\\\\").replace('"', '\\"')
    return CONFIGURATION.format(url=f'"{quoted}"', users="".join(USER.format(email=email) for email in users))


def make_mailboxes(made: Made, users: Sequence[str]) -> None:
    """Empty folders, so that there is something to drop mail into."""
    for user in users:
        for folder in FOLDERS:
            (made.folder / "mailboxes" / user / folder).mkdir(parents=True, exist_ok=True)
    made.note(made.folder / "mailboxes", made=True)


def copy_tree(made: Made, source: Path, name: str) -> None:
    """Copies a shipped folder to `name` below the tenant; files that are there stay."""
    for path in sorted(source.rglob("*")):
        target = made.folder / name / path.relative_to(source)
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        elif target.exists():
            made.note(target, made=False)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    made.note(made.folder / name, made=True)


def make_sample_database(made: Made, name: str, scripts: Sequence[str]) -> None:
    """The sample CRM, by SQL scripts. A database that is there stays as it is. Raises `ConfigError`."""
    path = made.folder / name
    if path.exists():
        made.note(path, made=False)
        return
    try:
        with closing(sqlite3.connect(path)) as connection, connection:
            for script in scripts:
                connection.executescript(script)
    except sqlite3.Error as error:
        path.unlink(missing_ok=True)
        raise ConfigError(f"the database `{path}` cannot be made: {error}") from error
    made.note(path, made=True)
