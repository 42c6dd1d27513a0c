"""What the Learn pages share: the way to Train, networks, runs and their race."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

import streamlit as st

from playground.config import RunConfig
from playground.dataset import class_name, load_data
from playground.events import Command, EpochEnd, Event, EventData, Progress, Status, data_of
from playground.figures.lesson.training import race_figure
from playground.figures.thinning import thin
from playground.locales import from_english, t
from playground.network.gradients import initial_network
from playground.network.network import Network
from playground.runs import service
from playground.runs.hub import Hub
from playground.runs.results import follows_its_settings
from playground.store.runs import RunInfo
from playground.ui import navigation, state
from playground.ui.common.figure import show_figure
from playground.ui.common.labels import config_label, run_labels
from playground.ui.common.pictures import percent
from playground.ui.common.problems import show_errors

FOLLOW_SECONDS = 1.0
FINISHED_SECONDS = 10.0
NEWEST = 30
# A single image can have a loss of 0.0000001; nobody needs to see how far below this it is.
LEAST = 0.05
D = TypeVar("D", bound=EventData)


def open_train(new: RunConfig, hint: str) -> None:
    """A button that opens the Train page with these settings.

    Args:
        new: the settings.
        hint: what to try there; stands beside the button.
    """
    st.divider()
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            t("Open on Train"),
            key="open_on_train",  # one button whatever the settings, so that no click is lost
            icon=":material/play_arrow:",
            help=t(
                "Opens the Train page with these settings: {settings}.", settings=config_label(new)
            ),
        )
        st.markdown(hint)
    if pressed:
        state.arrive(new)
        navigation.go_to(navigation.TRAIN)


def choose_image(name: str, label: str, help: str) -> int:
    """A slider over the first 500 test images; returns the index of the chosen one.

    Args:
        name: under which the choice is remembered.
        label: of the slider.
        help: of the slider.
    """
    index: int = st.slider(
        label, 0, 499, state.remembered(name, 0), help=help, **state.remembering(name)
    )
    st.caption(
        t(
            "Test image {index}: {label}.",
            index=index,
            label=class_name(load_data().y_test[index]),
        )
    )
    return index


def choose_run(
    hub: Hub,
    owner: str,
    name: str,
    help: str,
    kind: type[EventData],
    without: RunConfig | None = None,
) -> RunInfo | None:
    """A select box with the owner's runs that have ended, newest first; None if there are none.

    Args:
        hub: of this server.
        owner: whose runs.
        name: under which the choice is remembered.
        help: of the select box.
        kind: only runs with an event of this kind.
        without: a configuration whose runs are left out.
    """
    ended = [run for run in hub.runs(owner) if run.status.ended and run.config != without]
    runs = {run.id: run for run in ended[:NEWEST] if events_of(hub, run, kind)}
    if not runs:
        return None
    labels = run_labels(list(runs.values()))
    ids = list(runs)
    chosen = st.selectbox(
        t("Run"),
        ids,
        ids.index(state.chosen(name, ids, ids[0])),
        format_func=labels.__getitem__,
        help=help,
        **state.remembering(name),
    )
    return runs[chosen]


def events_of(hub: Hub, run: RunInfo, kind: type[D]) -> list[D]:
    """What happened in a run's events of one kind."""
    return data_of(_events(hub, run), kind)


def choose_network(hub: Hub, owner: str, name: str, help: str) -> tuple[Network, str]:
    """A select box with the owner's trained networks and an untrained one.

    Args:
        hub: of this server.
        owner: whose networks.
        name: under which the choice is remembered.
        help: of the select box.

    Returns:
        The chosen network, and in a few words which one it is.
    """
    runs: dict[str | None, RunInfo] = {
        run.id: run for run in hub.runs(owner) if run.status in (Status.FINISHED, Status.STOPPED)
    }
    labels = run_labels(list(runs.values()))
    ids = [*list(runs)[:NEWEST], None]
    untrained = t("untrained, 128 relu, seed 42")
    chosen = st.selectbox(
        t("Network"),
        ids,
        ids.index(state.chosen(name, ids, ids[0])),
        format_func=lambda run_id: labels[run_id] if run_id else untrained,
        help=help,
        **state.remembering(name),
    )
    network = ended_network(hub, chosen) if chosen else None
    if chosen and network is None:
        st.warning(
            t("The weights of this run cannot be read, so an untrained network is shown instead.")
        )
    if network is None:
        return initial_network((128,), "relu", 42), untrained
    return network, config_label(runs[chosen].config)


@st.cache_resource(max_entries=16, show_spinner=False)
def ended_network(_hub: Hub, run_id: str) -> Network | None:
    """The weights of a run that has ended; None if it has none or they are damaged."""
    try:
        return _hub.network(run_id)
    except ValueError:
        return None


