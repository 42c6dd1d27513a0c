"""The third step: what came of the prediction, and why, in one's own words."""

from __future__ import annotations

import streamlit as st

from playground.classroom.activities.schema import Choice, Curve, Number
from playground.classroom.rules import acts
from playground.classroom.rules.score import share
from playground.locales import t
from playground.ui.classroom.curve.curve import TITLES
from playground.ui.classroom.player.own_words import own_words
from playground.ui.classroom.player.play import Play, distance, words
from playground.ui.classroom.player.predict import show_curve
from playground.ui.common.labels import plain
from playground.ui.common.pictures import percent

# Up to these shares of the worst error a prediction was near, or not far off.
_NEAR, _FAIR = 0.05, 0.15


def explain_step(play: Play) -> None:
    """What happened, and the question."""
    show_outcome(play)
    asked = play.activity.question
    label = words(asked) if asked else t("What happened, and why?")

    def save(text: str) -> None:
        play.act(acts.explain, play.number, text)

    own_words(play.key("words"), label, play.at["words"], save)


def show_outcome(play: Play) -> None:
    """What was predicted, what happened, and how far the two are apart; kindly."""
    asked = play.activity.prediction
    if play.judged is None:
        st.info(t("There is no run of yours to explain yet. Train one in step 2."))
        return
    if isinstance(asked, Curve) and play.answer is not None:
        show_curve(play, asked, play.judged.id)
    for line in outcome(play):
        st.markdown(line)


def outcome(play: Play) -> list[str]:
    """What came of the prediction and of the goal, in sentences of Markdown."""
    asked, answer = play.activity.prediction, play.answer
    said: list[str] = []
    if play.judged is None:
        return said
    found = distance(play)
    if isinstance(asked, Choice) and answer is not None and answer.choice is not None:
        said += _choice(asked, answer.choice)
    elif found is not None:
        error, happened = found
        if isinstance(asked, Number) and answer is not None and answer.number is not None:
            said.append(_number(asked, answer.number, happened[-1], error))
        elif isinstance(asked, Curve):
            said.append(
                t(
                    "{metric}: your curve and the real one are {error:.2f} apart on average.",
                    metric=t(TITLES[asked.metric]),
                    error=error,
                )
            )
        said.append(_kindly(share(play.activity, error, happened)))
    return said + _goal(play)


def _number(asked: Number, predicted: float, happened: float, error: float) -> str:
    texts = (f"{one:.{asked.decimals}f}" for one in (predicted, happened, error))
    return t(
        "You predicted **{predicted}**, and it became **{real}**: {error} apart.",
        **dict(zip(("predicted", "real", "error"), texts, strict=True)),
    )


def _choice(asked: Choice, chosen: int) -> list[str]:
    predicted = plain(words(asked.options[chosen]))
    said = [t("You predicted: **{prediction}**", prediction=predicted)]
    if asked.right is None:
        return said
    if asked.right == chosen:
        said.append(t("That is what happens."))
    else:
        happens = plain(words(asked.options[asked.right]))
        said.append(
            t(
                "What happens is: **{happens}**. Many expect what you expected; this is where "
                "something can be learned.",
                happens=happens,
            )
        )
    if asked.because is not None:
        said.append(plain(words(asked.because)))
    return said


def _kindly(share_of_worst: float) -> str:
    if share_of_worst <= _NEAR:
        return t("That was very near.")
    if share_of_worst <= _FAIR:
        return t("That was not far off.")
    return t("It went another way than you expected: this is where something can be learned.")


def _goal(play: Play) -> list[str]:
    """Whether the activity's goal has been reached, and by which run."""
    target = play.activity.target
    if target is None:
        return []
    for number, run in enumerate(play.runs, 1):
        last = run.summary
        if target.metric == "accuracy":
            value = last.accuracy
        else:
            value = last.val_accuracies[-1] if last.val_accuracies else None
        if run.status.ended and value is not None and value >= target.least:
            return [
                t(
                    "Your run {number} reached the goal: {value}.",
                    number=number,
                    value=percent(value, 1),
                )
            ]
    return [t("The goal is still open: {least}.", least=percent(target.least, 1))]
