"""Put a component of ours, HTML with its CSS and JavaScript, on the page."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from playground.locales import SOURCE_LANGUAGE, browser, language

_UI = Path(__file__).parents[1]


def mount(name: str, html: str, css: str, js: tuple[str, ...], **options: Any) -> Any:
    """Mount a component; returns its result.

    It is registered with every script run, which changes nothing: before Streamlit 1.67 a new
    runtime, which each AppTest makes, knows no component that was registered at import.

    Args:
        name: of the component.
        html: its elements, with words in the visitor's language.
        css, js: files below `ui`; those of `js` are joined.
        options: as Streamlit's components take them: key, data, on_…_change. What the component
            says in JavaScript is added to `data`, in the visitor's language.
    """
    spoken = language()
    # One server shows the same component in several languages: each has a definition of its own.
    if spoken != SOURCE_LANGUAGE:
        name = f"{name}_{spoken}"
    options["data"] = {
        **options.get("data", {}),
        "language": spoken,
        "catalogue": browser(spoken),
    }
    component = st.components.v2.component(
        name, html=html, css=_read(css), js="\n".join(map(_read, js)), isolate_styles=False
    )
    return component(**options)


@lru_cache
def _read(name: str) -> str:
    return (_UI / name).read_text("utf-8")
