"""Learn, Dense: the weights into one neuron as an image, and its sum in numbers."""

from __future__ import annotations

import numpy as np
import streamlit as st

from playground.config import RunConfig
from playground.dataset import class_name, load_data
from playground.figures.lesson.data import neuron_figure, sum_figure
from playground.lesson.neuron import Neuron, neuron
from playground.locales import plural, t
from playground.network.network import Network
from playground.runs import service
from playground.ui import state
from playground.ui.common.figure import show_figure
from playground.ui.common.owner import current_owner
from playground.ui.learn.lesson import choose_image, choose_network, open_train
from playground.ui.learn.prose import prose

TERMS = 8


def page() -> None:
    """The page, top to bottom: the choice, three images, the sum, the way to Train."""
    st.title(t("Dense"), anchor=False)
    prose(
        t(
            "In a Dense (fully connected) layer, every input is connected to every neuron. A "
            "neuron multiplies each input by a weight, adds up the products and its bias, "
            "**z = wx + b**, and applies the activation function to this sum."
        )
    )
    one, two = st.columns(2)
    with one:
        network, name = choose_network(
            service.hub(),
            current_owner(),
            "dense_network",
            t("The network whose first Dense layer you see."),
        )
    neurons = len(network.layers[0][1])
    with two:
        number: int = st.number_input(
            t("Neuron"),
            1,
            neurons,
            min(state.remembered("dense_neuron", 1), neurons),
            help=plural(
                "The first Dense layer has {count} neuron.",
                "The first Dense layer has {count} neurons.",
                neurons,
            ),
            **state.remembering("dense_neuron", neurons),
        )
    number = min(max(number, 1), neurons)
    index = choose_image("dense_image", t("Image"), t("The test image that comes in."))
    seen = neuron(network, load_data().x_test[index], number - 1)
    _products(seen, _neuron_name(network, name, number))
    _sum(seen, network.activation)
    with st.expander(t("Check it by hand")):
        _by_hand(seen, neurons)
    open_train(
        RunConfig(hidden_layers=(32,), epochs=5, early_stop=False),
        t("Train a layer of 32 neurons, come back, and see what its weights have become."),
    )


def _neuron_name(network: Network, name: str, number: int) -> str:
    if len(network.layers) == 1:
        return t(
            "The output neuron of {label} in the network {network}.",
            label=class_name(number - 1),
            network=name,
        )
    return t("Neuron {number} of the network {network}.", number=number, network=name)


def _products(seen: Neuron, name: str) -> None:
    what = t(
        "From left to right: the scaled pixels that come in, the 784 weights (orange above 0, "
        "blue below 0), and the product of both for each pixel. Orange products make the sum "
        "larger, blue products make it smaller."
    )
    show_figure(neuron_figure(seen), f"{name} {what}", "neuron")


def _sum(seen: Neuron, activation: str) -> None:
    show_figure(
        sum_figure(seen, TERMS),
        t(
            "The steps from 0 to z: the {terms} products furthest from 0, all other products "
            "together, and the bias. wx = {products:.4f}, b = {bias:.4f}, z = {sum:.4f}.",
            terms=TERMS,
            products=(seen.w * seen.x).sum(),
            bias=seen.b,
            sum=seen.z,
        ),
        "sum",
    )
    st.latex(in_formula(seen, activation))
    if seen.a is None:
        st.caption(t("For its probability, softmax needs the sums of all ten output neurons."))


def _by_hand(seen: Neuron, neurons: int) -> None:
    product = seen.w * seen.x
    chosen = seen.largest_terms(TERMS)
    st.dataframe(
        {
            t("Row"): chosen // 28,
            t("Column"): chosen % 28,
            "x": seen.x[chosen],
            "w": seen.w[chosen],
            "w · x": product[chosen],
        },
        hide_index=True,
    )
    st.caption(
        t(
            "The sum of these {terms} products is {chosen:.4f}, that of the other {others} is "
            "{rest:.4f}; with the bias {bias:.4f} this makes {sum:.4f}. Every neuron of the layer "
            "has 784 weights and a bias, so the layer has 785 × {neurons} = {parameters:,} "
            "parameters.",
            terms=TERMS,
            chosen=product[chosen].sum(),
            others=784 - TERMS,
            rest=np.delete(product, chosen).sum(),
            bias=seen.b,
            sum=seen.z,
            neurons=neurons,
            parameters=785 * neurons,
        )
    )


def in_formula(seen: Neuron, activation: str) -> str:
    """z and what the activation function makes of it, as LaTeX, in lines that fit a phone."""
    lines = ["z &= wx + b", f"&= {seen.z - seen.b:.4f} {seen.b:+.4f}", f"&= {seen.z:.4f}"]
    if seen.a is not None:
        lines.append(rf"\text{{{activation.replace('_', ' ')}}}(z) &= {seen.a:.4f}")
    return r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}"
