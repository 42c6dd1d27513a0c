"""Where one is in an activity: predict, run, explain, compare."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from playground.classroom.rules.log import PHASES, Phase
from playground.events import Status
from playground.locales import mark, t
from playground.ui import location, state
from playground.ui.classroom.player.play import Play


class Step(NamedTuple):
    """A step: its name, and what one does in it; in English."""

    name: str
    says: str


STEPS: dict[Phase, Step] = {
    "predict": Step(mark("Predict"), mark("Say what you expect, before you see it.")),
    "run": Step(mark("Run"), mark("Train the network and watch it.")),
    "explain": Step(mark("Explain"), mark("Say in your own words what happened, and why.")),
    "compare": Step(mark("Compare"), mark("See what the others have expected and found.")),
}


def done(play: Play, step: Phase) -> bool:
    """Whether a step is done."""
    if step == "predict":
        return play.predicted
    if step == "run":
        # A run that came to nothing, as after a crash, is trained once more.
        return any(run.status in (Status.FINISHED, Status.STOPPED) for run in play.runs)
    return step == "explain" and bool(play.at["words"])


def current(play: Play) -> Phase:
    """The step to show: the chosen one, else the first that is not done, as far as one may go."""
    chosen: Phase | None = state.remembered(play.key("step")) or _named(play)
    if chosen is not None and play.reached(chosen):
        location.set_parameter(location.STEP, f"{play.number}.{chosen}")
        return chosen
    open_ = [step for step in PHASES if play.reached(step)]
    first = next((step for step in open_ if not done(play, step)), open_[-1])
    # Nobody is taken away from a run when it ends, or from a text when it is saved.
    go_to(play, first)
    return first


def _named(play: Play) -> Phase | None:
    """The step that the address names, as after a reload, if it is one of this activity."""
    named = location.parameter(location.STEP)
    return next((step for step in PHASES if named == f"{play.number}.{step}"), None)


def go_to(play: Play, step: Phase) -> None:
    """Show a step from now on."""
    state.remember(play.key("step"), step)


def show_steps(play: Play, now: Phase) -> None:
    """A button for each step, and what one does in the one that is shown."""
    with st.container(horizontal=True, gap="small", key="class_steps"):
        for number, step in enumerate(PHASES, 1):
            name, says = STEPS[step]
            open_ = play.reached(step)
            st.button(
                f"{number} {t(name)}",
                key=play.key(f"step_{step}"),
                type="primary" if step == now else "secondary",
                icon=":material/check:" if done(play, step) else None,
                disabled=not open_,
                on_click=go_to,
                args=(play, step),
                help=t(says) if open_ else t("Your teacher opens this step."),
            )
    st.markdown(f"**{t(STEPS[now].name)}.** {t(STEPS[now].says)}")


def onward(play: Play, step: Phase) -> None:
    """The way to the next step, once this one is done; where it is not open yet, that it is not."""
    after = PHASES[PHASES.index(step) + 1]
    if not done(play, step):
        return
    if not play.reached(after):
        st.info(
            t(
                "Done. Your teacher opens the next step, “{step}”; the line at the top says when.",
                step=t(STEPS[after].name),
            ),
            icon=":material/hourglass_empty:",
        )
        return
    st.button(
        t("Go on: {step}", step=t(STEPS[after].name)),
        key=play.key("onward"),
        type="primary",
        icon=":material/arrow_forward:",
        on_click=go_to,
        args=(play, after),
        help=t(STEPS[after].says),
    )
