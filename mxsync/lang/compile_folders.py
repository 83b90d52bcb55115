"""Where a rule looks: folder patterns, and the folders that are a kind's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

import re2

from mxsync.model.item import Kind
from mxsync.model.normal import text_key

OWN_FOLDERS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.MAIL: ("Inbox", "Sent Items"),
    Kind.CONTACT: ("Contacts",),
    Kind.APPOINTMENT: ("Calendar",),
    Kind.TASK: ("Tasks",),
    Kind.JOURNAL: ("Journal",),
    Kind.NOTE: ("Notes",),
    Kind.POST: ("*",),  # posts have no folder of their own
}
"""Where a rule without `in folders` takes items of a kind, subfolders included."""


@lru_cache(maxsize=4_096)  # asked of each item, and there are few folders
def folder_key(folder: str) -> str:
    """A folder's path without case, without empty names."""
    return "/".join(name for part in folder.replace("\\", "/").split("/") if (name := text_key(part)))


def literal_folders(patterns: Iterable[str]) -> tuple[str, ...] | None:
    """The keys of patterns without wildcards; None when one has any."""
    keys = tuple(folder_key(pattern) for pattern in patterns)
    return None if any("*" in key or "?" in key for key in keys) else keys


def ancestors(folder: str) -> Iterable[str]:
    """A folder's key and the keys of the folders that it lies in: `a/b/c`, `a/b`, `a`."""
    key = folder_key(folder)
    while key:
        yield key
        key = key.rpartition("/")[0]


def folder_matcher(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Whether a folder is one that the patterns name. A pattern names its folder and everything below it, as folders do
    everywhere in the rules: `Inbox` is the Inbox with its subfolders, `Projects/*` every folder below Projects but not
    Projects itself. `*` stands for any characters, `?` for one; case does not count."""
    keys = [folder_key(pattern) for pattern in patterns]
    literal = frozenset(key for key in keys if "*" not in key and "?" not in key)
    wild = [_regex(key) for key in keys if key not in literal]
    known: dict[str, bool] = {}

    def match(folder: str) -> bool:
        found = known.get(folder)
        if found is None:
            above = list(ancestors(folder))
            found = any(key in literal for key in above)
            found = found or any(regex.fullmatch(key) is not None for regex in wild for key in above)
            if len(known) < 10_000:  # a mailbox has hundreds of folders; whoever has more pays for the match
                known[folder] = found
        return found

    return match


def _regex(key: str) -> Any:
    # RE2 for these as well: the standard library's engine would try every way to share a name among several stars.
    parts = re.split(r"(\*+|\?)", key)
    return re2.compile(
        "(?s)" + "".join(".*" if part[:1] == "*" else "." if part == "?" else re2.escape(part) for part in parts)
    )
