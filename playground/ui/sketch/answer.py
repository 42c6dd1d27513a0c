"""What networks say of a drawing: the one that judges, and another one beside it."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.config import KNOWS_DRAWINGS
from playground.dataset import Label, class_name
from playground.events import Status
from playground.locales import t
from playground.network.network import Network
from playground.runs.hub import Hub
from playground.store.runs import RunInfo, StoreError
from playground.ui import state
from playground.ui.common.labels import run_label
from playground.ui.common.pictures import STYLE, bars_html, percent
from playground.ui.learn.lesson import open_train
from playground.ui.sketch.contest import Contest
from playground.ui.sketch.judge import Judges, knows_drawings, weights
from playground.ui.tour.tour import did


def answer(hub: Hub, run: RunInfo, found: Judges, item: NDArray[np.uint8]) -> Network | None:
    """What the network says, as a sentence and as a bar for each label, and what another one says.

    Args:
        hub: has their weights.
        run: judges.
        found: says which others there are.
        item: uint8 (28, 28).

    Returns:
        The network, if it has an answer.
    """
    # On a phone what is in here stays in view below the sketchpad.
    says = st.container(key="draw_says", gap="xsmall")
    with says:
        network = _network(hub, run)
        probabilities = None if network is None else _judged(network, item)
        if probabilities is not None:
            words = t("The network says: {label} ({percent})", **_best(probabilities))
            st.header(words, anchor=False)
        others = _beside(hub, found.beside, item)
    if network is None or probabilities is None:
        return None
    if not run.status.ended and not run.ready_made:
        _say_newest(network.epoch, run.config.epochs)
    st.html(STYLE + _bars(probabilities, others, found))
    _say_why(run, found)
    if probabilities.argmax() == Label.BAG and did("draw"):
        st.rerun()  # the whole page, where the tour is
    if not knows_drawings(run.config):
        _advise(found)
    return network


def _network(hub: Hub, run: RunInfo) -> Network | None:
    try:
        network = weights(hub, run)
    except (StoreError, ValueError) as error:
        st.error(t("The weights of this run cannot be read. {reason}", reason=error))
        return None
    if network is None and run.ready_made:
        st.info(
            t(
                "The ready-made network has learned nothing yet. {state} The answer appears as "
                "soon as it has.",
                state=_how_far(run),
            )
        )
    elif network is None:
        st.info(t("This run has no weights yet. The answer appears as soon as it has some."))
    return network


def _judged(network: Network, item: NDArray[np.uint8]) -> NDArray[np.float32] | None:
    """The ten probabilities; None, with the reason on the screen, if they are not finite."""
    probabilities: NDArray[np.float32] = network.predict(item[None])[0]
    if np.isfinite(probabilities).all():
        return probabilities
    st.warning(
        t(
            "This network’s numbers have grown without limit, so it has no answer. Choose "
            "another network, or train again with a smaller learning rate."
        )
    )
    return None


def _best(probabilities: NDArray[np.float32]) -> dict[str, str]:
    best = int(probabilities.argmax())
    return {"label": class_name(best), "percent": percent(probabilities[best])}


def _beside(hub: Hub, run: RunInfo | None, item: NDArray[np.uint8]) -> NDArray[np.float32] | None:
    """Say what another network makes of the drawing; None if it has no answer."""
    try:
        network = None if run is None else weights(hub, run)
    except (StoreError, ValueError):  # that is said where it judges
        return None
    if run is None or network is None:
        return None
    probabilities: NDArray[np.float32] = network.predict(item[None])[0]
    if not np.isfinite(probabilities).all():
        return None
    if run.ready_made:
        st.markdown(t("The ready-made one says: **{label}** ({percent})", **_best(probabilities)))
    else:
        st.markdown(t("Your newest one says: **{label}** ({percent})", **_best(probabilities)))
    return probabilities


def _bars(
    probabilities: NDArray[np.float32], others: NDArray[np.float32] | None, found: Judges
) -> str:
    judge, beside = found.judge, found.beside
    if others is None or judge is None or beside is None:
        return bars_html(probabilities)
    ready = t("Ready-made")
    first = ready if judge.ready_made else t("Chosen") if found.chosen else t("Yours")
    second = ready if beside.ready_made else t("Yours") if judge.ready_made else t("Newest")
    return bars_html(probabilities, beside=(first, second, others))


def _say_newest(epoch: int | None, epochs: int) -> None:
    if epoch:
        st.caption(
            t(
                "These are its newest weights, after epoch {epoch} of {epochs}; the answer follows "
                "the training.",
                epoch=epoch,
                epochs=epochs,
            )
        )
    else:
        st.caption(t("These are its newest weights; the answer follows the training."))


def _say_why(run: RunInfo, found: Judges) -> None:
    """Why this network judges, and what will judge in its place."""
    said = [] if found.contest is None else [_who_won(found.contest)]
    if run.ready_made:
        if not run.status.ended:
            said = said or [t("The ready-made network answers: the server trains it for drawings.")]
            said.append(_how_far(run))
        elif not said:
            words = t("The ready-made network answers: the server has trained it for drawings.")
            said.append(words)
        said.append(_what_will_judge(found.learning))
    if said:
        st.markdown(" ".join(said))


def _who_won(contest: Contest) -> str:
    """Which of one's own and the ready-made network answers, by what numbers."""
    if contest.problem == "sealed":
        return t(
            "Your network that has learned drawings answers. It is not compared with the "
            "ready-made one: it is sealed, so it is not judged on what is made of test images."
        )
    if contest.problem == "own unreadable":
        return t(
            "The ready-made network answers. It is not compared with your newest one that has "
            "learned drawings: the weights of that one cannot be read."
        )
    if contest.problem:
        return t(
            "Your network that has learned drawings answers. It is not compared with the "
            "ready-made one: the weights of that one cannot be read."
        )
    values = {
        "drawings": t("{count:,} drawings that no network learns from", count=contest.total)
        if contest.by_people
        else t("{count:,} sketch twins of test photos", count=contest.total),
        "own": percent(contest.own, 1),
        "ready": percent(contest.ready, 1),
    }
    if contest.own_answers:
        return t(
            "Your network that has learned drawings answers: of {drawings} it gets {own} right, "
            "the ready-made one {ready}.",
            **values,
        )
    return t(
        "The ready-made network answers: of {drawings} it gets {ready} right, your newest one that "
        "has learned drawings {own}.",
        **values,
    )


