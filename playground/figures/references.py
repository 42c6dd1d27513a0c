"""Published test accuracies, to compare a run's with."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

from playground.figures.style import BLUE, GRAY, live_axis, live_layout, unnamed
from playground.locales import mark, t


@dataclass(frozen=True)
class Reference:
    """A published test accuracy, 0 to 1."""

    name: str
    accuracy: float
    source: str


_PAPER = mark("arXiv 1708.07747, Table 3")
_README = mark("README of the Fashion-MNIST repository")
# The highest first.
REFERENCES = (
    Reference(mark("HOG + SVM"), 0.926, _README),
    Reference(mark("MLP, 100 relu"), 0.871, _PAPER),
    Reference(mark("Logistic regression"), 0.842, _PAPER),
    Reference(mark("People"), 0.835, _README),
)


def references_figure() -> go.Figure:
    """Published test accuracies, and below them this run's, which comes when it is tested."""
    own = t("This run")
    names = [t(reference.name) for reference in REFERENCES]
    written = {"mode": "markers+text", "textposition": "middle right", "texttemplate": "%{x:.1%}"}
    return go.Figure(
        [
            go.Scatter(
                x=[reference.accuracy for reference in REFERENCES],
                y=names,
                customdata=[t(reference.source) for reference in REFERENCES],
                marker={"size": 10, "color": GRAY},
                hovertemplate=unnamed(t("%{y}: %{x:.1%}<br>Source: %{customdata}")),
                **written,
            ),
            go.Scatter(
                x=[None],
                y=[own],
                marker={"size": 14, "color": BLUE, "symbol": "diamond"},
                hovertemplate=unnamed("%{y}: %{x:.1%}"),
                **written,
            ),
        ],
        live_layout(
            t("Test accuracy beside published results"),
            # Room for the numbers at the points.
            live_axis(tickformat=".0%", autorangeoptions={"include": [0.8, 0.96]}),
            live_axis(
                type="category",
                categoryarray=[*names, own],
                range=(len(names) + 0.5, -0.5),
                showgrid=False,
            ),
        ),
    )
