"""The inner script of the app: navigation, and words for what no page could handle.

It must not lie beside `ui/pages`: Streamlit takes a folder of that name beside the script for
pages of its older kind, and shows an empty one to whoever opens /draw first.
"""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from playground.runs import service
from playground.ui.common.arrival import watch_links
from playground.ui.common.problems import in_words
from playground.ui.common.teacher import server_has_teachers
from playground.ui.pages import account, draw, sketchbook, teacher, train
from playground.ui.pages.learn import (
    activation_functions,
    batches,
    callbacks,
    compiling,
    dense,
    evaluating,
    feature_scaling,
    flatten,
    the_data,
)


def _of_this_server() -> Iterator[StreamlitPage]:
    """The pages that a server has only where it is set up so."""
    if server_has_teachers():
        yield st.Page(teacher.page, title="Teacher", icon=":material/school:", url_path="teacher")
    if account.login_is_set_up():
        yield st.Page(account.page, title="Log in", icon=":material/login:", url_path="login")


st.set_page_config(page_title="Neural network playground", page_icon="👕", layout="wide")
page = st.navigation(
    {
        "": [
            st.Page(
                train.page,
                title="Train",
                icon=":material/play_arrow:",
                url_path="train",
                default=True,
            ),
            st.Page(draw.page, title="Draw", icon=":material/draw:", url_path="draw"),
            st.Page(
                sketchbook.page,
                title="Sketchbook",
                icon=":material/menu_book:",
                url_path="sketchbook",
            ),
            *_of_this_server(),
        ],
        "Learn": [
            st.Page(the_data.page, title="The data", url_path="the-data"),
            st.Page(feature_scaling.page, title="Feature scaling", url_path="feature-scaling"),
            st.Page(flatten.page, title="Flatten", url_path="flatten"),
            st.Page(dense.page, title="Dense", url_path="dense"),
            st.Page(
                activation_functions.page,
                title="Activation functions",
                url_path="activation-functions",
            ),
            st.Page(compiling.page, title="compile()", url_path="compile"),
            st.Page(evaluating.page, title="evaluate() and the three sets", url_path="evaluate"),
            st.Page(callbacks.page, title="Callback", url_path="callback"),
            st.Page(batches.page, title="Batch and mini-batch", url_path="batch"),
        ],
    },
    position="top",
)


@in_words
def run() -> None:
    """The page that was chosen."""
    watch_links()
    service.hub()
    page.run()


run()
