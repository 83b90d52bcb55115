"""What makes an item the same wherever it lies, and what of it is remembered for `changed`."""

from __future__ import annotations

from collections.abc import Mapping
from weakref import WeakKeyDictionary

from mxsync.lang import ir
from mxsync.lang.compile import RulePlan
from mxsync.model.item import Item, Kind, Value


def identity_of(item: Item) -> str:
    """A mail's Message-ID and a meeting's UID are the same in every mailbox; the UID of any other item means
    something in its own mailbox only. '' where there is none."""
    match item.kind:
        case Kind.MAIL | Kind.POST:
            own = item.fields.get("message_id")
            return f"mail:{own}" if own else ""
        case Kind.APPOINTMENT:
            own = item.fields.get("uid")
            return f"meeting:{own}" if own else ""
        case _:
            own = item.fields.get("uid")
            return f"{item.kind.value}:{item.ref.mailbox}:{own}" if own else ""


_WATCHED: WeakKeyDictionary[RulePlan, Mapping[Kind, frozenset[str]]] = WeakKeyDictionary()


def watched_fields(plan: RulePlan) -> Mapping[Kind, frozenset[str]]:
    """The fields of each kind that some rule asks `changed` of. Looked up once a plan: there may be ten thousand
    rules, and it is asked for each page."""
    found = _WATCHED.get(plan)
    if found is None:
        found = _WATCHED[plan] = _watched_fields(plan)
    return found


def _watched_fields(plan: RulePlan) -> Mapping[Kind, frozenset[str]]:
    found: dict[Kind, set[str]] = {}

    def visit(condition: ir.Condition | None, kinds: frozenset[Kind]) -> None:
        match condition:
            case ir.And(parts=parts) | ir.Or(parts=parts):
                for part in parts:
                    visit(part, kinds)
            case ir.Not(part=part):
                visit(part, kinds)
            case ir.Compare(op=ir.Op.CHANGED, path=path) if path.root is ir.Root.ITEM:
                for kind in kinds:
                    found.setdefault(kind, set()).add(path.steps[0])
            case _:
                return

    for rule in plan.program.rules:
        visit(rule.condition, rule.kinds)
    return {kind: frozenset(names) for kind, names in found.items()}


def memory_of(item: Item, names: frozenset[str]) -> dict[str, Value]:
    """What these fields hold now."""
    return {name: item.fields.get(name) for name in sorted(names)}
