"""Names in scripts that have an order of their own: Chinese, Japanese, Korean (family name first), Russian with
patronymics."""

from __future__ import annotations

import re

from mxsync.extract.name_words import CHINESE_COMPOUND, KOREAN_COMPOUND, PATRONYMIC_ENDINGS
from mxsync.extract.names import PersonName

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\u3005\uf900-\ufaff"
_KANA = r"\u3040-\u30ff"
_EAST_ASIAN = re.compile(f"^[{_HAN}{_KANA}][{_HAN}{_KANA} \u3000·・]*$")
_HANGUL = re.compile(r"^[\uac00-\ud7a3][\uac00-\ud7a3 ]*$")
_CYRILLIC = re.compile(r"^[\u0400-\u04ff][\u0400-\u04ff .'’-]*$")
_FORMS_OF_ADDRESS = re.compile(r"\s*(?:先生|女士|小姐|様|さん|殿|님|씨)$")


def split_by_script(shown: str) -> PersonName | None:
    """The parts of a name in one of these scripts, or None for any other."""
    plain = _FORMS_OF_ADDRESS.sub("", shown) or shown
    if _EAST_ASIAN.match(plain):
        return _east_asian(plain.replace("\u3000", " ").split())
    if _HANGUL.match(plain):
        return _korean(plain.split())
    if _CYRILLIC.match(plain):
        return _cyrillic(plain.split())
    return None


def _east_asian(words: list[str]) -> PersonName:
    if len(words) > 1:
        return PersonName(first=" ".join(words[1:]), last=words[0], full=" ".join(words))
    word = words[0]
    if len(word) == 1:
        return PersonName(last=word, full=word)
    if any("\u3040" <= letter <= "\u30ff" for letter in word):
        return PersonName(first=word, full=word)  # where a name in kana divides cannot be seen
    if word[:2] in CHINESE_COMPOUND and len(word) > 2:
        size = 2
    else:
        # Four characters without a Chinese compound surname are a Japanese name as a rule (山田太郎).
        size = 2 if len(word) >= 4 else 1
    return PersonName(first=word[size:], last=word[:size], full=word)


def _korean(words: list[str]) -> PersonName:
    if len(words) > 1:
        if len(words[-1]) == 1 and len(words[0]) > 1:
            return PersonName(first=" ".join(words[:-1]), last=words[-1], full=" ".join(words))
        return PersonName(first=" ".join(words[1:]), last=words[0], full=" ".join(words))
    word = words[0]
    if len(word) == 1:
        return PersonName(last=word, full=word)
    size = 2 if word[:2] in KOREAN_COMPOUND and len(word) > 2 else 1
    return PersonName(first=word[size:], last=word[:size], full=word)


def _cyrillic(words: list[str]) -> PersonName | None:
    """Only with a patronymic is the order told: 'Иванов Иван Иванович' or 'Иван Иванович Иванов'."""
    if len(words) != 3:
        return None
    full = " ".join(words)
    if words[2].lower().endswith(PATRONYMIC_ENDINGS) and not words[1].lower().endswith(PATRONYMIC_ENDINGS):
        return PersonName(first=words[1], middle=words[2], last=words[0], full=full)
    return None
