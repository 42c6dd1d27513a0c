"""Train: choose hyperparameters, press Train, watch the network learn."""

from __future__ import annotations

import streamlit as st

from playground.config import RunConfig
from playground.locales import from_english, t
from playground.runs import service
from playground.runs.hub import Hub
from playground.runs.refusals import Refused
from playground.store.runs import RunInfo, StoreError
from playground.ui import location, navigation, state
from playground.ui.board.board import prepare_board
from playground.ui.board.controls import controls
from playground.ui.board.downloads import downloads
from playground.ui.board.going_on import fork, fork_banner, go_on, show_origin
from playground.ui.board.run_board import references_switch, run_board
from playground.ui.common.labels import plain, run_labels
from playground.ui.common.owner import current_owner
from playground.ui.common.pictures import STYLE, image_html
from playground.ui.common.teacher import is_teacher
from playground.ui.inside.inside import inside, look_at_cell
from playground.ui.layout import product_name, skip_to_settings, style_for_a_room
from playground.ui.network.view import network_view
from playground.ui.settings.changes import arrival, compare_with_run
from playground.ui.settings.code import code_panel
from playground.ui.settings.panel import settings_panel
from playground.ui.tour.tour import did, offer_tour

# Sentences about the address that are shown at most; nobody reads more.
MOST_NAMED = 10


def page() -> None:
    """The page, top to bottom: settings, the network that they make, the board."""
    hub, owner = service.hub(), current_owner()
    if problems := location.read(hub, owner):
        shown = [plain(problem) for problem in problems[:MOST_NAMED]]
        if more := len(problems[MOST_NAMED:]):
            shown.append(t("and {more:,} more.", more=more))
        st.warning("\n".join(f"- {line}" for line in shown))
    with st.container(key="train_name", horizontal=True, vertical_alignment="center"):
        product_name()
        if not state.projector():
            offer_tour()
        _switch()
    if state.projector():
        _for_a_room(hub)
        location.write(hub)
        return
    skip_to_settings()
    with st.container(key="train"):
        # In this order on a phone; layout.css has the places where there is more room.
        network = st.container(key="train_network")
        with st.container(key="train_settings"):
            config = _settings(hub, owner)
        head, board = st.container(key="train_head"), st.container(key="train_board")
        run = hub.run(state.shown_run() or "")
        with board:  # first: its run's first events are on their way
            if run is None:
                prepare_board(state.BOARD, state.next_run())
            else:
                run_board(hub, run, state.BOARD, lambda: _look_at_cell(run.id))
        with head:
            way_on = _head(hub, owner, run)
        with board:
            if run is not None:
                _under_board(hub, owner, run, way_on)
            code_panel(config)
        with network:
            _network(config)
    location.write(hub)


def _switch() -> None:
    """Between the page for one person and the one for a room."""
    large = state.projector()
    st.button(
        t("Leave the projector view") if large else t("Projector view"),
        key="projector_leave" if large else "projector_switch",
        icon=":material/close_fullscreen:" if large else ":material/cast:",
        on_click=state.show_projector,
        args=(not large,),
        help=t("Shows settings and everything else again.")
        if large
        else t("Shows only the network and the board, legible from the back of a room."),
    )


def _for_a_room(hub: Hub) -> None:
    """Network and board alone, and large."""
    style_for_a_room()
    run = hub.run(state.shown_run() or "")
    with st.container(key="projector"), st.container(key="train"):
        with st.container(key="train_network"):
            network_view(state.config(), run)
        with st.container(key="train_board"):
            # Another element than the one beside the settings, whose text is small.
            if run is None:
                prepare_board(state.LARGE_BOARD)
            else:
                run_board(hub, run, state.LARGE_BOARD)


def _settings(hub: Hub, owner: str) -> RunConfig:
    """The knobs, and above them what they are for: Train."""
    above = st.container(gap="small")
    config = settings_panel()
    with above:
        with st.container(horizontal=True, key="train_button"):
            if st.button(
                t("Train"),
                type="primary",
                icon=":material/play_arrow:",
                width="stretch",
                help=t("Starts a run with these settings; it waits its turn if others train."),
            ):
                _start(hub, owner, config)
            if st.button(
                t("Sweep"),
                icon=":material/grid_on:",
                help=t("Trains these settings with many values of one or more of them."),
            ):
                state.show_sweep(None)
                navigation.go_to(navigation.SWEEPS)
        if hub.problem:
            st.warning(
                t("{problem} Your runs wait until then.", problem=from_english(hub.problem)),
                icon=":material/error:",
            )
        arrival()
        # What keeps the layers fixed is said before they are seen.
        fork_banner(hub, config)
        _pinned()
    return config


def _start(hub: Hub, owner: str, config: RunConfig) -> None:
    begins, pinned, new = state.fork(), state.pinned(), state.take_next_run()
    try:
        if begins is None:
            run_id = hub.submit(owner, config, pinned, new_id=new)
        else:
            run_id = hub.fork(owner, begins.run_id, begins.epoch, config, pinned, new)
        state.start_run(run_id)
    except (StoreError, Refused) as error:  # shown here, where the button is
        st.error(t("The run could not be started. {reason}", reason=error))


