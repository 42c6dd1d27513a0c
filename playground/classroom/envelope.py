"""What is in the envelope of a sealed activity: test accuracies, and how far the best one misleads.

Pure, and slow: to judge a network on 10,000 images takes a tenth of a second and more.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from scipy.integrate import quad
from scipy.special import ndtr

from playground.dataset import TEST_IMAGES, load_data
from playground.network.network import Network

# Images that are judged at once: of the largest network, 16 MB of activations.
_BATCH = 1_000
# The standard normal distribution ends here, to ten digits.
_FAR = 12.0


def test_accuracy(network: Network) -> float:
    """The share of the 10,000 test images that a network calls right, 0 to 1.

    Raises:
        DatasetError: the data set cannot be read.
    """
    data = load_data()
    right = 0
    for start in range(0, TEST_IMAGES, _BATCH):
        part = slice(start, start + _BATCH)
        called = network.predict(data.x_test[part]).argmax(axis=1)
        right += int(np.count_nonzero(called == data.y_test[part]))
    return right / TEST_IMAGES


def expected_optimism(count: int, accuracy: float, images: int) -> float:
    """How much better than it is the best of some equal networks looks, 0 to 1, on average.

    Each is judged on `images` validation images of its own luck: its accuracy there is about
    normal around `accuracy`, with the standard error of a share. The best of n has the expected
    maximum of n such numbers, which is n ∫ x φ(x) Φ(x)ⁿ⁻¹ dx standard errors above (Harter, 1961,
    Expected values of normal order statistics, Biometrika 48, 151–165). Networks that are judged on
    the same images share a part of their luck, so for them it is at most this much.

    Args:
        count: networks, 1 or more.
        accuracy: of all of them, 0 to 1.
        images: validation images, 1 or more.
    """
    return _expected_maximum(count) * math.sqrt(accuracy * (1 - accuracy) / images)


@lru_cache(maxsize=256)
def _expected_maximum(count: int) -> float:
    """Of so many independent standard normal numbers."""

    def density(x: float) -> float:
        return x * count * math.exp(-x * x / 2) * float(ndtr(x)) ** (count - 1)

    value, _ = quad(density, -_FAR, _FAR, points=[0.0, math.sqrt(2 * math.log(count + 1))])
    return float(value) / math.sqrt(2 * math.pi)
