"""Ten items: what the network calls the first test image of each label, epoch by epoch."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.dataset import class_name, class_names, load_data
from playground.figures.inside import items_figure
from playground.locales import t
from playground.network.layers import one_of_each
from playground.runs.hub import Hub
from playground.store.runs import RunInfo
from playground.ui.common.figure import show_figure
from playground.ui.common.pictures import STYLE, image_html, percent
from playground.ui.inside.snapshots import after, read_snapshot


@st.cache_data(max_entries=4096, show_spinner=False)
def _judged_ten(_hub: Hub, run_id: str, epoch: int) -> NDArray[np.float32]:
    """Probabilities (10, 10) of the ten items at an epoch."""
    data = load_data()
    network = read_snapshot(_hub, run_id, epoch).network
    return network.predict(data.x_test[one_of_each(data.y_test)])


def ten_items(hub: Hub, run: RunInfo, kept: list[int], epoch: int) -> None:
    """The items at an epoch, and how their probabilities change over all kept ones."""
    probabilities = np.stack([_judged_ten(hub, run.id, one) for one in kept])
    now = probabilities[kept.index(epoch)]
    data = load_data()
    figures = []
    for label, index in enumerate(one_of_each(data.y_test)):
        called = int(now[label].argmax())
        verdict = "✓" if called == label else "✗"
        caption = f"{verdict} {class_name(called)} {percent(float(now[label, called]))}"
        alt = t("{label}, called {called}", label=class_name(label), called=class_name(called))
        figures.append(image_html(data.x_test[index], caption, alt, 112))
    st.html(STYLE + f'<div class="draw-pictures">{"".join(figures)}</div>')
    right = int((now.argmax(axis=1) == np.arange(10)).sum())
    if run.sealed:
        said = t(
            "Ten test images, the first of each label, and what the network calls them {when}.",
            when=after(epoch),
        )
    else:
        said = t(
            "Ten test images, the first of each label, and what the network calls them {when}: "
            "{right} of 10 are right (✓).",
            when=after(epoch),
            right=right,
        )
    st.caption(said)
    show_figure(
        items_figure(kept, probabilities, epoch),
        t(
            "How the probabilities of these ten items change: that of the right label, and the "
            "highest one of a wrong label, which may be another label at every epoch. The dashed "
            "line is the epoch shown above."
        ),
        "inside-items",
    )
    names = class_names()
    with st.expander(t("All ten probabilities of each item {when}", when=after(epoch))):
        st.dataframe(
            {t("Item"): names}
            | {name: [percent(float(x)) for x in now[:, i]] for i, name in enumerate(names)},
            hide_index=True,
        )
