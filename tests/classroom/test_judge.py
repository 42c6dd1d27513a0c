"""The envelope of a class: closed for everybody until the teacher opens it, then open for all."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from playground.classroom.envelope import expected_optimism
from playground.classroom.rules import acts
from playground.classroom.service import Classes
from playground.dataset import load_data
from playground.engine.protocol import Result
from playground.events import Command, Status
from playground.network.network import Network
from playground.runs.hub import Hub
from playground.runs.refusals import Refused
from playground.store.runs import RunInfo
from tests.classroom.conftest import activity
from tests.conftest import epoch_end, eventually, report, settle, status
from tests.runs.test_lineage import checkpoint, layers

T, A, B = "browser:teacher", "browser:a", "browser:b"
SEALED = activity(sealed=True, settings={"epochs": 1, "train_images": 1000}, free=["seed"])


@pytest.fixture
def room(classes: Classes) -> str:
    class_id = classes.start_class(T)
    for owner in (A, B):
        classes.join(classes.code(class_id), owner, "")
    classes.act(class_id, acts.open_activity, T, SEALED)
    return class_id


def always(label: int) -> Network:
    """It says the same of every image, so its test accuracy is the label's share."""
    bias = np.zeros(10, np.float32)
    bias[label] = 9
    return Network("relu", 1 / 255, 0.0, ((np.zeros((784, 10), np.float32), bias),))


def trained(
    hub: Hub, owner: str, seed: int, val: float, network: Network | None, classroom: str = ""
) -> str:
    """A run that ends well; without its network if that is gone."""
    config = SEALED.config().model_copy(update={"seed": seed})
    run_id = hub.submit(owner, config, classroom=classroom)
    eventually(lambda: (run := hub.run(run_id)) is not None and run.status is Status.STARTING)
    report(hub, run_id, status(Status.RUNNING), epoch_end(1, val_accuracy=val))
    left = network.to_bytes() if network else None
    hub.dispatcher.on_done(run_id, Result(Status.FINISHED, "", None, left))
    settle(hub)
    return run_id


def at(classes: Classes, room: str, owner: str) -> dict[str, Any]:
    view: Any = classes.view(room, owner)
    found: dict[str, Any] = view["at"]
    return found


def test_it_shows_the_best_of_the_class_and_each_their_own(
    hub: Hub, classes: Classes, room: str
) -> None:
    share = float((load_data().y_test == 3).mean())
    best = trained(hub, A, 1, 0.9, always(3))
    trained(hub, A, 2, 0.4, always(4))
    mine = trained(hub, B, 1, 0.6, always(5))
    trained(hub, B, 2, 0.7, None)
    for owner in (T, A, B):
        seen = at(classes, room, owner)
        assert (seen["sealed"], seen["envelope"], seen.get("yours")) == (True, None, None)
    classes.open_envelope(room, T, 1)
    classes.open_envelope(room, T, 1)
    eventually(lambda: not at(classes, room, T)["sealed"])
    envelope = at(classes, room, B)["envelope"]
    assert (envelope["run"], envelope["val"], envelope["test"]) == (best, 0.9, share)
    assert [one["val"] for one in envelope["results"]] == [0.9, 0.6, 0.4]
    images = SEALED.config().validation_images
    assert envelope["optimism"] == pytest.approx(expected_optimism(3, share, images))
    assert at(classes, room, B)["yours"] == {"run": mine, "val": 0.6, "test": pytest.approx(0.1)}
    assert at(classes, room, A)["yours"]["run"] == best
    eventually(lambda: not at(classes, room, T)["judging"])
    # What is trained from now on is judged as always.
    run = hub.run(hub.submit(A, SEALED.config()))
    assert run is not None
    assert not run.sealed


def test_only_the_teacher_opens_it_and_not_an_empty_one(
    hub: Hub, classes: Classes, room: str
) -> None:
    with pytest.raises(Refused, match="Only the teacher"):
        classes.open_envelope(room, A, 1)
    with pytest.raises(Refused, match="is empty"):
        classes.open_envelope(room, T, 1)
    with pytest.raises(Refused, match="no such activity"):
        classes.open_envelope(room, T, 7)
    classes.act(room, acts.open_activity, T, activity())
    with pytest.raises(Refused, match="no sealed"):
        classes.open_envelope(room, T, 2)
    with pytest.raises(Refused, match="Only the teacher"):
        classes.act(room, acts.open_envelope, A, 1, [])
    assert at(classes, room, T)["judging"] is False


