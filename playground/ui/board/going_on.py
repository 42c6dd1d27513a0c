"""What comes after a run: go on with it, or fork from one of its epochs; and where it came from."""

from __future__ import annotations

import streamlit as st

from playground.config import RunConfig
from playground.events import EpochEnd, Status, data_of
from playground.figures.board import Origin, Point
from playground.locales import t
from playground.network.checkpoint import keeps_optimizer
from playground.runs import lineage
from playground.runs.hub import Hub
from playground.runs.lineage import MOST_EPOCHS
from playground.runs.refusals import CannotBegin, Refused
from playground.store.runs import RunInfo, StoreError
from playground.ui import state
from playground.ui.common.labels import given_name, origin_label, plain, short_name

# How many epochs more are proposed where a run has trained all of its own.
_MORE = 5


def go_on(hub: Hub, owner: str, run: RunInfo) -> str | None:
    """More epochs of a run that has ended; returns what that does, None where it is impossible."""
    if run.foreign:
        return None
    begin = lineage.stands_at(hub.archive, run)
    if begin is None:
        return _why_not(run) if run.summary.epochs else None
    if begin >= MOST_EPOCHS:
        return None
    passed = _passed_threshold(hub, run.id)
    left = run.config.epochs - begin
    more: int = st.number_input(
        t("Go on for"),
        1,
        MOST_EPOCHS - begin,
        left if left > 0 else min(_MORE, MOST_EPOCHS - begin),
        key=f"more_{run.id}",
        width=130,
        help=t("How many epochs more to train."),
    )
    if st.button(
        t("Go on"),
        key=f"go_on_{run.id}",
        icon=":material/resume:",
        help=t("Trains more epochs from where this run stands, as a new run."),
    ):
        try:
            state.start_run(hub.go_on(owner, run.id, begin + more))
        except (Refused, StoreError) as error:
            st.error(plain(str(error)))
        else:
            st.rerun()
    return describe_going_on(run, begin, begin + more, passed=passed)


def describe_going_on(run: RunInfo, begin: int, epochs: int, *, passed: bool) -> str:
    """What the run that goes on from another one does, in sentences.

    Args:
        run: the other one.
        begin: its finished epochs where the new run begins.
        epochs: of the new run in all.
        passed: whether its threshold has ended the other one.
    """
    if epochs == begin + 1:
        said = [t("Go on: epoch {epoch} with the same settings.", epoch=epochs)]
    else:
        first, last = begin + 1, epochs
        said = [
            t("Go on: epochs {first} to {last} with the same settings.", first=first, last=last)
        ]
    if not begin and run.summary.epochs:
        said.append(t("None of its epochs is kept, so it begins at the start."))
    elif not begin:
        said.append(t("No epoch has ended, so it begins at the start."))
    elif begin < run.config.epochs and not passed:
        said.append(
            t("It goes on from the end of epoch {epoch}: what was after it is lost.", epoch=begin)
        )
    if passed:
        said.append(t("A threshold has ended this run; the new one goes past it and has none."))
    if run.config.schedule == "cosine" and epochs != run.config.epochs:
        said.append(
            t(
                "The learning rate follows the cosine of {epochs} epochs, so it is not the one of "
                "a run that was planned for fewer.",
                epochs=epochs,
            )
        )
    elif run.config.sketchbook:
        said.append(t("It learns from the drawings that are in the sketchbook by then."))
    else:
        said.append(t("Its numbers are those of one run without a break, to the last bit."))
    return " ".join(said)


def fork(hub: Hub, run: RunInfo) -> str | None:
    """The other way on: another run from one of its epochs; returns what that does, as `go_on`."""
    if run.foreign:
        return None
    standing = lineage.stands_at(hub.archive, run)
    kept = sorted({*hub.archive.epochs(run.id), *([standing] if standing else [])})
    kept = [epoch for epoch in kept if epoch < MOST_EPOCHS]
    if not kept:
        return None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        return _choose_fork(run, kept, standing)


