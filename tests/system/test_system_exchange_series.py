"""A recurring appointment crosses whole: from one Exchange calendar to another, into the table, and back from there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import test_system_syncs
from exchange_tenants import ExchangePlace, moved_to_exchange, place_maker

from tests.inprocess import ANNA, BEN, RULES
from tests.servers.ews import EwsServer, series
from tests.servers.ews.clients import needs_schemas
from tests.servers.ews.mailing import folder_at
from tests.servers.ews.schemas import t

pytestmark = needs_schemas
exchange = moved_to_exchange(test_system_syncs)
SECRETARY = (
    f"sync secretary\n  between folder 'Calendar' of '{ANNA}' as anna and folder 'Calendar/Anna' of '{BEN}' as theirs\n"
    "  into theirs when not is private\n  deleted in anna then delete\n  out of filter then remove\n"
)


def shown(server: EwsServer, mailbox: str, path: str) -> list[tuple[str, str, str]]:
    """What a calendar shows in that year: start, end and subject of each occurrence."""
    folder = folder_at(server.store, mailbox, path)
    found = series.view(server.store, folder.id, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    return [
        (f"{series.when(each):%m-%d %H:%M}", f"{series.when(each, 'End'):%H:%M}", str(each.props["Subject"].text))
        for each in found
    ]


@pytest.fixture
def place(tmp_path: Path, exchange: EwsServer) -> ExchangePlace:
    return place_maker(exchange)(tmp_path / "t", RULES + SECRETARY)


def test_a_series_crosses_with_its_exceptions(place: ExchangePlace, exchange: EwsServer) -> None:
    store = exchange.store
    master = series.weekly(store, store.distinguished(ANNA, "calendar"))
    master.props["Categories"] = t("Categories", None, t("String", "MX-Contact"))
    series.drop(store, series.occurrence(master, "20260309T080000Z"))
    series.edit(
        store, master, "20260330T070000Z", Start="2026-03-31T12:00:00Z", End="2026-03-31T13:00:00Z", Subject="moved"
    )
    place.settled()
    hers = shown(exchange, ANNA, "Calendar")
    assert len(hers) == 9 and ("03-31 12:00", "13:00", "moved") in hers
    assert shown(exchange, BEN, "Calendar/Anna") == hers
    text = str(place.one("SELECT Recurrence FROM Appointments"))
    assert "EXDATE;TZID=Europe/Berlin:20260309T090000" in text and "SUMMARY:moved" in text
    # A program changes the table: one more is taken out, and the moved one is as the rule has it.
    rule = "DTSTART;TZID=Europe/Berlin:20260302T090000\nRRULE:FREQ=WEEKLY;COUNT=10;BYDAY=MO"
    place.sql(
        "UPDATE Appointments SET Recurrence = ?", f"{rule}\nEXDATE;TZID=Europe/Berlin:20260309T090000,20260413T090000"
    )
    place.settled()
    after = shown(exchange, ANNA, "Calendar")
    assert [when for when, _, _ in after] == [
        "03-02 08:00", "03-16 08:00", "03-23 08:00", "03-30 07:00", "04-06 07:00", "04-20 07:00", "04-27 07:00",
        "05-04 07:00",
    ]  # fmt: skip
    place.settled()
    assert shown(exchange, BEN, "Calendar/Anna") == after
    assert exchange.sent == []


def test_a_series_that_exchange_keeps_otherwise_and_one_that_it_cannot(tmp_path: Path, exchange: EwsServer) -> None:
    """Mondays from a Tuesday on are kept, and stay what they are on both sides; each second and fifteenth of a month
    stays whole in the table, and `status` says why it is nowhere else."""
    place = place_maker(exchange)(tmp_path / "t")
    for subject, rule in (("kept", "FREQ=WEEKLY;COUNT=3;BYDAY=MO"), ("not kept", "FREQ=MONTHLY;BYMONTHDAY=2,15")):
        place.sql(
            "INSERT INTO Appointments (Subject, StartsOn, EndsOn, Recurrence, UserID) VALUES "
            "(?, '2026-11-24 09:00:00', '2026-11-24 10:00:00', ?, ?)",
            subject, rule, place.user_id(),
        )  # fmt: skip
    place.passes()
    place.settled()
    shown_then = [(when, subject) for when, _, subject in shown(exchange, ANNA, "Calendar")]
    assert shown_then == [(f"{day} 09:00", "kept") for day in ("11-24", "11-30", "12-07", "12-14")]
    said = dict(place.sql("SELECT Subject, Recurrence FROM Appointments"))
    assert said == {"kept": "FREQ=WEEKLY;COUNT=3;BYDAY=MO", "not kept": "FREQ=MONTHLY;BYMONTHDAY=2,15"}
    status = place.run("status").out
    assert "Exchange cannot keep the recurrence `FREQ=MONTHLY;BYMONTHDAY=2,15`" in status
    assert "it names several days of a month" in status
    # The table moves the series by an hour; what it says besides is as it was.
    place.sql(
        "UPDATE Appointments SET StartsOn = '2026-11-24 11:00:00', EndsOn = '2026-11-24 12:00:00' WHERE Subject = 'kept'"
    )
    place.settled()
    assert [when for when, _, _ in shown(exchange, ANNA, "Calendar")] == [
        f"{day} 11:00" for day in ("11-24", "11-30", "12-07", "12-14")
    ]
    # With another rule the other one is kept too.
    place.sql("UPDATE Appointments SET Recurrence = 'FREQ=MONTHLY;COUNT=2' WHERE Subject = 'not kept'")
    place.settled()
    assert sum(subject == "not kept" for _, _, subject in shown(exchange, ANNA, "Calendar")) == 2
    assert "cannot keep" not in place.run("status").out


STEPS = "DTSTART;TZID=Europe/Berlin:20261102T090000\nRRULE:FREQ=WEEKLY;COUNT=5;BYDAY=MO\nEXDATE;TZID=Europe/Berlin:20261109T090000,20261123T090000"


@pytest.mark.parametrize("trouble", ["refused", "cut before", "cut after"])
def test_a_series_whose_exceptions_are_not_taken_at_once_is_one_series_and_gets_them(
    tmp_path: Path, exchange: EwsServer, trouble: str
) -> None:
    """Exchange takes a rule with the master, and each exception by itself: it has said no to one, or its answer is
    missing. The row keeps all of them, and the calendar gets them later."""
    place = place_maker(exchange)(tmp_path / "t", RULES)
    place.sql(
        "INSERT INTO Appointments (Subject, StartsOn, EndsOn, Recurrence, UserID) VALUES "
        "('weekly', '2026-11-02 08:00:00', '2026-11-02 09:00:00', ?, ?)",
        STEPS, place.user_id(),
    )  # fmt: skip
    if trouble == "refused":
        exchange.fail("DeleteItem", "code", "ErrorOccurrenceCrossingBoundary")
        exchange.fail("UpdateItem", "code", "ErrorOccurrenceCrossingBoundary")
    else:
        exchange.fail("DeleteItem", trouble, times=9)
    report = place.passes()
    exchange.faults.clear()
    assert report.set_aside
    assert place.sql("SELECT count(*) FROM mxsync_links WHERE state IN ('paired', 'making')") == [(1,)]
    place.passes()
    place.settled()
    assert [when for when, _, _ in shown(exchange, ANNA, "Calendar")] == ["11-02 08:00", "11-16 08:00", "11-30 08:00"]
    assert place.sql("SELECT Recurrence FROM Appointments") == [(STEPS,)]
    assert exchange.sent == []
