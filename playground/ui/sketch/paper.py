"""Where a drawing comes from: the sketchpad, a photo or the camera."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.dataset import CLASS_NAMES, load_data
from playground.drawing.photo import FORMATS, MAX_BYTES, PhotoError, item_ink, read_photo
from playground.drawing.preprocessing import Step
from playground.drawing.quickdraw import Strokes
from playground.network.explain import typical
from playground.ui import state
from playground.ui.sketch.sketchpad import pen_strokes, sketchpad

_PAD, _PHOTO, _CAMERA = "Sketchpad", "Photo", "Camera"


class Paper(NamedTuple):
    """What there is to judge.

    Attributes:
        canvas: dark ink on light paper, as `playground.drawing.preprocessing.ink` takes it; None if
            there is none yet.
        before: what was done before there was such a canvas.
        strokes: the pen's lines, if it was drawn here.
        hint: what to do if there is nothing to judge.
    """

    canvas: NDArray[np.uint8] | None
    before: list[Step]
    strokes: Strokes
    hint: str


def paper_input() -> Paper:
    """Let the user draw, or choose or take a photo."""
    sources = (_PAD, _PHOTO, _CAMERA)
    source = st.radio(
        "Draw with",
        sources,
        sources.index(state.kept(state.SOURCE, _PAD)),
        key=state.SOURCE,
        on_change=state.keep,
        args=(state.SOURCE,),
        horizontal=True,
        help="Draw here, or show a photo of a drawing or of a piece of clothing.",
    )
    return _pad() if source == _PAD else _photo(source)


def _pad() -> Paper:
    # Below the pad on the screen, but the pad has to know it.
    pad = st.container()
    guides = [None, *range(len(CLASS_NAMES))]
    label = st.selectbox(
        "Tracing guide",
        guides,
        guides.index(state.kept(state.GUIDE)),
        key=state.GUIDE,
        on_change=state.keep,
        args=(state.GUIDE,),
        format_func=lambda label: "none" if label is None else CLASS_NAMES[label],
        help="Shows a typical training image of this label, faintly, to draw along. "
        "It is no ink: the network does not see it.",
    )
    with pad:
        canvas = sketchpad(None if label is None else _typical_image(label))
    names = ", ".join(CLASS_NAMES[:-1])
    return Paper(canvas, [], pen_strokes(), f"Draw something: {names} or {CLASS_NAMES[-1]}.")


@st.cache_data(show_spinner=False)
def _typical_image(label: int) -> NDArray[np.uint8]:
    data = load_data()
    images = data.x_train[data.y_train == label]
    image: NDArray[np.uint8] = images[typical(images)]
    return image


def _photo(source: str) -> Paper:
    file: Any
    if source == _PHOTO:
        file = st.file_uploader(
            "Photo",
            [kind.lower() for kind in FORMATS],
            max_upload_size=MAX_BYTES // 1_000_000,
            help="A PNG, JPEG or WebP picture of at most 10 MB and 16 million pixels: one item, on "
            "an even background.",
        )
        hint = "Choose a photo of one drawing or one piece of clothing, on an even background."
    else:
        file = st.camera_input(
            "Camera",
            help="Hold the item before an even background. Browsers allow the camera on "
            "https:// and localhost addresses only.",
        )
        hint = "Take a photo of one drawing or one piece of clothing, on an even background."
    if file is None:
        return Paper(None, [], (), hint)
    try:
        photo = _read(file.getvalue())
    except PhotoError as problem:
        st.error(str(problem))
        return Paper(None, [], (), hint)
    share = st.slider(
        "Part of the photo (%)",
        20,
        100,
        100,
        5,
        help="Only the middle of the photo is used. Make it smaller until nothing but the item "
        "and its background is in it.",
    )
    photo = middle(photo, share / 100)
    st.image(photo, caption="Your photo", width=280)
    canvas = 255 - _ink(photo)
    return Paper(
        canvas,
        [Step("Photo", photo), Step("Background made paper", canvas)],
        (),
        "Nothing stands out from the background of this photo. Choose one with an even "
        "background that differs from the item.",
    )


def middle(photo: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """The middle of a photo (h, w, 3): this share of its height and of its width."""
    height, width = (max(1, round(edge * share)) for edge in photo.shape[:2])
    top, left = (photo.shape[0] - height) // 2, (photo.shape[1] - width) // 2
    return photo[top : top + height, left : left + width]


# A photo is worked on once, not at every run of the script; a camera's are many.
_read = st.cache_data(max_entries=32, show_spinner=False)(read_photo)
_ink = st.cache_data(max_entries=32, show_spinner=False)(item_ink)
