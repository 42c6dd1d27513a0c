from __future__ import annotations

import numpy as np
from sklearn import metrics as sklearn

from playground.network.metrics import confusion_matrix, per_class


def test_as_scikit_learn() -> None:
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 10, 500)
    predicted = np.where(rng.random(500) < 0.6, labels, rng.integers(0, 10, 500))
    confusion = confusion_matrix(labels, predicted)
    assert (confusion == sklearn.confusion_matrix(labels, predicted)).all()
    expected = sklearn.precision_recall_fscore_support(labels, predicted)[:3]
    np.testing.assert_allclose(per_class(confusion), expected)


def test_a_label_that_never_occurs_and_is_never_said_has_zeros() -> None:
    labels, predicted = np.array([0, 0, 1]), np.array([0, 1, 0])
    confusion = confusion_matrix(labels, predicted)
    expected = sklearn.precision_recall_fscore_support(
        labels, predicted, labels=range(10), zero_division=0
    )[:3]
    np.testing.assert_allclose(per_class(confusion), expected)
