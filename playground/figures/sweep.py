"""A sweep of one setting: what its values lead to, each seed and the mean."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from playground.figures.style import (
    BLUE,
    GRAY,
    PERCENT,
    PERCENT_TICKS,
    lay_out,
    name_at_ends,
    unnamed,
)
from playground.locales import t

# Where values span more than this factor, they stand on a logarithmic scale.
_WIDE = 20


def sweep_curve(
    setting: str,
    values: Sequence[object],
    texts: Sequence[str],
    accuracies: Sequence[Sequence[float]],
) -> go.Figure:
    """The validation accuracy by the value of a setting, empty where there is none yet.

    Args:
        setting: its name.
        values: numbers are placed by their size, in order; all others one beside the other.
        texts: how the values are shown.
        accuracies: of each value one for each seed that has a result, 0 to 1.
    """
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    by_size = len(numbers) == len(values)
    positions: Sequence[float] = numbers if by_size else range(len(values))
    order = sorted(range(len(values)), key=lambda i: positions[i])
    figure = go.Figure()
    figure.add_scatter(
        x=[positions[i] for i in order for _ in accuracies[i]],
        y=[accuracy for i in order for accuracy in accuracies[i]],
        mode="markers",
        name=t("Each run"),
        marker={"size": 7, "color": GRAY, "symbol": "circle-open"},
        hovertemplate=unnamed(PERCENT),
    )
    means = [sum(each) / len(each) if each else None for each in accuracies]
    figure.add_scatter(
        x=[positions[i] for i in order],
        y=[means[i] for i in order],
        text=[texts[i] for i in order],
        mode="lines+markers" if by_size else "markers",
        name=t("Mean"),
        line={"color": BLUE, "width": 2.5},
        marker={"size": 10, "color": BLUE},
        hovertemplate=unnamed(f"%{{text}}: {PERCENT}"),
    )
    figure.update_xaxes(title_text=setting, tickvals=list(positions), ticktext=list(texts))
    # The values that are to come have their position from the start.
    if by_size and min(numbers) > 0 and max(numbers) > _WIDE * min(numbers):
        figure.update_xaxes(type="log")
    elif not by_size:
        figure.update_xaxes(range=[-0.5, len(values) - 0.5])
    figure.update_yaxes(title_text=t("Validation accuracy"), tickformat=PERCENT_TICKS)
    return name_at_ends(lay_out(figure, 360))
