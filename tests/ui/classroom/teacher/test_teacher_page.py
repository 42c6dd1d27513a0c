"""The page Class for its teacher, and its projector."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest

from playground.classroom.activities import from_link, ready, to_link
from playground.classroom.codes import alias
from playground.classroom.rules import acts
from playground.classroom.rules.log import Answer, SnapshotAdded
from playground.classroom.rules.state import ClassState
from playground.classroom.service import Classes, classes
from playground.config import RunConfig
from playground.dataset import class_names
from playground.engine.protocol import Result
from playground.events import Command, Status
from playground.ui.classroom.here import see
from playground.ui.classroom.teacher.snapshots import candidates
from playground.ui.location import activity_in
from tests.classroom.conftest import CHOICE, activity
from tests.conftest import Place, epoch_end, report
from tests.ui.classroom.test_class_page import open_page, owner_of, press

TEACHER = owner_of("teacher")


class Taught:
    """A class with two members, as its teacher has it on the screen."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.all: Classes = classes()
        self.id = self.all.start_class(TEACHER, "7b")
        for name in ("Ada", "Bob"):
            self.all.join(self.all.code(self.id), owner_of(name), name)
        self.app = open_page("teacher")

    @property
    def state(self) -> ClassState:
        found = self.all.state(self.id)
        assert found is not None
        return found

    def open(self) -> None:
        self.all.act(self.id, acts.open_activity, TEACHER, CHOICE)
        self.run()

    def answer(self) -> None:
        for index, name in enumerate(("Ada", "Bob")):
            owner = owner_of(name)
            self.all.act(self.id, acts.predict, owner, 1, Answer(choice=index))
            self.all.act(self.id, acts.lock_prediction, owner, 1)
        self.run()

    def run(self) -> None:
        self.app.run(timeout=30)
        assert not self.app.exception

    def press(self, label: str) -> None:
        press(self.app, label)

    def labels(self) -> list[str]:
        return [button.label for button in self.app.button]

    def text(self, label: str, value: str) -> None:
        field = next(one for one in self.app.text_input if one.label == label)
        field.input(value).run(timeout=30)
        assert not self.app.exception

    def choose(self, label: str, value: Any) -> None:
        self.set(label, value)
        self.run()

    def set(self, label: str, value: Any) -> None:
        """Choose in a box, and tell the server only with what comes next."""
        next(one for one in self.app.selectbox if one.label == label).set_value(value)


@pytest.fixture
def taught(place: Place) -> Taught:
    return Taught(place)


def test_a_lever_stays_the_same_one_when_its_word_changes(taught: Taught) -> None:
    """Else a browser shows both for a while, and a press on those beside it is lost."""

    def levers() -> dict[str, str]:
        levers = (one for one in taught.app.button if "class_lever" in str(one.key))
        return {str(one.key): one.proto.id for one in levers}

    taught.open()
    before = levers()
    assert len(before) == 6
    pressed = ("Pause everyone", "Hide names", "Nobody new", "Reveal answers")
    for label in pressed:
        taught.press(label)
    assert not {*pressed} & {*taught.labels()}
    assert levers() == before


def test_the_curtain_goes_down_and_up(taught: Taught) -> None:
    taught.press("Pause everyone")
    assert taught.state.curtain
    assert "Pause everyone" not in taught.labels()
    taught.press("Go on, everyone")
    assert not taught.state.curtain


def test_nobody_new_comes_in_and_links_are_renewed(taught: Taught) -> None:
    taught.press("Nobody new")
    assert taught.state.closed
    taught.press("Let new ones in")
    assert not taught.state.closed
    old = {code.value for code in taught.app.code if "key=" in code.value}
    taught.press("New links")
    new = {code.value for code in taught.app.code if "key=" in code.value}
    assert (len(old), len(new), old & new) == (2, 2, set())


def test_who_ends_a_class_is_told_of_an_envelope_that_is_closed(taught: Taught) -> None:
    sealed = next(one for one in ready() if one.sealed)
    classes().act(taught.state.id, acts.open_activity, owner_of("teacher"), sealed)
    taught.app.run()
    assert "End the class" not in taught.labels()
    assert any("envelope is still closed" in one.value for one in taught.app.markdown)
    taught.press("End with the envelope closed")
    assert taught.state.ended
    assert taught.state.openings[-1].sealed
    taught.press("Go on with the class")


