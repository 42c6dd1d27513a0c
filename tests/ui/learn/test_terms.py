from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.ui import navigation
from playground.ui.learn.prose import explained, with_terms
from playground.ui.learn.terms import TERMS, first_mentions

# What the lecture names and explains, in its order.
LECTURE = (
    *("Fashion-MNIST", "label", "preprocessing", "feature scaling", "standardisation"),
    *("outlier", "normalisation", "Flatten", "Dense layer", "hidden layer", "neuron", "weight"),
    *("bias", "parameter", "activation function", "sigmoid", "tanh", "ReLU", "gradient"),
    *("optimizer", "loss function", "metric", "accuracy", "one-hot", "evaluate()", "callback"),
    *("epoch", "training set", "validation set", "test set", "hyperparameter", "overfitting"),
    *("batch gradient descent", "converge", "mini-batch", "batch size", "learning rate"),
)
_NAMES = [term.name for term in TERMS]
_WORDS = st.sampled_from(
    [*_NAMES, "the", "`loss`", "$loss$", "[loss](x)", "losses", "a loss,", "."]
)


def names(text: str) -> list[str]:
    return [found.term.name for found in first_mentions(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Weights and Bias, then a weight.", ["weight", "bias"]),
        ("The loss function gives the loss.", ["loss function", "loss"]),
        ("A **mini-batch** has a batch size.", ["mini-batch", "batch size"]),
        ("`loss` and $loss$ and [loss](x) are no mentions, nor are losses.", []),
        ("# The loss\nAn epoch.", ["epoch"]),
        ("Metrics of evaluate(), not of `evaluate()`.", ["metric", "evaluate()"]),
        ("Batch gradient descent converges.", ["batch gradient descent", "converge"]),
        ("Hyperparameters are no parameters.", ["hyperparameter", "parameter"]),
        ("overfit, relabel, biased, val_loss, one-hotter", []),
    ],
)
def test_each_term_is_found_once_and_only_as_a_word(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@given(st.lists(_WORDS, max_size=12).map(" ".join))
def test_the_text_stays_as_it_is(text: str) -> None:
    html = with_terms(text)
    without = re.sub(r'<span class="term-says".*?</span>', "", html)
    assert unescape(re.sub(r"</?span[^>]*>", "", without)) == text
    found = names(text)
    assert len(found) == len(set(found))
    ids = re.findall(r' id="([^"]*)"', html)
    assert ids == re.findall(r'aria-describedby="([^"]*)"', html)
    assert len(set(ids)) == len(found)


def test_every_term_of_the_lecture_is_there_and_has_its_page() -> None:
    shown = {term.name for term in TERMS if term.page}
    assert set(LECTURE) - shown == set()


def test_bold_is_html_since_stars_end_nothing_between_a_tag_and_a_particle() -> None:
    html = with_terms("Two **seeds**가 differ.")
    assert html.startswith('Two <strong><span class="term"')
    assert html.endswith("</span></strong>가 differ.")


def test_terms_are_one_sentence_and_name_pages_that_there_are() -> None:
    paths = {page.path for page in navigation._LEARN}
    assert len(_NAMES) == len(set(_NAMES))
    for term in TERMS:
        assert term.says.endswith((".", "0.", "1."))
        assert not term.page or term.page in paths


def test_words_elsewhere_say_what_each_of_their_terms_means() -> None:
    html = explained("Test & accuracy", "test set", "accuracy", label="a < b")
    assert 'aria-label="a &lt; b">Test &amp; accuracy<' in html
    for name in ("test set", "accuracy"):
        says = next(term.says for term in TERMS if term.name == name)
        assert f"<strong>{name}</strong>: {says}</span>" in unescape(html)
    (shown,) = re.findall(r' id="([^"]*)"', html)
    assert f'aria-describedby="{shown}"' in html
    with pytest.raises(KeyError):
        explained("word", "word")
