"""Log in: be a person instead of a browser, where the server has Streamlit's login."""

from __future__ import annotations

import streamlit as st
from streamlit.errors import StreamlitAuthError

from playground.ui.common.labels import plain


def page() -> None:
    """Who is logged in, and the button that changes it."""
    st.title("Log in", anchor=False)
    if st.user.get("is_logged_in"):
        st.write(f"You are logged in as {plain(str(st.user.get('email') or 'somebody'))}.")
        st.button("Log out", on_click=st.logout, help="Your runs stay yours.")
        return
    st.write(
        "Logged in, your runs and drawings belong to you on every machine. What you have made in "
        "this browser without a login belongs to this browser: log out to come back to it."
    )
    if st.button("Log in", icon=":material/login:", help="Opens the login of your school."):
        try:
            st.login()
        except StreamlitAuthError as error:
            st.error(f"The login of this server is not set up rightly. {plain(str(error))}")
