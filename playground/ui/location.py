"""What the session's address says, read once and written after every script run.

The one module that reads and writes it, and that knows the names of its parameters; those of
settings are in `address.py`, those of the filter on Runs in `runs/view.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

import streamlit as st

from playground.locales import languages, t
from playground.runs.hub import Hub
from playground.ui import state
from playground.ui.address import from_query, to_query

RUN = "run"
SWEEP = "sweep"
_LANGUAGE = "lang"
# How Train is shown: for a projector, or, where the address has none, for one person.
VIEW, PROJECTOR = "view", "projector"
# The run and the epoch of a fork.
_FORKED, _FORKED_AFTER = "fork", "after"
# The page Class: the code to join with; the secret of a link; the id, which is no secret, of the
# class on the projector, and of the class of one who plays alone; the number of an activity and
# its step; a whole activity, compressed.
CODE = "code"
KEY = "key"
CLASS = "class"
HOST = "host"  # of the address that the projector shows, as the teacher has chosen
ALONE = "alone"
STEP = "step"
ACTIVITY = "activity"


def parameter(name: str) -> str:
    """What the address says under this name; empty if nothing."""
    return st.query_params.get(name, "")


def activity_in(text: str) -> str:
    """The compressed activity of an address that somebody has pasted, or the text as it is."""
    try:
        said = parse_qs(urlsplit(text.strip()).query).get(ACTIVITY)
    except ValueError:  # it is no address
        said = None
    return said[-1] if said else text.strip()


def parameters() -> dict[str, list[str]]:
    """All that the address says, by name."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def set_parameter(name: str, value: str) -> None:
    """Make the address say this under this name; the rest stays."""
    st.query_params[name] = value


def remove_parameter(name: str) -> None:
    """Make the address say nothing under this name; the rest stays."""
    st.query_params.pop(name, None)


def write_query(query: Mapping[str, str | Sequence[str]]) -> None:
    """Make the address say this and the language; one that does stays, so that Back works."""
    said = {name: [text] if isinstance(text, str) else [*text] for name, text in query.items()}
    if state.language() != state.browser_language():
        said[_LANGUAGE] = [state.language()]
    if said != parameters():
        st.query_params.from_dict(said)


def read_language() -> None:
    """Speak the language that the address asks for from now on, on every page.

    The address of every page says it, so that a page that is loaded again speaks it, too.
    """
    asked = st.query_params.get(_LANGUAGE)
    if asked in languages():
        state.speak(asked)
    elif state.language() != state.browser_language():
        st.query_params[_LANGUAGE] = state.language()


@state.whole
def speak(asked: str) -> None:
    """Speak this language from now on; the address says so, and all else stays as it is."""
    state.speak(asked)
    st.query_params[_LANGUAGE] = asked


def read(hub: Hub, owner: str) -> list[str]:
    """Show the settings and the run of the address, once a session.

    An address without any shows the run that the owner has in training, if there is one.

    Only once: a browser sends its address with every script run. A user who changes settings
    quickly sends an old one, and it must not change them back.

    Returns:
        A sentence for each thing in the address that could not be used.
    """
    query = {name: st.query_params[name] for name in st.query_params}
    if not state.was_opened():
        if query.keys() - {_LANGUAGE, VIEW}:
            _read_query(hub, query)
        else:
            _show_own_run(hub, owner)
        _read_view(query.get(VIEW))
        # Last: a script run that another one interrupts is followed by one that reads it again.
        state.open_session()
    return state.problems()


def _read_query(hub: Hub, query: dict[str, str]) -> None:
    others = (RUN, _LANGUAGE, VIEW, _FORKED, _FORKED_AFTER)
    settings = {name: text for name, text in query.items() if name not in others}
    config, problems = from_query(settings)
    run_id = query.get(RUN)
    run = hub.run(run_id) if run_id else None
    if run_id and run is None:
        problems.append(t("There is no run “{run}” on this server.", run=run_id[:40]))
    if run and not settings:
        config = run.config
    state.set_config(config)
    if _FORKED in query:
        _read_fork(hub, query[_FORKED], query.get(_FORKED_AFTER, ""), problems)
    state.show_run(run.id if run else None)
    state.tell(problems)


def _read_view(asked: str | None) -> None:
    state.show_projector(asked == PROJECTOR)
    if asked not in (None, PROJECTOR):
        told = t("There is no view “{view}”.", view=str(asked)[:40])
        state.tell([*state.problems(), told])


def _show_own_run(hub: Hub, owner: str) -> None:
    """Show the run that trains, else the first that waits, unless this session shows anything."""
    if state.has_config() or state.shown_run():
        return
    left = [run for run in hub.runs(owner, lessons=False) if not run.status.ended]
    if left:
        run = next((run for run in left if run.status.active), left[-1])
        state.set_config(run.config)
        state.show_run(run.id)


def _read_fork(hub: Hub, run_id: str, after: str, problems: list[str]) -> None:
    if hub.run(run_id) is not None and after.isascii() and after.isdigit() and len(after) < 4:
        state.fork_from(run_id, int(after), state.config())
    else:
        problems.append(
            t(
                "The next run cannot begin with the weights that the address asks for: there is no "
                "run “{run}” on this server, or no such epoch.",
                run=run_id[:40],
            )
        )


def write(hub: Hub) -> None:
    """Make the address say what the page shows; one that does stays, so that Back works."""
    run_id = state.shown_run()
    run = hub.run(run_id) if run_id else None
    query = to_query(state.config(), run.config if run else None)
    if forked := state.fork():
        query |= {_FORKED: forked.run_id, _FORKED_AFTER: str(forked.epoch)}
    if run_id:
        query[RUN] = run_id
    if state.projector():
        query[VIEW] = PROJECTOR
    if state.language() != state.browser_language():
        query[_LANGUAGE] = state.language()
    # Another page, or a script run that was interrupted, may have removed the settings.
    if state.writes(query) or not query.keys() <= st.query_params.keys():
        st.query_params.from_dict(query)


def read_judge(asked: str, newest: str | None) -> None:
    """Choose the run that the address asks for, if any, unless this page has written it there."""
    if asked and asked not in state.written_judges():
        state.written_judges().add(asked)
        state.choose_judge(asked, newest)


def write_judge(run_id: str | None) -> None:
    """Make the address say which run was chosen to judge; None if none was."""
    if run_id is None:
        st.query_params.pop(RUN, None)
        return
    state.written_judges().add(run_id)
    st.query_params[RUN] = run_id
