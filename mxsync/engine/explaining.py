"""Why an item is decided as it is, and where a row comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath

from mxsync.decide.decide import Tracing
from mxsync.decide.explain import effects_lines, trace_lines
from mxsync.decide.item_facts import same_value
from mxsync.decide.page import decide_page
from mxsync.engine.answers import answer_of
from mxsync.engine.subjects import subjects_of
from mxsync.engine.syncing.explaining import sync_lines
from mxsync.engine.world import Mailbox, World
from mxsync.errors import BadContent, NotFound
from mxsync.lang.compile import RulePlan
from mxsync.lang.suggest import did_you_mean
from mxsync.model.item import ItemRef, Kind, Unreadable
from mxsync.model.outcome import Decision
from mxsync.model.record import RecordValue
from mxsync.ports.tracking import AuditRow, Unit

_ITEM_ACTIONS = frozenset({"add item", "update item", "remove item", "conflict", "let go"})
"""What syncs note with a row about the items that stand for it."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How an item would be decided now, rule by rule, and `lines` that say so."""

    ref: ItemRef
    decision: Decision
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class WhyReport:
    """Where a row comes from. `fields`: (field, value, source, rule, file, line, plan, item, time), the latest of
    each; `links`: (linked row, source, rule, file, line, plan, item, time). `edited`: field to what it holds now, where
    that is no longer what mxsync wrote. `items`: what syncs did to the items that stand for the row."""

    entity: str
    key: str
    fields: Sequence[tuple[str, RecordValue, str, str, str, int, str, str, datetime]]
    links: Sequence[dict[str, object]]
    history: Sequence[str] = ()
    edited: Mapping[str, RecordValue] = field(default_factory=dict)
    items: Sequence[dict[str, object]] = ()


def explain(world: World, item: str) -> Explanation:
    """Decides one item as it is now, and takes nothing of it over. Raises `NotFound` and `BadContent`."""
    with world.store.reading() as unit:
        mailbox, ref = find_item(world, unit, item)
        answer = next(iter(mailbox.connector.fetch([ref])), None)
        if answer is None:
            raise NotFound(f"there is no item `{item}` (looked for {ref.mailbox}/{ref.href})")
        if isinstance(answer, Unreadable):
            raise BadContent(f"`{item}` cannot be read: {answer.reason}")
        plan = world.plan()
        subject = subjects_of(unit, mailbox.user, [answer], (), conversations=plan.needs(Kind.MAIL).score)[0]
        (decision,) = decide_page(
            plan, world.organisation, [subject.context], answer_of(unit), world.now(), Tracing.FULL
        )
        lines = [f"{ref.mailbox}/{ref.href}: {decision.fate.value}"]
        if decision.reason:
            lines.append(f"  because {decision.reason}")
        lines += [f"  {line}" for line in (*trace_lines(decision), *effects_lines(decision))]
        syncs = sync_lines(world, plan, unit, subject, decision.fate, world.now())
        lines += [f"  {line}" for line in syncs]
        if subject.row is not None:
            lines.append(f"  last decided {subject.row.decided:%Y-%m-%d %H:%M} by rules {subject.row.plan[:12]}")
    return Explanation(ref, decision, lines)


def find_item(world: World, unit: Unit, item: str) -> tuple[Mailbox, ItemRef]:
    """The item as reports name it, a file's path, a path in a mailbox, or a Message-ID. Raises `NotFound`."""
    wanted = item.strip().removeprefix("<").removesuffix(">")
    parts = PurePath(item).as_posix().split("/")
    for mailbox in world.mailboxes:
        if mailbox.name in parts:
            place = len(parts) - 1 - parts[::-1].index(mailbox.name)
            rest = parts[place + 1 :]
            seen = unit.tracking.items([ItemRef(mailbox.name, "", "/".join(rest))]) if rest else {}
            if seen:  # as mxsync itself writes it; where a server's ids are no paths, this is the only way
                return mailbox, next(iter(seen.values())).ref
            if rest:  # one that was not seen yet: the connector knows the folder where its name does not tell
                return mailbox, ItemRef(mailbox.name, "/".join(rest[:-1]), "/".join(rest))
    for mailbox in world.mailboxes:
        for identity in (f"mail:{wanted}", f"meeting:{wanted}"):
            found = unit.tracking.items_by_identity(mailbox.name, [identity])
            if found.get(identity):
                return mailbox, found[identity][0].ref
    raise NotFound(
        f"there is no item `{item}`: give a file below a mailbox's folder, MAILBOX/FOLDER/NAME, or the Message-ID of a "
        "mail that was seen already"
    )


