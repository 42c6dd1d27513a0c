"""What a member's screen knows of the activity that the class is at, and how it asks for acts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Concatenate, ParamSpec

import streamlit as st
from pydantic import JsonValue

from playground.classroom.activities.schema import Activity, Curve, Number
from playground.classroom.activities.words import Words
from playground.classroom.gate import stamp
from playground.classroom.predictions import judged
from playground.classroom.rules.log import PHASES, Answer, Phase
from playground.classroom.rules.score import error
from playground.classroom.service import Rule, classes
from playground.classroom.views.shapes import MemberOpening, MemberView
from playground.config import RunConfig
from playground.events import EpochEnd, data_of
from playground.locales import Text, language
from playground.runs.hub import Hub
from playground.runs.refusals import Refused
from playground.store.runs import RunInfo, StoreError
from playground.ui import state

_P = ParamSpec("_P")
_PROBLEM = "class_problem"


@dataclass(frozen=True)
class Play:
    """An activity as one member plays it.

    Attributes:
        hub: has the runs.
        owner: whose screen it is.
        class_id: of the class.
        view: what they may see, see `playground.classroom.views`; of a class that is at something.
        activity: without what they may not know yet.
        runs: their own in this activity, the first first.
    """

    hub: Hub
    owner: str
    class_id: str
    view: MemberView
    activity: Activity
    runs: tuple[RunInfo, ...]

    @property
    def at(self) -> MemberOpening:
        """What the view says of the activity."""
        found = self.view["at"]
        assert found is not None
        return found

    @property
    def number(self) -> int:
        """Which opening of the class it is."""
        return int(self.at["number"])

    @property
    def solo(self) -> bool:
        """Whether they play it alone."""
        return bool(self.view["class"]["solo"])

    @property
    def locked(self) -> bool:
        """Whether their prediction is final."""
        return bool(self.at["locked"])

    @property
    def predicted(self) -> bool:
        """Whether they may train as far as predictions go."""
        return self.locked or self.activity.prediction is None

    @property
    def answer(self) -> Answer | None:
        """Their prediction; None before there is one."""
        said = self.at["answer"]
        return None if said is None else Answer.model_validate_json(json.dumps(said))

    @property
    def cell(self) -> int | None:
        """Their cell of the jigsaw."""
        dealt = self.at["cell"]
        return None if dealt is None else int(dealt["index"])

    @property
    def wish(self) -> str:
        """What their runs have on them, see `RunInfo.classroom`."""
        return stamp(self.class_id, self.number)

    def reached(self, phase: Phase) -> bool:
        """Whether one may go as far as this step."""
        return PHASES.index(phase) <= PHASES.index(self.at["phase"])

    def key(self, name: str) -> str:
        """A key that no other class, activity or member has."""
        return f"class_{self.class_id}_{self.number}_{self.view['you']['number']}_{name}"

    def start(self) -> RunConfig:
        """The settings that the prediction is about."""
        return _with(self.activity.config(), self.view["locks"])

    @property
    def judged(self) -> RunInfo | None:
        """The run that the prediction is judged by, see `judged`; None before it has ended."""
        return judged(self.activity, self.start(), self.runs)

    def act(self, rule: Rule[Concatenate[str, _P]], *args: _P.args, **kwargs: _P.kwargs) -> bool:
        """Do something in the class; says where it cannot be done, see `show_problem`."""
        try:
            classes().act(self.class_id, rule, self.owner, *args, **kwargs)
        except (Refused, StoreError) as problem:
            said = problem.args[0] if problem.args else str(problem)
            state.remember(_PROBLEM, said if isinstance(said, Text) else str(problem))
            return False
        return True


def show_problem() -> None:
    """Say once what could not be done."""
    problem = state.remembered(_PROBLEM)
    if problem is not None:
        state.remember(_PROBLEM, None)
        st.error(str(problem), icon=":material/block:")


def read_activity(at: MemberOpening) -> Activity:
    """The activity of a view; what one may not know is not in it."""
    return Activity.model_validate_json(json.dumps(at["activity"]))


def _with(config: RunConfig, settings: dict[str, JsonValue]) -> RunConfig:
    return RunConfig.model_validate(config.model_dump() | settings)


def real(hub: Hub, activity: Activity, run: RunInfo) -> list[float]:
    """What the prediction of an activity is about, at the end of each epoch of a run."""
    asked = activity.prediction
    ends = data_of(hub.events(run.id), EpochEnd)
    if isinstance(asked, Curve):
        return [float(getattr(end, asked.metric)) for end in ends]
    if not isinstance(asked, Number):
        return []
    if asked.of == "seconds":
        return [sum(end.seconds for end in ends)]
    return [float(getattr(end, asked.of)) for end in ends]


def distance(play: Play) -> tuple[float, Sequence[float]] | None:
    """How far the prediction is from what happened, and what happened; None if unknown."""
    run, answer = play.judged, play.answer
    if run is None or answer is None:
        return None
    happened = real(play.hub, play.activity, run)
    found = error(play.activity, answer, happened)
    return None if found is None else (found, happened)


def words(text: Words) -> str:
    """Words of an activity in the visitor's language."""
    return text.text(language())
