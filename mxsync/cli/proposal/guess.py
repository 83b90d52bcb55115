"""What the tables are: entities, their keys and parts, foreign keys, link tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from mxsync.cli.proposal import words
from mxsync.model.schema import Schema, TableInfo

_OURS = re.compile(r"^(?:.*\.)?(?:mxsync_|sqlite_|sys\.|information_schema\.)", re.IGNORECASE)
MOST_EXTRA_COLUMNS = 2
"""A table of two foreign keys and at most so many other columns only links."""


@dataclass(slots=True)
class Guess:
    """A table taken for an entity. `role` is its meaning ('contact', 'task'), '' for none; `references` leads from a
    column to the table that it refers to; `doubts` are what a person should look at."""

    table: TableInfo
    name: str
    key: tuple[str, ...]
    role: str = ""
    references: Mapping[str, str] = field(default_factory=dict)
    links: list[tuple[str, str, str, str]] = field(default_factory=list)
    """(target table, link table, own column, target's column)"""
    doubts: list[str] = field(default_factory=list)
    why: str = ""
    """What the role is guessed from."""


@dataclass(slots=True)
class Guesses:
    """Everything guessed; `skipped` are tables left out, each with the reason; `gone` are link tables with the column
    by which they mark rows as deleted."""

    entities: list[Guess]
    skipped: list[tuple[str, str]]
    gone: Mapping[str, str] = field(default_factory=dict)


def guess(schema: Schema, reserved: frozenset[str]) -> Guesses:
    """What a schema seems to be. `reserved` are words that no entity may be called."""
    tables = [table for table in schema.tables if not _OURS.match(table.name)]
    keys = {table.name: _key(table) for table in tables}
    references = {table.name: _references(table, tables, keys) for table in tables}
    linking = {table.name: pair for table in tables if (pair := _links(table, references[table.name], keys))}
    skipped = [(table.name, "no column identifies its rows") for table in tables if not keys[table.name]]
    skipped = [(name, why) for name, why in skipped if name not in linking]
    entities: list[Guess] = []
    taken: set[str] = set()
    for table in tables:
        key = keys[table.name]
        if key and table.name not in linking:
            name = free_name(_entity_name(table.name), taken, reserved)
            entities.append(Guess(table, name, key, references=references[table.name]))
            if not table.primary_key:
                entities[-1].doubts.append(f"the table names no primary key; `{', '.join(key)}` is a guess")
    _give_roles(entities)
    _give_owners(entities)
    _give_links(entities, linking, skipped)
    gone = {
        table.name: column.name
        for table in tables
        if table.name in linking
        for column in table.columns
        if words.bare(column.name) in words.DELETED
    }
    return Guesses(entities, skipped, gone)


def _key(table: TableInfo) -> tuple[str, ...]:
    """The primary key; without one, a column that is called like one."""
    if table.primary_key:
        return table.primary_key
    own = words.table_word(table.name)
    singular = _singular(own)
    for column in table.columns:
        name = words.bare(column.name)
        if name in words.KEYS or any(name in (singular + end, own + end) for end in words.KEYS):
            return (column.name,)
    return ()


def _references(table: TableInfo, tables: list[TableInfo], keys: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Declared foreign keys; and columns called like another table's key, which most old databases leave undeclared."""
    by_name = {each.name.casefold(): each.name for each in tables}
    found = {
        column: by_name[target.casefold()]
        for column, (target, _) in table.foreign.items()
        if target.casefold() in by_name and len(keys[by_name[target.casefold()]]) == 1
    }
    named: dict[str, str] = {}
    for other in tables:
        if other.name == table.name or len(keys[other.name]) != 1:
            continue
        own = words.table_word(other.name)
        key = words.bare(keys[other.name][0])
        for end in ("id", "nr", "no", "key", "code"):
            named.setdefault(_singular(own) + end, other.name)
            named.setdefault(own + end, other.name)
        if key not in words.KEYS:
            named.setdefault(key, other.name)
    for column in table.columns:
        target = named.get(words.bare(column.name), "")
        alone = len(keys[table.name]) == 1 and column.name == keys[table.name][0]
        if target and column.name not in found and not alone:
            found[column.name] = target
    return found


def _links(
    table: TableInfo, references: Mapping[str, str], keys: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[str, str], tuple[str, str]] | None:
    """((column, target), (column, target)) of a table that only links two others."""
    if len(references) != 2 or len(set(references.values())) != 2:
        return None
    others = [
        column
        for column in table.columns
        if column.name not in references and column.name not in keys[table.name] and not _of_the_link(column.name)
    ]
    if len(others) > MOST_EXTRA_COLUMNS or any(_says_something(column.name) for column in others):
        return None
    first, second = references.items()
    return first, second


def _says_something(column: str) -> bool:
    """Whether a column of a link table holds more than its order, or what the one is to the other."""
    return words.bare(column) not in words.OF_LINKS


def _of_the_link(column: str) -> bool:
    """Whether a column tells when the link was made, or whether it still is."""
    word = words.bare(column)
    return word in words.CREATED or word in words.MODIFIED or word in words.DELETED


def _give_roles(entities: list[Guess]) -> None:
    """Each role goes to the table whose name says it and whose columns speak for it most."""
    claims: dict[str, list[tuple[int, int, Guess]]] = {}
    for number, guessed in enumerate(entities):
        role = words.TABLES.get(words.table_word(guessed.table.name), "")
        known = words.FIELDS.get(role, {})
        score = len({known[word] for column in guessed.table.columns if (word := words.bare(column.name)) in known})
        if role and (score or role not in words.FIELDS):
            claims.setdefault(role, []).append((score, -number, guessed))
    if "contact" not in claims:
        for number, guessed in enumerate(entities):
            known = words.FIELDS["contact"]
            has = {known[word] for column in guessed.table.columns if (word := words.bare(column.name)) in known}
            if {"email", "last_name"} <= has and words.table_word(guessed.table.name) not in words.TABLES:
                claims.setdefault("contact", []).append((len(has), -number, guessed))
    for role, claimed in claims.items():
        score, _, best = max(claimed)
        best.role = role
        named = words.TABLES.get(words.table_word(best.table.name)) == role
        told = "its name says so" if named else "its columns say so"
        article = "an" if role[0] in "aeo" else "a"
        best.why = f"{told}; {score} of its columns are called like those of {article} {role}" if score else told
        for _, _, other in claimed:
            if other is not best:
                other.doubts.append(f"this may hold a {role} as well; `{best.name}` plays that part now")


def _give_owners(entities: list[Guess]) -> None:
    """A column that is called like an owner refers to the table of users, where it is of the type of their key."""
    user = next((guessed for guessed in entities if guessed.role == "user"), None)
    key = user.table.column(user.key[0]) if user is not None and len(user.key) == 1 else None
    if user is None or key is None:
        return
    for guessed in entities:
        owners = {
            column.name: user.table.name
            for column in guessed.table.columns
            if words.bare(column.name) in words.OWNERS and column.type is key.type and column.name not in guessed.key
        }
        if guessed is not user:
            guessed.references = {**owners, **guessed.references}


def _give_links(
    entities: list[Guess],
    linking: Mapping[str, tuple[tuple[str, str], tuple[str, str]]],
    skipped: list[tuple[str, str]],
) -> None:
    """A link table belongs to the side that stands for an item, else to the one that its name begins with."""
    by_table = {guessed.table.name: guessed for guessed in entities}
    for table, ((column, target), (other_column, other_target)) in linking.items():
        if target not in by_table or other_target not in by_table:
            skipped.append((table, "it links a table that has no entity"))
            continue
        own, other = by_table[target], by_table[other_target]
        if _weight(own, table) < _weight(other, table):
            own, other, column, other_column = other, own, other_column, column
        if any(link[0] == other.table.name for link in own.links):
            skipped.append((table, f"`{own.name}` links to `{other.name}` through another table already"))
            continue
        own.links.append((other.table.name, table, column, other_column))


def _weight(guessed: Guess, table: str) -> tuple[int, bool]:
    items = ("email", "appointment", "task", "journal", "document")
    rank = len(items) - items.index(guessed.role) if guessed.role in items else 0
    return rank, words.table_word(table).startswith(_singular(words.table_word(guessed.table.name)))


def _entity_name(table: str) -> str:
    """The table's name in the singular, as a word of the rule language."""
    pieces = words.parts(re.sub(r"^(?:tbl|tab)[_ ]+|^tbl(?=[A-Z])", "", table.rpartition(".")[2], flags=re.IGNORECASE))
    if not pieces:
        return "thing"
    meaning = words.TABLES.get("".join(pieces), "")
    if _singular("".join(pieces)) == meaning:
        return meaning
    return "_".join([*pieces[:-1], _singular(pieces[-1])])


def _singular(word: str) -> str:
    """English plurals only: those of other languages are words in their own right."""
    if word in ("news", "status", "address", "process", "business", "campus", "series"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if re.search(r"(?:ss|sh|ch|x|z)es$", word):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return {"people": "person", "staff": "staff", "kunden": "kunde", "firmen": "firma"}.get(word, word)


def free_name(name: str, taken: set[str], reserved: frozenset[str]) -> str:
    """A word of the language that is not `taken` yet, and is from now on: `name`, or one like it."""
    if name[:1].isdigit() or name in reserved:
        name = f"the_{name}"
    free, number = name, 2
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    taken.add(free)
    return free
