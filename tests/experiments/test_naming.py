"""How values are written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.experiments.naming import show_value


@pytest.mark.parametrize(
    ("value", "text"),
    [((), "none"), ((128, 64), "128-64"), (0.001, "0.001"), ("full", "full"), (False, "False")],
)
def test_a_value_is_short(value: Any, text: str) -> None:
    assert show_value(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_never_rounded(value: float) -> None:
    assert float(show_value(value)) == value
