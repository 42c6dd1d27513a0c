"""Which network the living network shows, and which item."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from playground.config import RunConfig
from playground.dataset import load_data
from playground.engine.protocol import Result
from playground.events import Status
from playground.network.by_hand.initial import initial_network
from playground.network.snapshot import Snapshot
from playground.runs.hub import Hub
from playground.seeds import split_photos
from playground.store.runs import RunInfo, Store, StoreError
from playground.ui.network.items import faces, read_item, typical
from playground.ui.network.networks import Bounded, of_run, of_settings, scaling_of
from tests.conftest import FakeCluster, eventually

CONFIG = RunConfig(hidden_layers=(8,), train_images=1_000, epochs=2)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    made = Hub(Store(tmp_path), FakeCluster())
    made.start()
    yield made
    made.close()


def finished(hub: Hub, *, epochs: tuple[int, ...] = (0, 1, 2), weights: bool = False) -> RunInfo:
    run_id = hub.submit("local", CONFIG)
    hub.dispatcher.on_workers(frozenset({"w"}))
    networks = {epoch: initial_network(CONFIG, 1.0, float(epoch)) for epoch in epochs}
    none = np.array([], np.uint8)
    kept = {epoch: Snapshot(network, none).to_bytes() for epoch, network in networks.items()}
    left = initial_network(CONFIG, 1.0, 9.0).to_bytes() if weights else None
    hub.dispatcher.on_done(run_id, Result(Status.FINISHED, "", network=left, snapshots=kept))
    eventually(lambda: hub.run(run_id).status.ended)  # type: ignore[union-attr]
    run = hub.run(run_id)
    assert run is not None
    return run


@pytest.mark.parametrize(
    "config",
    [
        RunConfig(scaling="none"),
        RunConfig(scaling="min_max", train_images=150),
        RunConfig(scaling="standard"),
        RunConfig(scaling="standard", split_by_seed=True, train_images=7_001, seed=3),
    ],
)
def test_feature_scaling_is_that_of_the_images_trained_on(config: RunConfig) -> None:
    images = load_data().x_train[np.arange(60_000)[split_photos(config).fit]]
    scale, offset = scaling_of(config)
    pixels = images[:50] * scale + offset
    low, high, mean, std = 0.0, 1.0, 0.0, 1.0
    if config.scaling == "min_max":
        low, high = float(images.min()), float(images.max())
        expected = (images[:50] - low) / (high - low)
    elif config.scaling == "standard":
        mean = float(np.mean(images, dtype=np.float64))
        std = float(np.sqrt(np.mean(np.square(images[::7].astype(np.float64) - mean))))
        assert scale == pytest.approx(1 / std, rel=1e-2)
        expected = (images[:50] - mean) * scale
    else:
        expected = images[:50].astype(np.float64)
    assert np.allclose(pixels, expected, atol=1e-6)


def test_settings_show_what_a_run_starts_from_under_every_activation() -> None:
    for activation in ("relu", "tanh"):
        shown = of_settings(RunConfig(hidden_layers=(8,), activation=activation, seed=5))
        expected = initial_network(RunConfig(hidden_layers=(8,), seed=5), 1 / 255, 0)
        assert shown.network.activation == activation
        assert np.array_equal(shown.network.layers[0][0], expected.layers[0][0])
        assert (shown.position, shown.epochs) == (0, [0])


def test_a_run_shows_its_newest_epoch_or_the_one_asked_for(hub: Hub) -> None:
    run = finished(hub)
    assert [of_run(hub, run, epoch).network.offset for epoch in (None, 0, 1)] == [2.0, 0.0, 1.0]
    assert of_run(hub, run, None).epochs == [0, 1, 2]
    with pytest.raises(StoreError):
        of_run(hub, run, 3)


def test_a_run_without_snapshots_shows_its_weights_and_one_that_waits_its_beginning(
    hub: Hub,
) -> None:
    assert of_run(hub, finished(hub, epochs=(), weights=True), None).network.offset == 9.0
    waiting = hub.run(hub.submit("local", CONFIG))
    assert waiting is not None
    shown = of_run(hub, waiting, None)
    assert shown.position == 0
    assert np.array_equal(
        shown.network.layers[0][0], initial_network(CONFIG, 1.0, 0.0).layers[0][0]
    )


def test_what_is_kept_stays_within_its_size() -> None:
    kept: Bounded[str] = Bounded(5, len)
    made: list[str] = []

    def get(value: str) -> None:
        def make() -> str:
            made.append(value)
            return value

        kept.get(value, make)

    for value in ("aa", "bb", "aa", "cc", "aa", "bb", "123456", "aa"):
        get(value)
    assert made == ["aa", "bb", "cc", "bb", "123456", "aa"]


def test_items_are_read_and_nothing_else_is() -> None:
    network = of_settings(CONFIG).network
    data = load_data()
    seven = read_item("test-7", network)
    assert (seven.number, seven.label) == (7, int(data.y_test[7]))
    drawn = np.arange(784, dtype=np.uint16).astype(np.uint8).reshape(28, 28)
    text = base64.urlsafe_b64encode(drawn.tobytes()).decode()
    item = read_item(f"pixels-{text}", network)
    assert (item.number, item.label) == (None, None)
    assert np.array_equal(item.pixels, drawn)
    for wrong in ("", "test-", "test-10000", "test--1", "test-١", "x-1", "pixels-AAAA", "pixels-%"):
        with pytest.raises(ValueError, match=r"no|not"):
            read_item(wrong, network)


def test_the_next_mistake_is_the_next_image_that_is_called_wrong() -> None:
    network = of_settings(CONFIG).network
    data = load_data()
    wrong = np.flatnonzero(network.predict(data.x_test).argmax(axis=1) != data.y_test)
    assert read_item("after-41", network).number == int(wrong[wrong > 41][0])
    assert read_item("after-9999", network).number == int(wrong[0])


def test_faces_and_typical_items_are_one_of_each_label() -> None:
    data = load_data()
    assert data.y_test[faces()].tolist() == list(range(10))
    flat = data.x_train[:2_000]
    for label, image in enumerate(typical()):
        found = (flat == image).all(axis=(1, 2))
        assert data.y_train[:2_000][found].tolist() == [label]
