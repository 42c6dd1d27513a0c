"""The second step: to train with what may be turned, and to watch."""

from __future__ import annotations

from hashlib import sha256

import streamlit as st
from pydantic import ValidationError

from playground.classroom.activities.schema import Choice, Curve, Number
from playground.config import RunConfig
from playground.events import Command
from playground.experiments.differences import differences
from playground.locales import plural, t
from playground.runs.refusals import Refused
from playground.store.runs import RunInfo, StoreError
from playground.ui import navigation, state
from playground.ui.board.board import prepare_board
from playground.ui.board.run_board import run_board
from playground.ui.classroom.player.play import Play, words
from playground.ui.classroom.player.predict import show_curve
from playground.ui.classroom.player.steps import done, go_to, onward
from playground.ui.common.labels import plain, setting_name, setting_phrase, setting_value
from playground.ui.settings.knobs import Form, knob

_BOARD = "class_board"
_LAYER = 128


def run_step(play: Play) -> None:
    """The knobs that are free, Train, and the board with what was predicted."""
    config = _config(play)
    with st.container(horizontal=True, gap="large", key="class_run"):
        with st.container(key="class_run_settings", width=340):
            _settings(play, config)
            with st.container(key="class_train"):
                _train(play, config)
            _draw(play)
            onward(play, "run")
        with st.container(key="class_run_board", width="stretch"):
            run = _chosen(play)
            _predicted(play, run)
            if run is None:
                prepare_board(_BOARD, state.next_run())
            else:
                _stop(play, run)
                run_board(play.hub, run, _BOARD)


# Settings


def _free(play: Play) -> list[str]:
    return [name for name in play.activity.free if name not in play.view["locks"]]


def _config(play: Play) -> RunConfig:
    """What the next run trains with: the activity's settings, and those that were turned."""
    start, free = play.start().model_dump(), _free(play)
    turned: dict[str, object] = state.remembered(play.key("turned"), {})
    return RunConfig.model_validate(start | {n: v for n, v in turned.items() if n in free})


def _form(play: Play) -> Form:
    """The widgets' form; its keys are like those of Train, so that a lock greys them at once."""
    name = sha256(state.spoken_key(play.key("form")).encode()).hexdigest()[:8]

    def key(setting: str) -> str:
        return f"setting_{name}_{setting}"

    def turn(setting: str, value: object) -> None:
        turned = state.remembered(play.key("turned"), {}) | {setting: value}
        try:
            RunConfig.model_validate(play.start().model_dump() | turned)
        except ValidationError:  # a widget's limits hold only in the browser
            return
        state.remember(play.key("turned"), turned)

    def layers() -> tuple[int, ...]:
        return _config(play).hidden_layers

    @state.whole
    def change(setting: str) -> None:
        turn(setting, st.session_state[key(setting)])

    @state.whole
    def change_depth() -> None:
        depth, units = st.session_state[key("depth")], layers()
        last = units[-1:] or (_LAYER,)
        turn("hidden_layers", (units + last * depth)[:depth])

    @state.whole
    def change_units(layer: int) -> None:
        units = list(layers())
        if layer <= len(units):
            units[layer - 1] = st.session_state[key(f"units_{layer}")]
            turn("hidden_layers", tuple(units))

    return Form(lambda: _config(play), key, change, change_depth, change_units)


def _settings(play: Play, config: RunConfig) -> None:
    _cell(play)
    fixed = [
        setting_phrase(one.setting, one.values[1])
        for one in differences([RunConfig(), config])
        if one.setting not in _free(play) and one.values[1] is not None
    ]
    if fixed:
        st.caption(t("Fixed: {settings}.", settings=" · ".join(fixed)))
    if not _free(play):
        st.markdown(t("All settings of this activity are fixed."))
        return
    st.markdown(t("**What you may turn**"))
    if play.activity.prediction is not None and not play.activity.sealed and not play.runs:
        st.caption(t("Train once with the settings as they are: your prediction is about them."))
    form = _form(play)
    for name in _free(play):
        knob(form, name)


