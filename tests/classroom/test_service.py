"""Classes of a server: who joins, what holds after a restart, what is refused."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from playground.classroom import codes
from playground.classroom.jigsaw import deal
from playground.classroom.rules import acts, log
from playground.classroom.rules.log import Answer, SnapshotAdded
from playground.classroom.service import Classes
from playground.classroom.views import scenes
from playground.classroom.views.audiences import view
from playground.classroom.views.scene import Scene
from playground.classroom.views.shapes import View
from playground.config import RunConfig
from playground.engine.protocol import Result
from playground.events import Command, Status
from playground.runs.hub import Hub
from playground.runs.refusals import Refused, TooMany
from playground.settings import settings
from playground.store.classes import EventRow
from playground.store.runs import Store
from tests.classroom.conftest import CHOICE, CURVE, activity, ended
from tests.conftest import OneWorker, epoch_end, eventually, report, settle, status

T, A, B = "browser:teacher", "browser:a", "browser:b"


@pytest.fixture
def room(classes: Classes) -> str:
    class_id = classes.start_class(T, "Room 4")
    classes.join(classes.code(class_id), A, "Mina")
    classes.join(classes.code(class_id).lower(), B, "Jun")
    return class_id


def test_who_joins_is_a_member_and_stays_the_same_one(classes: Classes, room: str) -> None:
    classes.join(classes.code(room), A, "another name")
    state = classes.state(room)
    assert state is not None
    assert [one.nickname for one in state.members.values()] == ["Mina", "Jun"]
    found = classes.where(A)
    assert found is not None
    assert found[1].number == 1
    assert classes.where(T) is None
    assert [one.id for one in classes.of(T)] == [room]


def test_a_nickname_is_unique(classes: Classes, room: str) -> None:
    with pytest.raises(Refused, match="taken"):
        classes.join(classes.code(room), "browser:c", "MINA")
    classes.join(classes.code(room), "browser:c", "")
    with pytest.raises(Refused, match="taken"):  # how the third is called where names are hidden
        classes.act(room, acts.rename, A, 1, str(codes.alias(3)))


def test_everything_is_there_after_a_restart(hub: Hub, classes: Classes, room: str) -> None:
    classes.act(room, acts.open_activity, T, CHOICE)
    classes.act(room, acts.predict, A, 1, Answer(choice=0))
    classes.act(room, acts.lock_prediction, A, 1)
    classes.close()
    again = Classes(hub)
    again.start()
    assert again.state(room) == classes.state(room)
    assert again.where(B) == classes.where(B)
    assert again.token(room, A) == classes.token(room, A)
    again.close()


def test_the_class_that_was_joined_last_is_where_one_is(classes: Classes, room: str) -> None:
    other = classes.start_class("browser:other")
    classes.join(classes.code(other), A, "Mina")
    found = classes.where(A)
    assert found is not None
    assert found[0].id == other
    classes.act(other, acts.leave, A)
    classes.join(classes.code(room), A, "")
    found = classes.where(A)
    assert found is not None
    assert found[0].id == room


def test_a_restart_finds_everybody_where_they_came_back_to(
    hub: Hub, classes: Classes, room: str
) -> None:
    other = classes.start_class("browser:other")
    classes.join(classes.code(other), A, "Mina")
    classes.join(classes.code(room), A, "")
    before = classes.state(room)
    classes.join(classes.code(room), A, "")
    assert classes.state(room) == before  # the second time nothing follows
    again = Classes(hub)
    again.start()
    for one in (classes, again):
        found = one.where(A)
        assert found is not None
        assert found[0].id == room
    again.close()


def test_a_teacher_is_no_student_of_the_same_class(classes: Classes, room: str) -> None:
    with pytest.raises(Refused, match="You are the teacher"):
        classes.join(classes.code(room), T, "")


def test_links_make_devices_a_teacher_or_a_screen(classes: Classes, room: str) -> None:
    links = classes.links(room, T)
    assert classes.follow_link(links["teacher"], "browser:t2") == (room, "teacher")
    assert classes.follow_link(links["screen"], "browser:s") == (room, "screen")
    classes.act(room, acts.set_curtain, "browser:t2", True)
    with pytest.raises(Refused, match="Only the teacher"):
        classes.act(room, acts.set_curtain, "browser:s", False)
    with pytest.raises(Refused, match="Only the teacher"):
        classes.links(room, "browser:s")
    with pytest.raises(Refused, match="no class"):
        classes.follow_link("wrong", A)


def test_new_links_end_the_old_ones(hub: Hub, classes: Classes, room: str) -> None:
    old = classes.links(room, T)
    classes.follow_link(old["teacher"], "browser:t2")
    token = classes.token(room, A)
    with pytest.raises(Refused, match="Only the teacher"):
        classes.renew_links(room, A)
    classes.renew_links(room, T)
    new = classes.links(room, "browser:t2")  # who has followed the old one is a teacher still
    assert classes.token(room, A) == token  # no page of a student is cut off
    again = Classes(hub)
    again.rooms.start()
    for one in (classes, again):
        assert one.links(room, T) == new
        for secret in old.values():
            with pytest.raises(Refused, match="no class"):
                one.follow_link(secret, "browser:t3")
    assert classes.follow_link(new["screen"], "browser:s") == (room, "screen")


def test_nobody_new_joins_while_the_door_is_closed(classes: Classes, room: str) -> None:
    with pytest.raises(Refused, match="Only the teacher"):
        classes.act(room, acts.set_door, A, True)
    classes.act(room, acts.set_door, T, True)
    with pytest.raises(Refused, match="nobody new"):
        classes.join(classes.code(room), "browser:c", "")
    classes.join(classes.code(room), A, "")
    classes.act(room, acts.leave, B)
    classes.join(classes.code(room), B, "")
    assert classes.where(B) is not None
    classes.act(room, acts.set_door, T, False)
    classes.join(classes.code(room), "browser:c", "")


def test_thirty_join_at_once_and_one_who_guesses_is_slowed(classes: Classes, room: str) -> None:
    """Whatever address they have in common: who joins rightly is never slowed."""
    for number in range(9):
        with pytest.raises(Refused, match="no class with this code"):
            classes.join(f"XXX{number}", "browser:guesser", "", "10.0.0.1")
    for number in range(30):
        classes.join(classes.code(room), f"browser:{number}", "", "10.0.0.1")
    state = classes.state(room)
    assert state is not None
    assert len(state.present) == 32
    with pytest.raises(Refused, match="no class with this code"):
        classes.join("XXXX9", "browser:guesser", "")
    with pytest.raises(Refused, match="too many"):
        classes.join("XXXX9", "browser:guesser", "")


def test_a_browser_that_forgets_who_it_is_is_known_by_its_address(
    classes: Classes, room: str
) -> None:
    homes = ["2001:db8::1", "2001:db8::ffff:1"]  # of one device
    for number in range(60):
        with pytest.raises(Refused, match="no class with this code"):
            classes.join(f"XX{number:02}", f"browser:{number}", "", homes[number % 2])
    for home in homes:
        with pytest.raises(Refused, match="too many"):
            classes.join("XXXX9", "browser:new", "", home)
    classes.join(classes.code(room), "browser:elsewhere", "", "2001:db8:0:1::1")


def test_codes_cannot_be_guessed(classes: Classes, room: str) -> None:
    for number in range(10):
        with pytest.raises(Refused, match="no class with this code"):
            classes.join(f"XXX{number}", "browser:guesser", "")
    with pytest.raises(Refused, match="too many"):  # not even the right one
        classes.join(classes.code(room), "browser:guesser", "")
    classes.join(classes.code(room), "browser:somebody", "")


def test_secrets_are_in_no_view(classes: Classes, room: str) -> None:
    kept = classes.rooms.row(room).secrets.values()
    for who in (T, A):
        text = json.dumps(classes.view(room, who))
        assert not any(secret in text for secret in kept)
        assert "browser:" not in text
    assert classes.view(room, "browser:nobody") is None


def test_names_are_hidden_on_all_screens_also_on_ones_own(classes: Classes, room: str) -> None:
    classes.act(room, acts.open_activity, T, CHOICE)
    classes.act(room, acts.predict, A, 1, Answer(choice=0))
    classes.act(room, acts.lock_prediction, A, 1)
    classes.act(room, acts.reveal, T, 1)
    wall = classes.projection(room, T)
    assert wall is not None
    assert all("Mina" in json.dumps(one) for one in (classes.view(room, B), wall[0]))
    own: Any = classes.view(room, A)
    assert own["you"]["name"] == "Mina"
    classes.act(room, acts.hide_names, T, True)
    wall = classes.projection(room, T)
    assert wall is not None
    own = classes.view(room, A)
    assert own["you"]["name"] == str(codes.alias(1))
    for seen in (own, classes.view(room, B), wall[0]):
        assert "Mina" not in json.dumps(seen)
    roster: Any = classes.view(room, T)
    assert roster["roster"][0]["nickname"] == ""
    assert roster["roster"][0]["name"] == str(codes.alias(1))


def test_names_are_hidden_on_the_teachers_screen_too(classes: Classes, room: str) -> None:
    classes.act(room, acts.open_activity, T, CHOICE)
    classes.act(room, acts.predict, A, 1, Answer(choice=0))
    classes.act(room, acts.explain, A, 1, "because")
    for kept in ("answer", "words"):
        classes.act(room, acts.add_snapshot, T, SnapshotAdded(what=kept, opening=1, member=1))
    assert json.dumps(classes.view(room, T)).count("Mina") == 6
    classes.act(room, acts.hide_names, T, True)
    assert "Mina" not in json.dumps(classes.view(room, T))


def test_nobody_sees_what_a_removed_member_wrote(classes: Classes, room: str) -> None:
    played = activity(prediction=CHOICE.prediction, draw=True, sealed=True)
    classes.act(room, acts.open_activity, T, played)
    for who, said in ((A, "rude"), (B, "kind")):
        classes.act(room, acts.predict, who, 1, Answer(choice=0))
        classes.act(room, acts.lock_prediction, who, 1)
        classes.act(room, acts.explain, who, 1, said)
        classes.act(room, acts.draw, who, 1, bytes(784), 3)
    classes.act(room, acts.draw, A, 1, bytes(784), 4)
    tested = [
        log.Tested(run=f"{n:012}", member=n, val_accuracy=1 - n / 4, test_accuracy=0.5)
        for n in (1, 2)
    ]
    classes.act(room, acts.open_envelope, T, 1, tested)
    classes.act(room, acts.reveal, T, 1)
    for number in (1, 2):
        kept = SnapshotAdded(what="words", opening=1, member=number)
        classes.act(room, acts.add_snapshot, T, kept)
    classes.act(room, acts.present, T, 1)

    def views() -> list[Any]:
        wall = classes.projection(room, T)
        assert wall is not None
        return [wall[0], classes.view(room, T), classes.view(room, B)]

    assert all("rude" in json.dumps(seen) for seen in views())
    classes.act(room, acts.remove, T, 1)
    wall, teacher, member = views()
    assert wall["presented"] is None
    assert [one["member"] for one in teacher["snapshots"]] == [2]
    for seen in (wall, teacher, member):
        assert "rude" not in json.dumps(seen)
        assert (seen["at"]["envelope"]["name"], seen["at"]["envelope"]["count"]) == ("Jun", 1)
        assert [one["member"] for one in seen["at"]["reveal"]["answers"]] == [2]
        drawings = seen["at"]["drawings"]
        assert [drawings["newest"]["member"], drawings["count"]] == [2, 1]
    # Who is let in again has everything again, whatever the teacher has ordered meanwhile.
    classes.act(room, acts.order_snapshots, T, [2])
    classes.act(room, acts.remove, T, 1, False)
    assert [one["member"] for one in views()[1]["snapshots"]] == [2, 1]
    classes.act(room, acts.leave, A)
    assert all("rude" in json.dumps(seen) for seen in views())


@pytest.mark.parametrize("how", ["phase", "turn back", "hide answers", "curtain"])
def test_how_long_somebody_needs_is_counted_from_what_is_asked_now(
    hub: Hub, classes: Classes, room: str, how: str
) -> None:
    """Else all are stuck at once when a long prediction ends."""
    classes.act(room, acts.open_activity, T, CHOICE, "predict")
    classes.act(room, acts.open_activity, T, activity(id="other"))
    if how != "turn back":
        classes.act(room, acts.show_activity, T, 1)
    if how == "hide answers":
        classes.act(room, acts.reveal, T, 1)
    kept = classes.rooms.room(room)
    assert kept is not None
    kept.turned = {1: 1.0, 2: 1.0}
    if how == "phase":
        classes.act(room, acts.set_phase, T, 1, "run")
    elif how == "turn back":
        classes.act(room, acts.show_activity, T, 1)
    elif how == "hide answers":
        classes.act(room, acts.reveal, T, 1, False)
    else:
        classes.act(room, acts.set_curtain, T, True)
        classes.act(room, acts.set_curtain, T, False)
    assert kept.turned[1] > kept.turned[2] == 1.0
    view: Any = classes.view(room, T)
    assert [tile["since"] for tile in view["roster"]] == [round(kept.turned[1])] * 2
    again = Classes(hub)
    again.rooms.start()
    read = again.rooms.room(room)
    assert read is not None
    newest = hub.classes.events(room)[-1].created.timestamp()
    assert read.turned[1] == newest


def test_two_who_write_at_once_lose_nothing(classes: Classes, room: str) -> None:
    names = [f"browser:{number}" for number in range(12)]
    threads = [
        threading.Thread(target=classes.join, args=(classes.code(room), name, "")) for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    state = classes.state(room)
    assert state is not None
    assert sorted(state.members) == list(range(1, 15))
    assert {one.owner for one in state.members.values()} >= set(names)


def test_an_owner_has_so_many_classes(classes: Classes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_MAX_CLASSES_PER_OWNER", "1")
    settings.cache_clear()
    first = classes.start_class(T)
    with pytest.raises(TooMany, match="1 classes"):
        classes.start_class(T)
    classes.act(first, acts.end, T)
    classes.start_class(T)


def test_a_class_is_deleted_as_a_whole(hub: Hub, classes: Classes, room: str) -> None:
    with pytest.raises(Refused):
        classes.delete(room, A)
    classes.delete(room, T)
    assert classes.state(room) is None
    assert classes.where(A) is None
    assert hub.classes.all() == []
    assert hub.classes.events(room) == []


def test_old_classes_go_away(classes: Classes, room: str, monkeypatch: pytest.MonkeyPatch) -> None:
    classes.delete_old()
    assert classes.state(room) is not None
    monkeypatch.setenv("PLAYGROUND_KEEP_CLASSES_DAYS", "1e-9")
    settings.cache_clear()
    classes.delete_old()
    assert classes.state(room) is None


# What may be trained


def config(**settings: Any) -> RunConfig:
    return RunConfig(epochs=5, train_images=1000, **settings)


def test_fixed_settings_are_fixed_whichever_way_one_asks(
    hub: Hub, classes: Classes, room: str
) -> None:
    classes.act(room, acts.open_activity, T, activity())
    run = hub.submit(A, config(learning_rate=0.01))
    assert _run(hub, run).classroom == f"{room}/1"
    with pytest.raises(Refused, match="batch_size"):
        hub.submit(A, config(batch_size=16))
    with pytest.raises(Refused, match="epochs"):
        hub.submit(A, config().model_copy(update={"epochs": 6}), lesson="batch")
    assert _run(hub, hub.submit("browser:outside", config(batch_size=16))).classroom == ""
    assert _run(hub, hub.submit(T, config(batch_size=16))).classroom == ""
    classes.act(room, acts.show_activity, T, None)
    assert _run(hub, hub.submit(A, config(batch_size=16))).classroom == room
    classes.act(room, acts.lock_settings, T, {"batch_size": 32})
    with pytest.raises(Refused, match="batch_size"):
        hub.submit(A, config(batch_size=16))


def test_a_rate_that_is_fixed_is_fixed_while_one_trains(
    hub: Hub, classes: Classes, room: str
) -> None:
    classes.act(room, acts.open_activity, T, activity(free=["batch_size"]))
    run = hub.submit(A, config())
    with pytest.raises(Refused, match="fixed"):
        hub.command(A, run, Command("learning_rate", 0.1))
    hub.command(A, run, Command("stop"))


def test_one_predicts_before_one_trains(hub: Hub, classes: Classes, room: str) -> None:
    classes.act(room, acts.open_activity, T, CURVE)
    with pytest.raises(Refused, match="Lock your prediction"):
        hub.submit(A, config())
    classes.act(room, acts.predict, A, 1, Answer(curve=(0.5,) * 41))
    with pytest.raises(Refused, match="Lock your prediction"):
        hub.submit(A, config())
    classes.act(room, acts.lock_prediction, A, 1)
    hub.submit(A, config())
    with pytest.raises(Refused, match="locked"):
        classes.act(room, acts.predict, A, 1, Answer(curve=(0.6,) * 41))


def test_nobody_predicts_what_all_have_seen(hub: Hub, classes: Classes, room: str) -> None:
    classes.act(room, acts.open_activity, T, CHOICE)
    classes.act(room, acts.predict, A, 1, Answer(choice=0))
    classes.act(room, acts.reveal, T, 1)
    for who, rule, rest in (
        (A, acts.lock_prediction, ()),
        (A, acts.predict, (Answer(choice=1),)),
        (B, acts.predict, (Answer(choice=1),)),
    ):
        with pytest.raises(Refused, match="too late for a prediction"):
            classes.act(room, rule, who, 1, *rest)
    seen: Any = classes.view(room, B)
    assert (seen["at"]["locked"], seen["at"]["late"]) == (True, True)  # its page goes on
    classes.act(room, acts.reveal, T, 1, False)  # what was seen stays seen
    with pytest.raises(Refused, match="too late for a prediction"):
        classes.act(room, acts.predict, B, 1, Answer(choice=1))
    assert _run(hub, hub.submit(B, config())).classroom == f"{room}/1"
    alone = classes.play_alone("browser:c", CHOICE)
    classes.act(alone, acts.reveal, "browser:c", 1)
    classes.act(alone, acts.predict, "browser:c", 1, Answer(choice=1))


def test_a_limit_of_runs_holds_when_two_come_at_once(hub: Hub, classes: Classes, room: str) -> None:
    classes.act(room, acts.open_activity, T, activity(runs=1))
    gate = hub.gate
    with (
        gate.submission(A, config(), ""),
        pytest.raises(Refused, match="used"),
        gate.submission(A, config(), ""),
    ):
        pass
    run = hub.submit(A, config())
    with pytest.raises(Refused, match="used"):
        hub.submit(A, config())
    classes.act(room, acts.grant_runs, T, 1, 1)
    hub.submit(A, config())
    assert run != ""


def test_a_run_that_failed_does_not_count(hub: Hub, classes: Classes, room: str) -> None:
    classes.act(room, acts.open_activity, T, activity(runs=1))
    run = hub.submit(A, config())
    eventually(lambda: _run(hub, run).status is Status.STARTING)
    hub.dispatcher.on_done(run, Result(Status.FAILED, "It broke."))
    eventually(lambda: _run(hub, run).status is Status.FAILED)
    hub.submit(A, config())


def test_a_limit_of_runs_is_not_got_round_by_deleting_them(
    hub: Hub, classes: Classes, room: str
) -> None:
    alone = classes.play_alone(A, activity(id="alone"))
    own = ended(hub, A, config(), f"{alone}/1")
    before = ended(hub, "browser:c", config())
    classes.act(room, acts.open_activity, T, activity(runs=1))
    run = ended(hub, A, config())
    attempts: list[Callable[[], object]] = [
        lambda: hub.delete(A, run),
        lambda: hub.throw_away(A, [own, run]),
    ]
    for attempt in attempts:
        with pytest.raises(Refused, match="belongs to your class"):
            attempt()
    with pytest.raises(Refused, match="used"):
        hub.submit(A, config())
    hub.throw_away(A, [own])
    hub.throw_away("browser:c", [before])
    classes.act(room, acts.end, T)
    hub.throw_away(A, [run])
    assert hub.runs() == []


def test_what_goes_on_keeps_to_the_fixed_settings(hub: Hub, classes: Classes, room: str) -> None:
    other, same = (ended(hub, A, config(batch_size=size)) for size in (16, 32))
    classes.act(room, acts.open_activity, T, activity())
    mine, theirs = ended(hub, A, config()), ended(hub, B, config())
    attempts: list[Callable[[], object]] = [
        lambda: hub.fork(A, other, 1, config()),
        lambda: hub.go_on(A, same, 5),
        lambda: hub.go_on(A, theirs, 5),
        lambda: hub.fork(A, mine, 1, config(learning_rate=0.5)),
    ]
    for attempt in attempts:
        with pytest.raises(Refused, match="begins from the start"):
            attempt()
    assert _run(hub, hub.go_on(A, mine, 5)).classroom == f"{room}/1"
    classes.act(room, acts.show_activity, T, None)
    hub.fork(A, other, 1, config())


def test_one_who_plays_alone_keeps_to_the_rules_of_their_class(
    hub: Hub, classes: Classes, room: str
) -> None:
    same, other = (classes.play_alone(A, activity(id=name)) for name in ("rate", "other"))
    classes.act(room, acts.open_activity, T, activity())
    with pytest.raises(Refused, match="Your class is at this activity"):
        hub.submit(A, config(), classroom=f"{same}/1")
    run = hub.submit(A, config(), classroom=f"{other}/1")
    classes.act(room, acts.lock_settings, T, {"learning_rate": 0.01})
    with pytest.raises(Refused, match="learning_rate"):
        hub.submit(A, config(learning_rate=0.1), classroom=f"{other}/1")
    with pytest.raises(Refused, match="fixed"):
        hub.command(A, run, Command("learning_rate", 0.1))
    hub.submit(A, config(learning_rate=0.01), classroom=f"{other}/1")
    classes.act(room, acts.set_curtain, T, True)
    with pytest.raises(Refused, match="paused everyone"):
        hub.submit(A, config(learning_rate=0.01), classroom=f"{other}/1")
    classes.act(room, acts.end, T)
    hub.submit(A, config(), classroom=f"{same}/1")


def test_an_activity_by_another_name_shows_nobody_what_to_predict(
    hub: Hub, classes: Classes, room: str
) -> None:
    """A link brings any activity, also one that a student has copied from the class's."""
    copy = activity(id="copied", free=["learning_rate", "batch_size", "seed"])
    copied = f"{classes.play_alone(A, copy)}/1"
    classes.act(room, acts.open_activity, T, activity(prediction=CHOICE.prediction))
    for seed in (42, 7):
        with pytest.raises(Refused, match="trains these settings"):
            hub.submit(A, config(learning_rate=0.1, seed=seed), classroom=copied)
    hub.submit(A, config(batch_size=16), classroom=copied)  # another experiment
    classes.act(room, acts.predict, A, 1, Answer(choice=1))
    classes.act(room, acts.lock_prediction, A, 1)
    hub.submit(A, config(learning_rate=0.1), classroom=copied)
    classes.act(room, acts.open_activity, T, activity(runs=1))
    with pytest.raises(Refused, match="trains these settings"):
        hub.submit(A, config(learning_rate=0.1), classroom=copied)


