"""Whatever people do in a class, in any order: what must hold, holds."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from playground.classroom.live.presence import Presence
from playground.classroom.rules import acts
from playground.classroom.rules.folding import fold
from playground.classroom.rules.log import CURVE_POINTS, Answer, Data, Phase, read_data
from playground.classroom.rules.state import ClassState
from playground.classroom.views.audiences import audience_of, view
from playground.classroom.views.scene import Scene
from playground.runs.refusals import Refused
from tests.classroom.conftest import CHOICE, CURVE

TEACHER = "browser:teacher"
people = st.integers(1, 5).map("browser:{}".format)
anybody = st.one_of(people, st.just(TEACHER))
openings = st.integers(1, 4)
answers = st.one_of(
    st.builds(lambda c: Answer(choice=c), st.integers(0, 3)),
    st.builds(lambda v: Answer(curve=(v,) * CURVE_POINTS), st.floats(0, 1)),
)


class Lesson(RuleBasedStateMachine):
    """Members come and go, predict, lock, explain; the teacher opens and reveals."""

    def __init__(self) -> None:
        super().__init__()
        self.state = ClassState("c1", TEACHER)
        self.log: list[Data] = []
        self.locked: dict[tuple[int, int], Answer | None] = {}
        self.numbers: dict[str, int] = {}

    def act(self, said: Callable[..., list[Data]], *args: Any) -> bool:
        """Do it if it is allowed; a second time it changes nothing."""
        try:
            events = said(self.state, *args)
        except Refused:
            return False
        self.state = fold(self.state, events)
        self.log += events
        if said is not acts.open_activity and said is not acts.grant_runs:
            with contextlib.suppress(Refused):
                assert said(self.state, *args) == []
        return True

    @rule(who=people, name=st.sampled_from(["Mina", "mina ", "Jun", "", "Blue badger"]))
    def join(self, who: str, name: str) -> None:
        if self.act(acts.join, who, name):
            member = self.state.member_of(who)
            assert member is not None
            assert self.numbers.setdefault(who, member.number) == member.number

    @rule(who=people)
    def leave(self, who: str) -> None:
        self.act(acts.leave, who)

    @rule(who=anybody, member=openings, removed=st.booleans())
    def remove(self, who: str, member: int, removed: bool) -> None:
        assert not self.act(acts.remove, who, member, removed) or who == TEACHER

    @rule(who=anybody, which=st.sampled_from([CURVE, CHOICE]))
    def open(self, who: str, which: Any) -> None:
        assert not self.act(acts.open_activity, who, which) or who == TEACHER

    @rule(who=anybody, number=st.one_of(st.none(), openings))
    def turn(self, who: str, number: int | None) -> None:
        assert not self.act(acts.show_activity, who, number) or who == TEACHER

    @rule(who=anybody, number=openings, phase=st.sampled_from(["predict", "run", "explain"]))
    def pace(self, who: str, number: int, phase: Phase) -> None:
        assert not self.act(acts.set_phase, who, number, phase) or who == TEACHER

    @rule(who=anybody, number=openings, revealed=st.booleans())
    def reveal(self, who: str, number: int, revealed: bool) -> None:
        assert not self.act(acts.reveal, who, number, revealed) or who == TEACHER

    @rule(who=anybody, down=st.booleans())
    def curtain(self, who: str, down: bool) -> None:
        assert not self.act(acts.set_curtain, who, down) or who == TEACHER

    @rule(who=anybody, hidden=st.booleans())
    def names(self, who: str, hidden: bool) -> None:
        assert not self.act(acts.hide_names, who, hidden) or who == TEACHER

    @rule(who=people, number=openings, answer=answers)
    def predict(self, who: str, number: int, answer: Answer) -> None:
        if self.act(acts.predict, who, number, answer):
            member = self.state.member_of(who)
            assert member is not None
            assert self.state.openings[number - 1].of(member.number).answer == answer

    @rule(who=people, number=openings)
    def lock(self, who: str, number: int) -> None:
        if self.act(acts.lock_prediction, who, number):
            member = self.state.member_of(who)
            assert member is not None
            answer = self.state.openings[number - 1].of(member.number).answer
            assert answer is not None
            self.locked.setdefault((number, member.number), answer)

    @rule(who=people, number=openings, text=st.sampled_from(["because", "", "x" * 1001]))
    def explain(self, who: str, number: int, text: str) -> None:
        self.act(acts.explain, who, number, text)

    @rule(who=anybody, ended=st.booleans())
    def end(self, who: str, ended: bool) -> None:
        assert not self.act(acts.end, who, ended) or who == TEACHER

    @invariant()
    def locked_predictions_never_change(self) -> None:
        for (number, member), answer in self.locked.items():
            done = self.state.openings[number - 1].of(member)
            assert done.locked
            assert done.answer == answer

    @invariant()
    def names_are_unique(self) -> None:
        names = [m.nickname.casefold() for m in self.state.members.values() if m.nickname]
        assert len(names) == len(set(names))

    @invariant()
    def a_restart_finds_the_same_class(self) -> None:
        kept = [(data.kind, json.loads(json.dumps(data.to_json()))) for data in self.log]
        again = fold(ClassState("c1", TEACHER), (read_data(kind, data) for kind, data in kept))
        assert again == self.state

    @invariant()
    def nobody_sees_what_others_have_answered_before_it_is_revealed(self) -> None:
        at = self.state.at
        for who in [f"browser:{number}" for number in range(1, 6)]:
            audience = audience_of(self.state, who)
            if audience is None:
                continue
            seen = view(Scene(self.state, "CODE", (), lambda _: Presence(), {}), audience)
            text = json.dumps(seen)
            assert "browser:" not in text
            found = seen["at"]
            if at is not None and isinstance(found, dict) and not at.revealed:
                assert found["reveal"] is None
                locked = at.of(int(audience.partition("-")[2])).locked
                assert locked or '"right"' not in text


Lesson.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
TestLesson = Lesson.TestCase
