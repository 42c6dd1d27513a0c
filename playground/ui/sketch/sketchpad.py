"""The sketchpad: a drawing made with mouse, pen, finger or keyboard.

The strokes live in the browser; at every change they come here with a picture of them, and go
back when the page is opened again. `pad/strokes.js` says what a stroke is.
"""

from __future__ import annotations

import base64
import binascii
import io
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from playground.drawing.quickdraw import MAX_POINTS, Strokes
from playground.ui import state
from playground.ui.common.mount import mount
from playground.ui.common.pictures import data_url
from playground.ui.sketch.drawing_state import MAX_PICTURE, checked

# Of the picture, in pixels; the sketchpad sends half as many.
_MAX_EDGE = 560

_HTML = """
<div class="sketchpad">
  <div class="sp-tools" role="group" aria-label="Drawing tools">
    <button type="button" value="pen" title="Draws dark lines.">Pen</button>
    <button type="button" value="eraser" title="Takes ink away.">Eraser</button>
    <button type="button" value="fill" title="Fills a closed outline with grey.">Fill</button>
    <button type="button" value="undo" title="Takes the last stroke back (Ctrl+Z).">Undo</button>
    <button type="button" value="redo" title="Brings it back again (Ctrl+Y).">Redo</button>
    <button type="button" value="clear" title="Empties the paper; Undo brings the drawing back."
      >Clear</button>
  </div>
  <div class="sp-paper">
    <img class="sp-guide" alt="" hidden>
    <canvas data-testid="sketchpad" role="application" tabindex="0" aria-label="Sketchpad"
      aria-describedby="sketchpad-keys"></canvas>
    <div class="sp-cursor"><div class="sp-ring" hidden></div></div>
  </div>
  <label class="sp-size" data-for="line" title="How wide the pen and the eraser are.">Brush size
    <input type="range" min="4" max="40" value="10" aria-label="Brush size">
    <span aria-hidden="true"></span></label>
  <label class="sp-size" data-for="fill" title="How dark the fill is." hidden>Fill grey
    <input type="range" min="12" max="97" step="5" value="57" aria-label="Fill grey">
    <span aria-hidden="true"></span><i aria-hidden="true"></i></label>
  <p class="sp-keys" id="sketchpad-keys">Arrow keys move, with Shift in small steps. Space or Enter
    puts the pen down and up, or fills.</p>
  <p class="sp-status" role="status"></p>
</div>
"""


def sketchpad(guide: NDArray[np.uint8] | None = None) -> NDArray[np.uint8] | None:
    """Show the sketchpad; one on a page.

    Args:
        guide: (28, 28), bright on black, shown faintly under the ink to draw along.

    Returns:
        What is on the paper, RGBA (280, 280, 4), transparent where there is no ink; None before
        the first stroke.
    """
    drawing = st.session_state.get(state.DRAWING) or {"version": 0, "strokes": []}
    if state.SKETCHPAD not in st.session_state:
        # The pad is new on the page. It gets what there is now and, as later changes come from
        # itself, never anything else.
        st.session_state[state.DRAWING_AT_FIRST] = {
            "version": drawing["version"],
            "strokes": drawing["strokes"],
            "most": MAX_POINTS,
        }
    mount(
        "sketchpad",
        _HTML,
        "sketch/pad/sketchpad.css",
        "sketch/pad/sketchpad.js",
        key=state.SKETCHPAD,
        data={
            **st.session_state[state.DRAWING_AT_FIRST],
            "guide": None if guide is None else data_url(_smooth(255 - guide)),
        },
        on_drawing_change=_keep,
    )
    if problem := st.session_state.get(state.DRAWING_PROBLEM):
        st.warning(problem)
    return decode(drawing.get("png"))


def _smooth(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Large and without corners: easier to draw along than 28 × 28 squares."""
    large = Image.fromarray(picture).resize((280, 280), Image.Resampling.BICUBIC)
    return np.asarray(large)


def pen_strokes() -> Strokes:
    """The pen's lines on the paper, without fills and what was erased, in the pad's units."""
    drawing = st.session_state.get(state.DRAWING) or {"strokes": ()}
    return tuple(
        ([round(x) for x in stroke["points"][::3]], [round(y) for y in stroke["points"][1::3]])
        for stroke in drawing["strokes"]
        if stroke["tool"] == "pen"
    )


def _keep() -> None:
    """Keep the drawing apart from the widget, which Streamlit forgets with the page."""
    try:
        drawing = checked(st.session_state[state.SKETCHPAD].get("drawing"))
    except ValueError as problem:
        # What was drawn before stays; nothing of this is kept, in the widget neither.
        st.session_state[state.DRAWING_PROBLEM] = str(problem)
        del st.session_state[state.SKETCHPAD]
    else:
        st.session_state[state.DRAWING] = drawing
        st.session_state.pop(state.DRAWING_PROBLEM, None)


def decode(url: Any) -> NDArray[np.uint8] | None:
    """The pixels of a PNG data URL, RGBA (h, w, 4); None if it is no small PNG.

    What the browser sends is checked: anybody can send anything.
    """
    if not isinstance(url, str) or len(url) > MAX_PICTURE:
        return None
    try:
        contents = base64.b64decode(url.partition("base64,")[2], validate=True)
        with Image.open(io.BytesIO(contents), formats=["PNG"]) as picture:
            if max(picture.size) > _MAX_EDGE:
                return None
            return np.asarray(picture.convert("RGBA"))
    except (binascii.Error, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
