"""Names in scripts that have an order of their own: Chinese, Japanese, Korean (family name first), Russian with
patronymics."""

from __future__ import annotations

import re
from collections.abc import Callable

from mxsync.extract.name_words import (
    CHINESE_COMPOUND,
    CHINESE_SURNAMES,
    KOREAN_COMPOUND,
    KOREAN_SURNAMES,
    PATRONYMIC_ENDINGS,
    VIETNAMESE_SURNAMES,
)
from mxsync.extract.names import PersonName

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\u3005\uf900-\ufaff"
_KANA = r"\u3040-\u30ff"
_EAST_ASIAN = re.compile(f"^[{_HAN}{_KANA}][{_HAN}{_KANA} \u3000·・]*$")
_HANGUL = re.compile(r"^[\uac00-\ud7a3][\uac00-\ud7a3 ]*$")
_CYRILLIC = re.compile(r"^[\u0400-\u04ff][\u0400-\u04ff .'’-]*$")
_FORMS_OF_ADDRESS = re.compile(r"\s*(?:先生|女士|小姐|様|さん|殿|님|씨)$")


_PINYIN = (
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxzcsryw])?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|uai|uan|iao|ian|üan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|uo|ui|üe|ue|er|a|o|e|i|u|ü)"
)
_PINYIN_GIVEN = re.compile(rf"^{_PINYIN}(?:[-’']?{_PINYIN})$", re.IGNORECASE)
_KOREAN_GIVEN = re.compile(r"^[A-Z][a-z]{1,5}-[a-z]{1,5}$")
_HAN_WORD = re.compile(f"^[{_HAN}{_KANA}\uac00-\ud7a3]+$")


def romanised(words: list[str]) -> PersonName | None:
    """The parts of a name in Latin letters in the order of its own country: 'Wang Xiaoming', 'Kim Chul-soo', 'Nguyễn
    Văn An' (who goes by An). Only where the family name is known and the rest is no Western name; else None."""
    full = " ".join(words)
    if words[0].lower() in VIETNAMESE_SURNAMES and words[-1].lower() not in VIETNAMESE_SURNAMES:
        if not words[-1].isascii() or not words[0].isascii():
            return PersonName(words[-1], " ".join(words[1:-1]), words[0], full=full)
    return PersonName(words[1], "", words[0], full=full) if _family_first(words) else None


def _family_first(words: list[str]) -> bool:
    first = words[0].lower()
    if len(words) != 2 or words[1].lower() in CHINESE_SURNAMES | KOREAN_SURNAMES:
        return False
    if first in KOREAN_SURNAMES and _KOREAN_GIVEN.match(words[1]):
        return True
    return first in CHINESE_SURNAMES and len(words[1]) >= 5 and bool(_PINYIN_GIVEN.match(words[1]))


def split_by_script(shown: str, spellings: Callable[[str], set[str]], local: str) -> PersonName | None:
    """The parts of a name in one of these scripts, or None for any other. `local`, the name in the address, tells the
    order of a Russian name without a patronymic, by how its words are spelt in Latin letters (`spellings`)."""
    plain = _FORMS_OF_ADDRESS.sub("", shown) or shown
    if _EAST_ASIAN.match(plain):
        return _east_asian(plain.replace("\u3000", " ").split())
    if _HANGUL.match(plain):
        return _korean(plain.split())
    if _CYRILLIC.match(plain):
        return _cyrillic(plain.split(), spellings, local)
    latin = [word for word in plain.split() if not _HAN_WORD.match(word)]
    if 2 <= len(latin) < len(plain.split()) and "," not in plain:  # 'David Chan 陳大文'
        return PersonName(" ".join(latin[:1]), " ".join(latin[1:-1]), latin[-1], full=" ".join(latin))
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


def _cyrillic(words: list[str], spellings: Callable[[str], set[str]], local: str) -> PersonName | None:
    """A patronymic tells the order ('Иванов Иван Иванович', 'Иван Иванович Иванов'), else the address does."""
    full = " ".join(words)
    if len(words) == 3 and words[2].lower().endswith(PATRONYMIC_ENDINGS) and not _patronymic(words[1]):
        return PersonName(first=words[1], middle=words[2], last=words[0], full=full)
    if len(words) == 2:
        parts = [part for part in re.split(r"[._-]+", local) if part]
        last = [word for word in words if parts and parts[-1] in spellings(word)]
        if last == words[:1] and len(parts) >= 2:
            return PersonName(first=words[1], last=words[0], full=f"{words[1]} {words[0]}")
    return None


def _patronymic(word: str) -> bool:
    return word.lower().endswith(PATRONYMIC_ENDINGS)
