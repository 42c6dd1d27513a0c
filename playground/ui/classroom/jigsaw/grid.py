"""The map of a jigsaw, which fills while the class trains."""

from __future__ import annotations

from html import escape

from playground.classroom.views.audiences import SCREEN, TEACHER
from playground.config import RunConfig
from playground.locales import t
from playground.ui.classroom.here import Here
from playground.ui.common.labels import setting_name
from playground.ui.common.mount import mount

_HTML = """
<section class="class-grid" hidden data-testid="class-grid" aria-label="{name}">
  <p class="class-grid-says"></p>
  <div class="class-grid-scroll" tabindex="0"></div>
</section>
"""


def show_grid(found: Here) -> None:
    """The heat map of validation accuracies, live; it hides where there is nothing to be seen.

    On a member's page, which says by itself when there is something new, it is there only then.
    """
    at = found.view["at"]
    if found.audience not in (TEACHER, SCREEN) and (at is None or at["grid"] is None):
        return
    mount(
        "class_grid",
        _HTML.format(name=escape(t("The map that the class fills together"))),
        "classroom/jigsaw/grid.css",
        "classroom/jigsaw/grid.js",
        key="class_grid",
        data={
            "token": found.token,
            "view": found.view,
            "names": {name: setting_name(name) for name in RunConfig.model_fields},
            "large": found.audience == SCREEN,
        },
    )
