"""Mails as servers hand them over, made by number: the same number is the same mail."""

from __future__ import annotations

import base64
import random
from itertools import accumulate

SYLLABLES = [
    "ba",
    "co",
    "de",
    "fi",
    "gu",
    "la",
    "me",
    "no",
    "pi",
    "ra",
    "se",
    "ti",
    "vo",
    "wa",
    "ze",
    "bru",
    "cle",
    "dri",
    "fro",
    "gra",
    "pla",
    "ste",
    "tri",
]
_made = random.Random(20_000)
WORDS = ["".join(_made.choices(SYLLABLES, k=1 + _made.randrange(4))) for _ in range(20_000)]
"""As many different words as a year of business mail holds."""
_COMMON = list(accumulate(1 / rank for rank in range(1, len(WORDS) + 1)))  # Zipf's law: the tenth word a tenth as often


def sender_of(number: int, people: int) -> tuple[str, str, str]:
    """First name, last name and address of the person who wrote mail `number`, one of `people`."""
    person = number * 7919 % people
    return "Jane", f"Roe{person}", f"jane.roe{person}@firm{person % 400}.example"


def mail(
    number: int,
    size: int = 10_000,
    *,
    people: int = 500,
    attached: bool = False,
    category: str = "",
    stranger: bool = False,
) -> bytes:
    """A dozen headers, a plain and an HTML body of `size` bytes together, a PDF when `attached`. A stranger's address
    is like nobody else's. Every second mail answers the one before it."""
    made = random.Random(number)
    first, last, address = sender_of(number, people)
    if stranger:
        first, last, address = "Max", f"New{number}", f"max.new{number}@new{number % 250}.example"
    text = ""
    while len(text) < size * (0.2 if attached else 0.4):
        text += " ".join(made.choices(WORDS, cum_weights=_COMMON, k=12)) + "\r\n"
    text += f"\r\nKind regards,\r\n{first} {last}\r\nSales Manager\r\nTel. +49 30 2093 {number % 10000:04}\r\n"
    received = "".join(
        f"Received: from mail{hop}.firm.example (mail{hop}.firm.example [192.0.2.{hop}])\r\n\tby mx.ours.example with ESMTPS id"
        f" {number:08x}{hop}\r\n\tfor <anna@ours.example>; Mon, 23 Nov 2026 10:{number % 60:02}:0{hop} +0000\r\n"
        for hop in range(4)
    )
    head = (
        f"Return-Path: <{address}>\r\n{received}"
        f"DKIM-Signature: v=1; a=rsa-sha256; d=firm.example; s=one;\r\n\tbh={'A' * 43}=;\r\n\tb={'B' * 300}\r\n"
        f"From: {first} =?utf-8?q?{last}=C3=A9?= <{address}>\r\n"
        'To: Anna <anna@ours.example>, "Smith, Bob" <bob@ours.example>\r\nCc: carl@other.example\r\n'
        f"Subject: Offer {number} for =?utf-8?q?M=C3=BCller?=\r\nDate: Mon, 23 Nov 2026 10:{number % 60:02}:00 +0200\r\n"
        f"Message-ID: <{number}@firm.example>\r\nMIME-Version: 1.0\r\n"
    )
    if number % 2:
        head += f"In-Reply-To: <{number - 1}@firm.example>\r\nReferences: <{number - 1}@firm.example>\r\n"
    if category:
        head += f"Keywords: {category}\r\n"
    page = text.replace("\r\n", "<br>\r\n")
    alternative = (
        'Content-Type: multipart/alternative; boundary="alt"\r\n\r\n--alt\r\nContent-Type: text/plain; charset="utf-8"\r\n'
        f"Content-Transfer-Encoding: quoted-printable\r\n\r\n{text}\r\n--alt\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: 8bit\r\n\r\n<html><body><p>{page}</p></body></html>\r\n--alt--\r\n"
    )
    if not attached:
        return (head + alternative).encode()
    content = base64.encodebytes(made.randbytes(size // 2)).decode().replace("\n", "\r\n")
    return (
        f'{head}Content-Type: multipart/mixed; boundary="mix"\r\n\r\n--mix\r\n{alternative}\r\n--mix\r\n'
        'Content-Type: application/pdf; name="offer.pdf"\r\nContent-Disposition: attachment; filename="offer.pdf"\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{content}\r\n--mix--\r\n"
    ).encode()
