"""What the chart for a drawn curve may send."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.ui.classroom.curve.values import BOUNDS, COUNT, Metric, checked


@given(st.sampled_from([*BOUNDS]), st.data())
def test_41_numbers_within_the_chart_are_taken_as_they_are(
    metric: Metric, data: st.DataObject
) -> None:
    low, high = BOUNDS[metric]
    values = data.draw(st.lists(st.floats(low, high), min_size=COUNT, max_size=COUNT))
    assert checked({"version": 7, "values": values}, metric).values == values


def test_nothing_drawn_is_a_curve_too() -> None:
    assert checked({"version": 1, "values": None}, "loss").values is None


def with_one(value: object) -> dict[str, Any]:
    return {"version": 1, "values": [0.5] * 20 + [value] + [0.5] * 20}


@pytest.mark.parametrize(
    "sent",
    [
        None,
        [],
        "curve",
        {"version": 1},
        {"values": None},
        {"version": -1, "values": None},
        {"version": True, "values": None},
        {"version": 2**60, "values": None},
        {"version": 1, "values": None, "owner": "somebody else"},
        {"version": 1, "values": [0.5] * 40},
        {"version": 1, "values": [0.5] * 42},
        {"version": 1, "values": {str(i): 0.5 for i in range(41)}},
        *map(with_one, [math.nan, math.inf, -math.inf, None, "0.5", True, [0.5], 1.01, -0.01]),
    ],
)
def test_anything_else_is_refused_with_a_sentence(sent: object) -> None:
    with pytest.raises(ValueError, match=r"^This curve could not be read: a curve has 41 numbers"):
        checked(sent, "val_accuracy")


def test_the_sentence_names_the_ends_of_the_chart() -> None:
    with pytest.raises(ValueError, match=r"from 0 to 2\.5\. Clear it, then draw it again\.$"):
        checked(with_one(2.6), "val_loss")
