"""Made-up mail with its labels known by construction: what a signature looks like, and all that only resembles one.

As much care goes into what is no signature (other people's numbers in the text, lists, addresses, logs, mottos) as into
signatures: precision is learnt from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from training import words as w
from training.messages import Message

SEED = 20261124


@dataclass
class _Draft:
    """Lines and their labels as they are written; `block` 0 is the author's part."""

    lines: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    block: int = 0

    def add(self, label: str, *lines: str) -> None:
        for line in lines:
            self.lines.append(line)
            self.labels.append(label if line.strip() else "blank")
            self.blocks.append(self.block)

    def gap(self, chance: Random, share: float = 0.7) -> None:
        if chance.random() < share:
            self.add("blank", *[""] * chance.choice((1, 1, 1, 2)))


@dataclass(frozen=True)
class _Person:
    given: str
    family: str
    firm: str
    domain: str

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"

    @property
    def address(self) -> str:
        return f"{self.given.lower()}.{self.family.lower().replace(' ', '')}@{self.domain}"


def made_up_mail(count: int, seed: int = SEED) -> Iterator[Message]:
    """`count` messages; the same ones for the same seed."""
    chance = Random(seed)
    for number in range(count):
        yield _message(chance, f"made/{number}")


def _message(chance: Random, name: str) -> Message:
    language = chance.choice(w.LANGUAGES)
    author = _person(chance)
    draft = _Draft()
    if chance.random() < 0.06:
        return _from_a_machine(draft, chance, name)
    _body(draft, chance, language)
    _ending(draft, chance, language, author)
    _below(draft, chance)
    if chance.random() < 0.35:
        _quoted(draft, chance, language)
    display, address = _header(chance, author)
    return Message(name, "made", display, address, "\n".join(draft.lines), tuple(draft.labels), tuple(draft.blocks))


def _from_a_machine(draft: _Draft, chance: Random, name: str) -> Message:
    """A notification: nobody signs it, though it may end like a signature."""
    draft.add("body", chance.choice(("A request has been filed.", "You have a new message.", "Your order:")), "")
    _form(draft, chance)
    if chance.random() < 0.5:
        draft.add("blank", "")
        draft.add("body", f"https://{chance.choice(w.FIRM_HEADS).lower()}.example/tickets/{chance.randint(1, 9999)}")
    desk = chance.choice(("Ticket System", "Notifications", "Webshop", ""))
    address = f"noreply@{chance.choice(w.FIRM_HEADS).lower()}.example"
    return Message(name, "made", desk, address, "\n".join(draft.lines), tuple(draft.labels), tuple(draft.blocks))


def _person(chance: Random) -> _Person:
    family = chance.choice(w.FAMILY)
    if chance.random() < 0.08:
        family = f"{chance.choice(w.PARTICLES)} {family}"
    head = chance.choice(w.FIRM_HEADS)
    firm = f"{head} {chance.choice(w.FIRM_TAILS)}".strip()
    domain = f"{head.lower()}.example" if chance.random() < 0.8 else "freemail.example"
    return _Person(chance.choice(w.GIVEN), family, firm, domain)


def _header(chance: Random, author: _Person) -> tuple[str, str]:
    """How the mail names its author, which a third of archives do not do at all."""
    form = chance.random()
    if form < 0.3:
        return "", ""
    if form < 0.4:
        return "", author.address
    if form < 0.52:  # the header says another thing than the signature
        desk = chance.choice((author.firm, "Orders", "Info", f"{author.firm} Team", "Sales Desk"))
        local = chance.choice(("info", "sales", author.given[:1] + author.family[:1], author.family[:4]))
        return chance.choice((desk, "")), f"{local.lower()}@{author.domain}"
    if form < 0.66:
        return f"{author.family}, {author.given}", author.address
    return author.name, author.address if form < 0.95 else ""


# -- the text


def _body(draft: _Draft, chance: Random, language: w.Language) -> None:
    if chance.random() < 0.6:
        draft.add("body", chance.choice(language.greetings).format(chance.choice(w.GIVEN)))
        draft.gap(chance)
    for _ in range(chance.choice((1, 1, 2, 2, 3, 5))):
        if chance.random() < 0.3:
            chance.choice(_ODDITIES)(draft, chance)
        else:
            _paragraph(draft, chance, language)
        draft.gap(chance, 0.85)


