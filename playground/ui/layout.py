"""How pages are laid out: the product's name, and the style sheets for places on a page."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from html import escape
from pathlib import Path

import streamlit as st

from playground.figures.style import ACCENT, css_variables
from playground.locales import t
from playground.ui.common.mount import mount

_FOLDER = Path(__file__).parent
_SHEETS = ("fonts/hangul.css", "layout.css", "touch.css")
# A shirt of neurons.
_MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<path d="M11 5 3 9l3 6 3-1v13h14V14l3 1 3-6-8-4c-1 3-9 3-10 0Z" fill="none" '
    f'stroke="{ACCENT}" stroke-width="2" stroke-linejoin="round"/>'
    f'<path d="m13 15 7 3.5L13 22" fill="none" stroke="{ACCENT}"/>'
    f'<g fill="{ACCENT}"><circle cx="13" cy="15" r="2"/><circle cx="13" cy="22" r="2"/>'
    '<circle cx="20" cy="18.5" r="2"/></g></svg>'
)


@lru_cache(maxsize=1)
def _style() -> str:
    sheets = "\n".join((_FOLDER / name).read_text("utf-8") for name in _SHEETS)
    return f"<style>{css_variables()}\n{sheets}</style>"


@lru_cache(maxsize=1)
def _style_for_a_room() -> str:
    return f"<style>{(_FOLDER / 'projector.css').read_text('utf-8')}</style>"


def style_page() -> None:
    """Lay the page out as `layout.css` says, for fingers `touch.css`; it shows nothing."""
    st.html(_style())


def style_for_a_room() -> None:
    """Make the page legible from the back of a room; to be called beside what it is for."""
    st.html(_style_for_a_room())


def skip_to_settings() -> None:
    """A link before everything else on Train, seen while it has the focus, to the first setting."""
    mount(
        "skip",
        '<span class="skip" hidden></span>',
        "common/skip.css",
        "common/skip.js",
        key="skip",
        data={"words": t("Skip to the settings")},
    )


def product_name() -> None:
    """The product's name, and in one sentence what it is."""
    name = escape(t("Neural network playground"))
    says = escape(t("Build a neural network, press Train, watch it learn ten kinds of clothes."))
    mark = f"data:image/svg+xml;base64,{b64encode(_MARK.encode()).decode()}"
    st.html(
        f'<header class="product"><img src="{mark}" alt=""><h1>{name}</h1><p>{says}</p></header>'
    )
