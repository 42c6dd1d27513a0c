"""What acts on all screens at once."""

from __future__ import annotations

import streamlit as st
from pydantic import JsonValue

from playground.classroom.rules import acts
from playground.classroom.rules.log import PHASES
from playground.classroom.service import classes
from playground.classroom.views.shapes import TeacherOpening
from playground.config import RunConfig
from playground.events import Command
from playground.locales import mark, plural, t
from playground.runs import service
from playground.ui import state
from playground.ui.classroom.here import Here, choose
from playground.ui.classroom.teacher.acting import act, act_on, tell
from playground.ui.common.labels import setting_name, setting_value
from playground.ui.common.owner import current_owner

_PHASES = {
    "predict": mark("Predict"),
    "run": mark("Run"),
    "explain": mark("Explain"),
    "compare": mark("Compare"),
}
# Has no effect on a run.
_NEVER_LOCKED = {"keep_snapshots"}


def levers(found: Here) -> None:
    """Curtain, names, answers, pace, runs, settings.

    Each has a key: without one, a lever whose word changes is another one, and for as long as the
    browser has both, those beside them are elsewhere, and a press on them is lost.
    """
    view = found.of_teacher
    with st.container(horizontal=True, vertical_alignment="bottom", key="class_levers"):
        _curtain(found, view["curtain"])
        _names(found, view["names_hidden"])
        _door(found, view["closed"])
        if view["at"] is not None:
            _answers(found, view["at"])
            _phase(found, view["at"])
        _end_runs(found)
        _locks(found, view["locks"])
        _end(found, view["class"]["ended"], sealed=view["sealed"])


def _curtain(found: Here, down: bool) -> None:
    st.button(
        t("Go on, everyone") if down else t("Pause everyone"),
        key="class_lever_curtain",
        type="primary",
        icon=":material/play_circle:" if down else ":material/pause_circle:",
        on_click=act,
        args=(found.class_id, acts.set_curtain, not down),
        help=t("Lifts the curtain from all screens.")
        if down
        else t("Lowers a curtain on all screens: eyes here. Runs go on."),
    )


def _end(found: Here, ended: bool, *, sealed: bool) -> None:
    if sealed and not ended:
        with st.popover(t("End the class"), icon=":material/event_available:"):
            st.write(
                t(
                    "An envelope is still closed. If you end the class now, it stays closed: the "
                    "runs of that activity show no test figure, and neither does what you take "
                    "home. You can still open it afterwards. What members train after the end is "
                    "not sealed any more."
                )
            )
            st.button(
                t("End with the envelope closed"), on_click=_set_ended, args=(found.class_id, True)
            )
        return
    st.button(
        t("Go on with the class") if ended else t("End the class"),
        key="class_lever_end",
        icon=":material/restart_alt:" if ended else ":material/event_available:",
        on_click=_set_ended,
        args=(found.class_id, not ended),
        help=t("Members can join and take part again.")
        if ended
        else t("Nobody can join or answer any more; what they did stays to be read."),
    )


def _set_ended(class_id: str, ended: bool) -> None:
    choose(class_id)  # one that has ended is shown only to those who have chosen it
    act(class_id, acts.end, ended)


def _names(found: Here, hidden: bool) -> None:
    st.button(
        t("Show names") if hidden else t("Hide names"),
        key="class_lever_names",
        icon=":material/visibility:" if hidden else ":material/visibility_off:",
        on_click=act,
        args=(found.class_id, acts.hide_names, not hidden),
        help=t("Everybody is called by their nickname again.")
        if hidden
        else t("Everybody is called by a colour and an animal, on all screens."),
    )


def _door(found: Here, closed: bool) -> None:
    st.button(
        t("Let new ones in") if closed else t("Nobody new"),
        key="class_lever_door",
        icon=":material/meeting_room:" if closed else ":material/door_front:",
        on_click=act,
        args=(found.class_id, acts.set_door, not closed),
        help=t("Everybody who has the code can join again.")
        if closed
        else t(
            "Nobody can join any more, not even with the code; those who have joined come back."
        ),
    )