def _what_will_judge(learning: RunInfo | None) -> str:
    """What will judge in place of the ready-made network."""
    if learning is None:
        return t("When one of yours knows drawings as well as this one, it answers here.")
    return t(
        "Your own network that learns drawings has done {done} of {epochs} epochs; when it has "
        "ended and knows drawings as well as this one, it answers here.",
        done=learning.summary.epochs,
        epochs=learning.config.epochs,
    )


def propose(run: RunInfo, found: Judges) -> None:
    """Lead from the ready-made network to one of one's own that knows drawings."""
    if run.ready_made and not found.learning:
        open_train(
            KNOWS_DRAWINGS,
            t(
                "Train such a network yourself: when it knows drawings as well as this one, it "
                "answers here."
            ),
        )


def _how_far(run: RunInfo) -> str:
    """How far the ready-made network is, in a sentence."""
    values = {"done": run.summary.epochs, "epochs": run.config.epochs}
    if run.status is Status.QUEUED:
        return t("It trains when nobody else does: {done} of {epochs} epochs are done.", **values)
    return t("It is still learning: {done} of {epochs} epochs are done.", **values)


def _advise(found: Judges) -> None:
    """Lead from a network that knows only photos to one that knows drawings."""
    better = next((run for run in found.choices if knows_drawings(run.config)), None)
    if better is None:
        open_train(
            KNOWS_DRAWINGS,
            t(
                "This network has learned only from photos, so it mistakes most drawings. Train "
                "one that learns from sketch twins, too."
            ),
        )
        return
    st.divider()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            t("Ask a network that knows drawings"),
            icon=":material/swap_horiz:",
            on_click=state.choose_judge,
            args=(better.id, found.newest),
            help=t("Lets this run judge instead: {run}.", run=run_label(better)),
        )
        st.markdown(
            t(
                "This network has learned only from photos, so it mistakes most drawings. Another "
                "one has learned from drawings, too."
            )
        )
