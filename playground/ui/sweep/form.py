"""The form that plans a sweep: which settings, which values, how many seeds, and how long."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from playground.config import RunConfig
from playground.experiments.axes import Choices, Range, SweepError
from playground.experiments.sweep import MOST_DRAWN_SETTINGS, Draws, Grid, Sweep, next_seeds, runs
from playground.locales import Text, mark, t
from playground.runs.hub import Hub
from playground.runs.refusals import Refused
from playground.store.runs import StoreError
from playground.ui import state
from playground.ui.common.labels import config_label, setting_name
from playground.ui.sweep.estimate import how_long
from playground.ui.sweep.values import axis, restore

MOST_SEEDS = 10
_KINDS = {"grid": mark("All combinations"), "draws": mark("Random draws")}
_MOST_SETTINGS = {"grid": 2, "draws": MOST_DRAWN_SETTINGS}
# Every cell has the same seeds, and whether snapshots are kept changes no number.
SETTINGS = [name for name in RunConfig.model_fields if name not in ("seed", "keep_snapshots")]


def show_form(hub: Hub, owner: str) -> None:
    """Plan a sweep of the settings on Train, see how long it takes, and start it."""
    base = state.config().model_copy(update={"keep_snapshots": False})
    st.markdown(
        t(
            "Choose settings and their values: each combination is trained, and a table of their "
            "validation accuracies fills by itself. All other settings are those on Train:"
        )
        + f" `{config_label(state.config()).replace('`', '')}`"
    )
    st.caption(t("Runs of a sweep keep their network after the last epoch, and no others."))
    kind = _choice(t("Kind"), _KINDS, "grid", "sweep_kind", t("Every one, or some at random."))
    names = _settings(kind)
    axes: list[Choices | Range] = []
    problem: str = ""
    for name in names:
        try:
            axes.append(axis(kind, name))
        except SweepError as error:
            problem = problem or _words(error)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        count = 0
        if kind == "draws":
            count = _number(t("Draws"), "sweep_draws", 20, 2, 200, t("So many, at random."))
        seeds = _number(
            t("Seeds"),
            "sweep_seeds",
            1,
            1,
            MOST_SEEDS,
            t("Each combination is trained with so many seeds, the same ones for all."),
        )
    all_seeds = (base.seed, *next_seeds(base, seeds - 1))
    plan: Sweep | None = None
    configs: Sequence[RunConfig] = ()
    if not problem and names:
        plan, configs, problem = _plan(kind, base, axes, all_seeds, count)
    if problem:
        st.warning(problem)
    elif not names:
        st.info(t("Choose a setting."))
    else:
        how_long(hub, owner, configs)
    if st.button(
        t("Start the sweep"),
        type="primary",
        icon=":material/play_arrow:",
        disabled=plan is None,
        help=t("Its runs wait their turn; single runs, yours and others', come first."),
    ):
        _start(hub, owner, plan)


def _start(hub: Hub, owner: str, plan: Sweep | None) -> None:
    if plan is None:
        return
    try:
        state.show_sweep(hub.sweeps.create(owner, plan))
    except (SweepError, Refused, StoreError) as error:
        st.error(t("The sweep could not be started. {reason}", reason=_words(error)))
    else:
        st.rerun()


def _plan(
    kind: str,
    base: RunConfig,
    axes: Sequence[Choices | Range],
    seeds: tuple[int, ...],
    count: int,
) -> tuple[Sweep | None, tuple[RunConfig, ...], str]:
    """The plan with its runs; or None, and why there is none."""
    try:
        plan: Sweep
        if kind == "draws":
            plan = Draws(base, tuple(axes), seeds, count, draw_seed=base.seed)
        else:
            plan = Grid(base, tuple(axis for axis in axes if isinstance(axis, Choices)), seeds)
        return plan, runs(plan), ""
    except SweepError as error:
        return None, (), _words(error)


def _settings(kind: str) -> list[str]:
    most = _MOST_SETTINGS[kind]
    key = f"sweep_settings_{kind}"
    names: list[str] = st.multiselect(
        t("Settings"),
        SETTINGS,
        state.remembered(key, ["learning_rate", "batch_size"]),
        format_func=setting_name,
        max_selections=most,
        **state.remembering(key),
        placeholder=t("Choose settings"),
        help=t("One or two, which make a curve or a map.")
        if kind == "grid"
        else t("One to five, which are drawn at random."),
    )
    return names[:most]


def _choice(label: str, words: dict[str, str], default: str, key: str, help: str) -> str:
    chosen = st.segmented_control(
        label,
        list(words),
        default=state.remembered(key, default),
        format_func=lambda name: t(words[name]),
        required=True,
        help=help,
        **state.remembering(key),
    )
    return chosen or default


def _number(label: str, key: str, default: int, low: int, high: int, help: str) -> int:
    restore(key, default)
    found: int = st.number_input(
        label,
        low,
        high,
        key=key,
        step=1,
        on_change=state.remember_widget,
        args=(key,),
        help=help,
        width=160,
    )
    return found


def _words(error: Exception) -> str:
    """An error in words, its setting called as on the screen."""
    said = error.args[0] if error.args else ""
    if isinstance(said, Text) and said.values.get("setting") in RunConfig.model_fields:
        return t(
            said.message, **{**said.values, "setting": setting_name(str(said.values["setting"]))}
        )
    return str(error)
