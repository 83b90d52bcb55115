"""Changes bytes of sample and hostile files, and reads them: each is an item or is set aside, quickly, with one answer.

    python tests/fuzz/fuzz_files.py [SECONDS [SEED]]

Ends with 1 at the first file that makes a reader raise, answer twice differently, or take more than ten seconds; the
file is kept and its path printed.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from mxsync.connectors.files import FilesConnector
from mxsync.decide import people
from mxsync.model.item import ItemRef, Unreadable
from tests.hostile import make_hostile

SAMPLES = Path(__file__).resolve().parents[2] / "rules" / "demo" / "mailboxes" / "anna@ours.example"
MAILBOX = "anna@ours.example"
LONGEST = 200_000  # bytes of a seed: speed of the whole run, not of the reader
TOO_LONG = 10.0  # seconds
_BITS = (b"\r\n", b"\n", b"\0", b"=", b"\xff", b";", b":", b'"', b"--", b"=?utf-8?q?", b"BEGIN:", b"END:", b"\r\n ")


def seeds(place: Path) -> list[tuple[str, bytes]]:
    """File names below the mailbox, and contents to begin with."""
    make_hostile(place / "store" / MAILBOX)
    found = []
    for root in (SAMPLES, place / "store" / MAILBOX):
        for path in sorted(root.rglob("*")):
            if path.is_file() and not path.is_symlink() and path.stat().st_size <= LONGEST:
                found.append((path.relative_to(root).as_posix(), path.read_bytes()))
    return [(name, content) for name, content in found if name[-4:].lower() in (".eml", ".vcf", ".ics", ".txt")]


def changed(content: bytes, other: bytes, chance: random.Random) -> bytes:
    """A few changes of the kinds that break parsers."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.choice((1, 4, 64, 1024)))
        match chance.randrange(6):
            case 0:
                del data[at:end]
            case 1:
                data[at:at] = data[at:end] * chance.choice((1, 3, 50))
            case 2:
                data[at:at] = chance.choice(_BITS) * chance.choice((1, 1, 2, 200))
            case 3:
                data[at:end] = chance.randbytes(end - at)
            case 4:
                start = chance.randrange(len(other) + 1)
                data[at:at] = other[start : start + chance.choice((16, 256, 4096))]
            case _:
                del data[at:]
    return bytes(data)


def answer(connector: FilesConnector, ref: ItemRef) -> list[str]:
    """Everything that rules may ask of the item, as text."""
    found = []
    for each in connector.fetch([ref]):
        if isinstance(each, Unreadable):
            found.append(f"set aside: {each.reason}")
            continue
        item = each.item
        found.append(f"{item.kind} {sorted((name, repr(item.fields[name])) for name in item.fields)} {item.notes}")
        found.append(repr(people.read(item, "ZA")))
    return found


def main(arguments: list[str]) -> int:
    seconds = float(arguments[0]) if arguments else 60.0
    seed = int(arguments[1]) if len(arguments) > 1 else random.randrange(1_000_000)
    chance = random.Random(seed)
    kept = Path(tempfile.mkdtemp(prefix="mxsync-fuzz-"))
    made = seeds(kept)
    shutil.rmtree(kept / "store")
    connector = FilesConnector(kept / "store", timezone="Africa/Johannesburg", region="ZA")
    count, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        name, content = chance.choice(made)
        folder, _, file = name.rpartition("/")
        path = kept / "store" / MAILBOX / folder / f"case{file[-4:].lower()}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(changed(content, chance.choice(made)[1], chance))
        ref = ItemRef(MAILBOX, folder, f"{folder}/{path.name}")
        began = time.monotonic()
        try:
            once = answer(connector, ref)
            took = time.monotonic() - began
            wrong = "" if once == answer(connector, ref) else "it was read twice, with two results"
            if took > TOO_LONG:
                wrong = f"reading took {took:.1f} s"
        except Exception:
            wrong = traceback.format_exc()
        if wrong:
            sys.stderr.write(f"{path} (made from {name}, seed {seed})\n{wrong}\n")
            return 1
        path.unlink()
        count += 1
    shutil.rmtree(kept)
    sys.stdout.write(f"{count} files read, seed {seed}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
