"""Words that reveal what Article 9 of the GDPR protects: religion, politics, trade unions, health, origin, sexual life.

A signature may hold them ("Pastor", "Shop Steward", "she/her"). They are never turned into facts: who wants them in a
CRM has to write them there himself. The list is short and exact on purpose: `Health and Safety Manager` is a title, and
so is `Head of Political Risk`.
"""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS = (
    # religion
    r"pastor(?:in|e)?|priest(?:er)?|rabbi(?:ner)?|imam|mufti|bishop|bischof|évêque|obispo|bisschop|vicar|vikar|deacon|diakon"
    r"|chaplain|kaplan|aumônier|capellán|nun|nonne|monk|mönch|reverend|rev|pfarrer(?:in)?|prêtre|curé|pasteur|dominee"
    r"|sacerdote|cura|prete|parroco|ksiądz|священник|настоятель|имам|раввин|муфтий|parish priest|minister of religion"
    r"|missionary|missionar(?:in)?|jewish|muslim|christian ministr(?:y|ies)|catholic priest|evangelist"
    # politics
    r"|party (?:member|chair(?:man|woman|person)?|secretary|leader|candidate)|parteimitglied|parteivorsitzende[r]?"
    r"|(?:parliamentary|election|senate|mayoral) candidate|wahlkandidat(?:in)?|fraktionsvorsitzende[r]?"
    # trade unions
    r"|trade[- ]union(?:ist)?|labou?r union|shop steward|union (?:representative|rep|steward|member|secretary|delegate)"
    r"|gewerkschaft(?:er|erin|ssekretär|ssekretärin|smitglied)?|délégué(?:e)? syndical(?:e)?|syndicaliste|syndicat"
    r"|vakbond(?:safgevaardigde|slid)?|delegad[oa] sindical|sindicalista|sindacalista|sindacato|профсоюз"
    # health
    r"|patient(?:in)?|schwerbehindert(?:e[nr]?)?|severely disabled|disabled (?:person|veteran)|handicapé(?:e)?"
    r"|hiv[- ]positive"
    r"|cancer survivor|on sick leave|on medical leave|krankgeschrieben|en arrêt maladie"
    # origin, sexual life
    r"|lgbtq?\+?|lgbtqia\+?|gay|lesbian|transgender|non[- ]binary|nichtbinär"
    r"|they/them|she/her(?:/hers)?|he/him(?:/his)?"
    r"|sie/ihr|er/ihm|elle/la|él/le|zij/haar|hij/hem|pronouns|pronomen|pronoms|pronombres"
)
_SPECIAL = re.compile(rf"(?<!\w)(?:{_WORDS})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=4096)
def reveals_special_category(text: str) -> bool:
    """Whether a title, a department, a form of address or an organisation's name says what Article 9 protects."""
    return bool(_SPECIAL.search(text[:500]))
