"""A confusion matrix whose cells can be pressed: a table of buttons, for mouse, finger and keys.

`on_select` of Streamlit's Plotly charts tells nothing of heat maps.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from html import escape

import numpy as np
from numpy.typing import NDArray
from plotly.colors import sample_colorscale

from playground.dataset import class_names
from playground.locales import t
from playground.ui.common.mount import mount

_HTML = '<div class="matrix" role="grid" aria-label="{name}" data-testid="inside-matrix"></div>'


def matrix(
    counts: NDArray[np.int64],
    chosen: tuple[int, int],
    *,
    key: str,
    presses: int,
    on_cell_change: Callable[[], None],
) -> None:
    """Show the counts; a press on a cell sets `cell`, [true label, predicted label].

    Args:
        counts: (10, 10), rows true, columns predicted.
        chosen: the cell that is marked: true label, predicted label.
        key: Streamlit's key of the component.
        presses: how often a cell was pressed on the board; with each the page goes to this matrix.
        on_cell_change: called before the script run that a press causes.
    """
    share = counts / max(1, int(counts.sum()) / len(counts))
    mount(
        "confusion_matrix",
        _HTML.format(name=escape(t("Confusion matrix"))),
        "inside/matrix.css",
        "inside/matrix.js",
        key=key,
        data={
            "labels": class_names(),
            "counts": counts.tolist(),
            "colours": [[_colours(float(x)) for x in row] for row in share],
            "chosen": list(chosen),
            "presses": presses,
        },
        on_cell_change=on_cell_change,
    )


def _colours(share: float) -> tuple[str, str]:
    """The colour of a cell that holds this share of a class, as on the board, and of its text."""
    return _step_colours(round(255 * min(share, 1.0) ** 0.5))


@lru_cache(256)
def _step_colours(step: int) -> tuple[str, str]:
    [colour] = sample_colorscale("Cividis", [step / 255])
    return colour, "#000" if step > 0.6 * 255 else "#fff"
