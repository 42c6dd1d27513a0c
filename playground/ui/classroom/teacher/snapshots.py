"""Snapshots: answers, words, runs and drawings that the teacher keeps to show one after another."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from playground.classroom.rules import acts
from playground.classroom.rules.log import MOST_WORDS, SnapshotAdded
from playground.classroom.service import classes
from playground.classroom.views.shapes import SnapshotView
from playground.dataset import class_names
from playground.locales import t
from playground.ui import state
from playground.ui.classroom.here import Here
from playground.ui.classroom.names import spoken
from playground.ui.classroom.teacher.acting import act, act_on
from playground.ui.common.labels import plain
from playground.ui.common.pictures import percent

_WHAT = "class_snapshot"


def snapshots(found: Here) -> None:
    """Keep something, and show what is kept."""
    offered = candidates(found)
    if offered:
        name = f"{_WHAT}_{len(found.of_teacher['snapshots'])}"
        # What it is and not its words, which are others in another language.
        things = {tuple(one.model_dump().values()): label for label, one in offered.items()}
        ids, widget = [*things], state.remembering(name)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox(
                t("Something to keep"),
                ids,
                ids.index(state.chosen(name, ids, ids[0])),
                format_func=things.__getitem__,
                width=480,
                help=t("What members have said, drawn and trained in this activity."),
                **widget,
            )
            st.button(
                t("Keep it"),
                icon=":material/photo_camera:",
                on_click=_add,
                args=(found.class_id, widget["key"]),
                help=t("Adds it to what you can show."),
            )
    kept = found.of_teacher["snapshots"]
    if not kept:
        st.caption(t("Nothing is kept yet. What you keep here, the projector shows at a press."))
        return
    _steps(found, [one["number"] for one in kept])
    for index, one in enumerate(kept):
        _row(found, one, index, [each["number"] for each in kept])


@state.whole
def _add(class_id: str, key: str) -> None:
    chosen = st.session_state.get(key)
    if chosen is not None:
        values = dict(zip(SnapshotAdded.model_fields, chosen, strict=True))
        act(class_id, acts.add_snapshot, SnapshotAdded.model_validate(values))


def candidates(found: Here) -> dict[str, SnapshotAdded]:
    """All that can be kept of the activity that the class is at, by what it is called.

    Of runs the newest, as in the chart of points; the first one of a member has number 1.
    """
    at = found.of_teacher["at"]
    if at is None:
        return {}
    number = at["number"]
    made: dict[str, SnapshotAdded] = {}

    def add(label: str, what: str, member: int, ref: str = "") -> None:
        named, again = label, 1
        while named in made:
            again += 1
            named = f"{label} ({again})"
        values = {"what": what, "opening": number, "member": member, "ref": ref}
        made[named] = SnapshotAdded.model_validate(values)

    for one in at["answers"]:
        if one["locked"]:
            add(t("Answer of {name}", name=spoken(one["name"])), "answer", one["member"])
    for words in at["words"]:
        text = " ".join(words["text"].split())[:60]
        said = t("Words of {name}: {text}", name=spoken(words["name"]), text=text)
        add(said, "words", words["member"])
    runs = classes().trained(found.class_id)
    numbers = Counter(run.member for run in runs)
    for run in runs:
        said = t(
            "Run {number} of {name}: {accuracy}",
            number=numbers[run.member],
            name=spoken(run.name),
            accuracy=percent(run.accuracy, 1),
        )
        numbers[run.member] -= 1
        add(said, "run", run.member, run.run)
    known = classes().state(found.class_id)
    names = {tile["number"]: spoken(tile["name"]) for tile in found.of_teacher["roster"]}
    for index, drawing in enumerate(known.at.drawings if known and known.at else (), 1):
        label = class_names()[drawing.label]
        said = t("Drawing of {name}: {label}", name=names[drawing.member], label=label)
        add(said, "drawing", drawing.member, str(index))
    return made


def _steps(found: Here, order: list[int]) -> None:
    now = found.of_teacher["presented"]
    index = order.index(now) if now in order else -1
    with st.container(horizontal=True):
        st.button(
            t("Show the first") if index < 0 else t("Show the next"),
            key="class_snapshot_next",
            type="primary",
            icon=":material/skip_next:",
            disabled=index + 1 >= len(order),
            on_click=act,
            args=(found.class_id, acts.present, order[min(index + 1, len(order) - 1)]),
            help=t("On the projector."),
        )
        st.button(
            t("Show none"),
            icon=":material/close:",
            disabled=index < 0,
            on_click=act,
            args=(found.class_id, acts.present, None),
            help=t("The projector shows the activity again."),
        )


def _row(found: Here, one: SnapshotView, index: int, order: list[int]) -> None:
    number, class_id = one["number"], found.class_id
    shown = found.of_teacher["presented"] == number
    with st.container(border=True):
        name = plain(_name(one))
        st.markdown(t("**{name}** is on the projector", name=name) if shown else f"**{name}**")
        key = f"class_caption_{number}_{one['caption']}"
        st.text_input(
            t("Your word about it"),
            one["caption"],
            max_chars=min(MOST_WORDS, 200),
            key=key,
            on_change=act_on,
            args=(key, one["caption"], class_id, acts.caption_snapshot, number),
            autocomplete="off",
            help=t("Stands above it on the projector."),
        )
        with st.container(horizontal=True):
            st.button(
                t("Show"),
                key=f"class_show_{number}",
                disabled=shown,
                on_click=act,
                args=(class_id, acts.present, number),
                help=t("On the projector."),
            )
            for label, step, helps in (
                (t("Up"), -1, t("Shows it earlier.")),
                (t("Down"), 1, t("Shows it later.")),
            ):
                other = index + step
                st.button(
                    label,
                    key=f"class_move_{number}_{step}",
                    disabled=not 0 <= other < len(order),
                    on_click=act,
                    args=(class_id, acts.order_snapshots, _swapped(order, index, other)),
                    help=helps,
                )
            st.button(
                t("Drop"),
                key=f"class_drop_{number}",
                on_click=act,
                args=(class_id, acts.order_snapshots, [each for each in order if each != number]),
                help=t("Keeps it no longer."),
            )


def _swapped(order: list[int], index: int, other: int) -> list[int]:
    made = list(order)
    if 0 <= other < len(order):
        made[index], made[other] = made[other], made[index]
    return made


def _name(one: SnapshotView) -> str:
    name = spoken(one["name"])
    said = {
        "answer": t("Answer of {name}", name=name),
        "words": t("Words of {name}", name=name),
        "run": t("Run of {name}", name=name),
        "drawing": t("Drawing of {name}", name=name),
    }
    return said.get(one["what"], name)
