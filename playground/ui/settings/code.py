"""The configuration as plain Keras code, to read, copy and take away."""

from __future__ import annotations

import streamlit as st

from playground.config import RunConfig
from playground.script import notebook, script
from playground.ui import state


def code_panel(config: RunConfig) -> None:
    """An expander with the script, and the script and a notebook as files.

    Nothing is made before it is opened.
    """
    expander = st.expander("Code", icon=":material/code:", key=state.CODE, on_change="rerun")
    if not expander.open:
        return
    with expander:
        st.caption(
            "These settings as a plain Keras script. It runs on its own, and reaches the same "
            "accuracy within the chance of the images' order."
        )
        source = script(config)
        with st.container(horizontal=True):
            st.download_button(
                "Script (.py)",
                source,
                "fashion_mnist.py",
                "text/x-python",
                on_click="ignore",
                icon=":material/download:",
                help="Run it with: python fashion_mnist.py",
            )
            st.download_button(
                "Notebook (.ipynb)",
                notebook(config),
                "fashion_mnist.ipynb",
                "application/x-ipynb+json",
                on_click="ignore",
                icon=":material/download:",
                help="For Jupyter or Colab, a cell for each step.",
            )
        st.code(source, language="python", height=420)
