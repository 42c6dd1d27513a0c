"""Looking into a network: what its answer depends on, and which training images are similar."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.network.activations import ACTIVATIONS
from playground.network.network import Network

Doubles = NDArray[np.float64]

_BATCH = 4096


def saliency(network: Network, image: NDArray[np.uint8]) -> Doubles:
    """How much the winning probability changes with each pixel: its gradient at the input.

    Backpropagation in float64: the gradient of a network that is very sure is tiny, but not 0.
    As Simonyan et al. 2013, arXiv 1312.6034, section 3, for the probability and with its sign.

    Args:
        network: its weights must be finite.
        image: (28, 28), pixels 0 to 255.

    Returns:
        (28, 28) float64, the change of the probability per step of grey.
    """
    x = image.astype(np.float64).ravel() * network.scale + network.offset
    slopes = []
    activation = ACTIVATIONS[network.activation]
    for weights, bias in network.layers:
        z = x @ weights.astype(np.float64) + bias
        slopes.append(activation.slope(z))
        x = activation.function(z)
    powers = np.exp(z - z.max())
    p = powers / powers.sum()
    winner = int(p.argmax())
    # d p_w / d z_j = p_w (1[j = w] − p_j), with 1 − p_w as the sum of the other probabilities,
    # which never rounds to 0.
    gradient = -p[winner] * p
    gradient[winner] = p[winner] * np.delete(p, winner).sum()
    for i in reversed(range(len(network.layers))):
        if i < len(network.layers) - 1:
            gradient = gradient * slopes[i]
        gradient = network.layers[i][0].astype(np.float64) @ gradient
    result: Doubles = gradient.reshape(image.shape) * network.scale
    return result


class Neighbours:
    """Finds the images that are most similar to another one, pixel by pixel.

    Args:
        images: (n, 28, 28) uint8.
    """

    def __init__(self, images: NDArray[np.uint8]) -> None:
        self._images = images.reshape(len(images), -1)
        self._squares = np.empty(len(images), np.float32)
        for some in self._batches():
            images = self._images[some].astype(np.float32)
            self._squares[some] = np.einsum("ij,ij->i", images, images)

    def _batches(self) -> list[slice]:
        """Some images at a time: all of them as float32 would take 190 MB."""
        return [slice(start, start + _BATCH) for start in range(0, len(self._images), _BATCH)]

    def nearest(
        self, image: NDArray[np.uint8], count: int = 5
    ) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """The nearest images by Euclidean distance between pixels (L2), nearest first.

        Args:
            image: (28, 28) uint8.
            count: how many.

        Returns:
            Their indices (count,), and their distances (count,) in steps of grey.
        """
        wanted = image.ravel().astype(np.float32)
        # |x − y|² without |y|², which is the same for all; roughly, since float32 rounds.
        rough = np.empty(len(self._images), np.float32)
        for some in self._batches():
            product = self._images[some].astype(np.float32) @ wanted
            rough[some] = self._squares[some] - 2 * product
        likely = np.argpartition(rough, min(4 * count, len(rough) - 1))[: 4 * count]
        apart = self._images[likely].astype(np.int64) - image.ravel()
        squares = (apart**2).sum(axis=1)
        best = np.lexsort((likely, squares))[:count]
        return likely[best], np.sqrt(squares[best])


def typical(images: NDArray[np.uint8]) -> int:
    """Which of the images (n, 28, 28) is nearest to the mean of all of them."""
    flat = images.reshape(len(images), -1).astype(np.float32)
    return int(((flat - flat.mean(axis=0)) ** 2).sum(axis=1).argmin())
