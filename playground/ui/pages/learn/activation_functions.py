"""Learn, Activation functions: curve and slope, and what slopes do to the gradient."""

from __future__ import annotations

from typing import get_args

import numpy as np
import streamlit as st

from playground.config import Activation, RunConfig
from playground.dataset import load_data
from playground.figures.lesson.network import activation_figure, gradient_figure
from playground.locales import mark, t
from playground.network.activations import ACTIVATIONS
from playground.network.gradients import gradient_sizes, initial_network
from playground.runs import service
from playground.ui import state
from playground.ui.common.figure import show_figure
from playground.ui.common.owner import current_owner
from playground.ui.learn.lesson import ended_network, experiment, open_train
from playground.ui.learn.prose import prose

IMAGES = 512
FORMULAS: dict[str, str] = {
    "sigmoid": r"\frac{1}{1 + e^{-x}}",
    "tanh": r"\frac{e^x - e^{-x}}{e^x + e^{-x}}",
    "relu": r"\max(0, x)",
    "leaky_relu": r"\max(0.2\,x, x)",
    "elu": r"\begin{cases} x & x > 0 \\ e^x - 1 & x \le 0 \end{cases}",
    "gelu": r"x \cdot \Phi(x)",
    "silu": r"\frac{x}{1 + e^{-x}}",
    "linear": "x",
}
_REMARKS = {
    "sigmoid": mark("The slope of sigmoid is never more than 0.25."),
    "tanh": mark("The slope of tanh is 1 at x = 0, and near 0 far from it."),
    "relu": mark("The slope of relu is 1 for every x above 0, and 0 for every other x."),
}


def page() -> None:
    """The page, top to bottom: one function, gradients layer by layer, two real runs, Train."""
    st.title(t("Activation functions"), anchor=False)
    prose(
        t(
            "Without activation functions, a network of many layers could do no more than a "
            "network of one. A network learns backwards: the **gradient**, which says how each "
            "weight should change, goes from the last layer to the first, and each layer on its "
            "way multiplies it by the **slope** of its activation function."
        )
    )
    _curve_and_slope()
    _layer_by_layer()
    _after_training()
    open_train(
        RunConfig(hidden_layers=(64,) * 5, activation="sigmoid", epochs=10, early_stop=False),
        t("Train five layers with sigmoid. Then choose relu, change nothing else, train again."),
    )


def _curve_and_slope() -> None:
    left, right = st.columns([1, 2], gap="medium")
    functions = get_args(Activation)
    with left:
        name: str = st.selectbox(
            t("Function"),
            functions,
            functions.index(state.remembered("activation_function", functions[0])),
            help=t("The function that each hidden neuron applies."),
            **state.remembering("activation_function"),
        )
        x: float = st.slider(
            "x",
            -6.0,
            6.0,
            state.remembered("activation_x", 1.0),
            0.1,
            help=t("Move along the curve."),
            **state.remembering("activation_x"),
        )
        st.latex(rf"\text{{{name.replace('_', ' ')}}}(x) = {FORMULAS[name]}")
    point = np.array([x], np.float32)
    value, slope = (float(of(point)[0]) for of in ACTIVATIONS[name])
    caption = t(
        "{function} at x = {position:.1f} is {value:.4f}, and its slope there is {slope:.4f}: a "
        "gradient that passes through is multiplied by {slope:.4f}.",
        function=name,
        position=x,
        value=value,
        slope=slope,
    )
    if name in _REMARKS:
        caption += " " + t(_REMARKS[name])
    with right:
        show_figure(activation_figure(name, x), caption, "activation")


def _layer_by_layer() -> None:
    st.header(t("The gradient, layer by layer"), anchor=False)
    prose(
        t(
            "This is a real network before training: its weights are random, as Keras draws them "
            "(Glorot uniform). The first {images} training images go through it, and one step of "
            "backpropagation finds the gradient. How strongly does it pull at a typical weight of "
            "each layer?",
            images=IMAGES,
        )
    )
    depth: int = st.slider(
        t("Hidden layers"),
        1,
        5,
        state.remembered("activation_depth", 5),
        help=t("How many Dense layers of 64 units the network has."),
        **state.remembering("activation_depth"),
    )
    chosen: list[str] = st.multiselect(
        t("Functions"),
        get_args(Activation),
        state.remembered("activation_lines", ["sigmoid", "tanh", "relu"]),
        max_selections=6,
        help=t("The figure has a line for each of them."),
        **state.remembering("activation_lines"),
    )
    if not chosen:
        st.info(t("Choose a function to see its gradients."))
        return
    sizes = {name: start_sizes(depth, name) for name in chosen}
    show_figure(
        gradient_figure(sizes),
        t(
            "The typical size (root mean square) of the gradients in each layer. From the output "
            "layer back to the first layer: {changes}.",
            changes="; ".join(describe_change(name, sizes[name]) for name in chosen),
        ),
        "gradients",
    )


def describe_change(function: str, sizes: list[float]) -> str:
    """How a gradient changes on its way from the output layer, the last, to the first layer."""
    first, last = sizes[0], sizes[-1]
    if not first:
        return t("with {function} they become 0", function=function)
    times = float(f"{max(first, last) / min(first, last):.3g}")
    if first < last:
        return t(
            "with {function} they become {times:,g} times smaller", function=function, times=times
        )
    return t("with {function} they become {times:,g} times larger", function=function, times=times)


def _after_training() -> None:
    st.header(t("The gradient after training"), anchor=False)
    prose(t("Two real runs with five hidden layers each: one with sigmoid, one with relu."))
    short = RunConfig(hidden_layers=(64,) * 5, train_images=12_000, epochs=5, early_stop=False)
    configs = {name: short.model_copy(update={"activation": name}) for name in ("sigmoid", "relu")}
    hub = service.hub()
    runs = experiment(hub, current_owner(), configs, t("Train both"), "activation-functions")
    sizes = {
        name: gradient_sizes(network, *_batch())
        for name, run in runs.items()
        if (network := ended_network(hub, run.id)) is not None
    }
    if sizes:
        show_figure(
            gradient_figure({t("{function}, trained", function=f): s for f, s in sizes.items()}),
            t(
                "The gradients with the weights at the end of training. From the output layer "
                "back to the first layer: {changes}.",
                changes="; ".join(describe_change(name, size) for name, size in sizes.items()),
            ),
            "trained-gradients",
        )


def _batch() -> tuple[np.ndarray, np.ndarray]:
    data = load_data()
    return data.x_train[:IMAGES], data.y_train[:IMAGES]


@st.cache_data(show_spinner=False)
def start_sizes(depth: int, activation: str) -> list[float]:
    """The size of each layer's gradient in a network before training."""
    return gradient_sizes(initial_network((64,) * depth, activation, 42), *_batch())