def _paragraph(draft: _Draft, chance: Random, language: w.Language) -> None:
    text = " ".join(chance.choice(language.prose) for _ in range(chance.choice((1, 1, 2, 3, 5))))
    width = chance.choice((10_000, 72, 72, 60))
    line = ""
    for word in text.split():
        if len(line) + len(word) > width:
            draft.add("body", line)
            line = ""
        line = f"{line} {word}".strip()
    draft.add("body", line)


def _someone_else(draft: _Draft, chance: Random) -> None:
    """Another person's block in the text, which ends where a signature would not."""
    draft.add("body", chance.choice(("Here is whom to call:", "Their contact:", "Please send it to:", "Ship to:")))
    other = _person(chance)
    draft.add("body", *_block(chance, w.ENGLISH, other, chance.randint(2, 5)))
    draft.add("blank", "")
    draft.add("body", chance.choice(w.ENGLISH.prose))


def _list(draft: _Draft, chance: Random) -> None:
    mark = chance.choice(("- ", "* ", "1. ", "", "   "))
    for _ in range(chance.randint(2, 9)):
        item = chance.choice(
            (
                chance.choice(w.FIRM_HEADS) + " " + chance.choice(w.FIRM_TAILS),
                f"{chance.choice(w.GIVEN)} {chance.choice(w.FAMILY)}",
                f"{chance.choice(w.FIRM_HEADS)}  {chance.randint(1, 900)},{chance.randint(100, 999)}",
                chance.choice(w.DEPARTMENTS),
                chance.choice(w.TITLES),
            )
        )
        draft.add("body", mark + item)


def _figures(draft: _Draft, chance: Random) -> None:
    for _ in range(chance.randint(3, 8)):
        draft.add("body", "\t".join(str(chance.randint(10, 99_999)) for _ in range(chance.randint(2, 5))))


def _event(draft: _Draft, chance: Random) -> None:
    draft.add("body", f"Date: {chance.randint(1, 28)} May 2026", f"Time: {chance.randint(8, 18)}:00")
    draft.add("body", f"Place: {chance.choice(w.STREETS)}", chance.choice(w.PLACES))
    if chance.random() < 0.6:
        draft.add("body", f"Dial-in: {_number(chance)}", f"Passcode: {chance.randint(1000, 999_999)}")


def _hotel(draft: _Draft, chance: Random) -> None:
    draft.add("body", f"{chance.choice(w.FIRM_HEADS)} Hotel", chance.choice(w.STREETS), chance.choice(w.PLACES))
    if chance.random() < 0.7:
        draft.add("body", _number(chance))
    draft.add("blank", "")
    draft.add("body", chance.choice(w.ENGLISH.prose))


def _code(draft: _Draft, chance: Random) -> None:
    for _ in range(chance.randint(2, 10)):
        draft.add(
            "body",
            chance.choice(
                (
                    f'<field name="{chance.choice(w.HOSTS)}" type="string" indexed="true"/>',
                    f"2026-03-0{chance.randint(1, 9)} 10:4{chance.randint(0, 9)}:11.332 ERROR (main) [x:core] failed",
                    f"\tat org.{chance.choice(w.HOSTS)}.Main.run(Main.java:{chance.randint(10, 900)})",
                    f"export {chance.choice(w.HOSTS).upper()}_HOME=/opt/{chance.choice(w.HOSTS)}",
                    f"{{'status': 0, 'rows': {chance.randint(1, 99)}}}",
                    "}",
                    f"http://localhost:8983/{chance.choice(w.HOSTS)}?q=*:*&rows=10",
                )
            ),
        )


def _link(draft: _Draft, chance: Random) -> None:
    draft.add("body", chance.choice(("See:", "It is here:", "[1]", "More:")))
    draft.add("body", f"https://{chance.choice(w.FIRM_HEADS).lower()}.example/wiki/{chance.randint(1, 999)}")


