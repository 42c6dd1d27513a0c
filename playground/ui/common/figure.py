"""A figure with a caption that says what it shows, changed in place while numbers come in.

`st.plotly_chart` of Streamlit 1.67 builds the chart again at every change of its data: it flickers,
and zoom and hover label are lost.
"""

from __future__ import annotations

import json

import plotly.graph_objects as go
import streamlit as st

from playground.figures.style import TEXT, TRANSPARENT
from playground.ui.common.mount import mount

_HTML = '<div class="figure-box"><div class="figure" role="group"></div></div>'


def show_figure(figure: go.Figure, caption: str, key: str, least_width: int = 0) -> None:
    """Show a figure, and below it its caption, which a screen reader reads in the figure's place.

    Args:
        figure: sets its height; text and grid without a colour of their own take the page's.
        caption: what the figure shows, in sentences.
        key: Streamlit's key; a figure under the same key changes the one that is there.
        least_width: pixels; where there is less room it scrolls within its own box.
    """
    figure.update_layout(
        template="none",
        paper_bgcolor=TRANSPARENT,
        plot_bgcolor=TRANSPARENT,
        font={"size": TEXT},
    )
    mount(
        "figure",
        _HTML,
        "common/figure.css",
        "common/figure.js",
        key=key,
        data={
            "figure": json.loads(figure.to_json()),
            "caption": caption,
            "leastWidth": least_width,
        },
    )
    st.caption(caption)
