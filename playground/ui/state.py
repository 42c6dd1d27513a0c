"""The session's state: the one module that knows its keys.

The values here count; a widget only shows them, and only its `on_change` writes back. A widget's
own value is not trusted: Streamlit forgets it with the page, and a script run that another one
interrupts leaves it with the value of a new widget.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar, overload

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from pydantic import ValidationError
from streamlit.runtime.scriptrunner import RerunException, get_script_run_ctx

from playground.config import RunConfig
from playground.locales import SOURCE_LANGUAGE, languages
from playground.store.runs import new_run_id

_CONFIG = "config"
_FORM = "form"
_OPENED = "opened"
_REMEMBERED = "remembered"
_RUN = "run"
_STARTED = "started"
_NEXT_RUN = "next_run"
_ARRIVED = "arrived"
_QUERY = "query"
_LANGUAGE = "lang"
_PROBLEMS = "problems"
_DEPTH = "depth"
_UNITS = "units"
_PINNED = "pinned"
_DRAWN = "drawn"
_ADDED = "added_sketch"
_FORK = "fork"
_DEFAULT_UNITS = 128

# The owner's token, if the browser refuses cookies.
OWNER = "owner"
BOARD_RUN = "board_run"
# The Draw page. Streamlit forgets a widget's value when another page is shown, so the drawing and
# the judge have keys beside those of their widgets.
DRAWING = "drawing"
DRAWING_PROBLEM = "drawing_problem"
DRAWING_AT_FIRST = "drawing_at_first"
SKETCHPAD = "sketchpad"
_JUDGE = "judge"
_WRITTEN_JUDGES = "written_judges"
FILL = "fill"
XRAY = "xray"
SOURCE = "source"
GUIDE = "guide"
LABEL = "label"
IMPORTED = "imported"
# Open or closed, on Train.
CODE = "code"
MORE = "more_settings"
TWINS = "twins_preview"
# The board, the living network and the tour: what their components send.
BOARD, LARGE_BOARD = "board", "board_projector"
NETWORK = "network_view"
TOUR_WATCH = "tour_watch"
# Inside the network, on Train.
INSIDE = "inside"
INSIDE_VIEW = "inside_view"
INSIDE_CELL = "inside_cell"
INSIDE_PRESSED = "inside_pressed"
INSIDE_PRESSES = "inside_presses"
REFERENCES = "references"
_PROJECTOR = "projector"
# The Runs page.
RUNS_VIEW = "runs_view"
RUNS_CHOSEN = "runs_chosen"
RUNS_SHOWN = "runs_shown"
RUNS_REVISION = "runs_revision"
RUNS_PROBLEMS = "runs_problems"
RUNS_THROWN_AWAY = "runs_thrown_away"
RUNS_TABLE = "runs_table"
RUNS_FIND = "runs_find"
RUNS_SETTING = "runs_setting"
RUNS_VALUES = "runs_values"
RUNS_TEST = "runs_test"
RUNS_LESSONS = "runs_lessons"
RUNS_PAGE = "runs_page"
# The Sweeps page.
SWEEP = "sweep"
SWEEP_OPENED = "sweep_opened"
SWEEP_PROBLEMS = "sweep_problems"
# Learn, Chance: how many seeds have been drawn, and how often one has started again.
CHANCE_SEEDS = "chance_seeds"
CHANCE_LOT = "chance_lot"
# Curves drawn by hand: what these keys begin with.
CURVE = "curve"
CURVE_PROBLEM = "curve_problem"
# On every page, while it lasts.
TOUR = "tour_progress"
# The class that this session has chosen, and the settings that it fixes on every page.
CLASS = "class"
CLASS_PROBLEM = "class_problem"
CLASS_HOST = "class_host"
_LOCKS = "class_locks"
CLASS_ENVELOPE = "class_envelope"
CLASS_ENVELOPE_PROBLEM = "class_envelope_problem"
CLASS_ACTIVITY_FILE = "class_activity_file"
CLASS_ACTIVITY_LINK = "class_activity_link"
# The Teacher page.
TEACHER = "teacher"
TRIES = "teacher_tries"


T = TypeVar("T")
_P = ParamSpec("_P")
# Requests for a run that may come while one change is made.
_MOST_REQUESTS = 5


def whole(change: Callable[_P, None]) -> Callable[_P, None]:
    """Make a change of the state as a whole, also while another run of the script is asked for.

    Streamlit ends a callback at its first look at the session's state if a request waits, and
    never calls it again: what was changed would be forgotten. So it is made once more from the
    start, and must be one that may be.

    Raises:
        RerunException: after the change: the request that Streamlit has to answer.
    """

    @wraps(change)
    def made(*args: _P.args, **kwargs: _P.kwargs) -> None:
        asked: RerunException | None = None
        for _ in range(_MOST_REQUESTS):
            try:
                change(*args, **kwargs)
            except RerunException as request:
                asked = request
            else:
                break
        if asked is not None:
            raise asked

    return made


def widget_key(name: str) -> str:
    """The key of a setting's widget in the form that is shown now.

    Every form has its own keys: what a browser still sends from an earlier form or session changes
    nothing.
    """
    return f"setting_{st.session_state.setdefault(_FORM, secrets.token_hex(4))}_{name}"


@overload
def remembered(key: str) -> Any: ...


@overload
def remembered(key: str, default: T) -> T: ...


def remembered(key: str, default: object = None) -> object:
    """What the user chose last in the widget with this key; `default` before that."""
    return st.session_state.get(_REMEMBERED, {}).get(key, default)


def chosen(name: str, options: Sequence[T], default: T) -> T:
    """What the user chose last under this name, if it can still be chosen; `default` otherwise."""
    value: T = remembered(name, default)
    return value if value in options else default


def remembering(name: str, apart: object = "") -> dict[str, Any]:
    """Key and `on_change` of a widget whose value stays, on other pages and in other languages.

    Its default must be what is `remembered`, or was `chosen`, under this name.

    Args:
        name: of the widget.
        apart: what makes it another widget with the same value, such as another limit.
    """
    key = spoken_key(f"{name}{apart}")
    return {"key": key, "on_change": _remember_value, "args": (name, key)}


@whole
def _remember_value(name: str, key: str) -> None:
    remember(name, st.session_state[key])


def spoken_key(name: str) -> str:
    """The key of a widget whose options are words: another one in each language.

    Under the same key a browser goes on showing the word of the old language, and tells it as if
    it had been chosen.
    """
    return f"{name}_{language()}"


@whole
def remember_widget(key: str) -> None:
    """Remember what the widget with this key shows: its `on_change`."""
    remember(key, st.session_state[key])


def remember(key: str, value: object) -> None:
    """Remember this as what the user chose last in the widget with this key."""
    st.session_state.setdefault(_REMEMBERED, {})[key] = value


def language() -> str:
    """The language of the visitor whose script this thread runs; English outside scripts."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return SOURCE_LANGUAGE
    spoken: str | None = st.session_state.get(_LANGUAGE)
    return spoken or browser_language()