def _form(draft: _Draft, chance: Random) -> None:
    """What a program has filled in: keys and values, a stranger's name and address among them."""
    other = _person(chance)
    makers = (
        lambda: f"{chance.choice(('Ticket', 'Request', 'Order', 'Case', 'Vorgang'))} ID",
        lambda: "Created",
        lambda: chance.choice(("Requested for", "Assigned to", "Contact", "Customer", "Submitted by")),
        lambda: chance.choice(("Category", "Type", "Resource", "Item", "Application")),
        lambda: chance.choice(("Name", "Company", "Firma", "Account")),
        lambda: chance.choice(("Phone", "Telefon", "Tel", "Callback")),
        lambda: chance.choice(("Status", "Priority", "Queue")),
    )
    values = (
        str(chance.randint(10_000, 9_999_999)),
        f"{chance.randint(1, 12)}/{chance.randint(1, 28)}/2026 9:{chance.randint(10, 59)} AM",
        chance.choice((other.address, other.name)),
        f"{chance.choice(w.FIRM_HEADS)} {chance.choice(('Reports', 'Access', 'Data Manager', 'Backup', 'Pump'))}",
        chance.choice((other.firm, other.name)),
        _number(chance),
        chance.choice(("Open", "High", "Approved", "West")),
    )
    between = chance.choice((": ", " : ", ":\t", "          : "))
    rows = [f"{make()}{between}{value}" for make, value in zip(makers, values, strict=True)]
    kept = sorted(chance.sample(range(len(rows)), chance.randint(3, len(rows))))
    draft.add("body", *(rows[place] for place in kept))


_ODDITIES = (_someone_else, _list, _figures, _event, _hotel, _code, _link, _form, _form)


# -- the ending


def _ending(draft: _Draft, chance: Random, language: w.Language, author: _Person) -> None:
    kind = chance.random()
    if kind < 0.2:
        return
    if kind < 0.5:
        _closing(draft, chance, language, author)
        return
    if kind < 0.57:
        draft.add("closing", author.given if chance.random() < 0.7 else author.name)
        return
    if kind < 0.61:
        _motto_only(draft, chance)
        return
    closed = chance.random()
    if closed < 0.58:
        _closing(draft, chance, language, author, named=chance.random() < 0.45)
        draft.gap(chance, 0.5)
    elif closed < 0.8:
        draft.add("closing", author.given)
        draft.gap(chance, 0.4)
    if chance.random() < 0.3:
        draft.add("body", chance.choice(("-- ", "--", "_" * 30, "-" * 20, "__")))
    _signature(draft, chance, language, author)


def _closing(draft: _Draft, chance: Random, language: w.Language, author: _Person, named: bool = True) -> None:
    if chance.random() < 0.1:
        draft.add("closing", f"{chance.choice(language.closings).rstrip(',')}, {author.given}")
        return
    if chance.random() < 0.1:
        draft.add("closing", chance.choice(language.closings))
    draft.add("closing", chance.choice(language.closings))
    if named:
        draft.gap(chance, 0.3)
        short = chance.choice((author.given, author.given, author.name, author.given[:1] + author.family[:1]))
        draft.add("closing", short if chance.random() < 0.9 else f"-{short}")


def _motto_only(draft: _Draft, chance: Random) -> None:
    """A line under a delimiter that says nothing of anybody."""
    draft.add("body", chance.choice(("--", "-- ", "----", "---")), chance.choice(w.MOTTOS))


def _signature(draft: _Draft, chance: Random, language: w.Language, author: _Person) -> None:
    spaced = chance.random() < 0.05  # as HTML paragraphs become
    drawn = chance.choice(("━" * 20, "-" * 30, "*" * 40, "=" * 20)) if chance.random() < 0.07 else ""
    if drawn:
        draft.add("body", drawn)
    for line in _block(chance, language, author, chance.choice((1, 1, 2, 2, 3, 4, 5, 6))):
        draft.add("sig", line)
        if spaced or chance.random() < 0.05:
            draft.add("blank", "")
    if drawn:
        draft.add("body", drawn)
    if chance.random() < 0.1:
        draft.add("sig", chance.choice(w.MOTTOS))


