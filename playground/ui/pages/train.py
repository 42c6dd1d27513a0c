"""Train: choose hyperparameters, press Train, watch the network learn."""

from __future__ import annotations

import streamlit as st

from playground.config import RunConfig
from playground.events import Command, EpochEnd, LearningRateChange, Status, data_of
from playground.figures.board import history_frame
from playground.figures.references import REFERENCES
from playground.runs import service
from playground.runs.hub import Hub, NotEnded, NotYours, TooMany
from playground.store.runs import RunInfo, StoreError
from playground.ui import state
from playground.ui.board.board import live_board
from playground.ui.common.labels import plain, run_labels
from playground.ui.common.owner import current_owner
from playground.ui.common.pictures import STYLE, picture_html
from playground.ui.common.teacher import is_teacher
from playground.ui.inside.inside import inside
from playground.ui.settings.code import code_panel
from playground.ui.settings.panel import settings_panel

# Things in the address that could not be used; whoever sends more does not read them.
MOST_NAMED = 10


def page() -> None:
    """The page, top to bottom: settings, the network they make, the board."""
    hub, owner = service.hub(), current_owner()
    if problems := state.open_address(hub):
        more = f"\n- and {len(problems) - MOST_NAMED} more." if len(problems) > MOST_NAMED else ""
        st.warning("\n".join(f"- {plain(problem)}" for problem in problems[:MOST_NAMED]) + more)
    left, right = st.columns([1, 2], gap="large")
    with left:
        config = settings_panel()
        _pinned()
        if st.button(
            "Train",
            type="primary",
            icon=":material/play_arrow:",
            width="stretch",
            help="Starts a run with these settings; it waits its turn if others train.",
        ):
            _start(hub, owner, config)
        if hub.problem:
            st.warning(f"{hub.problem} Your runs wait until then.", icon=":material/error:")
    with right:
        _network(config)
        run = _choose_run(hub, owner)
        if run is None:
            st.info("Press Train to see this network learn. Every setting can stay as it is.")
        else:
            _board(hub, owner, run)
    state.write_address()


def _start(hub: Hub, owner: str, config: RunConfig) -> None:
    try:
        state.show_run(hub.submit(owner, config, state.pinned()))
    except (StoreError, TooMany) as error:  # here, where the button is
        st.error(f"The run could not be started. {error}")
    else:
        # On a phone the board is a screen further down.
        st.toast("Your run is on its way: see the live board under “The network”.")


def _pinned() -> None:
    """The drawing that the next run is shown at every epoch, if one is pinned on Draw."""
    item = state.pinned()
    if item is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        caption = "Pinned drawing: the board shows what the network makes of it"
        st.html(STYLE + picture_html(item, caption, "Your pinned drawing", 112), width="content")
        st.button(
            "Unpin",
            icon=":material/keep_off:",
            on_click=state.pin,
            args=(None,),
            help="The next run starts without this drawing.",
        )


def _network(config: RunConfig) -> None:
    """The layers that the settings make, with shapes as Keras prints them."""
    st.subheader("The network")
    # As Markdown: a table made by pandas took a fifth of every script run.
    rows = [
        f"| {row['layer']} | {row['output_shape']} | {row['parameters']:,} |"
        for row in config.layer_table()
    ]
    head = ["| Layer | Output shape | Parameters |", "| --- | --- | ---: |"]
    st.markdown("\n".join(head + rows), width="stretch")
    st.caption(
        f"{config.parameters:,} parameters. Each epoch makes {config.steps_per_epoch:,} steps: "
        f"{config.fit_images:,} training images{_added(config)} in batches of "
        f"{config.batch_images:,}. "
        f"{config.validation_images:,} images are kept for validation. "
        "In a shape, None stands for the images of a batch, however many they are."
    )
    code_panel(config)


def _added(config: RunConfig) -> str:
    """What the training images are, if they are not photos alone."""
    kinds = {
        "photos": config.fit_photos,
        "sketch twins": config.fit_twins,
        "copies of drawings": config.fit_sketches,
    }
    parts = [f"{count:,} {kind}" for kind, count in kinds.items() if count]
    return f" ({' and '.join(parts)})" if len(parts) > 1 else ""


def _choose_run(hub: Hub, owner: str) -> RunInfo | None:
    """The run on the board: the newest pressed, one from the address, or one chosen here."""
    shown = hub.run(state.shown_run() or "")
    runs = hub.runs(owner)
    if shown is not None and shown.owner != owner:
        runs.append(shown)
    if not runs:
        return None
    labels = run_labels(runs)
    # A new key when a label changes: under an old one Streamlit goes on showing the old label.
    key = state.BOARD_RUN + str(hash(tuple(labels.values())))
    st.session_state[key] = shown.id if shown else None
    st.selectbox(
        "Run on the board",
        list(labels),
        key=key,
        format_func=labels.__getitem__,
        on_change=lambda: state.show_run(st.session_state[key]),
        placeholder="Choose one of your runs",
        help="Your runs, newest first. None is ever lost; come back to it here.",
    )
    return shown


