"""E-mail addresses in text: recognised, and brought to the form in which they are stored."""

from __future__ import annotations

import re
from functools import lru_cache

LENGTH_LIMIT = 320
"""Characters: 64 before the @ and 255 behind it (RFC 5321, 4.5.3.1)."""

# Each part is bounded, so that a megabyte of letters costs 64 steps a letter at most.
_ADDRESS = re.compile(r"(?<![\w.+'-])[\w.+'&/=-]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}(?![\w@])")


def clean_address(text: str) -> str | None:
    """The address in `text` as it is stored, or None if there is no valid one.

    '<Jane@ACME.example>', 'mailto:jane@acme.example' and "'jane@acme.example'" are the same address. The
    domain is in lower case, an internationalised one in its Unicode form (RFC 5890); the part before the @ keeps its
    case (RFC 5321, 2.4).
    Nothing is asked of the network: whether anybody reads mail there is not known.
    """
    if len(text) > LENGTH_LIMIT + 16 or "@" not in text:
        return None
    return _clean(text)


def find_addresses(line: str) -> tuple[str, ...]:
    """The valid addresses in one line, in their order, as `clean_address` gives them."""
    if "@" not in line:
        return ()
    found = (clean_address(match.group().strip(".'-/=")) for match in _ADDRESS.finditer(line[:1_000]))
    return tuple(dict.fromkeys(address for address in found if address))


@lru_cache(maxsize=16384)
def _clean(text: str) -> str | None:
    from email_validator import EmailNotValidError, validate_email

    bare = text.strip().strip("<>[]()\"' \t;,")
    if bare[:7].lower() == "mailto:":
        bare = bare[7:].partition("?")[0]
    try:
        # test_environment lets `.test` through (RFC 6761), which a trial installation uses as its domain.
        return validate_email(bare, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        return None