def _block(chance: Random, language: w.Language, author: _Person, size: int) -> list[str]:
    """A block of `size` fields below the name, in the usual order more often than not."""
    makers = {
        "title": lambda: chance.choice(w.TITLES),
        "department": lambda: chance.choice(w.DEPARTMENTS),
        "firm": lambda: author.firm,
        "street": lambda: chance.choice(w.STREETS),
        "place": lambda: chance.choice(w.PLACES),
        "phone": lambda: chance.choice(language.labels["phone"]).format(_number(chance)),
        "fax": lambda: chance.choice(language.labels["fax"]).format(_number(chance)),
        "mobile": lambda: chance.choice(language.labels["mobile"]).format(_number(chance)),
        "email": lambda: chance.choice(language.labels["email"]).format(author.address),
        "site": lambda: chance.choice(w.SITES).format(author.firm.split()[0].lower()),
    }
    weights = {"title": 5, "department": 2, "firm": 5, "street": 3, "place": 3, "phone": 7, "fax": 3, "mobile": 3}
    weights |= {"email": 5, "site": 3}
    chosen: set[str] = set()
    while len(chosen) < size:
        chosen.add(chance.choices(list(weights), list(weights.values()))[0])
    order = [kind for kind in makers if kind in chosen]
    if chance.random() < 0.15:
        chance.shuffle(order)
    fields = [makers[kind]() for kind in order]
    degree = chance.choice((", PhD", ", P.E.", " MBA")) if chance.random() < 0.05 else ""
    name = author.given if chance.random() < 0.06 else author.name + degree
    name = name.upper() if chance.random() < 0.04 else name
    form = chance.random()
    if form < 0.12:
        lines = [chance.choice((" | ", " - ", " • ", " · ", ", ")).join([name, *fields])]
    elif form < 0.22:
        lines = [", ".join([name, fields[0]]), *fields[1:]]
    elif form < 0.32 and len(fields) > 2:
        lines = [name, *fields[:-2], chance.choice((" | ", "   ", " / ")).join(fields[-2:])]
    else:
        lines = [name, *fields]
    if chance.random() < 0.06:
        lines = lines[1:] or lines  # the name stood in the closing
    indent = chance.choice(("", "", "", "", "   ", " " * 20, "*"))
    return [f"*{line}*" if indent == "*" else indent + line for line in lines]


def _number(chance: Random) -> str:
    last = f"{chance.randint(0, 9999):04}"
    return chance.choice(
        (
            f"713-555-{last}", f"(713) 555-{last}", f"713.555.{last}", f"713/555-{last}", f"1-800-555-{last}",
            f"+1 713 555 {last}", f"+44 20 7946 {last}", f"020 7946 {last}", f"+49 30 23125 {last[:3]}",
            f"+33 1 55 50 {last[:2]} {last[2:]}", f"+31 20 555 {last}", f"x3{last}", f"ext. {last}", f"5-{last}",
            f"+27 (0)11 555 {last}", f"+39 02 5550 {last}", f"3-{last}",
        )
    )  # fmt: skip


# -- below it


def _below(draft: _Draft, chance: Random) -> None:
    if chance.random() < 0.06:
        draft.add("blank", "")
        draft.add("body", f"P.S. {chance.choice(w.ENGLISH.prose)}")
    if chance.random() < 0.12:
        draft.gap(chance)
        draft.add("mua", *chance.sample(w.DEVICE_LINES, chance.choice((1, 1, 2))))
    if chance.random() < 0.12:
        draft.add("blank", "")
        draft.add("mua", chance.choice(w.NOTICE))
    if chance.random() < 0.1:
        draft.gap(chance, 0.8)
        draft.add("mua", chance.choice(w.BELOW))


def _quoted(draft: _Draft, chance: Random, language: w.Language) -> None:
    other = _person(chance)
    draft.add("blank", "")
    draft.block = 1
    marked = chance.random() < 0.5
    if marked:
        draft.add("header", f"On 3 May 2026 at 10:12, {other.name} <{other.address}> wrote:")
    else:
        draft.add("header", "-----Original Message-----", f"From: {other.name}", "Sent: Monday, 3 May 2026 10:12")
        draft.add("header", "To: you", "Subject: RE: your order")
    draft.add("blank", "")
    start = len(draft.lines)
    _paragraph(draft, chance, language)
    _closing(draft, chance, language, other)
    draft.add("sig", *_block(chance, language, other, 3))
    if marked:
        draft.lines[start:] = [f"> {line}" for line in draft.lines[start:]]
