"""What the teacher takes home from a class, and how it is deleted."""

from __future__ import annotations

import streamlit as st

from playground.classroom.export.tables import class_tables
from playground.classroom.export.whole import class_json
from playground.classroom.rules.state import ClassState
from playground.classroom.service import classes
from playground.locales import t
from playground.settings import settings
from playground.ui import state
from playground.ui.classroom.files.reports import reports_button
from playground.ui.classroom.here import DOOR, Here
from playground.ui.common.labels import plain


def export_buttons(found: Here, owner: str) -> None:
    """Files of the whole class, and the way to delete it."""
    known = classes().state(found.class_id)
    if known is None:
        return
    with st.container(key="class_files", border=True):
        st.header(t("Take home"), anchor=False)
        st.caption(_how_long())
        with st.container(horizontal=True):
            reports_button(known)
            _files(known)
            _delete(known, owner)


def _how_long() -> str:
    """After which age a class goes away."""
    return t(
        "A class in which nothing has happened for {days:g} days is deleted by itself. Save what "
        "you want to keep.",
        days=settings().keep_classes_days,
    )


def _files(known: ClassState) -> None:
    class_id = known.id

    def now() -> ClassState:
        return classes().state(class_id) or known

    st.download_button(
        t("Whole class (JSON)"),
        # Written when it is downloaded, not in every script run.
        lambda: class_json(now(), classes().runs(class_id)),
        f"class-{class_id}.json",
        "application/json",
        on_click="ignore",
        icon=":material/download:",
        help=t(
            "Members, activities, answers, own words, drawings, runs and snapshots; quiz answers "
            "without names. No keys of the class, nothing that identifies a device."
        ),
    )
    st.download_button(
        t("Tables (CSV)"),
        lambda: class_tables(now(), classes().runs(class_id)),
        f"class-{class_id}.zip",
        "application/zip",
        on_click="ignore",
        icon=":material/table:",
        help=t("A ZIP file with three tables: members, answers, runs."),
    )


def _delete(known: ClassState, owner: str) -> None:
    with st.popover(
        t("Delete this class"),
        icon=":material/delete:",
        help=t("Deletes all that was said in it; you are asked first."),
    ):
        st.write(
            t(
                "This deletes the class **{name}** for everyone: nicknames, predictions, own "
                "words, drawings, quiz answers, snapshots, code and links. It cannot be undone.",
                name=plain(known.name) or known.id,
            )
        )
        st.write(t("Runs stay with the students who trained them, on their page Runs."))
        if st.button(
            t("Delete the class permanently"),
            key=f"class_delete_{known.id}",
            type="primary",
            help=t("Deletes it now."),
        ):
            classes().delete(known.id, owner)
            state.remember(state.CLASS, DOOR)
            st.rerun()
