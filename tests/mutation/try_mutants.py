"""Whether the tests of decisions and of the index notice a change: a sample of small changes ("mutants"), each tried
against them.

    python tests/mutation/try_mutants.py [--sample 200] [--seed 1] [--only mxsync/lang/compile_index.py] [--jobs 2]

cosmic-ray makes the mutants; each is tried in a copy of the project, so that nothing here is changed whatever happens.
What survives is printed as a diff; docs/mutation.md says why each is let live.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = ("mxsync/decide", "mxsync/lang/compile_index.py")
TESTS = (
    "tests/unit/decide", "tests/unit/lang/test_compile_plan.py", "tests/unit/lang/test_compile_index.py",
    "tests/unit/lang/test_compile_conditions.py",
    "tests/properties/test_index_property.py", "tests/docs/test_docs_shipped_rules.py",
)  # fmt: skip
# Others only make the same change twice (== to <), change nothing that runs (| in annotations) or cannot survive.
OPERATORS = re.compile(
    r"core/(AddNot|Replace(True|False|And|Or|Break|Continue)With\w+|NumberReplacer|ZeroIterationForLoop|ExceptionReplacer"
    r"|ReplaceComparisonOperator_(Eq_NotEq|NotEq_Eq|Lt_LtE|LtE_Lt|Gt_GtE|GtE_Gt|Is_IsNot|IsNot_Is)"
    r"|ReplaceBinaryOperator_(Add_Sub|Sub_Add|Mul_Add|BitAnd_BitOr|Sub_BitOr)|ReplaceUnaryOperator_Delete_(Not|USub))"
)
CONFIGURATION = """[cosmic-ray]
module-path = [{modules}]
timeout = 150.0
excluded-modules = []
test-command = "{python} -m pytest -x -q -p no:cacheprovider {tests}"

[cosmic-ray.distributor]
name = "local"
"""


def prepare(work: Path, modules: tuple[str, ...], tests: tuple[str, ...]) -> None:
    """A copy of the project with every mutant listed in `session.sqlite`."""
    for name in ("mxsync", "grammar", "rules", "sql", "docs", "tests"):
        shutil.copytree(ROOT / name, work / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", work)
    listed = ", ".join(f'"{module}"' for module in modules)
    text = CONFIGURATION.format(modules=listed, python=sys.executable, tests=" ".join(tests))
    (work / "mutation.toml").write_text(text, encoding="utf-8")
    run(work, "init", "mutation.toml", "session.sqlite")
    run(work, "baseline", "mutation.toml")  # raises: tests that fail by themselves would kill every mutant


def run(work: Path, *arguments: str) -> None:
    # Fewer examples each: a mutant that only the two thousandth finds is as good as none. Bytecode is not kept, since
    # a change within a second and of the same length would be taken for the file before it.
    environment = {**os.environ, "MXSYNC_CASES": "60", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(work)}
    command = (sys.executable, "-m", "cosmic_ray.cli", *arguments)
    subprocess.run(command, cwd=work, env=environment, check=True, stdout=subprocess.DEVNULL)


def choose(database: Path, wanted: int, chance: random.Random) -> tuple[list[str], int]:
    """The sample, and how many there are to choose from."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute(
            "SELECT job_id, operator_name FROM mutation_specs ORDER BY 2, module_path, occurrence"
        )
        jobs = [job for job, operator in rows if OPERATORS.fullmatch(operator)]
    return chance.sample(jobs, min(wanted, len(jobs))), len(jobs)


def keep(database: Path, jobs: list[str]) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TEMP TABLE kept (job_id TEXT PRIMARY KEY)")
        connection.executemany("INSERT INTO kept VALUES (?)", [(job,) for job in jobs])
        for table in ("mutation_specs", "work_items"):
            connection.execute(f"DELETE FROM {table} WHERE job_id NOT IN (SELECT job_id FROM kept)")


def results(database: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute(
            "SELECT coalesce(r.test_outcome, r.worker_outcome, 'NONE'), coalesce(r.diff, s.module_path) "
            "FROM mutation_specs s LEFT JOIN work_results r USING (job_id) ORDER BY s.module_path, s.start_pos_row"
        )
        return [(str(outcome), str(diff)) for outcome, diff in rows]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", action="append", help="a module or a folder, instead of all")
    parser.add_argument("--tests", action="append", help="tests, instead of all that count")
    options = parser.parse_args()
    modules, tests = tuple(options.only or MODULES), tuple(options.tests or TESTS)
    with tempfile.TemporaryDirectory(prefix="mxsync-mutants-") as name:
        works = [Path(name) / str(number) for number in range(options.jobs)]
        prepare(works[0], modules, tests)
        jobs, there = choose(works[0] / "session.sqlite", options.sample, random.Random(options.seed))
        for work in works[1:]:
            shutil.copytree(works[0], work)
        for number, work in enumerate(works):
            keep(work / "session.sqlite", jobs[number :: options.jobs])
        print(f"{len(jobs)} of {there} mutants of {', '.join(modules)}", flush=True)
        with ThreadPoolExecutor(options.jobs) as pool:
            list(pool.map(lambda work: run(work, "exec", "mutation.toml", "session.sqlite"), works))
        tried = [result for work in works for result in results(work / "session.sqlite")]
    counted = Counter(outcome for outcome, _ in tried)
    for outcome, diff in tried:
        if outcome != "KILLED":
            print(f"\n{outcome}\n{diff}")
    print("\n" + ", ".join(f"{outcome.lower()} {count}" for outcome, count in sorted(counted.items())))
    return int(not counted["KILLED"])


if __name__ == "__main__":
    sys.exit(main())
