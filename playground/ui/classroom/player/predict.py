"""The first step: to say what will happen, and to lock it."""

from __future__ import annotations

import streamlit as st

from playground.classroom.activities.schema import Choice, Curve, Number
from playground.classroom.rules import acts
from playground.classroom.rules.log import Answer
from playground.locales import t
from playground.ui import state
from playground.ui.classroom.curve.curve import draw_curve
from playground.ui.classroom.player.play import Play, words
from playground.ui.common.labels import plain


def predict_step(play: Play) -> bool:
    """Ask for the prediction; returns whether it has been locked just now."""
    asked = play.activity.prediction
    if asked is None:
        st.markdown(t("This activity asks for no prediction. Go on and train."))
        return False
    answer = _ask(play, asked)
    if play.at["late"]:
        st.info(
            t(
                "The answers of the class have been shown, so it is too late to predict. "
                "You can still train."
            ),
            icon=":material/schedule:",
        )
        return False
    if play.locked:
        st.success(
            t("Your prediction is locked. It stays as it is, whatever happens now."),
            icon=":material/lock:",
        )
        return False
    st.caption(t("You can change it until you lock it. Nobody else sees it before that."))
    pressed = st.button(
        t("Lock my prediction"),
        key=play.key("lock"),
        type="primary",
        icon=":material/lock:",
        disabled=answer is None,
        help=t("Makes your prediction final; then you can train.")
        if answer is not None
        else t("Say first what you expect."),
    )
    if not pressed or answer is None:
        return False
    # What is on the screen counts, also where it could not be told before.
    return play.act(acts.lock_prediction, play.number, answer)


def _ask(play: Play, asked: Choice | Number | Curve) -> Answer | None:
    if isinstance(asked, Choice):
        return _choice(play, asked)
    if isinstance(asked, Number):
        return _number(play, asked)
    return _curve(play, asked)


def _choice(play: Play, asked: Choice) -> Answer | None:
    given = play.answer
    key = state.spoken_key(play.key("choice"))
    chosen = st.radio(
        plain(words(asked.question)),
        range(len(asked.options)),
        None if given is None else given.choice,
        format_func=lambda index: plain(words(asked.options[index])),
        key=key,
        disabled=play.locked,
    )
    return _told(play, None if chosen is None else Answer(choice=chosen))


def _number(play: Play, asked: Number) -> Answer | None:
    given = play.answer
    number = st.number_input(
        plain(words(asked.question)),
        asked.low,
        asked.high,
        None if given is None else given.number,
        step=10.0**-asked.decimals,
        format=f"%.{asked.decimals}f",
        key=play.key("number"),
        placeholder=t("From {low:g} to {high:g}", low=asked.low, high=asked.high),
        disabled=play.locked,
        width=420,
    )
    return _told(play, None if number is None else Answer(number=round(number, asked.decimals)))


def _told(play: Play, answer: Answer | None) -> Answer | None:
    """Tell the class what is predicted so far, if it is new."""
    if answer is not None and answer != play.answer and not play.locked:
        play.act(acts.predict, play.number, answer)
    return answer


def _curve(play: Play, asked: Curve) -> Answer | None:
    st.markdown(f"**{plain(words(asked.question))}**")
    values = show_curve(play, asked)
    if values is None:
        return None
    # After each stroke: neither another device nor a browser that was closed loses it.
    return _told(play, Answer(curve=values))


def show_curve(play: Play, asked: Curve, run_id: str | None = None) -> tuple[float, ...] | None:
    """The chart of the drawn curve, and the real one over it if there is a run.

    Returns:
        What is drawn on it; None for nothing.
    """
    given = play.answer
    return draw_curve(
        play.key("curve"),
        asked.metric,
        asked.epochs,
        None if given is None else given.curve,
        locked=play.locked,
        run_id=run_id,
    )
