"""A thousand equality rules over the same mails: mxsync against Pigeonhole's `sieve-filter` (Debian's dovecot-sieve).

    python benchmarks/bench_sieve.py [--mails 2000] [--rounds 5]

sieve-filter runs as a process (as `nobody` where this is root, whom Dovecot refuses) in its dry mode, script compiled beforehand; its
start is measured with an empty mailbox and taken off. mxsync decides in this process: once with the mails read from their
files by the file connector, and once with the items at hand, which is the decisions alone.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mails import mail

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mxsync.connectors.files import FilesConnector
from mxsync.decide.context import ItemContext
from mxsync.decide.decide import decide
from mxsync.decide.memory import MemoryTables
from mxsync.lang import ir
from mxsync.lang.compile import compile_plan
from mxsync.ports.connector import Fetched
from tests.programs import NOW, ORGANISATION, compare, crm_entities, program, rule, template

RULES = 1_000
BOX = "anna@ours.example"
CONFIG = """mail_location = maildir:{0}/{1}
ssl = no
base_dir = {0}/run
log_path = {0}/log
postmaster_address = a@b.example
plugin {{
  sieve_max_actions = 0
  sieve_max_script_size = 0
}}
"""


def addresses() -> list[str]:
    return [f"jane.roe{n}@firm{n % 400}.example" for n in range(RULES)]


def sieve(root: Path, folder: str) -> float:
    """Seconds of one run over a Maildir."""
    config = root / f"{folder}.conf"
    config.write_text(CONFIG.format(root, folder))
    command = ["sieve-filter", "-c", str(config), "-e", str(root / "rules.sieve"), "INBOX"]
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "nobody", str(root)], check=True)
        command = ["runuser", "-u", "nobody", "--", "env", f"HOME={root}", "USER=nobody", *command]
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if shutil.which("sieve-filter") is None:
        print("sieve-filter is not installed (Debian: dovecot-sieve): left out")
        return 0
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        root.chmod(0o777)
        inbox = root / "store" / BOX / "Inbox"
        inbox.mkdir(parents=True)
        for name in ("full", "empty"):
            for part in ("cur", "new", "tmp"):
                (root / name / part).mkdir(parents=True)
        for number in range(options.mails):
            raw = mail(number, people=RULES)
            (inbox / f"{number:06}.eml").write_bytes(raw)
            (root / "full" / "cur" / f"{number:06}.host:2,S").write_bytes(raw)
        tests = "".join(
            f'if address :is "from" "{a}" {{ addflag "$filed{n % 20}"; }}\n' for n, a in enumerate(addresses())
        )
        (root / "rules.sieve").write_text(f'require ["imap4flags"];\n{tests}')
        subprocess.run(["sievec", str(root / "rules.sieve")], check=True)
        made = [
            rule(f"r{n}", compare("sender.address", ir.Op.EQ, a), ir.Categorize(template(f"Filed {n % 20}")))
            for n, a in enumerate(addresses())
        ]
        plan, tables = compile_plan(program(made)), MemoryTables(crm_entities())
        connector = FilesConnector(root / "store")
        refs = [change.ref for change in connector.changes(BOX, "", lambda mailbox, folder: {}).changes]

        def decided(items: list[Fetched]) -> int:
            contexts = (ItemContext(item=each.item, event="created", user=BOX) for each in items)
            return sum(bool(decide(plan, ORGANISATION, each, tables, NOW).effects) for each in contexts)

        def read() -> list[Fetched]:
            return [each for each in connector.fetch(refs) if isinstance(each, Fetched)]

        theirs, whole, alone = [], [], []
        for _ in range(options.rounds):
            theirs.append(sieve(root, "full") - sieve(root, "empty"))
            began = time.perf_counter()
            items = read()
            assert decided(items) == options.mails
            whole.append(time.perf_counter() - began)
            began = time.perf_counter()
            decided(items)
            alone.append(time.perf_counter() - began)
        speed = {
            "mxsync, decisions alone": options.mails / statistics.median(alone),
            "mxsync, reading and deciding": options.mails / statistics.median(whole),
            "sieve-filter": options.mails / statistics.median(theirs),
        }
        for name, figure in speed.items():
            print(f"  {name:30}{figure:10,.0f} mails/s  {figure / speed['sieve-filter']:7.1f} x sieve-filter")
    return 0


if __name__ == "__main__":
    sys.exit(main())
