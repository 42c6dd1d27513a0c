"""Where a drawing comes from: the sketchpad, a photo or the camera."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.runtime.uploaded_file_manager import UploadedFile

from playground.config import CLASSES
from playground.dataset import class_name, class_names, load_data
from playground.drawing.photo import FORMATS, MAX_BYTES, PhotoError, item_ink, read_photo
from playground.drawing.preprocessing import Step
from playground.drawing.quickdraw import Strokes
from playground.locales import mark, t
from playground.network.explain import typical
from playground.ui import state
from playground.ui.sketch.sketchpad import pen_strokes, sketchpad

_PAD, _PHOTO, _CAMERA = mark("Sketchpad"), mark("Photo"), mark("Camera")


class Paper(NamedTuple):
    """What the user has drawn or photographed.

    Attributes:
        canvas: dark ink on light paper, as `playground.drawing.preprocessing.ink` takes it; None if
            there is none yet.
        before: the steps that led to this canvas.
        strokes: the pen's lines, if it was drawn here.
        hint: what to do if there is no canvas, or no ink on it.
    """

    canvas: NDArray[np.uint8] | None
    before: list[Step]
    strokes: Strokes
    hint: str


def paper_input() -> Paper:
    """Let the user draw, or choose or take a photo."""
    sources = (_PAD, _PHOTO, _CAMERA)
    source = st.radio(
        t("Draw with"),
        sources,
        sources.index(state.remembered(state.SOURCE, _PAD)),
        format_func=t,
        horizontal=True,
        help=t("Draw here, or show a photo of a drawing or of a piece of clothing."),
        **state.remembering(state.SOURCE),
    )
    return _pad() if source == _PAD else _photo(source)


def _pad() -> Paper:
    # The guide is below the pad on the screen, but the pad needs it first.
    pad = st.container()
    guides = [None, *range(CLASSES)]
    label = st.selectbox(
        t("Tracing guide"),
        guides,
        guides.index(state.remembered(state.GUIDE)),
        format_func=lambda label: t("none") if label is None else class_name(label),
        help=t(
            "Shows a typical training image of this label, faintly, for you to trace. It is not "
            "ink: the network does not see it."
        ),
        **state.remembering(state.GUIDE),
    )
    with pad:
        canvas = sketchpad(None if label is None else _typical_image(label))
    *names, last = class_names()
    hint = t("Draw something: {names} or {last}.", names=", ".join(names), last=last)
    return Paper(canvas, [], pen_strokes(), hint)


@st.cache_data(show_spinner=False)
def _typical_image(label: int) -> NDArray[np.uint8]:
    data = load_data()
    images = data.x_train[data.y_train == label]
    image: NDArray[np.uint8] = images[typical(images)]
    return image


def _photo(source: str) -> Paper:
    file: UploadedFile | None
    if source == _PHOTO:
        file = st.file_uploader(
            t("Photo"),
            [kind.lower() for kind in FORMATS],
            key="photo",
            max_upload_size=MAX_BYTES // 1_000_000,
            help=t(
                "A PNG, JPEG or WebP image of at most 10 MB and 16 million pixels: one item on a "
                "plain background."
            ),
        )
        hint = t("Choose a photo of one drawing or one piece of clothing on a plain background.")
    else:
        file = st.camera_input(
            t("Camera"),
            key="camera",
            help=t(
                "Hold the item in front of a plain background. Browsers allow the camera only at "
                "addresses that begin with https:// or with localhost."
            ),
        )
        hint = t("Take a photo of one drawing or one piece of clothing on a plain background.")
    if file is None:
        return Paper(None, [], (), hint)
    try:
        photo = _read(file.getvalue())
    except PhotoError as problem:
        st.error(str(problem))
        return Paper(None, [], (), hint)
    share = st.slider(
        t("Part of the photo (%)"),
        20,
        100,
        state.remembered("photo_part", 100),
        5,
        help=t(
            "Only the middle of the photo is used. Make it smaller until it shows only the item "
            "and its background."
        ),
        **state.remembering("photo_part"),
    )
    photo = middle(photo, share / 100)
    st.image(photo, caption=t("Your photo"), width=280, alt=t("Your photo"))
    canvas = 255 - _ink(photo)
    return Paper(
        canvas,
        [Step(mark("Photo"), photo), Step(mark("Background turned into paper"), canvas)],
        (),
        t(
            "Nothing stands out from the background of this photo. Choose one with a plain "
            "background that differs from the item."
        ),
    )


def middle(photo: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """The middle of a photo (h, w, 3): this share, 0 to 1, of its height and of its width."""
    height, width = (max(1, round(edge * share)) for edge in photo.shape[:2])
    top, left = (photo.shape[0] - height) // 2, (photo.shape[1] - width) // 2
    return photo[top : top + height, left : left + width]


# A photo is processed once, not in every script run; a camera makes many photos.
_read = st.cache_data(max_entries=32, show_spinner=False)(read_photo)
_ink = st.cache_data(max_entries=32, show_spinner=False)(item_ink)
