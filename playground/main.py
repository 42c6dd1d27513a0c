"""The script that Streamlit runs: it shows the page that was chosen.

It must not lie beside `ui/pages`: Streamlit takes a folder of that name beside the script for
pages of its older kind, and shows an empty one to a visitor who opens /draw first.
"""

from __future__ import annotations

import streamlit as st

from playground.locales import choose_language_by, speaking, t
from playground.runs import service
from playground.ui import location, navigation, state
from playground.ui.classroom.live.live import show_class
from playground.ui.common.arrival import watch_links
from playground.ui.common.problems import show_errors
from playground.ui.language import choose_language
from playground.ui.layout import style_page
from playground.ui.learn.activities import show_activities
from playground.ui.learn.lessons import show_ends, show_place
from playground.ui.tour.tour import show_tour


@show_errors
def run() -> None:
    """The page that was chosen."""
    style_page()
    choose_language()
    watch_links(page.url_path)
    service.hub()
    show_class(page.url_path)
    show_tour(page.url_path)
    show_place(page.url_path)
    page.run()
    show_activities(page.url_path)
    show_ends(page.url_path)


choose_language_by(state.language)
location.read_language()
# Asked once for all that a page says: a tenth of the script's time otherwise.
with speaking(state.language()):
    page = navigation.chosen_page()
    # A tab's name begins with what tells it from others.
    name = f"{page.title} – {t('Neural network playground')}"
    st.set_page_config(page_title=name, page_icon="👕", layout="wide")
    run()
