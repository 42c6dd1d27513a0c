"""Runs that go on from others: what they begin with, what they inherit, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground.config import RunConfig
from playground.engine.protocol import Result
from playground.events import (
    EpochEnd,
    EventData,
    LearningRateChange,
    PinnedPrediction,
    Status,
    ThresholdPassed,
    data_of,
)
from playground.network.checkpoint import Checkpoint
from playground.network.network import Network
from playground.network.snapshot import Snapshot
from playground.runs import archive
from playground.runs.hub import Hub, TooMany
from playground.runs.lineage import stands_at
from playground.runs.refusals import CannotBegin
from playground.store.runs import Store, StoreError
from tests.conftest import FakeCluster, epoch_end, eventually, progress, report, settle
from tests.runs import report_status, workers

WORKERS = ["worker 0"]
CONFIG = RunConfig(hidden_layers=(4,), train_images=1000, epochs=8)


def layers(value: float, *units: int) -> tuple[Any, ...]:
    sizes = [784, *(units or (4,)), 10]
    return tuple(
        (np.full((sizes[i], sizes[i + 1]), value, "f4"), np.full(sizes[i + 1], value, "f4"))
        for i in range(len(sizes) - 1)
    )


def checkpoint(epoch: int, **changes: Any) -> Checkpoint:
    usual: dict[str, Any] = {"layers": layers(epoch), "optimizer": (np.array(10 * epoch),)}
    return Checkpoint(epoch, **usual | changes)


def snapshot(epoch: int) -> bytes:
    network = Network("relu", 1 / 255, 0.0, layers(epoch), epoch)
    return Snapshot(network, np.zeros(CONFIG.validation_images if epoch else 0, "u1")).to_bytes()


def train(
    hub: Hub,
    *happened: EventData,
    status: Status = Status.INTERRUPTED,
    stands: Checkpoint | None = None,
    snapshots: tuple[int, ...] = (),
    config: RunConfig = CONFIG,
    owner: str = "me",
) -> str:
    """A run that has ended."""
    run = hub.submit(owner, config)
    workers(hub, WORKERS[-1])
    report_status(hub, run, Status.RUNNING)
    report(hub, run, *happened)
    result = Result(
        status,
        "",
        snapshots={epoch: snapshot(epoch) for epoch in snapshots},
        checkpoint=stands.to_bytes() if stands else None,
    )
    end(hub, run, result)
    return run


def end(hub: Hub, run: str, result: Result) -> None:
    """A run ends; the worker of one that was interrupted is gone, and another one comes."""
    hub.dispatcher.on_done(run, result)
    settle(hub)
    if result.status is Status.INTERRUPTED:
        WORKERS.append(f"worker {len(WORKERS)}")
        workers(hub, WORKERS[-1])


def epochs(hub: Hub, run: str) -> list[int]:
    return [epoch.epoch for epoch in data_of(hub.events(run), EpochEnd)]


def began_with(cluster: FakeCluster, run: str) -> Checkpoint:
    content = cluster.jobs[run].start
    assert content is not None
    return Checkpoint.from_bytes(content)


def test_where_a_run_stands_is_fetched_at_once_and_then_at_most_every_ten_seconds(
    hub: Hub, cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = hub.submit("me", CONFIG.model_copy(update={"keep_snapshots": False}))
    workers(hub, "w")
    report_status(hub, run, Status.RUNNING)
    assert hub.archive.standing(run) is None
    cluster.stands = checkpoint(1).to_bytes()
    report(hub, run, epoch_end(1))
    eventually(lambda: hub.archive.standing(run) == 1)
    cluster.stands = checkpoint(2).to_bytes()
    report(hub, run, epoch_end(2))
    eventually(lambda: not hub.archive._wanted)
    monkeypatch.setattr(archive, "CHECKPOINT_SECONDS", 0.0)
    cluster.stands = checkpoint(3).to_bytes()
    report(hub, run, epoch_end(3))
    eventually(lambda: hub.archive.standing(run) == 3)
    eventually(lambda: hub._store.artefacts(run) == ["checkpoint-0003.npz"])


def test_a_late_checkpoint_does_not_replace_a_later_one(hub: Hub) -> None:
    run = train(hub, epoch_end(1), stands=checkpoint(5))
    hub.archive.save_checkpoint(run, checkpoint(3).to_bytes())
    assert hub._store.artefacts(run) == ["checkpoint-0005.npz"]
    with pytest.raises(ValueError, match="damaged"):
        hub.archive.save_checkpoint(run, b"nonsense")
    assert hub.archive.standing(run) == 5


def test_a_run_goes_on_with_its_settings_its_past_and_where_it_stood(
    hub: Hub, cluster: FakeCluster
) -> None:
    past: list[EventData] = [progress(0.5), *(epoch_end(n, val_accuracy=n / 10) for n in (1, 2, 3))]
    parent = train(hub, *past, stands=checkpoint(2))
    child = hub.go_on("you", parent, 8)
    settle(hub)
    info = hub.run(child)
    assert info is not None
    assert (info.owner, info.config, info.parent, info.parent_epoch) == ("you", CONFIG, parent, 2)
    assert epochs(hub, child) == [1, 2]
    assert info.summary.val_accuracies == (0.1, 0.2)
    start = began_with(cluster, child)
    assert (start.epoch, int(start.optimizer[0])) == (2, 20)
    # What has ended never changes.
    assert epochs(hub, parent) == [1, 2, 3]
    assert hub.run(parent).status is Status.INTERRUPTED  # type: ignore[union-attr]
    report_status(hub, child, Status.RUNNING)
    report(hub, child, epoch_end(3, val_accuracy=0.3))
    settle(hub)
    assert hub.run(child).summary.val_accuracies == (0.1, 0.2, 0.3)  # type: ignore[union-attr]


def test_a_run_that_a_crash_ended_before_anything_was_kept_goes_on_from_its_start(
    hub: Hub, cluster: FakeCluster
) -> None:
    parent = train(hub, epoch_end(1))
    child = hub.go_on("me", parent, 8)
    settle(hub)
    assert began_with(cluster, child).epoch == 0
    assert epochs(hub, child) == []


def test_a_run_goes_on_after_a_crash_of_the_server_and_queued_ones_keep_their_place(
    tmp_path: Path,
) -> None:
    cluster = FakeCluster()
    first = Hub(Store(tmp_path), cluster)
    first.start()
    run, *waiting = [first.submit("me", CONFIG) for _ in range(3)]
    workers(first, "w")
    report_status(first, run, Status.RUNNING)
    cluster.stands = checkpoint(1).to_bytes()
    report(first, run, epoch_end(1))
    eventually(lambda: first.archive.standing(run) == 1)
    eventually(lambda: not first._journal._waiting)
    # Nothing is closed. What the next server finds is what a crash leaves.
    again = FakeCluster()
    second = Hub(Store(tmp_path), again)
    second.start()
    info = second.run(run)
    assert info is not None
    assert info.status is Status.INTERRUPTED
    assert "Go on" in info.reason
    assert [second.queue_position(each) for each in waiting] == [1, 2]
    child = second.go_on("me", run, 8)
    assert second.queue_position(child) == 3
    workers(second, "v1", "v2", "v3")
    assert began_with(again, child).epoch == 1
    second.close()
    first.close()


def test_a_child_that_was_interrupted_before_its_first_epoch_goes_on_from_its_beginning(
    hub: Hub, cluster: FakeCluster
) -> None:
    parent = train(hub, epoch_end(1), stands=checkpoint(1))
    child = hub.go_on("me", parent, 8)
    settle(hub)
    end(hub, child, Result(Status.INTERRUPTED, ""))
    eventually(lambda: not hub._journal._waiting)
    hub.delete("me", parent)
    grandchild = hub.go_on("me", child, 8)
    settle(hub)
    assert began_with(cluster, grandchild).epoch == 1
    assert epochs(hub, grandchild) == [1]
    assert hub.run(grandchild).parent == child  # type: ignore[union-attr]


def test_a_run_that_finished_no_epoch_goes_on_at_the_start(hub: Hub, cluster: FakeCluster) -> None:
    parent = train(hub, progress(0.5))
    assert stands_at(hub.archive, hub.run(parent)) == 0  # type: ignore[arg-type]
    child = hub.go_on("me", parent, 8)
    settle(hub)
    start = began_with(cluster, child)
    assert (start.epoch, start.layers) == (0, ())


def test_past_its_threshold_a_run_goes_on_without_one(hub: Hub) -> None:
    passed = ThresholdPassed(epoch=2, metric="accuracy", value=0.95, threshold=0.9)
    parent = train(
        hub, epoch_end(1), epoch_end(2), passed, status=Status.FINISHED, stands=checkpoint(2)
    )
    child = hub.go_on("me", parent, 12)
    config = hub.run(child).config  # type: ignore[union-attr]
    assert (config.early_stop, config.epochs) == (False, 12)
    settle(hub)
    end(hub, child, Result(Status.STOPPED, ""))
    unpassed = train(hub, epoch_end(1), stands=checkpoint(1))
    assert hub.run(hub.go_on("me", unpassed, 8)).config.early_stop  # type: ignore[union-attr]


def test_a_rate_set_by_hand_after_the_epoch_had_ended_goes_on(
    hub: Hub, cluster: FakeCluster
) -> None:
    changes = [
        LearningRateChange(epoch=epoch, learning_rate=rate, loss=None, accuracy=None)
        for epoch, rate in ((1.0, 0.5), (2.3, 0.25))
    ]
    parent = train(hub, epoch_end(1), changes[0], changes[1], stands=checkpoint(1))
    child = hub.go_on("me", parent, 8)
    settle(hub)
    assert began_with(cluster, child).rate_by_hand == 0.5
    assert data_of(hub.events(child), LearningRateChange) == [changes[0]]
    # A fork has the rate of its own settings, also when it goes on.
    end(hub, child, Result(Status.STOPPED, ""))
    later = train(hub, epoch_end(1), changes[0], epoch_end(2), stands=checkpoint(2))
    fork = hub.fork("me", later, 2, CONFIG.model_copy(update={"learning_rate": 0.1}))
    settle(hub)
    assert data_of(hub.events(fork), LearningRateChange) == [changes[0]]
    end(hub, fork, Result(Status.INTERRUPTED, ""))
    gone_on = hub.go_on("me", fork, 8)
    settle(hub)
    assert began_with(cluster, gone_on).rate_by_hand is None


def test_the_pinned_drawing_goes_on_with_what_was_made_of_it(hub: Hub) -> None:
    item = np.zeros((28, 28), np.uint8)
    judged = [PinnedPrediction(epoch=n, probabilities=(0.1,) * 10) for n in (0, 1)]
    parent = hub.submit("me", CONFIG, item)
    workers(hub, "w")
    report_status(hub, parent, Status.RUNNING)
    report(hub, parent, judged[0], epoch_end(1), judged[1])
    hub.dispatcher.on_done(parent, Result(Status.STOPPED, "", checkpoint=checkpoint(1).to_bytes()))
    settle(hub)
    child = hub.go_on("me", parent, 8)
    np.testing.assert_array_equal(hub.archive.pinned(child), item)
    # The run itself judges it at its beginning.
    assert data_of(hub.events(child), PinnedPrediction) == [judged[0]]


@pytest.fixture
def kept(hub: Hub) -> str:
    """A run with weights of some epochs, which stands at the last."""
    past = [epoch_end(n) for n in range(1, 9)]
    return train(hub, *past, status=Status.FINISHED, stands=checkpoint(8), snapshots=(0, 2, 4, 8))


def test_a_fork_begins_with_the_weights_of_an_epoch_and_a_new_optimizer(
    hub: Hub, cluster: FakeCluster, kept: str
) -> None:
    config = CONFIG.model_copy(update={"learning_rate": 0.1, "dropout": 0.5, "loss": "mse"})
    child = hub.fork("you", kept, 4, config)
    settle(hub)
    start = began_with(cluster, child)
    assert (start.epoch, start.optimizer) == (4, ())
    np.testing.assert_array_equal(start.layers[0][0], layers(4)[0][0])
    assert len(start.predicted) == CONFIG.validation_images
    assert epochs(hub, child) == [1, 2, 3, 4]
    info = hub.run(child)
    assert info is not None
    assert (info.parent, info.parent_epoch, info.config) == (kept, 4, config)


def test_a_fork_at_the_last_epoch_keeps_the_optimizer_where_it_is_the_same(
    hub: Hub, cluster: FakeCluster, kept: str
) -> None:
    for changes, there in (({"learning_rate": 0.1}, True), ({"optimizer": "sgd"}, False)):
        child = hub.fork("me", kept, 8, CONFIG.model_copy(update={"epochs": 9, **changes}))
        settle(hub)
        assert bool(began_with(cluster, child).optimizer) == there
        end(hub, child, Result(Status.STOPPED, ""))


def test_a_fork_before_training_has_other_settings_and_the_same_weights(
    hub: Hub, cluster: FakeCluster, kept: str
) -> None:
    child = hub.fork("me", kept, 0, CONFIG.model_copy(update={"seed": 7}))
    settle(hub)
    assert began_with(cluster, child).layers
    assert epochs(hub, child) == []


@pytest.mark.parametrize(
    ("epoch", "changes", "words"),
    [
        (4, {"hidden_layers": (5,)}, r"hidden layers of that run have 4 units.* 5\."),
        (4, {"hidden_layers": ()}, "shape"),
        (4, {"hidden_layers": (4, 4)}, "4-4"),
        (4, {"train_images": 2000}, "“Training images” to 1,000"),
        (4, {"validation_split": 0.5}, "“Validation share” to 0.167"),
        (4, {"split_by_seed": True}, "“Validation images by seed” and “Seed”"),
        (4, {"epochs": 4}, "from 5 to 200 epochs"),
        (3, {}, "gone, or damaged. Choose another epoch"),
    ],
)
def test_a_fork_that_does_not_fit_is_refused_and_nothing_is_left(
    hub: Hub, kept: str, epoch: int, changes: dict[str, Any], words: str
) -> None:
    before = sorted(path.name for path in hub._store.files._folder.iterdir())
    with pytest.raises(CannotBegin, match=words):
        hub.fork("me", kept, epoch, CONFIG.model_copy(update=changes))
    assert [run.id for run in hub.runs()] == [kept]
    assert sorted(path.name for path in hub._store.files._folder.iterdir()) == before


def test_what_cannot_go_on_is_refused_in_words(hub: Hub, kept: str) -> None:
    with pytest.raises(CannotBegin, match="from 9 to 200 epochs"):
        hub.go_on("me", kept, 8)
    with pytest.raises(CannotBegin, match="from 9 to 200"):
        hub.go_on("me", kept, 201)
    with pytest.raises(CannotBegin, match="has been deleted"):
        hub.go_on("me", "nobody", 8)
    with pytest.raises(CannotBegin, match="has been deleted"):
        hub.fork("me", "nobody", 1, CONFIG)
    failed = train(hub, epoch_end(1), status=Status.FAILED, stands=checkpoint(1))
    with pytest.raises(CannotBegin, match="would fail again"):
        hub.go_on("me", failed, 9)
    full = train(
        hub,
        epoch_end(200),
        stands=checkpoint(200),
        config=CONFIG.model_copy(update={"epochs": 200}),
    )
    with pytest.raises(CannotBegin, match="200 epochs, the most"):
        hub.go_on("me", full, 201)
    hub.fork("me", failed, 1, CONFIG)
    waiting = hub.submit("me", CONFIG)
    with pytest.raises(CannotBegin, match="has not ended yet"):
        hub.go_on("me", waiting, 9)
    with pytest.raises(CannotBegin, match="has not ended yet"):
        hub.fork("me", waiting, 1, CONFIG)


def test_a_checkpoint_that_is_gone_or_damaged_is_said_and_the_snapshots_still_serve(
    hub: Hub, cluster: FakeCluster, kept: str
) -> None:
    path = hub._store.files._folder / kept / "checkpoint-0008.npz"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(CannotBegin, match=r"damaged.* Fork from an epoch that is kept"):
        hub.go_on("me", kept, 12)
    child = hub.fork("me", kept, 8, CONFIG.model_copy(update={"epochs": 12}))
    settle(hub)
    assert began_with(cluster, child).optimizer == ()
    path.unlink()
    with pytest.raises(CannotBegin, match="not kept on this server any more"):
        hub.go_on("me", kept, 12)
    other = checkpoint(8, layers=layers(1.0, 5))
    path.write_bytes(other.to_bytes())
    with pytest.raises(CannotBegin, match="another shape"):
        hub.go_on("me", kept, 12)
    assert [run.id for run in hub.runs()] == [child, kept]


@pytest.mark.parametrize("damage", ["gone", "damaged"])
def test_what_is_lost_while_a_run_waits_fails_it_in_words(
    hub: Hub, cluster: FakeCluster, kept: str, damage: str
) -> None:
    workers(hub)
    child = hub.go_on("me", kept, 12)
    eventually(lambda: not hub._journal._waiting)
    hub.delete("me", kept)  # it needs its parent no more
    path = hub._store.files._folder / child / "checkpoint-0008.npz"
    path.unlink() if damage == "gone" else path.write_bytes(b"nonsense")
    workers(hub, "v")
    settle(hub)
    info = hub.run(child)
    assert info is not None
    assert info.status is Status.FAILED
    assert damage in info.reason
    assert child not in cluster.jobs


def test_a_run_that_cannot_be_queued_leaves_no_file(
    hub: Hub, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "add_run", full)
        with pytest.raises(StoreError, match="full"):
            hub.go_on("me", kept, 12)
    assert [path.name for path in hub._store.files._folder.iterdir()] == [kept]
    hub._limits = hub._limits.model_copy(update={"max_waiting_runs": 0})
    with pytest.raises(TooMany):
        hub.go_on("me", kept, 12)
    assert [path.name for path in hub._store.files._folder.iterdir()] == [kept]
