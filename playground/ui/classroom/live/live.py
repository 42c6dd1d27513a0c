"""The line of one's class at the top of every page, which obeys what the teacher does."""

from __future__ import annotations

import streamlit as st

from playground.classroom.service import classes
from playground.classroom.views.audiences import SCREEN, TEACHER
from playground.locales import t
from playground.store.runs import StoreError
from playground.ui import navigation, state
from playground.ui.classroom.alone import to_class
from playground.ui.classroom.here import see
from playground.ui.classroom.names import own_alias
from playground.ui.common.mount import mount
from playground.ui.common.owner import current_owner

_KEY = "class_live"
_HTML = """
<div class="class-live" data-testid="class-live" tabindex="-1">
  <span class="class-name"></span>
  <span class="class-now" role="status"></span>
  <button type="button" class="class-show" hidden></button>
  <dialog class="class-curtain" data-testid="class-curtain" aria-labelledby="class-curtain-says"
    aria-describedby="class-curtain-why">
    <p class="class-curtain-says" id="class-curtain-says"></p>
    <p class="class-curtain-why" id="class-curtain-why"></p>
  </dialog>
</div>
"""


def show_class(page: str) -> None:
    """The line, for one who is a member of a class; nothing for all others.

    Args:
        page: the path in the address of the page that runs; the first page's is empty.
    """
    owner = current_owner()
    try:
        all_classes = classes()
        joined = all_classes.where(owner)
        found = see(all_classes, joined[0].id, owner) if joined else None
        # A teacher who is a member, too, sees the class as its teacher: on the page Class.
        if found is not None and found.audience in (TEACHER, SCREEN):
            found = None
    except StoreError:  # the page itself says so
        return
    state.lock(found.of_member["locks"] if found else {})
    if found is None:
        return
    all_classes.saw(owner, page)
    with st.container(key="class_line", horizontal=True, vertical_alignment="center"):
        mount(
            "class_live",
            _HTML,
            "classroom/live/live.css",
            "classroom/live/live.js",
            key=_KEY,
            data={
                "token": found.token,
                "view": found.view,
                "page": page,
                "home": navigation.CLASS.path,
                "names": own_alias(found.of_member["you"]["number"]),
            },
            on_show_change=_show,
        )
        if page != navigation.CLASS.path:
            navigation.link_to(navigation.CLASS, t("To the class"))


@state.whole
def _show() -> None:
    """Somebody wants to see what the class has come to: this run of the script shows it.

    The page Class then shows the class that they are in, whatever they play alone beside it.
    """
    to_class()
