"""A fact: one thing that a mail says of a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

SIGNATURE: Final = "signature"
TEXT: Final = "text"
QUOTED: Final = "quoted"
FORWARDED: Final = "forwarded"


@dataclass(frozen=True, slots=True)
class Fact:
    """`kind` is one of name, title, organisation, phone, mobile, fax, email, website, address; `value` is in its stored
    form (numbers in E.164), `line` counts from 0.

    A number has its `extension` and whether calling it is free (`toll_free`), an address its `parts` by the fields of
    a contact ('street', 'city', 'postal_code', 'region', 'country'), and so has a number at home ('home_phone'). A
    title or organisation has the `department` beside it, a website the network of which it is somebody's `profile`
    ('linkedin.com').

    `span` is where it stands in its line (characters, start and end), `source` which part of the mail it was read from
    ('signature', 'text', 'quoted', 'forwarded'), `confidence` how likely it is right (0 to 1), and `author` the address
    or, without one, the name of whoever wrote that part, where it is not the sender. Two facts are the same whatever
    these four say.
    """

    kind: str
    value: str
    line: int
    extension: str = ""
    parts: tuple[tuple[str, str], ...] = ()
    department: str = ""
    toll_free: bool = False
    profile: str = ""
    span: tuple[int, int] = field(default=(0, 0), compare=False)
    source: str = field(default=SIGNATURE, compare=False)
    confidence: float = field(default=1.0, compare=False)
    author: str = field(default="", compare=False)
