"""The pad of a member who draws for the networks of the others."""

from __future__ import annotations

import streamlit as st

from playground.classroom.rules import acts
from playground.classroom.service import Classes, classes
from playground.config import CLASSES
from playground.dataset import class_name
from playground.drawing.preprocessing import EmptyDrawing, to_item
from playground.locales import t
from playground.runs.refusals import Refused
from playground.store.runs import StoreError
from playground.ui import state
from playground.ui.classroom.here import Here
from playground.ui.common.pictures import STYLE, image_html
from playground.ui.common.problems import show_errors
from playground.ui.sketch.sketchpad import sketchpad


def show_pad(found: Here, owner: str) -> None:
    """The sketchpad, where the class draws and its members may train already."""
    at = found.view["at"]
    if at is None or not at["activity"]["draw"] or at["phase"] == "predict":
        return
    if found.view["class"]["ended"]:
        return
    st.header(t("Draw for the networks of the others"), anchor=False)
    # A stroke runs only this fragment.
    st.fragment(show_errors(_pad))(found.class_id, at["number"], owner)


def _pad(class_id: str, number: int, owner: str) -> None:
    with st.container(key="class_pad"):
        left, right = st.columns(2, gap="medium")
    with left:
        canvas = sketchpad()
    name = f"class_{class_id}_{number}_label"
    with right:
        label: int | None = st.selectbox(
            t("What it is"),
            range(CLASSES),
            index=state.remembered(name),
            format_func=class_name,
            placeholder=t("Choose a label"),
            help=t("What you have drawn: the label that a network should give it."),
            **state.remembering(name),
        )
        try:
            if canvas is None:
                raise EmptyDrawing
            item = to_item(canvas)
        except EmptyDrawing:
            st.info(t("Draw an item on the pad; large, and filled."), icon=":material/draw:")
            return
        alt = t("Your drawing as the networks get it")
        st.html(STYLE + image_html(item, t("What the networks get"), alt, 112))
        pressed = st.button(
            t("Let the networks guess"),
            key=f"class_{class_id}_{number}_show",
            type="primary",
            icon=":material/psychology:",
            disabled=label is None,
            help=t("Shows your drawing to the class; the networks of all others guess what it is."),
        )
        if pressed and label is not None:
            _show(classes(), class_id, owner, number, item.tobytes(), label)


def _show(
    all_classes: Classes, class_id: str, owner: str, number: int, item: bytes, label: int
) -> None:
    try:
        all_classes.act(class_id, acts.draw, owner, number, item, label)
    except (Refused, StoreError) as error:
        st.error(str(error), icon=":material/block:")
    else:
        st.success(t("Shown. See below what the networks say."))
