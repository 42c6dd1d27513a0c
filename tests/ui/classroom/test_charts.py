"""The charts of a class, from what its audiences see, and over HTTP."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from playground.classroom.activities import Activity
from playground.classroom.codes import sign
from playground.classroom.rules import acts
from playground.classroom.rules.log import Answer
from playground.classroom.service import Classes, classes
from playground.config import RunConfig
from playground.engine.protocol import Result
from playground.events import EpochEnd, Event, Status, data_of
from playground.locales.pseudo import PSEUDO
from playground.store.runs import Store
from playground.ui.classroom.charts import charts
from playground.ui.classroom.routes import CHARTS, class_charts
from tests.classroom.conftest import CHOICE, CURVE, activity
from tests.conftest import NETWORK, Place, report

TEACHER = "browser:teacher"
NUMBER = activity(
    prediction={
        "kind": "number",
        "question": {"en": "How well?", "ko": "얼마나?"},
        "low": 0,
        "high": 1,
        "of": "val_loss",
    }
)


class Room:
    """A class of four, at an activity."""

    def __init__(self, place: Place, opened: Activity) -> None:
        self.place, self.all = place, classes()
        self.id = self.all.start_class(TEACHER, "7b")
        self.all.act(self.id, acts.open_activity, TEACHER, opened)
        code = self.all.code(self.id)
        for name in "abcd":
            self.all.join(code, name, name.upper())

    def answer(self, *answers: Answer) -> None:
        for name, answer in zip("abcd", answers, strict=False):
            self.all.act(self.id, acts.predict, name, 1, answer)
            self.all.act(self.id, acts.lock_prediction, name, 1)

    def train(self, name: str, *accuracies: float, opening: str = "/1", **settings: Any) -> None:
        config = RunConfig(epochs=5, train_images=1000, **settings)
        run = self.place.hub.submit(name, config, classroom=f"{self.id}{opening}")
        for number, accuracy in enumerate(accuracies, 1):
            self.tell(run, epoch(number, accuracy))
        ended = Result(Status.FINISHED, "", None, NETWORK.to_bytes())
        self.place.tell(lambda: self.place.end(run, ended))

    def tell(self, run: str, event: EpochEnd) -> None:
        self.place.tell(lambda: report(self.place.hub, run, event))

    def ended(self) -> dict[str, tuple[EpochEnd, ...]]:
        hub = self.place.hub
        return {run.id: tuple(data_of(hub.events(run.id), EpochEnd)) for run in hub.runs()}

    def reveal(self) -> None:
        self.all.act(self.id, acts.reveal, TEACHER, 1)

    def view(self) -> Any:
        found = self.all.view(self.id, TEACHER)
        assert found is not None
        return json.loads(json.dumps(found))

    def screen(self) -> Any:
        found = self.all.projection(self.id, TEACHER)
        assert found is not None
        return json.loads(json.dumps(found[0]))


def epoch(number: int, accuracy: float) -> EpochEnd:
    matrix = tuple(tuple(3 if i == j else 0 for j in range(10)) for i in range(10))
    values = {"accuracy": accuracy, "loss": 1 - accuracy, "val_accuracy": accuracy}
    return EpochEnd(
        epoch=number,
        **values,
        val_loss=1 - accuracy,
        confusion=matrix,
        seconds=1.0,
        learning_rate=0.001,
    )


def drawn(*args: Any) -> list[Any]:
    """Charts, all of which have a figure."""
    return [*charts(*args)]


def of(found: list[Any], name: str) -> Any:
    return next(one for one in found if one.name == name)


def test_choices_are_counted_and_the_right_one_is_marked_at_the_reveal_only(place: Place) -> None:
    room = Room(place, CHOICE)
    room.answer(Answer(choice=1), Answer(choice=1), Answer(choice=0))
    (chart,) = drawn(room.view())
    assert list(chart.figure.data[0].x) == [1, 2]
    assert set(chart.figure.data[0].marker.pattern.shape) == {""}
    room.reveal()
    (chart,) = drawn(room.view())
    assert chart.figure.data[0].marker.pattern.shape == ("", "/")
    assert of(charts(room.screen()), "predictions").figure.data[0].x == chart.figure.data[0].x


def test_the_room_sees_no_answer_before_the_reveal(place: Place) -> None:
    room = Room(place, CHOICE)
    room.answer(Answer(choice=1), Answer(choice=1))
    (chart,) = drawn(room.screen())
    assert sum(chart.figure.data[0].x) == 0


def test_curves_and_numbers_meet_the_run_in_the_middle(place: Place) -> None:
    room = Room(place, CURVE)
    room.answer(*[Answer(curve=(level,) * 41) for level in (0.2, 0.4, 0.6)])
    for name, last in zip("abc", (0.7, 0.5, 0.6), strict=True):
        room.train(name, 0.5, last)
    ended = room.ended()
    hidden = of(charts(room.view(), ended), "predictions").figure
    assert [trace.name for trace in hidden.data if trace.meta] == ["Median"]
    assert set(hidden.data[-1].y) == {0.4}
    room.reveal()
    shown = of(charts(room.view(), ended), "predictions").figure
    assert shown.data[-1].name == "Real"
    assert list(shown.data[-1].y) == [0.5, 0.6]


def test_a_number_is_that_of_the_metric_it_asks_for(place: Place) -> None:
    room = Room(place, NUMBER)
    room.answer(*[Answer(number=0.5)] * 3)
    for name, value in zip("cab", (0.8, 0.7, 0.9), strict=True):
        room.train(name, value)
    room.reveal()
    (chart,) = (one for one in drawn(room.view(), room.ended()) if one.name == "predictions")
    assert [note.text for note in chart.figure.layout.annotations] == ["<b>Real 0.20</b>"]


def test_what_is_real_is_of_the_runs_that_predictions_are_about(
    place: Place, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a member tries afterwards, with other settings, is another experiment."""
    monkeypatch.setattr("playground.classroom.views.shared.MOST_RUNS", 1)
    room = Room(place, CURVE)
    room.answer(*[Answer(curve=(0.5,) * 41)] * 2)
    room.train("a", 0.1, 0.1, learning_rate=0.9)  # not what was asked, and too early
    for name in "ab":
        room.train(name, 0.5, 0.6)
        for _ in range(2):
            room.train(name, 0.2, 0.3, learning_rate=0.9)
    room.reveal()
    screen = room.all.projection(room.id, TEACHER)
    assert screen is not None
    for token in (screen[1], room.all.token(room.id, TEACHER)):
        found = {one["name"]: one["figure"] for one in ask(client, token).json()}
        line = found["predictions"]["data"][-1]
        assert (line["name"], line["y"]) == ("Real", [0.5, 0.6])


