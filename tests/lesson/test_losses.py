from __future__ import annotations

import keras
import numpy as np
import pytest

from playground.figures.lesson.network import terms_figure
from playground.lesson.losses import loss_terms, losses

P = np.array([0.05, 0.01, 0.2, 0.03, 0.3, 0.01, 0.25, 0.05, 0.06, 0.04], np.float32)
SURE = np.eye(10, dtype=np.float32)[3]


@pytest.mark.parametrize("p", [P, SURE], ids=["unsure", "sure"])
@pytest.mark.parametrize("label", [3, 4])
def test_what_the_classes_add_is_together_the_loss_of_keras(p: np.ndarray, label: int) -> None:
    y = np.eye(10, dtype=np.float32)[label]
    found, terms = losses(label, p), loss_terms(label, p)
    bars = {trace.name: trace.y for trace in terms_figure(terms).data}
    for name, truth in (
        ("sparse_categorical_crossentropy", np.array([label])),
        ("categorical_crossentropy", y[None]),
        ("mse", y[None]),
        ("binary_crossentropy", y[None]),
    ):
        expected = float(keras.losses.get(name)(truth, p[None])[0])
        for one in (found[name], terms[name].sum(), sum(bars[name])):
            assert one == pytest.approx(expected, rel=1e-3, abs=1e-6), name


def test_sparse_and_one_hot_are_the_same_number_term_by_term() -> None:
    terms = loss_terms(4, P)
    np.testing.assert_array_equal(
        terms["sparse_categorical_crossentropy"], terms["categorical_crossentropy"]
    )
    assert terms["categorical_crossentropy"][4] == pytest.approx(-np.log(0.3), rel=1e-6)
