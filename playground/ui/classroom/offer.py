"""An activity that the address brings: to be opened in one's class, or played alone."""

from __future__ import annotations

import streamlit as st

from playground.classroom.activities import Activity, ActivityError, from_link
from playground.classroom.rules import acts
from playground.classroom.service import Classes
from playground.classroom.views.audiences import SCREEN, TEACHER
from playground.locales import language, plural, t
from playground.store.runs import StoreError
from playground.ui import location
from playground.ui.classroom.here import Here, choose
from playground.ui.classroom.teacher.acting import act
from playground.ui.common.labels import plain
from playground.ui.common.teacher import is_teacher, server_has_teachers


def offer(all_classes: Classes, owner: str, found: Here | None) -> None:
    """What can be done with the activity in the address; nothing where it has none.

    Args:
        all_classes: of this server.
        owner: who looks.
        found: the class that the page shows below; None for the door.
    """
    letters = location.parameter(location.ACTIVITY)
    if not letters or (found is not None and found.audience == SCREEN):
        return
    with st.container(border=True, key="class_offer"):
        try:
            activity = from_link(letters)
        except ActivityError as error:
            st.error(str(error), icon=":material/block:")
            _close_button(t("Close"))
            return
        _about(activity)
        if found is None and (not server_has_teachers() or is_teacher()):
            st.caption(t("To do it with a class, start one: then you can open it there."))
        with st.container(horizontal=True):
            taught = _teaches(found)
            if found is not None and taught:
                st.button(
                    t("Open in this class"),
                    type="primary",
                    icon=":material/play_arrow:",
                    on_click=_open,
                    args=(found.class_id, activity),
                    help=t("Turns all members to this activity."),
                )
            alone = st.button(
                t("Play it alone"),
                type="secondary" if taught else "primary",
                icon=":material/psychology_alt:",
                help=t("Opens the activity for you alone; no class is needed."),
            )
            _close_button(t("Not now"))
        if alone:
            _play(all_classes, owner, activity)


def _teaches(found: Here | None) -> bool:
    """Whether this is a class that goes on, on its teacher's screen."""
    return found is not None and found.audience == TEACHER and not found.view["class"]["ended"]


def _about(activity: Activity) -> None:
    st.caption(t("This address brings an activity:"))
    lasts = plural("About {count} minute.", "About {count} minutes.", activity.minutes)
    st.markdown(f"**{plain(activity.title.text(language()))}** · {lasts}")
    with st.container(width=760):
        for line in activity.text.text(language()).splitlines():
            if line.strip():
                st.markdown(plain(line))


def _open(class_id: str, activity: Activity) -> None:
    act(class_id, acts.open_activity, activity)
    location.remove_parameter(location.ACTIVITY)


def _play(all_classes: Classes, owner: str, activity: Activity) -> None:
    try:
        choose(all_classes.play_alone(owner, activity))
    except StoreError as error:
        st.error(str(error), icon=":material/block:")
        return
    location.remove_parameter(location.ACTIVITY)
    st.rerun()


def _close_button(label: str) -> None:
    st.button(
        label,
        icon=":material/close:",
        on_click=location.remove_parameter,
        args=(location.ACTIVITY,),
        help=t("Takes the activity out of the address; the link still has it."),
    )
