"""In which order rules act, which of two wins, and what becomes of a row when they change their mind."""

from __future__ import annotations

import pytest

from mxsync.lang import ir
from mxsync.model.effect import (
    CallHook,
    Categorize,
    CopyItem,
    DeleteRow,
    FlagItem,
    HoldForReview,
    LinkRows,
    MarkRead,
    MoveItem,
    Notify,
    SaveItem,
    Uncategorize,
    UpdateRow,
    WithdrawRow,
)
from mxsync.model.item import Address, Kind
from mxsync.model.outcome import Fate, OwnRow
from mxsync.model.record import RecordKey
from tests.programs import ANNA, assign, category, compare, item, known, like, mail, path, rule, template
from tests.worlds import Crm, created, decide_item, decide_items, fired, linked, of, saved


def categorize(name: str) -> ir.Categorize:
    return ir.Categorize(template(name))


def test_by_priority_then_in_file_order() -> None:
    rules = [
        rule("low", None, categorize("1"), priority=-1),
        rule("a", None, categorize("2")),
        rule("b", None, categorize("3")),
        rule("high", None, categorize("4"), priority=9),
    ]
    decision = decide_item(rules, mail())
    assert fired(decision) == ["high", "a", "b", "low"]
    assert [effect.category for effect in of(decision, Categorize)] == ["4", "2", "3", "1"]


def test_skip_drops_what_was_planned_and_ends() -> None:
    rules = [
        rule("a", None, ir.Save("email", False)),
        rule("b", category("X"), ir.Skip()),
        rule("c", None, categorize("late")),
    ]
    decision = decide_item(rules, mail(categories=["X"]))
    assert (decision.fate, decision.effects) == (Fate.SKIPPED, ())
    assert fired(decision) == ["a", "b"]
    assert decision.reason == "rule `b` says skip"


def test_a_skipped_mail_plans_nothing_for_the_next() -> None:
    make = ir.CreateContacts("contact", ir.People.CORRESPONDENTS, ir.Source.DEFAULT, ())
    rules = [rule("make", None, make, priority=1), rule("skip", category("X"), ir.Skip())]
    first, second = decide_items(rules, [mail(1, categories=["X"]), mail(2)])
    assert first.effects == ()
    assert created(second, "contact")


def test_stop_keeps_what_is_planned() -> None:
    rules = [rule("a", None, categorize("A"), ir.Stop(), ir.Flag()), rule("b", None, categorize("B"))]
    decision = decide_item(rules, mail())
    assert [type(effect) for effect in decision.effects] == [Categorize, FlagItem]


def test_of_two_rules_that_set_one_field_the_first_wins() -> None:
    rules = [rule("a", None, ir.Set((assign("status", "one"),))), rule("b", None, ir.Set((assign("status", "two"),))),
             rule("c", None, ir.Set((assign("status", "one"),)))]  # fmt: skip
    decision = decide_item(rules, mail())
    assert saved(decision).assigned == {"status": "one"}
    assert saved(decision).causes["status"].rule == "a"
    assert decision.trace.steps[1].note == ("`status` is set by rule `a` already",)
    assert decision.trace.steps[2].note == ()


def test_of_two_rules_that_set_a_contacts_field_the_first_wins() -> None:
    crm = Crm()
    jane = crm.contact("jane@acme.example", status="old")
    rules = [rule("a", None, ir.Set((assign("status", "new", "contact"), assign("job_title", "CEO", "contact")))),
             rule("b", None, ir.Set((assign("status", "other", "contact"),)))]  # fmt: skip
    decision = decide_item(rules, mail(), crm)
    (update,) = of(decision, UpdateRow)
    assert (update.key, update.values) == (jane, {"status": "new", "job_title": "CEO"})
    assert not of(decision, SaveItem)
    same = decide_item([rule("a", None, ir.Set((assign("status", "old", "contact"),)))], mail(), crm)
    assert same.fate is Fate.NOTHING


def test_set_on_the_records_that_the_condition_matched() -> None:
    crm = Crm()
    crm.contact("jane@acme.example", job_title="CEO")
    joe = crm.contact("joe@acme.example")
    untitled = known(where=compare(path(".job_title"), ir.Op.EMPTY))
    action = ir.Set((assign("job_title", "?", "contact"),))
    context = mail(to=[Address("", "joe@acme.example")])
    (update,) = of(decide_item([rule("r", untitled, action)], context, crm), UpdateRow)
    assert update.key == joe


