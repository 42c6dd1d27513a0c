"""The configuration as plain Keras code, to read, copy and download."""

from __future__ import annotations

import streamlit as st

from playground.config import RunConfig
from playground.locales import t
from playground.runs import service
from playground.script import Start, notebook, script
from playground.ui import state
from playground.ui.common.owner import current_owner


def code_panel(config: RunConfig) -> None:
    """An expander with the script, and the script and a notebook as files.

    Nothing is made before it is opened.
    """
    expander = st.expander(t("Code"), icon=":material/code:", key=state.CODE, on_change="rerun")
    if not expander.open:
        return
    with expander:
        st.caption(
            t(
                "These settings as a plain Keras script. It runs on its own. Its accuracy differs "
                "a little, because it shuffles the images in another order."
            )
        )
        fork = state.fork()
        start = fork and Start(fork.run_id, fork.epoch)
        sealed = _sealed(config)
        source = script(config, start, sealed=sealed)
        with st.container(horizontal=True):
            st.download_button(
                t("Script (.py)"),
                source,
                "fashion_mnist.py",
                "text/x-python",
                on_click="ignore",
                icon=":material/download:",
                help=t("Run it with: `python fashion_mnist.py`"),
            )
            st.download_button(
                t("Notebook (.ipynb)"),
                notebook(config, start, sealed=sealed),
                "fashion_mnist.ipynb",
                "application/x-ipynb+json",
                on_click="ignore",
                icon=":material/download:",
                help=t("For Jupyter or Colab, with a cell for each step."),
            )
        # All of it: a box that scrolls is out of reach of the keys in some browsers.
        st.code(source, language="python", wrap_lines=True)


def _sealed(config: RunConfig) -> bool:
    """Whether the script must leave the test images alone: as the next run, or the one shown."""
    hub, fork = service.hub(), state.fork()
    run = hub.run((fork.run_id if fork else state.shown_run()) or "")
    same = run is not None and (fork is not None or run.config == config)
    return hub.seals(current_owner(), config, run if same else None)
