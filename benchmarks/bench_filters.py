"""200 people, each with filters of their own over one table of 100,000 contacts: what a change of one row costs.

    python benchmarks/bench_filters.py [--users 200] [--rows 100000]

Prints statements and steps of SQLite's machine (each row that it looks at takes some) of a pass after one change, over an
idle pass, beside the same in a table of a hundredth of the size; and whether the change reached the folders it names.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.filtered import EACH, crowd

CHANGES = {
    "a contact gets another owner": "UPDATE Contacts SET OwnerID = 3 WHERE ContactID = 1",
    "a contact gets another country": "UPDATE Contacts SET Country = 'R0' WHERE ContactID = (SELECT max(ContactID) FROM Contacts WHERE Country = 'R1')",
    "a contact that nobody's filter names": "UPDATE Contacts SET JobTitle = 'x' WHERE ContactID = (SELECT max(ContactID) FROM Contacts)",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--rows", type=int, default=100_000)
    asked = parser.parse_args()
    for rows in (max(asked.rows // 100, asked.users * EACH * 2), asked.rows):
        with tempfile.TemporaryDirectory() as folder:
            began = time.process_time()
            with crowd(Path(folder) / "t", asked.users, rows) as found:
                print(
                    f"{rows:,} contacts, {asked.users} people: first run {time.process_time() - began:.1f} s processor"
                )
                _, idle = found.passed()
                print(f"  idle: {len(idle.statements)} statements, {idle.steps:,} steps")
                everybody = dict.fromkeys(found.users, EACH)
                assert found.holders("Contacts") == found.holders("Region") == everybody
                for what, statement in CHANGES.items():
                    found.place.sql(statement)
                    began = time.process_time()
                    _, cost = found.passed()
                    spent = time.process_time() - began
                    print(
                        f"  {what}: {len(cost.statements) - len(idle.statements)} statements and "
                        f"{cost.steps - idle.steps:,} steps more, {spent:.2f} s for the whole pass"
                    )
                moved = {**everybody, found.users[0]: EACH - 1, found.users[2]: EACH + 1}
                assert found.holders("Contacts") == moved


if __name__ == "__main__":
    main()