def test_a_signature_sets_its_writers_record_alone() -> None:
    crm = Crm()
    jane = crm.contact("jane@acme.example")
    crm.contact("joe@acme.example")
    action = ir.Set((assign("job_title", path("signature.job_title"), "contact"),))
    from tests.programs import SIGNATURE

    context = mail(to=[Address("", "joe@acme.example")], body=SIGNATURE)
    (update,) = of(decide_item([rule("r", ir.Is(ir.Fact.HAS_SIGNATURE), action)], context, crm), UpdateRow)
    assert (update.key, update.values) == (jane, {"job_title": "Sales Director"})
    assert update.sources["job_title"].startswith("signature, line")
    none = decide_item([rule("r", None, action)], mail(), crm)
    assert none.fate is Fate.NOTHING


# ------------------------------------------------------------------ the item's own row


def own(
    entity: str = "email",
    key: int = 7,
    *,
    made: bool = True,
    edited: bool = False,
    shared: bool = False,
    joined: bool = False,
) -> OwnRow:
    return OwnRow(RecordKey(entity, key), made, edited, shared, joined)


def test_one_mail_is_one_row() -> None:
    crm = Crm()
    row = crm.add("email", {"message_id": "<1@mail.example>"})
    save = rule("s", None, ir.Save("email", False))
    assert saved(decide_item([save], mail(), crm)).key == row
    fresh = decide_item([save], mail(2), crm)
    assert saved(fresh).key.planned
    assert saved(fresh).values == {
        "message_id": "<2@mail.example>", "subject": "Hello", "sender.address": "jane@acme.example",
        "recipients": (Address("Anna", ANNA),), "direction": "received", "owner": crm.anna,
    }  # fmt: skip


def test_the_same_mail_twice_in_a_page_is_one_row() -> None:
    copy = mail(1, folder="Sent Items")
    first, second = decide_items([rule("s", None, ir.Save("email", False))], [mail(1), copy])
    assert saved(first).key == saved(second).key


def test_a_meeting_of_two_mailboxes_is_one_row() -> None:
    meeting = {"subject": "x", "uid": "abc"}
    contexts = [item(Kind.APPOINTMENT, meeting), item(Kind.APPOINTMENT, meeting, mailbox="bob@ours.example")]
    first, second = decide_items([rule("l", None, ir.Link(), kind=Kind.APPOINTMENT)], contexts, Crm())
    assert saved(first).key == saved(second).key


def test_two_rows_of_one_message_wait_for_a_person() -> None:
    crm = Crm()
    for _ in range(2):
        crm.add("email", {"message_id": "<1@mail.example>"})
    decision = decide_item([rule("s", None, ir.Save("email", False))], mail(), crm)
    assert decision.fate is Fate.HELD
    assert "email 2 and 3 all match this item" in decision.reason


def test_a_row_that_is_there_is_brought_up_to_date() -> None:
    crm = Crm()
    crm.add("appointment", {"subject": "old"}, key=7)
    decision = decide_item([rule("l", None, ir.Link(), kind=Kind.APPOINTMENT)],
                           item(Kind.APPOINTMENT, {"subject": "new"}, own=(own("appointment"),)), crm)  # fmt: skip
    assert saved(decision).key == RecordKey("appointment", 7)
    assert saved(decision).values == {"subject": "new", "start": None, "end": None, "body": None}


SKIP = rule("private", category("Private"), ir.Skip(), priority=9)


def test_a_row_is_withdrawn_when_its_mail_becomes_private() -> None:
    decision = decide_item([SKIP], mail(categories=["Private"], own=(own(),)))
    assert decision.fate is Fate.SKIPPED
    assert decision.effects == (WithdrawRow(decision.effects[0].cause, RecordKey("email", 7)),)


@pytest.mark.parametrize("kept", [own(made=False), own(shared=True), own(joined=True)])
def test_a_row_of_others_is_not_withdrawn(kept: OwnRow) -> None:
    assert decide_item([SKIP], mail(categories=["Private"], own=(kept,))).effects == ()


def test_a_row_that_a_person_has_edited_is_left_to_a_person() -> None:
    decision = decide_item([SKIP], mail(categories=["Private"], own=(own(edited=True),)))
    assert decision.fate is Fate.HELD
    (hold,) = of(decision, HoldForReview)
    assert hold.why == "email 7 would be withdrawn, but a person has edited it"


JOURNAL = rule("journal", category("Create Journal"), ir.Save("journal", True), ir.Link(), ir.Stop(),
               kind=Kind.APPOINTMENT, priority=5)  # fmt: skip


