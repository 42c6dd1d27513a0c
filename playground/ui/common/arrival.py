"""Makes sure that the page of a pressed link is shown, even if another script run is asked for."""

from __future__ import annotations

from playground.ui.common.mount import mount


def watch_links() -> None:
    """Call this once in every run of the whole script; it shows nothing."""
    mount(
        "arrival",
        "<span hidden></span>",
        "common/arrival.css",
        "common/arrival.js",
        key="arrival",
    )
