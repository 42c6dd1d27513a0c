"""Runs: all runs of an owner in a table; choose some, and see what can be done with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from playground.experiments.differences import judged_on_the_same_images
from playground.experiments.repeats import USUAL_SEEDS
from playground.figures.compare import MOST_RUNS
from playground.locales import mark, plural, t
from playground.runs import service
from playground.runs.bin import UNDO_SECONDS
from playground.runs.hub import MOST_NAME, MOST_NOTE, Hub, NotYours
from playground.runs.ready_made import ready_made
from playground.store.runs import RunInfo, StoreError
from playground.ui import navigation, state
from playground.ui.common.labels import origin_label
from playground.ui.common.owner import current_owner
from playground.ui.compare.compare import can_compare, compare
from playground.ui.compare.repeat import (
    can_repeat,
    missing,
    repeats,
    seeds_to_add,
    settings_of,
    submit,
    with_one_seed,
)
from playground.ui.compare.verdict import show_verdict
from playground.ui.runs import session
from playground.ui.runs.files import csv_of, json_of
from playground.ui.runs.filter import show_filter
from playground.ui.runs.table import runs_table
from playground.ui.runs.tensorboard import logs_of
from playground.ui.runs.undo import throw_away, undo_for_a_while
from playground.ui.runs.view import MOST_CHOSEN, apply, names, page_of

_TITLES = {
    session.TABLE: mark("Runs"),
    session.COMPARE: mark("Compare runs"),
    session.VERDICT: mark("Better, or luck?"),
}


def page() -> None:
    """The page, top to bottom: filter, what can be done with the chosen runs, the table."""
    hub, owner = service.hub(), current_owner()
    session.read_address(hub)
    chosen = [run for run_id in session.chosen() if (run := hub.run(run_id))]
    shown = _shown(chosen)
    st.title(t(_TITLES[shown]), anchor=False)
    if problems := st.session_state[state.RUNS_PROBLEMS]:
        st.warning("\n".join(f"- {line}" for line in problems))
    undo_for_a_while(hub, owner)
    own = hub.runs(owner, lessons=session.view().lessons) or hub.runs(owner)
    others = [run for run in chosen if run not in own]
    ready = ready_made.find(hub)
    if ready is not None and ready not in others:
        others.append(ready)
    runs = sorted(own + others, key=lambda run: run.number, reverse=True)
    if not own and not chosen:
        st.info(t("You have not trained anything yet. Train a network, and its run stands here."))
        navigation.link_to(navigation.TRAIN, t("Train a network"))
    if not runs:
        session.write_address()
        return
    named = names(own) | names(others)
    if shown != session.TABLE:
        _back()
        if shown == session.COMPARE:
            compare(hub, chosen, named)
        else:
            show_verdict(hub, owner, chosen, named)
        session.write_address()
        return
    show_filter(runs)
    found = apply(session.view(), runs, named)
    _tools(hub, owner, chosen, found, named)
    if len(chosen) == 1 and chosen[0].owner == owner:
        _describe(hub, owner, chosen[0], named[chosen[0].id])
    _table(hub, owner, found, named)
    session.write_address()


def _shown(chosen: Sequence[RunInfo]) -> str:
    """The view that is asked for, if these runs can be seen in it; else the table."""
    shown = session.shown()
    if shown == session.COMPARE and can_compare(chosen):
        return shown
    if shown == session.VERDICT and 1 <= len(settings_of(chosen)) <= MOST_RUNS:
        return shown
    return session.TABLE


def _back() -> None:
    st.button(
        t("All runs"),
        icon=":material/arrow_back:",
        on_click=session.show,
        args=(session.TABLE,),
        help=t("Back to the table; the same runs are chosen there."),
    )


def _tools(
    hub: Hub,
    owner: str,
    chosen: Sequence[RunInfo],
    found: Sequence[RunInfo],
    named: Mapping[str, str],
) -> None:
    """What can be done with the chosen runs, and with the whole table."""
    test = session.view().test  # files are made outside of a script run: nothing knows the session
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            t("Compare"),
            type="primary",
            icon=":material/compare_arrows:",
            disabled=not can_compare(chosen),
            on_click=session.show,
            args=(session.COMPARE,),
            help=t("Shows two to {most} chosen runs side by side.", most=MOST_RUNS),
        )
        # Not by a callback: that would have the runs of the last script run, and not one that has
        # been chosen right before the press.
        if st.button(
            t("Repeat with other seeds"),
            icon=":material/casino:",
            disabled=not can_repeat(chosen, owner),
            help=t(
                "Trains the settings of the chosen runs again, so that each has {seeds} seeds, the "
                "same for all. Then a verdict says which is better, or that it was luck.",
                seeds=USUAL_SEEDS,
            ),
        ):
            _repeat(hub, owner, chosen)
            st.rerun()
        if st.button(
            t("Sweep"),
            icon=":material/grid_on:",
            disabled=len(chosen) > 1,
            help=t(
                "Trains the settings of the chosen run, else those on Train, with many values of "
                "one or more of them."
            ),
        ):
            if chosen:
                state.set_config(chosen[0].config)
            state.show_sweep(None)
            navigation.go_to(navigation.SWEEPS)
        if st.button(
            t("The same but …"),
            icon=":material/edit:",
            disabled=len(chosen) != 1,
            help=t("Opens Train with the settings of the chosen run, to change what you like."),
        ):
            state.arrive(chosen[0].config)
            navigation.go_to(navigation.TRAIN)
        if st.button(
            t("Delete"),
            key="runs_delete",
            icon=":material/delete:",
            disabled=not chosen,
            help=t(
                "Deletes the chosen runs with their files, for everyone. For {seconds:.0f} "
                "seconds you can undo it.",
                seconds=UNDO_SECONDS,
            ),
        ):
            throw_away(hub, owner, [run.id for run in chosen])
            st.rerun()
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
            t("TensorBoard"),
            lambda: logs_of(hub, chosen, named, test=test),
            "fashion-mnist-logs.zip",
            "application/zip",
            icon=":material/download:",
            on_click="ignore",
            disabled=not chosen,
            help=t(
                "Logs of the chosen runs for TensorBoard, up to {most} runs. Unzip them, then "
                "start tensorboard --logdir with the folder.",
                most=MOST_CHOSEN,
            ),
        )
        st.download_button(
            t("CSV"),
            lambda: csv_of(found, named, test=test),
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
                on_click=session.choose,
                args=([],),
                help=t("No run is chosen any more."),
            )
            st.markdown(
                plural("{count} run is chosen.", "{count} runs are chosen.", len(chosen)),
                width="content",
            )
        else:
            st.markdown(t("Choose runs by the boxes before them."), width="content")


def _repeat(hub: Hub, owner: str, chosen: Sequence[RunInfo]) -> None:
    """Train what is missing of the usual number of seeds, and show the verdict."""
    st.session_state[state.RUNS_PROBLEMS] = []
    session.show(session.VERDICT)
    if not judged_on_the_same_images([run.config for run in with_one_seed(chosen)]):
        return
    found = repeats(hub, chosen)
    try:
        problem = submit(hub, owner, missing(found, seeds_to_add(found)))
    except StoreError as error:
        problem = str(error)
    if problem:
        st.session_state[state.RUNS_PROBLEMS] = [problem]


def _describe(hub: Hub, owner: str, run: RunInfo, name: str) -> None:
    """Name and note of the one run that is chosen."""
    with st.container(horizontal=True):
        st.text_input(
            t("Name"),
            run.name,
            key=(name_key := f"runs_name_{run.id}"),
            max_chars=MOST_NAME,
            placeholder=name,
            on_change=lambda: _say(
                partial(hub.describe, owner, run.id, name=st.session_state[name_key])
            ),
            help=t("Leave it empty for the short name of its settings."),
            width=320,
        )
        st.text_area(
            t("Note"),
            run.note,
            key=(note_key := f"runs_note_{run.id}"),
            max_chars=MOST_NOTE,
            on_change=lambda: _say(
                partial(hub.describe, owner, run.id, note=st.session_state[note_key])
            ),
            help=t("What you tried, and what you saw."),
            height=68,
        )


def _say(describe: Callable[[], None]) -> None:
    """Write what the owner says of a run; why it could not be is shown above the table."""
    try:
        describe()
    except (NotYours, StoreError) as error:
        st.session_state[state.RUNS_PROBLEMS] = [str(error)]
    else:
        st.session_state[state.RUNS_PROBLEMS] = []


def _table(hub: Hub, owner: str, found: Sequence[RunInfo], named: Mapping[str, str]) -> None:
    if not found:
        st.info(t("No run has all that. Take something out of the filter."))
        return
    number, shown = page_of(session.view(), found)

    def take(value: str) -> Any:
        return st.session_state[state.RUNS_TABLE][value]

    def take_chosen() -> None:
        ids = [str(run_id) for run_id in take("chosen") or []]
        st.session_state[state.RUNS_CHOSEN] = [i for i in ids[:MOST_CHOSEN] if hub.run(i)]
        st.session_state[state.RUNS_PROBLEMS] = []

    def take_star() -> None:
        run_id, on = take("star")
        _say(partial(hub.describe, owner, str(run_id), starred=bool(on)))

    result = runs_table(
        shown,
        named,
        {run.id: origin_label(run, hub.run(run.parent)) for run in shown if run.parent},
        session.view(),
        session.chosen(),
        owner=owner,
        revision=st.session_state[state.RUNS_REVISION],
        key=state.RUNS_TABLE,
        on_chosen_change=take_chosen,
        on_star_change=take_star,
        on_sort_change=lambda: st.session_state.update(
            {state.RUNS_VIEW: session.view().sorted_by(str(take("sort")))}
        ),
        on_open_change=lambda: None,
    )
    if result["open"] and hub.run(str(result["open"])):
        state.show_run(str(result["open"]))
        navigation.go_to(navigation.TRAIN)
    pages = page_of(replace(session.view(), page=len(found)), found)[0]
    if pages > 1:
        st.session_state[state.RUNS_PAGE] = number
        st.number_input(
            t("Page (of {pages:,})", pages=pages),
            1,
            pages,
            key=state.RUNS_PAGE,
            on_change=lambda: session.set_view(page=st.session_state[state.RUNS_PAGE]),
            help=t("{count:,} runs in all.", count=len(found)),
            width=160,
        )
