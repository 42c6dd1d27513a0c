"""Learn, Chance: how far seeds move an accuracy, and why one must not stop when it looks good."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import streamlit as st

from playground.config import RunConfig
from playground.dataset import load_data
from playground.experiments.looks import FIRST_LOOK, LEVEL
from playground.experiments.verdict import MARGIN, judge
from playground.figures.lesson.chance import false_alarms_figure, intervals_figure
from playground.figures.verdict import Interval, pairs_figure
from playground.lesson.chance import accuracy, false_alarms, looks
from playground.locales import mark, plural, t
from playground.ui import state
from playground.ui.common.figure import show_figure
from playground.ui.compare.words import describe
from playground.ui.learn.lesson import open_train
from playground.ui.learn.prose import prose

MOST_SEEDS = 40
COMPARISONS = 2_000
_IMAGES = 2_000
# A second run of the same settings has other seeds.
_OTHER = 1_000


class _Pair(NamedTuple):
    """Two learning rates, and in words what is compared."""

    words: str
    rates: tuple[float, float]


_PAIRS = {
    "same": _Pair(mark("The same settings twice"), (0.1, 0.1)),
    "close": _Pair(mark("Learning rates 0.1 and 0.05"), (0.1, 0.05)),
    "far": _Pair(mark("Learning rates 0.1 and 0.02"), (0.1, 0.02)),
}


def page() -> None:
    """The page, top to bottom: seed by seed, the interval, false alarms, Train."""
    st.title(t("Chance"), anchor=False)
    prose(
        t(
            "Two runs with the same settings and another **seed** have other initial weights and "
            "another order of the images, so they end with another accuracy. If one of two "
            "settings is better by half a point in one run each, is it better, or was it lucky?"
        )
    )
    prose(
        t(
            "So both settings are trained with the **same seeds**, and what counts is the "
            "difference of each **pair**. Here a small network (softmax regression, 2,000 images) "
            "is trained with each seed as soon as you draw it."
        )
    )
    _seed_by_seed()
    _again_and_again()
    open_train(
        RunConfig(),
        t("Train this and another one, choose both on Runs and press “Repeat with other seeds”."),
    )


def _seed_by_seed() -> None:
    chosen = st.segmented_control(
        t("What is compared"),
        list(_PAIRS),
        format_func=lambda name: t(_PAIRS[name].words),
        default=state.remembered("chance_pair", "same"),
        required=True,
        help=t(
            "In the first case there is no difference: the second time has other seeds, so "
            "all that you see is chance."
        ),
        **state.remembering("chance_pair"),
    )
    count = st.session_state.setdefault(state.CHANCE_SEEDS, 1)

    def draw(more: int) -> None:
        st.session_state[state.CHANCE_SEEDS] = min(
            MOST_SEEDS, st.session_state[state.CHANCE_SEEDS] + more
        )

    def again() -> None:
        st.session_state[state.CHANCE_SEEDS] = 1
        st.session_state[state.CHANCE_LOT] = st.session_state.get(state.CHANCE_LOT, 0) + 1

    with st.container(horizontal=True, vertical_alignment="center"):
        full, most = count >= MOST_SEEDS, t("At most {most}.", most=MOST_SEEDS)
        more = t("Trains both with one more seed.")
        st.button(
            t("Draw a seed"), on_click=draw, args=(1,), type="primary", disabled=full, help=more
        )
        st.button(t("Draw five"), on_click=draw, args=(5,), disabled=full, help=most)
        st.button(t("Start again"), on_click=again, help=t("Begins with other seeds."))
        st.markdown(plural("{count} seed so far.", "{count} seeds so far.", count), width="content")
    one, other = _accuracies(chosen or "same", count, st.session_state.get(state.CHANCE_LOT, 0))
    _show_pairs(_PAIRS[chosen or "same"], one, other)


def _accuracies(pair: str, count: int, lot: int) -> tuple[dict[int, float], dict[int, float]]:
    """The accuracies of both settings by seed."""
    first, second = _PAIRS[pair].rates
    seeds = [MOST_SEEDS * lot + i for i in range(1, count + 1)]
    shift = _OTHER * MOST_SEEDS if first == second else 0
    return (
        {seed: _trained(first, seed) for seed in seeds},
        {seed: _trained(second, seed + shift) for seed in seeds},
    )


@st.cache_data(max_entries=1_000, show_spinner=False)
def _trained(rate: float, seed: int) -> float:
    data = load_data()
    return accuracy(
        *(data.x_train[:_IMAGES], data.y_train[:_IMAGES]),
        *(data.x_train[-_IMAGES:], data.y_train[-_IMAGES:]),
        *(rate, seed),
    )


def _show_pairs(pair: _Pair, one: dict[int, float], other: dict[int, float]) -> None:
    first, second = pair.rates
    names = (
        (t("once"), t("once more"))
        if first == second
        else (t("rate {rate:g}", rate=first), t("rate {rate:g}", rate=second))
    )
    values = (list(one.values()), list(other.values()))
    verdict = judge(*values, images=_IMAGES) if len(one) > 1 else None
    interval = None
    if verdict is not None and verdict.seeds >= FIRST_LOOK:
        interval = Interval(verdict.difference, verdict.low, verdict.high)
    show_figure(
        pairs_figure(names, (one, other), interval, MARGIN),
        t(
            "Each line joins the two accuracies of a seed, and on the right are their differences, "
            "with the mean and its 95 % interval from three seeds on. In the grey band no "
            "difference matters."
        ),
        "chance_pairs",
        560,
    )
    st.info("  \n".join(describe(verdict, names)))
    differences = np.subtract(values[1], values[0])
    if len(differences) < FIRST_LOOK:
        st.caption(t("With three seeds there is an interval: draw more."))
        return
    show_figure(
        intervals_figure(looks(differences)),
        t(
            "The interval shrinks with the root of the number of seeds: four times as many halve "
            "it. When it keeps clear of 0, chance alone hardly explains the difference. The inner "
            "interval, Student's, holds if you look once; the outer one holds however often you "
            "look."
        ),
        "chance_intervals",
    )


def _again_and_again() -> None:
    st.header(t("Looking again and again"), anchor=False)
    prose(
        t(
            "If you add seeds until a difference shows, you find one sooner or later: each look is "
            "one more chance of a false alarm. Here are {count:,} comparisons of settings that are "
            "**equal**. A look calls them different if its p-value is below 0.05, which errs in 5 "
            "of 100 cases if one looks only once.",
            count=COMPARISONS,
        )
    )
    most: int = st.slider(
        t("Looks, up to so many seeds"),
        FIRST_LOOK,
        MOST_SEEDS,
        state.remembered("chance_looks", 10),
        help=t("The first look is after three seeds, then one after each further seed."),
        **state.remembering("chance_looks"),
    )
    found = false_alarms(most, COMPARISONS, 1)
    show_figure(
        false_alarms_figure(found, LEVEL),
        t(
            "After {most} seeds, {once:.1%} of these equal settings have been called different by "
            "p-values, and {always:.1%} by the playground's verdict, which spends its 5 % bit by "
            "bit over all looks. So you may look as often as you like; a real difference takes a "
            "few seeds more to show.",
            most=most,
            once=float(found.once[-1]),
            always=float(found.always[-1]),
        ),
        "chance_alarms",
    )
