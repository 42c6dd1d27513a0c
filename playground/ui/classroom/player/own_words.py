"""A place to write in one's own words: nothing that was typed is lost, whatever happens."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from playground.classroom.rules.log import MOST_WORDS
from playground.ui.common.mount import mount

_HTML = """
<div class="own-words">
  <label><span></span><textarea rows="5" disabled spellcheck="true"></textarea></label>
  <p role="status"></p>
</div>
"""


def own_words(key: str, label: str, saved: str, save: Callable[[str], None]) -> None:
    """Show the text that is saved, and save what is typed.

    Args:
        key: of the component, and of the draft in the browser's memory.
        label: the question.
        saved: what the class has.
        save: is given each new text, at most `MOST_WORDS` characters, plain.
    """

    def take() -> None:
        sent = st.session_state[key].get("text")
        if isinstance(sent, str) and len(sent) <= MOST_WORDS:
            save(sent)

    mount(
        "own_words",
        _HTML,
        "classroom/player/own_words.css",
        "classroom/player/own_words.js",
        key=key,
        data={"draft": key, "label": label, "saved": saved, "most": MOST_WORDS},
        on_text_change=take,
    )
