"""The session's state: the one module that knows its keys and the form of the address.

What is kept here is the truth; a widget is only filled from it, and only its `on_change` writes
back. A widget's own value is not trusted: Streamlit forgets it with the page, and a run of the
script that another one interrupts leaves it with the value of a new widget.
"""

from __future__ import annotations

import secrets
from typing import Any, NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from pydantic import ValidationError
from streamlit.runtime.scriptrunner import get_script_run_ctx

from playground.config import RunConfig
from playground.locales import SOURCE_LANGUAGE, languages
from playground.runs.hub import Hub

_CONFIG = "config"
_FORM = "form"
_OPENED = "opened"
_KEPT = "kept"
_RUN = "run"
_QUERY = "query"
_LANGUAGE = "lang"
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
_JUDGE = "judge"
_SAID = "judges_said"
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
    """The key of the widget of a setting, in the form that is shown now.

    Every form has keys of its own, so what a browser still sends of an earlier one, or of an
    earlier session, changes nothing.
    """
    return f"setting_{st.session_state.setdefault(_FORM, secrets.token_hex(4))}_{name}"


def units_key(layer: int) -> str:
    """The key of the widget for the units of a hidden layer, 1 is the first."""
    return widget_key(f"{_UNITS}_{layer}")


def depth_key() -> str:
    """The key of the widget for the number of hidden layers."""
    return widget_key(_DEPTH)


def kept(key: str, default: Any = None) -> Any:
    """What the user has last chosen in the widget of this key, `default` before that."""
    return st.session_state.get(_KEPT, {}).get(key, default)


def keep(key: str) -> None:
    """Keep what the widget of this key shows: its `on_change`."""
    remember(key, st.session_state[key])


def remember(key: str, value: Any) -> None:
    """Keep this as what the user has last chosen in the widget of this key."""
    st.session_state.setdefault(_KEPT, {})[key] = value


def language() -> str:
    """The language of the visitor whose script this thread runs; English outside of scripts."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return SOURCE_LANGUAGE
    spoken: str = st.session_state.get(_LANGUAGE, SOURCE_LANGUAGE)
    return spoken


def take_language_from_address() -> None:
    """Speak the language that the address asks for, from now on."""
    asked = st.query_params.get(_LANGUAGE)
    if asked in languages():
        st.session_state[_LANGUAGE] = asked


def open_address(hub: Hub) -> list[str]:
    """Take up what the address says, once a session.

    Only once: a browser sends its address with every script run, and whoever turns knobs quickly
    sends one that the last run has not reached yet. It must not turn them back.

    Returns:
        A sentence for each thing in the address that could not be used.
    """
    query = {name: st.query_params[name] for name in st.query_params}
    first = not st.session_state.get(_OPENED)
    st.session_state[_OPENED] = True
    if first and query:
        run_id = query.get(_RUN)
        settings = {name: text for name, text in query.items() if name not in (_RUN, _LANGUAGE)}
        config, problems = RunConfig.from_query(settings)
        run = hub.run(run_id) if run_id else None
        if run_id and run is None:
            problems.append(f"There is no run “{run_id[:40]}” on this server.")
        if run and not settings:
            config = run.config
        st.session_state[_RUN] = run and run.id
        st.session_state[_PROBLEMS] = problems
        set_config(config)
    return list(st.session_state.get(_PROBLEMS, []))


def write_address() -> None:
    """Make the address say what the page shows; where it did, the browser's Back is left alone."""
    query = config().to_query()
    if run_id := shown_run():
        query[_RUN] = run_id
    if language() != SOURCE_LANGUAGE:
        query[_LANGUAGE] = language()
    # A page in between, or one that was left half drawn, may have taken the settings out of it.
    if query != st.session_state.get(_QUERY) or not query.keys() <= st.query_params.keys():
        st.query_params.from_dict(query)
    st.session_state[_QUERY] = query


def config() -> RunConfig:
    """The configuration that the form shows."""
    return st.session_state.get(_CONFIG) or RunConfig()


def set_config(new: RunConfig) -> None:
    """Show this configuration, in a new form."""
    st.session_state[_CONFIG] = new
    st.session_state.pop(_FORM, None)


def take_setting(name: str) -> None:
    """A user has changed the widget of a setting."""
    _change(name, st.session_state[widget_key(name)])


def take_depth() -> None:
    """A user has changed how many hidden layers there are; a new one is as wide as the last."""
    depth, units = st.session_state[depth_key()], config().hidden_layers
    last = units[-1:] or (_DEFAULT_UNITS,)
    _change("hidden_layers", (units + last * depth)[:depth])


def take_units(layer: int) -> None:
    """A user has changed the units of a hidden layer, 1 is the first."""
    units = list(config().hidden_layers)
    if layer <= len(units):
        units[layer - 1] = st.session_state[units_key(layer)]
        _change("hidden_layers", units)


def _change(name: str, value: Any) -> None:
    try:
        new = RunConfig.model_validate({**config().model_dump(), name: value})
    except ValidationError:  # a widget's limits hold in the browser only
        set_config(config())
        return
    if new != config():
        st.session_state[_PROBLEMS] = []
    st.session_state[_CONFIG] = new


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


class JudgeChoice(NamedTuple):
    """Who is to judge drawings.

    Attributes:
        run_id: the run that was chosen.
        newest: the newest run of whoever chose, at that time; None if there was none.
    """

    run_id: str
    newest: str | None


def judge() -> JudgeChoice | None:
    """The judge that was chosen last; None if none was."""
    choice: JudgeChoice | None = st.session_state.get(_JUDGE)
    return choice


def choose_judge(run_id: str, newest: str | None) -> None:
    """Have this run judge; `newest` as in `JudgeChoice`."""
    st.session_state[_JUDGE] = JudgeChoice(run_id, newest)


def take_judge_from_address(asked: str | None, newest: str | None) -> None:
    """Choose the run that the address asks for, unless it is the page that has put it there."""
    said = st.session_state.setdefault(_SAID, set())
    if asked and asked not in said:
        said.add(asked)
        choose_judge(asked, newest)


def say_judge_in_address(run_id: str) -> None:
    """Make the address say who judges."""
    st.session_state.setdefault(_SAID, set()).add(run_id)
    st.query_params["run"] = run_id
