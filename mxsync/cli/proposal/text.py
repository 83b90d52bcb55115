"""A guess as rule text: statements that parse and pass the check, with what a person should look at in comments."""

from __future__ import annotations

from collections.abc import Mapping

from mxsync.cli.proposal import words
from mxsync.cli.proposal.fields import Line, column_text, fields_of, reference_name
from mxsync.cli.proposal.guess import Guess, Guesses
from mxsync.cli.proposal.looks import NOTHING, Look
from mxsync.model.item import Kind
from mxsync.model.schema import ColumnType

KINDS = {
    "contact": Kind.CONTACT,
    "appointment": Kind.APPOINTMENT,
    "task": Kind.TASK,
    "journal": Kind.JOURNAL,
    "email": Kind.MAIL,
}
HEAD = """\
# A first proposal, made from the tables of {where}.
# Every line is a guess from names, keys, types and a look at the first rows: read it through, look at each `check:`,
# delete what you do not need.
# Then: mxsync check, and mxsync plan, which shows what would happen and changes nothing.
"""
TAIL = """\

# Some rules to begin with. Take the # away from what you want.
# rule 'Nothing private' priority 100
#   when mail is private or is personal or is confidential
#   then skip
"""


def proposal(
    guesses: Guesses, where: str, reserved: frozenset[str], seen: Mapping[tuple[str, str], Look] | None = None
) -> str:
    """The rule file. `where` names the database for people; `reserved` are words that no field may be called; `seen` is
    what the columns' values look like."""
    names = {guessed.table.name: guessed for guessed in guesses.entities}
    blocks = [HEAD.format(where=where)]
    for guessed in guesses.entities:
        blocks.append(_entity(guessed, names, reserved, seen or {}, guesses.gone))
    for table, why in guesses.skipped:
        blocks.append(f"# left out: {_one_line(table)}: {why}\n")
    if not any(guessed.role == "contact" for guessed in guesses.entities):
        blocks.append("# check: no table of contacts was recognised; write `as contact` behind the one that is\n")
    contact = next((guessed for guessed in guesses.entities if guessed.role == "contact"), None)
    mail = next((guessed for guessed in guesses.entities if guessed.role == "email"), None)
    tail = TAIL
    if contact is not None and mail is not None:
        tail += f"#\n# rule 'Mail of known contacts'\n#   when mail is known {contact.name}\n#   then link\n"
    return "\n".join(blocks) + tail


def _entity(
    guessed: Guess,
    names: dict[str, Guess],
    reserved: frozenset[str],
    seen: Mapping[tuple[str, str], Look],
    gone: Mapping[str, str],
) -> str:
    kind = KINDS.get(guessed.role)
    stands = f" as {'mail' if guessed.role == 'email' else guessed.role}"
    as_role = stands if guessed.role in (*KINDS, "company", "user") and guessed.role != guessed.name else ""
    lines = [Line("key", ", ".join(column_text(column) for column in guessed.key), why=_why_key(guessed))]
    alive, condition, why_alive = _living(guessed, seen)
    fields = fields_of(guessed, kind, names, reserved, seen, alive)
    lines += fields
    modified = next((c for c in guessed.table.columns if words.bare(c.name) in words.MODIFIED), None)
    if modified is not None and modified.type is ColumnType.MOMENT:
        lines.append(Line("modified", column_text(modified.name), why="when a row was last changed, by its name"))
    mapped = {line.left for line in fields}
    matched = _matched_by(guessed, mapped, names)
    width = max(len(line.left) for line in lines)
    doubts = [f"# check: {doubt}" for doubt in guessed.doubts]
    if guessed.role in ("contact", "user") and "email" not in mapped:
        doubts.append(_no_addresses(guessed, names, seen))
    role = f"{guessed.role}: {guessed.why}" if guessed.role else "rows that rules may use; no item stands for them"
    text = [f"# {role}{why_alive}", *doubts]
    text.append(f"entity {guessed.name} in table {column_text(guessed.table.name)}{condition}{as_role}")
    for line in lines:
        text.append(f"  {line.left.ljust(width)} {line.right}{line.comment}")
    if matched:
        text.append(f"  matched by {matched}")
    elif guessed.role in ("contact", "company", "user"):
        text.append("  # check: say by what a row is recognised: matched by FIELD")
    for target, table, own, other in guessed.links:
        text.append(
            f"  links to {names[target].name} through {column_text(table)} ({column_text(own)}, {column_text(other)})"
            f"  # a table of two references{_ghosts(table, gone)}"
        )
    return "\n".join(text) + "\n"


