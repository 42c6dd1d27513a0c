"""What the networks of a class call the newest drawing, and which drawings they understand best."""

from __future__ import annotations

from html import escape

from playground.classroom.views.audiences import SCREEN, TEACHER
from playground.dataset import class_names
from playground.locales import language, sentences, t
from playground.ui.classroom.here import Here
from playground.ui.common.mount import mount

_HTML = """
<section class="class-guesses" hidden data-testid="class-guesses" aria-label="{name}">
  <p class="cg-says"></p>
  <div class="cg-newest" hidden>
    <figure><canvas width="28" height="28" role="img"></canvas><figcaption></figcaption></figure>
    <ul></ul>
  </div>
  <h2 hidden>{ranking}</h2>
  <ol hidden></ol>
</section>
"""


def show_guesses(found: Here) -> None:
    """The drawings of the activity that the class is at, live; it hides where nothing is drawn.

    On a member's page, which says by itself when there is something new, it is there only where
    the activity is one to draw in.
    """
    at = found.view["at"]
    if found.audience not in (TEACHER, SCREEN) and (at is None or not at["activity"]["draw"]):
        return
    mount(
        "class_guesses",
        _HTML.format(
            name=escape(t("What the networks guess")),
            ranking=escape(t("Understood by the most networks")),
        ),
        "classroom/drawing/guesses.css",
        "classroom/drawing/guesses.js",
        key="class_guesses",
        data={
            "token": found.token,
            "view": found.view,
            "labels": list(class_names()),
            "large": found.audience == SCREEN,
            "sentences": sentences(language()),
        },
    )
