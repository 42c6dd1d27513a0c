"""How the values of settings are written in files and messages."""

from __future__ import annotations


def show_value(value: object) -> str:
    """A setting's value: layers as 128-64, a number as short as can be, but never rounded."""
    if isinstance(value, tuple):
        return "-".join(map(str, value)) or "none"
    if isinstance(value, float):
        short = f"{value:g}"
        return short if float(short) == value else repr(value)
    return str(value)
