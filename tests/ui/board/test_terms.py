"""The words of the board that say what they mean."""

from __future__ import annotations

import re

import pytest

from playground.ui.board.board import _html


@pytest.mark.parametrize(
    ("shown", "names"),
    [
        ("Training accuracy", ["training set", "accuracy"]),
        ("Validation accuracy", ["validation set", "accuracy"]),
        ("Test accuracy", ["test set", "accuracy"]),
        ("?", ["loss", "epoch"]),
        ("?", ["loss", "mini-batch"]),
        ("?", ["confusion matrix"]),
        (
            "?",
            [
                *("training set", "validation set", "test set", "accuracy", "loss", "epoch"),
                *("mini-batch", "confusion matrix"),
            ],
        ),
    ],
)
def test_results_and_charts_explain_their_terms(shown: str, names: list[str]) -> None:
    found = re.findall(
        r'<span class="term"[^>]*>([^<]+)<span class="term-says".*?>(<.*?)</span></s', _html()
    )
    said = [(word, re.findall("<strong>(.*?)</strong>", says)) for word, says in found]
    assert (shown, names) in said


def test_each_has_a_description_of_its_own() -> None:
    described = re.findall(r'aria-describedby="(term-[^"]*)"', _html())
    assert len(set(described)) == len(described) == 7
    assert described == re.findall(r' id="(term-[^"]*)"', _html())


def test_for_the_tab_key_they_are_one_stop() -> None:
    assert len(re.findall('class="term" tabindex="0"', _html())) == 1
