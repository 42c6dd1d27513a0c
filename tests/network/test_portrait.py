from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import softmax

from playground.config import RunConfig
from playground.dataset import load_data
from playground.network.gradients import initial_network
from playground.network.layers import one_of_each
from playground.network.network import Network
from playground.network.portrait import (
    DEAD,
    MOST_BYTES,
    MOST_ITEMS,
    SATURATED_UNIT,
    order,
    portrait,
    quantise,
)

UNITS = (40, 30, 20)
SHOWN = ([3, 39, 0], [29, 1], [19, 5, 6, 7])


def _items() -> NDArray[np.uint8]:
    data = load_data()
    return np.concatenate([data.x_test[:1], data.x_test[one_of_each(data.y_test)]])


def _network(activation: str = "relu", units: tuple[int, ...] = UNITS) -> Network:
    network = initial_network(units, activation, 7)
    rng = np.random.default_rng(1)
    layers = tuple(
        (weights, rng.normal(0, 0.1, bias.size).astype(np.float32))
        for weights, bias in network.layers
    )
    return Network(activation, 1 / 255, -0.1, layers)


def _array(text: str, dtype: str, *shape: int) -> NDArray[Any]:
    return np.frombuffer(base64.b64decode(text), dtype).reshape(shape)


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh", "linear"])
def test_sums_and_outputs_are_those_of_a_plain_forward_pass(activation: str) -> None:
    network, items = _network(activation), _items()
    functions: dict[str, Callable[[Any], Any]] = {
        "relu": lambda z: z * (z > 0),
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
        "tanh": np.tanh,
        "linear": lambda z: z,
    }
    message = json.loads(json.dumps(portrait(network, items, SHOWN, 3.25).to_message()))
    assert message["position"] == 3.25
    x = items.reshape(len(items), 784) / 255 - 0.1
    for layer, shown, (weights, bias) in zip(
        message["layers"], SHOWN, network.layers, strict=False
    ):
        z = x @ weights.astype(float) + bias
        x = functions[activation](z)
        assert (layer["units"], layer["shown"]) == (bias.size, shown)
        shape = (len(items), len(shown))
        np.testing.assert_allclose(_array(layer["z"], "<f4", *shape), z[:, shown], atol=1e-5)
        np.testing.assert_allclose(_array(layer["values"], "<f4", *shape), x[:, shown], atol=1e-5)
        np.testing.assert_allclose(layer["bias"], bias[shown], rtol=1e-5)
    weights, bias = network.layers[-1]
    z = x @ weights.astype(float) + bias
    output = message["output"]
    np.testing.assert_allclose(_array(output["z"], "<f4", len(items), 10), z, atol=1e-5)
    probabilities = _array(output["probabilities"], "<f4", len(items), 10)
    np.testing.assert_allclose(probabilities, softmax(z, axis=1), atol=1e-6)


def test_pictures_are_the_weights_carried_back_to_the_pixels() -> None:
    network = _network()
    matrices = [weights.astype(float) for weights, _ in network.layers]
    back = np.eye(784)
    message: Any = portrait(network, _items(), SHOWN, 0.0).to_message()
    for number, (layer, shown) in enumerate(zip(message["layers"], SHOWN, strict=True)):
        back = back @ matrices[number]
        expected = back[:, shown].T.reshape(-1, 28, 28)
        if number:
            blocks = [expected[:, i::2, j::2] for i in (0, 1) for j in (0, 1)]
            expected = np.mean(blocks, axis=0)
        side = layer["side"]
        assert side == (14 if number else 28)
        scales = np.array(layer["scales"])[:, None, None]
        codes = _array(layer["pictures"], "i1", len(shown), side, side)
        assert (np.abs(codes * scales / 127 - expected) <= scales / 250 + 1e-6).all()
        assert np.abs(codes).max(axis=(1, 2)).tolist() == [127] * len(shown)


def test_weights_between_the_neurons_shown() -> None:
    network = _network()
    message: Any = portrait(network, _items(), SHOWN, 0.0).to_message()
    assert "from" not in message["layers"][0]
    columns = [*message["layers"][1:], message["output"]]
    targets = [*SHOWN[1:], list(range(10))]
    for number, (column, here) in enumerate(zip(columns, targets, strict=True)):
        before = SHOWN[number]
        expected = network.layers[number + 1][0][np.ix_(before, here)]
        codes, scale = column["from"], column["from_scale"]
        found = _array(codes, "i1", len(before), len(here)) * scale / 127
        assert np.abs(found - expected).max() <= scale / 250
        assert scale == pytest.approx(np.abs(expected).max(), rel=1e-5)


