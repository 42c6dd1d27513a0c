"""Deleting a run: by its owner, once it has ended, with all that it has left."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from playground.events import Command, Status
from playground.runs.hub import MOST_NAME, NotEnded, NotYours
from playground.runs.journal import Journal
from playground.store.runs import Store, StoreError
from tests.conftest import Place, eventually


def script() -> None:
    from playground.ui.pages import train

    train.page()


def written(place: Place) -> None:
    """Wait until the end of each run is in the store."""
    eventually(lambda: not place.hub._journal._waiting)


def test_only_ones_own_runs_that_have_ended_are_deleted(place: Place) -> None:
    finished, training = place.finished(), place.run()
    written(place)
    with pytest.raises(NotYours, match="somebody else"):
        place.hub.delete("you", finished)
    with pytest.raises(NotEnded, match="Stop it first"):
        place.hub.delete("me", training)
    place.hub.delete("me", finished)
    place.hub.delete("me", finished)
    assert [run.id for run in place.hub.runs("me")] == [training]
    assert place.hub.run(finished) is None
    assert not place.hub.archive.has(finished, "network.npz")
    place.hub.command("me", finished, Command("stop"))  # from a page that still shows it


def test_a_run_whose_end_is_not_written_yet_is_deleted_later(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished = place.finished()
    written(place)
    with monkeypatch.context() as patch:
        patch.setattr(Journal, "forget", lambda *_: False)
        with pytest.raises(StoreError, match="in a moment"):
            place.hub.delete("me", finished)
    assert place.hub.run(finished) is not None
    place.hub.delete("me", finished)
    assert place.hub.runs() == []


def test_a_run_that_was_thrown_away_can_be_taken_back(place: Place) -> None:
    first, second, training, other = (
        place.finished(),
        place.finished(),
        place.run(),
        place.finished("you"),
    )
    written(place)
    with pytest.raises(NotEnded, match="Stop it first"):
        place.hub.throw_away("me", [first, training])
    with pytest.raises(NotYours, match="somebody else"):
        place.hub.throw_away("me", [first, other])
    assert len(place.hub.runs()) == 4
    place.hub.throw_away("me", [first, second, "gone"])
    assert {run.id for run in place.hub.runs()} == {training, other}
    assert place.hub.run(first) is None
    place.hub.take_back("you", [first])
    assert place.hub.run(first) is None
    place.hub.take_back("me", [first])
    assert place.hub.run(first) is not None
    place.hub.close()
    assert {run.id for run in Store(place.folder).runs()} == {first, training, other}


def test_owners_name_note_and_star_their_runs(place: Place) -> None:
    run_id = place.finished()
    place.hub.describe("me", run_id, name="  a\nname\0 " + 99 * "x", note=" two\nlines\0 ")
    place.hub.describe("me", run_id, starred=True)
    place.hub.describe("me", "gone", starred=True)
    with pytest.raises(NotYours):
        place.hub.describe("you", run_id, name="mine")
    run = place.hub.run(run_id)
    assert run is not None
    assert (run.name[:7], len(run.name), run.note) == ("a name ", MOST_NAME, "two\nlines")
    assert run.starred
    written(place)
    [stored] = place.hub._store.runs()
    assert (stored.name, stored.note, stored.starred) == (run.name, run.note, True)


def test_a_run_is_deleted_on_its_board_after_one_more_question(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.ui.pages.train.current_owner", lambda: "me")
    mine, other = place.finished(), place.finished("you")
    written(place)
    for run_id in (mine, other):
        app = AppTest.from_function(script, default_timeout=30)
        app.query_params["run"] = run_id
        app.run()
        buttons = [button for button in app.button if button.label == "Delete permanently"]
        assert len(buttons) == (run_id == mine)
        for button in buttons:
            button.click().run()
            assert not app.exception
            assert "run" not in app.query_params
    [left] = place.hub.runs()
    assert (left.id, left.status) == (other, Status.FINISHED)
