"""An activity on the page Class, as a member plays it: each kind of prediction, each step."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from playground.classroom.activities import Activity, load, ready
from playground.classroom.rules import acts
from playground.classroom.rules.log import MOST_CHANGES, Answer, Phase
from playground.classroom.rules.state import Work
from playground.classroom.service import Classes, classes
from playground.engine.protocol import Result
from playground.events import Status
from playground.store.runs import RunInfo
from playground.ui import navigation
from playground.ui.classroom.player import own_words, predict
from playground.ui.common.labels import plain
from tests.conftest import Place, epoch_end, report, status

ACTIVITIES = {activity.id: activity for activity in ready()}
CHOICE, NUMBER = ACTIVITIES["raw-pixels"], ACTIVITIES["learned-by-heart"]
CURVE, SEALED = ACTIVITIES["deep-sigmoids"], ACTIVITIES["sealed-test"]
DRAWN = tuple(2.3 - 0.02 * i for i in range(41))


def script() -> None:
    from playground.ui.classroom.live.live import show_class
    from playground.ui.pages.classroom import page

    show_class("class")
    page()


def owner_of(name: str) -> str:
    return f"browser:{hashlib.sha256(name.encode()).hexdigest()}"


TEACHER = owner_of("teacher")


class Room:
    """A class with members, one of whom looks at the page."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.classes: Classes = classes()
        self.id = self.classes.start_class(TEACHER, "Room 4")
        self.code = self.classes.code(self.id)

    def act(self, rule: Callable[..., Any], owner: str, *args: Any) -> None:
        self.classes.act(self.id, rule, owner, *args)

    def join(self, name: str) -> AppTest:
        self.classes.join(self.code, owner_of(name), name.capitalize())
        return self.look(name)

    def look(self, name: str) -> AppTest:
        app = AppTest.from_function(script, default_timeout=30)
        app.session_state["owner"] = name
        return again(app)

    def open(self, activity: Activity, phase: Phase = "explain") -> None:
        self.act(acts.open_activity, TEACHER, activity, phase)

    def run_of(self, name: str) -> RunInfo:
        return self.place.hub.runs(owner_of(name))[0]

    def train(self, name: str, **last: float) -> None:
        """Let the run of a member train to its end; each epoch ends with these figures."""
        run = self.run_of(name)
        ends = [epoch_end(epoch, **last) for epoch in range(1, run.config.epochs + 1)]
        hub = self.place.hub
        self.place.tell(lambda: report(hub, run.id, status(Status.RUNNING), *ends))
        self.place.tell(lambda: self.place.end(run.id, Result(Status.FINISHED, "", None, None)))


@pytest.fixture
def room(place: Place) -> Room:
    return Room(place)