def test_why_nothing_can_be_judged_is_said(hub: Hub, classes: Classes, room: str) -> None:
    trained(hub, A, 1, 0.9, None)
    with pytest.raises(Refused, match="network of no run"):
        classes.open_envelope(room, T, 1)
    assert at(classes, room, T)["judging"] is False
    trained(hub, B, 2, 0.7, always(3))
    classes.open_envelope(room, T, 1)
    eventually(lambda: at(classes, room, T)["envelope"] is not None)


def test_what_goes_on_from_a_sealed_run_is_sealed_until_it_is_opened(
    hub: Hub, classes: Classes, room: str
) -> None:
    run_id = trained(hub, A, 1, 0.9, always(3))
    hub.archive.save_checkpoint(run_id, checkpoint(1, layers=layers(1, 128)).to_bytes())
    outsider = "browser:outside"
    child = hub.run(hub.go_on(outsider, run_id, 2))
    assert child is not None
    assert child.sealed
    classes.act(room, acts.end, T)  # which opens no envelope
    child = hub.run(hub.go_on(outsider, run_id, 2))
    assert child is not None
    assert child.sealed
    classes.open_envelope(room, T, 1)
    eventually(lambda: not at(classes, room, T)["sealed"])
    child = hub.run(hub.go_on(outsider, run_id, 2))
    assert child is not None
    assert not child.sealed


def test_what_goes_on_from_what_went_on_is_sealed_as_long(
    hub: Hub, classes: Classes, room: str
) -> None:
    def goes_on(run_id: str, epochs: int) -> str:
        """One more run, which is stopped at once."""
        hub.archive.save_checkpoint(run_id, checkpoint(1, layers=layers(1, 128)).to_bytes())
        child = hub.go_on("browser:outside", run_id, epochs)
        hub.command("browser:outside", child, Command("stop"))
        eventually(lambda: _run(hub, child).status.ended)
        return child

    first = trained(hub, A, 1, 0.9, always(3))
    child = goes_on(first, 2)
    grandchild = goes_on(child, 3)
    assert (_run(hub, grandchild).classroom, _run(hub, grandchild).sealed) == ("", True)
    classes.act(room, acts.leave, B)
    alone = trained(hub, B, 1, 0.9, always(3))  # sealed for B, who could tell no one
    assert (_run(hub, alone).classroom, _run(hub, goes_on(alone, 2)).sealed) == ("", True)
    classes.open_envelope(room, T, 1)
    eventually(lambda: not at(classes, room, T)["sealed"])
    assert not _run(hub, goes_on(child, 4)).sealed
    assert _run(hub, goes_on(alone, 4)).sealed


def _run(hub: Hub, run_id: str) -> RunInfo:
    found = hub.run(run_id)
    assert found is not None
    return found


def test_who_leaves_or_goes_to_another_class_is_told_no_sealed_figure(
    hub: Hub, classes: Classes, room: str
) -> None:
    def is_sealed(owner: str) -> bool:
        run = hub.run(hub.submit(owner, SEALED.config()))
        return run is not None and run.sealed

    classes.act(room, acts.leave, A)
    assert is_sealed(A)
    classes.act(room, acts.remove, T, 2)
    assert is_sealed(B)
    other = classes.start_class("browser:other")
    classes.join(classes.code(other), A, "")
    assert is_sealed(A)
    assert not is_sealed("browser:outside")
    classes.act(room, acts.end, T)
    assert not is_sealed(A)


def test_one_who_plays_alone_opens_it_for_themselves(hub: Hub, classes: Classes) -> None:
    class_id = classes.play_alone(A, SEALED)
    run = _run(hub, trained(hub, A, 1, 0.5, always(1), f"{class_id}/1"))
    assert run.sealed
    classes.open_envelope(class_id, A, 1)
    eventually(lambda: at(classes, class_id, A)["envelope"] is not None)
    assert "0.1" in json.dumps(at(classes, class_id, A)["yours"])


def test_nobody_opens_alone_what_their_class_has_sealed(
    hub: Hub, classes: Classes, room: str
) -> None:
    trained(hub, B, 1, 0.9, always(3))
    classes.act(room, acts.open_activity, T, activity(id="next"))  # the envelope stays closed
    alone = classes.play_alone(A, SEALED)
    trained(hub, A, 1, 0.9, always(3), f"{alone}/1")
    with pytest.raises(Refused, match="a class whose envelope is still closed"):
        classes.open_envelope(alone, A, 1)
    classes.act(room, acts.leave, A)  # which unbinds nobody
    with pytest.raises(Refused, match="a class whose envelope is still closed"):
        classes.open_envelope(alone, A, 1)
    seen = at(classes, alone, A)
    assert (seen["judging"], seen["sealed"], seen["yours"]) == (False, True, None)
    classes.open_envelope(room, T, 1)
    eventually(lambda: not classes.rooms.binds(A))
    classes.open_envelope(alone, A, 1)
    eventually(lambda: at(classes, alone, A)["yours"] is not None)


