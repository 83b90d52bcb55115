"""Paths: what a word, or words with dots between them, mean where they stand.

A bare word is a capture of the rule, else a field of the item (or row) at hand, else an entity. Entity paths follow
references: `ansprechpartner.kunde.status`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mxsync.lang import ast, ir, messages_names, messages_types
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.environment import EntityInfo
from mxsync.lang.ir import Root, Type
from mxsync.lang.scope import LeftOut, Scope
from mxsync.lang.source import Span
from mxsync.lang.types import Place
from mxsync.lang.vocabulary import PARTS, PERSON_STEPS, SIGNATURE_FIELDS, USER_STEPS, fields_of, kinds_with
from mxsync.model.item import Kind

CUSTOM: Final = "custom"
HEADER: Final = "header"
SIGNATURE: Final = "signature"
_WRITTEN: Final = (Kind.MAIL, Kind.POST)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A path with the place it names: its type, codes and how messages call it."""

    path: ir.Path
    place: Place


def unknown_entity(scope: Scope, name: ast.Name, *, created: bool = False) -> None:
    """Reports a name that is no entity, unless another fault is the cause. `created` after the word `create`."""
    if scope.environment.silent(name.text):
        return
    if name.text in PARTS:
        scope.report.add(messages_names.no_such_part(name.span, name.text))
    else:
        words = scope.environment.entity_words()
        say = messages_names.not_creatable if created else messages_names.unknown_entity
        scope.report.add(say(name.span, name.text, words))


def unknown_field(scope: Scope, info: EntityInfo, field: str, span: Span) -> None:
    """A field that an entity does not have: an error, except where a file that uses this one has put its own entity in
    the place of the one meant here. Then the statement is left out."""
    environment = scope.environment
    if info.broken or environment.silent(info.entity.name):
        return
    if environment.declared.file_uses(info.file, scope.file):
        scope.left_out.append(LeftOut(span, info.entity.name, field))
        return
    scope.report.add(messages_names.unknown_field(span, info.entity.name, field, info.places))


def entity_of(scope: Scope, name: ast.Name, *, created: bool = False) -> EntityInfo | None:
    """The entity that a name means, reported when there is none."""
    found = scope.environment.entity(name.text)
    if found is None:
        unknown_entity(scope, name, created=created)
    return found


def field_of(scope: Scope, info: EntityInfo, path: ast.Path) -> tuple[str, Place] | None:
    """A field of the entity by its name as written (`custom.SerialNo` is one name)."""
    found = scope.environment.place(info, path.text)
    if found is None:
        unknown_field(scope, info, path.text, path.span)
        return None
    return found[0], found[1].called(path.text)


@dataclass(slots=True)
class _Walk:
    steps: list[str]
    place: Place
    many: bool


def _walk(scope: Scope, info: EntityInfo, parts: tuple[ast.Name, ...], index: int) -> _Walk | None:
    """From an entity along its fields and references, beginning with the part at `index`."""
    walk = _Walk([], Place(Type.REFERENCE, refers=info.entity.name, text=info.entity.name), False)
    while index < len(parts):
        if walk.place.type is not Type.REFERENCE:
            scope.report.add(_no_step(parts, index, ()))
            return None
        here = scope.environment.entities.get(walk.place.refers)
        if here is None:
            return None
        found = None
        for end in range(len(parts), index, -1):
            name = ".".join(part.text for part in parts[index:end])
            found = scope.environment.place(here, name)
            if found is not None:
                break
        if found is None:
            target = scope.environment.entity(parts[index].text)
            reference = here.entity.reference_to(target.entity.name) if target is not None else None
            if reference is None:
                name = (
                    ".".join(part.text for part in parts[index:]) if parts[index].text == CUSTOM else parts[index].text
                )
                unknown_field(scope, here, name, parts[index].span)
                return None
            found, end = (reference.name, here.places[reference.name]), index + 1
        walk.steps.append(found[0])
        walk.place = found[1]
        walk.many |= found[1].many
        index = end
    return walk


