from __future__ import annotations

import keras
import numpy as np
import pytest
from scipy import stats

from playground.dataset import load_data
from playground.experiments.verdict import judge
from playground.lesson.chance import _BATCH, _START, _STEPS, accuracy, false_alarms, looks

DATA = load_data()
FIT = DATA.x_train[:500], DATA.y_train[:500]
JUDGED = DATA.x_train[-500:], DATA.y_train[-500:]


def test_it_is_keras_softmax_regression() -> None:
    random = np.random.default_rng(3)
    model = keras.Sequential(
        [keras.Input((784,)), keras.layers.Dense(10, "softmax", use_bias=False)]
    )
    model.set_weights([random.normal(0, _START, (784, 10)).astype(np.float32)])
    model.compile(
        keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    x = FIT[0].reshape(-1, 784).astype(np.float32) / 255
    for batch in random.integers(0, len(x), (_STEPS, _BATCH)):
        model.train_on_batch(x[batch], FIT[1][batch])
    _, expected = model.evaluate(JUDGED[0].reshape(-1, 784) / 255, JUDGED[1], verbose=0)
    assert accuracy(*FIT, *JUDGED, 0.1, 3) == pytest.approx(expected, abs=2 / 500)


def test_the_seed_alone_decides() -> None:
    found = [accuracy(*FIT, *JUDGED, 0.1, seed) for seed in (1, 1, 2)]
    assert found[0] == found[1] != found[2]


def test_the_intervals_are_those_of_the_verdict_and_of_student() -> None:
    differences = np.array([0.01, -0.02, 0.03, 0.02, 0.0])
    found = looks(differences)
    assert found.seeds.tolist() == [3, 4, 5]
    for i, k in enumerate((3, 4, 5)):
        verdict = judge([0.5] * k, (0.5 + differences[:k]).tolist(), images=10**6)
        assert found.mean[i] - found.always[i] == pytest.approx(verdict.low)
        assert found.mean[i] + found.always[i] == pytest.approx(verdict.high)
        student = stats.ttest_1samp(differences[:k], 0).confidence_interval(0.95)
        assert found.mean[i] - found.once[i] == pytest.approx(student.low)
    assert looks(differences[:2]).seeds.tolist() == []


def test_false_alarms_grow_with_the_looks_only_for_one_look_limits() -> None:
    found = false_alarms(20, 2_000, 1)
    assert found.seeds.tolist() == list(range(3, 21))
    assert found.once[0] == pytest.approx(0.05, abs=0.015)
    assert found.once[-1] > 0.15
    assert (np.diff(found.once) >= 0).all()
    assert found.always.max() <= 0.05
    fewer = false_alarms(10, 2_000, 1)
    np.testing.assert_array_equal(fewer.once, found.once[:8])
