"""Nothing is shown to a pointer alone: who has a keyboard or a finger finds it, too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

UI = Path(__file__).resolve().parents[3] / "playground/ui"
_RULE = re.compile(r"([^{}]+){([^{}]*)}")
# What brings something onto the page that is not there without; colours and lines do not.
_REVEALS = re.compile(
    r"(?:^|;)\s*(?:display|visibility|opacity|content|clip|clip-path|transform|overflow|inset|"
    r"(?:max-|min-)?(?:width|height)|top|left|right|bottom)\s*:"
)
_FOCUS = re.compile(r":(?:hover|focus-visible|focus-within|focus)\b")
# What a script does when a pointer comes by, and when the focus does.
_POINTER = re.compile(r"\b(?:mouseenter|mouseover|pointerenter|pointerover)\b")


def _each(selectors: str) -> list[str]:
    """Those of a list, but not those within brackets."""
    return [one.strip() for one in re.split(r",(?![^(]*\))", selectors)]


def revealed(css: str) -> list[str]:
    """Selectors that reveal something at a pointer and not at the focus."""
    plain = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    rules = [(which.strip(), what) for which, what in _RULE.findall(plain)]
    focused = {
        _FOCUS.sub(":focus", one) for which, _ in rules for one in _each(which) if ":focus" in one
    }
    found = []
    for which, what in rules:
        if ":hover" not in which or not _REVEALS.search(what) or ":is(:hover, :focus" in which:
            continue
        for one in _each(which):
            if ":hover" in one and _FOCUS.sub(":focus", one) not in focused:
                found.append(one)
    return found


@pytest.mark.parametrize("file", sorted(UI.rglob("*.css")), ids=lambda file: file.name)
def test_no_style_reveals_something_to_a_pointer_alone(file: Path) -> None:
    assert revealed(file.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "file",
    [file for file in sorted(UI.rglob("*.js")) if _POINTER.search(file.read_text("utf-8"))],
    ids=lambda file: file.name,
)
def test_no_script_shows_something_to_a_pointer_alone(file: Path) -> None:
    assert "focusin" in file.read_text("utf-8")


def test_what_reveals_is_known() -> None:
    shown = ".a:hover { color: red; } .b:hover > i { display: block; } /* .c:hover {top:0} */"
    assert revealed(shown) == [".b:hover > i"]
    assert revealed(shown + " .b:focus > i { display: block; }") == []
    assert revealed(".b:is(:hover, :focus) > i { display: block; }") == []
    assert revealed(".b:hover, .b:focus-visible { opacity: 1; }") == []
    assert revealed(".a:hover, .b:focus { opacity: 1; }") == [".a:hover"]
