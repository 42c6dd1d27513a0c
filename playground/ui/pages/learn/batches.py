"""Learn, Batch and mini-batch: one network at four batch sizes, and their paths over the loss."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from playground.config import RunConfig
from playground.dataset import load_data
from playground.lesson.descent import descend, inputs, loss, plane, steps_per_epoch, surface
from playground.lesson_charts.training import path_figure
from playground.runs import service
from playground.ui.components.figure import picture
from playground.ui.components.lesson import events_of, experiment, open_train
from playground.ui.owner import current_owner

SIZES = (1, 32, 512, "full")
IMAGES = 2000
GRID = 31


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
    st.markdown(
        f"Here the network is softmax regression on {IMAGES:,} images, small enough to be trained "
        "while you wait, step by step along the exact gradient of each batch."
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
        rate: float = st.select_slider(
            "Learning rate", (0.005, 0.01, 0.02, 0.05, 0.1), 0.05, help="The size of each step."
        )
    view = descents(rate, count, unit == "Epochs")
    picture(
        path_figure(view["across"], view["up"], view["loss"], view["paths"]),
        f"Four descents from the same start, after {count} {unit.lower()} each. Of 7,850 "
        f"directions the two are shown in which the paths move most: {view['share']:.0%} of all "
        "their movement. Light is a small loss; a large mark is a path's end. "
        + " · ".join(
            f"{name}: {steps:,} steps over {seen:,} images, loss {end:.3f}"
            for name, steps, seen, end in view["ends"]
        )
        + ". The smaller the batch, the more a path wanders; the larger, the more each step costs.",
        "paths",
    )


@st.cache_data(max_entries=50, show_spinner=False)
def descents(rate: float, count: int, epochs: bool) -> dict[str, Any]:
    """The four descents, and the loss around them on the plane that shows most of them.

    Args:
        rate: learning rate.
        count: steps of each descent, or epochs.
        epochs: whether `count` is epochs.
    """
    data = load_data()
    x, y = inputs(data.x_train[:IMAGES]), data.y_train[:IMAGES]
    sizes = {f"batch {size}": IMAGES if size == "full" else int(size) for size in SIZES}
    paths = {
        name: descend(
            x, y, batch, count * (steps_per_epoch(IMAGES, batch) if epochs else 1), rate, 42
        )
        for name, batch in sizes.items()
    }
    view = plane(list(paths.values()))
    places = {name: view.project(path.weights) for name, path in paths.items()}
    points = np.concatenate(list(places.values()))
    low, high = points.min(axis=0), points.max(axis=0)
    room = 0.15 * (high - low)
    across, up = np.linspace(low - room, high + room, GRID, dtype=np.float32).T
    return {
        "across": across,
        "up": up,
        "loss": surface(x[:500], y[:500], view, across, up),
        "paths": places,
        "share": view.share,
        "ends": [
            (name, path.steps, path.steps * path.batch, loss(x, y, path.weights[-1]))
            for name, path in paths.items()
        ],
    }