def _no_entity(plan: RulePlan, entity: str, key: str) -> str:
    """With what was likely meant: the two words the other way round, a table's own name, a slip."""
    known = {*plan.entities, *plan.program.parts}
    tables = {each.table.casefold(): name for name, each in plan.entities.items()}
    if key in known:
        meant = f"write the entity first: mxsync why {key} {entity}"
    elif entity.casefold() in tables:
        meant = f"the table `{entity}` is the entity `{tables[entity.casefold()]}`"
    else:
        meant = did_you_mean(entity, known) or f"there are {', '.join(sorted(plan.entities))}"
    return f"there is no entity `{entity}` in the rules; {meant}"


def why(world: World, entity: str, key: str) -> WhyReport:
    """Who wrote each field of a row. Raises `NotFound` where mxsync never wrote to such a row."""
    plan = world.plan()
    name = plan.program.parts.get(entity, entity)
    if name not in plan.entities:
        raise NotFound(_no_entity(plan, entity, key))
    row_key = world.database.key_named(name, key)
    with world.store.reading() as unit:
        try:
            there = unit.crm.read([row_key])
        except BadContent as error:
            raise NotFound(f"there is no {name} with the key {key}: it is no value of that key's column") from error
        history = unit.tracking.history(row_key)
    if not history:
        if there:
            raise NotFound(f"{name} {key} is there, but mxsync never wrote to it: a person or another program made it")
        raise NotFound(f"there is no {name} with the key {key}")
    fields: dict[str, tuple[str, RecordValue, str, str, str, int, str, str, datetime]] = {}
    dated: dict[str, RecordValue] = {}
    links: list[dict[str, object]] = []
    items: list[dict[str, object]] = []
    for row in history:
        if row.action in _ITEM_ACTIONS:
            place = f"{row.ref.mailbox}/{row.ref.folder if row.ref.href.startswith('?') else row.ref.href}"
            items.append(
                {
                    "action": row.action,
                    "item": place,
                    "rule": row.rule,
                    "file": row.file,
                    "line": row.line,
                    "time": row.at,
                    "said": list(row.trace),
                }
            )
        item = f"{row.ref.mailbox}/{row.ref.href}" if row.ref.href else row.ref.mailbox
        if row.action == "propose" or row.action in _ITEM_ACTIONS:
            continue  # nothing was written into the row
        for each, (written, source) in row.values.items():
            rule, file, line = row.causes.get(each, (row.rule, row.file, row.line))
            fields[each] = (each, written, source, rule, file, line, row.plan, item, row.at)
            dated.pop(each, None)
            if row.moment is not None:  # then it is kept as its column holds it
                dated[each] = written
        for linked in row.links:
            links.append(
                {
                    "row": f"{linked.entity} {linked.value}",
                    "rule": row.rule,
                    "file": row.file,
                    "line": row.line,
                    "plan": row.plan,
                    "item": item,
                    "time": row.at,
                }
            )
    now = there[row_key].values if row_key in there else {}
    edited = {each: now[each] for each, written in dated.items() if each in now and not _still(written, now[each])}
    return WhyReport(name, key, list(fields.values()), links, [_told(row) for row in history], edited, items)


def _still(written: RecordValue, now: RecordValue) -> bool:
    """Whether a field still holds what was written. The account keeps only the beginning of a long text."""
    if isinstance(written, str) and written.endswith("…") and isinstance(now, str):
        return now.startswith(written[:-1])
    return same_value(written, now)


def _told(row: AuditRow) -> str:
    where = f"{row.file}:{row.line}" if row.line else row.file
    return f"{row.at:%Y-%m-%d %H:%M} {row.action} by {row.rule} ({where}), rules {row.plan[:12]}"