def _choose_fork(run: RunInfo, kept: list[int], standing: int | None) -> str:
    """Fill the settings with those of the run; returns what that does."""
    newest_first, name = kept[::-1], f"fork_{run.id}"
    widget = state.remembering(name)
    epoch: int = st.selectbox(
        t("Fork after"),
        newest_first,
        newest_first.index(state.chosen(name, newest_first, newest_first[0])),
        format_func=_when,
        width=180,
        help=t("The epoch whose weights the next run begins with."),
        **widget,
    )
    st.button(
        t("Fork from here"),
        key=f"fork_from_{run.id}",
        icon=":material/call_split:",
        on_click=_fork_from,
        args=(run, widget["key"]),
        help=t(
            "Puts the settings of this run into the form: change some, then press Train. The next "
            "run begins with the weights of this epoch."
        ),
    )
    if epoch == standing:
        return t("Fork: the next run begins with these weights and the settings that you change.")
    return t(
        "Fork: the next run begins with these weights, a new optimizer, and the settings that you "
        "change."
    )


@state.whole
def _fork_from(run: RunInfo, key: str) -> None:
    # What is chosen when it is pressed: the last run of the script may have seen another epoch.
    epoch = st.session_state[key]
    state.fork_from(run.id, epoch, _settings_of_fork(run.config, epoch))
    # The form is a screen further up.
    st.toast(t("The settings of this run are in the form now: change some, then press Train."))


def _when(epoch: int) -> str:
    return t("epoch {epoch}", epoch=epoch) if epoch else t("the start")


def _settings_of_fork(config: RunConfig, epoch: int) -> RunConfig:
    """The settings that a fork begins with: those of the run, with epochs left to train."""
    if config.epochs > epoch:
        return config
    return config.model_copy(update={"epochs": min(epoch + _MORE, MOST_EPOCHS)})


def _why_not(run: RunInfo) -> str:
    if run.status is Status.FAILED:
        return t("A run that has failed cannot go on: it would fail again at the same place.")
    return t("What is needed to go on from this run is not kept on this server any more.")


@st.cache_data(max_entries=256, show_spinner=False)
def _passed_threshold(_hub: Hub, run_id: str) -> bool:
    return lineage.passed_threshold(_hub.events(run_id))


def fork_banner(hub: Hub, config: RunConfig) -> None:
    """Where the next run begins, if not with new weights; what speaks against it; a way to leave.

    Args:
        hub: has the run.
        config: the settings of the next run.
    """
    fork = state.fork()
    if fork is None:
        return
    run = hub.run(fork.run_id)
    with st.container(border=True):
        st.markdown(_describe_fork(hub, run, fork, config))
        if run is not None:
            try:
                lineage.check_fork(run, fork.epoch, config)
            except CannotBegin as error:
                st.warning(plain(str(error)))
        st.button(
            t("Begin with new weights"),
            icon=":material/close:",
            on_click=state.leave_fork,
            help=t(
                "Leaves the fork: the settings stay, and the next run starts from the beginning."
            ),
        )


def _describe_fork(hub: Hub, run: RunInfo | None, fork: state.Fork, config: RunConfig) -> str:
    if run is None:
        return t("The run that the next run was to begin with has been deleted.")
    name = plain(given_name(run) or short_name(run.config))
    same = lineage.stands_at(hub.archive, run) == fork.epoch
    if same and keeps_optimizer(run.config, config):
        return t(
            "The next run starts from the weights of **{run}** after epoch {epoch}. Its optimizer "
            "goes on, too.",
            run=name,
            epoch=fork.epoch,
        )
    return t(
        "The next run starts from the weights of **{run}** after epoch {epoch}, with a new "
        "optimizer.",
        run=name,
        epoch=fork.epoch,
    )


def origin_of(hub: Hub, run: RunInfo) -> Origin | None:
    """Where a run goes on from another one, with what that one did from there on."""
    if run.parent is None:
        return None
    there = hub.run(run.parent) is not None
    later = _points(hub, run.parent, run.parent_epoch) if there else ()
    return Origin(run.parent_epoch, later)


@st.cache_data(max_entries=64, show_spinner=False)
def _points(_hub: Hub, run_id: str, begin: int) -> tuple[Point, ...]:
    """The epochs of a run that has ended, from one on."""
    return tuple(
        Point(e.epoch, e.loss, e.accuracy, e.val_loss, e.val_accuracy)
        for e in data_of(_hub.events(run_id), EpochEnd)
        if e.epoch >= begin
    )


def show_origin(hub: Hub, run: RunInfo) -> None:
    """Which run this one goes on from, and a way to it."""
    if run.parent is None:
        return
    parent = hub.run(run.parent)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(plain(origin_label(run, parent)), width="content")
        if parent is not None:
            st.button(
                t("Show the run before"),
                icon=":material/undo:",
                type="tertiary",
                on_click=state.show_run,
                args=(parent.id,),
                help=t("Puts the run that this one goes on from on the board."),
            )
