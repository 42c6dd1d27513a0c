"""A lab report: whatever is in it, the page has our elements only, and shows the text as it is."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.classroom.report.charts import MOST_LINES, curves_svg, spread
from playground.classroom.report.data import Chapter, Curves, Look, Prediction, Report, Table
from playground.classroom.report.page import page
from playground.figures import style

# Elements that have no end.
_VOID = {"meta", "line", "circle", "polyline"}
_NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style></title><svg onload=alert(1)>",
    "&lt;b&gt; &amp; <!-- x",
    "]]> <?php x ?> {name} %s",
    "javascript:alert(1)",
)
_TEXTS = st.one_of(
    st.sampled_from(_NASTY),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
    st.text("<>\"'&/=!- abcdefghij", max_size=30),
)


def chapter(text: str) -> Chapter:
    """A chapter that has everything, and this text in every place."""
    points = ((0.0, 0.1), (1.0, float("nan")), (2.0, 0.7))
    curves = Curves(text, 5, 0.0, 1.0, ((text, points), (text, ())))
    return Chapter(
        title=text,
        text=(text, text),
        prediction=Prediction(text, (text, text), 0, 1, (text,), curves),
        goal=(text,),
        cell=(text,),
        runs=Table((text, text), ((text, text), (text, text)), 1),
        curves=curves,
        compared=((text, text),),
        question=text,
        words=text,
        envelope=(text,),
        script=text,
    )


def report(text: str) -> Report:
    """A report with this text in every place."""
    return Report(text, text, text, text, (text,), (chapter(text),))


class Parsed(HTMLParser):
    """All elements, their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.values: list[tuple[str, str]] = []
        self.text = ""
        self.open: list[str] = []
        self.strange: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        self.values += [(name, value or "") for name, value in attrs]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without content."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        """An element ends; it must be the one that was begun last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text."""
        self.text += data

    def handle_comment(self, data: str) -> None:
        """There are none."""
        self.strange.append(data)

    def unknown_decl(self, data: str) -> None:
        """There are none."""
        self.strange.append(data)

    def handle_pi(self, data: str) -> None:
        """There are none."""
        self.strange.append(data)


LOOK = Look(style.css_variables(), style.COLOURS)
OURS = Parsed(page(report("x"), LOOK))


@given(_TEXTS)
def test_no_text_makes_an_element_or_an_attribute(text: str) -> None:
    found = Parsed(page(report(text), LOOK))
    assert {*found.elements} <= {*OURS.elements}
    assert found.open == []
    assert found.strange == []
    for name, value in found.values:
        if name not in ("aria-label", "lang"):
            assert (name, value) in OURS.values or not text.strip()


@pytest.mark.parametrize("text", _NASTY)
def test_every_text_is_shown_as_it_is(text: str) -> None:
    """Field by field: the page has it, and no other field has it in its place."""
    calm = report("calm")
    places = [("name", replace(calm, name=text)), ("said", replace(calm, said=(text,)))]
    for field in fields(Chapter):
        nasty, one = chapter(text), chapter("calm")
        changed = replace(one, **{field.name: getattr(nasty, field.name)})
        places.append((field.name, replace(calm, chapters=(changed,))))
    for name, changed_report in places:
        parsed = Parsed(page(changed_report, LOOK))
        shown = " ".join(parsed.text.split())
        assert " ".join(text.split()) in shown, name
        assert {*parsed.elements} <= {*OURS.elements}


def test_every_field_is_tried() -> None:
    def texts(value: Any) -> list[str]:
        if isinstance(value, str):
            return [value]
        if isinstance(value, tuple):
            return [text for each in value for text in texts(each)]
        if is_dataclass(value):
            return [t for one in fields(value) for t in texts(getattr(value, one.name))]
        return []

    assert set(texts(report("x"))) == {"x"}


def test_the_page_needs_nothing_else() -> None:
    html = page(report("x"), LOOK)
    assert "http://" not in html
    assert "https://" not in html
    tags = {tag for tag, _ in OURS.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "form", "a"}
    policy = next(value for name, value in OURS.values if "default-src" in value)
    assert "default-src 'none'" in policy
    assert "@page { size: A4" in html


def test_an_empty_report_says_so() -> None:
    assert "Nothing has been done" in page(Report("en", "Mina", "", "2026-03-04"), LOOK)


@given(st.lists(st.floats(-1e3, 1e3), max_size=8))
def test_names_of_lines_stay_apart_and_in_order(wanted: list[float]) -> None:
    placed = spread(wanted)
    pairs = sorted(zip(wanted, placed, strict=True))
    for (_, one), (_, other) in pairwise(pairs):
        assert other - one > 17.9 or wanted.count(pairs[0][0]) > 1


def test_points_lie_where_the_axes_say() -> None:
    chart = Curves("Accuracy", 4, 0.0, 1.0, (("a", ((0.0, 0.0), (2.0, 0.5), (4.0, 1.0))),))
    svg = curves_svg(chart, LOOK.colours)
    # 48 to 476 across four epochs, 216 to 14 from 0 to 1.
    assert 'points="48.0,216.0 262.0,115.0 476.0,14.0"' in svg
    assert "a: 1.000 at the end" in svg


def test_every_line_differs_even_where_there_are_fewer_colours() -> None:
    chart = Curves("Accuracy", 1, 0.0, 1.0, tuple((f"{i}", ((0.0, 0.5),)) for i in range(9)))
    lines = re.findall(r"<polyline [^>]*(stroke=.*?)/>", curves_svg(chart, ("red", "blue")))
    assert len(lines) == len(set(lines)) == MOST_LINES
    assert all(
        line.startswith(f'stroke="{("red", "blue")[i % 2]}"') for i, line in enumerate(lines)
    )


def test_every_colour_size_and_space_of_the_page_is_given() -> None:
    html = page(report("x"), LOOK)
    used = set(re.findall(r"var\((--pg-[\w-]+)", html))
    assert used
    assert used <= set(re.findall(r"(--pg-[\w-]+):", LOOK.variables))
