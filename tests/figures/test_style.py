"""One set of colours, sizes and spaces: stated once, legible, and apart for every eye."""

from __future__ import annotations

import re
from configparser import ConfigParser
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from playground.figures import compare, style

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "playground"
SOURCES = sorted(
    path
    for path in PACKAGE.rglob("*")
    if path.suffix in (".py", ".js", ".css") and path != PACKAGE / "figures/style.py"
)
_NAMES = "white|black|gr[ae]y|red|blue|green|orange|yellow|purple|pink|brown|cyan|magenta"
_LITERALS = (
    r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})(?![0-9a-zA-Z_-])",
    r"\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\(\s*[\d.]",
    # In a value little stands before a colour's name; a sentence is longer.
    rf"(?:colou?r|fill|stroke|background|border|outline|shadow)[\w-]*[\"']?\s*[:=][^;,\n]{{0,24}}"
    rf"(?<![\w{{-])(?:{_NAMES})(?![\w-])",
)
_SIZES = (
    r"font-size[\"']?[:=] ?[\"']?([^;}\"']+)",
    r"(?<![\w-])font: ?([^;}\n]*\d[^;}\n]*)[;}]",
    r"font[\"']?[:=] ?\{[^}]*[\"']size[\"']: ?(\d[\d.]*)",
)
# A selector with :has(), without its brace.
_HAS = re.compile(r"[^{};]*:has\([^{]*(?=\{)")
# To the end of the line, unless it begins in an address.
_LINE_COMMENT = {".py": r"(?:^|(?<=\s\s))[ \t]*#(?: [^\n]*|$)", ".js": r"(?<!:)//[^\n]*"}


def themes() -> dict[str, dict[str, str]]:
    parser = ConfigParser()
    parser.optionxform = str  # type: ignore[method-assign,assignment]
    parser.read(ROOT / ".streamlit/config.toml")
    return {
        name: {key: value.strip('"') for key, value in parser[f"theme.{name}"].items()}
        for name in ("light", "dark")
    }


THEMES = themes()


def linear(colour: str) -> NDArray[np.float64]:
    channels = np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """By WCAG 2, 1 to 21."""
    luminances = [linear(colour) @ [0.2126, 0.7152, 0.0722] for colour in (one, other)]
    return float((max(luminances) + 0.05) / (min(luminances) + 0.05))


def mixed(colour: str, behind: str, share: float) -> str:
    """So much of a colour over another one."""
    parts = [[int(c[start : start + 2], 16) for start in (1, 3, 5)] for c in (colour, behind)]
    mix = [round(share * a + (1 - share) * b) for a, b in zip(*parts, strict=True)]
    return "#" + "".join(f"{part:02x}" for part in mix)


# What eyes without one kind of cone see, in linear RGB: Machado, Oliveira and Fernandes 2009.
EYES = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
# From linear RGB to cones, and from there to OKLab, in which equal distances look equal.
_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def seen(colour: str, eye: str) -> NDArray[np.float64]:
    """What an eye makes of a colour, in linear RGB."""
    return np.clip(EYES[eye] @ linear(colour), 0, 1)


def apart(one: str, other: str, eye: str) -> float:
    """How far apart two colours look, 0 to 100; 2 is just seen side by side."""
    places = [_OKLAB @ np.cbrt(_CONES @ seen(colour, eye)) for colour in (one, other)]
    return float(100 * np.linalg.norm(places[0] - places[1]))


# From linear sRGB to CIE XYZ (IEC 61966-2-1), and from there to CIELAB.
_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_OPPONENT = np.array([[0, 116, 0], [500, -500, 0], [0, 200, -200]])


def cielab(colour: str, eye: str) -> NDArray[np.float64]:
    share = _XYZ @ seen(colour, eye) / (_XYZ @ np.ones(3))
    root = np.where(share > 216 / 24389, np.cbrt(share), (24389 / 27 * share + 16) / 116)
    return np.asarray(_OPPONENT @ root - [16, 0, 0])


# The least distances in CIELAB between Okabe and Ito's six, which ours are not to fall below.
OKABE_ITO = {"usual": 26.4, "protanopia": 20.6, "deuteranopia": 17.8, "tritanopia": 16.0}


