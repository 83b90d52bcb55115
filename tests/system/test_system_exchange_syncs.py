"""The scenarios of test_system_syncs.py on Exchange instead of files: the same tests, the same rule files."""

from __future__ import annotations

import test_system_syncs
from exchange_tenants import moved_to_exchange
from test_system_syncs import *  # noqa: F403
from test_system_syncs import owned

from tests.inprocess import ANNA, BEN, Place
from tests.servers.ews import EwsServer
from tests.servers.ews.clients import needs_schemas

pytestmark = needs_schemas
exchange = moved_to_exchange(test_system_syncs)


def test_c5_tasks_both_ways(place: Place) -> None:
    """As on files, but that Exchange keeps the day of a completion and no time (MS-OXOTASK 2.2.2.2.9)."""
    place.sql(
        "INSERT INTO Tasks (Subject, DueOn, UserID) VALUES ('Call Jane', '2026-12-01 00:00:00', ?)", place.user_id()
    )
    place.sql("INSERT INTO Tasks (Subject) VALUES ('Nobody''s')")
    place.settled()
    text = place.only(folder="Tasks")
    assert "SUMMARY:Call Jane" in text and "DUE;VALUE=DATE:20261201" in text
    done = "SUMMARY:Call Jane\r\nSTATUS:COMPLETED\r\nCOMPLETED:20261130T100000Z"
    place.edit(ANNA, "Tasks", "SUMMARY:Call Jane", done)
    place.settled()
    assert place.one("SELECT CompletedOn FROM Tasks WHERE Subject = 'Call Jane'") == "2026-11-30 00:00:00"
    place.sql("UPDATE Tasks SET DueOn = '2026-12-05 00:00:00' WHERE UserID IS NOT NULL")
    place.settled()
    assert "DUE;VALUE=DATE:20261205" in place.only(folder="Tasks")


def test_a_row_with_another_key_keeps_its_item(place: Place) -> None:
    """As on files, but that Exchange has no properties which it does not know: it is the item itself that stays."""
    place.sql("INSERT INTO Tasks (Subject, UserID) VALUES ('Call', ?)", place.user_id())
    place.settled()
    (name,) = place.mine(ANNA, "Tasks")
    place.sql("UPDATE Tasks SET TaskID = 977")
    place.sql("UPDATE Tasks SET Subject = 'Call again'")
    place.settled()
    ((there, text),) = place.mine(ANNA, "Tasks").items()
    assert there == name and "SUMMARY:Call again" in text


def test_a_mailbox_that_cannot_be_reached_loses_nothing(place: Place, exchange: EwsServer) -> None:
    owned(place)
    owned(place, "kim@acme.example", BEN)
    place.settled()
    place.sql("UPDATE Contacts SET JobTitle = 'Boss'")
    fault = exchange.fail("GetItem", "soap", "ErrorMailboxStoreUnavailable", times=99, mailbox=ANNA)
    place.passes()
    assert "TITLE:Boss" not in place.only() and "TITLE:Boss" in place.only(BEN)
    exchange.faults.remove(fault)
    place.settled()
    assert "TITLE:Boss" in place.only()