def _cell(play: Play) -> None:
    """Which part of a jigsaw a member has."""
    jigsaw = play.activity.jigsaw
    if jigsaw is None:
        return
    if play.cell is None:
        st.info(t("You have no cell of the grid yet."))
        return
    mine = ", ".join(
        f"{setting_name(name)} **{setting_value(name, value)}**"
        for name, value in jigsaw.settings(play.cell).items()
    )
    st.markdown(
        t(
            "Your cell of the grid, number {number} of {count}: {settings}.",
            number=play.cell + 1,
            count=jigsaw.cells,
            settings=mine,
        )
    )


# Runs


def _train(play: Play, config: RunConfig) -> None:
    pressed = st.button(
        t("Train"),
        key=play.key("train"),
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        disabled=not play.predicted,
        help=t("Starts a run with these settings; it waits its turn if others train.")
        if play.predicted
        else t("Lock your prediction first."),
    )
    left = play.at["runs_left"]
    if not play.predicted:
        st.caption(t("Lock your prediction first, in step 1. Then train."))
    elif left is not None:
        st.caption(
            plural("{count} run left.", "{count} runs left.", left)
            if left
            else t("You have used all runs of this activity. Your teacher can give you one more.")
        )
    if pressed:
        try:
            new = state.take_next_run()
            run_id = play.hub.submit(play.owner, config, classroom=play.wish, new_id=new)
        except (Refused, StoreError) as error:  # shown here, where the button is
            st.error(t("The run could not be started. {reason}", reason=error))
            return
        state.remember(play.key("run"), run_id)
        go_to(play, "run")  # and stay there when it has ended
        st.rerun()


def _draw(play: Play) -> None:
    """The way to Draw, for one who plays alone and has a network that can guess."""
    if play.solo and play.activity.draw and done(play, "run"):
        navigation.link_to(navigation.DRAW, t("Draw something for your network"))


def _chosen(play: Play) -> RunInfo | None:
    """The run on the board: the newest, or one that was chosen among several."""
    if len(play.runs) < 2:
        return play.runs[0] if play.runs else None
    runs = {run.id: run for run in play.runs}
    numbers = {run.id: number for number, run in enumerate(play.runs, 1)}
    wanted = state.remembered(play.key("run"))
    now = wanted if wanted in runs else play.runs[-1].id
    key = state.spoken_key(play.key(f"runs_{len(runs)}_{now}"))

    def choose() -> None:
        state.remember(play.key("run"), st.session_state[key])

    def said(run_id: str) -> str:
        free = [setting_phrase(n, getattr(runs[run_id].config, n)) for n in play.activity.free]
        return t("Run {number}", number=numbers[run_id]) + "".join(f" · {one}" for one in free[:3])

    st.selectbox(
        t("Run on the board"),
        list(runs),
        list(runs).index(now),
        format_func=said,
        key=key,
        on_change=choose,
        width=420,
        help=t("Your runs in this activity."),
    )
    return runs[now]


def _predicted(play: Play, run: RunInfo | None) -> None:
    """What was predicted, where the run can be seen beside it."""
    asked, answer = play.activity.prediction, play.answer
    if asked is None or answer is None or not play.locked:
        return
    if isinstance(asked, Curve):
        show_curve(play, asked, run.id if run else None)
    elif isinstance(asked, Choice) and answer.choice is not None:
        said = plain(words(asked.options[answer.choice]))
        st.markdown(t("You predicted: **{prediction}**", prediction=said))
    elif isinstance(asked, Number) and answer.number is not None:
        said = f"{answer.number:.{asked.decimals}f}"
        st.markdown(t("You predicted: **{prediction}**", prediction=said))


def _stop(play: Play, run: RunInfo) -> None:
    if run.status.ended:
        return
    if st.button(
        t("Stop"),
        key=f"class_stop_{run.id}",
        icon=":material/stop:",
        help=t("Ends this run; what it has learned so far stays."),
    ):
        try:
            play.hub.command(play.owner, run.id, Command("stop"))
        except (Refused, ConnectionError, ValueError) as error:
            st.error(str(error))
