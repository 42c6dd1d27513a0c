"""Learn, Batch and mini-batch: one network at four batch sizes, and their paths over the loss."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import streamlit as st

from playground.config import BatchSize, RunConfig
from playground.dataset import Label, load_data
from playground.events import EpochEnd
from playground.figures.lesson.training import path_figure
from playground.lesson.descent import descend, halves, loss, steps_per_epoch, surface
from playground.locales import mark, plural, t
from playground.network.activations import Floats
from playground.runs import service
from playground.ui import state
from playground.ui.common.figure import show_figure
from playground.ui.common.owner import current_owner
from playground.ui.common.pictures import percent
from playground.ui.learn.lesson import events_of, experiment, open_train
from playground.ui.learn.prose import prose

SIZES: tuple[BatchSize, ...] = (1, 32, 512, "full")
# The path over the loss: what its neuron learns, and from where.
IMAGES = 2000
START = (3.0, -3.0)
RATES = (0.1, 0.3, 1.0, 3.0)
GRID = 41
_STEPS, _EPOCHS = mark("Steps"), mark("Epochs")


class Descent(NamedTuple):
    """A path over the loss: `weights` (k, 2) from start to end, and the loss at each, (k,).

    Attributes:
        weights, losses: of the points that are drawn.
        steps: that it took in all.
        images: that these steps have seen, each image as often as it came.
    """

    weights: Floats
    losses: Floats
    steps: int
    images: int


class Map(NamedTuple):
    """The loss (m, n) over the second weight `up` (m,) and the first `across` (n,), and paths."""

    across: Floats
    up: Floats
    loss: Floats
    descents: dict[BatchSize, Descent]


def page() -> None:
    """The page, top to bottom: four runs, four paths over the loss, the way to Train."""
    st.title(t("Batch and mini-batch"), anchor=False)
    prose(
        t(
            "**Batch gradient descent** looks at all images before each step: it goes steadily "
            "towards the smallest loss and converges there, but each step takes long. "
            "**Mini-batch** gradient descent looks at a small part of the images before each step: "
            "it wanders, but it is fast. The number of images in a part is the **batch size**."
        )
    )
    _race()
    _paths()
    open_train(
        RunConfig(batch_size="full", epochs=30, early_stop=False),
        t("Train with the full batch, one step per epoch. Then choose 32 and compare."),
    )


def _batch_name(size: BatchSize) -> str:
    return t("full batch") if size == "full" else t("batch {size}", size=size)


def _race() -> None:
    st.header(t("The same network at four batch sizes"), anchor=False)
    short = RunConfig(
        optimizer="sgd",
        learning_rate=0.02,
        train_images=24_000,
        epochs=3,
        early_stop=False,
    )
    prose(
        t(
            "All four runs train on the same {images:,} images for {epochs} epochs, with sgd, "
            "learning rate {rate} and the same first weights. They differ only in how many images "
            "each step sees, and so in how many steps an epoch has.",
            images=short.fit_images,
            epochs=short.epochs,
            rate=short.learning_rate,
        )
    )
    configs = {
        _batch_name(size): RunConfig.model_validate({**short.model_dump(), "batch_size": size})
        for size in SIZES
    }
    hub = service.hub()
    runs = experiment(
        hub, current_owner(), configs, t("Train the four"), "batch", log=True, steps=True
    )
    rows: list[dict[str, str]] = []
    for name, run in runs.items():
        epochs = events_of(hub, run, EpochEnd)
        if epochs:
            rows.append(
                {
                    t("Run"): name,
                    t("Steps per epoch"): f"{run.config.steps_per_epoch:,}",
                    t("Seconds per epoch"): f"{min(e.seconds for e in epochs):.2f}",
                    t("Loss at the end"): f"{epochs[-1].loss:.3f}",
                    t("Validation accuracy"): percent(epochs[-1].val_accuracy, 1),
                }
            )
    if rows:
        st.dataframe(rows, hide_index=True)
        st.caption(
            t(
                "The seconds are those of the fastest epoch, including its validation, measured "
                "on this server. The smaller the batch, the more often the weights change in an "
                "epoch, and the more each change depends on chance."
            )
        )


def _paths() -> None:
    st.header(t("The path over the loss"), anchor=False)
    prose(
        t(
            "This network is a single neuron that tells dresses from trousers by two numbers: the "
            "brightness of the image's upper half and that of its lower half. So it has only two "
            "weights, and a map can show the loss for every pair of weights. It trains while you "
            "wait, on {images:,} images, and each step follows the gradient of its batch.",
            images=IMAGES,
        )
    )
    one, two, three = st.columns(3)
    units = [_STEPS, _EPOCHS]
    with one:
        unit = st.radio(
            t("Compare paths by"),
            units,
            units.index(state.remembered("batches_unit", _STEPS)),
            format_func=t,
            help=t(
                "Steps: every path takes the same number of steps. Epochs: every path sees the "
                "same number of images."
            ),
            **state.remembering("batches_unit"),
        )
    by_epochs = unit == _EPOCHS
    with two:
        count: int = (
            st.slider(
                t("Epochs"),
                1,
                5,
                state.remembered("batches_epochs", 3),
                help=t("How many times each path goes through all images."),
                **state.remembering("batches_epochs"),
            )
            if by_epochs
            else st.slider(
                t("Steps"),
                10,
                150,
                state.remembered("batches_steps", 100),
                10,
                help=t("How many steps each path takes."),
                **state.remembering("batches_steps"),
            )
        )
    with three:
        rate: float = st.select_slider(
            t("Learning rate"),
            RATES,
            state.remembered("batches_rate", 1.0),
            help=t("The size of each step."),
            **state.remembering("batches_rate"),
        )
    view = descents(rate, count, by_epochs)
    paths = {_batch_name(size): path for size, path in view.descents.items()}
    show_figure(
        path_figure(
            view.across,
            view.up,
            view.loss,
            {name: (path.weights, path.losses) for name, path in paths.items()},
        ),
        _caption(paths, count, by_epochs),
        "paths",
    )


def _caption(paths: dict[str, Descent], count: int, by_epochs: bool) -> str:
    length = (
        plural(
            "Four descents from the same start, each after {count} epoch.",
            "Four descents from the same start, each after {count} epochs.",
            count,
        )
        if by_epochs
        else plural(
            "Four descents from the same start, each after {count} step.",
            "Four descents from the same start, each after {count} steps.",
            count,
        )
    )
    colours = t(
        "Light grey is a small loss, measured over all {images:,} images; the colour under a path "
        "is its loss there. A large mark is the end of a path.",
        images=IMAGES,
    )
    ends = [
        plural(
            "{batch}: {count:,} step, which saw {images:,} images, loss {loss:.3f}.",
            "{batch}: {count:,} steps, which saw {images:,} images, loss {loss:.3f}.",
            path.steps,
            batch=name,
            images=path.images,
            loss=path.losses[-1],
        )
        for name, path in paths.items()
    ]
    lesson = t(
        "The smaller the batch, the more a path wanders; the larger the batch, the longer each "
        "step takes."
    )
    return " ".join([length, colours, *ends, lesson])


@st.cache_data(max_entries=50, show_spinner=False)
def descents(rate: float, count: int, epochs: bool) -> Map:
    """The four descents, and a map of the loss with all of their points on it.

    Args:
        rate: learning rate.
        count: steps of each descent, or epochs.
        epochs: whether `count` is epochs.
    """
    data = load_data()
    chosen = np.flatnonzero(np.isin(data.y_train, (Label.DRESS, Label.TROUSER)))[:IMAGES]
    x, y = halves(data.x_train[chosen]), data.y_train[chosen] == Label.DRESS
    found: dict[BatchSize, Descent] = {}
    for size in SIZES:
        batch = IMAGES if size == "full" else size
        steps = count * (steps_per_epoch(IMAGES, batch) if epochs else 1)
        path = descend(x, y, batch, steps, rate, 42, START)
        found[size] = Descent(path.weights, loss(x, y, path.weights), steps, steps * batch)
    points = np.concatenate([path.weights for path in found.values()])
    low, high = points.min(axis=0), points.max(axis=0)
    room = 0.15 * (high - low)
    across, up = np.linspace(low - room, high + room, GRID, dtype=np.float32).T
    return Map(across, up, surface(x, y, across, up), found)