def test_names_are_hidden_and_shown(taught: Taught) -> None:
    def renames() -> tuple[str | None, bool]:
        field = next(one for one in taught.app.text_input if one.label == "Another nickname")
        return field.value, field.disabled

    assert renames() == ("Ada", False)
    taught.press("Hide names")
    assert taught.state.names_hidden
    assert renames() == (str(alias(1)), True)
    assert not any("Ada" in str(one.key) for one in taught.app.text_input)
    taught.press("Show names")
    assert not taught.state.names_hidden
    assert renames() == ("Ada", False)


def test_a_ready_activity_is_opened_and_turned_back_to(taught: Taught) -> None:
    taught.choose("Ready activities", ready()[1].id)
    taught.press("Open")
    assert taught.state.at is not None
    assert taught.state.at.activity == ready()[1]
    taught.press("Open")
    assert taught.state.shown == 2
    taught.choose("The class is at", 1)
    assert taught.state.shown == 1
    taught.choose("The class is at", 0)
    assert taught.state.at is None


def test_an_activity_comes_from_a_link_or_is_refused_in_a_sentence(taught: Taught) -> None:
    taught.press("Open this one")
    assert "Choose a file first" in taught.app.error[0].value
    taught.text("Or from a link", "no link at all")
    taught.press("Open this one")
    assert "holds no whole activity" in taught.app.error[0].value
    assert taught.state.at is None
    taught.text("Or from a link", f"https://a.org/class?activity={to_link(CHOICE)}")
    taught.press("Open this one")
    assert not taught.app.error
    assert taught.state.at is not None
    assert taught.state.at.activity == CHOICE


def test_any_activity_has_an_address_and_a_file(taught: Taught) -> None:
    def shared() -> list[str]:
        return [one.value for one in taught.app.code if "activity=" in one.value]

    assert [from_link(activity_in(one)) for one in shared()] == [ready()[0]]
    own = activity(id="own", prediction=CHOICE.prediction)
    taught.text("Or from a link", to_link(own))
    assert [from_link(activity_in(one)) for one in shared()] == [ready()[0], own]
    taught.press("Open this one")
    assert [from_link(activity_in(one)) for one in shared()] == [ready()[0], own, own]
    assert len([one for one in taught.app.get("download_button") if "YAML" in str(one.proto)]) == 3


