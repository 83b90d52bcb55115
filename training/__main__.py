"""python -m training fit|measure|mails: see `training/__init__.py`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from training.messages import Message, read_messages

USAGE = "python -m training fit | measure | mails FILE [COUNT]"


def corpus(name: str) -> list[Message]:
    """An annotated corpus from the folder that MXSYNC_CORPUS names, or beside the checkout."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "corpus"
    path = Path(os.environ.get("MXSYNC_CORPUS", beside)) / "extraction" / f"{name}.jsonl"
    if not path.is_file():
        raise SystemExit(f"`{path}` is not there: set MXSYNC_CORPUS to the folder that holds `extraction/{name}.jsonl`")
    return read_messages(path)


def main(arguments: list[str]) -> int:
    match arguments:
        case ["fit"]:
            from training.fit import SHIPPED, write_shipped

            model = write_shipped(corpus("forge"))
            print(f"{SHIPPED}: {len(model.weights)} features")
        case ["measure"]:
            from training.measure import table

            print(table({name: corpus(name) for name in ("quagga-enron-train", "quagga-asf-train", "forge")}))
        case ["mails", file, *count]:
            from training.mails import made_up_mail

            with Path(file).open("w", encoding="utf-8") as target:
                for message in made_up_mail(int(count[0]) if count else 100):
                    sender = {"name": message.display, "email": message.address}
                    row = {"id": message.name, "set": message.collection, "sender": sender, "text": message.text}
                    target.write(json.dumps({**row, "labels": message.labels, "block": message.blocks}) + "\n")
        case _:
            print(USAGE)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
