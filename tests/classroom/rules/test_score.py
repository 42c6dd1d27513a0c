"""How near a prediction came."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.classroom.rules.log import CURVE_POINTS, Answer
from playground.classroom.rules.score import calibration, curve_error, error, share
from tests.classroom.conftest import CHOICE, CURVE, activity

NUMBER = activity(
    prediction={
        "kind": "number",
        "question": {"en": "How many?", "ko": "얼마?"},
        "low": 0,
        "high": 2,
        "of": "val_loss",
    }
)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.floats(0, 1))
def test_a_level_line_is_as_far_as_the_mean_of_the_distances(real: list[float], at: float) -> None:
    drawn = (at,) * CURVE_POINTS
    assert curve_error(drawn, real) == pytest.approx(np.mean([abs(at - one) for one in real]))


def test_a_straight_line_through_all_ends_of_epochs_is_right() -> None:
    drawn = np.linspace(0, 0.8, CURVE_POINTS).tolist()
    assert curve_error(drawn, [0.2, 0.4, 0.6, 0.8]) == pytest.approx(0)
    assert curve_error(drawn, [0.3, 0.5, 0.7, 0.9]) == pytest.approx(0.1)


def test_each_kind_of_question_has_its_error() -> None:
    assert error(CHOICE, Answer(choice=1), []) == 0
    assert error(CHOICE, Answer(choice=0), []) == 1
    assert error(NUMBER, Answer(number=0.5), [0.9, 0.75]) == pytest.approx(0.25)
    assert error(CURVE, Answer(curve=(0.5,) * 41), [0.6, 0.8]) == pytest.approx(0.2)
    assert error(CURVE, Answer(number=0.5), [0.6]) is None
    assert error(NUMBER, Answer(number=0.5), []) is None
    assert error(activity(), Answer(choice=0), [0.6]) is None


def test_errors_of_different_questions_compare() -> None:
    assert share(NUMBER, 0.5, [1.0]) == pytest.approx(0.25)
    assert share(CURVE, 0.2, [0.9]) == pytest.approx(0.2)
    assert share(CHOICE, 1.0, []) == 1


def test_calibration_is_how_much_nearer_the_second_half_is() -> None:
    assert calibration([0.4]) is None
    assert calibration([0.4, 0.1]) == pytest.approx(0.3)
    assert calibration([0.1, 0.9, 0.4]) == pytest.approx(-0.3)


def test_a_curve_of_another_length_is_none() -> None:
    with pytest.raises(ValueError, match="length"):
        curve_error((0.5,) * 40, [0.5])
