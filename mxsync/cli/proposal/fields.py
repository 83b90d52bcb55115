"""What each column of a guessed entity is proposed as: a field of the item, a reference, or a field of the row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mxsync.cli.proposal import words
from mxsync.cli.proposal.guess import Guess, free_name
from mxsync.cli.proposal.looks import FEW, NOTHING, Look
from mxsync.lang.ir import Type
from mxsync.lang.vocabulary import ITEM_FIELDS
from mxsync.model.item import Kind
from mxsync.model.schema import ColumnInfo, ColumnType

PLAIN = re.compile(r"[A-Za-z_]\w*", re.ASCII)
FITS = {
    Type.TEXT: {ColumnType.TEXT},
    Type.PERSON: {ColumnType.TEXT},
    Type.NUMBER: {ColumnType.NUMBER},
    Type.BOOLEAN: {ColumnType.BOOLEAN, ColumnType.NUMBER},
    Type.DATE: {ColumnType.DATE, ColumnType.MOMENT},
    Type.MOMENT: {ColumnType.MOMENT, ColumnType.DATE},
}
PHONES = ("business_phone", "mobile_phone", "home_phone", "fax", "phone")


@dataclass(slots=True)
class Line:
    """One line of an entity: its left side, its right side, a doubt, and the reason where it is not the name alone."""

    left: str
    right: str
    doubt: str = ""
    why: str = ""

    @property
    def comment(self) -> str:
        """What is said behind the line."""
        said = "; ".join(each for each in (self.why, f"check: {self.doubt}" if self.doubt else "") if each)
        return f"  # {said}" if said else ""


def column_text(name: str) -> str:
    """A table or column as the language writes it."""
    return name if PLAIN.fullmatch(name) else "'" + name.replace("'", "''") + "'"


def fields_of(
    guessed: Guess,
    kind: Kind | None,
    names: dict[str, Guess],
    reserved: frozenset[str],
    seen: Mapping[tuple[str, str], Look],
    flag: str,
) -> list[Line]:
    """The lines of all columns but the key and `flag`, which tells dead rows. `names` are the guesses by table,
    `reserved` the words that no field may be called, `seen` what the columns' values look like."""
    known = words.FIELDS.get(guessed.role, {})
    own = _singular_prefixes(guessed)
    lines: list[Line] = []
    taken: set[str] = set()
    spread: dict[str, list[str]] = {}
    for column in guessed.table.columns:
        word = words.bare(column.name)
        if (word in words.MODIFIED and column.type is ColumnType.MOMENT) or column.name == flag:
            continue
        held = seen.get((guessed.table.name, column.name), NOTHING)
        target = names.get(guessed.references.get(column.name, ""))
        if target is not None:
            lines.append(Line(_free(reference_name(column, guessed, target), taken, reserved), ""))
            lines[-1].right = f"= {column_text(column.name)} is {target.name}"
            lines[-1].why = "a foreign key" if column.name in guessed.table.foreign else "by its name"
            continue
        rest = [word.removeprefix(prefix) for prefix in own if word.startswith(prefix)]
        meaning = next((known[each] for each in (word, *rest) if each in known), "")
        if column.name in guessed.key and not meaning:
            continue
        by_look = "" if meaning else _by_look(guessed.role, column, held, taken)
        meaning = meaning or by_look
        numbered = re.fullmatch(r"(.*?)(\d+)", word)
        if not meaning and numbered and known.get(numbered[1]) == "email" and kind is Kind.CONTACT:
            meaning = "email"
        if meaning == "email" and kind is Kind.CONTACT and column.type is ColumnType.TEXT and "email" in taken:
            spread["email"].append(column_text(column.name))
            continue
        line = _field(column, meaning, kind, taken, reserved)
        line.why = held.reason if by_look else ""
        _look_at(line, column, held)
        if line.left == "email" and kind is Kind.CONTACT:
            spread["email"] = [column_text(column.name)]
        lines.append(line)
    if guessed.role in ("contact", "user") and "email" not in taken:
        _guess_email(lines, guessed, kind, taken)
    for line in lines:
        if line.left in spread and len(spread[line.left]) > 1:
            line.right = line.right.partition(" ")[0] + " " + ", ".join(spread[line.left])
    return lines


def _by_look(role: str, column: ColumnInfo, held: Look, taken: set[str]) -> str:
    """What a column means whose name says nothing, by its values."""
    if column.type is not ColumnType.TEXT or role not in ("contact", "company", "user"):
        return ""
    phone = "phone" if role == "company" else "business_phone"
    meaning = {"addresses": "email", "phone numbers": phone, "web addresses": "website"}.get(held.kind, "")
    if meaning == "email":
        return meaning if role != "company" else ""
    return meaning if meaning not in taken else ""


