"""Which activity the class is at: a ready one, one from a file or a link, or one from before."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from playground.classroom.activities import (
    Activity,
    ActivityError,
    Words,
    dump,
    from_link,
    load,
    ready,
    to_link,
)
from playground.classroom.activities.files import MAX_BYTES
from playground.classroom.rules import acts
from playground.classroom.rules.log import Data
from playground.classroom.rules.state import ClassState
from playground.classroom.service import classes
from playground.locales import language, lazy, plural, t
from playground.ui import location, state
from playground.ui.classroom.here import Here
from playground.ui.classroom.teacher.acting import act, act_on, tell
from playground.ui.classroom.teacher.head import reached_at

_READY, _BEFORE = "class_activity_ready", "class_activity_before"
# Some servers and messengers cut longer ones.
_MOST_ADDRESS = 8_000
# No activity has this number.
_NOTHING = 0


def activity_lever(found: Here) -> None:
    """Open an activity, or turn back to one."""
    ready_made, own, before = st.columns(3, gap="medium")
    with ready_made:
        _ready(found)
    with own:
        _own(found)
    with before:
        _before(found)


def title_of(activity: Activity) -> str:
    """An activity in a line: its title, and how long it takes."""
    return plural(
        "{title} ({count} minute)",
        "{title} ({count} minutes)",
        activity.minutes,
        title=activity.title.text(language()),
    )


def _ready(found: Here) -> None:
    all_ready = {one.id: one for one in ready()}
    names, widget = [*all_ready], state.remembering(_READY)
    chosen = st.selectbox(
        t("Ready activities"),
        names,
        names.index(state.remembered(_READY, names[0])),
        format_func=lambda name: title_of(all_ready[name]),
        help=t("In the order of the lecture; together they make a lesson of 90 minutes."),
        **widget,
    )
    with st.container(horizontal=True):
        st.button(
            t("Open"),
            type="primary",
            icon=":material/play_arrow:",
            on_click=_open,
            args=(found.class_id, widget["key"]),
            help=t("Turns all members to this activity."),
        )
        _share(all_ready[chosen], "ready")


def _share(activity: Activity, key: str) -> None:
    """Give an activity away.

    Args:
        activity: any.
        key: of the place where it is offered.
    """
    with st.popover(t("Share"), help=t("As a file or a link, to change it or to pass it on.")):
        st.download_button(
            t("File (YAML)"),
            dump(activity),
            f"{activity.id}.yaml",
            "application/yaml",
            key=f"class_share_{key}",
            help=t("A text file: change it with any editor, and open it here again."),
        )
        address = reached_at(**{location.ACTIVITY: to_link(activity)})
        if len(address) > _MOST_ADDRESS:
            st.write(t("It is too long for an address. Pass the file on."))
            return
        st.write(
            t("This address holds all of it: a teacher can open it in a class, anybody alone.")
        )
        st.code(address, language=None, wrap_lines=True)


def _own(found: Here) -> None:
    st.file_uploader(
        t("Activity from a file"),
        ["yaml", "yml", "json"],
        key=state.CLASS_ACTIVITY_FILE,
        help=t("YAML or JSON, at most {size} KiB.", size=MAX_BYTES // 1024),
    )
    st.text_input(
        t("Or from a link"),
        key=state.CLASS_ACTIVITY_LINK,
        autocomplete="off",
        help=t("The address that Share shows for an activity."),
    )
    with st.container(horizontal=True):
        st.button(
            t("Open this one"),
            icon=":material/upload_file:",
            on_click=_open_own,
            args=(found.class_id,),
            help=t("Turns all members to the activity of the file or the link."),
        )
        # What is wrong with it, the press says.
        with suppress(ActivityError):
            if (given := _given()) is not None:
                _share(given, "own")


def _given() -> Activity | None:
    """The activity of the file, else of the link; None if there is neither.

    Raises:
        ActivityError: it cannot be used.
    """
    file = st.session_state.get(state.CLASS_ACTIVITY_FILE)
    pasted = st.session_state.get(state.CLASS_ACTIVITY_LINK, "").strip()
    if file is not None:
        try:
            return load(file.getvalue()[: MAX_BYTES + 1].decode())
        except UnicodeDecodeError as error:
            raise ActivityError(lazy("This file is no text.")) from error
    return from_link(location.activity_in(pasted)) if pasted else None


def _before(found: Here) -> None:
    openings, at = found.of_teacher["openings"], found.of_teacher["at"]
    if not openings:
        st.caption(t("What you have opened can be turned back to here."))
        return
    titles = {
        one["number"]: f"{one['number']}. {Words.model_validate(one['title']).text(language())}"
        for one in openings
    }
    now = at["number"] if at else None
    key = state.spoken_key(f"{_BEFORE}_{now}_{len(openings)}")
    st.selectbox(
        t("The class is at"),
        [_NOTHING, *titles],
        0 if now is None else [*titles].index(now) + 1,
        format_func=lambda number: titles.get(number, t("nothing")),
        key=key,
        on_change=act_on,
        args=(key, now or _NOTHING, found.class_id, _show),
        help=t("Turn back to an activity from before: everything said there is still there."),
    )
    known = classes().state(found.class_id)
    if known is not None and known.at is not None:
        _share(known.at.activity, "at")


@state.whole
def _open(class_id: str, key: str) -> None:
    chosen = st.session_state.get(key)
    for one in ready():
        if one.id == chosen:
            act(class_id, acts.open_activity, one)


def _show(class_state: ClassState, owner: str, number: int) -> list[Data]:
    return acts.show_activity(class_state, owner, number or None)


@state.whole
def _open_own(class_id: str) -> None:
    try:
        activity = _given()
    except ActivityError as error:
        tell(error)
        return
    if activity is None:
        tell(t("Choose a file first, or paste a link."))
    else:
        act(class_id, acts.open_activity, activity)
