"""Who looks at which run: what the worker is asked, and what arrives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground.config import RunConfig
from playground.dataset import load_data
from playground.engine.protocol import Result
from playground.events import Status
from playground.network.portrait import MOST_BYTES, Watch
from playground.runs.dispatch.watching import FIRST_SECONDS, RENEW_SECONDS, Watching
from playground.runs.hub import Hub
from tests.conftest import FakeCluster, eventually, settle
from tests.runs import workers

CONFIG = RunConfig(hidden_layers=(20, 3))
USUAL = (tuple(range(16)), (0, 1, 2))


class Scene:
    """A hub's run on a worker, and a `Watching` whose thread and clock are the test's."""

    def __init__(self, hub: Hub, cluster: FakeCluster) -> None:
        self.cluster, self.now, self.woken = cluster, 100.0, 0
        self.run = hub.submit("me", CONFIG)
        workers(hub, "w")
        self.watching = Watching(cluster, hub.run, lambda _: "w", lambda: self.now)

    def wake(self) -> None:
        self.woken += 1

    def turn(self, seconds: float = 0) -> list[tuple[str, bool]]:
        """What the thread does; returns what the worker has been asked: choices, whether fresh."""
        self.now += seconds
        before = len(self.cluster.watches)
        for run_id, fresh in self.watching._due():
            self.watching._renew(run_id, fresh=fresh)
        return [(key, fresh) for _, _, key, fresh in self.cluster.watches[before:]]


@pytest.fixture
def scene(hub: Hub, cluster: FakeCluster) -> Scene:
    return Scene(hub, cluster)


def _watch(shown: Any = ((1,), (2,)), item: int = 5) -> Watch:
    return Watch(load_data().x_test[item : item + 11], shown)


def test_a_worker_is_asked_only_while_somebody_looks(scene: Scene) -> None:
    watching, run = scene.watching, scene.run
    assert scene.turn() == []
    watching.look(run, scene.wake)
    [(key, fresh)] = scene.turn()
    assert fresh
    assert scene.turn() == []
    assert scene.turn(FIRST_SECONDS) == [(key, True)]  # nothing has come yet
    watching.arrived(run, b"{}")
    assert scene.turn(FIRST_SECONDS) == [(key, False)]
    assert scene.turn(FIRST_SECONDS) == []
    assert scene.turn(RENEW_SECONDS) == [(key, False)]
    watching.look(run, print)
    watching.look_away(run, print)
    assert scene.turn(RENEW_SECONDS) == [(key, False)]
    watching.look_away(run, scene.wake)
    watching.look_away(run, scene.wake)
    assert scene.turn(RENEW_SECONDS) == []


def test_the_newest_alone_is_there_for_who_looks(scene: Scene) -> None:
    watching, run = scene.watching, scene.run
    watching.arrived(run, b"{}")  # nobody looks any more
    assert watching.newest(run, 0) == (0, b"")
    watching.look(run, scene.wake)
    for text in (b'{"a":1}', b'{"a":2}'):
        watching.arrived(run, text)
    assert scene.woken == 2
    assert watching.newest(run, 0) == (2, b'{"a":2}')
    assert watching.newest(run, 2) == (2, b"")


@pytest.mark.parametrize("bad", [b"x" * (MOST_BYTES + 1), b"{}\n\ndata: {}", b"{\r}", "{}", None])
def test_what_is_no_portrait_goes_no_further(scene: Scene, bad: Any) -> None:
    scene.watching.look(scene.run, scene.wake)
    scene.watching.arrived(scene.run, bad)
    assert scene.woken == 0
    assert scene.watching.newest(scene.run, 0) == (0, b"")


def test_the_owner_chooses_and_nobody_else(scene: Scene) -> None:
    watching, run = scene.watching, scene.run
    data = load_data()
    usual = watching.choice(run)
    assert usual is not None
    assert usual.shown == USUAL
    np.testing.assert_array_equal(usual.items[0], data.x_test[0])
    labels = [int(np.flatnonzero((data.x_test == x).all(axis=(1, 2)))[0]) for x in usual.items[1:]]
    assert data.y_test[labels].tolist() == list(range(10))
    watching.choose("you", run, _watch())
    watching.choose("me", "nobody", _watch())
    assert watching.choice(run).key == usual.key  # type: ignore[union-attr]
    watching.look(run, scene.wake)
    watching.arrived(run, b"{}")
    assert scene.turn() == [(usual.key, False)]
    watching.choose("me", run, _watch())
    assert scene.turn() == [(_watch().key, True)]  # at once
    watching.arrived(run, b"{}")
    watching.choose("me", run, _watch())  # the same again
    assert scene.turn() == []
    for wrong in (((20,), (0,)), ((0,),)):
        with pytest.raises(ValueError, match="no such neurons"):
            watching.choose("me", run, _watch(wrong))
    assert watching.choice("nobody") is None


def test_a_worker_that_does_not_answer_is_asked_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise ConnectionError

    scene.watching.look(scene.run, scene.wake)
    with monkeypatch.context() as patch:
        patch.setattr(scene.cluster, "watch", away)
        assert scene.turn() == []
    assert len(scene.turn(FIRST_SECONDS)) == 1


def test_a_run_is_asked_as_soon_as_it_has_a_worker(hub: Hub, cluster: FakeCluster) -> None:
    run = hub.submit("me", CONFIG)
    hub.portraits.look(run, lambda: None)
    settle(hub)
    assert cluster.watches == []
    workers(hub, "w")
    eventually(lambda: [(run_id, worker) for run_id, worker, *_ in cluster.watches] == [(run, "w")])
    hub.dispatcher.on_portrait(run, b"{}")
    assert hub.portraits.newest(run, 0) == (1, b"{}")
    before = len(hub.events(run))
    hub.dispatcher.on_done(run, Result(Status.FINISHED, ""))
    settle(hub)
    assert len(hub.events(run)) == before + 1  # a portrait is no event
