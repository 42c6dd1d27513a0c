"""Answers of a class, counted another way."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.figures.classroom.answers import BINS, choices_figure, numbers_figure


@given(st.lists(st.floats(0, 1), max_size=60))
def test_every_number_is_in_one_bin(numbers: list[float]) -> None:
    (bars,) = numbers_figure("t", "q", numbers, 0, 1, 2).data
    expected = Counter(min(int(number * BINS), BINS - 1) for number in numbers)
    for index, count in enumerate(bars.y):
        edges = bars.customdata[index]
        inside = sum(
            edges[0] <= number < edges[1] or (index == BINS - 1 and number == 1)
            for number in numbers
        )
        assert count == inside
    assert sum(bars.y) == sum(expected.values()) == len(numbers)


def test_what_lies_beyond_the_ends_counts_at_the_ends() -> None:
    (bars,) = numbers_figure("t", "q", [-3, 0.5, 9], 0, 1, 2).data
    assert (bars.y[0], bars.y[-1]) == (1, 1)


def test_the_real_number_and_the_own_one_are_marked_with_words() -> None:
    figure = numbers_figure("t", "q", [0.5, 0.6], 0, 1, 3, own=0.5, real=1.25)
    said = [note.text for note in figure.layout.annotations]
    assert said == ["<b>You 0.500</b>", "<b>Real 1.250</b>"]
    assert [line.x0 for line in figure.layout.shapes] == [0.5, 1.25]
    assert len({line.line.dash for line in figure.layout.shapes}) == 2
    assert tuple(figure.layout.xaxis.range) == (0, 1.25)


def test_choices_have_their_counts_and_shares() -> None:
    figure = choices_figure(["a", "b", "c"], [6, 3, 0])
    (bars,) = figure.data
    assert list(bars.x) == [6, 3, 0]
    assert list(bars.text) == ["6 (67%)", "3 (33%)", "0 (0%)"]
    assert len(set(bars.marker.color)) == 1


def test_the_right_one_differs_in_more_than_its_colour() -> None:
    figure = choices_figure(["a", "b"], [1, 2], right=1, own=0)
    (bars,) = figure.data
    assert bars.marker.pattern.shape == ("", "/")
    assert bars.marker.line.width == (0, 4)
    assert [note.text for note in figure.layout.annotations] == ["a (your choice)", "<b>✓ b</b>"]


@pytest.mark.parametrize("text", ["<b>", "<a href='x'>y</a>", "a & b"])
def test_what_people_write_is_plain_text(text: str) -> None:
    figure = choices_figure([text, "b"], [0, 0])
    assert "<a" not in figure.layout.annotations[0].text
    assert figure.layout.annotations[0].text.count("<") == 0


def test_nobody_has_answered_yet() -> None:
    (bars,) = choices_figure(["a", "b"], [0, 0]).data
    assert list(bars.text) == ["0 (0%)", "0 (0%)"]
    assert sum(numbers_figure("t", "q", [], 0, 1, 2).data[0].y) == 0


def test_a_long_option_has_several_lines_and_the_room_for_them() -> None:
    long = "a word of an option " * 6
    short, more = (choices_figure([text, "b"], [1, 1]) for text in ("a", long))
    lines = more.layout.annotations[0].text.split("<br>")
    assert len(lines) > 2
    assert " ".join(lines).split() == long.split()
    assert more.layout.height > short.layout.height
    assert more.data[0].y[1] - more.data[0].y[0] == short.data[0].y[1] - short.data[0].y[0]