def browser_language() -> str:
    """What the visitor's browser asks for first, if the app speaks it, else English."""
    asked = (st.context.locale or "").lower()
    known = {one.lower(): one for one in languages()}
    return known.get(asked) or known.get(asked.partition("-")[0]) or SOURCE_LANGUAGE


def speak(asked: str) -> None:
    """Speak this language from now on, on every page; the form is a new one, in its words."""
    if asked != language():
        st.session_state.pop(_FORM, None)
    st.session_state[_LANGUAGE] = asked


def was_opened() -> bool:
    """Whether this session's address has been read."""
    return bool(st.session_state.get(_OPENED))


def open_session() -> None:
    """This session's address has been read."""
    st.session_state[_OPENED] = True


def writes(query: dict[str, str]) -> bool:
    """Whether the address, which says this from now on, did not before."""
    before = st.session_state.get(_QUERY)
    st.session_state[_QUERY] = query
    return bool(query != before)


def tell(problems: list[str]) -> None:
    """Show these sentences until a setting or the run on the board changes."""
    st.session_state[_PROBLEMS] = problems


def problems() -> list[str]:
    """What was told last and still holds: one sentence for each problem."""
    return list(st.session_state.get(_PROBLEMS, []))


def has_config() -> bool:
    """Whether the form shows anything other than the defaults that it begins with."""
    return _CONFIG in st.session_state


