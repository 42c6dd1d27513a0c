"""Learn, compile(): the losses of one prediction step by step, and optimizers racing."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from playground.config import Optimizer, RunConfig
from playground.dataset import CLASS_NAMES, load_data
from playground.figures.lesson.network import terms_figure
from playground.lesson.losses import loss_terms, losses
from playground.runs import service
from playground.ui.common.figure import show_figure
from playground.ui.common.owner import current_owner
from playground.ui.learn.lesson import (
    choose_image,
    choose_network,
    experiment,
    open_train,
)

RATES = (0.0001, 0.001, 0.01, 0.1)


def page() -> None:
    """The page, top to bottom: one prediction and its losses, the optimizers' race, Train."""
    st.title("compile()", anchor=False)
    st.markdown(
        "Before it can learn, a model needs three things: a **loss** that says how wrong it is, "
        "an **optimizer** that changes the weights, and **metrics** for people to read, like "
        "accuracy."
    )
    st.code(
        'model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", '
        'metrics=["accuracy"])',
        language="python",
        wrap_lines=True,
    )
    _losses()
    _optimizers()
    open_train(
        RunConfig(optimizer="sgd", learning_rate=0.1, stop=False),
        "Train with sgd, then change only the optimizer. Adam is the strong default.",
    )


def _losses() -> None:
    st.subheader("The loss of one prediction", anchor=False)
    one, two = st.columns(2)
    with one:
        network, name = choose_network(
            service.hub(), current_owner(), "Whose probabilities are looked at."
        )
    data = load_data()
    place = choose_image("Image", "Which test image is predicted.")
    with two:
        label: int = st.selectbox(
            "True label",
            range(10),
            int(data.y_test[place]),
            format_func=lambda n: f"{n} {CLASS_NAMES[n]}",
            key=f"label_{place}",
            help="Pretend that another label is the true one, and see the loss change.",
        )
    p = network.predict(data.x_test[place : place + 1])[0]
    found, terms = losses(label, p), loss_terms(label, p)
    show_figure(
        terms_figure(terms),
        "What each class adds to each loss: the ten bars of a loss add up to it. "
        f"{name[0].upper()}{name[1:]} gives the true label, {CLASS_NAMES[label]}, the probability "
        f"{p[label]:.4f}. A loss is small if that is near 1.",
        "terms",
    )
    sparse = f"{found['sparse_categorical_crossentropy']:.4f}"
    st.markdown(
        f"- **sparse_categorical_crossentropy** takes the label as an integer, {label}: "
        f"−ln p[{label}] = −ln {p[label]:.4f} = **{sparse}**\n"
        f"- **categorical_crossentropy** takes it one-hot, y = {one_hot(label)}: "
        f"−Σ y·ln p = **{found['categorical_crossentropy']:.4f}**, the same number\n"
        "- **mse**, the mean of (y − p)² over the ten classes, so each class adds a tenth of its "
        f"(y − p)²: **{found['mse']:.4f}**\n"
        "- **binary_crossentropy**, ten yes-or-no questions, the mean of "
        "−[y·ln p + (1 − y)·ln(1 − p)], of which each class adds a tenth, too: "
        f"**{found['binary_crossentropy']:.4f}**"
    )
    with st.expander("All numbers"):
        st.dataframe(
            {
                "Class": CLASS_NAMES,
                "y": [int(n == label) for n in range(10)],
                "p": [f"{value:.4f}" for value in p],
                **{f"adds to {k}": [f"{t:.4f}" for t in v] for k, v in terms.items()},
            },
            hide_index=True,
        )


def one_hot(label: int) -> str:
    """The one-hot form of a label, written out."""
    return "[" + ", ".join(str(int(n == label)) for n in range(10)) + "]"


def _optimizers() -> None:
    st.subheader("Optimizers, racing from the same start", anchor=False)
    rate: float = st.select_slider(
        "Learning rate", RATES, 0.001, help="The same for all of them.", format_func="{:g}".format
    )
    st.markdown(
        "The same seed gives all of them the same first weights and the same order of the same "
        "12,000 images: what differs is only how they use the gradient."
    )
    short = RunConfig(
        hidden_layers=(64,), train_images=12_000, epochs=5, stop=False, learning_rate=rate
    )
    configs = {name: short.model_copy(update={"optimizer": name}) for name in get_args(Optimizer)}
    experiment(service.hub(), current_owner(), configs, "Start the race")
