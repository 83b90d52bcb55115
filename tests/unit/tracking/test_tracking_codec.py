"""What is remembered comes back as it was."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxsync.model.item import Address, Attachment, ItemRef
from mxsync.model.record import Planned, RecordKey
from mxsync.tracking.codec import decode, encode, key_of, row_key

scalars = (
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text()
    | st.datetimes(timezones=st.just(UTC)) | st.datetimes() | st.dates() | st.builds(Address, st.text(), st.text())
    | st.builds(Attachment, st.text(), st.text(), st.text(), st.integers(0, 2**40), st.text(), st.booleans(), st.booleans())
    | st.builds(RecordKey, st.text(), st.integers() | st.text() | st.tuples(st.integers(), st.text()))
    | st.builds(ItemRef, st.text(), st.text(), st.text()) | st.binary()
)  # fmt: skip
names = st.text().filter(lambda name: not name.startswith("$"))
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4).map(tuple) | st.dictionaries(names, inner, max_size=4)
)


@given(values)
def test_a_value_comes_back(value: object) -> None:
    assert decode(encode(value)) == value


def test_lone_surrogates_and_moments() -> None:
    assert decode(encode("a\ud800b")) == "a\ud800b"
    encode("a\ud800b").encode()  # can be stored
    moment = datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=UTC)
    assert decode(encode({"at": moment, "day": date(2026, 1, 31)})) == {"at": moment, "day": date(2026, 1, 31)}


def test_what_json_has_no_number_for_is_kept() -> None:
    kept = decode(encode({"a": None, "b": (1.5, {"c": math.nan, "d": math.inf})}))
    assert kept["a"] is None
    assert math.isnan(kept["b"][1]["c"]) and kept["b"][1]["d"] == math.inf


def test_what_has_no_form_is_refused() -> None:
    with pytest.raises(TypeError, match="a planned key cannot be remembered"):
        encode({"row": RecordKey("contact", Planned(1))})
    with pytest.raises(TypeError, match="object has no form in JSON"):
        encode([object()])


@given(st.integers() | st.text() | st.tuples(st.integers(), st.text()))
def test_a_key_comes_back(value: int | str | tuple[int | str, ...]) -> None:
    key = RecordKey("contact", value)
    assert key_of("contact", row_key(key)) == key