def test_in_a_jigsaw_each_prediction_meets_the_run_of_its_own_cell(place: Place) -> None:
    room = Room(place, NUMBER)
    room.answer(Answer(number=0.25), Answer(number=0.75))
    room.train("a", 0.5, 0.6)
    room.train("b", 0.5, 0.7)
    room.train("a", 0.5, 0.9)  # in the cell that they took afterwards
    ended = room.ended()
    room.reveal()
    rates, sizes = (0.001, 0.1), (32, 512)
    axes = [
        {"setting": "learning_rate", "values": rates},
        {"setting": "batch_size", "values": sizes},
    ]
    for view in (room.view(), room.screen()):
        view["at"]["activity"] |= {"jigsaw": {"axes": axes}, "free": []}
        points = of(charts(view, ended), "predictions").figure.data[1]
        assert dict(zip(points.x, points.y, strict=True)) == pytest.approx({0.25: 0.4, 0.75: 0.3})


def test_runs_are_curves_and_points_of_what_differs(place: Place) -> None:
    room = Room(place, activity(free=["learning_rate"]))
    room.train("a", 0.5, 0.6, learning_rate=0.001)
    room.train("b", 0.5, 0.7, learning_rate=0.1)
    found = charts(room.view(), trained=room.all.trained(room.id))
    assert [one.name for one in found] == ["curves", "setting-learning_rate"]
    assert sorted(trace.y[-1] for trace in of(found, "curves").figure.data) == [0.6, 0.7]
    points = of(found, "setting-learning_rate").figure
    assert sorted(points.data[0].x) == [0.001, 0.1]
    assert points.layout.xaxis.type == "log"


