"""From a saved rule file to the first decision by it, in a running service while mail arrives: 100 edits.

    python benchmarks/bench_reload.py [--edits 100]

It is the test tests/system/test_system_reload.py::test_edits_while_mail_arrives, with more edits and its figures shown;
every fifth edit comes right after the one before and is not timed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edits", type=int, default=100)
    options = parser.parse_args()
    test = "tests/system/test_system_reload.py::test_edits_while_mail_arrives"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", test],
        cwd=ROOT, env={**os.environ, "MXSYNC_EDITS": str(options.edits)}, capture_output=True, text=True,
    )  # fmt: skip
    print(
        "\n".join(line for line in done.stdout.splitlines() if "edits," in line or "passed" in line or "failed" in line)
    )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