def _look_at(line: Line, column: ColumnInfo, held: Look) -> None:
    """What the values say against a guess, or add to it."""
    if line.left == "email" and held.filled >= FEW and held.share("addresses") < 0.5:
        line.doubt = (
            line.doubt or f"only {(held.counts or {}).get('addresses', 0)} of {held.filled} values are addresses"
        )
    elif line.left in PHONES and held.filled >= FEW and held.share("phone numbers") < 0.5:
        line.doubt = line.doubt or "few of the values are phone numbers"
    elif column.type is ColumnType.TEXT and held.kind == "dates" and "dates" not in line.why:
        line.why = f"{held.reason}, as text"
    elif held.codes and (
        words.bare(column.name) in words.CODED or column.name.lower().endswith(("type", "code", "kz"))
    ):
        shown = ", ".join(" ".join(code.split()) for code in held.codes)
        line.why = f"holds {shown}; words for them: as (word = {_code(held.codes[0], column)}, …)"


def _code(text: str, column: ColumnInfo) -> str:
    return text if column.type is ColumnType.NUMBER else column_text(text) if not PLAIN.fullmatch(text) else f"'{text}'"


def _guess_email(lines: list[Line], guessed: Guess, kind: Kind | None, taken: set[str]) -> None:
    """Without a column called like an address, the first text that has `mail` in its name."""
    texts = {column_text(c.name): c for c in guessed.table.columns if c.type is ColumnType.TEXT}
    for line in lines:
        column = texts.get(line.right.partition(" ")[2])
        if column is not None and "mail" in words.bare(column.name):
            taken.add("email")
            line.left, line.doubt = "email", "is this the address?"
            line.right = f"{'<->' if kind is Kind.CONTACT else '='} {column_text(column.name)}"
            return


def _singular_prefixes(guessed: Guess) -> list[str]:
    """What columns put before their names: 'ContactFirstName', 'kunde_name'."""
    bare = words.bare(guessed.name)
    return [prefix for prefix in (bare, bare[:4], bare[:3]) if len(prefix) > 2]


def reference_name(column: ColumnInfo, guessed: Guess, target: Guess) -> str:
    """What a foreign key is called: after the entity, where the column is called after its table or its key."""
    if target.role == "user":
        others = sum(each == target.table.name for each in guessed.references.values())
        if words.bare(column.name) in words.OWNERS or others == 1:
            return "owner"
    name = _without_id(words.snake(column.name)).removeprefix("fk_").removeprefix("id_")
    called = {words.table_word(target.table.name), words.bare(target.name), words.bare(target.key[0])}
    return target.name if not name or words.bare(name) in called or words.bare(column.name) in called else name


def _without_id(name: str) -> str:
    pieces = name.split("_")
    return "_".join(pieces[:-1]) if len(pieces) > 1 and pieces[-1] in words.KEYS else name


def _field(column: ColumnInfo, meaning: str, kind: Kind | None, taken: set[str], reserved: frozenset[str]) -> Line:
    """With an arrow where the item kind has such a field and the column can hold it, else as a field of the row."""
    if column.type is ColumnType.BINARY:
        return Line(_free(words.snake(column.name), taken, reserved), f"= {column_text(column.name)}")
    vocabulary = ITEM_FIELDS.get(kind, {}) if kind is not None else {}
    word = vocabulary.get(meaning.partition(".")[0]) if meaning else None
    if word is not None and meaning not in taken and column.type in FITS.get(word.type, {column.type}):
        taken.add(meaning)
        arrow = "->" if kind is Kind.MAIL or column.generated else "<->"
        phone = " as phone" if meaning in PHONES else ""
        return Line(meaning, f"{arrow} {column_text(column.name)}{phone}", _doubt(meaning, column))
    name = meaning if meaning and "." not in meaning and meaning not in taken else words.snake(column.name)
    if word is not None and name == meaning and meaning not in taken:
        doubt = f"the column holds {column.type.value}, so the item's `{meaning}` is not kept in step with it"
        return Line(_free(words.snake(column.name), taken, reserved), f"= {column_text(column.name)}", doubt)
    phone = " as phone" if name in PHONES and column.type is ColumnType.TEXT else ""
    return Line(_free(name, taken, reserved), f"= {column_text(column.name)}{phone}")


def _doubt(meaning: str, column: ColumnInfo) -> str:
    if meaning == "job_title" and words.bare(column.name) in ("title", "titre"):
        return "a job, or an honorific such as Dr?"
    if meaning == "full_name" and words.bare(column.name) == "name":
        return "the whole name, or the family name alone?"
    return ""


def _free(name: str, taken: set[str], reserved: frozenset[str]) -> str:
    return free_name(name or "field", taken, reserved)