def _no_addresses(guessed: Guess, names: dict[str, Guess], seen: Mapping[tuple[str, str], Look]) -> str:
    """By its address mail finds a person: where else it may be."""
    elsewhere = [
        f"{other.table.name}.{column.name}"
        for other in names.values()
        if other is not guessed
        for column in other.table.columns
        if column.type is ColumnType.TEXT
        and other.role not in ("email", "company", "contact", "user")
        and (
            words.bare(column.name) in ("email", "emailaddress", "mail", "mailaddress")
            or seen.get((other.table.name, column.name), NOTHING).kind == "addresses"
        )
    ]
    where = f"; {', '.join(elsewhere[:3])} may hold them, and a view can bring both together" if elsewhere else ""
    return f"# check: no column holds e-mail addresses, and by them mail finds its {guessed.role}{where}"


def _ghosts(table: str, gone: Mapping[str, str]) -> str:
    """What is to be said of a link table that marks its rows as deleted."""
    return f"; check: links with {gone[table]} count, too" if table in gone else ""


def _why_key(guessed: Guess) -> str:
    """How the key comes about, where mxsync makes it."""
    column = guessed.table.column(guessed.key[0]) if len(guessed.key) == 1 else None
    made = column is not None and column.made_by_us and (column.guid is not None or column.length in (32, 36))
    return "a key without a default: mxsync makes a GUID for a new row" if made else ""


def _living(guessed: Guess, seen: Mapping[tuple[str, str], Look]) -> tuple[str, str, str]:
    """(column, `where` clause, reason) of a flag that tells rows that are as good as gone; all '' without one."""
    for column in guessed.table.columns:
        word = words.bare(column.name)
        alive = "no" if word in words.DELETED else "yes" if word in words.ACTIVE else ""
        if not alive or column.type not in (ColumnType.BOOLEAN, ColumnType.NUMBER):
            continue
        value = alive if column.type is ColumnType.BOOLEAN else {"no": "0", "yes": "1"}[alive]
        living = seen.get((guessed.table.name, column.name), NOTHING)
        if living.filled and not living.alive(alive == "yes"):
            continue  # no row would be left
        return (
            column.name,
            f" where {column_text(column.name)} = {value}",
            f"; rows with {column.name} otherwise are left out",
        )
    return "", "", ""


def _matched_by(guessed: Guess, mapped: set[str], names: dict[str, Guess]) -> str:
    companies = (
        reference_name(column, guessed, target)
        for column in guessed.table.columns
        if (target := names.get(guessed.references.get(column.name, ""))) is not None and target.role == "company"
    )
    company = next((name for name in companies if name in mapped), "")
    match guessed.role:
        case "contact":
            keys = ["email"] if "email" in mapped else []
            if {"first_name", "last_name"} <= mapped:
                keys.append("first_name and last_name" + (f" and {company}" if company else ""))
            return " then ".join(keys)
        case "company":
            return " then ".join(name for name in ("domain", "name") if name in mapped)
        case "user":
            return "email" if "email" in mapped else ""
        case "email":
            return "message_id" if "message_id" in mapped else ""
        case "document":
            return "sha256" if "sha256" in mapped else ""
        case _:
            return ""


def _one_line(name: str) -> str:
    """A table's name in a comment, whatever characters it has."""
    return " ".join(name.split())