def _no_step(parts: tuple[ast.Name, ...], index: int, known: tuple[str, ...]) -> Diagnostic:
    before = ".".join(part.text for part in parts[:index])
    return messages_names.nothing_after(parts[index].span, before, parts[index].text, known)


def record_path(scope: Scope, path: ast.Path, info: EntityInfo, skip: int = 0) -> Resolved | None:
    """A path from the record at hand."""
    walk = _walk(scope, info, path.parts, skip)
    if walk is None:
        return None
    # within a `where` the record is the one asked about; the row of the rule is then an entity that it leads to
    root = Root.ENTITY if scope.beside else Root.RECORD
    return _resolved(path, root, walk, info.entity.name, walk.many)


def _entity_path(scope: Scope, path: ast.Path, info: EntityInfo) -> Resolved | None:
    walk = _walk(scope, info, path.parts, 1)
    if walk is None:
        return None
    return _resolved(path, Root.ENTITY, walk, info.entity.name, True)


def _resolved(path: ast.Path, root: Root, walk: _Walk, entity: str, many: bool) -> Resolved:
    place = walk.place.called(path.text)
    refers = place.refers if place.type is Type.REFERENCE else ""
    return Resolved(ir.Path(root, tuple(walk.steps), place.type, many, entity, refers, path.text, path.span), place)


def resolve(scope: Scope, path: ast.Path) -> Resolved | None:
    """A path where the item, or the row, at hand is meant: in conditions of a rule, on the right of a `where`, in
    values and texts. None when it means nothing: then that is reported, or its cause has been."""
    first = path.parts[0].text
    if first in scope.captures:
        scope.used_captures.add(first)
        if len(path.parts) > 1:
            scope.report.add(_no_step(path.parts, 1, ()))
            return None
        place = Place(Type.ANY, text=first)
        return Resolved(ir.Path(Root.CAPTURE, (first,), Type.TEXT, False, "", "", path.text, path.span), place)
    if scope.mailbox and first == "user" and len(path.parts) > 1:
        return _user_path(scope, path)
    if scope.row:
        found = _in_row(scope, path, scope.environment.entities[scope.row])
        if found is not None or scope.report.error is not None or scope.left_out:
            return found
    if scope.kinds or first == "user":
        word = fields_of(scope.kinds).get(first) if scope.kinds else None
        if first == "user":
            return _user_path(scope, path)
        if word is not None:
            return _item_path(scope, path, word.type, word.many)
        if first in (CUSTOM, HEADER, SIGNATURE):
            return _rooted_path(scope, path, first)
    info = scope.environment.entity(first)
    if info is not None:
        if scope.row and info.entity.name == scope.row:
            return record_path(scope, path, info, skip=1)
        return _entity_path(scope, path, info)
    _unknown(scope, path)
    return None


def _in_row(scope: Scope, path: ast.Path, info: EntityInfo) -> Resolved | None:
    """A path from the row at hand; None, and nothing reported, when its first word is no field of it."""
    parts = path.parts
    place = scope.environment.place
    for end in range(len(parts), 0, -1):
        if place(info, ".".join(part.text for part in parts[:end])) is not None:
            return record_path(scope, path, info)
    target = scope.environment.entity(parts[0].text)
    if target is not None and target.entity.name != scope.row and info.entity.reference_to(target.entity.name):
        return record_path(scope, path, info)
    return None


def _item_path(scope: Scope, path: ast.Path, type_: Type, many: bool) -> Resolved | None:
    parts = path.parts
    steps: tuple[str, ...] = (parts[0].text,)
    if len(parts) > 1:
        step = parts[1].text
        if type_ is not Type.PERSON or step not in PERSON_STEPS:
            scope.report.add(_no_step(parts, 1, tuple(PERSON_STEPS) if type_ is Type.PERSON else ()))
            return None
        if len(parts) > 2:
            scope.report.add(_no_step(parts, 2, ()))
            return None
        steps, type_ = (parts[0].text, step), PERSON_STEPS[step]
    return _plain(path, Root.ITEM, steps, type_, many)


