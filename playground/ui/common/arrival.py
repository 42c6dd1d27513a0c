"""Makes sure that the page of a pressed link is shown, even if another script run is asked for."""

from __future__ import annotations

from playground.ui.common.mount import mount


def watch_links(page: str) -> None:
    """Call this once in every run of the whole script; it shows nothing.

    Args:
        page: the path in the address of the page that runs; the first page's is empty.
    """
    mount(
        "arrival",
        "<span hidden></span>",
        "common/arrival.css",
        "common/arrival.js",
        key="arrival",
        data={"page": page},
    )
