"""A1 to A5 on a made year of mail of known truth, through the command line.

`make test` takes a month of five people and 200 correspondents; MXSYNC_FULL=1 the year of twenty people and 3,000.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tenants import Tenant

from tests.mailmaker.truth import Figures
from tests.mailmaker.year import Year

FULL = os.environ.get("MXSYNC_FULL", "") not in ("", "0")
SIZE = {"users": 20, "outsiders": 3000, "days": 365} if FULL else {"users": 5, "outsiders": 200, "days": 31}


class Lived:
    """A tenant in which the year has been synchronised."""

    def __init__(self, root: Path) -> None:
        year = Year(**SIZE)
        self.tenant = Tenant.make(root, "use 'auto-crm.rules'\n", [person.email for person in year.staff])
        self.truth = year.write(self.tenant.root / "mailboxes")
        self.report = self.tenant.sync()

    def figures(self) -> Figures:
        return self.truth.judge(self.tenant.crm)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return Lived(tmp_path_factory.mktemp("year") / "t")


def test_a1_correspondents_are_contacts_and_nobody_else_is(lived: Lived) -> None:
    figures = lived.figures()
    assert figures.contacts_precision >= 0.99, str(figures)
    assert figures.contacts_recall >= 0.95, str(figures)


def test_a1_their_numbers_are_their_own(lived: Lived) -> None:
    figures = lived.figures()
    assert figures.phones_precision >= 0.98, str(figures)


def test_a2_their_companies_are_those_they_work_for(lived: Lived) -> None:
    figures = lived.figures()
    assert figures.companies_precision >= 0.99, str(figures)


def test_a1_nobody_is_there_twice(lived: Lived) -> None:
    figures = lived.figures()
    assert figures.duplicates == 0, str(figures)


def test_a1_the_same_mail_again_changes_nothing(lived: Lived) -> None:
    rows, files = lived.tenant.dump(), lived.tenant.files()
    lived.tenant.sync()
    assert lived.tenant.dump() == rows
    assert lived.tenant.files() == files
