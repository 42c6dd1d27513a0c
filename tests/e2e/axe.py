"""axe-core on what a page shows: violations of WCAG 2.0 to 2.2, A and AA, and of best practice."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, NamedTuple

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.server import ROOT, SOON

_SOURCE = ROOT / "node_modules/axe-core/axe.min.js"
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Nothing but colours depends on the theme.
_OF_A_THEME = ["color-contrast"]
_MOST_BOXES = 30
Theme = Literal["light", "dark"]


class Own(NamedTuple):
    """A violation that is Streamlit's own.

    Attributes:
        rule: of axe-core.
        selector: of the element, or of one around it.
        reason: why it cannot be mended from here.
    """

    rule: str
    selector: str
    reason: str


OVERLAY = Own(
    "region",
    "#stFloatingOverlayPortal",
    "Streamlit hangs the hints of widgets beside its landmarks, at the end of the body. Each is "
    "read with its widget, which names it as its description.",
)
UPLOAD = Own(
    "presentation-role-conflict",
    '[data-testid="stFileUploaderDropzone"]',
    "Streamlit gives the place where files are dropped a name and no role; the button in it does "
    "the same and has both.",
)
SECTIONS = Own(
    "list",
    '[data-testid="stSidebarNavItems"]',
    "On a phone Streamlit puts the links of a section of the navigation into an element between "
    "list and items; neither it nor its role can be set.",
)
LINKS = Own("listitem", '[data-testid="stSidebarNavItems"] li', SECTIONS.reason)
# A test fails where one of these is no longer met.
OWN = (OVERLAY, UPLOAD, SECTIONS, LINKS)

# Colours that are on their way would be measured between two themes.
_STILL = "*, ::before, ::after { transition: none !important; animation: none !important; }"
_RUN = """async ([options, own]) => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const { violations } = await axe.run(document, { ...options, elementRef: true });
  return violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map(({ element, html, any, all, none }) => ({
      rule: id,
      own: own.findIndex(([rule, selector]) => rule === id && element.closest(selector)),
      text: `${id} (${impact}): ${help}: ${html.slice(0, 200)}: ` +
        [...any, ...all, ...none].map(({ message }) => message).join(" "),
    })));
}"""


@cache
def _source() -> str:
    if not _SOURCE.exists():
        message = "axe-core is not installed: npm ci"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return _SOURCE.read_text("utf-8")


@dataclass
class Audit:
    """What axe-core has found on all pages until now.

    Attributes:
        found: each violation that is ours, in words, and where it was seen first.
        met: those of `OWN` that were seen.
    """

    found: dict[str, str] = field(default_factory=dict)
    met: set[Own] = field(default_factory=set)

    def look(self, page: Page, where: str, both: bool = True) -> None:
        """Look at all of a page in the theme that it has, and at its colours in the other one too.

        It keeps the other one: each change of theme draws all figures again.

        Args:
            page: holds still.
            where: it is, in words.
            both: whether its colours are looked at in both; not needed for another language.
        """
        theme = theme_of(page)
        self._run(page, f"{where}, {theme}", {"type": "tag", "values": _TAGS})
        if both:
            other: Theme = "light" if theme == "dark" else "dark"
            set_theme(page, other)
            self._run(page, f"{where}, {other}", {"type": "rule", "values": _OF_A_THEME})

    def _run(self, page: Page, where: str, only: dict[str, Any]) -> None:
        if not page.evaluate("Boolean(window.axe)"):
            page.add_style_tag(content=_STILL)
            page.evaluate(_source())
        options = {"runOnly": only, "resultTypes": ["violations"], "preload": False}
        own = [[one.rule, one.selector] for one in OWN]
        for violation in page.evaluate(_RUN, [options, own]):
            if violation["own"] >= 0:
                self.met.add(OWN[violation["own"]])
            else:
                self.found.setdefault(violation["text"], where)

    def ours(self) -> list[str]:
        """All violations that are ours, in words."""
        return [f"{where}: {text}" for text, where in self.found.items()]


def theme_of(page: Page) -> Theme:
    """The theme that the browser asks for."""
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    return "dark" if dark else "light"


def set_theme(page: Page, theme: Theme) -> None:
    """Have the browser ask for a theme; returns when the page has it."""
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", theme, timeout=SOON)


def settle(page: Page) -> None:
    """Wait until no script runs and all figures are drawn."""
    page.wait_for_function(
        """() => document.querySelector(
             '[data-testid=stApp][data-test-script-state=notRunning] :is(h1, h2)')
           && !document.querySelector('[data-stale=true], [data-testid=stSkeleton], '
             + '.figure:not(.js-plotly-plot)')""",
        timeout=3 * SOON,
    )


def open_all(page: Page) -> None:
    """Open every box, also those within others."""
    closed = page.locator("[data-testid=stExpander] details:not([open]) > summary")
    for _ in range(_MOST_BOXES):
        if not (left := closed.count()):
            break
        closed.first.click()
        # What loads above moves a box away under the pointer; then it is pressed again.
        with contextlib.suppress(AssertionError):
            expect(closed).not_to_have_count(left, timeout=SOON // 4)
        settle(page)
    expect(closed).to_have_count(0)
