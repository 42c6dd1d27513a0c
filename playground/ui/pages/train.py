"""Train: choose hyperparameters, press Train, watch the network learn."""

from __future__ import annotations

import streamlit as st

from playground.config import RunConfig
from playground.events import Command, CommandName, EpochEnd, LearningRateChange, Status, data_of
from playground.figures.board import history_frame
from playground.figures.references import REFERENCES
from playground.locales import from_english, t
from playground.runs import service
from playground.runs.archive import MODEL
from playground.runs.hub import Hub, NotEnded, NotYours, TooMany
from playground.runs.lineage import CannotBegin
from playground.store.runs import RunInfo, StoreError
from playground.ui import navigation, state
from playground.ui.board.board import live_board, prepare_board
from playground.ui.board.going_on import fork_banner, go_on_or_fork, origin_of, show_origin
from playground.ui.common.labels import plain, run_labels
from playground.ui.common.owner import current_owner
from playground.ui.common.pictures import STYLE, image_html
from playground.ui.common.teacher import is_teacher
from playground.ui.inside.inside import inside
from playground.ui.settings.code import code_panel
from playground.ui.settings.panel import settings_panel

# Sentences about the address that are shown at most; nobody reads more.
MOST_NAMED = 10


def page() -> None:
    """The page, top to bottom: settings, the network that they make, the board."""
    hub, owner = service.hub(), current_owner()
    if problems := state.read_address(hub):
        shown = [plain(problem) for problem in problems[:MOST_NAMED]]
        if more := len(problems[MOST_NAMED:]):
            shown.append(t("and {more:,} more.", more=more))
        st.warning("\n".join(f"- {line}" for line in shown))
    left, right = st.columns([1, 2], gap="large")
    with left:
        above = st.container()  # what keeps the layers fixed is said before they are seen
        config = settings_panel()
        with above:
            fork_banner(hub, config)
        _pinned()
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
            width="stretch",
            help=t("Trains these settings with many values of one or more of them."),
        ):
            state.show_sweep(None)
            navigation.go_to(navigation.SWEEPS)
        if hub.problem:
            st.warning(
                t("{problem} Your runs wait until then.", problem=from_english(hub.problem)),
                icon=":material/error:",
            )
    with right:
        _network(config)
        run = _choose_run(hub, owner)
        if run is None:
            st.info(t("Press Train to see this network learn. Every setting can stay as it is."))
            prepare_board()
        else:
            _board(hub, owner, run)
    state.write_address()


def _start(hub: Hub, owner: str, config: RunConfig) -> None:
    fork = state.fork()
    try:
        if fork is None:
            run_id = hub.submit(owner, config, state.pinned())
        else:
            run_id = hub.fork(owner, fork.run_id, fork.epoch, config, state.pinned())
        state.show_run(run_id)
    except (StoreError, TooMany, CannotBegin) as error:  # shown here, where the button is
        st.error(t("The run could not be started. {reason}", reason=error))
    else:
        # On a phone the board is a screen further down.
        st.toast(t("Your run is on its way: see the live board under “The network”."))


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
    st.subheader(t("The network"))
    # As Markdown: a table made by pandas took a fifth of every script run.
    rows = [
        f"| {row.layer} | {row.output_shape} | {row.parameters:,} |" for row in config.layer_table()
    ]
    names = [t("Layer"), t("Output shape"), t("Parameters")]
    head = [f"| {' | '.join(names)} |", "| --- | --- | ---: |"]
    st.markdown("\n".join(head + rows), width="stretch")
    st.caption(
        t(
            "{parameters:,} parameters. Each epoch has {steps:,} steps: {images} in batches of "
            "{batch:,}. {validation:,} images are kept for validation. In a shape, `None` stands "
            "for the number of images in a batch, which may be any number.",
            parameters=config.parameters,
            steps=config.steps_per_epoch,
            images=_training_images(config),
            batch=config.batch_images,
            validation=config.validation_images,
        )
    )
    code_panel(config)


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


def _choose_run(hub: Hub, owner: str) -> RunInfo | None:
    """The run on the board: the newest pressed, one from the address, or one chosen here."""
    shown = hub.run(state.shown_run() or "")
    runs = hub.runs(owner)
    if shown is not None and shown.owner != owner:
        runs.append(shown)
    if not runs:
        return None
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
        help=t("Your runs, newest first. All are kept, so that you can come back to them here."),
    )
    return shown


def _board(hub: Hub, owner: str, run: RunInfo) -> None:
    if run.foreign:
        st.info(plain(from_english(run.foreign)))
    teacher = is_teacher()
    if run.owner != owner:
        st.caption(
            t("You control somebody else's run as the teacher.")
            if teacher
            else t("You are watching somebody else's run; only its owner can control it.")
        )
    if (run.owner == owner or teacher) and not run.status.ended:
        _controls(hub, owner, run)
    show_origin(hub, run)
    live_board(
        run.id,
        run.config,
        status=run.status,
        pinned=hub.archive.pinned(run.id) is not None,
        key=f"board_{run.id}",
        references=_references(),
        origin=origin_of(hub, run),
    )
    if run.status.ended:
        go_on_or_fork(hub, owner, run)
        _downloads(hub, owner, run)
    inside(run)


