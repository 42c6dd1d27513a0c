"""The gate is asked whichever way a request comes, and its stamp is on the run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from playground.config import RunConfig
from playground.engine.protocol import Result
from playground.events import Command, Status
from playground.experiments.axes import Choices
from playground.experiments.sweep import Grid
from playground.network.checkpoint import Checkpoint
from playground.runs.gate import OpenGate, Stamp
from playground.runs.hub import Hub
from playground.runs.refusals import Refused
from playground.store.runs import RunInfo, Store
from tests.conftest import FakeCluster, epoch_end, report, settle
from tests.runs import workers
from tests.runs.sweeps.test_feeder import fed
from tests.runs.test_lineage import layers

CONFIG = RunConfig(hidden_layers=(4,), train_images=1000, epochs=2)


class Doorkeeper:
    """Remembers what it was asked; lets in what has the right seed, so many at most."""

    def __init__(self, hub: Hub, seeds: tuple[int, ...] = (42,), most: int = 9) -> None:
        self.hub, self.seeds, self.most = hub, seeds, most
        self.asked: list[tuple[str, str, str | None]] = []
        self.inside = 0

    @contextmanager
    def submission(
        self, owner: str, config: RunConfig, wish: str, parent: RunInfo | None = None
    ) -> Iterator[Stamp]:
        """Stamp what it lets in."""
        self.asked.append((owner, wish, parent.id if parent else None))
        if config.seed not in self.seeds:
            raise Refused("The seed is locked.")
        if len(self.hub.runs(owner)) >= self.most:
            raise Refused("No run is left.")
        self.inside += 1
        yield Stamp(wish or "cafe/1", sealed=True)
        self.inside -= 1

    def command(self, owner: str, run: RunInfo, command: Command) -> None:
        """Refuse it."""
        raise Refused(f"{owner} must not set {command.value} of {run.number}.")

    def deletion(self, run: RunInfo) -> None:
        """Refuse it."""
        raise Refused("It stays.")


def trained(hub: Hub, run_id: str) -> None:
    """End a run after its two epochs."""
    workers(hub, "w")
    report(hub, run_id, epoch_end(1), epoch_end(2))
    checkpoint = Checkpoint(2, layers(1))
    hub.dispatcher.on_done(run_id, Result(Status.FINISHED, "", checkpoint=checkpoint.to_bytes()))
    settle(hub)


def stamped(hub: Hub, run_id: str) -> tuple[str, bool]:
    run = hub.run(run_id)
    assert run is not None
    return run.classroom, run.sealed


def test_without_a_class_everything_is_allowed(hub: Hub) -> None:
    assert stamped(hub, hub.submit("me", CONFIG)) == ("", False)
    assert stamped(hub, hub.submit("me", CONFIG, classroom="cafe/2/7")) == ("cafe/2/7", False)


def test_its_stamp_is_on_every_run_and_survives_a_restart(hub: Hub, tmp_path: Path) -> None:
    gate = hub.gate = Doorkeeper(hub)
    first = hub.submit("me", CONFIG, classroom="cafe/3")
    trained(hub, first)
    on = hub.go_on("me", first, 3)
    forked = hub.fork("me", first, 2, CONFIG.model_copy(update={"epochs": 4}))
    assert gate.asked == [("me", "cafe/3", None), ("me", "", first), ("me", "", first)]
    assert [stamped(hub, id) for id in (first, on, forked)] == [
        ("cafe/3", True),
        ("cafe/1", True),
        ("cafe/1", True),
    ]
    hub.close()
    again = Hub(Store(tmp_path), FakeCluster())
    assert stamped(again, first) == ("cafe/3", True)
    again.close()


def test_what_goes_on_from_a_sealed_run_is_sealed_where_no_class_says_otherwise(hub: Hub) -> None:
    hub.gate = Doorkeeper(hub)
    first = hub.submit("me", CONFIG)
    trained(hub, first)
    hub.gate = OpenGate()
    assert stamped(hub, hub.go_on("me", first, 3)) == ("", True)
    assert stamped(hub, hub.submit("me", CONFIG)) == ("", False)


def test_nothing_is_queued_that_it_refuses(hub: Hub) -> None:
    gate = hub.gate = Doorkeeper(hub)
    first = hub.submit("me", CONFIG)
    trained(hub, first)
    other = CONFIG.model_copy(update={"seed": 7, "epochs": 4})
    with pytest.raises(Refused, match="seed is locked"):
        hub.submit("me", other)
    with pytest.raises(Refused, match="seed is locked"):
        hub.fork("me", first, 2, other)
    gate.seeds = ()
    with pytest.raises(Refused, match="seed is locked"):
        hub.go_on("me", first, 3)
    assert [run.id for run in hub.runs()] == [first]
    assert gate.inside == 0


def test_a_sweep_with_a_run_that_it_refuses_does_not_begin(hub: Hub) -> None:
    hub.gate = Doorkeeper(hub)
    with pytest.raises(Refused, match="seed is locked"):
        hub.sweeps.create("me", Grid(CONFIG, (Choices("learning_rate", (0.1, 0.2)),), (42, 43)))
    assert hub.sweeps.of("me") == []
    assert hub.runs() == []


def test_a_sweep_says_what_it_refuses_later_and_goes_on_when_it_may(hub: Hub) -> None:
    gate = hub.gate = Doorkeeper(hub, most=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hub.sweeps, "_feed_one", lambda one: None)
        sweep = hub.sweeps.create("me", Grid(CONFIG, (Choices("epochs", (1, 2)),), (42,)))
        fed(hub)
    hub.sweeps.turn()
    fed(hub)
    one = hub.sweeps.get(sweep)
    assert one is not None
    assert str(one.problem) == "No run is left."
    assert [run.sweep for run in hub.runs()] == [sweep]
    gate.most = 2
    hub.sweeps.turn()
    fed(hub)
    one = hub.sweeps.get(sweep)
    assert one is not None
    assert not one.problem
    assert [stamped(hub, run.id) for run in hub.runs()] == [("cafe/1", True)] * 2


def test_it_is_asked_about_a_learning_rate_and_nothing_else(hub: Hub, cluster: FakeCluster) -> None:
    run = hub.submit("me", CONFIG)
    workers(hub, "w")
    hub.gate = Doorkeeper(hub)
    with pytest.raises(Refused, match=r"me must not set 0\.5 of 1"):
        hub.command("me", run, Command("learning_rate", 0.5))
    hub.command("me", run, Command("pause"))
    hub.command("teacher", run, Command("learning_rate", 0.2), teacher=True)
    assert [command.name for _, _, command in cluster.commands] == ["pause", "learning_rate"]


def test_it_is_asked_before_an_ended_run_is_deleted(hub: Hub) -> None:
    run = hub.submit("me", CONFIG)
    trained(hub, run)
    hub.gate = Doorkeeper(hub)
    with pytest.raises(Refused, match="It stays"):
        hub.delete("me", run)
    with pytest.raises(Refused, match="It stays"):
        hub.throw_away("me", [run])
    assert hub.run(run) is not None
    hub.gate = OpenGate()
    hub.throw_away("me", [run])
    assert hub.run(run) is None
