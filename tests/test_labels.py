"""Words for runs, and words from outside."""

from __future__ import annotations

import re

import pytest

from playground.ui.labels import plain


@pytest.mark.parametrize(
    "text",
    ["[press](http://example.org)", "![](http://x.org/a.png)", "<b>x</b>", ":red[x] $x$ `x` a*b*"],
)
def test_words_from_outside_are_no_markdown(text: str) -> None:
    # In CommonMark a backslash before punctuation makes it a plain character.
    shown = plain(text)
    assert re.sub(r"\\(.)", r"\1", shown) == text
    assert not re.search(r"(?<!\\)[\[\]()<>!`*:$]", shown)
