"""Words for runs, and words from outside."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from playground.config import RunConfig
from playground.events import Status
from playground.store.runs import RunInfo
from playground.ui.common.labels import config_label, plain, run_labels
from tests.test_config import CONFIGS

# What Streamlit's frontend 1.67 does to Markdown beside CommonMark: to the source, code and all; to
# what is neither code nor escaped; and to texts once they are read.
_IN_SOURCE = ":material/"
_BARE = re.compile(r":[a-z][a-z0-9-]*[\[{]|\$")
_IN_TEXTS = re.compile(
    r":material_\w+:|:streamlit:|:[\w+-]+:|(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)"
    r"|https?://|www\.|[-.\w+]+@[-\w]+\.[-\w]",
    re.IGNORECASE,
)
_NASTY = st.sampled_from(
    [
        "https://evil.example/a?b=c",
        "WWW.evil.example",
        "me@evil.example",
        ":material/home:",
        ":material_home:",
        ":smile:",
        ":+1:",
        ":streamlit:",
        ":red[x]",
        ":blue-background[x]",
        "$x$",
        "$$",
        "`",
        "``",
        "\\",
        "<b>",
        "<!-- -->",
        "&amp;",
        "->",
        "<-",
        "<->",
        "--",
        ">=",
        "~=",
        "[x](http://y.z)",
        "![](http://y.z/a.png)",
        "# ",
        "- ",
        "1. ",
        "> ",
        "|a|",
        "***",
        "~~a~~",
        "[^1]",
        "\n\n",
        "    ",
        ":",
        "/",
        "a",
    ]
)


@settings(max_examples=400)
@given(st.lists(_NASTY | st.text(max_size=4), max_size=8), st.sampled_from(["", "- ", "The run “"]))
def test_words_from_outside_are_shown_as_they_are(parts: list[str], before: str) -> None:
    text = "".join(parts)
    source = before + plain(text)
    assert _IN_SOURCE not in source
    assert not _BARE.search(re.sub(r"\\.|`[^`]*`", "_", source))
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(source)
    assert {token.type for token in tokens} <= _ALLOWED
    shown = ""
    for inline in (child for token in tokens for child in token.children or ()):
        assert inline.type in ("text", "text_special", "code_inline")
        assert inline.type == "code_inline" or not _IN_TEXTS.search(inline.content)
        shown += inline.content
    # Markdown has no NUL.
    wanted = before.removeprefix("- ") + text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    assert "".join(shown.split()) == "".join(wanted.split())


_ALLOWED = {
    f"{name}_{end}"
    for name in ("paragraph", "bullet_list", "list_item")
    for end in ("open", "close")
} | {"inline"}


def test_words_from_outside_keep_the_spaces_between_them() -> None:
    assert plain(" one\n two  https://three.example ") == "one two `https://three.example`"


def test_a_sentence_is_read_aloud_without_backslashes() -> None:
    said = 'Is it 0.9 (90 %), or less? "More", it\'s said; yes!'
    assert plain(said) == said
    assert plain("1. or 2)") == "1\\. or 2\\)"


@settings(deadline=None)
@given(CONFIGS, CONFIGS, st.sampled_from(list(RunConfig.model_fields)))
def test_no_two_configurations_have_one_label(a: RunConfig, b: RunConfig, name: str) -> None:
    """Neither any two, nor two that differ in one setting alone, nor one and the defaults."""
    near = RunConfig.model_validate({**a.model_dump(), name: getattr(b, name)})
    usual = RunConfig.model_validate({name: getattr(b, name)})
    for one, other in ((a, b), (a, near), (usual, RunConfig())):
        assert (config_label(one) == config_label(other)) == (one == other)


@pytest.mark.parametrize(
    ("settings", "label"),
    [
        ({}, "128 relu · adam 0.001 · batch 32"),
        ({"dropout": 0.2, "seed": 7}, "128 relu · adam 0.001 · batch 32 · dropout 0.2 · seed 7"),
        ({"scaling": "none"}, "128 relu · adam 0.001 · batch 32 · scaling none"),
        ({"train_images": 5_000}, "128 relu · adam 0.001 · batch 32 · 5,000 images"),
        ({"scaling": "min_max", "twins": 1}, "128 relu · adam 0.001 · batch 32 · twins 1"),
        (
            {"hidden_layers": (), "activation": "tanh", "learning_rate": 0.1 + 0.2},
            "softmax regression (tanh) · adam 0.30000000000000004 · batch 32",
        ),
        (
            {"loss": "categorical_crossentropy", "early_stop": False, "schedule": "cosine"},
            "128 relu · adam 0.001 cosine · batch 32 · categorical_crossentropy · no threshold",
        ),
    ],
)
def test_a_label_says_what_differs_from_the_defaults(settings: dict[str, Any], label: str) -> None:
    assert config_label(RunConfig.model_validate(settings)) == label


def test_no_two_runs_have_one_label_and_a_newer_one_changes_no_older_one() -> None:
    made = datetime(2026, 1, 2, 3, 4, tzinfo=timezone.utc)
    runs = [RunInfo(f"id{n}", "me", RunConfig(), Status.FINISHED, "", made) for n in range(4)]
    labels = run_labels(runs)
    assert list(labels) == [run.id for run in runs]
    assert len(set(labels.values())) == len(runs)
    assert run_labels(runs[1:]) == {run.id: labels[run.id] for run in runs[1:]}