def _rooted_path(scope: Scope, path: ast.Path, first: str) -> Resolved | None:
    parts = path.parts
    if len(parts) == 1:
        example = {CUSTOM: "custom.Region", HEADER: "header.List-Id", SIGNATURE: "signature.job_title"}[first]
        scope.report.add(messages_names.incomplete_path(path.span, first, example))
        return None
    if len(parts) > 2:
        scope.report.add(_no_step(parts, 2, ()))
        return None
    step = parts[1].text
    if first == CUSTOM:
        return _plain(path, Root.CUSTOM, (step,), Type.ANY, False)
    if first == HEADER:
        if scope.kinds.isdisjoint(_WRITTEN):
            subject = messages_types.subject_of(sorted(scope.kinds))
            scope.report.add(messages_names.field_of_other_kind(path.span, path.text, subject, _WRITTEN))
            return None
        return _plain(path, Root.HEADER, (step.lower(),), Type.TEXT, True)
    if step not in SIGNATURE_FIELDS:
        scope.report.add(_no_step(parts, 1, tuple(SIGNATURE_FIELDS)))
        return None
    return _plain(path, Root.SIGNATURE, (step,), Type.TEXT, False)


def _user_path(scope: Scope, path: ast.Path) -> Resolved | None:
    """`user` is the person whose mailbox it is; what follows is a field of the entity that plays the user's part."""
    if len(path.parts) == 1:
        return _plain(path, Root.ITEM, ("user",), Type.PERSON, False)
    info = scope.environment.entity("user")
    step = path.parts[1].text
    if info is not None and (len(path.parts) > 2 or scope.environment.place(info, step) or step not in USER_STEPS):
        walk = _walk(scope, info, path.parts, 1)
        return None if walk is None else _resolved(path, Root.USER, walk, info.entity.name, walk.many)
    if step not in USER_STEPS:
        if not scope.environment.silent("user"):
            scope.report.add(_no_step(path.parts, 1, tuple(USER_STEPS)))
        return None
    if len(path.parts) > 2:
        scope.report.add(_no_step(path.parts, 2, ()))
        return None
    return _plain(path, Root.USER, (USER_STEPS[step],), Type.TEXT, False)


def _plain(path: ast.Path, root: Root, steps: tuple[str, ...], type_: Type, many: bool) -> Resolved:
    resolved = ir.Path(root, steps, type_, many, "", "", path.text, path.span)
    return Resolved(resolved, Place(type_, many, text=resolved.text))


def _unknown(scope: Scope, path: ast.Path) -> None:
    """Says what a first word that means nothing could have been."""
    name = path.parts[0]
    environment = scope.environment
    if environment.silent(name.text) and not (scope.kinds and kinds_with(name.text)):
        return
    if scope.kinds:
        subject = messages_types.subject_of(sorted(scope.kinds))
        owners = kinds_with(name.text)
        if owners:
            scope.report.add(messages_names.field_of_other_kind(name.span, name.text, subject, owners))
            return
        words = [*fields_of(scope.kinds), *scope.captures, *environment.entity_words(), CUSTOM, HEADER, SIGNATURE]
    elif not scope.row:  # the value of a row's field in a test
        subject, words = "a test", [*scope.captures, *environment.entity_words()]
    else:
        subject = f"a row of `{scope.row}`"
        row = environment.entities[scope.row]
        if row.broken:
            return
        if environment.declared.file_uses(row.file, scope.file):
            scope.left_out.append(LeftOut(name.span, scope.row, name.text))
            return
        words = [*row.places, *scope.captures, *environment.entity_words()]
    if name.text in PARTS:
        scope.report.add(messages_names.no_such_part(name.span, name.text))
        return
    scope.report.add(messages_names.unknown_word(name.span, name.text, words, subject))
