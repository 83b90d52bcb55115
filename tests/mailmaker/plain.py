"""How mail programs write a letter, and what it answers or forwards, as plain text."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from tests.mailmaker.ink import ink
from tests.mailmaker.letters import Letter, Signature, label_of_added
from tests.mailmaker.people import Person

WIDTH = 76


@dataclass(frozen=True, slots=True)
class Thread:
    """A mail as it will be sent: the `newest` letter, the `earlier` ones that it holds (the newest of them first), who
    it goes `to`, and how it answers: new, top, bottom, interleaved, forward."""

    newest: Letter
    earlier: tuple[Letter, ...]
    to: Person
    how: str
    subject: str
    footer: tuple[str, ...] = ()

    @property
    def words(self) -> dict[str, object]:
        return self.newest.author.words


def wrapped(text: str, width: int = WIDTH) -> list[str]:
    """Lines as a program with a fixed width breaks them; scripts without spaces stay as they are."""
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]


def signature_lines(signature: Signature, block: int) -> list[str]:
    rows = [" ".join(cell for cell in row if cell) for row in signature.rows]
    lines = [ink("sig", _as_text_of_html(row, signature), block) for row in rows]
    if signature.trace == "outlook":
        lines.append(ink("mua", "[cid:image001.png@01DC4B0F.5F3A2B10]", block))
    return [signature.rule, *lines, signature.rule] if signature.rule else lines


def _as_text_of_html(row: str, signature: Signature) -> str:
    """What programs make of bold words and links where they turn HTML into text."""
    match signature.trace:
        case "gmail" if row == signature.name:
            return f"*{row}*"
        case "outlook":
            for address in signature.emails:
                row = row.replace(address, f"{address}<mailto:{address}>")
            return re.sub(r"(?<![@.\w])(www\.[\w.-]+\w)", r"\1<http://\1/>", row)
    return row


def letter_lines(letter: Letter, block: int, *, delimiter: bool, wrap: bool) -> list[str]:
    """A letter with its labels, a string a line."""
    lines: list[str] = []
    for line in letter.above:
        lines += [ink("mua", line, block), ""]
    for paragraph in letter.paragraphs:
        for line in paragraph:
            lines += [ink("body", part, block) for part in (wrapped(line) if wrap else [line])]
        lines.append("")
    lines += [ink("closing", line, block) for line in letter.closing]
    if letter.signature is not None:
        if delimiter:
            lines += ["", "-- "]
        elif letter.closing:
            lines.append("")
        lines += signature_lines(letter.signature, block)
    for line in letter.added:
        lines.append("")
        label = label_of_added(letter, line)
        lines += [ink(label, part, block) for part in (wrapped(line) if wrap else [line])]
    if letter.invitation:
        lines += ["", "_" * 60]
        lines += [ink("mua", line, block) for line in letter.invitation]
        lines.append("_" * 60)
    while lines and not lines[-1]:
        lines.pop()
    return lines


# ---------------------------------------------------------------- what stands above a quote


def attribution(template: str, author: Person) -> str:
    """The line with the author's name as the address book has it: in either script."""
    name = author.latin if len(author.email) % 2 else author.name
    return template.format(name=name, email=author.email)


def _attributed(key: str, *, wrap: int = 78, prefix: str = "> ") -> Callable[[Thread, Random, int], list[str]]:
    """An attribution in the author's language, and a marked quote."""

    def quote(thread: Thread, random: Random, depth: int) -> list[str]:
        letter = thread.earlier[depth]
        line = attribution(str(thread.words[key]), letter.author)
        lines = [ink("header", part, depth) for part in wrapped(line, wrap)]
        return [*lines, "", *marked(quoted(thread, random, depth), prefix)]

    return quote


def _fixed(template: str, *, prefix: str = "> ") -> Callable[[Thread, Random, int], list[str]]:
    """The same for programs whose attribution is in English whatever the language."""

    def quote(thread: Thread, random: Random, depth: int) -> list[str]:
        author = thread.earlier[depth].author
        lines = [ink("header", line, depth) for line in attribution(template, author).split("\n")]
        return [*lines, *marked(quoted(thread, random, depth), prefix)]

    return quote


def quoted(thread: Thread, random: Random, depth: int) -> list[str]:
    """The lines of an earlier letter, with what it held itself."""
    letter = thread.earlier[depth]
    lines = letter_lines(letter, depth + 1, delimiter=random.random() < 0.3, wrap=True)
    if depth + 1 < len(thread.earlier):
        lines += ["", *QUOTES["gmail"](thread, random, depth + 1)]
    return lines


def marked(lines: Sequence[str], prefix: str) -> list[str]:
    return [(prefix.rstrip() if line.lstrip("\ue000").startswith(">") or not line else prefix) + line for line in lines]


