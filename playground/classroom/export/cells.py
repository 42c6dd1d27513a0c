"""Tables as CSV that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for a formula (OWASP, “CSV Injection”).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

Cell = str | int | float | bool | None


def table(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table as CSV (RFC 4180), the first line its head.

    It begins with a byte order mark, without which Excel does not read UTF-8.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([safe(name) for name in head])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return "\ufeff" + text.getvalue()


def safe(cell: Cell) -> str:
    """A cell as text; what would be a formula has an apostrophe before it. Numbers are none."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = cell.replace("\0", "")
        # Spreadsheets skip spaces before they look.
        return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
    return str(cell)
