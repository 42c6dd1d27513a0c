"""Learn, compile(): the losses of one prediction step by step, and optimizers racing."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from playground.config import Optimizer, RunConfig
from playground.dataset import class_name, class_names, load_data
from playground.figures.lesson.network import terms_figure
from playground.lesson.losses import loss_terms, losses
from playground.locales import t
from playground.runs import service
from playground.ui import state
from playground.ui.common.figure import show_figure
from playground.ui.common.owner import current_owner
from playground.ui.learn.lesson import (
    choose_image,
    choose_network,
    experiment,
    open_train,
)
from playground.ui.learn.prose import prose

RATES = (0.0001, 0.001, 0.01, 0.1)


def page() -> None:
    """The page, top to bottom: one prediction and its losses, the optimizers' race, Train."""
    st.title(t("compile()"), anchor=False)
    prose(
        t(
            "Before a model can learn, it needs three things: a **loss function** that says how "
            "wrong it is, an **optimizer** that changes the weights, and **metrics**, such as "
            "accuracy, for people to read."
        )
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
        RunConfig(optimizer="sgd", learning_rate=0.1, early_stop=False),
        t("Train with sgd, then change only the optimizer. Adam is usually a good first choice."),
    )


def _losses() -> None:
    st.header(t("The loss of one prediction"), anchor=False)
    one, two = st.columns(2)
    with one:
        network, name = choose_network(
            service.hub(),
            current_owner(),
            "compile_network",
            t("The network that predicts the label."),
        )
    data = load_data()
    index = choose_image(
        "compile_image", t("Image"), t("The test image whose label the network predicts.")
    )
    pretended = f"compile_label_{index}"
    with two:
        label: int = st.selectbox(
            t("True label"),
            range(10),
            state.remembered(pretended, int(data.y_test[index])),
            format_func=lambda n: f"{n} {class_name(n)}",
            help=t("Pretend that another label is the true one, and see how the loss changes."),
            **state.remembering(pretended),
        )
    p = network.predict(data.x_test[index : index + 1])[0]
    terms = loss_terms(label, p)
    show_figure(
        terms_figure(terms),
        t(
            "Each bar is what one class adds to one loss; the ten bars of a loss add up to it. "
            "The network ({network}) gives the true label, {label}, the probability "
            "{probability:.4f}. A loss is small when this probability is near 1.",
            network=name,
            label=class_name(label),
            probability=p[label],
        ),
        "terms",
    )
    st.markdown(_formulas(label, float(p[label]), losses(label, p)))
    with st.expander(t("All numbers")):
        st.dataframe(
            {
                t("Label"): class_names(),
                "y": [int(n == label) for n in range(10)],
                "p": [f"{value:.4f}" for value in p],
                **{
                    t("adds to {loss}", loss=loss): [f"{value:.4f}" for value in values]
                    for loss, values in terms.items()
                },
            },
            hide_index=True,
        )


def _formulas(label: int, probability: float, found: dict[str, float]) -> str:
    """Each loss with its formula and the numbers of one prediction, as a list in Markdown."""
    return t(
        "- **sparse_categorical_crossentropy** takes the label as an integer, {label}: "
        "−ln p[{label}] = −ln {probability:.4f} = **{sparse:.4f}**\n"
        "- **categorical_crossentropy** takes the label one-hot, y = {one_hot}: "
        "−Σ y·ln p = **{categorical:.4f}**, the same number\n"
        "- **mse** is the mean of (y − p)² over the ten classes, so each class adds a tenth of "
        "its (y − p)²: **{mse:.4f}**\n"
        "- **binary_crossentropy** asks ten yes-or-no questions and is the mean of "
        "−[y·ln p + (1 − y)·ln(1 − p)], so each class adds a tenth here, too: **{binary:.4f}**",
        label=label,
        probability=probability,
        one_hot=one_hot(label),
        sparse=found["sparse_categorical_crossentropy"],
        categorical=found["categorical_crossentropy"],
        mse=found["mse"],
        binary=found["binary_crossentropy"],
    )


def one_hot(label: int) -> str:
    """The one-hot form of a label, written out."""
    return "[" + ", ".join(str(int(n == label)) for n in range(10)) + "]"


def _optimizers() -> None:
    st.header(t("Optimizers in a race from the same start"), anchor=False)
    rate: float = st.select_slider(
        t("Learning rate"),
        RATES,
        state.remembered("compile_rate", 0.001),
        format_func="{:g}".format,
        help=t("The same for all of them."),
        **state.remembering("compile_rate"),
    )
    short = RunConfig(
        hidden_layers=(64,), train_images=12_000, epochs=5, early_stop=False, learning_rate=rate
    )
    prose(
        t(
            "All of them have the same seed, so they start with the same weights and see the same "
            "{images:,} images in the same order. They differ only in how they use the gradient.",
            images=short.fit_images,
        )
    )
    configs = {name: short.model_copy(update={"optimizer": name}) for name in get_args(Optimizer)}
    experiment(service.hub(), current_owner(), configs, t("Start the race"), "compile")
