"""The activities of a page of Learn, for one who plays alone."""

from __future__ import annotations

import streamlit as st

from playground.classroom.activities import Activity, ready
from playground.classroom.service import classes
from playground.locales import language, plural, t
from playground.ui.classroom.alone import play_alone
from playground.ui.common.labels import plain
from playground.ui.common.owner import current_owner


def show_activities(path: str) -> None:
    """Below a page of Learn: what can be played about it. Below any other page nothing.

    Args:
        path: of the page, in the address.
    """
    found = [one for one in ready() if path and one.lesson == path]
    if not found:
        return
    st.divider()
    st.header(t("Predict, then see"), anchor=False)
    st.markdown(t("Say first what will happen; then train, and find out."))
    with st.container(horizontal=True, gap="medium", key="lesson_activities"):
        for activity in found:
            _card(activity)


def _card(activity: Activity) -> None:
    with st.container(border=True, width=340, key=f"activity_{activity.id}"):
        st.markdown(f"**{plain(activity.title.text(language()))}**")
        st.caption(plural("About {count} minute.", "About {count} minutes.", activity.minutes))
        pressed = st.button(
            t("Play this activity alone"),
            key=f"play_{activity.id}",
            icon=":material/psychology_alt:",
            help=t("Opens the activity for you alone; no class is needed."),
        )
    if pressed:
        play_alone(classes(), current_owner(), activity)