def _references() -> bool:
    """Whether the accuracy chart shows published results; if it does, their sources, too."""
    shown = st.toggle(
        t("Compare with published results"),
        state.remembered(state.REFERENCES, False),
        key=state.REFERENCES,
        on_change=state.remember_widget,
        args=(state.REFERENCES,),
        help=t("Lines in the accuracy chart: the accuracy of others on the test images."),
    )
    if shown:
        listed = "; ".join(f"{t(r.name)} {r.accuracy:.3f} ({t(r.source)})" for r in REFERENCES)
        st.caption(t("Published test accuracies: {list}.", list=listed))
    return shown


def _controls(hub: Hub, owner: str, run: RunInfo) -> None:
    """Pause or Resume, Step, Stop, and the learning rate while the run trains."""
    active = run.status.active
    paused = run.status is Status.PAUSED

    def send(name: CommandName, value: float | None = None) -> None:
        try:
            hub.command(owner, run.id, Command(name, value), teacher=is_teacher())
        except (NotYours, ConnectionError, ValueError) as error:
            st.error(str(error))

    with st.container(horizontal=True, vertical_alignment="bottom"):
        if paused:
            goes_on = t("Continues training.")
            if st.button(t("Resume"), icon=":material/play_arrow:", help=goes_on):
                send("resume")
        elif st.button(
            t("Pause"),
            icon=":material/pause:",
            disabled=not active,
            help=t("Holds training here."),
        ):
            send("pause")
        if st.button(
            t("Step one epoch"),
            icon=":material/skip_next:",
            disabled=not active,
            help=t("Trains to the end of this epoch, or of the next if it has ended, then holds."),
        ):
            send("step")
        if st.button(
            t("Stop"),
            # With a key it stays the same button when its help changes, and no click is lost.
            key=f"stop_{run.id}",
            icon=":material/stop:",
            help=t("Ends this run and tests what it has learned.")
            if active
            else t("Leaves the queue; nothing has been trained yet."),
        ):
            send("stop")
        if active:
            low, high = RunConfig.limits("learning_rate")
            key = f"rate_{run.id}"

            def change() -> None:
                # Otherwise the browser only repeats what it shows.
                if st.session_state[key] != state.remembered(key):
                    send("learning_rate", st.session_state[key])

            st.number_input(
                t("Rate from now on"),
                low,
                high,
                _rate(hub, run),
                step=run.config.learning_rate / 10,
                format="%g",
                key=key,
                on_change=change,
                width=160,
                help=t(
                    "The learning rate of this run from the next step on; the chart marks the "
                    "change."
                ),
            )
            state.remember_widget(key)


def _rate(hub: Hub, run: RunInfo) -> float:
    """The learning rate that a run trains with now."""
    rates = [
        event.data.learning_rate
        for event in hub.events(run.id)
        if isinstance(event.data, LearningRateChange | EpochEnd)
    ]
    return rates[-1] if rates else run.config.learning_rate


def _downloads(hub: Hub, owner: str, run: RunInfo) -> None:
    """What to do with a run that has ended: download its files, or delete it."""
    with st.container(horizontal=True):
        if hub.archive.has(run.id, MODEL):
            st.download_button(
                t("Model (.keras)"),
                # Read when it is downloaded, not in every script run.
                lambda: hub.archive.model(run.id) or b"",
                f"fashion-mnist-{run.id}.keras",
                on_click="ignore",
                icon=":material/download:",
                help=t(
                    "For `keras.saving.load_model`. Its input is pixels 0 to 255, its output is "
                    "probabilities."
                ),
            )
        history = _history(hub, run.id)
        if history:
            st.download_button(
                t("History (CSV)"),
                history,
                f"fashion-mnist-{run.id}.csv",
                "text/csv",
                on_click="ignore",
                icon=":material/download:",
                help=t("Loss and accuracy of every epoch, as a table."),
            )
        if run.owner == owner:
            with st.popover(t("Delete this run"), icon=":material/delete:"):
                st.write(
                    t(
                        "This deletes the run, its history and its model, for everyone. It cannot "
                        "be undone."
                    )
                )
                if st.button(t("Delete permanently"), key=f"delete_{run.id}", type="primary"):
                    _delete(hub, owner, run.id)


def _delete(hub: Hub, owner: str, run_id: str) -> None:
    try:
        hub.delete(owner, run_id)
    except (NotYours, NotEnded, StoreError) as error:
        st.error(str(error))
    else:
        state.show_run(None)
        st.rerun()


@st.cache_data(max_entries=64, show_spinner=False)
def _history(_hub: Hub, run_id: str) -> str | None:
    """The epochs of a run that has ended, as CSV; None if it has finished none."""
    history = history_frame(data_of(_hub.events(run_id), EpochEnd))
    return history.to_csv(index=False) if len(history) else None
