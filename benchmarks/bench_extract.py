"""The newest part and the signature of mails: mxsync beside talon, mail-parser-reply, email-reply-parser, quotequail.

    python benchmarks/bench_extract.py [--made 962] [--rounds 3]

All read the same texts: mails made by tests/mailmaker (HTML as mxsync's own text of it), and, where they are found (MXSYNC_CORPUS,
or ../shared/corpus beside the project), the annotated corpora. F1 is counted over lines that are not blank, by the definitions of the
scorer that lies beside the corpora (see docs/extraction.md); mails are counted per second of processor time, which other
programs on the machine disturb least, in the fastest round. What cannot be imported is left out
with a sentence. Prints Markdown tables.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from peers import PEERS, Message, Peer

from tests.mailmaker.ink import label_lines
from tests.mailmaker.make import make_mails
from tests.mailmaker.measure import Count, body_of

BESIDE = Path(__file__).parents[2] / "shared" / "corpus"
CORPORA = ("forge", "quagga-enron-train", "quagga-asf-train")


def made(count: int) -> Iterator[Message]:
    for mail in make_mails(count):
        body, sender = body_of(mail)
        labels = tuple(label_lines(body, mail.pieces))
        yield Message(body, sender.name, sender.address, mail.region, labels, True)


def corpora() -> Iterator[tuple[str, list[Message]]]:
    root = Path(os.environ["MXSYNC_CORPUS"]) if "MXSYNC_CORPUS" in os.environ else BESIDE
    for name in CORPORA:
        path = root / "extraction" / f"{name}.jsonl"
        if not path.is_file():
            print(f"{path} is not here: left out")
            continue
        rows = [json.loads(line) for line in path.open(encoding="utf-8")]
        apart = any("closing" in row["labels"] for row in rows)
        yield (
            name,
            [
                Message(
                    row["text"],
                    row["sender"].get("name") or "",
                    row["sender"].get("email") or "",
                    "US",
                    tuple(zip(row["labels"], row["block"], strict=True)),
                    apart,
                )
                for row in rows
            ],
        )


def measured(peer: Peer, messages: Sequence[Message], rounds: int) -> str:
    newest, signature = Count(), Count()
    failed = 0
    best = float("inf")
    for turn in range(rounds):
        began = time.process_time()
        answers = []
        for message in messages:
            try:
                answers.append(peer.read(message))
            except Exception:  # a peer's failure costs it the message
                answers.append((frozenset(), frozenset()))
                failed += turn == 0
        best = min(best, time.process_time() - began)
    for message, (own, signed) in zip(messages, answers, strict=True):
        for number, (label, block) in enumerate(message.labels):
            if label == "blank":
                continue
            newest.add(block == 0 and label not in ("header", "quote"), number in own)
            if not (block == 0 and label in ("closing", "mua", "register")):
                signature.add(block == 0 and label == "sig", number in signed)
    shown = f"{signature.f1:.3f}" if peer.signs else "does not look for one"
    remark = f" ({failed} failed)" if failed else ""
    return f"| {peer.name} | {newest.f1:.3f} | {shown} | {len(messages) / best:,.0f}{remark} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--made", type=int, default=962)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    peers = []
    for make in PEERS:
        try:
            peers.append(make())
        except ImportError as error:
            print(f"{error}: left out (see benchmarks/peers.py)")
    for name, messages in [("made mails", list(made(options.made))), *corpora()]:
        print(
            f"\n{name}, {len(messages)} messages\n\n| | newest part F1 | signature F1 | mails per CPU second |\n|---|---|---|---|"
        )
        for peer in peers:
            print(measured(peer, messages, options.rounds), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
