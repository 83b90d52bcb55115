"""Whether the name of an organisation and a domain are one company's: 'Acme Pumps (Pty) Ltd' and 'acmepumps.co.za'."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from mxsync.extract.domains import registrable
from mxsync.extract.word_list import words

# Words that say what form a company has, or that it is one: they are in its name and seldom in its domain.
_FORMS = words(
    """
    ltd limited plc llc llp lp inc incorporated corp corporation co company pty pvt private proprietary cc npc soc
    gmbh mbh ag kg kgaa ohg gbr ug ek eg se ev haftungsbeschränkt gesellschaft aktiengesellschaft co.kg cokg
    sa sas sarl sasu eurl snc sci scop spa srl sapa sl slu sau sca scrl bv nv vof cv bvba sprl asbl vzw
    as asa ab oy oyj aps ans is hf ehf ou as uab sia doo dd jsc ooo oao zao pao ip too kft zrt nyrt bt spzoo sro
    sp z o o s r a ltda eireli me cia kk yk pte sdn bhd tbk pt phd ооо зао оао пао ао ип
    group holding holdings the and und et en y e i of de la le der die das für for 株式会社 有限会社 有限公司 公司 집단
    """
)
_SPLIT = re.compile(r"[^\w]+|_+")
_LENGTH_LIMIT = 200


@lru_cache(maxsize=4096)
def organisation_fits(organisation: str, domain: str) -> bool:
    """Whether the organisation is plausibly the owner of the domain.

    It is when the registered name holds the organisation's words in their order, all of them or as many as make up at
    least half of it ('acme', 'acmepumps', 'acme-pumps', 'acmepumps-za' for Acme Pumps), begins with its first longer
    word, or is its initials ('kws' for Kurz Wasser Systeme). Legal forms do not count; accents do not either.
    """
    owner = registrable(domain).partition(".")[0].lower()
    return any(_fits(organisation[:_LENGTH_LIMIT].lower(), owner, german) for german in (True, False))


def _fits(organisation: str, owner: str, german: bool) -> bool:
    name = _plain(owner, german).replace("-", "")
    tokens = [_plain(token, german) for token in _SPLIT.split(organisation) if token]
    known = [token for token in tokens if token not in _FORMS] or tokens
    if not name or not known:
        return False
    joined = "".join(known)
    if joined == name or (len(name) >= 3 and joined.startswith(name)) or (len(joined) >= 3 and name.startswith(joined)):
        return True
    if len(name) >= 2 and name in ("".join(token[0] for token in known), "".join(token[0] for token in tokens)):
        return True
    longest = max(known, key=len)
    if len(longest) >= 4 and (name.startswith(longest) or name.endswith(longest)):
        return True
    return (len(name) >= 4 and name in known) or _shortened(known, name)


def _shortened(known: list[str], name: str) -> bool:
    """Whether the registered name is the first word and the beginning of the next: 'acmep' for Acme Pumps."""
    after = name[len(known[0]) :]
    if len(known[0]) < 3 or not name.startswith(known[0]) or not 0 < len(after) <= 4:
        return False
    return len(known) > 1 and known[1].startswith(after)


def _plain(text: str, german: bool) -> str:
    """Letters without accents; an umlaut is two letters in some domains and one in others."""
    if german:
        text = text.replace("ß", "ss").replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return "".join(ch for ch in unicodedata.normalize("NFKD", text) if not unicodedata.combining(ch))
