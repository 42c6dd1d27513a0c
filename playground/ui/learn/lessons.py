"""The pages of Learn as a course: cards of all of them, where one is, and what comes next."""

from __future__ import annotations

from html import escape

import streamlit as st

from playground.locales import t
from playground.ui import navigation
from playground.ui.common.mount import mount
from playground.ui.learn.pictures import image_html


def show_cards() -> None:
    """A card for each page; it says whether this browser has opened or finished the page."""
    with st.container(key="lessons"):
        for entry in navigation.COURSE:
            with st.container(key=f"lesson_{entry.path}", border=True):
                status = f'<p class="lesson-status" data-lesson="{escape(entry.path)}" hidden></p>'
                st.html(image_html(entry.path) + status)
                navigation.link_to(entry, t(entry.title))
                st.markdown(t(entry.about))
    _watch("")


def show_place(path: str) -> None:
    """Above a page of Learn: which one of them it is. Above any other page nothing.

    Args:
        path: of the page, in the address.
    """
    index = navigation.index_of(path)
    if index is None:
        return
    with st.container(key="lesson_place", horizontal=True, vertical_alignment="center"):
        navigation.link_to(navigation.LESSONS, t(navigation.LESSONS.title))
        st.markdown(t("{number} of {count}", number=index + 1, count=len(navigation.COURSE)))


def show_ends(path: str) -> None:
    """Below a page of Learn: the page before it and the page after it. Below any other nothing.

    Args:
        path: of the page, in the address.
    """
    index = navigation.index_of(path)
    if index is None:
        return
    before, after = index - 1, index + 1
    with st.container(key="lesson_ends", horizontal=True, horizontal_alignment="distribute"):
        if before >= 0:
            entry = navigation.COURSE[before]
            navigation.link_to(entry, t("Previous: {page}", page=t(entry.title)))
        if after < len(navigation.COURSE):
            entry = navigation.COURSE[after]
            with st.container(key="lesson_next", width="content"):
                navigation.link_to(entry, t("Next: {page}", page=t(entry.title)))
    _watch(path)


def _watch(path: str) -> None:
    """Have the browser remember what has been opened and finished; it shows nothing itself."""
    mount(
        "lesson_progress",
        "<span hidden></span>",
        "learn/lessons.css",
        "learn/progress.js",
        key="lesson_progress",
        data={"page": path},
    )