def _answers(found: Here, at: TeacherOpening) -> None:
    revealed = at["revealed"]
    st.button(
        t("Hide answers") if revealed else t("Reveal answers"),
        key="class_lever_answers",
        icon=":material/lock:" if revealed else ":material/lock_open:",
        on_click=act,
        args=(found.class_id, acts.reveal, at["number"], not revealed),
        help=t("Nobody sees the answers of others any more.")
        if revealed
        else t("Everybody sees all locked answers and all runs, and compares."),
    )


def _phase(found: Here, at: TeacherOpening) -> None:
    number, phase = at["number"], at["phase"]
    # A key of its own for each state: what another device of the teacher has changed is shown.
    key = state.spoken_key(f"class_phase_{number}_{phase}")
    # The old one and the new one are at one place, so that nothing beside them moves.
    holder = st.container(key="class_phase", width="content")
    holder.segmented_control(
        t("How far one may go"),
        PHASES,
        default=phase,
        format_func=lambda one: t(_PHASES[one]),
        key=key,
        on_change=act_on,
        args=(key, phase, found.class_id, acts.set_phase, number),
        help=t("Students go as far as this step, at their own pace."),
    )


def _end_runs(found: Here) -> None:
    going = [run for run in classes().runs(found.class_id) if not run.status.ended]
    st.button(
        plural("End {count} run", "End {count} runs", len(going)) if going else t("End runs"),
        key="class_lever_runs",
        icon=":material/stop_circle:",
        disabled=not going,
        on_click=stop_runs,
        args=(found.class_id,),
        help=t("Ends all runs of this class that train or wait; what they have learned is kept."),
    )


def stop_runs(class_id: str, number: int | None = None) -> None:
    """Stop the runs of a class that go now, or those of one member: an `on_click`."""
    hub, owner = service.hub(), current_owner()
    known = classes().state(class_id)
    if known is None or not known.is_teacher(owner):
        return
    owner_of = {one.number: one.owner for one in known.members.values()}
    for run in classes().runs(class_id):
        if run.status.ended or (number is not None and run.owner != owner_of.get(number)):
            continue
        try:
            hub.command(owner, run.id, Command("stop"), teacher=True)
        except ConnectionError as error:
            tell(t("Run {run} was not stopped. {reason}", run=run.id[:4], reason=error))


def _locks(found: Here, locks: dict[str, JsonValue]) -> None:
    with st.popover(
        t("Lock settings"),
        icon=":material/tune:",
        help=t("Fixes settings for everybody, whatever is open."),
    ):
        st.write(t("Locked settings have the values of your own form on Train."))
        form = state.config().model_dump(mode="json")
        values = {**form, **locks}
        typed = RunConfig.model_validate(values)
        name = f"class_locks_{found.class_id}_{hash(tuple(sorted(map(str, locks.items()))))}"
        widget = state.remembering(name)
        st.multiselect(
            t("Settings"),
            [name for name in RunConfig.model_fields if name not in _NEVER_LOCKED],
            state.remembered(name, [*locks]),
            format_func=lambda name: (
                f"{setting_name(name)}: {setting_value(name, getattr(typed, name))}"
            ),
            placeholder=t("None"),
            help=t("Students see them, and cannot turn them."),
            **widget,
        )
        st.button(
            t("Lock these"),
            on_click=_lock,
            args=(found.class_id, widget["key"], values, name, [*locks]),
            help=t("All other settings are free again."),
        )


@state.whole
def _lock(
    class_id: str, key: str, values: dict[str, JsonValue], name: str, locked: list[str]
) -> None:
    chosen = st.session_state.get(key) or []
    act(class_id, acts.lock_settings, {one: values[one] for one in chosen if one in values})
    state.remember(name, locked)  # where the locks are these again, nothing else is chosen
