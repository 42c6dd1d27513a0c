"""The quiz for the teacher: open and close it, who has answered, what the lesson has changed."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from playground.classroom.export.quiz import quiz_csv
from playground.classroom.rules import acts, quizzes
from playground.classroom.rules.log import When
from playground.classroom.rules.state import ClassState
from playground.classroom.service import classes
from playground.locales import language, plural, t
from playground.ui.classroom.here import Here
from playground.ui.common.labels import plain
from playground.ui.common.mount import mount

_COUNT = '<p class="quiz-count" data-testid="quiz-count"></p>'


def quiz_levers(found: Here, owner: str) -> None:
    """Buttons that open and close the quiz; how many have answered; the outcome."""
    known = classes().state(found.class_id)
    if known is None:
        return
    with st.container(key="quiz_levers", border=True):
        st.header(t("Quiz"), anchor=False)
        st.caption(
            t(
                "Eight questions before and after the lesson. Both times they are the same, so you "
                "see what has changed."
            )
        )
        _levers(known, owner)
        mount(
            "quiz_count",
            _COUNT,
            "classroom/quiz/count.css",
            "classroom/quiz/count.js",
            key=f"quiz_count_{found.class_id}",
            data={"token": found.token, "view": _counted(found)},
        )
        _outcome(known)
        _download(known)


def _counted(found: Here) -> dict[str, object]:
    return {
        "quiz": found.view["quiz"],
        "quizzes": found.of_teacher["quizzes"],
        "count": found.view["count"],
    }


def _levers(known: ClassState, owner: str) -> None:
    if known.ended:
        return
    with st.container(horizontal=True):
        if known.quiz is None:
            _lever(
                known,
                owner,
                "before",
                t("Open the quiz before the lesson"),
                t("All students see the questions; nobody sees yet what is right."),
            )
            _lever(
                known,
                owner,
                "after",
                t("Open the quiz after the lesson"),
                t("The same ones. When the class has ended, each sees what was right and why."),
            )
        else:
            _lever(
                known,
                owner,
                None,
                t("Close the quiz"),
                t("Answers cannot be changed any more; you can open it again."),
            )


def _lever(known: ClassState, owner: str, when: When | None, label: str, help_: str) -> None:
    if st.button(
        label,
        key=f"quiz_lever_{when}",
        type="primary" if when is None else "secondary",
        icon=":material/lock:" if when is None else ":material/quiz:",
        help=help_,
    ):
        classes().act(known.id, acts.open_quiz, owner, when)
        st.rerun()


def _outcome(known: ClassState) -> None:
    """Each question before and after, for those who have answered both times."""
    result = quizzes.outcome(known)
    if not result.members:
        return
    st.markdown(
        plural(
            "Of **{count}** student who has answered both times:",
            "Of **{count}** students who have answered both times:",
            result.members,
        )
    )
    rows = [
        _row(
            f"{number}. {plain(line.question.question.text(language()))}",
            line.before,
            line.after,
            result.members,
        )
        for number, line in enumerate(result.lines, 1)
    ]
    total = result.members * len(result.lines)
    right = [sum(line.before for line in result.lines), sum(line.after for line in result.lines)]
    rows.append(_row(t("**All questions**"), right[0], right[1], total))
    st.table(pd.DataFrame(rows).set_index(t("Question")))
    st.caption(
        t(
            "Right answers; one that was left out is not right. Gain is the share of what could "
            "still be learned that was learned: (after − before) / (1 − before). Below 0.3 it is "
            "called low, from 0.7 on high (Hake 1998)."
        )
    )


def _row(question: str, before: int, after: int, of: int) -> dict[str, str]:
    gain = quizzes.normalised_gain(before / of, after / of)
    return {
        t("Question"): question,
        t("Before"): _share(before, of),
        t("After"): _share(after, of),
        t("Gain"): "–" if gain is None else f"{gain:+.2f}",
    }


def _share(count: int, of: int) -> str:
    return t("{count} of {all} ({share:.0%})", count=count, all=of, share=count / of)


def _download(known: ClassState) -> None:
    if not known.quizzes:
        return
    st.download_button(
        t("Answers without names (CSV)"),
        quiz_csv(known),
        f"quiz-{known.id}.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
        help=t("A row for each student, shuffled: answers and scores before and after, no names."),
    )
