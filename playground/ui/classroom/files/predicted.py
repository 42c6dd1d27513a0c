"""What a student predicted in one activity, and how near it came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from playground.classroom.activities.schema import Activity, Choice, Curve, Number
from playground.classroom.report.data import Curves, Prediction
from playground.classroom.rules.log import CURVE_POINTS, Answer
from playground.classroom.rules.score import error, share
from playground.classroom.rules.state import Work
from playground.locales import t
from playground.runs.hub import Hub
from playground.store.runs import RunInfo
from playground.ui.classroom.curve.curve import TITLES
from playground.ui.classroom.curve.values import BOUNDS
from playground.ui.classroom.player.play import real, words


class Came(NamedTuple):
    """A prediction, and how far it was from what happened as a share of the worst, 0 to 1.

    `share` is None where that cannot be said.
    """

    prediction: Prediction | None
    share: float | None


def predicted(
    hub: Hub, activity: Activity, done: Work, run: RunInfo | None, *, revealed: bool
) -> Came:
    """The prediction and what came of it.

    Args:
        hub: has the run.
        activity: that asked for it.
        done: what the student did in it.
        run: by which the prediction is judged; None if there is none.
        revealed: whether all answers may be seen.
    """
    asked, answer = activity.prediction, done.answer
    if asked is None:
        return Came(None, None)
    question = words(asked.question)
    if answer is None:
        return Came(Prediction(question, said=(t("There is no prediction."),)), None)
    open_ = done.locked or revealed
    happened: Sequence[float] = []
    if run is not None and not isinstance(asked, Choice):
        happened = real(hub, activity, run)
    distance = error(activity, answer, happened) if open_ else None
    said = [] if done.locked else [t("The prediction was not locked.")]
    if isinstance(asked, Choice):
        found = _choice(asked, answer, question, said, open_=open_)
    else:
        if not happened:
            said.append(t("There is no finished run to compare it with."))
        if isinstance(asked, Number):
            found = _number(asked, answer, question, said, happened, distance)
        else:
            found = _curve(asked, answer, question, said, happened, distance)
    far = None if distance is None else share(activity, distance, happened)
    return Came(found, far)


def _choice(
    asked: Choice, answer: Answer, question: str, said: list[str], *, open_: bool
) -> Prediction:
    if open_ and asked.because is not None:
        said.append(words(asked.because))
    options = tuple(words(option) for option in asked.options)
    right = asked.right if open_ else None
    return Prediction(question, options, answer.choice, right, tuple(said))


def _number(
    asked: Number,
    answer: Answer,
    question: str,
    said: list[str],
    happened: Sequence[float],
    distance: float | None,
) -> Prediction:
    spec = f".{asked.decimals}f"
    shown = f"{answer.number:{spec}}"
    if distance is None:
        said.insert(0, t("Predicted: {value}", value=shown))
    else:
        said.insert(
            0,
            t(
                "Predicted: {value}. It became {real}: {error} apart.",
                value=shown,
                real=format(happened[-1], spec),
                error=format(distance, spec),
            ),
        )
    return Prediction(question, said=tuple(said))


def _curve(
    asked: Curve,
    answer: Answer,
    question: str,
    said: list[str],
    happened: Sequence[float],
    distance: float | None,
) -> Prediction:
    step = asked.epochs / (CURVE_POINTS - 1)
    drawn = tuple((index * step, value) for index, value in enumerate(answer.curve or ()))
    lines = [(t("my curve"), drawn)]
    if happened:
        lines.append((t("real curve"), tuple(enumerate(map(float, happened), 1))))
    if distance is not None:
        said.append(
            t(
                "My curve and the real one are {error:.3f} apart on average, at the ends of the "
                "epochs.",
                error=distance,
            )
        )
    low = BOUNDS[asked.metric].low
    high = 1.0 if "accuracy" in asked.metric else 0.0
    chart = Curves(t(TITLES[asked.metric]), asked.epochs, low, high, tuple(lines))
    return Prediction(question, said=tuple(said), curves=chart)
