"""What the rows of the page Runs must have: words, or values of a setting; and what is shown."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from playground.experiments.differences import differences
from playground.locales import t
from playground.store.runs import RunInfo
from playground.ui import state
from playground.ui.common.labels import setting_name
from playground.ui.runs import session
from playground.ui.runs.view import View, shown_value


def show_filter(runs: Sequence[RunInfo]) -> None:
    """What the rows must have: words, a setting's values; and whether the test is shown."""
    view = session.view()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.session_state[state.RUNS_FIND] = view.text
        st.text_input(
            t("Find"),
            key=state.RUNS_FIND,
            max_chars=100,
            icon=":material/search:",
            on_change=lambda: session.set_view(
                text=st.session_state[state.RUNS_FIND].strip(), page=1
            ),
            help=t("Words of the name, the note, the settings or the status; all must be there."),
            width=240,
        )
        differing = [one.setting for one in differences(list({run.config for run in runs}))]
        if view.setting and view.setting not in differing:
            differing.append(view.setting)
        setting = state.spoken_key(state.RUNS_SETTING)
        st.session_state[setting] = view.setting or None
        st.selectbox(
            t("Setting"),
            differing,
            key=setting,
            format_func=setting_name,
            placeholder=t("Any"),
            on_change=lambda: session.set_view(
                setting=st.session_state[setting] or "", values=(), page=1
            ),
            help=t("Only settings that differ between your runs are listed."),
            width=220,
        )
        if view.setting:
            _values(view, runs)
        st.session_state[state.RUNS_TEST] = view.test
        st.toggle(
            t("Show test accuracy"),
            key=state.RUNS_TEST,
            on_change=lambda: session.set_view(test=st.session_state[state.RUNS_TEST]),
            help=t("The accuracy on the 10,000 test images, as a column."),
        )
        st.session_state[state.RUNS_LESSONS] = view.lessons
        st.toggle(
            t("Runs of Learn"),
            key=state.RUNS_LESSONS,
            on_change=lambda: session.set_view(
                lessons=st.session_state[state.RUNS_LESSONS], page=1
            ),
            help=t("Also the runs that you have started on pages of Learn."),
        )
    if view.test:
        st.caption(
            t(
                "Test accuracy is no column at first, because hyperparameters are chosen by the "
                "validation accuracy. If you choose the run with the best test accuracy, you have "
                "used the test images to choose, and no images are left that tell how good it is "
                "on new ones."
            )
        )


def _values(view: View, runs: Sequence[RunInfo]) -> None:
    every = {run.config: run for run in runs}
    values = dict.fromkeys(shown_value(run, view.setting) for run in every.values())
    key = state.spoken_key(f"{state.RUNS_VALUES}_{view.setting}")
    st.session_state[key] = [value for value in view.values if value in values]
    st.multiselect(
        t("Values"),
        sorted(values),
        key=key,
        placeholder=t("All"),
        on_change=lambda: session.set_view(values=tuple(st.session_state[key]), page=1),
        help=t("Only runs with one of these values are listed."),
        width=260,
    )
