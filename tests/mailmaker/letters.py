"""What people say in a mail, apart from how their program writes it down: words, closing, signature, and additions."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from tests.mailmaker.people import Number, Person, digits


@dataclass(frozen=True, slots=True)
class Signature:
    """A contact block: rows of cells, each one visible text. `name` and `numbers` are what it shows of its author;
    `rule` is a line that is drawn around it; `design` how a program lays it out (see `signature_html`); `trace` what a
    program leaves of links and bold words in plain text (gmail, outlook), or of numbers in HTML (links)."""

    design: str
    rows: tuple[tuple[str, ...], ...]
    name: str
    numbers: tuple[Number, ...]
    emails: tuple[str, ...] = ()
    rule: str = ""
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """One author's part of a mail. `added` are lines that a program or a legal department put below it; `above` those
    that one put on top; `invitation` a block with which to join a meeting."""

    author: Person
    paragraphs: tuple[tuple[str, ...], ...]
    closing: tuple[str, ...] = ()
    signature: Signature | None = None
    above: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    invitation: tuple[str, ...] = ()
    strangers: tuple[str, ...] = field(default=())
    """Numbers (E.164) and addresses in it that are not its author's."""


def label_of_added(letter: Letter, line: str) -> str:
    """What a line of `Letter.added` is."""
    return "register" if line in letter.author.words.get("register", ()) else "mua"


ONE_LINE = (" | ", " · ", " - ", ", ")


def make_signature(random: Random, person: Person, design: str) -> Signature:
    """`design`: stacked, paired, oneline, boxed, logo, columns, icons, cells."""
    words = person.words
    region = words["region"]
    labels = words["labels"]
    name = _shown_name(random, person)
    email = person.email if random.random() < 0.7 else ""
    web = f"www.{person.domain}" if random.random() < 0.6 else ""
    title = person.title if random.random() < 0.85 else ""
    department = person.department if random.random() < 0.25 else ""
    firm = person.firm if random.random() < 0.9 else ""
    address = list(person.address) if random.random() < 0.65 else []
    if address and random.random() < 0.2:
        address.append(words["country"])
    labelled = any(number.label for number in person.numbers)
    email_text = f"{random.choice(labels['email'])} {email}" if email and labelled and random.random() < 0.5 else email
    web_text = f"{random.choice(labels['web'])} {web}" if web and labelled and random.random() < 0.4 else web
    numbers = [number.text for number in person.numbers]
    rows: list[tuple[str, ...]]
    shown_numbers = person.numbers
    match design:
        case "oneline":
            shown_numbers = person.numbers[:1]
            pieces = [name, title, firm, shown_numbers[0].text]
            joint = random.choice(ONE_LINE[:3] if any("," in piece for piece in pieces) else ONE_LINE)
            rows = [(joint.join(piece for piece in pieces if piece),)]
            email = ""
        case "paired":
            joint = random.choice((" | ", " • ", "  " if labelled else " | ", " / " if region != "DE" else " | "))
            rows = [(name,), (" | ".join(piece for piece in (title, firm) if piece),), (department,)]
            rows += [(", ".join(address),), (joint.join(numbers[:2]),), (joint.join(numbers[2:]),)]
            rows += [(" | ".join(piece for piece in (email_text, web_text) if piece),)]
        case "columns" | "cells":
            rows = [(name,), (title,), (firm,), (", ".join(address),)]
            rows += [(number.label, number.shown) if number.label else (number.shown,) for number in person.numbers]
            rows += [(labels["email"][0], email) if email else ("",), (web,)]
        case _:
            rows = [(name,), (title,), (department,), (firm,)]
            rows += [(line,) for line in address]
            rows += [(text,) for text in numbers]
            rows += [(email_text,), (web_text,)]
            if random.random() < 0.2:  # the firm first, as many corporate templates have it
                rows[2], rows[3] = rows[3], rows[2]
    kept = tuple(row for row in rows if any(row))
    rule = random.choice(("=" * 40, "-" * 36, "*" * 30, "━" * 24)) if design == "boxed" else ""
    emails = (email,) if email else ()
    return Signature(design, kept, name, shown_numbers, emails, rule)


def _shown_name(random: Random, person: Person) -> str:
    match person.language:
        case "fr" if random.random() < 0.3:
            return f"{person.given} {person.family.upper()}"
        case "de" if random.random() < 0.12:
            return f"Dr. {person.name}"
        case "ru" | "uk" if random.random() < 0.25:
            return f"{person.family} {person.given}"
        case "ja" | "zh" | "ko" if random.random() < 0.3:
            return f"{person.name} ({person.latin})"
        case "ar" | "he" | "el" | "ru" if random.random() < 0.15:
            return person.latin
    return person.name


def closing_of(random: Random, person: Person, *, signed: bool) -> tuple[str, ...]:
    """The closing, and where no signature follows (or now and then above one) the first name."""
    words = person.words
    line = random.choice(words["closings"]).format(name=person.name)
    lines = [line] if random.random() < 0.93 else []
    if not signed and person.name not in line:
        lines.append(random.choice((person.given.split()[0], person.given.split()[0], person.name)))
        if words.get("family_first"):
            lines[-1] = random.choice((person.family, person.name))
    elif random.random() < 0.15 and not words.get("family_first"):
        lines.append(person.given.split()[0])
    return tuple(lines)


