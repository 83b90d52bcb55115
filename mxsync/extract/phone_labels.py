"""What stands before a number in a signature, in the languages of the users: which kind of number it is."""

from __future__ import annotations

import re

from mxsync.extract.word_list import words

PHONE_LABELS = {
    "mobile": words(
        """
        m c mob mobile mobil mobiel mobiltelefon mobilnummer mobiltlf mobilni mobilní mobilny mobilný mobiltel mobilskej
        cell cellular cellphone cel cell. celular cellulare celuar móvil movil telemóvel telemovel tlm tm handy natel
        gsm sel selfoon selnr portable port portatil cep komórka komórkowy kom kom. matkapuhelin matkap gsm-nummer
        wireless моб мобильный мобільний мобилен сот сотовый κινητό κιν кинητό 手机 手機 手机号 移动电话 行動電話 携帯 携帯電話
        휴대폰 휴대전화 핸드폰 hp jawwal جوال محمول موبايل الجوال المحمول נייד סלולרי whatsapp bb blackberry iphone
        """
    ),
    "fax": words(
        """
        f fax facsimile telefax telecopy telecopie télécopie télécopieur telecopieur faks fakss faxnr faxnummer
        fax-nr факс φαξ 传真 傳真 ファックス ファクス ファクシミリ 팩스 فاكس الفاكس פקס efax fax2email telefaks fx faksi
        """
    ),
    "phone": words(
        """
        t tel tél telephone telefon telefone telefono teléfono telefoon téléphone telefonnr telefoonnummer telefonní
        telefonszám telefonnummer telefonnumber tfn tfno tlfno tel.nr phone ph p fon fono foon office o d direct
        directo diretto direto directe dir direkt direktwahl direktnummer durchwahl dw did ddi dd w work business bus
        main switchboard zentrale landline land festnetz standard fixe fixo fijo fisso vast kantoor desk line call
        voice h home private privat privé privaat huis thuis casa domicile růst pevná stacionarny stacjonarny
        тел телефон раб рабочий τηλ τηλέφωνο σταθερό 电话 電話 电 座机 联系电话 电话号码 直通 代表 전화 전화번호 직통 대표전화 هاتف تلفون
        الهاتف ת טל טלפון puh puhelin tlf tlph tlfnr numéro numero número number no nr nummer vaihde växel centrala
        sentralbord hovednummer iş telefonu sabit toll free tollfree freephone
        """
    ),
    "pager": words(
        """
        pager beeper page pgr
        """
    ),
}
LABEL_OF = {word: kind for kind, labels in PHONE_LABELS.items() for word in labels}
HOME = re.compile(
    r"\b(?:home|h|private|privat|privé|privaat|huis|thuis|casa|domicile|hem|hjem|koti|dom(?:ów)?|домашний|дом)\W*$",
    re.IGNORECASE,
)
_HAND_PHONE = re.compile(r"\bh\.\s?p\b", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]+(?:2[^\W\d_]+)?")


def label_word(text: str) -> str:
    """The kind of number that a label stands for ('phone', 'mobile', 'fax', 'pager'), or ''."""
    spelt = _HAND_PHONE.sub("hp", text[:60])
    kinds = {LABEL_OF[word] for word in map(str.lower, _WORDS.findall(spelt)) if word in LABEL_OF}
    return next((kind for kind in ("fax", "pager", "mobile", "phone") if kind in kinds), "")
