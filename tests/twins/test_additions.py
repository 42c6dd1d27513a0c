from __future__ import annotations

import numpy as np
import pytest

from playground.config import RunConfig
from playground.dataset import Label, Labelled, load_data
from playground.seeds import split_photos
from playground.twins.additions import added_images, photos_for_twins
from playground.twins.twins import make_copies, make_twins


def _nothing() -> None: ...


def _added(config: RunConfig, sketches: Labelled | None = None) -> tuple[Labelled, list[str]]:
    said: list[str] = []
    return added_images(config, load_data(), sketches, said.append, _nothing), said


def test_nothing_is_added_unless_asked_for() -> None:
    added, said = _added(RunConfig())
    assert added.images.shape == (0, 28, 28)
    assert added.labels.shape == (0,)
    assert said == []


def test_twins_are_made_of_photos_that_the_seed_has_left_to_train_on() -> None:
    config = RunConfig(train_images=200, validation_split=0.5, twins=1, seed=8)
    last, _ = _added(config)
    config = config.model_copy(update={"split_by_seed": True})
    added, _ = _added(config)
    fit = np.arange(200)[split_photos(config).fit]
    data = load_data()
    of = fit[photos_for_twins(data.y_train[fit], 100)]
    assert (added.images == make_twins(data.x_train[of], data.y_train[of], 8)).all()
    assert (added.images != last.images).any()


@pytest.mark.parametrize("share", [0.5, 1.0, 1.5])
def test_twins_are_made_of_the_photos_that_are_trained_on_alone(share: float) -> None:
    config = RunConfig(train_images=200, validation_split=0.5, twins=share, seed=8)
    added, _ = _added(config)
    data = load_data()
    of = photos_for_twins(data.y_train[:100], round(share * 100))
    assert of.max() < 100
    assert (added.labels == data.y_train[of]).all()
    assert (added.images == make_twins(data.x_train[of], data.y_train[of], 8)).all()


def test_every_photo_has_its_twin_but_only_two_shirts_of_five() -> None:
    shirt, trouser, t_shirt = Label.SHIRT, Label.TROUSER, Label.T_SHIRT
    labels = np.array([shirt, trouser, *[shirt] * 5, t_shirt], np.uint8)
    assert photos_for_twins(labels, 8).tolist() == [0, 1, 4, 6, 7, 0, 1, 4]
    assert photos_for_twins(labels[:1], 2).tolist() == [0, 0]
    assert photos_for_twins(labels, 0).tolist() == []


def test_long_work_is_announced_and_done_once() -> None:
    config = RunConfig(train_images=300, validation_split=0.5, twins=1, seed=9)
    first, said = _added(config)
    assert said == ["Making 150 sketch twins."]
    second, said = _added(config.model_copy(update={"epochs": 3}))
    assert said == []
    assert (second.images == first.images).all()


def test_long_work_says_each_tenth() -> None:
    _, said = _added(RunConfig(train_images=1_000, validation_split=0.5, twins=2, seed=10))
    assert said == [
        "Making 1,000 sketch twins.",
        *(f"Making 1,000 sketch twins: {done} % done." for done in (20, 50, 70)),
    ]


def test_copies_of_sketches_come_after_the_twins_each_drawing_in_turn() -> None:
    data = load_data()
    book = Labelled(data.x_test[:3], data.y_test[:3])
    config = RunConfig(train_images=200, validation_split=0.5, twins=0.1, sketchbook=0.5, seed=2)
    added, _ = _added(config, book)
    assert len(added.images) == len(added.labels) == 60
    of = np.arange(50) % 3
    assert (added.labels[10:] == book.labels[of]).all()
    assert (added.images[10:] == make_copies(book.images[of], 2)).all()


@pytest.mark.parametrize(
    "empty", [None, Labelled(np.empty((0, 28, 28), np.uint8), np.empty(0, np.uint8))]
)
def test_an_empty_sketchbook_is_said(empty: Labelled | None) -> None:
    with pytest.raises(ValueError, match="no drawings to train on"):
        _added(RunConfig(train_images=200, sketchbook=0.1), empty)
