"""A confusion matrix whose cells can be pressed: a table of buttons, for mouse, finger and keys.

`on_select` of Streamlit's Plotly charts tells nothing of heat maps.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import numpy as np
from numpy.typing import NDArray

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
            # As on the board: of a whole class it is 1, and small numbers show.
            "tints": np.sqrt(np.minimum(share, 1)).round(3).tolist(),
            "chosen": list(chosen),
            "presses": presses,
        },
        on_cell_change=on_cell_change,
    )
