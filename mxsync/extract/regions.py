"""Which country's numbering plan a number without a country code is read by."""

from __future__ import annotations

import re
from functools import lru_cache

from mxsync.extract.postal_words import COUNTRIES
from mxsync.extract.word_list import words

_ISO = {
    "South Africa": "ZA", "United States": "US", "United Kingdom": "GB", "Germany": "DE", "Austria": "AT",
    "Switzerland": "CH", "France": "FR", "Netherlands": "NL", "Belgium": "BE", "Luxembourg": "LU", "Spain": "ES",
    "Portugal": "PT", "Italy": "IT", "Ireland": "IE", "Denmark": "DK", "Sweden": "SE", "Norway": "NO",
    "Finland": "FI", "Iceland": "IS", "Poland": "PL", "Czech Republic": "CZ", "Slovakia": "SK", "Hungary": "HU",
    "Romania": "RO", "Bulgaria": "BG", "Greece": "GR", "Turkey": "TR", "Ukraine": "UA", "Russia": "RU",
    "Israel": "IL", "United Arab Emirates": "AE", "Saudi Arabia": "SA", "Qatar": "QA", "Egypt": "EG",
    "Morocco": "MA", "Kenya": "KE", "Nigeria": "NG", "Ghana": "GH", "Namibia": "NA", "Botswana": "BW",
    "Zimbabwe": "ZW", "Zambia": "ZM", "Mozambique": "MZ", "Mauritius": "MU", "India": "IN", "Pakistan": "PK",
    "China": "CN", "Hong Kong": "HK", "Taiwan": "TW", "Japan": "JP", "South Korea": "KR", "Singapore": "SG",
    "Malaysia": "MY", "Thailand": "TH", "Vietnam": "VN", "Indonesia": "ID", "Philippines": "PH",
    "Australia": "AU", "New Zealand": "NZ", "Canada": "CA", "Mexico": "MX", "Brazil": "BR", "Argentina": "AR",
    "Chile": "CL", "Colombia": "CO", "Peru": "PE",
}  # fmt: skip
_SHORT = {"uk": "GB", "usa": "US", "us": "US", "rsa": "ZA", "sa": "ZA", "uae": "AE", "prc": "CN", "ksa": "SA"}
_NOT_COUNTRIES = words("AI CO IO TV ME FM AM CC WS LY GG VC SO IM AC SH NU TO TK ML GA CF LA IS ST")
"""Country code domains that are sold as something else."""

_WORDS = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .'’-](?=[^\W\d_])){1,30}")


def region_of_country(name: str) -> str:
    """The ISO 3166 code of a country by the name that `postal` gives it; '' for one it does not know."""
    return _ISO.get(name, "")


@lru_cache(maxsize=2048)
def region_of_domain(domain: str) -> str:
    """The country of 'acme.co.za' and 'acme.de'; '' where the domain tells none."""
    last = domain.rstrip(".").rpartition(".")[2].upper()
    if last == "UK":
        return "GB"
    if len(last) != 2 or last in _NOT_COUNTRIES:
        return ""
    import phonenumbers

    return last if last in phonenumbers.SUPPORTED_REGIONS else ""


def region_of_label(label: str) -> str:
    """The country that a label names: 'Tel (UK)', 'Germany:', 'US office'. '' for none."""
    for match in _WORDS.finditer(label[-60:]):
        text = match.group().lower().strip(" .")
        if found := _ISO.get(COUNTRIES.get(text, "")):
            return found
        for word in text.split():
            if found := _SHORT.get(word.strip(".")) or _ISO.get(COUNTRIES.get(word, "") if len(word) > 3 else ""):
                return found
    return ""