def _pinned() -> None:
    """The drawing that the next run judges at every epoch, if one is pinned on Draw."""
    item = state.pinned()
    if item is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        caption = t("Pinned drawing: the board shows what the network makes of it")
        st.html(STYLE + image_html(item, caption, t("Your pinned drawing"), 112), width="content")
        st.button(
            t("Unpin"),
            icon=":material/keep_off:",
            on_click=state.pin,
            args=(None,),
            help=t("The next run starts without this drawing."),
        )


def _network(config: RunConfig) -> None:
    """The layers that the settings make, with the shapes that Keras prints."""
    network_view(config, service.hub().run(state.shown_run() or ""))
    with st.expander(t("Layers and parameters")):
        # As Markdown: a table made by pandas took a fifth of every script run.
        rows = [
            f"| {row.layer} | {row.output_shape} | {row.parameters:,} |"
            for row in config.layer_table()
        ]
        names = [t("Layer"), t("Output shape"), t("Parameters")]
        head = [f"| {' | '.join(names)} |", "| --- | --- | ---: |"]
        st.markdown("\n".join(head + rows), width="stretch")
        st.caption(
            t(
                "{parameters:,} parameters. Each epoch has {steps:,} steps: {images} in batches "
                "of {batch:,}. {validation:,} images are kept for validation. In a shape, `None` "
                "stands for the number of images in a batch, which may be any number.",
                parameters=config.parameters,
                steps=config.steps_per_epoch,
                images=_training_images(config),
                batch=config.batch_images,
                validation=config.validation_images,
            )
        )


def _training_images(config: RunConfig) -> str:
    """How many training images there are, and of which kinds, if they are not only photos."""
    counts = {
        "total": config.fit_images,
        "photos": config.fit_photos,
        "twins": config.fit_twins,
        "copies": config.fit_sketches,
    }
    if counts["twins"] and counts["copies"]:
        return t(
            "{total:,} training images ({photos:,} photos, {twins:,} sketch twins and {copies:,} "
            "copies of drawings)",
            **counts,
        )
    if counts["twins"]:
        return t(
            "{total:,} training images ({photos:,} photos and {twins:,} sketch twins)", **counts
        )
    if counts["copies"]:
        return t(
            "{total:,} training images ({photos:,} photos and {copies:,} copies of drawings)",
            **counts,
        )
    return t("{total:,} training images", **counts)


def _head(hub: Hub, owner: str, run: RunInfo | None) -> str | None:
    """Which run is on the board, what it is told, and what there is to know about it.

    Returns:
        What it means to go on with the run.
    """
    way_on = None
    if not hub.runs(owner, lessons=False) and run is None:
        st.info(t("Press Train to see this network learn. Every setting can stay as it is."))
        return None
    teacher = is_teacher()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _choose_run(hub, owner, run)
        if run and (run.owner == owner or teacher) and not run.status.ended:
            controls(hub, owner, run)
        if run and run.status.ended:
            way_on = go_on(hub, owner, run)
    if run is None:
        return None
    if run.foreign:
        st.info(plain(from_english(run.foreign)))
    if run.owner != owner:
        st.caption(
            t(
                "The server trains this network for everybody while nobody else trains, once. Draw "
                "asks it what is drawn."
            )
            if run.ready_made
            else t("You control somebody else's run as the teacher.")
            if teacher
            else t("You are watching somebody else's run; only its owner can control it.")
        )
    show_origin(hub, run)
    compare_with_run(state.config(), run.config)
    return way_on


def _choose_run(hub: Hub, owner: str, shown: RunInfo | None) -> None:
    """Which run is on the board: the newest pressed, one from the address, or one chosen here."""
    runs = hub.runs(owner, lessons=False)
    if shown is not None and shown not in runs:
        runs.append(shown)
    labels = run_labels(runs)
    # Another key when a label changes: under the same key Streamlit would show the old label.
    key = state.BOARD_RUN + str(hash(tuple(labels.values())))
    st.session_state[key] = shown.id if shown else None
    st.selectbox(
        t("Run on the board"),
        list(labels),
        key=key,
        format_func=labels.__getitem__,
        on_change=lambda: state.show_run(st.session_state[key]),
        placeholder=t("Choose one of your runs"),
        width=300,
        help=t("Your runs, newest first. All are kept, so that you can come back to them here."),
    )


def _under_board(hub: Hub, owner: str, run: RunInfo, way_on: str | None) -> None:
    if run.status.ended:
        said = [words for words in (way_on, fork(hub, run)) if words]
        if said:
            st.caption("  \n".join(said))
        downloads(hub, owner, run)
    references_switch()
    inside(run)


@state.whole
def _look_at_cell(run_id: str) -> None:
    cell = st.session_state[state.BOARD]["cell"]
    look_at_cell(run_id, cell)
    if isinstance(cell, list) and len(set(map(str, cell))) == 2:
        did("mistake")
