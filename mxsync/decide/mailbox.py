"""What rules do to the mailbox and the world: categories, folders, flags, notifications, hooks. What is so already
is not done again."""

from __future__ import annotations

from mxsync.decide.context import once_key
from mxsync.decide.draft import Draft
from mxsync.lang import ir
from mxsync.lang.compile_folders import folder_key
from mxsync.lang.compile_values import render
from mxsync.model.effect import (
    CallHook,
    Categorize,
    CopyItem,
    FlagItem,
    MarkRead,
    MoveItem,
    Notify,
    Uncategorize,
)
from mxsync.model.normal import text_key


def categorize(draft: Draft, action: ir.Categorize) -> None:
    """Puts a category on the item, or takes it off. Of two rules about one category the first wins."""
    category = " ".join(render(action.category, draft.facts).split())
    if not category:
        draft.note("the category is empty")
        return
    place = ("category", text_key(category))
    before = draft.outside.get(place)
    if before is not None:
        if isinstance(before, Uncategorize) is not action.remove:
            draft.note(f"rule `{before.cause.rule}` decides about category `{category}` already")
        return
    held = draft.facts.field("categories")
    there = {text_key(each) for each in (held if isinstance(held, tuple) else (held,)) if isinstance(each, str)}
    if (place[1] in there) is not action.remove:
        draft.note(f"category `{category}` is {'not there' if action.remove else 'there'} already")
        return
    draft.outside[place] = (Uncategorize if action.remove else Categorize)(draft.cause, category)


def move(draft: Draft, action: ir.MoveTo, number: int) -> None:
    """Moves the item to a folder of its mailbox, or puts a copy there, once."""
    folder = folder_path(render(action.folder, draft.facts))
    if not folder:
        draft.note("the folder's name is empty")
        return
    if action.copy:
        once = once_key(draft.memory, "copy", number)
        if once not in draft.facts.context.done:
            draft.outside["copy", once] = CopyItem(draft.cause, folder, once)
        return
    before = draft.outside.get(("move",))
    if before is not None:
        if isinstance(before, MoveItem) and folder_key(before.folder) != folder_key(folder):
            draft.note(f"rule `{before.cause.rule}` moves it to `{before.folder}` already")
        return
    if folder_key(folder) == folder_key(draft.facts.item.ref.folder):
        draft.note(f"it is in `{folder}` already")
        return
    draft.outside["move",] = MoveItem(draft.cause, folder)


def folder_path(text: str) -> str:
    """A folder's path in a mailbox: names with `/` between them, no empty ones, none that leads elsewhere."""
    names = (" ".join(name.split()) for name in text.replace("\\", "/").split("/"))
    return "/".join(name for name in names if name.strip("."))


def mark_read(draft: Draft) -> None:
    """Marks the item read."""
    if draft.facts.field("read") is not True:
        draft.outside.setdefault(("read",), MarkRead(draft.cause))


def flag(draft: Draft) -> None:
    """Flags the item."""
    if draft.facts.field("flagged") is not True:
        draft.outside.setdefault(("flag",), FlagItem(draft.cause))


def notify(draft: Draft, action: ir.Notify, number: int) -> None:
    """Sends a text, once for each item and rule."""
    once = once_key(draft.memory, "notify", number)
    address = " ".join(render(action.address, draft.facts).split())
    if not address:
        draft.note("there is no address to notify")
    elif once not in draft.facts.context.done:
        draft.outside["notify", once] = Notify(draft.cause, address, render(action.body, draft.facts), once)


def call_hook(draft: Draft, action: ir.CallHook, number: int) -> None:
    """Calls a configured hook, once for each item and rule."""
    once = once_key(draft.memory, "hook", number)
    if once not in draft.facts.context.done:
        draft.outside["hook", once] = CallHook(draft.cause, action.hook, once)
