"""Learn, Dense: the weights into one neuron as an image, and its sum in numbers."""

from __future__ import annotations

import numpy as np
import streamlit as st

from playground.config import RunConfig
from playground.dataset import CLASS_NAMES, load_data
from playground.figures.lesson.data import neuron_figure, sum_figure
from playground.lesson.neuron import Neuron, neuron
from playground.runs import service
from playground.ui.common.figure import show_figure
from playground.ui.common.owner import current_owner
from playground.ui.learn.lesson import choose_image, choose_network, open_train

TERMS = 8


def page() -> None:
    """The page, top to bottom: the choice, three images, the sum, the way to Train."""
    st.title("Dense", anchor=False)
    st.markdown(
        "In a Dense (fully connected) layer every input connects to every output. A neuron "
        "multiplies each of its inputs by a weight, adds all up, adds its bias, "
        "**z = wx + b**, and applies the activation function."
    )
    one, two = st.columns(2)
    with one:
        network, name = choose_network(
            service.hub(), current_owner(), "Whose first Dense layer you look into."
        )
    weights, bias = network.layers[0]
    with two:
        number: int = st.number_input(
            "Neuron", 1, len(bias), 1, help=f"One of the {len(bias)} of the first Dense layer."
        )
    number = min(max(number, 1), len(bias))
    place = choose_image("Image", "Which test image comes in.")
    seen = neuron(network, load_data().x_test[place], number - 1)
    last = len(network.layers) == 1
    what = f"the output neuron of {CLASS_NAMES[number - 1]}" if last else f"neuron {number}"
    show_figure(
        neuron_figure(seen),
        f"What comes into {what} of {name}: the scaled pixels, its 784 weights (red above 0, blue "
        "below), and the product of both, pixel by pixel. Red products push the sum up, blue ones "
        "down.",
        "neuron",
    )
    product = seen.w * seen.x
    show_figure(
        sum_figure(seen, TERMS),
        f"From 0 to z: the {TERMS} largest products, all others together, and the bias. "
        f"wx = {float(product.sum()):.4f}, b = {seen.b:.4f}, z = {seen.z:.4f}.",
        "sum",
    )
    st.latex(in_formula(seen, network.activation))
    with st.expander("Check it by hand"):
        chosen = seen.largest_terms(TERMS)
        st.dataframe(
            {
                "Row": chosen // 28,
                "Column": chosen % 28,
                "x": seen.x[chosen],
                "w": seen.w[chosen],
                "w · x": product[chosen],
            },
            hide_index=True,
        )
        rest = np.delete(product, chosen).sum()
        st.caption(
            f"These {TERMS} products make {product[chosen].sum():.4f}, the other "
            f"{784 - TERMS} make {rest:.4f}; with the bias {seen.b:.4f} that is {seen.z:.4f}. "
            f"The layer has 784 × {len(bias)} weights and {len(bias)} biases: "
            f"{weights.size + bias.size:,} parameters."
        )
    open_train(
        RunConfig(hidden_layers=(32,), epochs=5, stop=False),
        "Train a layer of 32 neurons, come back, and see what its weights have become.",
    )


def in_formula(seen: Neuron, activation: str) -> str:
    """z and what the activation function makes of it, as LaTeX, in lines that fit a phone."""
    lines = ["z &= wx + b", f"&= {seen.z - seen.b:.4f} {seen.b:+.4f}", f"&= {seen.z:.4f}"]
    if seen.a is None:
        lines.append(r"\text{softmax}(z) &\text{ needs all ten sums}")
    else:
        lines.append(rf"\text{{{activation.replace('_', ' ')}}}(z) &= {seen.a:.4f}")
    return r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}"