def without_comments(text: str, suffix: str) -> str:
    """The code of a file with this suffix; the styles in Python have comments of their own."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    line = _LINE_COMMENT.get(suffix)
    return re.sub(line, "", text, flags=re.MULTILINE) if line else text


def stated(text: str) -> list[str]:
    """The colours, and the sizes of text, that code has of its own."""
    colours = [match for literal in _LITERALS for match in re.findall(literal, text)]
    sizes = [match for size in _SIZES for match in re.findall(size, text)]
    named = r"var\(--pg-|inherit|clamp\(.*var\(--pg-"
    return [*colours, *(size for size in sizes if not re.match(named, size))]


@pytest.mark.parametrize(
    ("suffix", "code", "found"),
    [
        (".py", "# blue: #0072b2\nline = '#0072b2'\n", ["#0072b2"]),
        (".py", "x = 1  # color: red\ny = 3 // 2\n_STYLE = 'color: red'\n", ["color: red"]),
        (".js", "f(); // '#123'\nconst at = 'https://x'; const dark = '#123';\n", ["#123"]),
        (".js", "/* color: red\n */ const style = 'font-size: 12px';\n", ["12px"]),
        (
            ".css",
            "/* red */ a { color: red; font: 15px/1.5 serif; }",
            ["color: red", "15px/1.5 serif"],
        ),
        (
            ".css",
            "a { color: var(--pg-blue); font-size: var(--pg-text-small); font: inherit; }",
            [],
        ),
        (".py", 'font={"family": "serif", "size": 9}', ["9"]),
        (".py", "fill: close the outline and fill it with grey, 0 to 255", []),
    ],
)
def test_a_comment_ends_where_it_ends_and_what_follows_is_seen(
    suffix: str, code: str, found: list[str]
) -> None:
    assert stated(without_comments(code, suffix)) == found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_colours_sizes_and_spaces_are_stated_in_one_place(path: Path) -> None:
    text = without_comments(path.read_text("utf-8"), path.suffix)
    assert stated(text) == [], "colours and sizes are stated in figures/style.py"
    used = set(re.findall(r"var\(--pg-([\w-]+)", text))
    assert used <= set(re.findall(r"--pg-([\w-]+):", style.css_variables() + text))
    spaces = re.findall(r"(?:padding|margin|gap)(?:-\w+)*: ?([^;}]+)", text)
    small = [rem for value in spaces for rem in re.findall(r"(?<![\d.(-])([\d.]+)rem", value)]
    # What is larger is a place on the page.
    assert all(float(rem) >= 2 for rem in small), f"{small}: spaces are var(--pg-space-…)"


def around_has(selector: str) -> list[tuple[str, str]]:
    """What stands in a selector before and after each :has(), up to a space, comma or bracket."""
    selector = re.sub(r":not\((:has\([^()]*\))\)", r"\1", " ".join(selector.split()))
    found = re.finditer(r"([^\s>+~(,]*):has\((?:[^()]|\([^()]*\))*\)([^,]*)", selector)
    return [(before, after.rstrip()) for before, after in (match.groups() for match in found)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_what_comes_on_the_page_has_no_styles_made_again_but_its_own(path: Path) -> None:
    """A browser asks again for :has() wherever something is put on the page, as Plotly does.

    Without a name beside it, that is asked for every element; with anything behind it, the styles
    of all that may stand behind it are made again, hundreds of elements at each stroke of a chart.
    """
    for selector in _HAS.findall(without_comments(path.read_text("utf-8"), path.suffix)):
        for before, after in around_has(selector):
            assert re.match(r"[.#\[\w]", before), f"{selector}: a name belongs before :has()"
            assert not re.search(r"[\s>+~)]", after), f"{selector}: nothing may follow :has()"


@pytest.mark.parametrize("theme", THEMES)
def test_text_is_legible(theme: str) -> None:
    page = THEMES[theme]
    text = page["textColor"]
    muted = re.search(r"--pg-muted: color-mix\(in srgb, currentColor (\d+)%", style.css_variables())
    assert muted is not None
    for behind in (page["backgroundColor"], page["secondaryBackgroundColor"]):
        assert contrast(text, behind) >= 4.5
        assert contrast(mixed(text, behind, int(muted[1]) / 100), behind) >= 4.5
    # What is written on the cells of a matrix is in the page's colour.
    for colour in (style.BLUE, style.NEGATIVE, style.POSITIVE):
        cell = mixed(colour, page["backgroundColor"], style.TINT)
        assert contrast(text, cell) >= 4.5
    assert page["primaryColor"] == style.ACCENT
    assert contrast(style.PAPER, style.ACCENT) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_lines_and_weights_stand_out_from_the_page(theme: str) -> None:
    behind = THEMES[theme]["backgroundColor"]
    for colour in (*style.COLOURS, style.GRAY, style.ACCENT, style.NEGATIVE, style.POSITIVE):
        assert contrast(colour, behind) >= 3
    assert contrast(mixed(style.GRAY, behind, style.FAINT), behind) >= 3
    # Lines whose colour is between those of a scale's ends.
    (_, low), (_, high) = compare.LINE_SCALE
    for share in np.linspace(0, 1, 21):
        assert contrast(mixed(high, low, float(share)), behind) >= 3


@pytest.mark.parametrize("eye", EYES)
def test_colours_are_apart_for_every_eye(eye: str) -> None:
    distances = {pair: apart(*pair, eye) for pair in combinations(style.COLOURS, 2)}
    assert min(distances.values()) > 7, distances
    places = [cielab(colour, eye) for colour in style.COLOURS]
    least = min(float(np.linalg.norm(a - b)) for a, b in combinations(places, 2))
    assert least > OKABE_ITO[eye]
    assert apart(style.NEGATIVE, style.POSITIVE, eye) > 20


def test_signs_have_the_same_two_colours_everywhere_and_0_shows_the_page() -> None:
    below, zero, still_zero, above = style.SIGNED_SCALE
    assert [below[1], above[1]] == [style.faded(style.NEGATIVE, 1), style.faded(style.POSITIVE, 1)]
    assert [zero[1], still_zero[1]] == [
        style.faded(style.NEGATIVE, 0),
        style.faded(style.POSITIVE, 0),
    ]
    assert style.faded("#0072B2", 0.5) == "rgba(0,114,178,0.5)"
