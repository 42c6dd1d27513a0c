"""Text on the pages of Learn: a term that is pointed at, or focused, says what it means."""

from __future__ import annotations

import re
from html import escape
from zlib import crc32

import streamlit as st

from playground.locales import t
from playground.ui.learn.terms import first_mentions

_BOLD = re.compile(r"\*\*(.+?)\*\*")


def prose(text: str) -> None:
    """Show Markdown; the first mention of each of the lecture's terms explains itself.

    Args:
        text: of ours, in the visitor's language; nothing from outside, since HTML in it is HTML.
    """
    st.markdown(with_terms(text), unsafe_allow_html=True)


def with_terms(text: str) -> str:
    """Markdown with its terms as HTML that `layout.css` shows."""
    # Between the HTML of a term and a Korean particle, Markdown's stars would end nothing.
    text = _BOLD.sub(r"<strong>\1</strong>", text)
    parts, done = [], 0
    for start, end, term in first_mentions(text):
        name = f"term-{crc32(text.encode()):x}-{start}"
        parts += [
            text[done:start],
            f'<span class="term" tabindex="0" role="note" aria-describedby="{name}">'
            f"{escape(text[start:end])}"
            f'<span class="term-says" role="tooltip" id="{name}">{escape(t(term.says))}</span>'
            "</span>",
        ]
        done = end
    return "".join([*parts, text[done:]])
