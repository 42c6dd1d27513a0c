"""Tables that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.classroom.export.cells import safe, table

_TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@pytest.mark.parametrize("begin", "=+-@\t")
def test_no_text_begins_as_a_formula(begin: str) -> None:
    assert safe(f"{begin}1+1") == f"'{begin}1+1"
    assert safe(f"  {begin}1+1").startswith("'")


def test_numbers_stay_numbers() -> None:
    assert [safe(one) for one in (-0.5, 3, None, True, "a-b")] == ["-0.5", "3", "", "True", "a-b"]


@given(st.lists(st.lists(_TEXTS, min_size=2, max_size=2), max_size=5))
def test_what_is_written_is_read_again(rows: list[list[str]]) -> None:
    text = table(["one", "two"], rows)
    assert text[0] == "\ufeff"
    head, *found = csv.reader(io.StringIO(text[1:], newline=""))
    assert head == ["one", "two"]
    for row, given_row in zip(found, rows, strict=True):
        for cell, given_cell in zip(row, given_row, strict=True):
            assert cell.removeprefix("'") == given_cell.removeprefix("'")
            assert not cell.startswith(("=", "+", "-", "@", "\t"))
