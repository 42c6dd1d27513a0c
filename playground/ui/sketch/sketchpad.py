"""The sketchpad: a drawing made with mouse, pen, finger or keyboard.

The strokes are kept in the browser. At every change they come here with an image of them, and
they go back when the page is opened again. `pad/strokes.js` says what a stroke is.
"""

from __future__ import annotations

import base64
import binascii
import io
from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from playground.drawing.quickdraw import MAX_POINTS, Strokes
from playground.locales import t
from playground.ui import state
from playground.ui.common.mount import mount
from playground.ui.common.pictures import data_url
from playground.ui.sketch.drawing_state import MAX_DRAWING, MAX_PICTURE, checked

# Of the image, in pixels; the sketchpad sends half as many.
_MAX_EDGE = 560

_HTML = """
<div class="sketchpad">
  <div class="sp-tools" role="group" aria-label="{tools}">
    <button type="button" value="pen" title="{pen_help}">{pen}</button>
    <button type="button" value="eraser" title="{eraser_help}">{eraser}</button>
    <button type="button" value="fill" title="{fill_help}">{fill}</button>
    <button type="button" value="undo" title="{undo_help}">{undo}</button>
    <button type="button" value="redo" title="{redo_help}">{redo}</button>
    <button type="button" value="clear" title="{clear_help}">{clear}</button>
  </div>
  <div class="sp-paper">
    <img class="sp-guide" alt="" hidden>
    <canvas data-testid="sketchpad" role="application" tabindex="0" aria-label="{sketchpad}"
      aria-describedby="sketchpad-keys"></canvas>
    <div class="sp-cursor"><div class="sp-ring" hidden></div></div>
  </div>
  <label class="sp-size" data-for="line" title="{size_help}">{size}
    <input type="range" min="4" max="40" value="10" aria-label="{size}">
    <span aria-hidden="true"></span></label>
  <label class="sp-size" data-for="fill" title="{grey_help}" hidden>{grey}
    <input type="range" min="12" max="97" step="5" value="57" aria-label="{grey}">
    <span aria-hidden="true"></span><i aria-hidden="true"></i></label>
  <p class="sp-keys" id="sketchpad-keys">{keys}</p>
  <p class="sp-status" role="status"></p>
</div>
"""


def _html() -> str:
    words = {
        "tools": t("Drawing tools"),
        "pen": t("Pen"),
        "pen_help": t("Draws dark lines."),
        "eraser": t("Eraser"),
        "eraser_help": t("Removes ink."),
        "fill": t("Fill"),
        "fill_help": t("Fills a closed outline with grey."),
        "undo": t("Undo"),
        "undo_help": t("Removes the last stroke (Ctrl+Z)."),
        "redo": t("Redo"),
        "redo_help": t("Brings the stroke back (Ctrl+Y)."),
        "clear": t("Clear"),
        "clear_help": t("Empties the paper; Undo brings the drawing back."),
        "sketchpad": t("Sketchpad"),
        "size": t("Brush size"),
        "size_help": t("How wide the pen and the eraser are."),
        "grey": t("Fill grey"),
        "grey_help": t("How dark the fill is."),
        "keys": t(
            "The arrow keys move the pen, with Shift in small steps. Space or Enter puts the pen "
            "down and up, or fills."
        ),
    }
    return _HTML.format_map({name: escape(text) for name, text in words.items()})


def sketchpad(guide: NDArray[np.uint8] | None = None) -> NDArray[np.uint8] | None:
    """Show the sketchpad; a page has only one.

    Args:
        guide: uint8 (28, 28), bright on black, shown faintly under the ink to trace.

    Returns:
        What is on the paper: uint8 RGBA (280, 280, 4), transparent where there is no ink; None
        before the first stroke.
    """
    drawing = st.session_state.get(state.DRAWING) or {"version": 0, "strokes": []}
    if state.SKETCHPAD not in st.session_state:
        # The pad is new on the page. It gets the drawing now and never again, because all later
        # changes come from the pad.
        st.session_state[state.DRAWING_AT_FIRST] = {
            "version": drawing["version"],
            "strokes": drawing["strokes"],
            "most": MAX_POINTS,
            "largest": MAX_DRAWING,
        }
    mount(
        "sketchpad",
        _html(),
        "sketch/pad/sketchpad.css",
        "sketch/pad/sketchpad.js",
        key=state.SKETCHPAD,
        data={
            **st.session_state[state.DRAWING_AT_FIRST],
            "guide": None if guide is None else data_url(_smooth(255 - guide)),
        },
        on_drawing_change=_remember_drawing,
    )
    if problem := st.session_state.get(state.DRAWING_PROBLEM):
        st.warning(problem)
    return decode(drawing.get("png"))


def _smooth(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A large image without corners: easier to trace than 28 × 28 squares."""
    large = Image.fromarray(image).resize((280, 280), Image.Resampling.BICUBIC)
    return np.asarray(large)


def pen_strokes() -> Strokes:
    """The pen's lines on the paper, in the pad's units, without fills and the eraser's lines."""
    drawing = st.session_state.get(state.DRAWING) or {"strokes": ()}
    return tuple(
        ([round(x) for x in stroke["points"][::3]], [round(y) for y in stroke["points"][1::3]])
        for stroke in drawing["strokes"]
        if stroke["tool"] == "pen"
    )


def _remember_drawing() -> None:
    """Remember the drawing outside the widget, which Streamlit forgets with the page."""
    try:
        drawing = checked(st.session_state[state.SKETCHPAD].get("drawing"))
    except ValueError as problem:
        # The drawing before this one stays; the widget forgets this one, too.
        st.session_state[state.DRAWING_PROBLEM] = str(problem)
        del st.session_state[state.SKETCHPAD]
    else:
        st.session_state[state.DRAWING] = drawing
        st.session_state.pop(state.DRAWING_PROBLEM, None)


def decode(url: object) -> NDArray[np.uint8] | None:
    """The pixels of a PNG data URL, uint8 RGBA (h, w, 4); None if it is not a small PNG.

    What the browser sends is checked, because anybody can send anything.
    """
    if not isinstance(url, str) or len(url) > MAX_PICTURE:
        return None
    try:
        contents = base64.b64decode(url.partition("base64,")[2], validate=True)
        with Image.open(io.BytesIO(contents), formats=["PNG"]) as image:
            if max(image.size) > _MAX_EDGE:
                return None
            return np.asarray(image.convert("RGBA"))
    except (binascii.Error, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
