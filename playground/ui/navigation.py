"""All pages, and how to get to one: the only place that defines them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import NamedTuple

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from playground.locales import mark, t
from playground.ui.common.owner import login_is_set_up
from playground.ui.common.teacher import server_has_teachers


class Entry(NamedTuple):
    """One page.

    Attributes:
        title: in the navigation, in English; checks from outside look for it.
        module: below `playground.ui.pages`, with a function `page()`.
        path: in the address.
        icon: a Material icon; none for pages of the lecture.
        there: whether this server has the page.
    """

    title: str
    module: str
    path: str
    icon: str = ""
    there: Callable[[], bool] = lambda: True


TRAIN = Entry(mark("Train"), "train", "train", ":material/play_arrow:")
DRAW = Entry(mark("Draw"), "draw", "draw", ":material/draw:")
RUNS = Entry(mark("Runs"), "runs", "runs", ":material/table_rows:")
SWEEPS = Entry(mark("Sweeps"), "sweeps", "sweeps", ":material/grid_on:")
_WORK = (
    TRAIN,
    DRAW,
    RUNS,
    SWEEPS,
    Entry(mark("Sketchbook"), "sketchbook", "sketchbook", ":material/menu_book:"),
    Entry(mark("Teacher"), "teacher", "teacher", ":material/school:", server_has_teachers),
    Entry(mark("Log in"), "account", "login", ":material/login:", login_is_set_up),
)
CHANCE = Entry(mark("Chance"), "learn.training.chance", "chance")
_LEARN = (
    Entry(mark("The data"), "learn.the_data", "the-data"),
    Entry(mark("Feature scaling"), "learn.feature_scaling", "feature-scaling"),
    Entry(mark("Flatten"), "learn.flatten", "flatten"),
    Entry(mark("Dense"), "learn.dense", "dense"),
    Entry(mark("Activation functions"), "learn.activation_functions", "activation-functions"),
    Entry(mark("compile()"), "learn.training.compiling", "compile"),
    Entry(mark("evaluate() and the three sets"), "learn.training.evaluating", "evaluate"),
    Entry(mark("Callback"), "learn.training.callbacks", "callback"),
    Entry(mark("Batch and mini-batch"), "learn.training.batches", "batch"),
    CHANCE,
    Entry(mark("Terms"), "learn.terms", "terms"),
)


def chosen_page() -> StreamlitPage:
    """Show the navigation; returns the page to run."""
    sections = {"": _WORK, t("Learn"): _LEARN}
    return st.navigation(
        {name: [_page(one) for one in pages if one.there()] for name, pages in sections.items()},
        position="top",
    )


def go_to(page: Entry) -> None:
    """End this script run and open a page."""
    st.switch_page(_page(page))


def link_to(page: Entry, label: str) -> None:
    """A link to a page, with a label in the visitor's language."""
    opens = t("Opens the page {title}.", title=t(page.title))
    st.page_link(_page(page), label=label, icon=page.icon or None, help=opens)


def lesson_at(path: str) -> Entry:
    """The page of Learn with this path in its address."""
    return next(page for page in _LEARN if page.path == path)


def import_pages() -> None:
    """Import all pages now; each is otherwise imported when it is first opened."""
    for page in (*_WORK, *_LEARN):
        _module(page)


def _page(entry: Entry) -> StreamlitPage:
    # Imported by name when it is shown: pages link to each other.
    return st.Page(
        lambda: _module(entry).page(),
        title=t(entry.title),
        icon=entry.icon or None,
        url_path=entry.path,
        default=entry is TRAIN,
    )


def _module(entry: Entry) -> ModuleType:
    return import_module(f"playground.ui.pages.{entry.module}")
