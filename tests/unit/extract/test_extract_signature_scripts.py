"""Signatures in scripts that are not Latin: names beside their reading, closings, all on one line."""

from __future__ import annotations

import pytest

from mxsync.extract import read_text
from mxsync.model.item import Address

WHO = ("name", "title", "organisation", "phone", "mobile")


@pytest.mark.parametrize(
    ("sender", "region", "text", "told"),
    [
        (
            Address("小林さくら", "s.kobayashi@hoshi.example"),
            "JP",
            "資料をお送りします。\n\n敬具\n\n小林さくら (Sakura Kobayashi)\n営業部 課長\nTEL： 03-3999-7050",
            {"name": "小林さくら (Sakura Kobayashi)", "title": "営業部 課長", "phone": "+81339997050"},
        ),
        (
            Address("Sakura Kobayashi", "s.kobayashi@hoshi.example"),
            "JP",
            "資料をお送りします。\n\n敬具\n\n小林 さくら（Sakura Kobayashi）\n課長\nTEL： 03-3999-7050",
            {"name": "小林 さくら（Sakura Kobayashi）", "title": "課長", "phone": "+81339997050"},
        ),
        (
            Address("Minji Seo", "minji.seo@dalbit.example"),
            "KR",
            "견적서를 보내 드립니다.\n\n서민지 드림\n\n서민지\n영업부 과장\n전화: 02-2999-4675",
            {"name": "서민지", "title": "영업부 과장", "phone": "+82229994675"},
        ),
        (
            Address("Minji Seo", "minji.seo@dalbit.example"),
            "KR",
            "견적서를 보내 드립니다.\n\n감사합니다.\n\n서민지\n영업부 과장\nH.P: 010-9996-0423",
            {"name": "서민지", "title": "영업부 과장", "mobile": "+821099960423"},
        ),
        (
            Address("周雅文", "zhou@qinghe.example"),
            "CN",
            "报价单请查收。\n\n祝工作顺利！\n\n周雅文 | 销售经理 | +86 21 5999 8640",
            {"name": "周雅文", "title": "销售经理", "phone": "+862159998640"},
        ),
        (
            Address("Huda Alamri", "huda@nakhla.example"),
            "SA",
            "نرجو تأكيد الموعد.\n\nشكرا جزيلا،\n\nهدى العمري · مديرة المبيعات · +966 11 299 9947",
            {"name": "هدى العمري", "title": "مديرة المبيعات", "phone": "+966112999947"},
        ),
        (
            Address("Olga Sokolova", "o.sokolova@zarya.example"),
            "RU",
            "Счёт оплачен.\n\nС уважением,\n\nОльга Соколова · Главный инженер · +7 343 999-36-67",
            {"name": "Ольга Соколова", "title": "Главный инженер", "phone": "+73439993667"},
        ),
    ],
)
def test_who_signs_in_another_script(sender: Address, region: str, text: str, told: dict[str, str]) -> None:
    found = {fact.kind: fact.value for fact in read_text(text, sender=sender, region=region).facts if fact.kind in WHO}
    assert found == told


@pytest.mark.parametrize(
    "closing",
    [
        "서민지 드림",
        "서 민지 올림",
        "祝您工作愉快！",
        "顺祝商祺",
        "祝一切顺利。",
        "شكرا جزيلا،",
        "مع خالص التحية،",
        "جزيل الشكر،",
    ],
)
def test_closings_are_kept_apart(closing: str) -> None:
    text = f"Text.\n\n{closing}\n\nJane Roe\nBuyer\n+44 20 7946 0018"
    reading = read_text(text, sender=Address("Jane Roe", "jane@acme.example"), region="GB")
    assert list(reading.closing) == [2]
    assert list(reading.signature) == [4, 5, 6]
