"""Display names and their parts."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mxsync.extract.names import split_name

# display, address, (first, middle, last)
NAMES = [
    ("Jane Roe", "", ("Jane", "", "Roe")),
    ("Roe, Jane (Sales)", "", ("Jane", "", "Roe")),
    ("Roe, Jane [ACME/London]", "", ("Jane", "", "Roe")),
    ("", "jane.roe@acme.example", ("Jane", "", "Roe")),
    ("", "jane_roe42@acme.example", ("Jane", "", "Roe")),
    ("jane.roe@acme.example", "jane.roe@acme.example", ("Jane", "", "Roe")),
    ("<jane.roe@acme.example>", "", ("Jane", "", "Roe")),
    ("'Jane Roe'", "", ("Jane", "", "Roe")),
    ('"Roe, Jane"', "", ("Jane", "", "Roe")),
    ("Jane Roe via LinkedIn", "", ("Jane", "", "Roe")),
    ("Acme Robot on behalf of Jane Roe", "", ("Jane", "", "Roe")),
    ("Jane Roe | Acme", "", ("Jane", "", "Roe")),
    ("John Smith - Acme Ltd", "", ("John", "", "Smith")),
    ("Tana Joy/HOU/ECT@ECT", "", ("Tana", "", "Joy")),
    ("JANE ROE", "", ("Jane", "", "Roe")),
    ("jane roe", "", ("Jane", "", "Roe")),
    ("ROE Jane", "", ("Jane", "", "Roe")),
    ("Jane ROE", "", ("Jane", "", "Roe")),
    ("DE VRIES Jan", "", ("Jan", "", "de Vries")),
    ("MCDONALD, RONALD", "", ("Ronald", "", "McDonald")),
    ("SMITH-JONES, ANN-MARIE", "", ("Ann-Marie", "", "Smith-Jones")),
    ("Jane M. Roe", "", ("Jane", "M.", "Roe")),
    ("Jan van der Merwe", "", ("Jan", "", "van der Merwe")),
    ("van der Merwe, Jan", "", ("Jan", "", "van der Merwe")),
    ("Merwe, Jan van der", "", ("Jan", "", "van der Merwe")),
    ("Ludwig von Beethoven", "", ("Ludwig", "", "von Beethoven")),
    ("Juan de la Cruz", "", ("Juan", "", "de la Cruz")),
    ("Ali bin Hassan", "", ("Ali", "", "bin Hassan")),
    ("Khalid al-Rashid", "", ("Khalid", "", "al-Rashid")),
    ("García López, Juan", "", ("Juan", "", "García López")),
    ("Roe, Jane Mary Ann", "", ("Jane", "Mary Ann", "Roe")),
    ("Roe, Jane, Acme Ltd", "", ("Jane", "", "Roe")),
    ("Jane Roe, Acme", "jane.roe@acme.example", ("Jane", "", "Roe")),
    ("Müller Hans", "hans.mueller@acme.example", ("Hans", "", "Müller")),
    ("Gómez José", "j.gomez@acme.example", ("José", "", "Gómez")),
    ("", "jean-luc.dupont@acme.example", ("Jean-Luc", "", "Dupont")),
    ("", "jean-dupont@acme.example", ("Jean", "", "Dupont")),
    ("JR", "", ("JR", "", "")),
    ("Roe,", "", ("Roe", "", "")),
    ("Ben Smith", "", ("Ben", "", "Smith")),
    ("Jane", "jane.roe@acme.example", ("Jane", "", "Roe")),
    ("Roe", "jane.roe@acme.example", ("Jane", "", "Roe")),
    ("Roe Jane", "jane.roe@acme.example", ("Jane", "", "Roe")),
    ("Ward  Kim S (Houston)", "kim.ward@acme.example", ("Kim", "S", "Ward")),
    ("Roe Jane", "j.roe@acme.example", ("Jane", "", "Roe")),
    ("Jane", "x@acme.example", ("Jane", "", "")),
    ("", "jroe@acme.example", ("", "", "Jroe")),
    ("Yo-Yo Ma", "", ("Yo-Yo", "", "Ma")),
    ("Marco Cima", "", ("Marco", "", "Cima")),
    ("Don Smith", "", ("Don", "", "Smith")),
    ("王小明", "", ("小明", "", "王")),
    ("王 小明", "", ("小明", "", "王")),
    ("王小明先生", "", ("小明", "", "王")),
    ("欧阳娜娜", "", ("娜娜", "", "欧阳")),
    ("王", "", ("", "", "王")),
    ("山田 太郎", "", ("太郎", "", "山田")),
    ("山田　太郎", "", ("太郎", "", "山田")),
    ("山田太郎", "", ("太郎", "", "山田")),
    ("さくら", "", ("さくら", "", "")),
    ("김철수", "", ("철수", "", "김")),
    ("김 철수", "", ("철수", "", "김")),
    ("철수 김", "", ("철수", "", "김")),
    ("남궁민수", "", ("민수", "", "남궁")),
    ("김", "", ("", "", "김")),
    ("Анна Петрова", "", ("Анна", "", "Петрова")),
    ("Иванов Иван Иванович", "", ("Иван", "Иванович", "Иванов")),
    ("Иван Иванович Иванов", "", ("Иван", "Иванович", "Иванов")),
    ("محمد علي", "", ("محمد", "", "علي")),
    ("محمد بن سلمان", "", ("محمد", "", "بن سلمان")),
    ("", "a.b.c.d.e@acme.example", ("", "", "")),
    ("", "12.34@acme.example", ("", "", "")),
]


@pytest.mark.parametrize(("display", "address", "parts"), NAMES)
def test_parts(display: str, address: str, parts: tuple[str, str, str]) -> None:
    name = split_name(display, address)
    assert (name.first, name.middle, name.last) == parts
    assert name.is_person == any(parts)


@pytest.mark.parametrize(
    ("display", "honorific", "suffix", "full"),
    [
        ("Dr Jane Roe", "Dr", "", "Jane Roe"),
        ("Prof. Dr. Hans Müller", "Prof Dr", "", "Hans Müller"),
        ("MR JOHN SMITH", "Mr", "", "John Smith"),
        ("Dr. med. Anna Weber", "Dr med", "", "Anna Weber"),
        ("Prof. Dr.-Ing. Karl-Heinz Schmidt", "Prof Dr.-Ing", "", "Karl-Heinz Schmidt"),
        ("Frau Anna Weber", "Frau", "", "Anna Weber"),
        ("Ms. O'NEIL", "Ms", "", "O'Neil"),
        ("Dr. Roe", "Dr", "", "Roe"),
        ("John Smith Jr.", "", "Jr", "John Smith"),
        ("Smith, John, Jr.", "", "Jr", "John Smith"),
        ("Smith III, John", "", "III", "John Smith"),
        ("Jane Roe, PhD", "", "PhD", "Jane Roe"),
        ("Jane Roe, Ph.D., MBA", "", "PhD MBA", "Jane Roe"),
        ("Jane Roe CPA", "", "CPA", "Jane Roe"),
        ("Williams III", "", "III", "Williams"),
        ("Dr. Roe, Jane", "Dr", "", "Jane Roe"),
        ("Roe, Dr. Jane, MD", "Dr", "MD", "Jane Roe"),
        ("Roe, MD", "", "MD", "Roe"),
    ],
)
def test_titles_and_suffixes(display: str, honorific: str, suffix: str, full: str) -> None:
    name = split_name(display)
    assert (name.honorific, name.suffix, name.full) == (honorific, suffix, full)


@pytest.mark.parametrize(
    ("display", "address"),
    [
        ("Acme Support", "jane@acme.example"),
        ("Acme GmbH", ""),
        ("The Sales Team", ""),
        ("no-reply", "no-reply@acme.example"),
        ("Smith & Sons", ""),
        ("Agent 47", ""),
        ("株式会社 サンプル", ""),
        ("", "info@acme.example"),
        ("", "noreply@acme.example"),
        ("", ""),
        ("😀", ""),
        (" ,;", ""),
    ],
)
def test_not_a_person(display: str, address: str) -> None:
    name = split_name(display, address)
    assert not name.is_person
    assert (name.first, name.last) == ("", "")


@settings(deadline=None)
@example("", "A @")
@given(st.text(max_size=300), st.text(max_size=120))
def test_any_text_has_an_answer(display: str, address: str) -> None:
    name = split_name(display, address)
    assert name.full == "" or name.full.strip() == name.full
    if not name.is_person:
        assert (name.first, name.middle, name.last) == ("", "", "")


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["Jane", "ROE", "van", "der", ",", "Dr.", "Jr", "(x)", "王", "김", "Иван", "-", "|", "'", "@"]),
        max_size=8,
    )
)
def test_any_order_of_the_usual_parts_has_an_answer(words: list[str]) -> None:
    name = split_name(" ".join(words), "jane.roe@acme.example")
    assert "," not in name.first + name.last
