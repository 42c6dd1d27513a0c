"""Learn, Activation functions: curve and slope, and what slopes do to the gradient."""

from __future__ import annotations

from typing import get_args

import numpy as np
import streamlit as st

from playground.config import Activation, RunConfig
from playground.dataset import load_data
from playground.figures.lesson.network import activation_figure, gradient_figure
from playground.network.activations import ACTIVATIONS
from playground.network.gradients import gradient_sizes, initial_network
from playground.runs import service
from playground.ui.common.figure import show_figure
from playground.ui.common.owner import current_owner
from playground.ui.learn.lesson import ended_network, experiment, open_train

IMAGES = 512
FORMULAS: dict[str, str] = {
    "sigmoid": r"\frac{1}{1 + e^{-x}}",
    "tanh": r"\frac{e^x - e^{-x}}{e^x + e^{-x}}",
    "relu": r"\max(0, x)",
    "leaky_relu": r"\max(0.2\,x, x)",
    "elu": r"x \text{ if } x > 0 \text{, else } e^x - 1",
    "gelu": r"x \cdot \Phi(x)",
    "silu": r"\frac{x}{1 + e^{-x}}",
    "linear": "x",
}


def page() -> None:
    """The page, top to bottom: one function, gradients layer by layer, two real runs, Train."""
    st.title("Activation functions", anchor=False)
    st.markdown(
        "Without an activation function, many layers can do no more than one. Learning goes "
        "backwards through the layers, and at each of them the gradient is multiplied by the "
        "function's **slope**."
    )
    left, right = st.columns([1, 2], gap="medium")
    with left:
        name: str = st.selectbox(
            "Function", get_args(Activation), help="The function each hidden neuron applies."
        )
        x: float = st.slider("x", -6.0, 6.0, 1.0, 0.1, help="Move along the curve.")
        st.latex(rf"\text{{{name.replace('_', ' ')}}}(x) = {FORMULAS[name]}")
    point = np.array([x], np.float32)
    value, slope = (float(of(point)[0]) for of in ACTIVATIONS[name])
    with right:
        show_figure(
            activation_figure(name, x),
            f"{name} at x = {x:.1f} is {value:.4f}, and its slope there is {slope:.4f}: a gradient "
            f"that passes is multiplied by {slope:.4f}. {_remark(name)}",
            "activation",
        )
    _layer_by_layer()
    _after_training()
    open_train(
        RunConfig(hidden_layers=(64,) * 5, activation="sigmoid", epochs=10, stop=False),
        "Train five layers of sigmoid. Then choose relu there, and nothing else, and train again.",
    )


def _remark(name: str) -> str:
    remarks = {
        "sigmoid": "Sigmoid's slope is never more than 0.25.",
        "tanh": "Its slope is 1 at x = 0, and near 0 far from it.",
        "relu": "ReLU's slope is 1 for every x above 0, and 0 for all others.",
    }
    return remarks.get(name, "")


def _layer_by_layer() -> None:
    st.subheader("The gradient, layer by layer", anchor=False)
    st.markdown(
        f"A real network at its start: weights as Keras draws them (Glorot uniform), the first "
        f"{IMAGES} training images, one step of backpropagation. How strongly is a typical weight "
        "of each layer pulled?"
    )
    depth: int = st.slider("Hidden layers", 1, 5, 5, help="How many Dense layers of 64 units.")
    chosen: list[str] = st.multiselect(
        "Functions",
        get_args(Activation),
        ["sigmoid", "tanh", "relu"],
        max_selections=6,
        help="One line for each.",
    )
    if not chosen:
        st.info("Choose a function to see its gradients.")
        return
    sizes = {name: start_sizes(depth, name) for name in chosen}
    show_figure(
        gradient_figure(sizes),
        "Root mean square of each layer's weight gradients. From the output back to the first "
        "layer: " + "; ".join(f"{name} {in_words(sizes[name])}" for name in chosen) + ".",
        "gradients",
    )


def in_words(sizes: list[float]) -> str:
    """How the first layer's gradient compares with the output layer's."""
    first, last = sizes[0], sizes[-1]
    if not first:
        return "shrinks to 0"
    times = last / first if first < last else first / last
    return f"{'shrinks' if first < last else 'grows'} {float(f'{times:.3g}'):,g} times"


def _after_training() -> None:
    st.subheader("And in training", anchor=False)
    st.markdown("Two real runs, five hidden layers each: one with sigmoid, one with relu.")
    short = RunConfig(hidden_layers=(64,) * 5, train_images=12_000, epochs=5, stop=False)
    configs = {name: short.model_copy(update={"activation": name}) for name in ("sigmoid", "relu")}
    hub = service.hub()
    runs = experiment(hub, current_owner(), configs, "Train both")
    sizes = {
        f"{name}, trained": gradient_sizes(network, *_batch())
        for name, run in runs.items()
        if (network := ended_network(hub, run.id)) is not None
    }
    if sizes:
        show_figure(
            gradient_figure(sizes),
            "The gradients with the weights that training has ended with: "
            + "; ".join(f"{name} {in_words(values)}" for name, values in sizes.items())
            + " from the output back to the first layer.",
            "trained-gradients",
        )


def _batch() -> tuple[np.ndarray, np.ndarray]:
    data = load_data()
    return data.x_train[:IMAGES], data.y_train[:IMAGES]


@st.cache_data(show_spinner=False)
def start_sizes(depth: int, activation: str) -> list[float]:
    """The size of each layer's gradient in a network as it starts."""
    return gradient_sizes(initial_network((64,) * depth, activation, 42), *_batch())
