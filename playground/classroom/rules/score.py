"""How near a prediction came; pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.classroom.activities.schema import Activity, Choice, Curve, Number
from playground.classroom.rules.log import CURVE_POINTS, Answer


def curve_error(drawn: Sequence[float], real: Sequence[float]) -> float:
    """Mean distance of a drawn curve from the real one, at the ends of epochs.

    Args:
        drawn: `CURVE_POINTS` values, equally spaced from epoch 0 to the last, E.
        real: E values, at the ends of epochs 1 to E.

    Raises:
        ValueError: there is no epoch, or another number of points.
    """
    if len(drawn) != CURVE_POINTS or not real:
        raise ValueError("a curve of another length")
    ends = np.arange(1, len(real) + 1)
    at_ends = np.interp(ends, np.linspace(0, len(real), CURVE_POINTS), drawn)
    return float(np.abs(at_ends - np.asarray(real)).mean())


def error(activity: Activity, answer: Answer, real: Sequence[float]) -> float | None:
    """How far a prediction is from what happened; None if that cannot be said.

    Args:
        activity: whose question it answers.
        answer: the prediction.
        real: the metric that the question asks for, at the end of each epoch of a run.

    Returns:
        Mean absolute error of a curve, absolute error of a number, 0 or 1 of a choice.
    """
    asked = activity.prediction
    if isinstance(asked, Choice) and answer.choice is not None:
        return None if asked.right is None else float(answer.choice != asked.right)
    if isinstance(asked, Number) and answer.number is not None and real:
        return abs(answer.number - real[-1])
    if isinstance(asked, Curve) and answer.curve is not None and real:
        return curve_error(answer.curve, real)
    return None


def share(activity: Activity, error: float, real: Sequence[float]) -> float:
    """An error as a share of what could be expected at worst, so that questions compare; 0 to 1.

    A number's is its question's span, an accuracy's is 1, a loss curve's the largest real loss.
    """
    asked = activity.prediction
    worst = 1.0
    if isinstance(asked, Number):
        worst = asked.high - asked.low
    elif isinstance(asked, Curve) and "loss" in asked.metric:
        worst = max(real, default=1.0)
    return min(1.0, error / worst) if worst > 0 else 0.0


def calibration(shares: Sequence[float]) -> float | None:
    """How much nearer predictions have come over a lesson; positive is nearer.

    Args:
        shares: each prediction's error, see `share`, in the order of the lesson.

    Returns:
        The mean of the first half less that of the second half; None with fewer than two.
    """
    if len(shares) < 2:
        return None
    half = len(shares) // 2
    return float(np.mean(shares[:half]) - np.mean(shares[-half:]))
