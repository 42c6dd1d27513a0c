"""The quiz for one who answers it, and afterwards what was right and why."""

from __future__ import annotations

import streamlit as st

from playground.classroom.activities.quiz import Question, questions
from playground.classroom.activities.words import Words
from playground.classroom.rules import acts, quizzes
from playground.classroom.rules.log import When
from playground.classroom.rules.state import ClassState
from playground.classroom.service import classes
from playground.locales import language, plural, t
from playground.runs.refusals import Refused
from playground.store.runs import StoreError
from playground.ui import state
from playground.ui.classroom.here import Here
from playground.ui.common.labels import plain
from playground.ui.common.problems import show_errors


def open_quiz(found: Here, owner: str) -> bool:
    """The quiz that the class is at; returns whether there is one."""
    view = found.view
    if view["class"]["solo"] or view["class"]["ended"] or view["quiz"] is None:
        return False
    _open(found.class_id, owner, view["quiz"])
    return True


def quiz_afterwards(found: Here, owner: str) -> None:
    """What was right in the quiz, once that may be known; for one who is alone, the quiz, too."""
    known = classes().state(found.class_id)
    member = known.member_of(owner) if known else None
    if known is None or member is None:
        return
    if known.solo:
        _alone(known, owner, member.number)
    elif known.ended and ("after", member.number) in known.quizzes:
        with st.expander(t("The quiz: what was right, and why"), icon=":material/quiz:"):
            what_was_right(known, member.number)


def _alone(known: ClassState, owner: str, number: int) -> None:
    """One who plays alone opens the quiz when they like."""
    with st.expander(
        t("Quiz: eight questions"), expanded=known.quiz is not None, icon=":material/quiz:"
    ):
        if known.quiz is not None:
            _open(known.id, owner, known.quiz)
            label, help_ = t("Show what is right"), t("Closes the quiz and says why.")
            wanted: When | None = None
        else:
            if ("after", number) in known.quizzes:
                what_was_right(known, number)
            else:
                st.write(t("See what you know. Nobody else sees your answers."))
            label, help_ = t("Answer the quiz"), t("Shows the eight questions.")
            wanted = "after"
        if st.button(label, key=f"quiz_alone_{known.id}", help=help_):
            classes().act(known.id, acts.open_quiz, owner, wanted)
            st.rerun()


@st.fragment
@show_errors
def _open(class_id: str, owner: str, when: When) -> None:
    """All questions; each answer is written down when it is given."""
    known = classes().state(class_id)
    member = known.member_of(owner) if known else None
    if known is None or member is None:
        return
    given = quizzes.of(known, when, member.number)
    if not known.solo:
        before = when == "before"
        st.title(
            t("Quiz before the lesson") if before else t("Quiz after the lesson"), anchor=False
        )
        st.write(
            t(
                "It gives no marks, and nobody sees your name beside your answers: it shows what "
                "the lesson changes. If you are not sure, choose what you think is likeliest."
            )
        )
    for index, question in enumerate(questions()):
        _ask(class_id, owner, when, index, question, given[index])
    if problem := state.remembered(_problem(class_id, when)):
        st.error(problem, icon=":material/block:")
    done = sum(one is not None for one in given)
    st.markdown(
        t("**{done} of {all}** answered and saved.", done=done, all=len(given))
        + " "
        + (
            t("You can change your answers.")
            if known.solo
            else t("You can change your answers until your teacher closes the quiz.")
        )
    )


def _ask(
    class_id: str, owner: str, when: When, index: int, question: Question, given: int | None
) -> None:
    key = state.spoken_key(f"quiz_{class_id}_{when}_{index}")
    st.radio(
        f"{index + 1}. {_said(question.question)}",
        range(len(question.options)),
        given,
        format_func=lambda option: _said(question.options[option]),
        key=key,
        on_change=_save,
        args=(class_id, owner, when, index, key),
    )


@state.whole
def _save(class_id: str, owner: str, when: When, index: int, key: str) -> None:
    state.remember(_problem(class_id, when), None)
    try:
        classes().act(class_id, quizzes.answer_one, owner, when, index, st.session_state[key])
    except (Refused, StoreError) as problem:
        state.remember(_problem(class_id, when), str(problem))


def _problem(class_id: str, when: When) -> str:
    """Where it is remembered why an answer was not saved."""
    return f"quiz_problem_{class_id}_{when}"


def what_was_right(known: ClassState, number: int) -> None:
    """Each question with one's own answers, the right one, and why."""
    before, after = (
        quizzes.of(known, "before", number) if ("before", number) in known.quizzes else None,
        quizzes.of(known, "after", number),
    )
    right = quizzes.score(after)
    said = plural(
        "**{count}** of {all} answers is right.",
        "**{count}** of {all} answers are right.",
        right,
        all=len(after),
    )
    if before is not None:
        said += " " + t("Before the lesson it was {count}.", count=quizzes.score(before))
    st.markdown(said)
    st.caption(t("Who answered otherwise is in good company: most people begin with such beliefs."))
    for index, question in enumerate(questions()):
        yours, correct = after[index], question.right
        st.markdown(f"**{index + 1}. {_said(question.question)}**")
        lines = [t("Right: {option}", option=_said(question.options[correct]))]
        if yours is None:
            lines.append(t("You left it out."))
        elif yours == correct:
            lines.append(t("You said so, too."))
        else:
            lines.append(t("You said: {option}", option=_said(question.options[yours])))
        if before is not None and before[index] not in (None, yours):
            earlier = question.options[before[index] or 0]
            lines.append(t("Before the lesson you said: {option}", option=_said(earlier)))
        icon = ":material/check_circle:" if yours == correct else ":material/lightbulb:"
        st.markdown(icon + " " + "  \n".join(lines))
        st.markdown(_said(question.why))


def _said(text: Words) -> str:
    return plain(text.text(language()))
