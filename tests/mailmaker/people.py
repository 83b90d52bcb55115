"""Made-up people, in the words, names, numbers and addresses of their languages (`languages/*.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from unicodedata import combining, normalize

import phonenumbers
from phonenumbers import PhoneNumberFormat

FOLDER = Path(__file__).parent / "languages"
_FOLDED = str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "AE", "ı": "i", "đ": "d"})
_BRACKETED_ZERO = frozenset({"DE", "GB", "NL", "FR", "SE", "FI", "ZA", "JP"})


@cache
def languages() -> dict[str, dict[str, Any]]:
    """Each language's words, by its code; 'us' is the English of North America."""
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number: its kind as mxsync names it, in E.164, and as it is written in a signature (with its label,
    if any)."""

    kind: str
    e164: str
    label: str
    shown: str
    extension: str = ""

    @property
    def text(self) -> str:
        return f"{self.label} {self.shown}".strip()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes mail. `name` is how the name is written in a signature, `latin` the same in Latin letters;
    `words` are the parts that any spelling of it has, in every script that it is written in."""

    language: str
    given: str
    family: str
    latin_given: str
    latin_family: str
    name: str
    email: str
    domain: str
    firm: str
    title: str
    department: str
    address: tuple[str, ...]
    numbers: tuple[Number, ...] = field(default=())

    @property
    def latin(self) -> str:
        return f"{self.latin_given} {self.latin_family}"

    @property
    def words(self) -> dict[str, Any]:
        return languages()[self.language]


def fold(text: str) -> str:
    """Without accents, as in an address."""
    return "".join(letter for letter in normalize("NFKD", text.translate(_FOLDED)) if not combining(letter))


def local_part(text: str) -> str:
    return "".join(letter for letter in fold(text).lower() if letter.isascii() and letter.isalnum())


def digits(random: Random, template: str) -> str:
    """`template` with a digit for every '#'."""
    return "".join(random.choice("0123456789") if letter == "#" else letter for letter in template)


def written(random: Random, e164: str, region: str, *, national: bool) -> str:
    """The number as people of that country write it."""
    parsed = phonenumbers.parse(e164)
    international = phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
    home = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
    code, _, rest = international.partition(" ")
    styles = [
        international,
        international,
        international.replace("-", " "),
        f"{code} {rest.replace(' ', '-')}",
        f"{code}.{rest.replace(' ', '.').replace('-', '.')}",
        f"00{code[1:]} {rest}" if region not in ("US", "RU", "JP", "KR") else international,
        e164,
    ]
    if region in _BRACKETED_ZERO:
        styles += [f"{code} (0){rest}", f"{code} (0) {rest}"]
    if national:
        styles = [home, home, home.replace(" ", "-") if "(" not in home else home, home.replace("-", " ")]
        if region == "US":
            styles += [home.replace("(", "").replace(") ", "."), home.replace("(", "").replace(") ", "-")]
        if region in ("DE", "FR"):
            styles += [home.replace(" ", "/", 1) if region == "DE" else home.replace(" ", ".")]
    return random.choice(styles)


def make_numbers(random: Random, words: dict[str, Any], *, labelled: bool, national: bool) -> tuple[Number, ...]:
    """One to four numbers of a person, with their labels; without them only such as the numbering plan tells apart."""
    kinds = ["phone"]
    if random.random() < 0.6:
        kinds.append("mobile")
    if labelled and random.random() < 0.25:
        kinds.append("fax")
    if labelled and random.random() < 0.08:
        kinds.insert(1, "phone")
    if not words.get("fixed_or_mobile") and random.random() < 0.12:
        kinds = ["mobile"]
    if random.random() < 0.2:
        random.shuffle(kinds)
    found = []
    seed = random.random()  # one person writes all numbers alike
    for kind in kinds:
        while True:
            e164 = digits(random, random.choice(words["mobile" if kind == "mobile" else "landline"]))
            if phonenumbers.is_valid_number(phonenumbers.parse(e164)):
                break
        shown = written(Random(seed), e164, words["region"], national=national)
        extension = ""
        if kind == "phone" and words["region"] in ("US", "GB") and random.random() < 0.1:
            extension = str(random.randrange(100, 999))
            shown += random.choice([" ext. ", " x", " Ext. "]) + extension
        label = Random(f"{seed}{kind}").choice(words["labels"][kind]) if labelled else ""
        found.append(Number(kind, e164, label, shown, extension))
    return tuple(dict.fromkeys(found))


def make_person(
    random: Random, language: str, *, labelled: bool = True, national: bool = False, unlike: Sequence[Person] = ()
) -> Person:
    """Somebody who shares no name with those in `unlike`."""
    words = languages()[language]
    taken = {person.family for person in unlike}
    given, family, *latin = random.choice([each for each in words["people"] if each.split("|")[1] not in taken]).split(
        "|"
    )
    latin_given, latin_family = latin or (given, family)
    joint = random.choice(words.get("joined", [" "]))
    name = f"{family}{joint}{given}" if words.get("family_first") else f"{given} {family}"
    firm, stem = random.choice(words["firms"]).split("|")
    domain = f"{stem}.{random.choice(words['tlds'])}"
    first, last = local_part(latin_given.split()[0]), local_part(latin_family)
    local = random.choice(
        [f"{first}.{last}", f"{first}.{last}", f"{first[0]}{last}", f"{first[0]}.{last}", first, last]
    )
    return Person(
        language=language,
        given=given,
        family=family,
        latin_given=latin_given,
        latin_family=latin_family,
        name=name,
        email=f"{local}@{domain}",
        domain=domain,
        firm=firm,
        title=random.choice(words["titles"]),
        department=random.choice(words["departments"]),
        address=tuple(random.choice(words["addresses"]).split("|")),
        numbers=make_numbers(random, words, labelled=labelled, national=national),
    )
