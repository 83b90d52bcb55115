"""Layouts that nobody writes and anybody may: they are laid out once, and mean what they meant."""

from __future__ import annotations

import pytest

from mxsync.lang.format import format_text


@pytest.mark.parametrize(
    ("text", "laid"),
    [
        (
            "entity\t\tcontact in table Contacts\n  key ContactID\n  first_name <-> FirstName\n",
            "entity contact in table Contacts\n  key        ContactID\n  first_name <-> FirstName\n",
        ),
        (
            "entity task in table Tasks\n  key TaskID\n  due <->\n  DueOn\n  body <- Body\n",
            "entity task in table Tasks\n  key  TaskID\n  due <->\n  DueOn\n  body <- Body\n",
        ),
        ("", ""),
        ("# alone\n", "# alone\n"),
    ],
)
def test_odd_spacing_is_laid_out_once(text: str, laid: str) -> None:
    assert format_text(text) == laid
    assert format_text(laid) == laid