STRANGERS = {
    "en": "If I am out, please call my colleague {name} on {phone} or write to {email}.",
    "us": "You can also reach {name} in our office at {phone} or {email}.",
    "de": "Ansprechpartner auf der Baustelle ist {name}, Tel. {phone}, {email}.",
    "fr": "En mon absence, vous pouvez joindre {name} au {phone} ou par courriel : {email}.",
    "es": "En obra podéis hablar con {name}, teléfono {phone}, {email}.",
    "nl": "Bij afwezigheid kunt u {name} bellen op {phone} of mailen naar {email}.",
    "it": "In cantiere potete chiamare {name} al {phone} o scrivere a {email}.",
    "pl": "W razie pytań proszę dzwonić do: {name}, tel. {phone}, {email}.",
}


def paragraphs_of(random: Random, person: Person, to: Person) -> tuple[tuple[str, ...], ...]:
    """Greeting and text. Now and then a list of items."""
    words = person.words
    greeting = random.choice(words["greetings"]).format(first=to.given.split()[0], last=to.family)
    sentences = random.sample(words["sentences"], random.randint(1, 4))
    joint = "" if words["region"] in ("JP", "CN") else " "
    found: list[tuple[str, ...]] = [(greeting,)] if random.random() < 0.9 else []
    found += [(joint.join(sentences[:2]),)] + [(sentence,) for sentence in sentences[2:]]
    if random.random() < 0.12:
        found.append(tuple(f"- KX-{random.randrange(100, 999)}  {random.randrange(2, 90)} x" for _ in range(3)))
    return tuple(found)


def invitation_of(random: Random, person: Person) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines with which to join a meeting, and the numbers in them."""
    dial = digits(random, "+49695000####")
    pin = digits(random, "### ### ###")
    title, join, number, code, by_phone, local, options = person.words["teams"]
    match random.choice(("teams", "teams", "zoom", "meet")):
        case "teams":
            lines = [
                title,
                join,
                f"{number}: {digits(random, '### ### ### ##')}",
                f"{code}: {random.choice(('aK9tQ2', 'Zx71bv', 'mP4ssW'))}",
                by_phone,
                f"{dial[:3]} {dial[3:5]} {dial[5:]},,{pin.replace(' ', '')}# Germany, Frankfurt am Main",
                local,
                options,
            ]
        case "zoom":
            us = digits(random, "+13017158###")
            lines = [
                "Join Zoom Meeting",
                f"https://us02web.zoom.example/j/{digits(random, '8##########')}?pwd=Q1w2E3",
                f"Meeting ID: {digits(random, '8## #### ####')}",
                "Passcode: 481516",
                "One tap mobile",
                f"{us},,{pin.replace(' ', '')}#,,,,*481516# US (Washington DC)",
                "Dial by your location",
                f"+1 301 715 {us[-4:]} US (Washington DC)",
                f"{dial[:3]} {dial[3:5]} {dial[5:]} Germany",
            ]
            return tuple(lines), (us, dial)
        case _:
            lines = [
                "Join with Google Meet",
                "https://meet.google.com/kqz-wxyz-abc",
                f"Join by phone: (DE) {dial[:3]} {dial[3:5]} {dial[5:]} PIN: {pin}#",
                "More phone numbers: https://tel.meet/kqz-wxyz-abc?pin=4815162342",
            ]
    return tuple(lines), (dial,)


ANTIVIRUS = (
    ("Virus-free. www.avast.com",),
    ("This email has been checked for viruses by AVG antivirus software.", "www.avg.com"),
    ("Diese E-Mail wurde von Avast-Antivirussoftware auf Viren geprüft.", "www.avast.com"),
    ("Cet e-mail a été vérifié par le logiciel antivirus d'Avast.", "www.avast.com"),
)
BANNERS = (
    "CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you recognize the sender.",
    "[EXTERNAL EMAIL] Be careful with links and attachments.",
    "ACHTUNG: Diese E-Mail stammt von außerhalb der Organisation.",
)
LIST_FOOTERS = (
    (
        "_______________________________________________",
        "pump-users mailing list",
        "pump-users@lists.flowforum.example",
        "https://lists.flowforum.example/mailman/listinfo/pump-users",
    ),
    (
        "-- ",
        'You received this message because you are subscribed to the Google Groups "Valve Forum" group.',
        "To unsubscribe from this group and stop receiving emails from it, send an email to valve-forum+unsubscribe@googlegroups.example.",
        "To view this discussion visit https://groups.google.example/d/msgid/valve-forum/4711.",
    ),
    (
        "---------------------------------------------------------------------",
        "To unsubscribe, e-mail: dev-unsubscribe@armature.example",
        "For additional commands, e-mail: dev-help@armature.example",
        "Forum office: +1 212 555 0199",
    ),
)
FOOTER_STRANGERS = (
    "pump-users@lists.flowforum.example",
    "valve-forum+unsubscribe@googlegroups.example",
    "dev-unsubscribe@armature.example",
    "dev-help@armature.example",
    "+12125550199",
)
