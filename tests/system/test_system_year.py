"""A1 to A5 on a made year of mail of known truth, through the command line.

`make test` takes a month of five people and 200 correspondents; MXSYNC_FULL=1 the year of twenty people and 3,000.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tenants import Tenant

from tests.mailmaker.filed import documents, journals
from tests.mailmaker.truth import Figures
from tests.mailmaker.year import Year

FULL = os.environ.get("MXSYNC_FULL", "") not in ("", "0")
SIZE = {"users": 20, "outsiders": 3000, "days": 365} if FULL else {"users": 5, "outsiders": 200, "days": 31}


PATIENCE = 7200 if FULL else 240
pytestmark = pytest.mark.timeout(3 * PATIENCE)

FLOORS = {"contacts": 0.99, "recall": 0.95, "phones": 0.98, "companies": 0.99}


class Lived:
    """A tenant in which the year has been synchronised."""

    def __init__(self, root: Path) -> None:
        year = Year(**SIZE)
        self.tenant = Tenant.make(root, "use 'auto-crm.rules'\n", [person.email for person in year.staff])
        self.truth = year.write(self.tenant.root / "mailboxes")
        self.report = self.tenant.sync(timeout=PATIENCE)

    def figures(self) -> Figures:
        return self.truth.judge(self.tenant.crm)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return Lived(tmp_path_factory.mktemp("year") / "t")


def test_a1_correspondents_are_contacts_and_nobody_else_is(lived: Lived) -> None:
    figures = lived.figures()
    assert figures.contacts_precision >= FLOORS["contacts"], str(figures)
    assert figures.contacts_recall >= FLOORS["recall"], str(figures)


def test_a1_their_numbers_are_their_own(lived: Lived) -> None:
    figures = lived.figures()
    assert figures.phones_precision >= FLOORS["phones"], str(figures)


def test_a2_their_companies_are_those_they_work_for(lived: Lived) -> None:
    figures = lived.figures()
    assert figures.companies_precision >= FLOORS["companies"], str(figures)


def test_a1_nobody_is_there_twice(lived: Lived) -> None:
    """Who moved to another firm is found again by his name and his mobile phone. Where the name is all that there is, a
    second contact may be made, and the two wait for a person as one."""
    figures = lived.figures()
    movers = sum(len(one.addresses) > 1 for one in lived.truth.wanted)
    assert movers
    assert figures.duplicates == 0, str(figures)
    assert figures.proposed <= max(1, movers // 20), str(figures)


def test_a3_meetings_with_contacts_leave_a_journal_each(lived: Lived) -> None:
    filed = journals(lived.tenant.crm, lived.truth.meetings, lived.truth.no_meetings)
    assert filed.wanted and lived.truth.no_meetings
    assert (filed.right, filed.faults) == (filed.wanted, []), str(filed)


def test_a4_attachments_are_stored_once_with_their_contacts(lived: Lived) -> None:
    filed = documents(lived.tenant.crm, lived.truth.files, lived.truth.no_files)
    assert filed.wanted and lived.truth.no_files
    assert (filed.right, filed.faults) == (filed.wanted, []), str(filed)


def test_a5_private_mail_leaves_nothing(lived: Lived) -> None:
    private = [address for address, role in lived.truth.refused.items() if role == "private"]
    text = repr(lived.tenant.dump())
    assert private and [address for address in private if address in text] == []


def test_a1_faults_would_be_noticed(lived: Lived, tmp_path: Path) -> None:
    """The measure itself: what is put into a copy of the tables by hand is found in the figures."""
    before = lived.figures()
    copy = tmp_path / "crm.db"
    shutil.copy(lived.tenant.crm, copy)
    robot = next(iter(lived.truth.refused))
    one = next(each for each in lived.truth.wanted if each.numbers and len(each.addresses) == 1)
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("INSERT INTO Contacts (Email) VALUES (?)", (robot,))
        connection.execute("INSERT INTO Contacts (Email, Phone) VALUES (?, '+12125550100')", (one.addresses[0],))
        connection.execute("INSERT INTO Companies (Name, Domain) VALUES ('Gmail', 'gmail.com')")
        connection.execute("INSERT INTO Documents (Sha256) SELECT Sha256 FROM Documents LIMIT 1")
        connection.execute("INSERT INTO Documents (Sha256) VALUES (?)", (next(iter(lived.truth.no_files)),))
        connection.execute("DELETE FROM JournalContacts")
    after = lived.truth.judge(copy)
    assert after.contacts_precision < before.contacts_precision
    assert after.phones_precision < before.phones_precision
    assert after.companies_precision < before.companies_precision
    assert after.duplicates == before.duplicates + 1
    assert len(after.faults) >= len(before.faults) + 4
    filed = documents(copy, lived.truth.files, lived.truth.no_files)
    assert filed.right == filed.wanted - 1 and len(filed.faults) == 2
    assert journals(copy, lived.truth.meetings, lived.truth.no_meetings).right == 0


def test_a1_the_same_mail_again_changes_nothing(lived: Lived) -> None:
    rows, files = lived.tenant.dump(), lived.tenant.files()
    lived.tenant.sync(timeout=PATIENCE)
    assert lived.tenant.dump() == rows
    assert lived.tenant.files() == files
