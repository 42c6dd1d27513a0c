"""The playground: `streamlit run app.py`."""

from __future__ import annotations

import streamlit as st

from playground.ui import server

# Streamlit finds the app in this file's text, so the call must stand here.
app = st.App(server.SCRIPT, **server.parts())
