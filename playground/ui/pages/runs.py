"""Runs: all runs of an owner in a table; choose some, and see what can be done with them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from playground.experiments.differences import differences
from playground.figures.compare import MOST_RUNS
from playground.locales import SOURCE_LANGUAGE, language, plural, t
from playground.runs import service
from playground.runs.bin import UNDO_SECONDS
from playground.runs.hub import MOST_NAME, MOST_NOTE, Hub, NotEnded, NotYours
from playground.store.runs import RunInfo, StoreError
from playground.ui import navigation, state
from playground.ui.common.labels import plain, setting_name
from playground.ui.common.owner import current_owner
from playground.ui.common.problems import show_errors
from playground.ui.compare.compare import can_compare, compare
from playground.ui.runs.files import csv_of, json_of
from playground.ui.runs.table import runs_table
from playground.ui.runs.view import MOST_CHOSEN, View, apply, names, page_of, shown_value

_TABLE = "runs_table"
# Sentences about the address that are shown at most; nobody reads more.
_MOST_NAMED = 5


def page() -> None:
    """The page, top to bottom: filter, what can be done with the chosen runs, the table."""
    st.title(t("Runs"), anchor=False)
    hub, owner = service.hub(), current_owner()
    _read_address(hub)
    if problems := st.session_state[state.RUNS_PROBLEMS]:
        st.warning("\n".join(f"- {line}" for line in problems))
    _undo_for_a_while()
    own = hub.runs(owner)
    chosen = [run for run_id in _chosen() if (run := hub.run(run_id))]
    others = [run for run in chosen if run.owner != owner]
    runs = sorted(own + others, key=lambda run: run.number, reverse=True)
    if not runs:
        st.info(t("You have not trained anything yet. Train a network, and its run stands here."))
        navigation.link_to(navigation.TRAIN, t("Train a network"))
        _write_address()
        return
    named = names(own) | names(others)
    if st.session_state[state.RUNS_COMPARED] and can_compare(chosen):
        _compare(hub, chosen, named)
        _write_address()
        return
    _filter(runs)
    found = apply(_view(), runs, named)
    _tools(hub, owner, chosen, found, named)
    if len(chosen) == 1 and chosen[0].owner == owner:
        _describe(hub, owner, chosen[0], named[chosen[0].id])
    _table(hub, owner, found, named)
    _write_address()


def _compare(hub: Hub, chosen: Sequence[RunInfo], named: Mapping[str, str]) -> None:
    st.button(
        t("All runs"),
        icon=":material/arrow_back:",
        on_click=st.session_state.update,
        args=({state.RUNS_COMPARED: False},),
        help=t("Back to the table; the same runs are chosen there."),
    )
    compare(hub, chosen, named)


def _view() -> View:
    view: View = st.session_state[state.RUNS_VIEW]
    return view


def _set_view(**values: object) -> None:
    st.session_state[state.RUNS_VIEW] = replace(_view(), **values)  # type: ignore[arg-type]


def _chosen() -> list[str]:
    ids: list[str] = st.session_state[state.RUNS_CHOSEN]
    return ids


def _choose(run_ids: Sequence[str]) -> None:
    """Choose these runs, from outside of the table."""
    st.session_state[state.RUNS_CHOSEN] = list(run_ids)
    st.session_state[state.RUNS_REVISION] += 1


def _read_address(hub: Hub) -> None:
    """Show what the address asks for, once a session: later it says what the page shows."""
    if state.RUNS_VIEW in st.session_state:
        return
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    asked = list(dict.fromkeys(query.get("run", [])))[:MOST_CHOSEN]
    gone = [run_id for run_id in asked if hub.run(run_id) is None]
    problems = [
        t("There is no run “{run}” on this server.", run=plain(run_id[:40]))
        for run_id in gone[:_MOST_NAMED]
    ]
    if more := len(gone[_MOST_NAMED:]):
        problems.append(t("and {more:,} more.", more=more))
    st.session_state[state.RUNS_VIEW] = View.from_query(query)
    st.session_state[state.RUNS_CHOSEN] = [run_id for run_id in asked if run_id not in gone]
    st.session_state[state.RUNS_REVISION] = 0
    st.session_state[state.RUNS_COMPARED] = "compare" in query
    st.session_state[state.RUNS_PROBLEMS] = problems


def _write_address() -> None:
    query = _view().to_query()
    if chosen := _chosen():
        query["run"] = chosen
        if st.session_state[state.RUNS_COMPARED]:
            query["compare"] = "true"
    if language() != SOURCE_LANGUAGE:
        query["lang"] = language()
    there = {name: st.query_params.get_all(name) for name in st.query_params}
    if there != {key: [value] if isinstance(value, str) else value for key, value in query.items()}:
        st.query_params.from_dict(query)


def _filter(runs: Sequence[RunInfo]) -> None:
    """What the rows must have: words, a setting's values; and whether the test is shown."""
    view = _view()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.session_state["runs_find"] = view.text
        st.text_input(
            t("Find"),
            key="runs_find",
            max_chars=100,
            icon=":material/search:",
            on_change=lambda: _set_view(text=st.session_state["runs_find"].strip(), page=1),
            help=t("Words of the name, the note, the settings or the status; all must be there."),
            width=240,
        )
        differing = [one.setting for one in differences(list({run.config for run in runs}))]
        if view.setting and view.setting not in differing:
            differing.append(view.setting)
        st.session_state["runs_setting"] = view.setting or None
        st.selectbox(
            t("Setting"),
            differing,
            key="runs_setting",
            format_func=setting_name,
            placeholder=t("Any"),
            on_change=lambda: _set_view(
                setting=st.session_state["runs_setting"] or "", values=(), page=1
            ),
            help=t("Only settings that differ between your runs are listed."),
            width=220,
        )
        if view.setting:
            _values(view, runs)
        st.session_state["runs_test"] = view.test
        st.toggle(
            t("Show test accuracy"),
            key="runs_test",
            on_change=lambda: _set_view(test=st.session_state["runs_test"]),
            help=t("The accuracy on the 10,000 test images, as a column."),
        )
    if view.test:
        st.caption(
            t(
                "Test accuracy is no column at first, because hyperparameters are chosen by the "
                "validation accuracy. Whoever chooses the run with the best test accuracy has used "
                "the test images to choose, and no images are left that tell how good it is on "
                "new ones."
            )
        )


