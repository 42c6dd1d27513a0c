"""What a page cannot mend, in words at the place where the user is."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from playground.dataset import DatasetError
from playground.runs.hub import TooMany
from playground.store.runs import StoreError

P = ParamSpec("P")


def in_words(part: Callable[P, None]) -> Callable[P, None]:
    """A page, or a part that Streamlit runs alone, that says what store or data refuse."""

    @wraps(part)
    def said(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            part(*args, **kwargs)
        except TooMany as error:
            st.error(str(error), icon=":material/block:")
        except (StoreError, DatasetError) as error:
            st.error(str(error), icon=":material/database_off:")
            st.button("Try again", help="Load this page again.")

    return said