def again(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, app.exception
    return app


def named(widgets: Any, label: str) -> Any:
    return next(one for one in widgets if one.label == label)


def has(widgets: Any, label: str) -> bool:
    return any(one.label == label for one in widgets)


def press(app: AppTest, label: str) -> AppTest:
    named(app.button, label).click()
    return again(app)


def read(app: AppTest) -> str:
    kinds = (app.title, app.markdown, app.caption, app.info, app.success, app.error)
    shown = "\n".join(one.value for kind in kinds for one in kind)
    return re.sub(r"\\([^\w\s])", r"\1", shown)  # as Markdown shows it


def test_one_waits_for_the_first_activity_and_sees_it_when_it_is_opened(room: Room) -> None:
    app = room.join("mina")
    assert "opens the first activity" in read(app)
    room.open(CHOICE)
    app = again(app)
    assert app.title[0].value == "Raw pixels"
    assert "A pixel is a number" in read(app)
    assert "validation accuracy of 0.75" in read(app)


def test_a_choice_can_change_until_it_is_locked(room: Room) -> None:
    room.open(CHOICE)
    app = room.join("mina")
    assert named(app.button, "Lock my prediction").disabled
    assert named(app.button, "4 Compare").disabled
    for chosen in (0, 2):
        app.radio[0].set_value(app.radio[0].options[chosen])
        app = again(app)
    state_ = room.classes.state(room.id)
    assert state_ is not None
    assert state_.openings[0].of(1).answer == Answer(choice=2)
    app = press(app, "Lock my prediction")
    state_ = room.classes.state(room.id)
    assert state_ is not None
    assert state_.openings[0].of(1).locked
    # Training is what comes next; the prediction is there to be looked at.
    assert has(app.button, "Train")
    app = press(app, "1 Predict")
    assert app.radio[0].disabled
    assert "locked" in read(app)
    assert not has(app.button, "Lock my prediction")


def test_a_number_is_predicted_trained_and_told_kindly(room: Room) -> None:
    room.open(NUMBER)
    app = room.join("mina")
    app.number_input[0].set_value(0.95)
    app = press(again(app), "Lock my prediction")
    assert "You predicted: **0.95**" in read(app)
    assert "4 runs left" in read(app)
    app = press(app, "Train")
    run = room.run_of("mina")
    assert run.config == NUMBER.config()
    assert run.classroom == f"{room.id}/1"
    room.train("mina", val_accuracy=0.74)
    app = press(again(app), "Go on: Explain")
    assert "You predicted **0.95**, and it became **0.74**: 0.21 apart" in read(app)
    assert "something can be learned" in read(app)


def test_who_comes_after_the_reveal_is_told_so_and_may_train(room: Room) -> None:
    room.open(CHOICE)
    room.act(acts.reveal, TEACHER, 1)
    app = room.join("mina")
    assert not named(app.button, "Train").disabled
    app = press(app, "1 Predict")
    assert "too late to predict" in read(app)
    assert "prediction is locked" not in read(app)
    assert app.radio[0].disabled


def test_each_stroke_of_a_curve_is_kept(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that nobody loses what they have drawn with the tab in which they drew it."""
    shown = [DRAWN]
    monkeypatch.setattr(predict, "draw_curve", lambda *_args, **_more: shown[0])
    room.open(CURVE)
    app = room.join("mina")

    def work() -> Work:
        state = room.classes.state(room.id)
        assert state is not None
        return state.openings[0].of(1)

    for shown[0] in (DRAWN, DRAWN[::-1]):
        app = again(app)
        assert work().answer == Answer(curve=shown[0])
    # It may have changed too often to be kept: what is on the screen is locked all the same.
    while (changes := work().changes) < MOST_CHANGES:
        given = Answer(curve=(changes / MOST_CHANGES,) * len(DRAWN))
        room.act(acts.predict, owner_of("mina"), 1, given)
    app = press(again(app), "Lock my prediction")
    assert (work().locked, work().answer) == (True, Answer(curve=DRAWN[::-1]))


def test_a_curve_is_drawn_locked_and_shown_beside_the_run(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[dict[str, Any]] = []

    def draw(*_args: Any, locked: bool, run_id: str | None) -> tuple[float, ...]:
        shown.append({"locked": locked, "run": run_id})
        return DRAWN

    monkeypatch.setattr(predict, "draw_curve", draw)
    room.open(CURVE)
    app = press(room.join("mina"), "Lock my prediction")
    state_ = room.classes.state(room.id)
    assert state_ is not None
    assert state_.openings[0].of(1).answer == Answer(curve=DRAWN)
    assert shown[-1] == {"locked": True, "run": None}
    app = press(app, "Train")
    assert shown[-1] == {"locked": True, "run": room.run_of("mina").id}
    room.train("mina", loss=2.3)
    app = press(again(app), "3 Explain")
    assert "apart on average" in read(app)


def test_only_free_settings_are_there_and_what_the_class_fixes_is_not(room: Room) -> None:
    room.open(SEALED)
    app = room.join("mina")
    app.radio[0].set_value(app.radio[0].options[0])
    app = press(again(app), "Lock my prediction")
    assert {one.label for one in app.selectbox} == {"Activation", "Optimizer", "Batch size"}
    assert not has(app.number_input, "Epochs")
    room.act(acts.lock_settings, TEACHER, {"batch_size": 256})
    app = again(app)
    assert not has(app.selectbox, "Batch size")
    named(app.selectbox, "Activation").set_value("tanh")
    named(app.slider, "Hidden layers").set_value(2)
    app = again(app)
    named(app.number_input, "Units in layer 2").set_value(32)
    app = press(again(app), "Train")
    config = room.run_of("mina").config
    assert (config.activation, config.hidden_layers, config.batch_size) == ("tanh", (128, 32), 256)
    assert room.run_of("mina").sealed


def test_the_hub_says_why_no_more_runs_can_be_trained(room: Room) -> None:
    room.open(CHOICE)
    app = room.join("mina")
    app.radio[0].set_value(app.radio[0].options[0])
    app = press(again(app), "Lock my prediction")
    for _ in range(3):
        app = press(app, "Train")
        room.train("mina")
    assert "You have used all runs" in read(again(app))
    app = press(app, "Train")
    assert any("could not be started" in one.value for one in app.error)
    assert len(room.place.hub.runs(owner_of("mina"))) == 3
    room.act(acts.grant_runs, TEACHER, 1, 1)
    app = press(again(app), "Train")
    assert len(room.place.hub.runs(owner_of("mina"))) == 4


def test_without_a_locked_prediction_nothing_is_trained(room: Room) -> None:
    room.open(CHOICE)
    app = press(room.join("mina"), "2 Run")
    assert named(app.button, "Train").disabled
    assert "Lock your prediction first" in read(app)


def test_steps_open_as_far_as_the_teacher_lets_them(room: Room) -> None:
    room.open(CHOICE, "predict")
    app = room.join("mina")
    app.radio[0].set_value(app.radio[0].options[0])
    app = press(again(app), "Lock my prediction")
    assert named(app.button, "2 Run").disabled
    assert "Your teacher opens the next step, “Run”" in read(app)
    room.act(acts.set_phase, TEACHER, 1, "run")
    app = press(again(app), "2 Run")
    assert has(app.button, "Train")


def _predicts(room: Room, name: str, answer: Answer, text: str = "") -> None:
    room.join(name)
    room.act(acts.predict, owner_of(name), 1, answer)
    room.act(acts.lock_prediction, owner_of(name), 1)
    if text:
        room.act(acts.explain, owner_of(name), 1, text)


@pytest.mark.parametrize(
    ("activity", "answer", "others"),
    [
        (CHOICE, Answer(choice=2), Answer(choice=0)),
        (NUMBER, Answer(number=0.7), Answer(number=0.9)),
        (CURVE, Answer(curve=DRAWN), Answer(curve=DRAWN[::-1])),
    ],
    ids=["choice", "number", "curve"],
)
def test_what_the_class_expected_is_seen_once_it_is_revealed(
    room: Room, activity: Activity, answer: Answer, others: Answer
) -> None:
    room.open(activity)
    _predicts(room, "mina", answer)
    _predicts(room, "jun", others, "Because [it](https://x) *is* so.")
    app = room.look("mina")
    press(app, "Train")
    room.train("mina")
    app = again(app)
    assert "members of the class predicted" not in read(app)
    room.act(acts.reveal, TEACHER, 1)
    app = press(again(app), "4 Compare")
    assert "What 2 members of the class predicted" in read(app)
    assert "Each point is a run of the class" in read(app)
    # Plain text of somebody else stays plain text.
    texts = [one.value for one in app.markdown]
    assert plain("Because [it](https://x) *is* so.") in texts
    assert "Jun" in read(app)


def test_who_has_no_nickname_has_a_colour_and_an_animal_in_ones_own_language(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("mina", "jun"):
        room.classes.join(room.code, owner_of(name), "")
    room.open(CHOICE)
    for name in ("mina", "jun"):
        room.act(acts.predict, owner_of(name), 1, Answer(choice=0))
        room.act(acts.lock_prediction, owner_of(name), 1)
    room.act(acts.explain, owner_of("jun"), 1, "because")
    room.place.hub.submit(owner_of("jun"), CHOICE.config())
    room.train("jun")
    room.act(acts.reveal, TEACHER, 1)
    app = press(room.look("mina"), "4 Compare")
    monkeypatch.setattr("playground.locales.translate._choose", lambda: "ko")
    given: list[Any] = [one.proto for one in again(app).get("bidi_component")]
    line = next(one for one in given if one.component_name.endswith("class_live_ko"))
    assert json.loads(line.json)["names"] == {"Blue badger": "파란 오소리"}
    figures = [json.loads(one.json) for one in given if one.component_name.endswith("figure_ko")]
    for said in (read(app), json.dumps(figures, ensure_ascii=False)):
        assert "빨간 돌고래" in said
        assert "Red dolphin" not in said
    room.act(acts.show_activity, TEACHER, None)
    assert "**파란 오소리**" in read(again(app))


def test_why_an_answer_is_right_is_not_told_before_there_is_a_run(room: Room) -> None:
    room.open(CHOICE)
    _predicts(room, "mina", Answer(choice=0))
    app = press(room.look("mina"), "3 Explain")
    assert "The gradient of a weight" not in read(app)
    press(press(app, "2 Run"), "Train")
    room.train("mina")
    app = press(again(app), "3 Explain")
    assert "The gradient of a weight" in read(app)
    assert "Many expect what you expected" in read(app)


def test_a_goal_is_reached_by_a_run(room: Room) -> None:
    room.open(CHOICE)
    _predicts(room, "mina", Answer(choice=2))
    for value, said in (
        (0.2, "The goal is still open: 75.0 %"),
        (0.8, "Your run 2 reached the goal"),
    ):
        app = press(press(room.look("mina"), "2 Run"), "Train")
        room.train("mina", val_accuracy=value)
        assert said in read(press(again(app), "3 Explain"))


def test_a_trained_network_is_taken_to_draw(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    me = owner_of("mina")
    room.id = room.classes.play_alone(me, ACTIVITIES["draw-and-guess"])
    room.act(acts.predict, me, 1, Answer(choice=2))
    room.act(acts.lock_prediction, me, 1)
    links: list[str] = []
    monkeypatch.setattr(navigation, "link_to", lambda page, _label: links.append(page.path))
    app = press(alone("mina", room.id), "Train")
    assert "draw" not in links
    room.train("mina")
    again(app)
    assert "draw" in links


def test_who_writes_is_not_taken_elsewhere_when_it_is_saved(room: Room) -> None:
    room.open(CHOICE)
    _predicts(room, "mina", Answer(choice=2))
    app = room.look("mina")
    press(app, "Train")
    room.train("mina")
    app = room.look("mina")
    assert "**Explain.**" in read(app)
    room.act(acts.explain, owner_of("mina"), 1, "Steps")
    assert "**Explain.**" in read(again(app))


def test_a_reload_shows_the_step_that_was_shown(room: Room) -> None:
    room.open(CHOICE)
    _predicts(room, "mina", Answer(choice=2), "Steps too large")
    app = press(room.look("mina"), "3 Explain")
    step = str(app.query_params["step"])
    assert "**Explain.**" in read(reloaded("mina", step))
    # What names another activity, or no step at all, changes nothing.
    assert "**Run.**" in read(reloaded("mina", "2.explain"))
    assert "**Run.**" in read(reloaded("mina", "1.nowhere"))


def reloaded(name: str, step: str) -> AppTest:
    """The page of a member whose address names a step."""
    app = AppTest.from_function(script, default_timeout=30)
    app.session_state["owner"] = name
    app.query_params["step"] = step
    return again(app)


def test_own_words_are_saved_and_come_back(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    place: dict[str, Any] = {}
    monkeypatch.setattr(own_words, "mount", lambda *_args, **given: place.update(given))
    room.open(CHOICE)
    _predicts(room, "mina", Answer(choice=2))
    app = press(room.look("mina"), "3 Explain")
    assert place["data"]["label"].startswith("Why does a network care")
    assert place["data"]["saved"] == ""
    room.act(acts.explain, owner_of("mina"), 1, "Steps too large")
    again(app)
    assert place["data"]["saved"] == "Steps too large"


def test_an_activity_from_outside_is_plain_text(room: Room) -> None:
    hostile = load(
        "id: x\nminutes: 5\ntitle: {en: '# [a](b)', ko: 가}\ntext: {en: '<b>x</b> $y$', ko: 가}\n"
        "prediction:\n  kind: choice\n  question: {en: '![q](u)', ko: 가}\n"
        "  options: [{en: '**one**', ko: 가}, {en: ':material/lock:', ko: 나}]\n"
    )
    room.open(hostile)
    app = room.join("mina")
    assert app.title[0].value == r"\# \[a\](b)"
    assert app.radio[0].label.startswith(r"!\[q\]")
    assert all("**" not in option for option in app.radio[0].options)


def test_one_plays_alone_and_finds_it_again(place: Place) -> None:
    me = owner_of("mina")
    class_id = classes().play_alone(me, CHOICE)
    assert classes().play_alone(me, CHOICE) == class_id
    app = alone("mina", class_id)
    assert app.title[0].value == "Raw pixels"
    app.radio[0].set_value(app.radio[0].options[2])
    app = press(press(again(app), "Lock my prediction"), "Train")
    (run,) = place.hub.runs(me)
    assert run.classroom == f"{class_id}/1"
    assert any(one.label.startswith("Back to") for one in app.button)
    app = press(app, "4 Compare")
    assert "Your teacher" not in read(app)


def test_nobody_finds_what_somebody_else_plays_alone(place: Place) -> None:
    class_id = classes().play_alone(owner_of("mina"), CHOICE)
    assert alone("jun", class_id).title[0].value == "Class"
    assert alone("mina", "f" * 200).title[0].value == "Class"


def test_who_plays_alone_in_a_lesson_gets_back_to_the_class(room: Room) -> None:
    room.join("mina")
    room.open(NUMBER)
    app = alone("mina", room.classes.play_alone(owner_of("mina"), CHOICE))
    assert app.title[0].value == "Raw pixels"
    app = press(app, "To the class")
    assert app.title[0].value == "Learned by heart"
    assert "alone" not in app.query_params


def alone(name: str, class_id: str) -> AppTest:
    """The page as a reload opens it."""
    app = AppTest.from_function(script, default_timeout=30)
    app.session_state["owner"] = name
    app.query_params["alone"] = class_id
    return again(app)


def test_pages_of_learn_offer_their_activities(place: Place) -> None:
    def lesson() -> None:
        from playground.ui.learn.activities import show_activities

        show_activities("feature-scaling")

    app = AppTest.from_function(lesson, default_timeout=30)
    app = again(app)
    assert [one.label for one in app.button] == ["Play this activity alone"]
    lessons = {activity.lesson for activity in ready()}
    assert {entry.path for entry in navigation.COURSE} - lessons == {"chance", "terms"}


def test_a_run_that_came_to_nothing_is_trained_once_more(room: Room) -> None:
    """After a crash the step is still to do, and the board shows the new run."""
    app = room.join("mina")
    room.open(ACTIVITIES["raw-pixels"].model_copy(update={"prediction": None, "runs": 1}))
    press(again(app), "Train")
    run = room.run_of("mina")
    room.place.tell(lambda: report(room.place.hub, run.id, status(Status.RUNNING)))
    room.place.tell(lambda: room.place.end(run.id, Result(Status.INTERRUPTED, "It broke.")))
    fresh = room.look("mina")
    press(fresh, "Train")
    second = room.run_of("mina")
    assert second.id != run.id
    room.train("mina")
    shown = again(fresh)
    # Who watches a run is not taken away from it when it ends.
    components = [one.proto for one in shown.get("bidi_component")]
    (board,) = (one for one in components if one.id.endswith("class_board"))
    assert second.id in str(board)