def experiment(
    hub: Hub,
    owner: str,
    configs: Mapping[str, RunConfig],
    label: str,
    lesson: str,
    *,
    log: bool = False,
    steps: bool = False,
) -> dict[str, RunInfo]:
    """Runs side by side, trained by the engine like any others, their loss drawn as they go.

    A run is known by its configuration: the same settings and seed give the same numbers, so what
    has been trained once is shown again, and nothing is trained twice.

    Args:
        hub: of this server.
        owner: who presses the button.
        configs: the runs, by the name of their line.
        label: of the button.
        lesson: the path of the page, which keeps its runs apart from those that people set up.
        log: whether the loss is drawn on a log scale.
        steps: whether the loss of every step is drawn, thinned out, or means over many steps.

    Returns:
        Those of them that have ended.
    """
    found = _known_runs(hub, owner, configs)
    going = [run for run in found.values() if not run.status.ended]
    missing = [config for name, config in configs.items() if name not in found]
    with st.container(horizontal=True):
        if st.button(
            label,
            type="primary",
            icon=":material/play_arrow:",
            disabled=not missing,
            help=t(
                "The runs wait for their turn if others are training. Runs that have been trained "
                "before are shown again."
            ),
        ):
            for config in missing:
                hub.submit(owner, config, lesson=lesson)
            st.rerun()
        if going and st.button(t("Stop them"), icon=":material/stop:", help=t("Ends these runs.")):
            try:
                for run in going:
                    if run.owner == owner:
                        hub.command(owner, run.id, Command("stop"))
                st.rerun()
            except ConnectionError as error:
                st.error(str(error))
    if not found:
        st.info(t("Nothing has been trained here yet. Press the button and watch the loss fall."))
        return {}
    st.fragment(show_errors(_follow), run_every=FOLLOW_SECONDS if going else None)(
        {name: run.id for name, run in found.items()}, bool(going), log, steps
    )
    return {name: run for name, run in found.items() if run.status.ended}


def _known_runs(hub: Hub, owner: str, configs: Mapping[str, RunConfig]) -> dict[str, RunInfo]:
    """For each configuration the owner's newest run of it, or anybody's that finished."""
    broken = (Status.STOPPED, Status.INTERRUPTED)
    # A sealed run has no test result: it counts only while no other one can be had.
    seals = any(hub.seals(owner, config) for config in configs.values())
    newest = _by_config(
        run for run in hub.runs(owner) if run.status not in broken and (seals or not run.sealed)
    )
    known = {name: newest[config] for name, config in configs.items() if config in newest}
    if len(known) < len(configs):
        anybodys = _finished(hub)
        known |= {
            name: anybodys[config]
            for name, config in configs.items()
            if name not in known and config in anybodys
        }
    return known


@st.cache_resource(ttl=FINISHED_SECONDS, show_spinner=False)
def _finished(_hub: Hub) -> dict[RunConfig, RunInfo]:
    """Everybody's newest finished run of each configuration; a year has many thousands of runs."""
    finished = (run for run in _hub.runs() if run.status is Status.FINISHED)
    return _by_config(run for run in finished if not run.sealed)


def _by_config(runs: Iterable[RunInfo]) -> dict[RunConfig, RunInfo]:
    """The first run of each configuration that its settings alone explain."""
    found: dict[RunConfig, RunInfo] = {}
    for run in runs:
        if follows_its_settings(run):
            found.setdefault(run.config, run)
    return found


def _follow(ids: Mapping[str, str], going: bool, log: bool, steps: bool) -> None:
    hub = service.hub()
    runs = {name: run for name, run_id in ids.items() if (run := hub.run(run_id))}
    if going and all(run.status.ended for run in runs.values()):
        st.rerun()
    curves = {}
    sentences = [
        t(
            "Training loss of each run while it learns, step by step; a loss below {least} is "
            "drawn as {least}.",
            least=LEAST,
        )
        if steps
        else t("Training loss of each run while it learns.")
    ]
    for name, run in runs.items():
        events = _events(hub, run)
        points = data_of(events, Progress)
        curves[name] = (
            thin(
                [x for p in points for x in p.step_epochs],
                [y for p in points for y in p.step_losses],
            )
            if steps
            else ([p.epoch for p in points], [p.loss for p in points])
        )
        sentences.append(_describe(hub, run, name, events))
    show_figure(
        race_figure(
            curves,
            t("Epoch"),
            t("Loss of each step") if steps else t("Training loss"),
            log=log,
            floor=LEAST if steps else None,
        ),
        " ".join(sentences),
        "race",
    )


def _describe(hub: Hub, run: RunInfo, name: str, events: list[Event]) -> str:
    """Where a run stands, in a sentence."""
    if run.status is Status.QUEUED:
        return t(
            "{run}: waits, place {position} in the queue.",
            run=name,
            position=hub.queue_position(run.id),
        )
    if run.status is Status.FAILED:
        return t("{run}: failed. {reason}", run=name, reason=from_english(run.reason))
    epochs = data_of(events, EpochEnd)
    if not epochs:
        return t("{run}: starts.", run=name)
    last = epochs[-1]
    return t(
        "{run}: loss {loss:.4g} and validation accuracy {accuracy} after epoch {epoch}.",
        run=name,
        loss=last.loss,
        accuracy=percent(last.val_accuracy, 1),
        epoch=last.epoch,
    )


# Not cache_data, which would copy them all at every script run; nobody changes an event.
@st.cache_resource(max_entries=64, show_spinner=False)
def _ended_events(_hub: Hub, run_id: str) -> list[Event]:
    return _hub.events(run_id)


def _events(hub: Hub, run: RunInfo) -> list[Event]:
    """A run's events; those of a run that has ended never change."""
    return _ended_events(hub, run.id) if run.status.ended else hub.events(run.id)
