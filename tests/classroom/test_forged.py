"""A thousand forged attempts: a student acts as the teacher, as another, or against the rules."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from playground.classroom import codes
from playground.classroom.rules import acts
from playground.classroom.rules.log import Answer, SnapshotAdded
from playground.classroom.service import Classes
from playground.config import RunConfig
from playground.events import Command
from playground.runs import service
from playground.runs.hub import Hub
from playground.runs.refusals import Refused
from playground.ui.network.items import faces
from playground.ui.network.steps import run_step
from tests.classroom.conftest import CHOICE, CURVE, activity, ended

T, A, B, OUTSIDE = "browser:teacher", "browser:a", "browser:b", "browser:outside"
ATTEMPTS = 1_000
Attempt = Callable[[], object]


class Mine(NamedTuple):
    """What a student has: a run of the class, one from before, a class of one, and one to teach."""

    run: str
    before: str
    alone: str
    taught: str


def _levers(everything: Classes, room: str, who: str, chance: random.Random) -> list[Attempt]:
    """All that only the teacher may do."""
    number, flag = chance.randint(1, 3), chance.random() < 0.5
    asked: list[tuple[Any, ...]] = [
        (acts.open_activity, chance.choice([CHOICE, CURVE])),
        (acts.show_activity, chance.choice([None, 1])),
        (acts.set_phase, 1, chance.choice(["predict", "run", "explain", "compare"])),
        (acts.reveal, 1, flag),
        (acts.set_curtain, flag),
        (acts.hide_names, flag),
        (acts.set_door, flag),
        (acts.lock_settings, {"epochs": number}),
        (acts.grant_runs, 1, number),
        (acts.remove, number, flag),
        (acts.end, flag),
        (acts.open_quiz, chance.choice(["before", "after"])),
        (acts.name_class, "mine"),
        (acts.add_snapshot, SnapshotAdded(what="words", opening=1, member=number)),
        (acts.order_snapshots, [1]),
        (acts.present, 1),
        (acts.caption_snapshot, 1, "mine"),
    ]
    return [
        lambda rule=rule, rest=rest: everything.act(room, rule, who, *rest) for rule, *rest in asked
    ] + [
        lambda: everything.open_envelope(room, who, 1),
        lambda: everything.act(room, acts.open_envelope, who, 1, []),
        lambda: everything.delete(room, who),
        lambda: everything.links(room, who),
        lambda: everything.renew_links(room, who),
    ]


def _as_others(everything: Classes, room: str, chance: random.Random) -> list[Attempt]:
    """Another's name, prediction or page, and ways in that were guessed."""
    mine = everything.token(room, A)
    tampered = mine[:-1] + chance.choice("0123456789abcdef".replace(mine[-1], ""))
    others = [f"{room}:{who}:{mine.split(':')[2]}" for who in ("teacher", "screen", "member-2")]

    def attend(token: str) -> None:
        if everything.attend(token) is None:
            raise Refused("no page")

    def seen() -> None:
        if everything.view(room, OUTSIDE) is None:
            raise Refused("nothing to see")

    return [
        lambda: everything.act(room, acts.rename, A, 2, "stolen"),
        lambda: everything.act(room, acts.predict, A, 1, Answer(choice=0)),
        lambda: everything.act(room, acts.predict, OUTSIDE, 1, Answer(choice=0)),
        lambda: everything.act(room, acts.predict, B, 7, Answer(choice=0)),
        lambda: everything.act(room, acts.lock_prediction, OUTSIDE, 1),
        lambda: everything.act(room, acts.explain, OUTSIDE, 1, "words"),
        lambda: everything.act(room, acts.answer_quiz, A, "before", (1,)),
        lambda: everything.join(codes.new_code(), f"browser:{chance.random()}", ""),
        lambda: everything.follow_link(codes.new_secret(), f"browser:{chance.random()}"),
        lambda: attend(tampered),
        lambda: attend(chance.choice(others)),
        seen,
    ]


