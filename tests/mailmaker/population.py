"""The people of a made year: a company of ours, its correspondents at their firms, and the machines that write to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

from tests.mailmaker.people import Number, Person, languages, local_part, make_numbers, make_person

OURS = "ours.example"
FREEMAIL = ("gmail.com", "gmx.de", "outlook.com", "yahoo.com", "icloud.com", "web.de", "orange.fr", "proton.me")
_LEGAL = {
    "af": "{} (Edms) Bpk|co.za",
    "cs": "{} s.r.o.|cz",
    "da": "{} ApS|dk",
    "de": "{} GmbH|de",
    "en": "{} Ltd|co.uk",
    "es": "{} S.L.|es",
    "fi": "{} Oy|fi",
    "fr": "{} SARL|fr",
    "hu": "{} Kft.|hu",
    "it": "{} S.r.l.|it",
    "nb": "{} AS|no",
    "nl": "{} B.V.|nl",
    "pl": "{} Sp. z o.o.|pl",
    "pt": "{}, Lda.|pt",
    "ro": "{} S.R.L.|ro",
    "sv": "{} AB|se",
    "tr": "{} A.Ş.|com.tr",
    "us": "{}, Inc.|com",
}
_WEIGHTS = {"de": 6, "en": 6, "us": 5, "fr": 3, "nl": 3}
_BEGIN = [
    "Bal",
    "Bren",
    "Cor",
    "Dar",
    "Del",
    "Fal",
    "Gar",
    "Hal",
    "Har",
    "Kel",
    "Kor",
    "Lam",
    "Lor",
    "Mar",
    "Mel",
    "Nor",
    "Ost",
    "Per",
    "Quin",
    "Ral",
    "Ros",
    "Sal",
    "Ter",
    "Tor",
    "Val",
    "Ver",
    "Wal",
    "Zan",
]
_MIDDLE = ["an", "de", "en", "e", "er", "i", "o", "on", "u", ""]
_END = [
    "berg",
    "by",
    "dal",
    "feld",
    "ford",
    "gaard",
    "grave",
    "heim",
    "holt",
    "ini",
    "lund",
    "mann",
    "mark",
    "mont",
    "ner",
    "nik",
    "rath",
    "rell",
    "ro",
    "sen",
    "sson",
    "stad",
    "ton",
    "vik",
    "wald",
]


@dataclass(frozen=True, slots=True)
class Firm:
    """An outside organisation, of people who speak one language."""

    name: str
    domain: str
    language: str
    address: tuple[str, ...]


@dataclass(slots=True)
class Correspondent:
    """Somebody outside. `role` says how they are met (see `Year`); `program` and `form` what they write mail with; `seed`
    makes their signature the same every time. `later` is the same person at another firm."""

    person: Person
    role: str
    owner: Person
    program: str
    form: str
    design: str
    seed: float
    signs: bool
    display: str
    later: Person | None = None
    shown: set[tuple[str, str]] = field(default_factory=set)
    """Kind and E.164 of the numbers in signatures that they have sent."""


def coined(random: Random, taken: set[str]) -> str:
    """A family name or a firm's that nobody else here has."""
    while True:
        word = random.choice(_BEGIN) + random.choice(_MIDDLE) + random.choice(_END)
        if word not in taken:
            taken.add(word)
            return word
        word = random.choice(_BEGIN) + random.choice(_MIDDLE) + random.choice(_BEGIN).lower() + random.choice(_END)
        if word not in taken:
            taken.add(word)
            return word


def make_firms(random: Random, taken: set[str]) -> Iterator[Firm]:
    codes = sorted(_LEGAL)
    weights = [_WEIGHTS.get(code, 1) for code in codes]
    while True:
        language = random.choices(codes, weights)[0]
        form, suffix = _LEGAL[language].split("|")
        stem = coined(random, taken)
        name = form.format(
            f"{stem} {random.choice(('Pumps', 'Armaturen', 'Technik', 'Logistics', 'Consulting', 'Marine'))}"
        )
        suffix = random.choice((suffix, suffix, "com", "example"))
        words = languages()[language]
        yield Firm(name, f"{local_part(stem)}.{suffix}", language, tuple(random.choice(words["addresses"]).split("|")))


def make_outsider(random: Random, firm: Firm, taken: set[str], numbers_taken: set[str]) -> Person:
    """Somebody at a firm, with a name and numbers that nobody else has."""
    words = languages()[firm.language]
    sample = make_person(random, firm.language)
    family = coined(random, taken)
    labelled = bool(words.get("fixed_or_mobile")) or random.random() < 0.8
    while True:
        numbers = make_numbers(random, words, labelled=labelled, national=False)
        if not {number.e164 for number in numbers} & numbers_taken:
            break
    numbers_taken |= {number.e164 for number in numbers}
    name = f"{family} {sample.given}" if words.get("family_first") else f"{sample.given} {family}"
    first, last = local_part(sample.given.split()[0]), local_part(family)
    local = random.choice((f"{first}.{last}", f"{first}.{last}", f"{first[0]}{last}", f"{first[0]}.{last}", last))
    return replace(
        sample,
        family=family,
        latin_given=sample.given,
        latin_family=family,
        name=name,
        email=f"{local}@{firm.domain}",
        domain=firm.domain,
        firm=firm.name,
        address=firm.address,
        numbers=numbers,
    )


def make_staff(random: Random, count: int, taken: set[str], numbers_taken: set[str]) -> list[Person]:
    """Our own people: one firm, two languages."""
    staff = []
    for number in range(count):
        firm = Firm("Ours Trading GmbH", OURS, "de" if number % 3 else "en", ("Hafenweg 5", "20457 Hamburg"))
        person = make_outsider(random, firm, taken, numbers_taken)
        staff.append(replace(person, email=f"{local_part(person.given)}.{local_part(person.family)}@{OURS}"))
    return staff


def at_home(random: Random, person: Person) -> Person:
    """The person with a mailbox at a free provider, and no firm."""
    local = (
        f"{local_part(person.latin_given.split()[0])}.{local_part(person.latin_family)}{random.choice(('', '77', '1'))}"
    )
    domain = random.choice(FREEMAIL)
    return replace(person, email=f"{local}@{domain}", domain=domain, firm="", title="", department="")


def moved(random: Random, person: Person, firm: Firm) -> Person:
    """The person at another firm: the name and the mobile phone go along."""
    kept: tuple[Number, ...] = tuple(number for number in person.numbers if number.kind == "mobile")
    return replace(
        person,
        email=f"{person.email.partition('@')[0]}@{firm.domain}",
        domain=firm.domain,
        firm=firm.name,
        address=firm.address,
        numbers=kept,
    )
