"""What is in the envelope, against simulation and against the arithmetic of 10,000 images."""

from __future__ import annotations

import numpy as np
import pytest

from playground.classroom import envelope
from playground.classroom.envelope import expected_optimism
from playground.dataset import load_data
from playground.network.network import Network


def test_a_network_is_judged_on_all_test_images() -> None:
    # Linear templates: the mean of a label's training images.
    data = load_data()
    images = data.x_train[:2_000].reshape(2_000, -1) / 255
    means = np.stack([images[data.y_train[:2_000] == label].mean(axis=0) for label in range(10)])
    weights, bias = means.T.astype("f4"), (-(means**2).sum(axis=1) / 2).astype("f4")
    network = Network("relu", 1 / 255, 0.0, ((weights, bias),))
    flat = data.x_test.reshape(len(data.x_test), -1) / 255
    nearest = np.stack([((flat - mean) ** 2).sum(axis=1) for mean in means]).argmin(axis=0)
    assert envelope.test_accuracy(network) == pytest.approx(
        (nearest == data.y_test).mean(), abs=3e-4
    )


@pytest.mark.parametrize("count", [1, 2, 5, 30, 150])
def test_the_best_of_equal_networks_looks_so_much_better(count: int) -> None:
    accuracy, images, tries = 0.88, 600, 20_000
    rng = np.random.default_rng(count)
    best = rng.binomial(images, accuracy, (tries, count)).max(axis=1) / images
    error = best.std() / np.sqrt(tries)
    # A share of 600 images is not quite normal: its steps and its skew are worth 0.1 points.
    found = expected_optimism(count, accuracy, images)
    assert found == pytest.approx(best.mean() - accuracy, abs=4 * error + 0.0015)


def test_known_values() -> None:
    # Harter's table of the expected maximum, to five decimals.
    for count, expected in {2: 0.56419, 10: 1.53875, 30: 2.04276, 100: 2.50759}.items():
        assert expected_optimism(count, 0.5, 1) == pytest.approx(expected / 2, abs=5e-6)
    assert expected_optimism(30, 0.87, 10_000) == pytest.approx(0.007, abs=0.0005)
    assert expected_optimism(30, 0.87, 500) == pytest.approx(0.03, abs=0.002)
    assert expected_optimism(1, 0.9, 100) == pytest.approx(0, abs=1e-12)
    assert expected_optimism(5, 1.0, 100) == 0
