"""Go on and Fork from here, on the board of a run that has ended."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground.config import RunConfig
from playground.engine.protocol import Result
from playground.events import EventData, Status, ThresholdPassed
from playground.network.checkpoint import Checkpoint
from playground.network.gradients import initial_network
from playground.network.snapshot import Snapshot
from playground.store.runs import RunInfo
from playground.ui.board.going_on import describe_going_on
from tests.conftest import Place, epoch_end, eventually, report
from tests.ui.pages.test_train import labelled, opened

CONFIG = RunConfig(hidden_layers=(4,), epochs=5, train_images=1000)
NETWORK = initial_network((4,), "relu", 1)


@pytest.fixture(autouse=True)
def _me(monkeypatch: pytest.MonkeyPatch) -> None:
    """To AppTest, each run of the script is another browser's."""
    monkeypatch.setattr("playground.ui.pages.train.current_owner", lambda: "me")


def ended(
    place: Place,
    epochs: int,
    *more: EventData,
    status: Status = Status.STOPPED,
    stands: int | None = None,
    kept: tuple[int, ...] = (0, 1, 2),
    owner: str = "me",
    **settings: Any,
) -> str:
    """A run that has ended after some epochs, and stands at the last or another one."""
    run = place.run(owner, **{**CONFIG.model_dump(), **settings})
    place.tell(lambda: report(place.hub, run, *map(epoch_end, range(1, epochs + 1)), *more))
    stands = epochs if stands is None else stands
    result = Result(
        status,
        "",
        snapshots={e: Snapshot(NETWORK, np.zeros(0, np.uint8)).to_bytes() for e in kept},
        checkpoint=Checkpoint(stands, NETWORK.layers).to_bytes() if stands else None,
    )
    place.tell(lambda: place.end(run, result))
    return run


def buttons(app: AppTest) -> set[str]:
    return {button.label for button in app.button}


def said(app: AppTest) -> str:
    return "\n".join(caption.value for caption in app.caption)


def newest(place: Place) -> RunInfo:
    return place.hub.runs()[0]


def test_go_on_queues_the_rest_of_a_run_and_shows_it(place: Place) -> None:
    parent = ended(place, 3)
    app = opened(run=parent)
    assert "Go on: epochs 4 to 5 with the same settings. It goes on from the end of" in said(app)
    assert "to the last bit" in said(app)
    labelled(app.button, "Go on").click().run()
    assert not app.exception
    run = newest(place)
    assert (run.owner, run.parent, run.parent_epoch, run.config) == ("me", parent, 3, CONFIG)
    assert app.query_params["run"] in (run.id, [run.id])
    assert "Goes on from layers 4 · 5 epochs" in said(app)
    labelled(app.button, "Show the run before").click().run()
    assert app.query_params["run"] in (parent, [parent])


def test_a_run_that_has_trained_all_its_epochs_goes_on_for_as_many_as_are_asked(
    place: Place,
) -> None:
    parent = ended(place, 5, status=Status.FINISHED, schedule="cosine")
    app = opened(run=parent)
    assert labelled(app.number_input, "Go on for").value == 5
    labelled(app.number_input, "Go on for").set_value(1).run()
    assert "Go on: epoch 6 with the same settings. The learning rate follows the cosine of" in (
        said(app)
    )
    labelled(app.button, "Go on").click().run()
    assert newest(place).config.epochs == 6


def test_a_run_goes_past_its_threshold_and_that_is_said(place: Place) -> None:
    passed = ThresholdPassed(epoch=2, metric="accuracy", value=0.95, threshold=0.9)
    app = opened(run=ended(place, 2, passed, status=Status.FINISHED))
    assert "the new one goes past it" in said(app)
    labelled(app.button, "Go on").click().run()
    assert (newest(place).config.early_stop, newest(place).config.epochs) == (False, 5)


def test_what_cannot_go_on_says_why(place: Place) -> None:
    gone = ended(place, 3, stands=0, kept=())
    app = opened(run=gone)
    assert not {"Go on", "Fork from here"} & buttons(app)
    assert "is not kept on this server any more" in said(app)
    failed = ended(place, 2, status=Status.FAILED)
    app = opened(run=failed)
    assert "Go on" not in buttons(app)
    assert "would fail again" in said(app)
    assert "Fork from here" in buttons(app)
    assert not {"Go on", "Fork from here"} & buttons(opened(run=place.run()))
    started = opened(run=ended(place, 0, kept=(0,)))
    assert "No epoch has ended, so it begins at the start." in said(started)
    broken_off = place.hub.run(gone)
    assert broken_off is not None
    assert "None of its epochs is kept" in describe_going_on(broken_off, 0, 5, passed=False)


