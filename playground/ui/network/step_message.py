"""What a browser gets of a step by hand: gradients of what is shown, and the update of one weight
and its neuron's bias."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.config import RunConfig
from playground.network.by_hand.optimizers import Standing, update
from playground.network.by_hand.step import Walk

# Strongest gradients that are named for each neuron behind the pixels.
_PIXELS = 3


class WeightIndex(NamedTuple):
    """A weight: its layer, the pixel or neuron that it comes from, the neuron that it goes to."""

    layer: int
    start: int
    end: int


def layer_message(found: Walk, layer: int, shown: Sequence[NDArray[np.intp]]) -> dict[str, object]:
    """What flows back through the neurons shown of a layer, k of them.

    Returns:
        JSON of `delta`, float32 (n, k), the gradient with respect to z; `bias`, float32 (k,);
        `size`, the root mean square of all gradients of the layer's weights; and those between
        neurons shown, `from`, float32 (shown of the layer before, k), or behind the pixels the
        strongest of each neuron: `pixels`, their indices, and `strongest`, their gradients.
    """
    here = shown[layer]
    weights, bias = found.gradients[layer]
    message: dict[str, object] = {
        "delta": text(found.deltas[layer][:, here]),
        "bias": text(bias[here]),
        "size": number(np.sqrt(np.mean(np.square(weights.astype(np.float64))))),
    }
    if layer:
        message["from"] = text(weights[np.ix_(shown[layer - 1], here)])
        return message
    own = weights[:, here]
    strongest = np.argsort(-np.abs(np.nan_to_num(own)), axis=0, kind="stable")[:_PIXELS]
    message["pixels"] = strongest.T.tolist()
    message["strongest"] = text(np.take_along_axis(own, strongest, axis=0).T)
    return message


def weight_message(
    config: RunConfig, rate: float, standing: Standing, found: Walk, weight: WeightIndex
) -> dict[str, object]:
    """The update of one weight and of its neuron's bias, with all numbers of their formulas.

    Returns:
        JSON of `layer`, `from` and `to`, indices among all neurons or pixels; the weight's numbers,
        see `_parameter`; `inputs` and `deltas` of each image, whose products add up to the gradient
        except for L2's part, `penalty`; and `bias`, the numbers of the bias of `to`, whose gradient
        is the sum of the deltas.
    """
    layer, start, end = weight
    inputs = found.values[layer - 1][1] if layer else found.inputs
    return {
        "layer": layer,
        "from": start,
        "to": end,
        **_parameter(config, rate, standing, found, layer, (start, end)),
        "inputs": [number(x) for x in inputs[:, start]],
        "deltas": [number(x) for x in found.deltas[layer][:, end]],
        "penalty": number(2 * config.l2 * standing.layers[layer][0][start, end]),
        "bias": _parameter(config, rate, standing, found, layer, (end,)),
    }


def _parameter(
    config: RunConfig,
    rate: float,
    standing: Standing,
    found: Walk,
    layer: int,
    index: tuple[int, int] | tuple[int],
) -> dict[str, object]:
    """A weight's or a bias's update; `index` is where it stands in its array.

    Returns:
        JSON of `value`, `gradient` and `after`, and of what the optimizer remembers, `before` and,
        after the update, `memory`.
    """
    kind = 2 - len(index)  # weights are the first array of a layer, biases the second
    value = standing.layers[layer][kind][index]
    gradient = found.gradients[layer][kind][index]
    before = [array[index] for array in standing.memory[2 * layer + kind]]
    with np.errstate(all="ignore"):  # what diverges does so here, too
        new = update(config, rate, standing.updates + 1, value, gradient, before)
    return {
        "value": number(value),
        "gradient": number(gradient),
        "after": number(new.weights),
        "before": [number(x) for x in before],
        "memory": [number(x) for x in new.memory],
    }


def choose(found: Walk, shown: Sequence[NDArray[np.intp]], asked: Sequence[int]) -> WeightIndex:
    """The weight that is asked for.

    Args:
        found: its gradients decide.
        shown: the neurons shown of each layer, the outputs last.
        asked: nothing for the one with the largest gradient, `layer, to` for that of one neuron,
            both among the weights from what is shown, or `layer, from, to`.

    Raises:
        ValueError: there is no such weight.
    """

    def largest(layer: int, ends: NDArray[np.intp]) -> tuple[float, WeightIndex]:
        whole = found.gradients[layer][0]
        starts = shown[layer - 1] if layer else np.arange(len(whole))
        sizes = np.nan_to_num(np.abs(whole[np.ix_(starts, ends)]), posinf=0.0)
        row, column = np.unravel_index(sizes.argmax(), sizes.shape)
        return float(sizes[row, column]), WeightIndex(layer, int(starts[row]), int(ends[column]))

    if not asked:
        return max((largest(i, ends) for i, ends in enumerate(shown)), key=lambda one: one[0])[1]
    layer, *start, end = asked
    if layer >= len(shown) or end >= found.gradients[layer][1].size:
        raise ValueError("no such neuron")
    if not start:
        return largest(layer, np.array([end]))[1]
    if start[0] >= len(found.gradients[layer][0]):
        raise ValueError("no such input")
    return WeightIndex(layer, start[0], end)


def number(value: np.floating | float) -> float | None:
    """A number with the digits of a float32; JSON knows no number that is not finite."""
    return float(f"{value:.9g}") if np.isfinite(value) else None


def text(array: NDArray[np.floating]) -> str:
    """An array in rows, as base64 of float32, little endian."""
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode("ascii")
