from __future__ import annotations

from playground.classroom.activities import Words
from playground.locales.pseudo import OPEN, PSEUDO


def test_a_text_is_said_in_the_languages_of_the_app() -> None:
    title = Words(en="A", ko="가")
    assert (title.text("en"), title.text("ko"), title.text("fr")) == ("A", "가", "A")
    assert title.text(PSEUDO).startswith(OPEN)
