"""The fourth step: what the class has expected, found and written."""

from __future__ import annotations

from collections import Counter

import plotly.graph_objects as go
import streamlit as st

from playground.classroom.activities.schema import Choice, Curve, Number
from playground.classroom.rules.log import Answer
from playground.classroom.views.shapes import AnswerView, GivenAnswer, MemberRunView, WordsView
from playground.config import RunConfig
from playground.figures.classroom.answers import choices_figure, numbers_figure
from playground.figures.classroom.curves import Curve as Line
from playground.figures.classroom.curves import fog_figure
from playground.figures.classroom.runs import Point, points_figure
from playground.locales import mark, plural, t
from playground.ui import state
from playground.ui.classroom.curve.curve import TITLES
from playground.ui.classroom.names import spoken
from playground.ui.classroom.player.explain import outcome, show_outcome
from playground.ui.classroom.player.play import Play, real, words
from playground.ui.common.figure import show_figure
from playground.ui.common.labels import plain, setting_name, setting_value

_NUMBERS = {
    "seconds": mark("Seconds"),
    "accuracy": mark("Training accuracy"),
    "loss": mark("Training loss"),
    "val_accuracy": mark("Validation accuracy"),
    "val_loss": mark("Validation loss"),
}
# Words of others that are shown at most.
_MOST = 60


def compare_step(play: Play) -> None:
    """One's own outcome, and that of the class once it is revealed."""
    reveal = play.at["reveal"]
    if reveal is None:
        if not play.solo:
            st.info(
                t("Your teacher shows the answers of all soon; the line at the top says when."),
                icon=":material/hourglass_empty:",
            )
        show_outcome(play)
        return
    _predictions(play, reveal["answers"])
    # The chart above has their own curve and the real one, too.
    for line in outcome(play):
        st.markdown(line)
    _runs(play, reveal["runs"])
    _words(play, reveal["words"])


def _predictions(play: Play, answers: list[AnswerView]) -> None:
    asked, own = play.activity.prediction, play.answer
    given = [one["answer"] for one in answers]
    if asked is None or not given:
        return
    title = t("What the class expected")
    happened = real(play.hub, play.activity, play.judged) if play.judged else []
    if isinstance(asked, Choice):
        counts = Counter(one["choice"] for one in given)
        st.markdown(f"**{plain(words(asked.question))}**")
        figure = choices_figure(
            [words(option) for option in asked.options],
            [counts[index] for index in range(len(asked.options))],
            right=asked.right,
            own=own.choice if own else None,
        )
    elif isinstance(asked, Number):
        figure = numbers_figure(
            title,
            t(_NUMBERS[asked.of]),
            [one["number"] for one in given],
            *(asked.low, asked.high, asked.decimals),
            own=own.number if own else None,
            real=happened[-1] if happened else None,
        )
    else:
        figure = _fog(asked, title, given, own, happened)
    show_figure(
        figure,
        plural(
            "What {count} member of the class predicted.",
            "What {count} members of the class predicted.",
            len(given),
        ),
        play.key("class_predictions"),
    )


def _fog(
    asked: Curve, title: str, given: list[GivenAnswer], own: Answer | None, happened: list[float]
) -> go.Figure:
    line = None
    if happened:
        line = Line(t("Real"), list(range(1, len(happened) + 1)), happened)
    return fog_figure(
        title,
        t(TITLES[asked.metric]),
        asked.epochs,
        [one["curve"] for one in given],
        own=own.curve if own else None,
        real=line,
    )


def _runs(play: Play, runs: list[MemberRunView]) -> None:
    """The class's runs: a setting that could be turned against what came of it."""
    jigsaw = play.activity.jigsaw
    names = [axis.setting for axis in jigsaw.axes] if jigsaw else list(play.activity.free)
    found = [
        (one, RunConfig.model_validate(one["config"])) for one in runs if one["val_accuracies"]
    ]
    if not names or not found:
        return
    name = names[0]
    if len(names) > 1:
        key = play.key("setting")
        name = st.selectbox(
            t("Setting"),
            names,
            names.index(state.chosen(key, names, name)),
            format_func=setting_name,
            width=320,
            help=t("Which setting the class's runs are laid out by."),
            **state.remembering(key),
        )
    mine = play.view["you"]["number"]
    you = t("You")
    points = [
        Point(
            you if one["member"] == mine else spoken(one["name"]),
            getattr(config, name),
            setting_value(name, getattr(config, name)),
            one["val_accuracies"][-1],
        )
        for one, config in found
    ]
    show_figure(
        points_figure(setting_name(name), points, own=you),
        t("Each point is a run of the class; yours stand out."),
        play.key("class_runs"),
    )


def _words(play: Play, said: list[WordsView]) -> None:
    mine = play.view["you"]["number"]
    others = [one for one in said if one["member"] != mine]
    if not others:
        return
    st.header(t("What others wrote"), anchor=False)
    for one in others[:_MOST]:
        with st.container(border=True):
            st.markdown(plain(one["text"]))
            st.caption(plain(spoken(one["name"])))