def test_all_runs_of_the_class_are_points_of_any_setting(
    place: Place, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room(place, activity(free=["learning_rate", "batch_size"]))
    for index, name in enumerate("aaab"):
        room.train(name, 0.5, (6 + index) / 10, learning_rate=0.1 ** (index + 1), batch_size=32)
    room.train("b", 0.5, 0.1, batch_size=64)
    token = room.all.token(room.id, TEACHER)

    def points(setting: str = "") -> dict[str, Any]:
        asked = {"class": token, "setting": setting}
        found = {one["name"]: one["figure"] for one in client.get(CHARTS, params=asked).json()}
        return {name: chart for name, chart in found.items() if name.startswith("setting-")}

    shown = points()  # the first one, and which others there are
    assert [name for name, figure in shown.items() if figure] == ["setting-learning_rate"]
    assert shown.keys() == {"setting-learning_rate", "setting-batch_size"}
    assert sorted(shown["setting-learning_rate"]["data"][0]["y"]) == [0.1, 0.6, 0.7, 0.8, 0.9]
    of_sizes = points("batch_size")
    assert [name for name, figure in of_sizes.items() if figure] == ["setting-batch_size"]
    assert sorted(of_sizes["setting-batch_size"]["data"][0]["y"]) == [0.1, 0.6, 0.7, 0.8, 0.9]
    assert points("nonsense") == points()
    room.all.act(room.id, acts.remove, TEACHER, 2)
    assert len(points()["setting-learning_rate"]["data"][0]["y"]) == 3
    monkeypatch.setattr("playground.classroom.views.shared.MOST_POINTS", 2)
    room.all.live.touch(room.id)
    assert sorted(points()["setting-learning_rate"]["data"][0]["y"]) == [0.7, 0.8]  # the newest


def test_one_query_reads_the_epochs_of_all_runs_and_once(
    place: Place, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room(place, activity(free=["learning_rate"]))
    for name in "abcd":
        room.train(name, 0.5, 0.6)
    asked: list[int] = []
    read = Store.epochs

    def counted(store: Store, runs: Collection[str]) -> list[Event]:
        asked.append(len(runs))
        return read(store, runs)

    monkeypatch.setattr(Store, "epochs", counted)
    for hidden in (False, True, False):  # another view each time
        room.all.act(room.id, acts.hide_names, TEACHER, hidden)
        found = {one["name"] for one in ask(client, room.all.token(room.id, TEACHER)).json()}
        assert "confusion" in found
    assert asked == [4]


def test_what_a_class_trains_without_an_activity_is_drawn_too(place: Place) -> None:
    room = Room(place, CHOICE)
    room.all.act(room.id, acts.show_activity, TEACHER, None)
    for name, rate in (("a", 0.1), ("b", 0.01)):
        room.train(name, 0.5, opening="", learning_rate=rate)
    found = charts(room.view(), trained=room.all.trained(room.id))
    assert [one.name for one in found] == ["curves", "setting-learning_rate"]
    assert charts(room.screen()) == []


def test_without_an_activity_there_is_nothing_to_draw(place: Place) -> None:
    room = Room(place, CHOICE)
    room.all.act(room.id, acts.show_activity, TEACHER, None)
    assert charts(room.view()) == []


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=[Route(CHARTS, class_charts)])) as started:
        yield started


def ask(client: TestClient, token: str, lang: str = "en") -> Any:
    return client.get(CHARTS, params={"class": token, "lang": lang})


def test_a_teachers_page_gets_the_charts_with_the_mean_confusion(
    place: Place, client: TestClient
) -> None:
    room = Room(place, activity(free=["learning_rate"]))
    room.train("a", 0.5, 0.6)
    answer = ask(client, room.all.token(room.id, TEACHER))
    assert answer.status_code == 200
    found = {one["name"]: one for one in answer.json()}
    assert found.keys() == {"curves", "confusion"}
    assert found["confusion"]["figure"]["data"][0]["z"][0][0] == 100
    changed = ask(client, room.all.token(room.id, TEACHER), PSEUDO)
    assert changed.status_code == 200


def test_other_pages_get_nothing(place: Place, client: TestClient) -> None:
    room = Room(place, CHOICE)
    member = room.all.token(room.id, "a")
    forged = sign("another key", room.id, "teacher")
    for token in ("", "nonsense", member, forged, f"{room.id}:teacher:", "x" * 500):
        assert ask(client, token).status_code == 404
    screen = room.all.projection(room.id, TEACHER)
    assert screen is not None
    assert ask(client, screen[1]).status_code == 200


def test_only_a_teacher_or_a_projector_gets_the_projectors_view(place: Place) -> None:
    room = Room(place, CHOICE)
    everything: Classes = room.all
    assert everything.projection(room.id, "a") is None
    assert everything.projection(room.id, "somebody") is None
    assert everything.projection("0" * 12, TEACHER) is None
    everything.follow_link(everything.links(room.id, TEACHER)["screen"], "beamer")
    seen = everything.projection(room.id, "beamer")
    assert seen is not None
    secrets = everything.links(room.id, TEACHER).values()
    assert not any(secret in json.dumps(seen) for secret in secrets)
