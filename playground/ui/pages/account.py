"""Log in: own runs as a person, not as a browser, where the server has Streamlit's login."""

from __future__ import annotations

import streamlit as st
from streamlit.errors import StreamlitAuthError

from playground.locales import t
from playground.ui.common.labels import plain


def page() -> None:
    """Who is logged in, and the button that changes it."""
    st.title(t("Log in"), anchor=False)
    if st.user.get("is_logged_in"):
        name = str(st.user.get("email") or t("somebody"))
        st.write(t("You are logged in as {name}.", name=plain(name)))
        st.button(t("Log out"), on_click=st.logout, help=t("Your runs stay yours."))
        return
    st.write(
        t(
            "When you are logged in, your runs and drawings belong to you on every machine. What "
            "you have made in this browser without a login belongs to this browser: log out to "
            "come back to it."
        )
    )
    opens = t("Opens the login of your school.")
    if st.button(t("Log in"), icon=":material/login:", help=opens):
        try:
            st.login()
        except StreamlitAuthError as error:
            problem = plain(str(error))
            st.error(
                t("The login of this server is not set up correctly. {problem}", problem=problem)
            )