def test_an_envelope_that_is_being_opened_alone_stays_closed_if_the_class_seals_it_meanwhile(
    hub: Hub, classes: Classes, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = classes.start_class(T)
    classes.join(classes.code(room), A, "")
    alone = classes.play_alone(A, SEALED)
    trained(hub, A, 1, 0.9, always(3), f"{alone}/1")

    def judged(network: Network) -> float:
        classes.act(room, acts.open_activity, T, SEALED)
        return 0.5

    monkeypatch.setattr("playground.classroom.judge.test_accuracy", judged)
    classes.open_envelope(alone, A, 1)
    eventually(lambda: classes.rooms.binds(A))
    eventually(lambda: not at(classes, alone, A)["judging"])
    assert at(classes, alone, A)["sealed"]


def test_who_is_bound_by_one_class_opens_no_envelope_of_another_that_they_teach(
    hub: Hub, classes: Classes, room: str
) -> None:
    other = classes.start_class(A)  # a member of the sealed class
    classes.join(classes.code(other), "browser:friend", "")
    classes.act(other, acts.open_activity, A, SEALED)
    trained(hub, "browser:friend", 1, 0.9, always(3))
    with pytest.raises(Refused, match="a class whose envelope is still closed"):
        classes.open_envelope(other, A, 1)
    classes.act(room, acts.leave, A)  # which unbinds nobody
    with pytest.raises(Refused, match="a class whose envelope is still closed"):
        classes.open_envelope(other, A, 1)
    seen = at(classes, other, A)
    assert (seen["judging"], seen["sealed"], seen["envelope"]) == (False, True, None)
    trained(hub, B, 1, 0.9, always(3), f"{room}/1")
    classes.open_envelope(room, T, 1)
    eventually(lambda: not classes.rooms.binds(A))
    classes.open_envelope(other, A, 1)
    eventually(lambda: at(classes, other, A)["envelope"] is not None)


def test_another_class_tells_no_figure_of_one_who_is_bound(
    hub: Hub, classes: Classes, room: str
) -> None:
    other = classes.start_class("browser:other")
    for owner in (A, "browser:friend"):
        classes.join(classes.code(other), owner, "")
    classes.act(other, acts.open_activity, "browser:other", SEALED)
    trained(hub, A, 1, 0.9, always(3), f"{other}/1")
    with pytest.raises(Refused, match="members of another class"):
        classes.open_envelope(other, "browser:other", 1)
    free = trained(hub, "browser:friend", 1, 0.8, always(4))
    classes.open_envelope(other, "browser:other", 1)
    eventually(lambda: at(classes, other, A)["envelope"] is not None)
    assert at(classes, other, A)["yours"] is None
    assert at(classes, other, A)["envelope"]["run"] == free
    assert at(classes, other, A)["envelope"]["count"] == 1


def test_a_teacher_opens_the_envelope_of_a_new_class_though_an_older_one_is_closed(
    hub: Hub, classes: Classes, room: str
) -> None:
    """All of it is their own: they have only forgotten the first one."""
    later = classes.start_class(T)
    classes.join(classes.code(later), A, "")
    classes.act(later, acts.open_activity, T, SEALED)
    mine = trained(hub, A, 1, 0.9, always(3))
    classes.open_envelope(later, T, 1)
    eventually(lambda: at(classes, later, A)["yours"] is not None)
    assert at(classes, later, A)["yours"]["run"] == mine


def test_a_member_who_has_become_a_teacher_of_the_same_class_may_open_it(
    hub: Hub, classes: Classes, room: str
) -> None:
    trained(hub, B, 1, 0.9, always(3))
    classes.follow_link(classes.links(room, T)["teacher"], A)
    classes.open_envelope(room, A, 1)
    eventually(lambda: at(classes, room, A)["envelope"] is not None)


def test_a_figure_that_another_class_seals_while_it_is_judged_is_not_told(
    hub: Hub, classes: Classes, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = classes.start_class(T), classes.start_class("browser:other")
    for class_id in (first, second):
        classes.join(classes.code(class_id), A, "")
    classes.act(second, acts.open_activity, "browser:other", SEALED)
    trained(hub, A, 1, 0.9, always(3), f"{second}/1")

    def judged(network: Network) -> float:
        classes.act(first, acts.open_activity, T, SEALED)
        return 0.5

    monkeypatch.setattr("playground.classroom.judge.test_accuracy", judged)
    classes.open_envelope(second, "browser:other", 1)
    eventually(lambda: any(one.id == first for one in classes.rooms.binding(A)))
    eventually(lambda: not at(classes, second, A)["judging"])
    assert at(classes, second, A)["sealed"]
