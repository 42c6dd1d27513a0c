"""The page Class for a member: the activity that the class is at, step by step."""

from __future__ import annotations

import streamlit as st

from playground.classroom.rules.log import Phase
from playground.classroom.service import classes
from playground.classroom.views.shapes import MemberOpening
from playground.locales import plural, t
from playground.runs import service
from playground.ui import navigation
from playground.ui.classroom.alone import leave_alone, to_class, write_alone
from playground.ui.classroom.files.reports import report_button
from playground.ui.classroom.here import Here
from playground.ui.classroom.names import spoken
from playground.ui.classroom.player.compare import compare_step
from playground.ui.classroom.player.explain import explain_step
from playground.ui.classroom.player.play import Play, read_activity, show_problem, words
from playground.ui.classroom.player.predict import predict_step
from playground.ui.classroom.player.run import run_step
from playground.ui.classroom.player.steps import current, go_to, onward, show_steps
from playground.ui.classroom.quiz.member import open_quiz, quiz_afterwards
from playground.ui.common.labels import plain


def member_page(found: Here, owner: str) -> None:
    """Where the class is, and what to do."""
    write_alone(found.class_id if found.of_member["class"]["solo"] else None)
    if not open_quiz(found, owner):
        _activity(found, owner)
        quiz_afterwards(found, owner)
        report_button(found, owner)


def _activity(found: Here, owner: str) -> None:
    """The activity that the class is at."""
    view, at = found.of_member, found.of_member["at"]
    if at is None:
        st.title(plain(view["class"]["name"]) or t("Class"), anchor=False)
        st.markdown(t("You are **{name}**.", name=plain(spoken(view["you"]["name"]))))
        if view["class"]["ended"]:
            st.info(t("This class has ended. What you did in it stays here to be read."))
        else:
            st.info(t("You are in. Your teacher opens the first activity; it will appear here."))
        return
    play = _play(found, at, owner)
    _head(play)
    show_problem()
    step = current(play)
    show_steps(play, step)
    with st.container(border=True, key="class_step"):
        _step(play, step)


def _play(found: Here, at: MemberOpening, owner: str) -> Play:
    hub = service.hub()
    runs = [hub.run(one["id"]) for one in reversed(at["runs"])]
    activity = read_activity(at)
    known = tuple(run for run in runs if run is not None)
    return Play(hub, owner, found.class_id, found.of_member, activity, known)


def _head(play: Play) -> None:
    """What the activity is about."""
    activity = play.activity
    st.title(plain(words(activity.title)), anchor=False)
    with st.container(key="class_text", width=760):
        for line in words(activity.text).splitlines():
            if line.strip():
                st.markdown(plain(line))
        if activity.goal is not None:
            st.markdown(t("**Goal:** {goal}", goal=plain(words(activity.goal))))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        lasts = plural("About {count} minute.", "About {count} minutes.", activity.minutes)
        st.caption(lasts, width="content")
        if play.solo:
            _way_back(activity.lesson)
            _to_class(play.owner)


def _way_back(lesson: str) -> None:
    """The way out of an activity that somebody plays alone."""
    index = navigation.index_of(lesson)
    entry = navigation.LESSONS if index is None else navigation.COURSE[index]
    if st.button(
        t("Back to “{page}”", page=t(entry.title)),
        icon=":material/arrow_back:",
        help=t("Leaves this activity; it stays as it is until you come back."),
    ):
        leave_alone(lesson)


def _to_class(owner: str) -> None:
    """Back to the class that they are in, if they are in one."""
    if classes().where(owner) is not None:
        st.button(
            t("To the class"),
            icon=":material/groups:",
            on_click=to_class,
            help=t("Leaves this activity; it stays as it is until you come back."),
        )


def _step(play: Play, step: Phase) -> None:
    if step == "predict":
        if predict_step(play):
            if play.reached("run"):
                go_to(play, "run")
            st.rerun()
        onward(play, step)
    elif step == "run":
        run_step(play)
    elif step == "explain":
        explain_step(play)
        onward(play, step)
    else:
        compare_step(play)