def test_of_what_one_plays_alone_the_oldest_goes(
    classes: Classes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.classroom.service.MOST_ALONE", 2)
    first, second = (classes.play_alone(A, activity(id=name)) for name in ("a", "b"))
    other = classes.play_alone(B, activity(id="a"))
    assert classes.play_alone(A, activity(id="a")) == first
    third = classes.play_alone(A, activity(id="c"))
    there = [room.row.id for room in classes.rooms.all()]
    assert first not in there
    assert {second, other, third} <= {*there}


def test_nobody_trains_behind_the_curtain(hub: Hub, classes: Classes, room: str) -> None:
    classes.act(room, acts.set_curtain, T, True)
    with pytest.raises(Refused, match="paused everyone"):
        hub.submit(A, config())
    classes.act(room, acts.set_curtain, T, False)
    hub.submit(A, config())


def test_runs_of_a_sealed_activity_are_sealed(hub: Hub, classes: Classes, room: str) -> None:
    classes.act(room, acts.open_activity, T, activity(sealed=True))
    assert _run(hub, hub.submit(A, config())).sealed
    classes.act(room, acts.show_activity, T, None)
    assert _run(hub, hub.submit(A, config())).sealed  # the envelope is still closed
    assert not _run(hub, hub.submit("browser:outside", config())).sealed


def test_one_who_plays_alone_is_free_elsewhere(hub: Hub, classes: Classes) -> None:
    class_id = classes.play_alone(A, CHOICE)
    assert classes.play_alone(A, CHOICE) == class_id
    assert classes.where(A) is None
    assert _run(hub, hub.submit(A, config(batch_size=16))).classroom == ""
    wish = f"{class_id}/1"
    with pytest.raises(Refused, match="Lock your prediction"):
        hub.submit(A, config(), classroom=wish)
    classes.act(class_id, acts.predict, A, 1, Answer(choice=1))
    classes.act(class_id, acts.lock_prediction, A, 1)
    assert _run(hub, hub.submit(A, config(), classroom=wish)).classroom == wish
    with pytest.raises(Refused, match="not in this class"):
        hub.submit(B, config(), classroom=wish)


# Views that change


def test_a_page_gets_a_view_when_it_changes(hub: Hub, classes: Classes, room: str) -> None:
    page = classes.attend(classes.token(room, A))
    assert page is not None
    got: list[Any] = []

    def take() -> None:
        body = page.new()
        if body is not None:
            got.append(json.loads(body))

    with page.watch(take):
        eventually(lambda: got)
        assert got[0]["curtain"] is False
        assert page.new() is None
        teacher: Any = classes.view(room, T)
        assert [one["here"] for one in teacher["roster"]] == [True, False]
        classes.act(room, acts.set_curtain, T, True)
        eventually(lambda: got[-1]["curtain"])
        assert got[-1] == classes.view(room, A)
        classes.act(room, acts.remove, T, 1)
        eventually(lambda: got[-1] is None)
    assert classes.attend("nonsense") is None
    forged = classes.token(room, A).replace("member-1", "teacher")
    assert classes.attend(forged) is None


def test_a_view_is_made_by_no_thread_that_sends_it(
    hub: Hub, classes: Classes, room: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The event loop only hands on what is ready, and what nobody follows is not kept."""
    made: list[int] = []

    def noted(scene: Scene, audience: str) -> View:
        made.append(threading.get_ident())
        return view(scene, audience)

    monkeypatch.setattr(scenes, "view", noted)
    pages = [classes.attend(classes.token(room, who)) for who in (T, A, A)]
    with ExitStack() as following:
        for page in pages:
            assert page is not None
            following.enter_context(page.watch(lambda: None))
        for page in pages:
            assert page is not None
            eventually(page.new)  # of which each is told once
        assert threading.get_ident() not in made
        assert classes.broadcast.newest(room, "teacher") is not None
        assert classes.broadcast.newest(room, "member-2") is None
    assert classes.broadcast.newest(room, "teacher") is None


def test_the_teacher_sees_runs_as_they_train(hub: Hub, classes: Classes, room: str) -> None:
    run = hub.submit(A, config())
    eventually(lambda: _run(hub, run).status is Status.STARTING)
    page = classes.attend(classes.token(room, T))
    assert page is not None
    with page.watch(lambda: None):
        eventually(page.new)
        report(hub, run, status(Status.RUNNING), epoch_end(1, val_accuracy=0.75))
        settle(hub)
        eventually(page.new)
        view: Any = classes.view(room, T)
        assert view["roster"][0]["run"]["val_accuracies"] == [0.75]


@pytest.mark.parametrize("how", ["jigsaw", "revealed"])
def test_all_see_the_runs_of_others_as_they_train(
    hub: Hub, classes: Classes, room: str, how: str
) -> None:
    axes = {"axes": [["learning_rate", [0.1, 0.01]], ["batch_size", [16, 32]]]}
    jigsaw = how == "jigsaw"
    classes.act(
        room, acts.open_activity, T, activity(jigsaw=axes, free=[]) if jigsaw else activity()
    )
    given = config()
    if jigsaw:
        classes.act(room, lambda state: deal(state, A, 1, ()))
        seen: Any = classes.view(room, A)
        given = given.model_copy(update=seen["locks"] | {"hidden_layers": given.hidden_layers})
    else:
        classes.act(room, acts.reveal, T, 1)
    page = classes.attend(classes.token(room, B))
    assert page is not None
    got: list[Any] = []
    with page.watch(lambda: got.append(page.new())):
        run = hub.submit(A, given)
        eventually(lambda: _run(hub, run).status is Status.STARTING)
        report(hub, run, status(Status.RUNNING), epoch_end(1, val_accuracy=0.75))
        settle(hub)
        eventually(lambda: got[-1] and json.loads(got[-1]) == classes.view(room, B))
    at = json.loads(got[-1])["at"]
    if jigsaw:
        assert [cell["standing"] for cell in at["grid"]].count("trains") == 1
    else:
        assert at["reveal"]["runs"][0]["val_accuracies"] == [0.75]


def _run(hub: Hub, run_id: str) -> Any:
    found = hub.run(run_id)
    assert found is not None
    return found


def test_a_store_of_classes_keeps_order(tmp_path: Path) -> None:
    """What one server writes, the next one reads, on a database of its own."""
    first = Hub(Store(tmp_path), OneWorker())
    started = Classes(first)
    ids = [started.start_class(T, name) for name in ("one", "two")]
    second = Hub(Store(tmp_path), OneWorker())
    assert [row.id for row in second.classes.all()] == ids


def test_a_lost_race_reads_only_what_is_new(
    hub: Hub, classes: Classes, room: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another server on the same store writes first."""
    other = Classes(hub)
    other.rooms.start()
    before = classes.state(room)
    assert before is not None
    other.act(room, acts.set_curtain, T, True)
    asked: list[int] = []
    events = hub.classes.events

    def noted(class_id: str, after: int = 0) -> list[EventRow]:
        asked.append(after)
        return events(class_id, after)

    monkeypatch.setattr(hub.classes, "events", noted)
    after = classes.act(room, acts.name_class, T, "Room 5")
    assert asked == [before.seq]
    assert (after.curtain, after.name, after.seq) == (True, "Room 5", before.seq + 2)
    again = Classes(hub)
    again.rooms.start()
    assert again.state(room) == after
