"""The session's state: the one module that knows its keys and the form of the address."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from pydantic import ValidationError

from playground.config import MAX_HIDDEN_LAYERS, MAX_UNITS, RunConfig
from playground.runs.hub import Hub

_CONFIG = "config"
_RUN = "run"
_QUERY = "query"
_PROBLEMS = "problems"
_DEPTH = "depth"
_UNITS = "units"
_PINNED = "pinned"
_DEFAULT_UNITS = 128

BOARD_RUN = "board_run"
# The Draw page. Streamlit forgets a widget's value when another page is shown, so the drawing,
# the judge and the switch are kept beside their widgets.
DRAWING = "drawing"
DRAWING_PROBLEM = "drawing_problem"
DRAWING_AT_FIRST = "drawing_at_first"
SKETCHPAD = "sketchpad"
JUDGE = "judge"
FILL = "fill"
XRAY = "xray"
SOURCE = "source"
GUIDE = "guide"
LABEL = "label"
IMPORTED = "imported"
# Open or closed, on Train.
CODE = "code"
# Inside the network, on Train.
INSIDE = "inside"
INSIDE_VIEW = "inside_view"
INSIDE_CELL = "inside_cell"
REFERENCES = "references"
TWINS = "twins_preview"
# The Teacher page.
TEACHER = "teacher"
TRIES = "teacher_tries"


def widget_key(name: str) -> str:
    """The key of the widget of a setting."""
    return f"setting_{name}"


def units_key(layer: int) -> str:
    """The key of the widget for the units of a hidden layer, 1 is the first."""
    return f"{widget_key(_UNITS)}_{layer}"


DEPTH_KEY = widget_key(_DEPTH)


def open_address(hub: Hub) -> list[str]:
    """Take up what the address says, once a session, and make the widgets ready.

    Only once: a browser sends its address with every script run, and whoever turns knobs quickly
    sends one that the last run has not reached yet. It must not turn them back.

    Returns:
        A sentence for each thing in the address that could not be used.
    """
    query = {name: st.query_params[name] for name in st.query_params}
    if query and _QUERY not in st.session_state:
        run_id = query.get(_RUN)
        settings = {name: text for name, text in query.items() if name != _RUN}
        config, problems = RunConfig.from_query(settings)
        run = hub.run(run_id) if run_id else None
        if run_id and run is None:
            problems.append(f"There is no run “{run_id[:40]}” on this server.")
        if run and not settings:
            config = run.config
        st.session_state[_RUN] = run and run.id
        st.session_state[_PROBLEMS] = problems
        set_config(config)
    _fill_widgets()
    return list(st.session_state.get(_PROBLEMS, []))


def write_address() -> None:
    """Make the address say what the page shows; where it did, the browser's Back is left alone."""
    query = config().to_query()
    if run_id := shown_run():
        query[_RUN] = run_id
    if query != st.session_state.get(_QUERY) or not st.query_params:
        st.query_params.from_dict(query)
    st.session_state[_QUERY] = query


def config() -> RunConfig:
    """The configuration that the widgets show."""
    return st.session_state.get(_CONFIG) or RunConfig()


def set_config(new: RunConfig) -> None:
    """Show this configuration; before the widgets are drawn."""
    st.session_state[_CONFIG] = new
    for name in list(st.session_state):
        if str(name).startswith(widget_key("")):
            del st.session_state[name]


def read_widgets() -> RunConfig:
    """The configuration from the widgets as they stand now."""
    values: dict[str, Any] = config().model_dump()
    for name in values:
        if widget_key(name) in st.session_state:
            values[name] = st.session_state[widget_key(name)]
    values["hidden_layers"] = [
        st.session_state[units_key(layer)] for layer in range(1, st.session_state[DEPTH_KEY] + 1)
    ]
    try:
        new = RunConfig.model_validate(values)
    except ValidationError:  # a widget's limits hold in the browser only
        return config()
    if new != config():
        st.session_state[_PROBLEMS] = []
    st.session_state[_CONFIG] = new
    return new


def shown_run() -> str | None:
    """The run on the board."""
    run: str | None = st.session_state.get(_RUN)
    return run


def show_run(run_id: str | None) -> None:
    """Put a run on the board."""
    st.session_state[_RUN] = run_id
    st.session_state[_PROBLEMS] = []


def pinned() -> NDArray[np.uint8] | None:
    """The drawing (28, 28) that new runs judge at every epoch, if there is one."""
    item: NDArray[np.uint8] | None = st.session_state.get(_PINNED)
    return item


def pin(item: NDArray[np.uint8] | None) -> None:
    """Pin a drawing, or none."""
    st.session_state[_PINNED] = item


def _fill_widgets() -> None:
    # Streamlit forgets a widget's value when another page is shown; the configuration does not.
    now = config()
    for name, value in now:
        st.session_state.setdefault(widget_key(name), value)
    st.session_state.setdefault(DEPTH_KEY, len(now.hidden_layers))
    for layer in range(1, MAX_HIDDEN_LAYERS + 1):
        units = now.hidden_layers[layer - 1 :][:1] or now.hidden_layers[-1:] or (_DEFAULT_UNITS,)
        st.session_state.setdefault(units_key(layer), min(units[0], MAX_UNITS))