def test_a_checkpoint_that_is_damaged_meanwhile_is_said_where_the_button_is(place: Place) -> None:
    parent = ended(place, 3)
    app = opened(run=parent)
    (place.folder / "artefacts" / parent / "checkpoint-0003.npz").write_bytes(b"nonsense")
    labelled(app.button, "Go on").click().run()
    assert not app.exception
    assert "damaged" in app.error[0].value
    assert newest(place).id == parent


def test_fork_fills_the_settings_says_where_the_next_run_starts_and_train_forks(
    place: Place,
) -> None:
    parent = ended(place, 5, owner="you", learning_rate=0.01, stands=5, status=Status.FINISHED)
    app = opened(run=parent, epochs="9", hidden_layers="64")
    labelled(app.selectbox, "Fork after").select(0).run()
    assert "a new optimizer" in said(app)
    labelled(app.selectbox, "Fork after").select(2)  # the server learns of it with the press
    labelled(app.button, "Fork from here").click().run()
    assert not app.exception
    assert labelled(app.number_input, "Units in layer 1").value == 4
    for widgets, label in (
        (app.slider, "Hidden layers"),
        (app.number_input, "Units in layer 1"),
        (app.number_input, "Training images"),
        (app.number_input, "Validation share"),
    ):
        assert labelled(widgets, label).disabled
    banner = [text.value for text in app.markdown if text.value.startswith("The next run starts")]
    assert banner == [
        "The next run starts from the weights of **layers 4 · rate 0.01 · 5 epochs · 1,000 "
        "images** after epoch 2, with a new optimizer."
    ]
    labelled(app.selectbox, "Optimizer").select("sgd").run()
    labelled(app.button, "Train").click().run()
    assert not app.error
    run = newest(place)
    assert (run.owner, run.parent, run.parent_epoch) == ("me", parent, 2)
    assert (run.config.optimizer, run.config.learning_rate) == ("sgd", 0.01)
    # The address says it, too; and the fork is there until it is left.
    again = opened(**{name: app.query_params[name] for name in app.query_params})
    assert "Begin with new weights" in buttons(again)
    labelled(again.button, "Begin with new weights").click().run()
    assert not labelled(again.slider, "Hidden layers").disabled
    labelled(again.button, "Train").click().run()
    assert newest(place).parent is None
    assert "fork" not in again.query_params


def test_at_its_last_epoch_the_optimizer_goes_on_and_epochs_are_left_to_train(
    place: Place,
) -> None:
    app = opened(run=ended(place, 5, status=Status.FINISHED))
    labelled(app.button, "Fork from here").click().run()
    assert labelled(app.number_input, "Epochs").value == 10
    assert any("Its optimizer goes on, too." in text.value for text in app.markdown)
    labelled(app.number_input, "Epochs").set_value(3).run()
    assert "from 6 to 200 epochs" in app.warning[0].value
    labelled(app.button, "Train").click().run()
    assert "from 6 to 200 epochs" in app.error[0].value


def test_a_fork_of_a_run_that_is_gone_is_said(place: Place) -> None:
    parent = ended(place, 3)
    app = opened(run=parent)
    labelled(app.button, "Fork from here").click().run()
    eventually(lambda: not place.hub._journal._waiting)
    place.hub.delete("me", parent)
    app.run()
    assert any("has been deleted" in text.value for text in app.markdown)
    labelled(app.button, "Train").click().run()
    assert "has been deleted" in app.error[0].value
    reloaded = opened(fork=parent, after="2")
    assert "no run" in reloaded.warning[0].value
    assert "Begin with new weights" not in buttons(reloaded)


def test_the_board_of_a_fork_shows_what_the_run_before_did_from_there_on(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(
        "playground.ui.board.run_board.live_board", lambda *_, **more: shown.append(more["origin"])
    )
    parent = ended(place, 5, status=Status.FINISHED)
    child = place.hub.fork("me", parent, 2, CONFIG)
    opened(run=child)
    assert shown[-1].begin == 2
    assert [point.epoch for point in shown[-1].parent] == [2, 3, 4, 5]
    eventually(lambda: not place.hub._journal._waiting)
    place.hub.delete("me", parent)
    app = opened(run=child)
    assert shown[-1] == (2, ())
    assert "Goes on from a deleted run after epoch 2" in said(app)