def _board(hub: Hub, owner: str, run: RunInfo) -> None:
    if run.foreign:
        st.info(plain(run.foreign))
    teacher = is_teacher()
    if run.owner != owner:
        st.caption(
            "You control somebody else's run as the teacher."
            if teacher
            else "You are watching somebody else's run; only its owner can control it."
        )
    if (run.owner == owner or teacher) and not run.status.ended:
        _controls(hub, owner, run)
    live_board(
        run.id,
        run.config,
        status=run.status,
        pinned=hub.pinned(run.id) is not None,
        key=f"board_{run.id}",
        references=_references(),
    )
    if run.status.ended:
        _downloads(hub, owner, run)
    inside(run)


def _references() -> bool:
    """Whether the accuracy chart shows published results, and in words where they are from."""
    shown = st.toggle(
        "Compare with published results",
        state.kept(state.REFERENCES, False),
        key=state.REFERENCES,
        on_change=state.keep,
        args=(state.REFERENCES,),
        help="Lines in the accuracy chart: what others reached on the test images.",
    )
    if shown:
        listed = (f"{r.name} {r.accuracy:.3f} ({r.source})" for r in REFERENCES)
        st.caption("Published test accuracies: " + "; ".join(listed) + ".")
    return shown


def _controls(hub: Hub, owner: str, run: RunInfo) -> None:
    """Pause or Resume, Step, Stop, and the learning rate while it runs."""
    active = run.status.active
    paused = run.status is Status.PAUSED

    def send(name: str, value: float | None = None) -> None:
        try:
            command = Command(name, value)  # type: ignore[arg-type]
            hub.command(owner, run.id, command, teacher=is_teacher())
        except (NotYours, ConnectionError) as error:
            st.error(str(error))

    with st.container(horizontal=True, vertical_alignment="bottom"):
        if paused:
            if st.button("Resume", icon=":material/play_arrow:", help="Trains on."):
                send("resume")
        elif st.button(
            "Pause", icon=":material/pause:", disabled=not active, help="Holds training here."
        ):
            send("pause")
        if st.button(
            "Step one epoch",
            icon=":material/skip_next:",
            disabled=not active,
            help="Trains to the end of this epoch, or one more if it has ended, then holds.",
        ):
            send("step")
        if st.button(
            "Stop",
            # Under one key it stays the same button when its help changes, and no click is lost.
            key=f"stop_{run.id}",
            icon=":material/stop:",
            help="Ends this run and tests what it has learned."
            if active
            else "Leaves the queue; nothing has been trained yet.",
        ):
            send("stop")
        if active:
            low, high = RunConfig.limits("learning_rate")
            key = f"rate_{run.id}"

            def change() -> None:
                if st.session_state[key] != state.kept(key):  # or the browser repeats what it shows
                    send("learning_rate", st.session_state[key])

            st.number_input(
                "Rate from now on",
                low,
                high,
                _rate(hub, run),
                step=run.config.learning_rate / 10,
                format="%g",
                key=key,
                on_change=change,
                width=160,
                help="The learning rate of this run from the next step on; "
                "the chart marks the change.",
            )
            state.keep(key)


def _rate(hub: Hub, run: RunInfo) -> float:
    """The learning rate that a run trains with now."""
    rates = [
        event.data.learning_rate
        for event in hub.events(run.id)
        if isinstance(event.data, LearningRateChange | EpochEnd)
    ]
    return rates[-1] if rates else run.config.learning_rate


def _downloads(hub: Hub, owner: str, run: RunInfo) -> None:
    """What to do with a run that has ended: take it away, or delete it."""
    with st.container(horizontal=True):
        if hub.left(run.id, "model.keras"):
            st.download_button(
                "Model (.keras)",
                # Read when it is wanted, not with every run of the script.
                lambda: hub.model(run.id) or b"",
                f"fashion-mnist-{run.id}.keras",
                on_click="ignore",
                icon=":material/download:",
                help="For keras.saving.load_model: pixels 0 to 255 in, probabilities out.",
            )
        history = _history(hub, run.id)
        if history:
            st.download_button(
                "History (CSV)",
                history,
                f"fashion-mnist-{run.id}.csv",
                "text/csv",
                on_click="ignore",
                icon=":material/download:",
                help="Loss and accuracy of every epoch, as a table.",
            )
        if run.owner == owner:
            with st.popover("Delete this run", icon=":material/delete:"):
                st.write(
                    "This deletes the run, its history and its model, for everyone. "
                    "It cannot be undone."
                )
                if st.button("Delete permanently", key=f"delete_{run.id}", type="primary"):
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