def _header_block(
    thread: Thread, depth: int, *, pad: int = 0, mailto: bool = False, after: Sequence[str] = ()
) -> list[str]:
    """'From: Sent: To: Subject:' in the program's language."""
    names = thread.words["headers"]
    assert isinstance(names, list)
    author = thread.earlier[depth].author
    shown = author.latin
    address = f"[mailto:{author.email}]" if mailto else f"<{author.email}>"
    values = [
        f"{shown} {address}",
        str(thread.words["long_date"]),
        _recipient(thread, depth),
        "",
        thread.subject,
    ]
    lines = [f"{name}:".ljust(pad) + f" {value}" for name, value in zip(names, values, strict=True) if value]
    return [ink("header", line, depth) for line in [*lines, *after]]


def _recipient(thread: Thread, depth: int) -> str:
    to = thread.earlier[depth + 1].author if depth + 1 < len(thread.earlier) else thread.newest.author
    return f"{to.latin} <{to.email}>"


def _outlook(thread: Thread, random: Random, depth: int) -> list[str]:
    old = random.random() < 0.5
    lines = [ink("header", f"-----{thread.words['original']}-----", depth)] if old else []
    return [*lines, *_header_block(thread, depth, mailto=old), "", *_below(thread, random, depth, _outlook)]


def _outlook_web(thread: Thread, random: Random, depth: int) -> list[str]:
    rest = _below(thread, random, depth, _outlook_web)
    return ["_" * 32, *_header_block(thread, depth), "", *rest]


def _samsung(thread: Thread, random: Random, depth: int) -> list[str]:
    author = thread.earlier[depth].author
    lines = [
        "-------- Original message --------",
        f"From: {author.latin} <{author.email}> ",
        "Date: 02/11/2026  09:15  (GMT+01:00) ",
        f"To: {_recipient(thread, depth)} ",
        f"Subject: {thread.subject} ",
    ]
    return [*[ink("header", line, depth) for line in lines], "", *_below(thread, random, depth, _samsung)]


def _notes(thread: Thread, random: Random, depth: int) -> list[str]:
    author = thread.earlier[depth].author
    if random.random() < 0.5:
        lines = [
            f"From:   {author.latin}/{author.domain.partition('.')[0].upper()}",
            f"To:     {_recipient(thread, depth)}",
            "Date:   02/11/2026 09:15",
            f"Subject:        {thread.subject}",
        ]
    else:
        lines = [f"{author.latin} <{author.email}> wrote on 02/11/2026 09:15:00:"]
        head = [ink("header", line, depth) for line in lines]
        return [*head, "", *marked(quoted(thread, random, depth), "> ")]
    return [*[ink("header", line, depth) for line in lines], "", "", *_below(thread, random, depth, _notes)]


def _groupwise(thread: Thread, random: Random, depth: int) -> list[str]:
    author = thread.earlier[depth].author
    line = f">>> {author.latin} <{author.email}> 02.11.2026 09:15 >>>"
    return [ink("header", line, depth), *_below(thread, random, depth, _groupwise)]


def _zimbra(thread: Thread, random: Random, depth: int) -> list[str]:
    author = thread.earlier[depth].author
    lines = [
        "----- Original Message -----",
        f'From: "{author.latin}" <{author.email}>',
        f"To: {_recipient(thread, depth)}",
        "Sent: Monday, November 2, 2026 9:15:00 AM",
        f"Subject: {thread.subject}",
    ]
    return [*[ink("header", line, depth) for line in lines], "", *_below(thread, random, depth, _zimbra)]


def _below(thread: Thread, random: Random, depth: int, again: Callable[[Thread, Random, int], list[str]]) -> list[str]:
    lines = letter_lines(thread.earlier[depth], depth + 1, delimiter=False, wrap=False)
    if depth + 1 < len(thread.earlier):
        lines += ["", *again(thread, random, depth + 1)]
    return lines


QUOTES: dict[str, Callable[[Thread, Random, int], list[str]]] = {
    "gmail": _attributed("gmail"),
    "gmail_mobile": _attributed("gmail"),
    "apple": _attributed("apple"),
    "iphone": _attributed("apple"),
    "thunderbird": _attributed("thunderbird"),
    "roundcube": _fixed("On 2026-11-02 09:15, {name} wrote:"),
    "mutt": _fixed("On Mon, Nov 02, 2026 at 09:15:27AM +0100, {name} wrote:"),
    "yahoo": _fixed("     On Monday, November 2, 2026 at 09:15:00 AM GMT+1, {name} <{email}> wrote:  \n", prefix=" > "),
    "proton": _fixed("On Monday, November 2nd, 2026 at 9:15 AM, {name} <{email}> wrote:\n"),
    "evolution": _fixed("On Mon, 2026-11-02 at 09:15 +0100, {name} wrote:"),
    "kmail": _fixed("On Monday, 2 November 2026 09:15:27 CET {name} wrote:"),
    "zoho": _fixed("---- On Mon, 02 Nov 2026 09:15:27 +0100 {name} <{email}> wrote ----\n", prefix=" > "),
    "outlook": _outlook,
    "outlook_mobile": _outlook_web,
    "outlook_web": _outlook_web,
    "samsung": _samsung,
    "notes": _notes,
    "groupwise": _groupwise,
    "zimbra": _zimbra,
}

