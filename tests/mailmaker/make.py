"""Business mails of known truth: who wrote each line, and which facts are whose. The same seed gives the same mails.

They are for tests only: nothing that mxsync ships is trained on them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP
from random import Random

from tests.mailmaker import letters as say
from tests.mailmaker.ink import Piece, develop
from tests.mailmaker.letters import Letter
from tests.mailmaker.people import Number, Person, languages, make_person
from tests.mailmaker.plain import QUOTES, Thread, plain_text
from tests.mailmaker.programs import PROGRAMS, html_text

SEED = 4711
HOWS = ("new", "new", "new", "top", "top", "top", "bottom", "interleaved", "forward", "forward")
BOTTOM = {"thunderbird", "mutt", "roundcube", "evolution", "kmail", "gmail", "apple"}
"""Programs whose users answer below or between."""

PLAIN_DESIGNS = ("stacked", "stacked", "paired", "oneline", "columns", "boxed")
HTML_DESIGNS = ("stacked", "paired", "oneline", "logo", "columns", "cells", "icons")
MOBILE = {"iphone": "iphone", "samsung": "android", "outlook_mobile": "outlook_mobile"}


@dataclass(frozen=True, slots=True)
class Mail:
    """A made mail. `numbers` and `name` are the facts that its author's signature shows (`name` '' for none);
    `spellings` are the author's names in all their forms; `foreign` numbers and addresses in it that are somebody
    else's, `forwarded` the numbers in the signature of a forwarded author. `pieces` hold the labels of its text."""

    id: str
    language: str
    program: str
    form: str
    how: str
    sender: str
    address: str
    region: str
    raw: bytes
    source: str
    pieces: tuple[Piece, ...]
    numbers: tuple[Number, ...]
    name: str
    spellings: tuple[str, ...]
    foreign: frozenset[str]
    forwarded: frozenset[str]


def make_mails(count: int, seed: int = SEED) -> Iterator[Mail]:
    """Languages, programs and forms take turns; everything else is drawn."""
    codes = sorted(languages())
    kinds = [("html", program) for program in PROGRAMS] + [("plain", program) for program in QUOTES]
    for number in range(count):
        random = Random(f"{seed}/{number}")
        form, program = kinds[(number * 7) % len(kinds)]
        yield make_mail(random, f"{number:04}", codes[number % len(codes)], program, form)


def make_mail(random: Random, name: str, language: str, program: str, form: str) -> Mail:
    how = random.choice(HOWS)
    if how in ("bottom", "interleaved") and program not in BOTTOM:
        how = "top"
    words = languages()[language]
    labelled = bool(words.get("fixed_or_mobile")) or random.random() < 0.75
    author = make_person(random, language, labelled=labelled, national=random.random() < 0.4)
    other_language = language if random.random() < 0.8 else "en"
    others = [make_person(random, other_language, unlike=[author])]
    others.append(make_person(random, other_language, unlike=[author, *others]))
    newest = _traced(random, newest_letter(random, author, others[0], program, form, how), program, form)
    count = 0 if how == "new" else 1 if how in ("interleaved", "forward") or random.random() < 0.6 else 2
    earlier = tuple(
        make_letter(random, (others[0], author if how == "top" else others[1])[number], author, form)
        for number in range(count)
    )
    footer: tuple[str, ...] = ()
    if random.random() < 0.07 and form == "plain":
        footer = random.choice(say.LIST_FOOTERS)
    subject = random.choice(
        ("Angebot 4711", "Re: Order 4500123987", "KX-200", "Meeting", "Rechnung / Invoice 88-20417")
    )
    thread = Thread(newest, earlier, others[0], how, subject, footer)
    inked = html_text(thread, program) if form == "html" else plain_text(thread, program, random)
    source, pieces = develop(inked, markup=form == "html")
    signature = newest.signature
    display = display_of(random, author)
    return Mail(
        id=f"{name}-{language}-{program}-{form}-{how}-{signature.design if signature else 'unsigned'}",
        language=language,
        program=program,
        form=form,
        how=how,
        sender=display,
        address=author.email,
        region=words["region"],
        raw=_message(display, author.email, subject, source, form, hidden=random.random() < 0.1),
        source=source,
        pieces=tuple(pieces),
        numbers=signature.numbers if signature else (),
        name=signature.name if signature else "",
        spellings=(author.name, author.latin, f"{author.given} {author.family}", f"{author.family} {author.given}"),
        foreign=_foreign(thread, author),
        forwarded=_forwarded(thread),
    )


def _traced(random: Random, letter: Letter, program: str, form: str) -> Letter:
    """The letter with the traces that its program leaves in its signature."""
    trace = program.partition("_")[0] if form == "plain" else "links"
    if letter.signature is None or random.random() < 0.6:
        return letter
    return replace(letter, signature=replace(letter.signature, trace=trace))


