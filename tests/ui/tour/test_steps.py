from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from playground.ui.tour.steps import STEPS, begin

NAMES = [step.name for step in STEPS]


def test_who_does_what_is_asked_comes_to_the_end() -> None:
    progress = begin(1, None)
    assert progress.layers == 2
    progress = progress.seen(2, None)
    assert progress.awaits == "train"
    assert progress.seen(2, None) == progress
    progress = progress.seen(2, "run")
    for name in ("neuron", "mistake", "draw"):
        assert progress.awaits == name
        progress = progress.after(name, "run")
    assert progress.awaits == ""
    assert progress.after("draw", "run") == progress


def test_the_first_step_asks_for_layers_that_are_not_there() -> None:
    assert all(begin(layers, None).layers != layers for layers in range(6))


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 5), st.sampled_from("ab"))))
def test_no_step_is_left_out_and_none_comes_back(happened: list[tuple[str, int, str]]) -> None:
    progress = begin(1, "a")
    for name, layers, started in happened:
        seen = progress.seen(layers, started)
        assert seen.step - progress.step in (0, 1)
        assert seen == progress or progress.awaits in ("layers", "train")
        progress = seen.after(name, started)
        assert progress == seen or (seen.awaits == name and progress.step == seen.step + 1)
