"""What a run trains on: labels, scaling, and what is added to the photos."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from playground.dataset import Label, Labelled, load_data
from playground.events import (
    Command,
    EpochEnd,
    Evaluation,
    Progress,
    Status,
    StatusChange,
)
from playground.seeds import split_photos
from playground.training.prepare import scaling_of, scaling_of_run, spoil_labels
from playground.training.train import train
from tests.training import Log, but, trained

pytestmark = pytest.mark.engine


@pytest.mark.parametrize("share", [0.0, 0.1, 0.37, 0.5, 1.0])
def test_spoilt_labels_are_as_many_as_asked_for_and_all_wrong(share: float) -> None:
    labels = load_data().y_train[:1_000]
    spoilt = spoil_labels(labels, share, seed=3)
    assert (spoilt != labels).sum() == round(share * 1_000)
    assert spoilt.max() <= 9
    assert np.array_equal(spoilt, spoil_labels(labels, share, seed=3))
    if share == 1.0:
        assert len(np.unique((spoilt.astype(int) - labels) % 10)) == 9


@pytest.mark.parametrize(
    ("scaling", "oracle"), [("min_max", MinMaxScaler()), ("standard", StandardScaler())]
)
def test_feature_scaling_is_scikit_learns_over_all_pixels(scaling: str, oracle: Any) -> None:
    images = load_data().x_train[:500]
    scale, offset = scaling_of(but(scaling=scaling), images)
    expected = oracle.fit_transform(images.reshape(-1, 1).astype(float)).reshape(images.shape)
    np.testing.assert_allclose(images * scale + offset, expected, atol=1e-6)


def test_no_feature_scaling_leaves_the_pixels() -> None:
    assert scaling_of(but(scaling="none"), load_data().x_train[:5]) == (1.0, 0.0)


def test_a_run_has_the_scaling_of_its_own_photos_whatever_ran_before() -> None:
    data = load_data()
    changes: list[dict[str, Any]] = [{}, {"train_images": 300}, {"split_by_seed": True}]
    for change in [*changes, {"scaling": "min_max"}, {}]:
        config = but(**{"scaling": "standard", **change})
        expected = scaling_of(config, data.x_train[split_photos(config).fit])
        assert scaling_of_run(config, data) == expected


def test_twins_are_trained_on_and_never_validated_or_tested_on() -> None:
    log, config = Log(), but(twins=0.5, epochs=1, seed=6)  # no other test makes these twins
    outcome = trained(config, log)
    assert outcome.status is Status.FINISHED
    assert log.kinds[0] == "status"
    assert log.of(StatusChange)[0].status is Status.STARTING
    assert "250 sketch twins" in log.of(StatusChange)[0].reason
    assert {event.steps for event in log.of(Progress)} == {math.ceil(750 / 32)}
    assert np.sum(log.of(EpochEnd)[0].confusion) == config.validation_images == 100
    assert np.sum(log.of(Evaluation)[0].confusion) == 10_000
    counts = np.bincount(load_data().y_train[500:600], minlength=10)
    assert np.sum(log.of(EpochEnd)[0].confusion, axis=1).tolist() == counts.tolist()


def test_drawings_are_learnt_under_their_label() -> None:
    """Bright left halves, which no photo is, become bags."""
    item = np.zeros((28, 28), np.uint8)
    item[:, :14] = 255
    book = Labelled(item[None], np.array([Label.BAG], np.uint8))
    config = but(sketchbook=1.0, epochs=3)
    log = Log()
    outcome = train(config, load_data(), log, log.control, book)
    assert outcome.network is not None
    assert outcome.network.predict(item[None]).argmax() == Label.BAG


def test_stop_acts_while_twins_are_made() -> None:
    log = Log()
    log.control.send(Command("stop"))
    outcome = trained(but(twins=1.0, seed=5), log)
    assert outcome.status is Status.STOPPED
    assert outcome.network is None
    assert log.of(Progress) == []
