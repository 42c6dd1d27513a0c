"""What runs leave: models, weights, snapshots, the pinned drawing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground.engine.protocol import Result
from playground.events import Status
from playground.network.network import Network
from playground.network.snapshot import Snapshot
from playground.runs.hub import Hub
from playground.store.runs import Store, StoreError
from tests.conftest import FakeCluster, epoch_end, eventually, report, settle
from tests.runs import CONFIG, items, report_status, workers


def test_a_model_that_cannot_be_written_is_said(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise StoreError("The disk is full.")

    run = hub.submit("me", CONFIG)
    workers(hub, "w")
    monkeypatch.setattr(Store, "save_artefact", full)
    hub.dispatcher.on_done(run, Result(Status.FINISHED, "Done.", b"x", b"y"))
    settle(hub)
    info = hub.run(run)
    assert info is not None
    assert info.status is Status.FINISHED
    assert info.reason == "Done. Its model could not be saved. The disk is full."


def test_the_weights_of_a_run_in_training_come_from_its_worker(
    hub: Hub, cluster: FakeCluster
) -> None:
    run = hub.submit("me", CONFIG)
    assert hub.network(run) is None
    workers(hub, "w")
    assert hub.network(run) is None
    layer = (np.zeros((784, 10), "f4"), np.zeros(10, "f4"))
    cluster.weights = Network("tanh", 1.0, 0.0, (layer,)).to_bytes()
    network = hub.network(run)
    assert network is not None
    assert network.activation == "tanh"
    assert hub.network("nobody") is None


def test_a_pinned_drawing_stays_with_its_run(tmp_path: Path) -> None:
    item = items(1)[0].item
    hub = Hub(Store(tmp_path), FakeCluster())
    hub.start()
    plain, run = hub.submit("me", CONFIG), hub.submit("me", CONFIG, item)
    hub.close()
    cluster = FakeCluster()
    again = Hub(Store(tmp_path), cluster)
    again.start()
    workers(again, "v", "w")
    assert again.archive.pinned(plain) is None
    np.testing.assert_array_equal(again.archive.pinned(run), item)
    assert cluster.jobs[plain].pinned is None
    pinned = cluster.jobs[run].pinned
    assert pinned is not None
    np.testing.assert_array_equal(pinned, item)
    again.close()


def test_snapshots_are_fetched_as_the_run_goes_and_the_last_come_with_its_end(
    hub: Hub, cluster: FakeCluster
) -> None:
    layer = (np.ones((784, 10), "f4"), np.ones(10, "f4"))

    def taken(epoch: int) -> bytes:
        network = Network("linear", 1.0, 0.0, (layer,), epoch)
        return Snapshot(network, np.full(5, epoch, np.uint8)).to_bytes()

    run = hub.submit("me", CONFIG)
    assert hub.archive.epochs(run) == []
    assert hub.archive.snapshot(run, 0) is None
    workers(hub, "w")
    cluster.kept = {0: taken(0)}
    report_status(hub, run, Status.RUNNING)
    eventually(lambda: hub.archive.epochs(run) == [0])
    cluster.kept = {0: b"fetched already", 1: taken(1)}
    report(hub, run, epoch_end(1))
    eventually(lambda: hub.archive.epochs(run) == [0, 1])
    hub.dispatcher.on_done(run, Result(Status.FINISHED, "", snapshots={1: taken(1), 10: taken(10)}))
    settle(hub)
    assert hub.archive.epochs(run) == [0, 1, 10]
    for epoch in (0, 1, 10):
        snapshot = hub.archive.snapshot(run, epoch)
        assert snapshot is not None
        assert snapshot.network.epoch == epoch
        assert snapshot.predicted.tolist() == [epoch] * 5


def test_with_look_inside_off_nothing_is_fetched(hub: Hub, cluster: FakeCluster) -> None:
    cluster.kept = {0: b"x"}
    run = hub.submit("me", CONFIG.model_copy(update={"keep_snapshots": False}))
    workers(hub, "w")
    report_status(hub, run, Status.RUNNING)
    report(hub, run, epoch_end(1))
    settle(hub)
    hub.archive.close()
    assert hub.archive.epochs(run) == []


def test_a_snapshot_that_cannot_be_written_does_not_harm_the_run(
    hub: Hub, cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(Store, "save_artefact", full)
    run = hub.submit("me", CONFIG)
    workers(hub, "w")
    hub.dispatcher.on_done(run, Result(Status.FINISHED, "Done.", snapshots={1: b"x"}))
    settle(hub)
    info = hub.run(run)
    assert info is not None
    assert (info.status, info.reason) == (Status.FINISHED, "Done.")


def test_an_end_is_an_end_whatever_goes_wrong(
    hub: Hub, cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("no such thing")

    monkeypatch.setattr(Store, "save_artefact", broken)
    first, second = hub.submit("me", CONFIG), hub.submit("me", CONFIG)
    workers(hub, "w")
    hub.dispatcher.on_done(first, Result(Status.FINISHED, "Done.", b"model", snapshots={1: b"x"}))
    settle(hub)
    info = hub.run(first)
    assert info is not None
    assert (info.status, info.reason) == (
        Status.FINISHED,
        "Done. Its model could not be saved. The server's log says why.",
    )
    assert cluster.submitted[-1][0] == second
