from __future__ import annotations

import keras
import pytest

from playground.lesson.shapes import flatten_shape


@pytest.mark.parametrize(
    "shape", [(None, 28, 28), (None, 28, 28, 10), (28, 28), (32, 28, 28), (4, 2, 3, 5, 7)]
)
def test_as_keras_flatten(shape: tuple[int | None, ...]) -> None:
    assert flatten_shape(shape) == keras.layers.Flatten().compute_output_shape(shape)


@pytest.mark.parametrize("shape", [(None,), (None, 28, None)])
def test_nothing_known_after_the_batch_is_refused(shape: tuple[int | None, ...]) -> None:
    with pytest.raises(ValueError, match="after the batch"):
        flatten_shape(shape)
