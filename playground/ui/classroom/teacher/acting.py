"""What a press of the teacher does, and what is said where it is refused."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from playground.classroom.rules.log import Data
from playground.classroom.service import classes
from playground.runs.refusals import Refused
from playground.store.runs import StoreError
from playground.ui import state
from playground.ui.common.owner import current_owner

Rule = Callable[..., list[Data]]


def act(class_id: str, rule: Rule, *args: object) -> None:
    """Do what a rule says, as the person at the screen; the page says if it is refused.

    Args:
        class_id: of the class.
        rule: of `playground.classroom.rules.acts`, with the owner after the state.
        args: what else it takes.
    """
    try:
        classes().act(class_id, rule, current_owner(), *args)
    except (Refused, StoreError) as error:
        tell(error)


@state.whole
def act_on(key: str, shown: object, class_id: str, rule: Rule, *args: object) -> None:
    """Do what a rule says with what is chosen in a widget: its `on_change`, or a button's press.

    A browser that has lost its server tells a new one all that it shows, and that counts as a
    change. Others may have done something since; nobody has asked to undo it.

    Args:
        key: of the widget.
        shown: what it showed before, by what the class was; nothing is done if it still does. None
            for a button, which acts on whatever is chosen when it is pressed.
        class_id: of the class.
        rule: as in `act`, with what is chosen as its last argument.
        args: what it takes before that.
    """
    wanted = st.session_state.get(key)
    if wanted is not None and wanted != shown:
        act(class_id, rule, *args, wanted)


def tell(problem: object) -> None:
    """Have the page say once what has not worked."""
    st.session_state[state.CLASS_PROBLEM] = str(problem)


def show_problem() -> None:
    """Say what has not worked, if anything."""
    if problem := st.session_state.pop(state.CLASS_PROBLEM, None):
        st.error(problem, icon=":material/block:")
