"""A thousand forged attempts: a student acts as the teacher, as another, or against the rules."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from playground.classroom import codes
from playground.classroom.rules import acts
from playground.classroom.rules.log import Answer, SnapshotAdded
from playground.classroom.service import Classes
from playground.config import RunConfig
from playground.events import Command
from playground.runs.hub import Hub
from playground.runs.refusals import Refused
from tests.classroom.conftest import CHOICE, CURVE, activity

T, A, B, OUTSIDE = "browser:teacher", "browser:a", "browser:b", "browser:outside"
ATTEMPTS = 1_000
Attempt = Callable[[], object]


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
    ] + [lambda: everything.delete(room, who), lambda: everything.links(room, who)]


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


def _runs(hub: Hub, room: str, run: str, chance: random.Random) -> list[Attempt]:
    """Settings that are fixed, somebody else's runs, an activity that is not open."""
    fixed = RunConfig(epochs=5, train_images=1000)
    other = fixed.model_copy(update={"batch_size": chance.choice([8, 16, 64, 128])})
    return [
        lambda: hub.submit(A, other),
        lambda: hub.submit(A, other, lesson="batch"),
        lambda: hub.submit(A, fixed, classroom=f"{room}/{chance.randint(2, 9)}"),
        lambda: hub.submit(OUTSIDE, fixed, classroom=f"{room}/1"),
        lambda: hub.submit(B, fixed),  # whose prediction is not locked
        lambda: hub.command(B, run, Command("stop")),
        lambda: hub.command(A, run, Command("learning_rate", 0.5)),
        lambda: hub.delete(B, run),
    ]


def test_a_thousand_forged_attempts_are_refused(
    hub: Hub, classes: Classes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.classroom.service._WRONG_GUESSES_OF_ALL", ATTEMPTS)
    room = classes.start_class(T, "Room 4")
    for who, name in ((A, "Mina"), (B, "Jun")):
        classes.join(classes.code(room), who, name)
    sealed = activity(prediction=CHOICE.prediction, free=[], sealed=True)
    classes.act(room, acts.open_activity, T, sealed)
    classes.act(room, acts.predict, A, 1, Answer(choice=1))
    classes.act(room, acts.lock_prediction, A, 1)
    run = hub.submit(A, RunConfig(epochs=5, train_images=1000))
    before, runs, chance = classes.state(room), len(hub.runs()), random.Random(7)
    refused: Counter[bool] = Counter()
    while refused.total() < ATTEMPTS:
        who = chance.choice([A, B, OUTSIDE])
        attempts = (
            *_levers(classes, room, who, chance),
            *_as_others(classes, room, chance),
            *_runs(hub, room, run, chance),
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
