"""The tour on the screen: a line at the top of every page while it lasts."""

from __future__ import annotations

import streamlit as st

from playground.locales import t
from playground.ui import navigation, state
from playground.ui.common.mount import mount
from playground.ui.tour.steps import STEPS, Progress, begin


def offer_tour() -> None:
    """The button that starts the tour; while it lasts there is none."""
    if _progress() is None:
        st.button(
            t("Tour"),
            icon=":material/explore:",
            key="tour_start",
            on_click=_start,
            help=t("Five small things to do, to get to know this page. It takes three minutes."),
        )


def show_tour(page: str) -> None:
    """What the tour asks for now; nothing if nobody has started it.

    Args:
        page: the path in the address of the page that runs; the first page's is empty.
    """
    progress = _progress()
    if progress is None:
        return
    progress = progress.seen(len(state.config().hidden_layers), state.started())
    state.remember(state.TOUR, progress)
    with st.container(key="tour", horizontal=True, vertical_alignment="center"):
        if progress.awaits:
            _ask(progress, page)
        else:
            st.markdown(
                t(
                    "**Done.** Now it is yours: change one setting, guess what will happen, and "
                    "press Train."
                )
            )
            st.button(t("Close"), icon=":material/check:", key="tour_close", on_click=_end)
    mount(
        "tour",
        "<span hidden></span>",
        "tour/tour.css",
        "tour/tour.js",
        key=state.TOUR_WATCH,
        data={"awaits": progress.awaits},
        on_done_change=_hear,
    )


def did(name: str) -> bool:
    """Say that a visitor has done a step's thing; returns whether the tour had asked for it."""
    progress = _progress()
    if progress is None or progress.awaits != name:
        return False
    state.remember(state.TOUR, progress.after(name, state.started()))
    return True


def _ask(progress: Progress, page: str) -> None:
    step = STEPS[progress.step]
    number = t("Tour, {number} of {count}:", number=progress.step + 1, count=len(STEPS))
    st.markdown(f"{number} {t(step.asks, layers=progress.layers)}")
    there = navigation.DRAW if step.name == "draw" else navigation.TRAIN
    if page != ("" if there is navigation.TRAIN else there.path):
        navigation.link_to(there, t("Open {page}", page=t(there.title)))
    st.button(
        t("Skip"),
        key="tour_skip",
        on_click=_skip,
        args=(step.name,),
        help=t("Goes on with the next step of the tour."),
        type="tertiary",
    )
    st.button(
        t("End the tour"),
        key="tour_end",
        on_click=_end,
        help=t("You can start it again on Train."),
        type="tertiary",
    )


def _progress() -> Progress | None:
    found: Progress | None = state.remembered(state.TOUR)
    return found


@state.whole
def _start() -> None:
    state.remember(state.TOUR, begin(len(state.config().hidden_layers), state.started()))


@state.whole
def _end() -> None:
    state.remember(state.TOUR, None)


@state.whole
def _skip(name: str) -> None:
    did(name)


@state.whole
def _hear() -> None:
    did(str(st.session_state[state.TOUR_WATCH]["done"]))
