"""A learning curve drawn by hand, with mouse, pen, finger or keys, and the real one over it.

What is drawn is kept in the browser's tab. Every change comes here, and goes back when the page is
opened again.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from playground.events import Status
from playground.locales import mark, t
from playground.ui import state
from playground.ui.classroom.curve.values import BOUNDS, Drawn, Metric, checked
from playground.ui.common.mount import mount

TITLES: dict[Metric, str] = {
    "loss": mark("Training loss"),
    "val_loss": mark("Validation loss"),
    "accuracy": mark("Training accuracy"),
    "val_accuracy": mark("Validation accuracy"),
}

_HTML = """
<div class="curve">
  <p class="curve-title" aria-hidden="true">{title}</p>
  <div class="curve-tools" role="group" aria-label="{tools}">
    <button type="button" value="undo" title="{undo_help}">{undo}</button>
    <button type="button" value="redo" title="{redo_help}">{redo}</button>
    <button type="button" value="clear" title="{clear_help}">{clear}</button>
  </div>
  <svg data-testid="curve-chart" role="application" tabindex="0" aria-describedby="curve-keys">
  </svg>
  <p class="curve-now"></p>
  <p class="curve-keys" id="curve-keys">{keys}</p>
  <p class="curve-alert" role="status" hidden></p>
  <p class="curve-status" role="status"></p>
</div>
"""


def _html(metric: Metric) -> str:
    words = {
        "title": t(TITLES[metric]),
        "tools": t("Drawing tools"),
        "undo": t("Undo"),
        "undo_help": t("Takes the last change of the curve back (Ctrl+Z)."),
        "redo": t("Redo"),
        "redo_help": t("Brings the change back (Ctrl+Y)."),
        "clear": t("Clear"),
        "clear_help": t("Empties the chart; Undo brings the curve back."),
        "keys": t(
            "The left and right arrow keys go along the epochs; up and down raise and lower the "
            "curve there, with Shift in small steps. Delete takes the point away."
        ),
    }
    return _HTML.format_map({name: escape(text) for name, text in words.items()})


def draw_curve(
    key: str,
    metric: Metric,
    epochs: int,
    values: Sequence[float] | None,
    *,
    locked: bool,
    run_id: str | None = None,
) -> tuple[float, ...] | None:
    """Show the chart on which a learning curve is drawn; returns what is drawn on it.

    Args:
        key: of the component, and of the curve in the tab's memory: no other curve has it, in no
            class and of no member.
        metric: what the curve is of.
        epochs: where the chart ends.
        values: what is stored of the curve: 41 numbers, equally spaced from epoch 0 to the last.
        locked: whether it can only be looked at; then `values` are shown.
        run_id: whose real curve is drawn over it, live.

    Returns:
        41 numbers as in `values`; what was not drawn is interpolated, and the ends are extended.
        None while nothing is drawn.
    """
    drawn = _stored(values) if locked else st.session_state.get(_place(key)) or _stored(values)
    low, high = BOUNDS[metric]
    mount(
        "drawn_curve",
        _html(metric),
        "classroom/curve/curve.css",
        "classroom/curve/curve.js",
        key=key,
        data={
            "curve": key,
            "version": drawn.version,
            "values": drawn.values,
            "locked": locked,
            "runId": run_id,
            "metric": metric,
            "title": t(TITLES[metric]),
            "epochs": epochs,
            "low": low,
            "high": high,
            "ended": [status.value for status in Status if status.ended],
        },
        on_curve_change=lambda: _take(key, metric),
    )
    if not locked and (problem := st.session_state.get(_problem(key))):
        st.warning(problem)
    return None if drawn.values is None else tuple(drawn.values)


def _stored(values: Sequence[float] | None) -> Drawn:
    return Drawn(version=0, values=None if values is None else [float(one) for one in values])


def _take(key: str, metric: Metric) -> None:
    """Remember the curve outside the widget, which Streamlit forgets with the page."""
    try:
        drawn = checked(st.session_state[key].get("curve"), metric)
    except ValueError as problem:
        # The curve before this one stays; the widget forgets this one, too.
        st.session_state[_problem(key)] = str(problem)
        del st.session_state[key]
    else:
        st.session_state[_place(key)] = drawn
        st.session_state.pop(_problem(key), None)


def _place(key: str) -> str:
    return f"{state.CURVE}_{key}"


def _problem(key: str) -> str:
    return f"{state.CURVE_PROBLEM}_{key}"
