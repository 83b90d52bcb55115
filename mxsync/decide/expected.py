"""What a test in the rule language expects, held against the effects that were decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import assert_never

from mxsync.decide.effect_text import effect_line, value_text
from mxsync.decide.item_facts import ItemFacts
from mxsync.lang import ir
from mxsync.lang.compile_conditions import with_record
from mxsync.lang.compile_facts import Slot
from mxsync.lang.compile_texts import composed, matcher_of
from mxsync.lang.compile_values import equal, evaluate, render
from mxsync.model.effect import (
    CallHook,
    Categorize,
    CopyItem,
    CreateRow,
    DeleteRow,
    Effect,
    FlagItem,
    HoldForReview,
    LinkRows,
    MarkRead,
    MoveItem,
    Notify,
    SaveAttachment,
    SaveItem,
    Uncategorize,
    UpdateRow,
    WithdrawRow,
)
from mxsync.model.item import Address
from mxsync.model.normal import address_key, text_key
from mxsync.model.outcome import Decision, Fate
from mxsync.model.record import Get, Record, RecordKey, RecordValue


class Outcome:
    """What one item of a test came to."""

    def __init__(self, decision: Decision, facts: ItemFacts) -> None:
        self.decision = decision
        self.facts = facts
        self.effects: Sequence[Effect] = decision.effects
        self.own = next((effect.key for effect in decision.effects if isinstance(effect, SaveItem)), None)
        self.seen: set[int] = set()

    def see(self, effects: Iterable[Effect]) -> bool:
        """Notes effects as expected; whether there are any."""
        places = {id(effect) for effect in effects}
        self.seen |= places
        return bool(places)

    def values(self, key: RecordKey) -> Mapping[str, RecordValue]:
        """A row with all that is decided about it."""
        values: dict[str, RecordValue] = {}
        for record in self.facts.ask(Get(key)):
            values.update(record.values)
        for effect in self.effects:
            if isinstance(effect, (CreateRow, UpdateRow)) and effect.key == key:
                values.update(effect.values)
            elif isinstance(effect, SaveItem) and effect.key == key:
                values.update(effect.values)
                values.update(effect.assigned)
        return values


def missed(expectation: ir.Expectation, outcomes: Sequence[Outcome]) -> str:
    """Why an expectation is not met, in a sentence; '' when it is. `expect nothing else` must come last."""
    match expectation:
        case ir.ExpectNothing():
            return _nothing(expectation.otherwise, outcomes)
        case ir.ExpectNo():
            found = _unwanted(expectation, outcomes)
            return f"there is {found}, and none was expected" if found else ""
        case ir.ExpectRule():
            fired = any(
                step.fired and step.rule.rule == expectation.name
                for each in outcomes
                for step in each.decision.trace.steps
            )
            if fired is not expectation.negated:
                return ""
            return f"rule '{expectation.name}' {'fired' if fired else 'did not fire'}"
        case ir.ExpectInSide():
            return ""  # `mxsync.decide.testing_syncs` sees to that
        case ir.ExpectEffects():
            for action in expectation.actions:
                reason = _action(action, expectation.linked_to, outcomes)
                if reason:
                    return reason
            return ""
        case _:
            assert_never(expectation)


def _nothing(otherwise: bool, outcomes: Sequence[Outcome]) -> str:
    for outcome in outcomes:
        for effect in outcome.effects:
            if not otherwise or not (id(effect) in outcome.seen or (isinstance(effect, SaveItem) and outcome.seen)):
                return f"nothing{' else' if otherwise else ''} was expected, but: {effect_line(effect)}"
    return ""


def _unwanted(expectation: ir.ExpectNo, outcomes: Sequence[Outcome]) -> str:
    for outcome in outcomes:
        for effect in outcome.effects:
            match expectation.what, effect:
                case "create", CreateRow() if expectation.entity in ("", effect.key.entity):
                    return f"a new {effect.key.entity}"
                case "save", SaveItem() if expectation.entity in ("", effect.key.entity):
                    return f"a saved {effect.key.entity}"
                case "link", LinkRows() if expectation.entity in ("", effect.target.entity, effect.source.entity):
                    return f"a link of {effect.source.entity} to {effect.target.entity}"
                case _:
                    continue
    return ""


def _action(action: ir.Action, linked_to: str, outcomes: Sequence[Outcome]) -> str:
    reasons = [_in_one(action, linked_to, outcome) for outcome in outcomes]
    return "" if "" in reasons else next(iter(reasons), "no item was given")


def _in_one(action: ir.Action, linked_to: str, outcome: Outcome) -> str:
    match action:
        case ir.CreateContacts() | ir.CreateCompanies() | ir.CreateRecord():
            return _created(action.entity, action.assigns, linked_to, outcome)
        case ir.Save():
            saved = [e for e in outcome.effects if isinstance(e, SaveItem) and action.entity in ("", e.key.entity)]
            return _with(saved, action.assigns, outcome, f"it is not saved as {action.entity}")
        case ir.Link():
            return _linked(action, outcome)
        case ir.Set():
            return next((reason for each in action.assigns if (reason := _set(each, outcome))), "")
        case ir.Skip():
            return "" if outcome.decision.fate is Fate.SKIPPED else f"it was {outcome.decision.fate.value}, not skipped"
        case ir.Stop():
            return ""
        case _:
            found = [effect for effect in outcome.effects if _is(effect, action, outcome.facts)]
            return "" if outcome.see(found) else f"no such effect: {_what(action, outcome.facts)}"


def _created(entity: str, assigns: tuple[ir.Assign, ...], linked_to: str, outcome: Outcome) -> str:
    rows = [effect for effect in outcome.effects if isinstance(effect, CreateRow) and effect.key.entity == entity]
    if not rows:
        return f"no {entity} is created"
    fitting = [row for row in rows if not _differs(row.key, assigns, outcome)]
    if not fitting:
        return f"no {entity} is created with those values: {_differs(rows[0].key, assigns, outcome)}"
    if linked_to:
        fitting = [row for row in fitting if _leads_to(row.key, linked_to, outcome)]
        if not fitting:
            return f"the new {entity} is not linked to a {linked_to}"
    outcome.see(fitting)
    return ""


def _leads_to(key: RecordKey, entity: str, outcome: Outcome) -> bool:
    if any(isinstance(value, RecordKey) and value.entity == entity for value in outcome.values(key).values()):
        return True
    links = [
        effect
        for effect in outcome.effects
        if isinstance(effect, LinkRows)
        and key in (effect.source, effect.target)
        and entity in (effect.source.entity, effect.target.entity)
    ]
    return outcome.see(links)


def _with(saved: Sequence[SaveItem], assigns: tuple[ir.Assign, ...], outcome: Outcome, otherwise: str) -> str:
    if not saved:
        return otherwise
    reasons = [_differs(each.key, assigns, outcome) for each in saved]
    if "" not in reasons:
        return reasons[0]
    outcome.see(saved)
    return ""


def _linked(action: ir.Link, outcome: Outcome) -> str:
    if outcome.own is None:
        return "it is not saved, so nothing is linked"
    links = [e for e in outcome.effects if isinstance(e, LinkRows) and outcome.own in (e.source, e.target)]
    saved = [effect for effect in outcome.effects if isinstance(effect, SaveItem)]
    if not action.targets:
        outcome.see([*links, *saved])
        return "" if links else "it is linked to nothing"
    for target in action.targets:
        found = [link for link in links if _other(link, outcome).entity == target.entity]
        fitting = [link for link in found if _holds(target.where, _other(link, outcome), outcome)]
        if not fitting:
            return f"it is not linked to {target.text or target.entity}" + (
                f": {len(found)} linked, none of them so" if found else ""
            )
        outcome.see([*fitting, *saved])
    return ""


def _other(link: LinkRows, outcome: Outcome) -> RecordKey:
    return link.target if link.source == outcome.own else link.source


def _holds(where: ir.Condition | None, key: RecordKey, outcome: Outcome) -> bool:
    if where is None:
        return True
    return with_record(Record(key, outcome.values(key)), outcome.facts.plan.check(where), outcome.facts)


def _set(assign: ir.Assign, outcome: Outcome) -> str:
    if not assign.entity:
        saved = [effect for effect in outcome.effects if isinstance(effect, SaveItem)]
        return _with(saved, (assign,), outcome, "it is not saved, so nothing of it is set")
    rows = [
        effect
        for effect in outcome.effects
        if isinstance(effect, (UpdateRow, CreateRow)) and effect.key.entity == assign.entity
    ]
    fitting = [row for row in rows if assign.field in row.values and not _differs(row.key, (assign,), outcome)]
    if outcome.see(fitting):
        return ""
    return f"no {assign.entity} is given `{assign.field}` = {value_text(_expected(assign, outcome))}"


def _differs(key: RecordKey, assigns: tuple[ir.Assign, ...], outcome: Outcome) -> str:
    values = outcome.values(key)
    for assign in assigns:
        wanted = _expected(assign, outcome)
        actual = values.get(assign.field)
        if not _same(actual, wanted, assign.field, outcome):
            return f"`{assign.field}` is {value_text(actual)}, not {value_text(wanted)}"
    return ""


def _expected(assign: ir.Assign, outcome: Outcome) -> RecordValue:
    found = evaluate(assign.value, outcome.facts)
    if isinstance(found, tuple):
        return tuple(each for each in found if not isinstance(each, RecordKey))
    return found


def _same(actual: RecordValue, wanted: RecordValue, name: str, outcome: Outcome) -> bool:
    """Whether a value is the one expected. Texts are compared letter by letter; one of a list will do; a record is
    named by any of its texts."""
    if isinstance(actual, RecordKey):
        if isinstance(wanted, RecordKey):
            return actual == wanted
        texts = [
            each
            for value in outcome.values(actual).values()
            for each in (value if isinstance(value, tuple) else (value,))
        ]
        return any(
            isinstance(each, str) and isinstance(wanted, str) and text_key(each) == text_key(wanted) for each in texts
        )
    if isinstance(wanted, tuple):
        return all(_same(actual, each, name, outcome) for each in wanted)
    if isinstance(actual, tuple):
        return any(_same(each, wanted, name, outcome) for each in actual)
    if wanted is None or isinstance(wanted, RecordKey):
        return actual is None
    if actual is None:
        return wanted in ("", False)
    if isinstance(actual, Address):
        actual = actual.address
    if isinstance(actual, str) and isinstance(wanted, str):
        return actual == wanted or ("@" in wanted and address_key(actual) == address_key(wanted))
    slot = Slot(ir.Path(ir.Root.RECORD, (name,), ir.Type.ANY))
    return equal(slot, actual, wanted, outcome.facts.zone)


def _is(effect: Effect, action: ir.Action, facts: ItemFacts) -> bool:
    """Whether an effect is the one that an action in `expect` names."""
    match action, effect:
        case ir.Delete(), DeleteRow() | WithdrawRow():
            return True
        case ir.SaveAttachments(), SaveAttachment():
            if action.folder is not None and render(action.folder, facts).strip("/") != effect.folder:
                return False
            if (
                action.like is not None
                and matcher_of(action.like, whole=True)(composed(effect.name), text_key(effect.name)) is None
            ):
                return False
            return effect.link or not action.replacing
        case ir.Categorize(remove=False), Categorize():
            return text_key(effect.category) == text_key(render(action.category, facts))
        case ir.Categorize(remove=True), Uncategorize():
            return text_key(effect.category) == text_key(render(action.category, facts))
        case ir.MoveTo(copy=False), MoveItem():
            return effect.folder == render(action.folder, facts)
        case ir.MoveTo(copy=True), CopyItem():
            return effect.folder == render(action.folder, facts)
        case ir.MarkRead(), MarkRead():
            return True
        case ir.Flag(), FlagItem():
            return True
        case ir.Notify(), Notify():
            return address_key(effect.address) == address_key(render(action.address, facts)) and text_key(
                effect.text
            ) == text_key(render(action.body, facts))
        case ir.CallHook(), CallHook():
            return effect.hook == action.hook
        case ir.Hold(), HoldForReview():
            return text_key(effect.why) == text_key(render(action.why, facts))
        case _:
            return False


def _what(action: ir.Action, facts: ItemFacts) -> str:
    match action:
        case ir.Categorize():
            return f"{'uncategorize' if action.remove else 'categorize'} '{render(action.category, facts)}'"
        case ir.MoveTo():
            return f"{'copy' if action.copy else 'move'} to folder '{render(action.folder, facts)}'"
        case ir.Notify():
            return f"notify '{render(action.address, facts)}' with '{render(action.body, facts)}'"
        case ir.CallHook():
            return f"call hook {action.hook}"
        case ir.Hold():
            return f"hold for review '{render(action.why, facts)}'"
        case ir.SaveAttachments():
            return "save attachments"
        case ir.MarkRead():
            return "mark read"
        case ir.Flag():
            return "flag"
        case _:
            return "delete"
