"""Learn, Batch and mini-batch: one network at four batch sizes, and their paths over the loss."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from playground.config import RunConfig
from playground.dataset import CLASS_NAMES, load_data
from playground.figures.lesson.training import path_figure
from playground.lesson.descent import descend, halves, loss, steps_per_epoch, surface
from playground.runs import service
from playground.ui.common.figure import show_figure
from playground.ui.common.owner import current_owner
from playground.ui.learn.lesson import events_of, experiment, open_train

SIZES = (1, 32, 512, "full")
# The path over the loss: what its neuron learns, and from where.
TROUSER, DRESS = 1, 3
IMAGES = 2000
START = (3.0, -3.0)
RATES = (0.1, 0.3, 1.0, 3.0)
GRID = 41


def page() -> None:
    """The page, top to bottom: four runs, four paths over the loss, the way to Train."""
    st.title("Batch and mini-batch", anchor=False)
    st.markdown(
        "**Full-batch** descent looks at all images before each step: it goes steadily towards "
        "the optimum, and each step costs much. **Mini-batch** descent sees a part at a time: it "
        "wanders, and is fast. The part's size is the batch size."
    )
    _race()
    _paths()
    open_train(
        RunConfig(batch_size="full", epochs=30, stop=False),
        "Train with the full batch, one step an epoch. Then choose 32 and compare.",
    )


def _race() -> None:
    st.subheader("The same network at four batch sizes", anchor=False)
    st.markdown(
        "20,000 images, sgd with learning rate 0.02, the same start, 3 epochs each. What differs "
        "is how many images a step sees, and so how many steps an epoch has."
    )
    short = RunConfig(
        optimizer="sgd",
        learning_rate=0.02,
        train_images=24_000,
        epochs=3,
        stop=False,
    )
    configs = {
        f"batch {size}": RunConfig.model_validate({**short.model_dump(), "batch_size": size})
        for size in SIZES
    }
    hub = service.hub()
    runs = experiment(hub, current_owner(), configs, "Train the four", log=True, steps=True)
    rows: list[dict[str, Any]] = []
    for name, run in runs.items():
        epochs = [event.data for event in events_of(hub, run, "epoch")]
        if epochs:
            rows.append(
                {
                    "Run": name,
                    "Steps in an epoch": f"{run.config.steps_per_epoch:,}",
                    "Seconds an epoch": f"{min(e['seconds'] for e in epochs):.2f}",
                    "Loss at the end": f"{epochs[-1]['loss']:.3f}",
                    "Validation accuracy": f"{epochs[-1]['val_accuracy']:.3f}",
                }
            )
    if rows:
        st.dataframe(rows, hide_index=True)
        st.caption(
            "Seconds are those of the fastest epoch, validation included, as measured on this "
            "server. The smaller the batch, the more often an epoch changes "
            "the weights, and the noisier each change is."
        )


def _paths() -> None:
    st.subheader("The path over the loss", anchor=False)
    dress, other = (CLASS_NAMES[label].lower() for label in (DRESS, TROUSER))
    st.markdown(
        f"Here the network is one neuron that tells a {dress} from a {other} by two numbers: how "
        "bright the upper half of the image is, and how bright the lower half. So it has two "
        "weights, and a map shows the loss of every network that it can be. It is trained while "
        f"you wait, on {IMAGES:,} images, step by step along the exact gradient of each batch."
    )
    one, two, three = st.columns(3)
    with one:
        unit = st.radio(
            "Compare after the same",
            ["Steps", "Epochs"],
            help="Steps: each path takes as many. Epochs: each path sees as many images.",
        )
    with two:
        count: int = (
            st.slider("Steps", 10, 150, 100, 10, help="Steps of each path.")
            if unit == "Steps"
            else st.slider("Epochs", 1, 5, 3, help="Passes over the images, for each path.")
        )
    with three:
        rate: float = st.select_slider("Learning rate", RATES, 1.0, help="The size of each step.")
    view = descents(rate, count, unit == "Epochs")
    show_figure(
        path_figure(view["across"], view["up"], view["loss"], view["paths"]),
        f"Four descents from the same start, after {count} {unit.lower()} each. Light is a small "
        f"loss, over all {IMAGES:,} images; the colour under a path is its loss there. A large "
        "mark is a path's end. "
        + " · ".join(
            f"{name}: {steps:,} steps over {seen:,} images, loss {end:.3f}"
            for name, steps, seen, end in view["ends"]
        )
        + ". The smaller the batch, the more a path wanders; the larger, the more each step costs.",
        "paths",
    )


@st.cache_data(max_entries=50, show_spinner=False)
def descents(rate: float, count: int, epochs: bool) -> dict[str, Any]:
    """The four descents, and a map of the loss with all of their points on it.

    Args:
        rate: learning rate.
        count: steps of each descent, or epochs.
        epochs: whether `count` is epochs.
    """
    data = load_data()
    chosen = np.flatnonzero(np.isin(data.y_train, (DRESS, TROUSER)))[:IMAGES]
    x, y = halves(data.x_train[chosen]), data.y_train[chosen] == DRESS
    sizes = {f"batch {size}": IMAGES if size == "full" else int(size) for size in SIZES}
    paths = {
        name: descend(
            x, y, batch, count * (steps_per_epoch(IMAGES, batch) if epochs else 1), rate, 42, START
        )
        for name, batch in sizes.items()
    }
    losses = {name: loss(x, y, path.weights) for name, path in paths.items()}
    points = np.concatenate([path.weights for path in paths.values()])
    low, high = points.min(axis=0), points.max(axis=0)
    room = 0.15 * (high - low)
    across, up = np.linspace(low - room, high + room, GRID, dtype=np.float32).T
    return {
        "across": across,
        "up": up,
        "loss": surface(x, y, across, up),
        "paths": {name: (path.weights, losses[name]) for name, path in paths.items()},
        "ends": [
            (name, path.steps, path.steps * path.batch, float(losses[name][-1]))
            for name, path in paths.items()
        ],
    }
