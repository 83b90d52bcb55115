"""`save attachments`: each content once, its document linked where the item is linked."""

from __future__ import annotations

from mxsync.decide.draft import Draft, Values
from mxsync.decide.names import safe_folder
from mxsync.lang import ir
from mxsync.lang.compile_texts import composed, matcher_of
from mxsync.lang.compile_values import hole_text
from mxsync.model.effect import SaveAttachment
from mxsync.model.item import Attachment
from mxsync.model.normal import text_key, value_key
from mxsync.model.record import Entity, Find, Record, RecordKey


def save_attachments(draft: Draft, action: ir.SaveAttachments) -> None:
    """Stores the attachments that the action names, and saves the item. Into the documents each gets a row, if
    there is an entity `document`; into a folder it is a file only."""
    chosen = [attachment for attachment in draft.facts.attachments() if _chosen(attachment, action)]
    if not chosen:
        draft.note("no attachment is of that kind")
        return
    draft.want_own()
    folder = ""
    if action.folder is not None:
        parts = (part if isinstance(part, str) else (hole_text(part, draft.facts),) for part in action.folder.parts)
        folder = safe_folder(parts)
    for attachment in chosen:
        document = None
        if not folder:
            entity = draft.facts.plan.parts.document
            document = _document(draft, entity, attachment) if entity is not None else None
        effect = SaveAttachment(
            draft.cause, attachment.part, attachment.name, folder, attachment.sha256, document, action.replacing
        )
        before = draft.outside.get(("attachment", attachment.part, folder))
        if isinstance(before, SaveAttachment) and not before.link and effect.link:
            draft.note(f"`{attachment.name}` is saved by rule `{before.cause.rule}` already")
            effect = SaveAttachment(before.cause, *_rest(before), True)
        elif before is not None:
            continue
        draft.outside["attachment", attachment.part, folder] = effect


def _rest(effect: SaveAttachment) -> tuple[str, str, str, str, RecordKey | None]:
    return effect.part, effect.name, effect.folder, effect.sha256, effect.document


def _chosen(attachment: Attachment, action: ir.SaveAttachments) -> bool:
    if action.larger is not None and attachment.size <= action.larger:
        return False
    if action.like is None:
        return True
    matcher = matcher_of(action.like, whole=True)
    return matcher(composed(attachment.name), text_key(attachment.name)) is not None


def _document(draft: Draft, entity: Entity, attachment: Attachment) -> RecordKey:
    """The row of a content: the one that has its digest, else a new one."""
    found: tuple[Record, ...] = ()
    if attachment.sha256 and "sha256" in entity.fields:
        found = draft.facts.records.ask(Find(entity.name, ("sha256",), (value_key(attachment.sha256),)))
    key = found[0].key if found else _create(draft, entity, attachment)
    draft.documents.setdefault(key, draft.cause)
    return key


def _create(draft: Draft, entity: Entity, attachment: Attachment) -> RecordKey:
    said: Values = {
        "file_name": attachment.name,
        "content_type": attachment.content_type,
        "size": attachment.size,
        "sha256": attachment.sha256,
    }
    values: Values = {name: value for name, value in said.items() if name in entity.fields and value != ""}
    sources = dict.fromkeys(values, "attachment")
    owner = draft.owner_field(entity)
    user = draft.user() if owner else None
    if user is not None:
        values[owner], sources[owner] = user, "mailbox"
    key = draft.create(entity, values, sources)
    draft.rule_created.pop(key, None)  # documents are linked when all links of the item are known
    return key
