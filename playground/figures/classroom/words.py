"""What people have written, as plain text in a figure."""

from __future__ import annotations

from html import escape


def plain(text: str) -> str:
    """Text that Plotly shows as it is: it would read tags, links among them, and formats."""
    return escape(text, quote=False).replace("%{", "% {")
