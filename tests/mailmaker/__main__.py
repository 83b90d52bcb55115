"""Makes mails, reads them, and says how well: python -m tests.mailmaker [--count 600] [--show N] [--write FOLDER]."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.mailmaker.make import SEED, make_mails
from tests.mailmaker.measure import judge_all, report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--show", type=int, default=0, help="so many mails that were read wrongly")
    parser.add_argument("--only", default="", help="of those whose id holds this")
    parser.add_argument("--write", type=Path, help="a folder for the mails as .eml")
    options = parser.parse_args()
    mails = [mail for mail in make_mails(options.count, options.seed) if options.only in mail.id]
    if options.write:
        options.write.mkdir(parents=True, exist_ok=True)
        for mail in mails:
            (options.write / f"{mail.id}.eml").write_bytes(mail.raw)
    verdicts = judge_all(mails)
    print(report(verdicts))
    for verdict in [each for each in verdicts if each.remarks or each.stolen][: options.show]:
        print(f"\n{verdict.mail.id}  {verdict.mail.sender} <{verdict.mail.address}>")
        print(
            "\n".join(
                f"    {remark}" for remark in [*verdict.remarks, *(f"of others: {each}" for each in verdict.stolen)]
            )
        )


main()
