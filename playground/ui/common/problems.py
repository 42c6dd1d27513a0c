"""Errors that a page cannot repair, shown as a sentence where the user is."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from playground.dataset import DatasetError
from playground.locales import t
from playground.runs.refusals import Refused
from playground.store.runs import StoreError

P = ParamSpec("P")


def show_errors(show: Callable[P, None]) -> Callable[P, None]:
    """Decorate a page, or a fragment of one: what the store or the data refuse is shown."""

    @wraps(show)
    def shown(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            show(*args, **kwargs)
        except Refused as error:
            st.error(str(error), icon=":material/block:")
        except (StoreError, DatasetError) as error:
            st.error(str(error), icon=":material/database_off:")
            st.button(t("Try again"), help=t("Load this page again."))

    return shown