def _values(view: View, runs: Sequence[RunInfo]) -> None:
    every = {run.config: run for run in runs}
    values = dict.fromkeys(shown_value(run, view.setting) for run in every.values())
    key = f"runs_values_{view.setting}"
    st.session_state[key] = [value for value in view.values if value in values]
    st.multiselect(
        t("Values"),
        sorted(values),
        key=key,
        placeholder=t("All"),
        on_change=lambda: _set_view(values=tuple(st.session_state[key]), page=1),
        help=t("Only runs with one of these values are listed."),
        width=260,
    )


def _tools(
    hub: Hub,
    owner: str,
    chosen: Sequence[RunInfo],
    found: Sequence[RunInfo],
    named: Mapping[str, str],
) -> None:
    """What can be done with the chosen runs, and with the whole table."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            t("Compare"),
            type="primary",
            icon=":material/compare_arrows:",
            disabled=not can_compare(chosen),
            on_click=st.session_state.update,
            args=({state.RUNS_COMPARED: True},),
            help=t("Shows two to {most} chosen runs side by side.", most=MOST_RUNS),
        )
        if st.button(
            t("The same but …"),
            icon=":material/edit:",
            disabled=len(chosen) != 1,
            help=t("Opens Train with the settings of the chosen run, to change what you like."),
        ):
            state.set_config(chosen[0].config)
            navigation.go_to(navigation.TRAIN)
        st.button(
            t("Delete"),
            key="runs_delete",
            icon=":material/delete:",
            disabled=not chosen,
            on_click=_throw_away,
            args=(hub, owner, [run.id for run in chosen]),
            help=t(
                "Deletes the chosen runs with their files, for everyone. For {seconds:.0f} "
                "seconds you can undo it.",
                seconds=UNDO_SECONDS,
            ),
        )
        st.download_button(
            t("JSON"),
            lambda: json_of(hub, chosen, named),
            "fashion-mnist-runs.json",
            "application/json",
            icon=":material/download:",
            on_click="ignore",
            disabled=not chosen,
            help=t("All that is known of the chosen runs, with every epoch."),
        )
        st.download_button(
            t("CSV"),
            lambda: csv_of(found, named, test=_view().test),
            "fashion-mnist-runs.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            help=t("All runs of this table, also those on its other pages."),
        )
        if chosen:
            st.button(
                t("Choose none"),
                icon=":material/deselect:",
                on_click=_choose,
                args=([],),
                help=t("No run is chosen any more."),
            )
            st.markdown(
                plural("{count} run is chosen.", "{count} runs are chosen.", len(chosen)),
                width="content",
            )
        else:
            st.markdown(t("Choose runs by the boxes before them."), width="content")


def _throw_away(hub: Hub, owner: str, run_ids: list[str]) -> None:
    try:
        hub.throw_away(owner, run_ids)
    except (NotYours, NotEnded) as error:
        st.session_state[state.RUNS_PROBLEMS] = [str(error)]
        return
    _choose([])
    st.session_state[state.RUNS_PROBLEMS] = []
    st.session_state[state.RUNS_THROWN_AWAY] = (run_ids, time.monotonic() + UNDO_SECONDS)


def _undo_for_a_while() -> None:
    if state.RUNS_THROWN_AWAY in st.session_state:
        st.fragment(show_errors(_undo), run_every=1.0)()


def _undo() -> None:
    """Say what was deleted, and take it back if asked; nothing when it is too late."""
    thrown = st.session_state.get(state.RUNS_THROWN_AWAY)
    if thrown is None:
        return
    run_ids, until = thrown
    if time.monotonic() >= until:
        del st.session_state[state.RUNS_THROWN_AWAY]
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            plural("{count} run is deleted.", "{count} runs are deleted.", len(run_ids)),
            width="content",
        )
        if st.button(
            t("Undo"), key="runs_undo", icon=":material/undo:", help=t("The runs are here again.")
        ):
            service.hub().take_back(current_owner(), run_ids)
            del st.session_state[state.RUNS_THROWN_AWAY]
            st.rerun()


def _describe(hub: Hub, owner: str, run: RunInfo, name: str) -> None:
    """Name and note of the one run that is chosen."""
    with st.container(horizontal=True):
        st.text_input(
            t("Name"),
            run.name,
            key=(name_key := f"runs_name_{run.id}"),
            max_chars=MOST_NAME,
            placeholder=name,
            on_change=lambda: _say(hub, owner, run.id, name=st.session_state[name_key]),
            help=t("Leave it empty for the short name of its settings."),
            width=320,
        )
        st.text_area(
            t("Note"),
            run.note,
            key=(note_key := f"runs_note_{run.id}"),
            max_chars=MOST_NOTE,
            on_change=lambda: _say(hub, owner, run.id, note=st.session_state[note_key]),
            help=t("What you tried, and what you saw."),
            height=68,
        )


def _say(hub: Hub, owner: str, run_id: str, **said: Any) -> None:
    """Write what the owner says of a run; why it could not be is shown above the table."""
    try:
        hub.describe(owner, run_id, **said)
    except (NotYours, StoreError) as error:
        st.session_state[state.RUNS_PROBLEMS] = [str(error)]
    else:
        st.session_state[state.RUNS_PROBLEMS] = []


def _table(hub: Hub, owner: str, found: Sequence[RunInfo], named: Mapping[str, str]) -> None:
    if not found:
        st.info(t("No run has all that. Take something out of the filter."))
        return
    number, shown = page_of(_view(), found)

    def take(value: str) -> Any:
        return st.session_state[_TABLE][value]

    def take_chosen() -> None:
        ids = [str(run_id) for run_id in take("chosen") or []]
        st.session_state[state.RUNS_CHOSEN] = [i for i in ids[:MOST_CHOSEN] if hub.run(i)]
        st.session_state[state.RUNS_PROBLEMS] = []

    def take_star() -> None:
        run_id, on = take("star")
        _say(hub, owner, str(run_id), starred=bool(on))

    result = runs_table(
        shown,
        named,
        _view(),
        _chosen(),
        owner=owner,
        revision=st.session_state[state.RUNS_REVISION],
        key=_TABLE,
        on_chosen_change=take_chosen,
        on_star_change=take_star,
        on_sort_change=lambda: st.session_state.update(
            {state.RUNS_VIEW: _view().sorted_by(str(take("sort")))}
        ),
        on_open_change=lambda: None,
    )
    if result.open and hub.run(str(result.open)):
        state.show_run(str(result.open))
        navigation.go_to(navigation.TRAIN)
    pages = page_of(replace(_view(), page=len(found)), found)[0]
    if pages > 1:
        st.session_state["runs_page"] = number
        st.number_input(
            t("Page (of {pages:,})", pages=pages),
            1,
            pages,
            key="runs_page",
            on_change=lambda: _set_view(page=st.session_state["runs_page"]),
            help=t("{count:,} runs in all.", count=len(found)),
            width=160,
        )