def test_softmax_regression_has_the_pictures_of_its_outputs() -> None:
    network = _network(units=())
    message: Any = portrait(network, _items(), [], 1.0).to_message()
    output = message["output"]
    assert message["layers"] == []
    assert "from" not in output
    codes = _array(output["pictures"], "i1", 10, output["side"], output["side"])
    found = codes * np.array(output["scales"])[:, None, None] / 127
    expected = network.layers[0][0].T.reshape(10, 28, 28)
    np.testing.assert_allclose(found, expected, atol=np.abs(expected).max() / 250)


@pytest.mark.parametrize("axes", [None, (1,)])
def test_quantised_numbers_are_off_by_half_a_code_at_most(axes: tuple[int, ...] | None) -> None:
    rng = np.random.default_rng(3)
    values = (rng.normal(size=(50, 20)) * 10.0 ** rng.integers(-6, 4, (50, 1))).astype(np.float32)
    values[4] = 0
    found = quantise(values, axes)
    assert (np.abs(found.values - values) <= found.scales / 254 * 1.001 + 1e-9).all()
    assert found.codes.dtype == np.int8
    assert found.codes.min() >= -127


@pytest.mark.parametrize("units", [(), (1,), (1024,) * 5])
def test_any_network_fits(units: tuple[int, ...]) -> None:
    config = RunConfig(hidden_layers=units)
    network = initial_network(config.hidden_layers, config.activation, 1)
    items = load_data().x_test[:MOST_ITEMS]
    shown = [found[:16] for found in order(network, items[0])]
    text = json.dumps(portrait(network, items, shown, 199.123456).to_message())
    assert len(text.encode()) <= MOST_BYTES


def test_the_order_is_by_share_in_the_answer() -> None:
    """Shares by hand, with a loop over all paths."""
    network, item = _network(units=(6, 5)), _items()[0]
    first, second, answer = [x[0] for x in network.activations(item[None])]
    (_, _), (into_second, _), (into_output, _) = network.layers
    winner = answer.argmax()
    of_second = [abs(second[j] * into_output[j, winner]) for j in range(5)]
    of_second = [share / sum(of_second) for share in of_second]
    of_first = [0.0] * 6
    for j in range(5):
        parts = [abs(first[i] * into_second[i, j]) for i in range(6)]
        for i in range(6):
            of_first[i] += parts[i] / sum(parts) * of_second[j]
    found = order(network, item)
    for indices, shares in zip(found, (of_first, of_second), strict=True):
        assert sorted(indices) == list(range(len(shares)))
        in_order = np.array(shares)[indices]
        assert (np.diff(in_order) <= 1e-6).all()
    assert order(_network(units=()), item) == []


def test_dead_and_saturated_neurons_are_said_to_be_so_by_the_faces_alone() -> None:
    def with_bias(activation: str, values: list[float]) -> Network:
        network = initial_network((3,), activation, 1)
        hidden, output = network.layers
        layers = ((hidden[0] * 0, np.array(values, np.float32)), output)
        return Network(activation, 1 / 255, 0.0, layers)

    items = _items()
    dead = portrait(with_bias("relu", [-1.0, 1.0, 0.0]), items, [[0, 1, 2]], 0.0)
    assert dead.hidden[0].state.tolist() == [DEAD, 0, DEAD]
    saturated = portrait(with_bias("sigmoid", [9.0, 0.0, -9.0]), items, [[2, 1, 0]], 0.0)
    assert saturated.hidden[0].state.tolist() == [SATURATED_UNIT, 0, SATURATED_UNIT]
    # Active for the chosen item alone: the weights from a black image are what it needs.
    network = with_bias("relu", [-1.0, -1.0, -1.0])
    network.layers[0][0][:, 0] = 1.0
    items = np.zeros_like(items)
    items[0] = 255
    assert portrait(network, items, [[0]], 0.0).hidden[0].state.tolist() == [DEAD]


def test_a_network_that_has_diverged_is_valid_json() -> None:
    network = _network()
    network.layers[1][0][:] = np.nan
    network.layers[0][1][:] = np.inf
    order(network, _items()[0])
    message: Any = portrait(network, _items(), SHOWN, 0.0).to_message()
    json.dumps(message, allow_nan=False)
    assert np.isnan(_array(message["output"]["z"], "<f4", 11, 10)).all()


@pytest.mark.parametrize(
    ("shown", "count"),
    [
        (SHOWN[:2], 1),
        (([40], [0], [0]), 1),
        (([-1], [0], [0]), 1),
        (([], [0], [0]), 1),
        ((list(range(17)), [0], [0]), 1),
        (SHOWN, 0),
        (SHOWN, 17),
    ],
)
def test_what_cannot_be_shown_is_refused(shown: tuple[list[int], ...], count: int) -> None:
    with pytest.raises(ValueError, match=r"must|can be shown"):
        portrait(_network(), load_data().x_test[:count], shown, 0.0)
