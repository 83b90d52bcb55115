"""A telephone number by itself to E.164: what `mxsync.extract.phones.to_e164` says, sooner for most of what stands in
cards and tables, an international number of digits and blanks.

Of such a number nothing has to be searched for, stripped or guessed: it is valid when what follows its country code
matches the numbering plan. Everything else, and every number that does not match, is left to the library.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from mxsync.extract.phones import to_e164

if TYPE_CHECKING:
    from phonenumbers import PhoneNumberDesc

_PLAIN: Final = re.compile(r"\+[1-9](?:[ -]{0,2}[0-9]){5,16}")
_MARKS: Final = str.maketrans("", "", "+ -")


def e164_of(text: str, region: str) -> str | None:
    """The number in E.164, or None if it is not a valid number; `region` as for `to_e164`."""
    if _PLAIN.fullmatch(text) is not None:
        digits = text.translate(_MARKS)
        for size in (1, 2, 3):  # no country code begins another
            plan = _plan_of(digits[:size])
            if plan is not None:
                if plan.has(digits[size:]):
                    return f"+{digits}"
                break
    return to_e164(text, region)


@dataclass(frozen=True, slots=True)
class _Kind:
    """Numbers of one kind in a plan: how long they may be (none stands for any length), and their pattern."""

    lengths: frozenset[int]
    pattern: re.Pattern[str]

    def has(self, national: str) -> bool:
        return (not self.lengths or len(national) in self.lengths) and self.pattern.fullmatch(national) is not None


@dataclass(frozen=True, slots=True)
class _Plan:
    """The numbering plan of a country code: what any number of it is like, fixed lines and mobile phones, and how a
    number begins from which a prefix would have to be stripped first."""

    any: _Kind
    usual: tuple[_Kind, ...]
    prefix: re.Pattern[str] | None

    def has(self, national: str) -> bool:
        """Whether it is certainly a valid number as it stands."""
        if national[:1] == "0" or (self.prefix is not None and self.prefix.match(national) is not None):
            return False
        return self.any.has(national) and any(kind.has(national) for kind in self.usual)


@lru_cache(maxsize=1_000)
def _plan_of(code: str) -> _Plan | None:
    """The plan of a country code, by its main region; None for what is no country code, or where another region's
    first digits would have to be looked at before."""
    import phonenumbers

    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code), ())
    found = phonenumbers.PhoneMetadata.metadata_for_region(regions[0], None) if regions else None
    if found is None or found.leading_digits is not None:
        return None
    general = _kind(found.general_desc)
    usual = tuple(kind for kind in (_kind(found.mobile), _kind(found.fixed_line)) if kind is not None)
    prefix = found.national_prefix_for_parsing
    return _Plan(general, usual, re.compile(prefix) if prefix else None) if general is not None else None


def _kind(said: PhoneNumberDesc | None) -> _Kind | None:
    if said is None or not said.national_number_pattern:
        return None
    return _Kind(frozenset(said.possible_length), re.compile(said.national_number_pattern))
