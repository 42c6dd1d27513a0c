"""What the photo of a thing tells of its shape: silhouette, sole, trunk and seams."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from playground.twins.warps import SIDE, Floats, Numbers


def silhouettes(images: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The item with its holes filled, (n, 28, 28) bool, from images (n, 28, 28) uint8."""
    outside = np.pad(images < 24, ((0, 0), (1, 1), (1, 1)), constant_values=True)
    flat = np.zeros((3, 3, 3), bool)
    flat[1] = ndimage.generate_binary_structure(2, 1)
    regions, _ = ndimage.label(outside, flat)
    inside: NDArray[np.bool_] = (regions != regions[:, :1, :1])[:, 1:-1, 1:-1]
    return inside


def straight_soles(masks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Silhouettes of shoes, filled down to the ground, where the camera sees a dark gap."""
    rows = np.asarray(masks.any(axis=2))
    lowest = SIDE - 1 - rows[:, ::-1].argmax(axis=1)
    above = np.arange(SIDE)[None, :, None] <= lowest[:, None, None]
    result: NDArray[np.bool_] = np.logical_or.accumulate(masks, axis=1) & above
    return result


def half_trunk(masks: NDArray[np.bool_]) -> Numbers:
    """Half a garment's width without its sleeves, (n,): where its lower half is narrowest."""
    half = SIDE // 2
    lower = np.pad(masks[:, half : SIDE - 3], ((0, 0), (0, 0), (1, 1)))
    right = lower[:, :, half + 1 :].argmin(axis=2)
    left = lower[:, :, half::-1].argmin(axis=2)
    across = (left + right) / 2
    result: Numbers = np.where(across > 2, across, half).min(axis=1) / half
    return result


def seams(images: NDArray[np.uint8], masks: NDArray[np.bool_]) -> Floats:
    """The strongest edges within each item, (n, 28, 28) 0 to 1."""
    core = ndimage.binary_erosion(masks, np.ones((1, 3, 3), bool))
    soft = ndimage.gaussian_filter(images.astype(np.float32), (0, 0.5, 0.5))
    steep = np.hypot(np.gradient(soft, axis=1), np.gradient(soft, axis=2)) * core
    result: Floats = np.clip((steep - 25) / 30, 0, 1).astype(np.float32)
    return result


def pixel_to_position(pixels: NDArray[np.integer]) -> Numbers:
    """The middle of pixels, 0 to 27, as positions, -1 to 1."""
    return (pixels + 0.5) / SIDE * 2 - 1
