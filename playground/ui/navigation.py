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
        about: a page of Learn in one sentence, in English.
    """

    title: str
    module: str
    path: str
    icon: str = ""
    there: Callable[[], bool] = lambda: True
    about: str = ""


TRAIN = Entry(mark("Train"), "train", "train", ":material/play_arrow:")
DRAW = Entry(mark("Draw"), "draw", "draw", ":material/draw:")
RUNS = Entry(mark("Runs"), "runs", "runs", ":material/table_rows:")
SWEEPS = Entry(mark("Sweeps"), "sweeps", "sweeps", ":material/grid_on:")
CLASS = Entry(mark("Class"), "classroom", "class", ":material/groups:")
_WORK = (
    TRAIN,
    DRAW,
    RUNS,
    SWEEPS,
    CLASS,
    Entry(mark("Sketchbook"), "sketchbook", "sketchbook", ":material/menu_book:"),
    Entry(mark("Teacher"), "teacher", "teacher", ":material/school:", server_has_teachers),
    Entry(mark("Log in"), "account", "login", ":material/login:", login_is_set_up),
)


def _lesson(title: str, module: str, path: str, about: str) -> Entry:
    return Entry(title, module, path, about=about)


LESSONS = Entry(mark("All lessons"), "learn.overview", "learn")
CHANCE = _lesson(
    mark("Chance"),
    "learn.training.chance",
    "chance",
    mark("How much of the difference between two runs is luck."),
)
# In the order of the lecture.
COURSE = (
    _lesson(
        mark("The data"),
        "learn.the_data",
        "the-data",
        mark(
            "Seventy thousand photos of clothes, each a grid of grey values with one of ten labels."
        ),
    ),
    _lesson(
        mark("Feature scaling"),
        "learn.feature_scaling",
        "feature-scaling",
        mark("Small values around 0: why a network learns faster from them."),
    ),
    _lesson(
        mark("Flatten"),
        "learn.flatten",
        "flatten",
        mark("How an image of 28 rows becomes a single row of 784 numbers."),
    ),
    _lesson(
        mark("Dense"),
        "learn.dense",
        "dense",
        mark("What one neuron computes: weights times inputs, a sum, a bias."),
    ),
    _lesson(
        mark("Activation functions"),
        "learn.activation_functions",
        "activation-functions",
        mark("The bend after each sum, and why deep sigmoids stop learning."),
    ),
    _lesson(
        mark("compile()"),
        "learn.training.compiling",
        "compile",
        mark("Loss, optimizer and metrics: what is to become smaller, and how."),
    ),
    _lesson(
        mark("evaluate() and the three sets"),
        "learn.training.evaluating",
        "evaluate",
        mark("Why a network is judged on images that it has never seen."),
    ),
    _lesson(
        mark("Callback"),
        "learn.training.callbacks",
        "callback",
        mark("What is called between epochs, and how it ends the training."),
    ),
    _lesson(
        mark("Batch and mini-batch"),
        "learn.training.batches",
        "batch",
        mark("One image at a time, a few or all: noise against speed."),
    ),
    CHANCE,
    _lesson(
        mark("Terms"),
        "learn.terms",
        "terms",
        mark("Every term of the lecture in a sentence or two."),
    ),
)
_LEARN = (LESSONS, *COURSE)


def index_of(path: str) -> int | None:
    """The index in `COURSE` of the page with this path; None if it is not of the course."""
    return next((i for i, entry in enumerate(COURSE) if entry.path == path), None)


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


def titles() -> dict[str, str]:
    """The title of each page by its path, in the visitor's language; the first page's is empty."""
    found = {page.path: t(page.title) for page in (*_WORK, *_LEARN)}
    return {"": found[TRAIN.path], **found}


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