def newest_letter(random: Random, author: Person, to: Person, program: str, form: str, how: str) -> Letter:
    mobile = program in MOBILE
    letter = make_letter(random, author, to, form, signed=0.25 if mobile else 0.78)
    if how == "forward" and random.random() < 0.35:
        letter = replace(letter, paragraphs=(("FYI",),))
        if random.random() < 0.5:
            letter = replace(letter, closing=(), signature=None)
    added = list(letter.added)
    words = author.words
    if mobile and random.random() < 0.8:
        added.insert(0, words[MOBILE[program]])
    if random.random() < 0.05:
        added += random.choice(say.ANTIVIRUS)
    above = (random.choice(say.BANNERS),) if random.random() < 0.04 else ()
    letter = replace(letter, added=tuple(added), above=above)
    if how == "new" and random.random() < 0.2:
        lines, numbers = say.invitation_of(random, author)
        letter = replace(letter, invitation=lines, strangers=(*letter.strangers, *numbers))
    return letter


def make_letter(random: Random, author: Person, to: Person, form: str, signed: float = 0.8) -> Letter:
    words = author.words
    is_signed = random.random() < signed
    design = random.choice(HTML_DESIGNS if form == "html" else PLAIN_DESIGNS)
    if design == "boxed" and author.language not in ("ja", "ko", "zh", "de", "en", "us"):
        design = "stacked"
    paragraphs = say.paragraphs_of(random, author, to)
    strangers: tuple[str, ...] = ()
    if author.language in say.STRANGERS and random.random() < 0.08:
        stranger = make_person(random, author.language, unlike=[author, to])
        shown = stranger.numbers[0]
        line = say.STRANGERS[author.language].format(name=stranger.name, phone=shown.shown, email=stranger.email)
        paragraphs, strangers = (*paragraphs, (line,)), (shown.e164, stranger.email)
    added = []
    if is_signed and random.random() < 0.12 and "register" in words:
        added.append(random.choice(words["register"]))
    if random.random() < 0.1:
        added.append(words["environment"])
    if random.random() < 0.22:
        added.append(words["disclaimer"])
    return Letter(
        author=author,
        paragraphs=paragraphs,
        closing=say.closing_of(random, author, signed=is_signed),
        signature=say.make_signature(random, author, design) if is_signed else None,
        added=tuple(added),
        strangers=strangers,
    )


def _foreign(thread: Thread, author: Person) -> frozenset[str]:
    """Numbers and addresses of everybody else."""
    found: set[str] = set(thread.newest.strangers)
    for letter in thread.earlier:
        found |= set(letter.strangers)
        if letter.author.email != author.email:
            found.add(letter.author.email)
            found |= {number.e164 for number in (letter.signature.numbers if letter.signature else ())}
    if thread.footer:
        found |= set(say.FOOTER_STRANGERS)
    return frozenset(found - {author.email} - {number.e164 for number in author.numbers})


def _forwarded(thread: Thread) -> frozenset[str]:
    """The numbers that a forwarded letter's own author gives."""
    signature = thread.earlier[0].signature if thread.how == "forward" else None
    return frozenset(number.e164 for number in signature.numbers) if signature else frozenset()


def display_of(random: Random, author: Person) -> str:
    """What stands in front of the address in From."""
    chance = random.random()
    if author.latin != author.name and chance < 0.4:
        return author.latin
    if chance < 0.72:
        return author.name if author.latin != author.name else author.latin
    if chance < 0.82:
        return f"{author.latin_family}, {author.latin_given}"
    if chance < 0.87:
        return f"{author.latin_family.upper()} {author.latin_given}"
    if chance < 0.92:
        return f"{author.latin} | {author.firm}"
    return f"{author.latin} ({author.department})" if chance < 0.96 else ""


HIDDEN = (
    '<div style="display:none;max-height:0;overflow:hidden">Preview 4711 that nobody sees, call +49 69 90009 123</div>',
    '<img src="https://t.news.example/o.gif?id=4711" width="1" height="1" alt="">',
)
"""What HTML holds and no reader shows: in front of the body, and behind it."""


def _message(display: str, address: str, subject: str, source: str, form: str, *, hidden: bool) -> bytes:
    if hidden and form == "html":
        source = f"{HIDDEN[0]}{source}{HIDDEN[1]}"
    message = EmailMessage(policy=SMTP.clone(utf8=False))
    message["From"] = MailAddress(display, addr_spec=address)
    message["To"] = "anna@ours.example"
    message["Subject"] = subject
    message["Date"] = "Tue, 03 Nov 2026 08:12:00 +0000"
    message["Message-ID"] = f"<{len(source)}.{address}>"
    message.set_content(source, subtype="html" if form == "html" else "plain", cte="base64")
    return bytes(message)