def config() -> RunConfig:
    """The configuration that the form shows."""
    return st.session_state.get(_CONFIG) or RunConfig()


def set_config(new: RunConfig) -> None:
    """Show this configuration, in a new form; the next run begins with new weights."""
    st.session_state[_CONFIG] = new
    st.session_state[_FORK] = None
    leave_arrival()
    st.session_state.pop(_FORM, None)


@whole
def change_setting(name: str) -> None:
    """The `on_change` of a setting's widget; nothing, if the form is another one since."""
    if (key := widget_key(name)) in st.session_state:
        _change(name, st.session_state[key])


@whole
def change_depth() -> None:
    """The `on_change` of the number of hidden layers; a new layer is as wide as the last."""
    if (key := widget_key(_DEPTH)) in st.session_state:
        depth, units = st.session_state[key], config().hidden_layers
        last = units[-1:] or (_DEFAULT_UNITS,)
        _change("hidden_layers", (units + last * depth)[:depth])


@whole
def change_units(layer: int) -> None:
    """The `on_change` of a hidden layer's units; 1 is the first layer."""
    units, key = list(config().hidden_layers), widget_key(f"{_UNITS}_{layer}")
    if layer <= len(units) and key in st.session_state:
        units[layer - 1] = st.session_state[key]
        _change("hidden_layers", units)


@whole
def change_layers(units: list[object]) -> None:
    """Take these hidden layers, changed elsewhere than in the form, whose widgets then show them.

    Args:
        units: of each hidden layer; what cannot be is ignored.
    """
    _change("hidden_layers", units)
    layers = config().hidden_layers
    # A new form has no values yet; one that is shown would keep those that it has.
    st.session_state[widget_key(_DEPTH)] = len(layers)
    for layer, count in enumerate(layers, 1):
        st.session_state[widget_key(f"{_UNITS}_{layer}")] = count


@whole
def change_to(name: str, value: object) -> None:
    """Change a setting elsewhere than in the form, whose widget then shows it.

    Args:
        name: of one whose widget has its value as it is.
        value: what cannot be is ignored.
    """
    _change(name, value)
    st.session_state[widget_key(name)] = getattr(config(), name)


@whole
def reset_setting(name: str) -> None:
    """Give a setting its default."""
    set_settings({name: RunConfig.model_fields[name].default})


@whole
def set_settings(changed: dict[str, object]) -> None:
    """Change several settings, in a new form; where the next run begins stays."""
    for name, value in changed.items():
        _change(name, value)
    st.session_state.pop(_FORM, None)


def lock(settings: Mapping[str, object]) -> None:
    """Fix these settings, by name, and no others: the form shows them so."""
    st.session_state[_LOCKS] = dict(settings)
    form = config().model_dump(mode="json")
    changed = {name: value for name, value in settings.items() if form.get(name) != value}
    if changed:
        set_settings(changed)


def locked() -> Mapping[str, object]:
    """The settings that are fixed, with their values."""
    found: Mapping[str, object] = st.session_state.get(_LOCKS, {})
    return found


def arrive(new: RunConfig) -> None:
    """Show this configuration on Train, which says what is not the default in it."""
    set_config(new)
    st.session_state[_ARRIVED] = new


def arrived() -> RunConfig | None:
    """The configuration with which another page has opened Train; None once it was trained."""
    found: RunConfig | None = st.session_state.get(_ARRIVED)
    return found


