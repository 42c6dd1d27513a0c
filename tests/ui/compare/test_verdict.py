"""Repeating runs with other seeds on the page Runs, and the verdict on them."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from playground.engine.protocol import Result
from playground.events import LearningRateChange, Status
from playground.settings import settings
from tests.conftest import Place, epoch_end, report, settle, status
from tests.ui.compare.test_compare import component, said
from tests.ui.pages.test_runs import opened, press


@pytest.fixture(autouse=True)
def _owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.ui.pages.runs.current_owner", lambda: "me")


def measured(place: Place, accuracy: float, owner: str = "me", **config: object) -> str:
    """A run that has finished with this validation accuracy."""
    run_id = place.run(owner, **config)
    end(place, run_id, accuracy)
    return run_id


def end(place: Place, run_id: str, accuracy: float | None) -> None:
    """A run under way ends: with a validation accuracy, or interrupted."""
    if accuracy is None:
        place.tell(lambda: place.end(run_id, Result(Status.INTERRUPTED, "The worker ended.")))
        place.tell(lambda: place.engine.start(place.hub.dispatcher, []))  # another worker
        return
    place.tell(lambda: report(place.hub, run_id, status(Status.RUNNING)))
    place.tell(lambda: report(place.hub, run_id, epoch_end(1, val_accuracy=accuracy)))
    place.tell(lambda: place.end(run_id, Result(Status.FINISHED, "")))


def verdicts(app: AppTest) -> list[tuple[str, str]]:
    """What each verdict element says it is, and its words."""
    found = []
    for element in app.get("html"):
        if match := re.search(r'testid="verdict" data-verdict="([^"]+)"', element.proto.body):
            found.append((match[1], re.sub("<[^>]+>", " ", element.proto.body)))
    return found


def submitted(place: Place) -> list[tuple[float, int]]:
    """Rates and seeds of the runs that have not ended, the first first."""
    runs = [run for run in place.hub.runs("me") if not run.status.ended]
    return [(run.config.learning_rate, run.config.seed) for run in reversed(runs)]


def press_number(app: AppTest, label: str, value: int) -> None:
    [box] = [one for one in app.number_input if one.label == label]
    box.set_value(value).run()


def test_a_press_trains_exactly_what_is_missing_of_five_paired_seeds(place: Place) -> None:
    one = measured(place, 0.80)
    measured(place, 0.81, seed=7)
    measured(place, 0.81, seed=8, learning_rate=0.01)
    two = measured(place, 0.85, learning_rate=0.01)
    app = opened(one, two)
    press(app, "Repeat with other seeds")
    settle(place.hub)
    assert submitted(place) == [
        *((0.01, 7), (0.001, 8), (0.001, 43), (0.01, 43), (0.001, 44), (0.01, 44)),
    ]
    [(answer, words)] = verdicts(app)
    assert answer == "undecided"
    assert "a single pair says nothing" in words
    assert app.title[0].value == "Better, or luck?"
    assert app.query_params["verdict"] == "true"
    assert "6 runs are under way" in said(app)
    assert re.search(r"seed 43 has no result: it (waits|trains)", said(app))
    press(app, "All runs")
    press(app, "Repeat with other seeds")
    assert len(submitted(place)) == 6


def test_the_verdict_is_that_of_the_finished_pairs_also_in_another_browser(place: Place) -> None:
    first = [0.80, 0.802, 0.799, 0.801]
    second = [0.85, 0.851, 0.85, 0.848]
    ones = [measured(place, a, seed=i) for i, a in enumerate(first)]
    twos = [measured(place, a, seed=i, learning_rate=0.01) for i, a in enumerate(second)]
    measured(place, 0.1, owner="you")
    for chosen, expected in (((ones[0], twos[0]), "better"), ((twos[1], ones[3]), "worse")):
        app = opened(*chosen, verdict="true")
        [(answer, words)] = verdicts(app)
        assert answer == expected
        assert "by 4.9" in words
        assert "Over 4 seeds" in words
    assert component(app, "Difference in points")
    assert submitted(place) == []


def test_somebody_elses_verdict_can_be_seen_and_not_added_to(place: Place) -> None:
    ids = [measured(place, 0.8, "you", seed=i, l2=l2) for i in range(3) for l2 in (0, 0.1)]
    app = opened(ids[0], ids[1], verdict="true")
    assert [answer for answer, _ in verdicts(app)] == ["no-clear-difference"]
    assert [button.label for button in app.button] == ["All runs"]
    press(app, "All runs")
    assert next(b for b in app.button if b.label == "Repeat with other seeds").disabled


def test_runs_that_are_judged_on_different_images_get_no_verdict_and_nothing_is_trained(
    place: Place,
) -> None:
    app = opened(measured(place, 0.8), measured(place, 0.9, train_images=5_000))
    press(app, "Repeat with other seeds")
    assert verdicts(app) == []
    assert "judged on different images" in app.warning[0].value
    assert submitted(place) == []


def test_where_seeds_draw_the_validation_images_the_runs_of_one_seed_are_compared(
    place: Place,
) -> None:
    ids = [
        measured(place, 0.8 + better + seed / 1_000, seed=seed, l2=l2, split_by_seed=True)
        for seed in range(4)
        for l2, better in ((0.0, 0.0), (0.1, 0.05))
    ]
    [(answer, words)] = verdicts(opened(ids[0], ids[3], verdict="true"))
    assert answer == "better"
    assert "Over 4 seeds" in words


def test_a_seed_without_a_result_says_why_and_is_tried_again(place: Place) -> None:
    one, two = measured(place, 0.8), measured(place, 0.85, learning_rate=0.01)
    broken = place.run(seed=7)
    end(place, broken, None)
    by_hand = place.run(seed=8)
    change = LearningRateChange(epoch=0.5, learning_rate=0.1, loss=None, accuracy=None)
    place.tell(lambda: report(place.hub, by_hand, change))
    end(place, by_hand, 0.9)
    app = opened(one, two, verdict="true")
    assert "seed 7 has no result: it was interrupted. The worker ended" in said(app)
    assert "seed 8" not in said(app)
    press_number(app, "More seeds", 2)
    press(app, "Train more seeds")
    assert submitted(place) == [(0.001, 7), (0.01, 7), (0.001, 43), (0.01, 43)]
    press(app, "Stop them")
    assert [run.config.seed for run in place.hub.runs("me") if not run.status.ended] == [7]


def test_no_more_seeds_can_be_added_than_there_is_room_for(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYGROUND_MAX_WAITING_RUNS", "5")
    settings.cache_clear()
    place.hub._limits = settings()
    one, two = measured(place, 0.8), measured(place, 0.85, learning_rate=0.01)
    app = opened(one, two)
    press(app, "Repeat with other seeds")
    assert len(submitted(place)) == 6  # one of them trains
    assert "5 in the queue" in app.warning[0].value
    [box] = [one for one in app.number_input if one.label == "More seeds"]
    assert box.max == 0
    assert next(b for b in app.button if b.label == "Train more seeds").disabled


def test_one_setting_alone_shows_how_far_chance_goes(place: Place) -> None:
    ids = [measured(place, a, seed=i) for i, a in enumerate((0.80, 0.82, 0.81))]
    app = opened(ids[0], verdict="true")
    assert verdicts(app) == []
    assert "81.0 % on average over 3 seeds, from 80.0 % to 82.0 %" in said(app)
    assert "choose a run of each" in said(app)


def test_more_than_two_are_each_judged_against_the_first(place: Place) -> None:
    for i in range(3):
        ids = [measured(place, 0.8 + r, seed=i, learning_rate=r) for r in (0.01, 0.02, 0.001)]
    app = opened(*ids, verdict="true")
    assert [answer for answer, _ in verdicts(app)] == ["better", "worse"]
