"""A portrait of a network: what the living network shows of it, small enough to be sent often.

Of each hidden layer some neurons are shown, each as a picture of what excites it. Pictures and
weights are sent as one byte a number.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.config import CLASSES, IMAGE_SHAPE, MAX_HIDDEN_LAYERS, MAX_UNITS, RunConfig
from playground.network.activations import Floats
from playground.network.layers import SATURATED, idle
from playground.network.network import Network

MOST_ITEMS = 16
MOST_SHOWN = 16
# As JSON, of any network that `RunConfig` allows.
MOST_BYTES = 64 * 1024
FINE, DEAD, SATURATED_UNIT = 0, 1, 2
_SIDE = IMAGE_SHAPE[0]


class Quantised(NamedTuple):
    """Numbers as bytes: each is code × scale / 127, off by at most scale / 254.

    Attributes:
        codes: int8, -127 to 127, of any shape.
        scales: float64, which broadcasts to that of `codes`. Numbers that are not finite are 0.
    """

    codes: NDArray[np.int8]
    scales: NDArray[np.float64]

    @property
    def values(self) -> NDArray[np.float64]:
        """The numbers that a reader gets."""
        result: NDArray[np.float64] = self.codes * self.scales / 127
        return result


def quantise(values: Floats, axes: tuple[int, ...] | None = None) -> Quantised:
    """Numbers as bytes, with one scale for all along these axes, by default for all of them."""
    finite = np.nan_to_num(values, posinf=0.0, neginf=0.0).astype(np.float64)
    greatest = np.abs(finite).max(axis=axes, keepdims=True, initial=0.0)
    # As few digits as are sent, so that both ends have the same scale.
    scales = np.vectorize(_short, otypes=[float])(greatest)
    codes = np.rint(finite * 127 / np.where(scales > 0, scales, 1.0)).clip(-127, 127)
    return Quantised(codes.astype(np.int8), scales)


@dataclass(frozen=True, eq=False)
class Column:
    """The neurons that are shown of one layer, k of them, on the items.

    Attributes:
        units: how many neurons the layer has.
        shown: (k,) their indices.
        pictures: (k, side, side), what excites them: their weights, carried back to the pixels;
            of the first layer they are its weights, of others means of 2 × 2 pixels. None for the
            output layer behind a hidden one.
        bias: (k,) float32.
        sums, outputs: (items, k) float32, z = w·x + b and what becomes of it.
        incoming: (shown of the layer before, k), the weights between what is shown; None for the
            first layer.
        state: (k,) uint8, on the faces: `FINE`, `DEAD` or `SATURATED_UNIT`.
    """

    units: int
    shown: NDArray[np.intp]
    pictures: Quantised | None
    bias: Floats
    sums: Floats
    outputs: Floats
    incoming: Quantised | None
    state: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Portrait:
    """What is shown of a network: some neurons of its hidden layers, and all of its outputs.

    Attributes:
        position: of its weights, in epochs.
        hidden: a column for each hidden layer.
        output: its outputs are probabilities; `shown` are all ten.
    """

    position: float
    hidden: tuple[Column, ...]
    output: Column

    def to_message(self) -> dict[str, object]:
        """The portrait for a browser, at most `MOST_BYTES` as JSON; arrays as base64.

        In rows, little endian, of these types: pictures and from int8, state uint8, others
        float32.
        """
        output = self.output
        return {
            "position": self.position,
            "layers": [
                {
                    "units": column.units,
                    "shown": column.shown.tolist(),
                    **_weights(column),
                    "z": _text(column.sums, "<f4"),
                    "values": _text(column.outputs, "<f4"),
                    "state": _text(column.state, "u1"),
                }
                for column in self.hidden
            ],
            "output": {
                **_weights(output),
                "z": _text(output.sums, "<f4"),
                "probabilities": _text(output.outputs, "<f4"),
            },
        }


@dataclass(frozen=True, eq=False)
class Watch:
    """What those who look at a run see of it: the portraits that its worker makes meanwhile.

    Attributes:
        items: (n, 28, 28) uint8, the chosen item and then the faces, at most `MOST_ITEMS`.
        shown: for each hidden layer the neurons shown, at most `MOST_SHOWN`.

    Raises:
        ValueError: there are too many of them, or none.
    """

    items: NDArray[np.uint8]
    shown: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        _check_items(self.items)
        if len(self.shown) > MAX_HIDDEN_LAYERS:
            raise ValueError(f"A network has at most {MAX_HIDDEN_LAYERS} hidden layers.")
        for indices in self.shown:
            _check_shown(np.array(indices), MAX_UNITS)

    def fits(self, config: RunConfig) -> bool:
        """Whether a network with these settings has such neurons."""
        layers = config.hidden_layers
        return len(layers) == len(self.shown) and all(
            max(indices) < units for indices, units in zip(self.shown, layers, strict=True)
        )

    @cached_property
    def key(self) -> str:
        """16 hexadecimal digits, the same for what is the same; a portrait's message has it."""
        content = self.items.tobytes() + repr(self.shown).encode()
        return hashlib.sha256(content).hexdigest()[:16]

    def portrait(self, network: Network, position: float) -> bytes:
        """The portrait of a network as a message, JSON, with `key` as `choice`.

        Raises:
            ValueError: the network has no such neurons or layers.
        """
        message = portrait(network, self.items, self.shown, position).to_message()
        return json.dumps(message | {"choice": self.key}, separators=(",", ":")).encode()


