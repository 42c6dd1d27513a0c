"""Draw and guess: the networks of the others guess what one draws, and drawings are ranked."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import numpy as np
import pytest

from playground.classroom.guessing import guess
from playground.classroom.rules import acts
from playground.classroom.rules.log import MOST_DRAWINGS
from playground.classroom.rules.state import Drawing
from playground.classroom.service import Classes
from playground.dataset import load_data
from playground.engine.protocol import Result
from playground.events import Status
from playground.network.gradients import initial_network
from playground.network.network import Network
from playground.runs.hub import Hub
from playground.runs.refusals import Refused
from tests.classroom.conftest import activity
from tests.classroom.test_judge import always, at
from tests.conftest import epoch_end, eventually, report, settle, status

T, A, B, C = "browser:teacher", "browser:a", "browser:b", "browser:c"
DRAW = activity(draw=True, free=["seed"], settings={"epochs": 1, "train_images": 1000})


@pytest.fixture
def room(classes: Classes) -> str:
    class_id = classes.start_class(T)
    for owner in (A, B, C):
        classes.join(classes.code(class_id), owner, "")
    classes.act(class_id, acts.open_activity, T, DRAW)
    return class_id


def item(index: int = 0) -> bytes:
    return bytes(load_data().x_test[index].tobytes())


def trained(hub: Hub, owner: str, network: Network, seed: int = 1) -> None:
    run_id = hub.submit(owner, DRAW.config().model_copy(update={"seed": seed}))
    eventually(lambda: (run := hub.run(run_id)) is not None and run.status is Status.STARTING)
    report(hub, run_id, status(Status.RUNNING), epoch_end(1))
    hub.dispatcher.on_done(run_id, Result(Status.FINISHED, "", None, network.to_bytes()))
    settle(hub)


def seen(classes: Classes, room: str, owner: str = T) -> dict[str, Any]:
    found: dict[str, Any] = at(classes, room, owner)["drawings"]
    return found


def test_the_networks_of_all_others_guess(hub: Hub, classes: Classes, room: str) -> None:
    trained(hub, A, always(3))
    trained(hub, B, always(3))
    trained(hub, C, always(5))
    assert seen(classes, room) == {"count": 0, "newest": None, "ranking": []}
    classes.act(room, acts.draw, A, 1, item(), 3)
    eventually(lambda: seen(classes, room)["newest"]["of"] == 2)
    for owner in (T, A, B):
        newest = seen(classes, room, owner)["newest"]
        assert (newest["right"], newest["label"], newest["member"]) == (1, 3, 1)
        assert sorted(one["label"] for one in newest["guesses"]) == [3, 5]
    classes.act(room, acts.draw, B, 1, item(1), 9)
    eventually(lambda: seen(classes, room)["newest"]["of"] == 2)
    ranking = [(one["number"], one["right"]) for one in seen(classes, room)["ranking"]]
    assert ranking == [(1, 1), (2, 0)]


def test_a_newer_network_guesses_again(hub: Hub, classes: Classes, room: str) -> None:
    classes.act(room, acts.draw, A, 1, item(), 3)
    assert seen(classes, room)["newest"]["of"] == 0
    trained(hub, B, always(5))
    eventually(lambda: seen(classes, room)["newest"]["of"] == 1)
    assert seen(classes, room)["newest"]["right"] == 0
    trained(hub, B, always(3), seed=2)
    eventually(lambda: seen(classes, room)["newest"]["right"] == 1)
    assert seen(classes, room)["newest"]["of"] == 1


def test_guesses_are_made_again_after_a_restart(hub: Hub, classes: Classes, room: str) -> None:
    trained(hub, B, always(3))
    classes.act(room, acts.draw, A, 1, item(), 3)
    classes.close()
    again = Classes(hub)
    again.start()
    eventually(lambda: seen(again, room)["newest"]["right"] == 1)
    again.close()


def test_a_guess_is_the_most_likely_label_and_a_broken_network_has_none() -> None:
    network = initial_network((8,), "relu", 1)
    drawing = Drawing(1, b64encode(item(7)).decode(), 2)
    probabilities = network.predict(load_data().x_test[7:8])[0]
    best = int(probabilities.argmax())
    found = guess(network, drawing)
    assert found is not None
    assert found[0] == best
    assert found[1] == pytest.approx(float(probabilities[best]))
    (weights, bias), *rest = network.layers
    broken = Network("relu", 1 / 255, 0.0, ((weights * np.float32("nan"), bias), *rest))
    assert guess(broken, drawing) is None


def test_what_may_be_drawn(classes: Classes, room: str) -> None:
    classes.act(room, acts.set_phase, T, 1, "predict")
    with pytest.raises(Refused, match="not so far"):
        classes.act(room, acts.draw, A, 1, item(), 3)
    classes.act(room, acts.set_phase, T, 1, "run")
    for wrong in ((b"short", 3), (item(), 10)):
        with pytest.raises(Refused, match="nothing to draw"):
            classes.act(room, acts.draw, A, 1, *wrong)
    with pytest.raises(Refused, match="not in this class"):
        classes.act(room, acts.draw, T, 1, item(), 3)
    for index in range(MOST_DRAWINGS):
        for _ in range(2):  # asked twice it is one
            classes.act(room, acts.draw, A, 1, item(index), 3)
    assert seen(classes, room)["count"] == MOST_DRAWINGS
    with pytest.raises(Refused, match="20 drawings"):
        classes.act(room, acts.draw, A, 1, item(99), 3)
    classes.act(room, acts.open_activity, T, activity())
    with pytest.raises(Refused, match="nothing to draw"):
        classes.act(room, acts.draw, A, 2, item(), 3)
    assert seen(classes, room) is None
