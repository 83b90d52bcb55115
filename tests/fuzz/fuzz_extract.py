"""Texts, HTML and senders made up by a coverage-guided fuzzer, and all of `mxsync.extract` that mail passes through.

    python tests/fuzz/fuzz_extract.py [SECONDS [SEED]]

With atheris installed (Linux, `pip install atheris`) the inputs follow what they reach; else Hypothesis makes them.
Ends with 1 at the first input that makes a reader raise, break a promise of its documentation, or take more than two
seconds of processor time; the input is written to a file whose path is printed. Inputs found this way are kept in
`tests/unit/extract/test_extract_seeds.py`.
"""

from __future__ import annotations

import importlib
import random
import sys
import tempfile
import time
import types
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from mxsync.errors import BadContent
from mxsync.extract import read_text
from mxsync.extract.html import to_text
from mxsync.extract.mime import read_mail
from mxsync.extract.name_reconcile import reconciled
from mxsync.extract.signature_fields import FIELDS, signature_fields
from mxsync.model.item import Address

TOO_LONG = 2.0  # seconds
KINDS = frozenset(["name", "title", "organisation", "phone", "mobile", "fax", "email", "website", "address"])
INSTRUMENTED = [
    "reading",
    "ending",
    "signature",
    "boilerplate",
    "quotes",
    "quote_marks",
    "quoted_parts",
    "html",
    "html_structure",
    "names",
    "signature_facts",
]
# What makes the readers turn: the fuzzer puts these together.
PIECES = (
    "Kind regards,", "Mit freundlichen Grüßen", "此致", "-- ", "Jane Roe", "罗洁", "T +44 20 7946 0018", "Fax: 020 7946 0019", "Sales Manager", "Acme Ltd",
    "12 Long Lane", "London EC1A 1BB", "jane@acme.example", "www.acme.example", "https://linkedin.com/in/jane", "> ", ">> ", ": ", ">From ", " wrote", ">>> Bob >>>", "On 3 May 2026, Bob Coe <bob@coe.example> wrote:",
    "Am 03.05.26 um 15:12 schrieb Ann:", "-----Original Message-----", "________________________________", "From: Ann", "Von: Ann", "Sent: Monday", "To: Jane", "Subject: x", "---------- Forwarded message ---------",
    "Sent from my iPhone", "Microsoft Teams meeting", "https://teams.microsoft.com/l/meetup-join/1", "Meeting ID: 1 2 3", "+44 20 7946 0555,,3215#", "To unsubscribe, visit https://x.example/u",
    "This e-mail is confidential; the recipient may not disclose it.", "Pumps mailing list", "Virus-free. www.avast.com", "P.S. x", "\n", "\n\n", "\t", "\u00a0", "\u202a", "\ud800", "\x00", "|", ",", " ", ":", "：",
    "<div class='gmail_quote'>", "<div class='gmail_attr'>", "<blockquote type='cite'>", "</blockquote>", "</div>", "<div id='divRplyFwdMsg'>", "<div style='border:none;border-top:solid #E1E1E1 1.0pt'>",
    "<b>From:</b>", "<hr>", "<br>", "<p>", "<table><tr><td>", "</td></tr></table>", "<div class='gmail_signature'>", "<a href='tel:1'>", "<span style='display:none'>", "&nbsp;", "<!--", "<pre>", "<style>",
)  # fmt: skip
SENDERS = (
    Address("Jane Roe", "jane.roe@acme.example"), Address(), Address("", "x@gmail.com"), Address("Roe, Jane (Sales/ZA)", "jroe@acme.co.za"), Address("罗洁", "l@泵.example"),
    Address("\ud800", "@"), Address("a" * 300, "b" * 300 + "@c"),
)  # fmt: skip
REGIONS = ("GB", "US", "", "??", "ZA")