def portrait(
    network: Network,
    items: NDArray[np.uint8],
    shown: Sequence[Sequence[int] | NDArray[np.intp]],
    position: float,
) -> Portrait:
    """The portrait of a network.

    Args:
        network: any; where its numbers are not finite, pictures and weights are drawn as 0.
        items: (n, 28, 28), the chosen item and then the faces, at most `MOST_ITEMS`.
        shown: for each hidden layer the indices of the neurons shown, at most `MOST_SHOWN`.
        position: of these weights, in epochs.

    Raises:
        ValueError: there are too many items or neurons, or no such neuron or layer.
    """
    indices = [np.array(of_layer, np.intp).reshape(-1) for of_layer in shown]
    _check(network, items, indices)
    indices.append(np.arange(CLASSES))
    with np.errstate(all="ignore"):  # a network that has diverged is shown, too
        values = network.forward(items)
        pictures = _pictures(network, indices)
        columns = tuple(
            _column(network, layer, indices, values[layer], pictures[layer])
            for layer in range(len(indices))
        )
    return Portrait(position, columns[:-1], columns[-1])


def order(network: Network, item: NDArray[np.uint8]) -> list[NDArray[np.intp]]:
    """All neurons of each hidden layer, those with the largest share in the answer first.

    The share of a neuron behind which another one stands is |w·a| of all the |w·a| that come in
    there, times the share of that one; the winning output's share is 1, that of others 0.

    Args:
        network: any.
        item: (28, 28), for which the answer is.

    Returns:
        For each hidden layer its indices (units,); equal shares by index.
    """
    with np.errstate(all="ignore"):
        outputs = [found[0] for found in network.activations(item[None])]
        share = (np.arange(CLASSES) == outputs[-1].argmax()).astype(np.float32)
        found = []
        for (weights, _), output in zip(network.layers[:0:-1], outputs[-2::-1], strict=True):
            parts = np.nan_to_num(np.abs(weights * output[:, None]), posinf=0.0)
            whole = parts.sum(axis=0)
            share = parts @ np.where(whole > 0, share / np.where(whole > 0, whole, 1), 0)
            found.append(np.argsort(-share, kind="stable"))
    return found[::-1]


def _check_items(items: NDArray[np.uint8]) -> None:
    if items.shape[1:] != IMAGE_SHAPE or not 0 < len(items) <= MOST_ITEMS:
        raise ValueError(f"The items must be 1 to {MOST_ITEMS} images.")
    if items.dtype != np.uint8:
        raise ValueError("The pixels of the items must be bytes.")


def _check_shown(indices: NDArray[np.integer], units: int) -> None:
    whole = indices.dtype.kind in "iu" and bool(((indices >= 0) & (indices < units)).all())
    if indices.ndim != 1 or not 0 < indices.size <= MOST_SHOWN or not whole:
        raise ValueError(f"1 to {MOST_SHOWN} neurons of each layer can be shown.")


def _check(network: Network, items: NDArray[np.uint8], shown: list[NDArray[np.intp]]) -> None:
    _check_items(items)
    if len(shown) != len(network.layers) - 1:
        raise ValueError("There must be a list of neurons for each hidden layer.")
    for indices, (_, bias) in zip(shown, network.layers, strict=False):
        _check_shown(indices, bias.size)


def _pictures(network: Network, shown: list[NDArray[np.intp]]) -> list[Floats | None]:
    """What excites the neurons shown of each layer, (k, side, side); None for the output layer.

    From the last layer to the first, for the neurons shown alone: each matrix is read once.
    """
    layers = network.layers
    first = layers[0][0][:, shown[0]].T.reshape(-1, _SIDE, _SIDE)
    if len(layers) == 1:
        return [first]
    if len(layers) == 2:
        return [first, None]
    carried = np.empty((len(layers[-1][0]), 0), np.float32)
    for layer in range(len(layers) - 2, 0, -1):
        weights = layers[layer][0]
        carried = np.hstack([weights[:, shown[layer]], weights @ carried])
    half = _SIDE // 2
    pixels = (layers[0][0] @ carried).reshape(half, 2, half, 2, -1)
    flat = pixels.mean(axis=(1, 3)).transpose(2, 0, 1)
    ends = np.cumsum([len(indices) for indices in shown[1:-1]])
    return [first, *np.split(flat, ends[:-1]), None]


def _column(
    network: Network,
    layer: int,
    shown: list[NDArray[np.intp]],
    values: tuple[Floats, Floats],
    picture: Floats | None,
) -> Column:
    weights, bias = network.layers[layer]
    here = shown[layer]
    sums, outputs = values
    state = np.zeros(here.size, np.uint8)
    if layer < len(network.layers) - 1:
        faces = outputs[1:] if len(outputs) > 1 else outputs
        reason = SATURATED_UNIT if network.activation in SATURATED else DEAD
        state[idle(faces[:, here], network.activation)] = reason
    return Column(
        units=bias.size,
        shown=here,
        pictures=None if picture is None else quantise(picture, (1, 2)),
        bias=bias[here],
        sums=sums[:, here],
        outputs=outputs[:, here],
        incoming=quantise(weights[np.ix_(shown[layer - 1], here)]) if layer else None,
        state=state,
    )


def _weights(column: Column) -> dict[str, object]:
    fields: dict[str, object] = {"bias": [_short(value) for value in column.bias.tolist()]}
    if column.pictures is not None:
        codes, scales = column.pictures
        fields["side"] = codes.shape[-1]
        fields["pictures"] = _text(codes, "i1")
        fields["scales"] = scales.ravel().tolist()
    if column.incoming is not None:
        fields["from"] = _text(column.incoming.codes, "i1")
        fields["from_scale"] = float(column.incoming.scales.item())
    return fields


def _short(value: float) -> float:
    """A number with the digits that are sent, JSON knows no others: finite."""
    return float(f"{value:.6g}") if np.isfinite(value) else 0.0


def _text(array: NDArray[Any], dtype: str) -> str:
    return base64.b64encode(np.ascontiguousarray(array, dtype).tobytes()).decode("ascii")
