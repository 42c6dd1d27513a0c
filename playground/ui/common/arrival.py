"""Sees to it that a page whose link was pressed is shown, whatever else asks for a run then."""

from __future__ import annotations

from playground.ui.common.mount import mount


def watch_links() -> None:
    """To be called once in every run of the whole script; shows nothing."""
    mount(
        "arrival",
        "<span hidden></span>",
        "common/arrival.css",
        "common/arrival.js",
        key="arrival",
    )