DELIMITED = {"gmail", "thunderbird", "roundcube", "mutt", "evolution", "kmail"}
"""Programs that put '-- ' above a signature."""


LIKE_ANSWERS = {"outlook", "outlook_web", "outlook_mobile", "samsung", "groupwise"}
"""Programs that put a forwarded letter below the same headers as an answer's."""


def forwarded(thread: Thread, program: str) -> list[str]:
    """What stands above a forwarded letter."""
    words = thread.words
    author = thread.earlier[0].author
    english = [
        f"From: {author.latin} <{author.email}>",
        "Date: Mon, Nov 2, 2026 at 9:15 AM",
        f"Subject: {thread.subject}",
        f"To: {_recipient(thread, 0)}",
    ]
    match program:
        case "gmail" | "gmail_mobile":
            lines = ["---------- Forwarded message ---------", *english]
        case "apple" | "iphone":
            return [ink("header", str(words["apple_forwarded"])), "", *_header_block(thread, 0)]
        case "thunderbird" | "kmail" | "evolution":
            head = f"-------- {words['forwarded']} --------"
            return [ink("header", head), *_header_block(thread, 0, pad=9)]
        case "roundcube":
            lines = ["-------- Original Message --------", *english]
        case "mutt":
            lines = [f"----- Forwarded message from {author.latin} <{author.email}> -----", "", *english]
        case "yahoo":
            lines = ["   ----- Forwarded message -----", *english]
        case "proton":
            lines = ["------- Forwarded Message -------", *english]
        case "notes":
            lines = [f"----- Forwarded by {thread.newest.author.latin}/OURS on 02/11/2026 10:02 -----", "", *english]
        case "zimbra":
            lines = ["----- Forwarded Message -----", *english]
        case "zoho":
            lines = ["============ Forwarded message ============", *english]
        case _:
            return QUOTES[program](
                Thread(thread.newest, thread.earlier[:1], thread.to, "top", thread.subject), Random(7), 0
            )
    return [ink("header", line) if line else "" for line in lines]


def plain_text(thread: Thread, program: str, random: Random) -> str:
    """The whole mail as plain text, labelled."""
    newest = thread.newest
    delimiter = program in DELIMITED and random.random() < 0.8
    own = letter_lines(newest, 0, delimiter=delimiter, wrap=program not in ("outlook", "outlook_web", "yahoo"))
    match thread.how:
        case "new":
            lines = own
        case "forward":
            lines = [*own, "", *forwarded(thread, program)]
            if program not in LIKE_ANSWERS:
                lines += ["", *letter_lines(thread.earlier[0], 1, delimiter=False, wrap=False)]
        case "bottom":
            lines = [*QUOTES[program](thread, random, 0), "", *own]
        case "interleaved":
            lines = _interleaved(thread, program, random, own)
        case _:
            lines = [*own, "", *([""] if random.random() < 0.5 else []), *QUOTES[program](thread, random, 0)]
    if thread.footer:
        block = (
            1 if thread.how in ("top", "forward") else 0
        )  # below a quote it is nobody's, below an answer the answer's
        lines += ["", *[ink("mua", line, block) if any(map(str.isalnum, line)) else line for line in thread.footer]]
    return "\n".join(lines) + "\n"


def _interleaved(thread: Thread, program: str, random: Random, own: list[str]) -> list[str]:
    """Each paragraph of the answer below a paragraph of what it answers."""
    letter = thread.earlier[0]
    quote = QUOTES[program](Thread(thread.newest, (letter,), thread.to, "top", thread.subject), random, 0)
    head = [line for line in quote if not line.startswith((">", " >"))]
    lines = [line for line in head if line]
    parts = [part for part in "\n".join(own).split("\n\n") if part]
    for number, paragraph in enumerate(letter.paragraphs):
        lines += [f"> {ink('body', part, 1)}" for line in paragraph for part in wrapped(line)]
        answers = parts and number and "\ue000B" in parts[0]
        lines += ["", *(parts.pop(0).split("\n") if answers else []), ""]
    for part in parts:
        lines += [*part.split("\n"), ""]
    return lines
