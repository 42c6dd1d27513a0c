"""The way into a class, for its teacher to show: code, address, QR code, and the secret links."""

from __future__ import annotations

from html import escape

import streamlit as st

from playground.classroom.service import classes
from playground.locales import t
from playground.runs.refusals import Refused
from playground.store.runs import StoreError
from playground.ui import location, navigation, state
from playground.ui.classroom.addresses import (
    chosen,
    hosts,
    join_address,
    lan_addresses,
    link,
    qr_picture,
)
from playground.ui.classroom.here import Here
from playground.ui.classroom.teacher.acting import tell
from playground.ui.common.owner import current_owner

_HTML = """
<div class="class-way-in">
  <img src="{qr}" alt="{alt}">
  <p>{join}<br><strong data-testid="join-code">{code}</strong><br><span>{address}</span></p>
</div>
"""


def here_url() -> str:
    """Under which address this browser has the page Class."""
    return (
        st.context.url or f"http://localhost:{st.get_option('server.port')}/{navigation.CLASS.path}"
    )


def reached_at(**query: str) -> str:
    """The address of the page Class as other devices reach it, with this query."""
    url = here_url()
    host = chosen(state.remembered(state.CLASS_HOST), hosts(url, lan_addresses()))
    return link(url, host, **query)


def head(found: Here, owner: str) -> None:
    """The code and the QR code, with the address of the server to choose; then the links."""
    url, code = here_url(), found.of_teacher["code"]
    choices = hosts(url, lan_addresses())
    host = chosen(state.remembered(state.CLASS_HOST), choices)
    address = join_address(url, host, code)
    shown = address.partition("?")[0].removeprefix("http://")
    st.html(
        _HTML.format(
            qr=qr_picture(address),
            alt=escape(t("QR code of the address {address}", address=shown)),
            join=escape(t("Join with this code:")),
            code=escape(code),
            address=escape(shown),
        )
    )
    with st.container(horizontal=True, key="class_links"):
        if len(choices) > 1:
            st.selectbox(
                t("Address of this server"),
                choices,
                choices.index(host),
                key=state.CLASS_HOST,
                on_change=state.remember_widget,
                args=(state.CLASS_HOST,),
                width=260,
                help=t("Under which of its addresses the students’ devices reach the server."),
            )
        st.link_button(
            t("Show on the projector"),
            link(
                url,
                _host_of(url),
                **{
                    location.VIEW: location.PROJECTOR,
                    location.CLASS: found.class_id,
                    location.HOST: host,
                },
            ),
            icon=":material/slideshow:",
            help=t("Opens a window for the room: no secrets, large type."),
        )
        _links(found, owner, url, host)


def _host_of(url: str) -> str:
    return hosts(url, ())[0] if not url.startswith("http://localhost") else "localhost"


def _links(found: Here, owner: str, url: str, host: str) -> None:
    with st.popover(
        t("Links"),
        icon=":material/link:",
        help=t("For another device of yours, or a projector of its own."),
    ):
        secrets = classes().links(found.class_id, owner)
        st.write(t("For another device of yours: everybody who has this link is a teacher here."))
        st.code(
            link(url, host, **{location.KEY: secrets["teacher"]}), language=None, wrap_lines=True
        )
        st.write(t("For a projector with a computer of its own: it can see, and do nothing."))
        st.code(
            link(url, host, **{location.KEY: secrets["screen"]}), language=None, wrap_lines=True
        )
        st.button(
            t("New links"),
            icon=":material/autorenew:",
            on_click=_renew,
            args=(found.class_id,),
            help=t(
                "These two links end at once, and there are new ones. Devices that have used an "
                "old one stay what they are."
            ),
        )


def _renew(class_id: str) -> None:
    try:
        classes().renew_links(class_id, current_owner())
    except (Refused, StoreError) as error:
        tell(error)
