"""Text on the pages of Learn: a term that is pointed at, or focused, says what it means."""

from __future__ import annotations

import re
from html import escape
from zlib import crc32

import streamlit as st

from playground.locales import t
from playground.ui.learn.terms import TERMS, first_mentions

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
        parts += [text[done:start], _term(escape(text[start:end]), name, escape(t(term.says)))]
        done = end
    return "".join([*parts, text[done:]])


def explained(shown: str, *names: str, label: str = "", stop: bool = True) -> str:
    """HTML of words outside the pages of Learn that say what the terms in them mean.

    Args:
        shown: the words, in the visitor's language.
        names: of the terms, as `TERMS` has them.
        label: what a screen reader calls it, if it is not what is shown.
        stop: whether the Tab key stops here.

    Raises:
        KeyError: there is no such term.
    """
    terms = {term.name: term for term in TERMS}
    says = "".join(
        f"<span><strong>{escape(t(name))}</strong>: {escape(t(terms[name].says))}</span>"
        for name in names
    )
    name = f"term-{crc32(' '.join((shown, *names)).encode()):x}"
    more = f' aria-label="{escape(label)}"' if label else ""
    return _term(escape(shown), name, says, more, 0 if stop else -1)


def _term(shown: str, name: str, says: str, more: str = "", tabindex: int = 0) -> str:
    return (
        f'<span class="term" tabindex="{tabindex}" role="note" aria-describedby="{name}"{more}>'
        f"{shown}"
        f'<span class="term-says" role="tooltip" id="{name}">{says}</span></span>'
    )
