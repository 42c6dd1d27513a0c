"""The page Class on the projector: what a room looks at, and nothing that is secret."""

from __future__ import annotations

import time
from urllib.parse import urlencode

import streamlit as st

from playground.classroom.service import Classes, classes
from playground.classroom.views.audiences import SCREEN
from playground.locales import language, t
from playground.ui import location
from playground.ui.classroom.addresses import (
    chosen,
    hosts,
    join_address,
    lan_addresses,
    qr_code,
)
from playground.ui.classroom.drawing.guesses import show_guesses
from playground.ui.classroom.here import Here, see
from playground.ui.classroom.jigsaw.grid import show_grid
from playground.ui.classroom.names import aliases
from playground.ui.classroom.routes import CHARTS
from playground.ui.classroom.sealed.envelope import show_envelope
from playground.ui.classroom.teacher.head import here_url
from playground.ui.common.mount import mount
from playground.ui.layout import style_for_a_room

_KEY = "class_screen"
_HTML = """
<section class="class-screen" data-testid="class-screen">
  <header>
    <h1 data-part="name"></h1>
    <p data-part="count"></p>
    <p data-part="way" hidden></p>
  </header>
  <p class="class-alert" role="status" data-part="alert" hidden></p>
  <div class="screen-join" data-part="join" hidden>
    <div class="screen-qr">{qr}</div>
    <div>
      <p data-part="invite"></p>
      <p class="screen-address">{address}</p>
      <p class="screen-code" data-testid="join-code"></p>
      <p class="screen-names" data-part="names"></p>
    </div>
  </div>
  <div class="screen-activity" data-part="activity" hidden>
    <h2 data-part="title"></h2>
    <p data-part="question"></p>
    <p data-part="because" hidden></p>
    <p class="screen-progress" data-part="progress"></p>
    <progress max="1" value="0"></progress>
    <div class="class-charts"></div>
  </div>
  <div class="screen-shown" data-part="shown" hidden></div>
</section>
"""


def asked_for_screen() -> bool:
    """Whether the address asks for the projector's view, as a teacher's own browser may."""
    return location.parameter(location.VIEW) == location.PROJECTOR


def projected(classes: Classes, owner: str) -> Here | None:
    """The class whose projector the address asks for, if this owner may see it."""
    named = location.parameter(location.CLASS)[:32] if asked_for_screen() else ""
    return see(classes, named, owner) if named else None


def screen_page(found: Here, owner: str) -> None:
    """What the room looks at.

    Args:
        found: the class as the teacher or the projector sees it.
        owner: who that is.
    """
    seen = classes().projection(found.class_id, owner)
    if seen is None:
        st.error(t("Only the teacher of this class can do that."))
        return
    view, token = seen
    url = here_url()
    host = chosen(location.parameter(location.HOST), hosts(url, lan_addresses()))
    address = join_address(url, host, str(view["code"]))
    shown = address.partition("?")[0].removeprefix("http://")
    style_for_a_room()
    with st.container(key="projector"):
        mount(
            "class_screen",
            _HTML.format(
                qr=qr_code(address, t("QR code of the address {address}", address=shown)),
                address=shown,
            ),
            (
                "classroom/curve/curve.css",
                "classroom/teacher/board.css",
                "classroom/teacher/screen.css",
            ),
            "classroom/teacher/screen.js",
            key=_KEY,
            data={
                "token": token,
                "view": view,
                "now": time.time(),
                "charts": f"{CHARTS}?{urlencode({'class': token, 'lang': language()})}",
                "query": shown,
                "names": aliases(),
            },
        )
        # They hide where the activity has none, or a snapshot is presented.
        projected = Here(found.class_id, SCREEN, view, token)
        show_grid(projected)
        show_envelope(projected, owner)
        show_guesses(projected)