def leave_arrival() -> None:
    """Nothing more is said about what another page has set."""
    st.session_state.pop(_ARRIVED, None)


def _change(name: str, value: object) -> None:
    try:
        new = RunConfig.model_validate({**config().model_dump(), name: value})
    except ValidationError:  # a widget's limits hold only in the browser
        st.session_state.pop(_FORM, None)
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


def projector() -> bool:
    """Whether Train shows only what a room looks at, in large type."""
    shown: bool = st.session_state.get(_PROJECTOR, False)
    return shown


@whole
def show_projector(shown: bool) -> None:
    """Show Train for a projector, or as it is for one person."""
    st.session_state[_PROJECTOR] = shown


def next_run() -> str:
    """The id that the next run of this page will have: its browser asks for it at the press."""
    run_id: str = st.session_state.setdefault(_NEXT_RUN, new_run_id())
    return run_id


def take_next_run() -> str:
    """The same, for the run that begins now; the one after it will have another."""
    run_id = next_run()
    del st.session_state[_NEXT_RUN]
    return run_id


def start_run(run_id: str) -> None:
    """Put a run on the board that was started by a press on this page."""
    show_run(run_id)
    st.session_state[_STARTED] = run_id
    leave_arrival()


def started() -> str | None:
    """The run that was started last by a press on this page."""
    run: str | None = st.session_state.get(_STARTED)
    return run


def show_sweep(sweep_id: str | None) -> None:
    """Show a sweep on the page Sweeps; None for the form and the list."""
    st.session_state[SWEEP] = sweep_id
    st.session_state[SWEEP_PROBLEMS] = []


def pinned() -> NDArray[np.uint8] | None:
    """The drawing, uint8 (28, 28), that new runs judge at every epoch; None if there is none."""
    item: NDArray[np.uint8] | None = st.session_state.get(_PINNED)
    return item


def drawn() -> NDArray[np.uint8] | None:
    """The last drawing on Draw as an item, uint8 (28, 28); None if there is none."""
    item: NDArray[np.uint8] | None = st.session_state.get(_DRAWN)
    return item


def remember_drawn(item: NDArray[np.uint8] | None) -> None:
    """This is on Draw's paper now; None if nothing is."""
    st.session_state[_DRAWN] = item


class Added(NamedTuple):
    """What became of the last drawing that was to be added to the sketchbook.

    Attributes:
        item: uint8 (28, 28).
        label: what its owner said it is.
        new: whether the sketchbook did not have it yet.
    """

    item: NDArray[np.uint8]
    label: int
    new: bool


def added() -> Added | None:
    """What was added last; None before that."""
    last: Added | None = st.session_state.get(_ADDED)
    return last


@whole
def remember_added(last: Added) -> None:
    """This was added, or found in the sketchbook, just now."""
    st.session_state[_ADDED] = last


def pin(item: NDArray[np.uint8] | None) -> None:
    """Pin a drawing; None unpins it."""
    st.session_state[_PINNED] = item


class Fork(NamedTuple):
    """Where the next run begins: with the weights of another run after an epoch."""

    run_id: str
    epoch: int


def fork() -> Fork | None:
    """Where the next run begins; None if it begins with new weights."""
    found: Fork | None = st.session_state.get(_FORK)
    return found


def fork_from(run_id: str, epoch: int, settings: RunConfig) -> None:
    """Have the next run begin with these weights, and show these settings."""
    set_config(settings)
    st.session_state[_FORK] = Fork(run_id, epoch)


def leave_fork() -> None:
    """Have the next run begin with new weights; the settings stay, in a new form."""
    set_config(config())


class JudgeChoice(NamedTuple):
    """Which run judges drawings.

    Attributes:
        run_id: the run that was chosen.
        newest: the user's newest run at that time; None if there was none.
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


def written_judges() -> set[str]:
    """The judges that this session's address has named; who reads or writes one adds it."""
    written: set[str] = st.session_state.setdefault(_WRITTEN_JUDGES, set())
    return written