def check(text: str, sender: Address, region: str) -> None:
    """Raises `AssertionError` where a promise of the readers is broken; anything else that they raise is a fault."""
    began = time.process_time()  # a reader that waits for a processor does not hang
    reading = read_text(text, sender=sender, region=region)
    count = text.count("\n") + 1
    lines = text.split("\n")
    for part in (reading.newest, reading.closing, reading.signature):
        assert list(part) == sorted(set(part)) and all(0 <= number < count for number in part), "lines out of order"
    assert set(reading.signature) | set(reading.closing) <= set(reading.newest), "a signature outside the author's part"
    assert not set(reading.signature) & set(reading.closing), "a line both closing and signature"
    for fact in (*reading.facts, *reading.others):
        assert fact.kind in KINDS and fact.value and 0 <= fact.confidence <= 1, fact
        assert 0 <= fact.span[0] <= fact.span[1] <= len(lines[fact.line]), fact
    assert {fact.line for fact in reading.facts} <= set(reading.signature), "a fact from outside the signature"
    assert not any(fact.author for fact in reading.facts), "a fact of another author"
    assert 0 <= reading.confidence <= 1
    fields = signature_fields(reading, sender)
    assert set(fields) <= FIELDS and all(fields.values())
    reconciled(sender.name, sender.address, lines[0][:300])
    seen = to_text(text)
    read_text(seen, sender=sender, region=region)
    assert to_text(text) == seen
    taken = time.process_time() - began
    assert taken < TOO_LONG, f"it took {taken:.1f} s"


def check_mail(raw: bytes) -> None:
    """The same for the bytes of a mail."""
    try:
        parsed = read_mail(raw)
    except BadContent:
        return
    body, sender = parsed.fields["body"], parsed.fields["sender"]
    check(str(body), sender if isinstance(sender, Address) else Address(), "GB")


def text_of(choose: Callable[[int], int], size: int) -> str:
    """A text of pieces, chosen one by one by `choose(n)`, a number below n."""
    found = []
    for _ in range(size):
        piece = PIECES[choose(len(PIECES))]
        match choose(6):
            case 0:
                piece = piece[: choose(len(piece) + 1)]
            case 1:
                piece *= 1 + choose(20)
            case 2:
                piece = chr(choose(0x10000)) + piece
            case _:
                pass
        found.append(piece + ("\n" if choose(3) else ""))
    return "".join(found)


def keep(data: bytes) -> str:
    with tempfile.NamedTemporaryFile(prefix="mxsync-extract-", suffix=".txt", delete=False) as file:
        file.write(data)
    return file.name


def one(choose: Callable[[int], int], size: int) -> None:
    text = text_of(choose, size)
    try:
        check(text, SENDERS[choose(len(SENDERS))], REGIONS[choose(len(REGIONS))])
        headers = b"From: Jane Roe <jane.roe@acme.example>\nContent-Type: text/html; charset=utf-8\n\n"
        check_mail((headers if choose(2) else b"") + text.encode("utf-8", "replace"))
    except Exception:
        sys.stderr.write(f"{keep(text.encode('utf-8', 'surrogatepass'))}\n")
        raise


def with_atheris(seconds: float, seed: int) -> int:
    import atheris

    def target(data: bytes) -> None:
        given = atheris.FuzzedDataProvider(data)
        one(lambda below: given.ConsumeIntInRange(0, below - 1), 1 + len(data) // 4)

    for name in INSTRUMENTED:
        module = importlib.import_module(f"mxsync.extract.{name}")
        for member, function in list(vars(module).items()):
            if isinstance(function, types.FunctionType) and function.__module__ == module.__name__:
                setattr(module, member, atheris.instrument_func(function))
    atheris.Setup(
        [sys.argv[0], f"-max_total_time={int(seconds)}", f"-seed={seed}", "-max_len=400", "-rss_limit_mb=1024"], target
    )
    atheris.Fuzz()
    return 0


def with_hypothesis(seconds: float, seed: int) -> int:
    """Without guidance: chances drawn anew for each text."""
    chance = random.Random(seed)
    count, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        one(chance.randrange, chance.choice((2, 5, 10, 20, 60)))
        count += 1
    sys.stdout.write(f"{count} texts read, seed {seed}\n")
    return 0


def main(arguments: list[str]) -> int:
    seconds = float(arguments[0]) if arguments else 60.0
    seed = int(arguments[1]) if len(arguments) > 1 else random.randrange(1, 1_000_000)
    try:
        import atheris  # noqa: F401
    except ImportError:
        return with_hypothesis(seconds, seed)
    return with_atheris(seconds, seed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