def test_what_is_too_long_for_an_address_is_a_file_only(
    taught: Taught, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.ui.classroom.teacher.activity._MOST_ADDRESS", 100)
    taught.run()
    assert not [one for one in taught.app.code if "activity=" in one.value]
    assert any("too long for an address" in one.value for one in taught.app.markdown)


def test_pace_and_reveal(taught: Taught) -> None:
    taught.open()
    (pace,) = taught.app.segmented_control
    pace.set_value("predict").run(timeout=30)
    assert taught.state.at is not None
    assert taught.state.at.phase == "predict"
    taught.press("Reveal answers")
    assert (taught.state.at.revealed, taught.state.at.phase) == (True, "compare")
    taught.press("Hide answers")
    assert not taught.state.at.revealed


def test_settings_are_locked_at_the_values_of_the_teachers_form(taught: Taught) -> None:
    (chosen,) = taught.app.multiselect
    chosen.set_value(["batch_size", "seed"]).run(timeout=30)
    taught.press("Lock these")
    default = RunConfig()
    assert dict(taught.state.locks) == {"batch_size": default.batch_size, "seed": default.seed}
    taught.app.multiselect[0].set_value(["seed"]).run(timeout=30)
    taught.press("Lock these")
    assert dict(taught.state.locks) == {"seed": default.seed}
    taught.app.multiselect[0].set_value([])
    taught.press("Lock these")
    assert not taught.state.locks
    assert taught.app.multiselect[0].value == [], "what is not locked was shown as if it were"


def test_a_press_is_for_what_has_been_chosen_right_before(taught: Taught) -> None:
    """A busy server has not drawn the page again yet."""
    taught.set("Ready activities", ready()[2].id)
    taught.press("Open")
    assert taught.state.openings[-1].activity == ready()[2]
    taught.set("Member", 2)
    taught.press("Remove")
    assert [taught.state.members[number].removed for number in (1, 2)] == [False, True]
    taught.all.act(taught.id, acts.remove, TEACHER, 2, False)
    taught.open()
    for index, name in enumerate(("Ada", "Bob")):
        owner, number = owner_of(name), len(taught.state.openings)
        taught.all.act(taught.id, acts.predict, owner, number, Answer(choice=index))
        taught.all.act(taught.id, acts.lock_prediction, owner, number)
    taught.run()
    taught.set("Something to keep", "Answer of Bob")
    taught.press("Keep it")
    assert [one.member for one in taught.state.snapshots.values()] == [2]


def test_a_member_is_renamed_removed_and_let_in_again(taught: Taught) -> None:
    taught.choose("Member", 2)
    taught.text("Another nickname", "Ada")
    assert "is taken" in taught.app.error[0].value
    taught.text("Another nickname", "Robert")
    assert taught.state.members[2].nickname == "Robert"
    taught.press("Remove")
    assert taught.state.members[2].removed
    taught.press("Let in again")
    assert not taught.state.members[2].removed


def test_runs_end_and_one_more_is_given(taught: Taught, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def command(run_id: str, _worker: str, command: Command) -> None:
        told.append(f"{command.name} {run_id}")

    monkeypatch.setattr(taught.place.engine, "command", command)
    limited = CHOICE.model_copy(update={"runs": 1, "prediction": None})
    taught.all.act(taught.id, acts.open_activity, TEACHER, limited)
    run = taught.place.hub.submit(owner_of("Ada"), limited.config(), classroom=f"{taught.id}/1")
    other = taught.place.hub.submit("somebody", RunConfig())
    taught.run()
    taught.press("One more run")
    assert taught.state.at is not None
    assert taught.state.at.of(1).granted == 1
    taught.press("End 1 run")
    assert not any(other in one for one in told)
    ended = taught.place.hub.run(run)
    assert ended is not None
    assert ended.status.ended or told == [f"stop {run}"]


def test_all_runs_that_go_at_the_press_are_ended(
    taught: Taught, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = taught.place.hub
    told: list[str] = []
    monkeypatch.setattr(hub, "command", lambda _owner, run, *_args, **_named: told.append(run))
    runs = {hub.submit(owner_of("Ada"), RunConfig())}
    taught.run()
    runs.add(hub.submit(owner_of("Bob"), RunConfig(seed=2)))
    taught.press("End 1 run")  # as it was drawn
    assert set(told) == runs


def test_snapshots_are_kept_ordered_captioned_and_shown(taught: Taught) -> None:
    taught.open()
    taught.answer()
    taught.press("Keep it")
    taught.choose("Something to keep", "Answer of Bob")
    taught.press("Keep it")
    assert [taught.state.snapshots[n].member for n in taught.state.order] == [1, 2]
    taught.text("Your word about it", "Look at this")
    assert taught.state.snapshots[1].caption == "Look at this"
    taught.press("Down")
    assert taught.state.order == (2, 1)
    taught.press("Show the first")
    assert taught.state.presented == 2
    taught.press("Show the next")
    assert taught.state.presented == 1
    taught.press("Show none")
    assert taught.state.presented is None
    taught.press("Drop")
    assert taught.state.order == (1,)


def test_runs_and_drawings_are_kept_and_shown_as_they_are(taught: Taught) -> None:
    drawn = bytes([200]) * 784
    taught.all.act(taught.id, acts.open_activity, TEACHER, activity(draw=True))
    run, place = taught.place.run(owner_of("Ada")), taught.place
    taught.run()
    assert not offered(taught)  # before its first epoch
    place.tell(lambda: report(place.hub, run, epoch_end(1, val_accuracy=0.75)))
    for label in (3, 4):
        taught.all.act(taught.id, acts.draw, owner_of("Bob"), 1, drawn, label)
    labels = ["Run 1 of Ada: 75.0 %", *(f"Drawing of Bob: {class_names()[n]}" for n in (3, 4))]
    found = offered(taught)
    assert [*found] == labels
    assert [(one.member, one.ref) for one in found.values()] == [(1, run), (2, "1"), (2, "2")]
    taught.run()
    for kept in (found[labels[0]], found[labels[2]]):
        taught.choose("Something to keep", tuple(kept.model_dump().values()))
        taught.press("Keep it")
    assert [one.what for one in taught.state.snapshots.values()] == ["run", "drawing"]
    shown = []
    for number in (1, 2):
        taught.all.act(taught.id, acts.present, TEACHER, number)
        screen: Any = taught.all.projection(taught.id, TEACHER)
        shown.append(screen[0]["presented"])
    assert shown[0]["run"]["id"] == run
    assert shown[0]["run"]["val_accuracies"] == [0.75]
    at = taught.state.at
    assert at is not None
    assert (shown[1]["name"], shown[1]["item"]) == ("Bob", at.drawings[1].item)
    taught.all.act(taught.id, acts.end, TEACHER)
    taught.place.tell(lambda: place.end(run, Result(Status.FINISHED, "", None, None)))
    taught.place.hub.throw_away(owner_of("Ada"), [run])
    taught.all.act(taught.id, acts.present, TEACHER, 1)
    screen = taught.all.projection(taught.id, TEACHER)
    assert screen[0]["presented"]["run"] is None  # gone, and the wall goes on


def test_all_runs_and_drawings_of_a_member_can_be_kept(taught: Taught) -> None:
    taught.all.act(taught.id, acts.open_activity, TEACHER, activity(draw=True))
    place, runs = taught.place, []
    for seed, value in enumerate((0.5, 0.6), 1):
        runs.append(place.run(owner_of("Ada"), seed=seed))
        happened = epoch_end(val_accuracy=value)
        place.tell(partial(report, place.hub, runs[-1], happened))
        place.tell(partial(place.end, runs[-1], Result(Status.FINISHED, "", None, None)))
    for grey in (1, 2, 3):
        taught.all.act(taught.id, acts.draw, owner_of("Bob"), 1, bytes([grey]) * 784, 3)
    found = offered(taught)
    drawn = f"Drawing of Bob: {class_names()[3]}"
    newest_first = ["Run 2 of Ada: 60.0 %", "Run 1 of Ada: 50.0 %"]
    assert [*found] == [*newest_first, drawn, f"{drawn} (2)", f"{drawn} (3)"]
    assert [one.ref for one in found.values()] == [*reversed(runs), "1", "2", "3"]


def offered(taught: Taught) -> dict[str, SnapshotAdded]:
    """What can be kept of the activity."""
    found = see(taught.all, taught.id, TEACHER)
    assert found is not None
    return candidates(found)


def test_a_class_ends_and_goes_on(taught: Taught) -> None:
    taught.press("End the class")
    assert taught.state.ended
    taught.press("Go on with the class")
    assert not taught.state.ended


def test_the_links_are_on_the_teachers_page_and_on_no_other(taught: Taught) -> None:
    secrets = taught.all.links(taught.id, TEACHER).values()
    shown = "\n".join(code.value for code in taught.app.code)
    assert all(secret in shown for secret in secrets)
    for page in (open_page("Ada"), open_page("teacher", view="projector")):
        said = str(page._tree) + json.dumps([code.value for code in page.code])
        assert not any(secret in said for secret in secrets)


def test_who_is_no_teacher_any_more_is_refused_in_a_sentence(taught: Taught) -> None:
    """A page may still show a lever that they may not pull any more."""
    before = taught.state
    taught.all.delete(taught.id, TEACHER)
    taught.press("Pause everyone")
    assert any("deleted" in one.value for one in taught.app.error) or not before.curtain


def test_a_members_page_has_no_lever(taught: Taught) -> None:
    page = open_page("Ada", view="projector")
    labels = {button.label for button in page.button}
    assert not labels & {"Pause everyone", "Hide names", "End runs", "End the class"}