def meeting(*categories: str, rows: tuple[OwnRow, ...] = ()) -> object:
    from datetime import UTC, datetime

    values = {"subject": "Visit", "categories": categories, "start": datetime(2026, 1, 5, 9, tzinfo=UTC),
              "end": datetime(2026, 1, 5, 10, 30, tzinfo=UTC)}  # fmt: skip
    return item(Kind.APPOINTMENT, values, own=rows)


def test_a_journal_instead_of_an_appointment() -> None:
    crm = Crm()
    rules = [JOURNAL, rule("any", None, ir.Link(), kind=Kind.APPOINTMENT)]
    decision = decide_item(rules, meeting("Create Journal"), crm)  # type: ignore[arg-type]
    assert saved(decision).key.entity == "journal"
    assert saved(decision).values["duration"] == 90
    assert fired(decision) == ["journal"]
    later = decide_item(rules, meeting("Create Journal", rows=(own("appointment"),)), crm)  # type: ignore[arg-type]
    assert of(later, WithdrawRow)[0].key == RecordKey("appointment", 7)
    back = decide_item(rules, meeting(rows=(own("journal"),)), crm)  # type: ignore[arg-type]
    assert saved(back).key.entity == "appointment"
    assert of(back, WithdrawRow)[0].key == RecordKey("journal", 7)


def test_links_of_earlier_rules_go_to_the_row_that_takes_the_place() -> None:
    crm = Crm()
    rules = [rule("first", None, ir.Link(), kind=Kind.APPOINTMENT, priority=9), JOURNAL]
    decision = decide_item(rules, meeting("Create Journal"), crm)  # type: ignore[arg-type]
    assert saved(decision).key.entity == "journal"
    assert linked(decision) == [crm.anna]  # by the journal's owner


def test_an_item_is_saved_as_one_thing() -> None:
    rules = [JOURNAL, rule("task", None, ir.Save("task", True), kind=Kind.APPOINTMENT, priority=9)]
    decision = decide_item(rules, meeting("Create Journal"))  # type: ignore[arg-type]
    assert saved(decision).key.entity == "task"
    assert "rule `task` saves it as task already" in decision.trace.steps[1].note


def test_delete_takes_the_items_own_row() -> None:
    gone = rule("gone", None, ir.Delete(), event="deleted")
    decision = decide_item([gone], mail(event="deleted", own=(own(),)))
    assert of(decision, DeleteRow)[0].key == RecordKey("email", 7)
    assert decide_item([gone], mail(event="deleted", own=(own(shared=True),))).effects == ()
    assert decide_item([gone], mail(own=(own(),))).trace.steps == ()
    crm = Crm()
    row = crm.add("email", {"message_id": "<1@mail.example>"})
    assert of(decide_item([gone], mail(event="deleted"), crm), DeleteRow)[0].key == row
    both = decide_item([rule("s", None, ir.Link(), event="deleted"), gone], mail(event="deleted", own=(own(),)))
    assert not of(both, SaveItem) and not of(both, LinkRows)


def test_an_item_of_a_custom_form_is_saved_in_its_own_entity() -> None:
    custom = {"SerialNo": "123"}
    form = item(Kind.CONTACT, {"subject": "Pump"}, item_class="ipm.contact.machine", custom=custom)
    decision = decide_item([rule("s", None, ir.Link(), kind=Kind.CONTACT)], form)
    assert saved(decision).key.entity == "machine"
    assert saved(decision).values == {"subject": "Pump", "custom.SerialNo": "123"}


def test_a_contact_item_is_its_own_record() -> None:
    crm = Crm()
    acme = crm.company("acme.example", "Acme")
    card = item(Kind.CONTACT, {"first_name": "Jane", "email": ("jane@acme.example",), "organisation": "ACME"})
    save = rule("s6", None, ir.Save("contact", False), kind=Kind.CONTACT)
    new = decide_item([save], card, crm)
    assert saved(new).key.planned
    assert saved(new).values == {
        "first_name": "Jane",
        "email": ("jane@acme.example",),
        "company": acme,
        "owner": crm.anna,
    }
    jane = crm.contact("Jane@acme.example")
    assert saved(decide_item([save], card, crm)).key == jane
    is_known = rule("k", known(), ir.Flag(), kind=Kind.CONTACT)
    assert decide_item([is_known], card, crm).fate is Fate.APPLIED
    named = item(Kind.CONTACT, {"first_name": "Jim", "last_name": "Low", "organisation": "Acme"})
    jim = crm.add("contact", {"first_name": "jim", "last_name": "LOW", "company": acme})
    assert saved(decide_item([save], named, crm)).key == jim