def _runs(hub: Hub, room: str, mine: Mine, chance: random.Random) -> list[Attempt]:
    """Settings that are fixed, somebody else's runs, an activity that is not open."""
    fixed = RunConfig(epochs=5, train_images=1000)
    other = fixed.model_copy(update={"batch_size": chance.choice([8, 16, 64, 128])})
    return [
        lambda: hub.submit(A, other),
        lambda: hub.submit(A, other, lesson="batch"),
        lambda: hub.submit(A, fixed, classroom=f"{room}/{chance.randint(2, 9)}"),
        lambda: hub.submit(OUTSIDE, fixed, classroom=f"{room}/1"),
        lambda: hub.submit(B, fixed),  # whose prediction is not locked
        lambda: hub.command(B, mine.run, Command("stop")),
        lambda: hub.command(A, mine.run, Command("learning_rate", 0.5)),
        lambda: hub.delete(B, mine.run),
    ]


def _ways_round(
    hub: Hub, everything: Classes, mine: Mine, client: TestClient, chance: random.Random
) -> list[Attempt]:
    """The weights of other settings, the same activity alone, one more run, the sealed figure."""
    fixed = RunConfig(epochs=5, train_images=1000)

    def step(run: str) -> None:
        number = chance.choice([number for number in range(1000) if number not in faces()])
        if client.get(f"/api/runs/{run}/step?batches={number}").status_code == 400:
            raise Refused("sealed")

    return [
        lambda: hub.fork(A, mine.before, 1, fixed),
        lambda: hub.fork(A, mine.run, 1, fixed.model_copy(update={"learning_rate": 0.5})),
        lambda: hub.go_on(A, mine.before, chance.randint(2, 9)),
        lambda: hub.go_on(B, mine.run, 5),
        lambda: hub.submit(A, fixed, classroom=f"{mine.alone}/1"),
        lambda: everything.open_envelope(mine.alone, A, 1),
        lambda: everything.open_envelope(mine.taught, A, 1),
        lambda: hub.delete(A, mine.run),
        lambda: hub.throw_away(A, [mine.before, mine.run]),
        lambda: step(mine.run),
    ]


@pytest.fixture
def client(hub: Hub) -> Iterator[TestClient]:
    service.use(hub)
    with TestClient(Starlette(routes=[Route("/api/runs/{id}/step", run_step)])) as started:
        yield started
    service.use(None)


def test_a_thousand_forged_attempts_are_refused(
    hub: Hub, classes: Classes, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.classroom.rooms.door._WRONG_GUESSES_OF_ALL", ATTEMPTS)
    other = ended(hub, A, RunConfig(epochs=5, train_images=1000, batch_size=16))
    room = classes.start_class(T, "Room 4")
    for who, name in ((A, "Mina"), (B, "Jun")):
        classes.join(classes.code(room), who, name)
    sealed = activity(prediction=CHOICE.prediction, free=[], sealed=True)
    classes.act(room, acts.open_activity, T, sealed)
    classes.act(room, acts.predict, A, 1, Answer(choice=1))
    classes.act(room, acts.lock_prediction, A, 1)
    alone = classes.play_alone(A, sealed)
    classes.act(alone, acts.predict, A, 1, Answer(choice=1))
    classes.act(alone, acts.lock_prediction, A, 1)
    taught = classes.start_class(A)
    classes.act(taught, acts.open_activity, A, sealed)
    mine = Mine(ended(hub, A, RunConfig(epochs=5, train_images=1000)), other, alone, taught)
    before, runs, chance = classes.state(room), len(hub.runs()), random.Random(7)
    refused: Counter[bool] = Counter()
    while refused.total() < ATTEMPTS:
        who = chance.choice([A, B, OUTSIDE])
        attempts = (
            *_levers(classes, room, who, chance),
            *_as_others(classes, room, chance),
            *_runs(hub, room, mine, chance),
            *_ways_round(hub, classes, mine, client, chance),
        )
        for attempt in attempts:
            try:
                attempt()
            except Refused:
                refused[True] += 1
            else:
                refused[False] += 1
    assert refused[False] == 0
    assert classes.state(room) == before
    assert len(hub.runs()) == runs