# ------------------------------------------------------------------ review


def test_hold_keeps_what_would_be_done_behind_it() -> None:
    rules = [rule("a", None, ir.Link()), rule("b", None, ir.Hold(template("check ", path("sender.address"))))]
    first, second = decide_items(rules, [mail(1), mail(2)])
    assert first.fate is Fate.HELD
    assert first.reason == "check jane@acme.example"
    assert isinstance(first.effects[0], HoldForReview)
    assert of(first, SaveItem)
    assert second.fate is Fate.HELD


# ------------------------------------------------------------------ the mailbox and the world


def test_what_is_so_already_is_not_done_again() -> None:
    blue = ir.Categorize(template("Blue"), remove=True)
    everything = rule("r", None, categorize("Red"), blue, ir.MarkRead(), ir.Flag(), ir.MoveTo(template("inbox")))
    decision = decide_item([everything], mail(categories=["red"], more={"read": True, "flagged": True}))
    assert decision.fate is Fate.NOTHING
    assert decision.trace.steps[0].note == (
        "category `Red` is there already", "category `Blue` is not there already", "it is in `inbox` already",
    )  # fmt: skip
    fresh = decide_item([everything], mail(categories=["blue"], folder="Inbox/Sub"))
    assert [type(effect) for effect in fresh.effects] == [Categorize, Uncategorize, MarkRead, FlagItem, MoveItem]


def test_of_two_rules_about_one_category_or_the_folder_the_first_wins() -> None:
    rules = [rule("a", None, categorize("X"), ir.MoveTo(template("A"))),
             rule("b", None, ir.Categorize(template("x"), remove=True), ir.MoveTo(template("B")), categorize("  "),
                  ir.MoveTo(template(" / ")))]  # fmt: skip
    decision = decide_item(rules, mail())
    assert [effect.category for effect in of(decision, Categorize)] == ["X"]
    assert [effect.folder for effect in of(decision, MoveItem)] == ["A"]
    assert decision.trace.steps[1].note == (
        "rule `a` decides about category `x` already", "rule `a` moves it to `A` already", "the category is empty",
        "the folder's name is empty",
    )  # fmt: skip


def test_a_captured_folder_leads_nowhere_else() -> None:
    rules = [rule("f", like("subject", "Matter {ref}"), ir.MoveTo(template("Filed/", path("@ref"))))]
    (move,) = of(decide_item(rules, mail(subject="Matter ../../x")), MoveItem)
    assert move.folder == "Filed/x"


def test_what_happens_once_happens_once() -> None:
    tell = ir.Notify(template("a@b.example"), template("Mail: ", path("subject")))
    once = rule("r", None, tell, ir.CallHook("court"), ir.MoveTo(template("Copies"), copy=True))
    first = decide_item([once], mail())
    assert of(first, Notify)[0].text == "Mail: Hello"
    keys = frozenset(effect.once for effect in first.effects if isinstance(effect, (Notify, CallHook, CopyItem)))
    assert len(keys) == 3
    assert decide_item([once], mail(done=keys)).fate is Fate.NOTHING
    nobody = rule("r", None, ir.Notify(template(path("custom.none")), template("x")))
    assert decide_item([nobody], mail()).trace.steps[0].note == ("there is no address to notify",)


def test_a_value_that_is_not_there_sets_nothing() -> None:
    decision = decide_item([rule("r", None, ir.Set((assign("status", path("custom.none")),)))], mail())
    assert saved(decision).assigned == {}
    assert decision.trace.steps[0].note == ("nothing to set `status` to",)


def test_save_with_values() -> None:
    save = ir.Save("email", False, (assign("status", template("from ", path("sender.name"))),))
    assert saved(decide_item([rule("r", None, save)], mail())).assigned == {"status": "from Jane Roe"}


def test_each_field_of_a_record_names_the_rule_that_set_it() -> None:
    crm = Crm()
    crm.contact("jane@acme.example")
    rules = [
        rule("a", None, ir.Set((assign("status", "new", "contact"),))),
        rule("b", None, ir.Set((assign("job_title", "CEO", "contact"), assign("status", "x", "contact")))),
    ]
    one, two = of(decide_item(rules, mail(), crm), UpdateRow)
    assert (one.cause.rule, one.values) == ("a", {"status": "new"})
    assert (two.cause.rule, two.values) == ("b", {"job_title": "CEO"})
