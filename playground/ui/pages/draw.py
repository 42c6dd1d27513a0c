"""Draw: sketch an item, see the picture a network gets, and what it says."""

from __future__ import annotations

import base64
import io

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from playground.dataset import CLASS_NAMES
from playground.events import Status
from playground.forward import Network
from playground.preprocessing import EmptyDrawing, to_item
from playground.runs import service
from playground.runs.hub import Hub
from playground.runs.store import RunInfo, StoreError
from playground.ui import state
from playground.ui.components.sketchpad import sketchpad
from playground.ui.labels import run_label
from playground.ui.owner import current_owner
from playground.ui.pages import train

FOLLOW_SECONDS = 2.0
_FILL_SWITCH = "fill_switch"

_STYLE = """<style>
.draw-bars { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
.draw-bars :is(th, td) { padding: 0.1rem 0.4rem; border: 0; font-weight: inherit; }
.draw-bars th:first-child { padding-left: 0; }
.draw-bars th { text-align: left; white-space: nowrap; width: 1%; }
.draw-bars td:last-child { padding-right: 0; text-align: right; white-space: nowrap; width: 6ch; }
.draw-bars tr.winner { font-weight: 700; }
.draw-bars .track { background: color-mix(in srgb, currentColor 12%, transparent); }
.draw-bars .bar { height: 1rem; background: #0072b2; }
.draw-item { margin: 0; }
.draw-item img { width: 168px; height: 168px; image-rendering: pixelated; }
.draw-item figcaption { font-size: 0.875rem; }
</style>"""


def page() -> None:
    """The page, top to bottom: which network judges, the sketchpad, its answer."""
    st.title("Draw", anchor=False)
    hub = service.hub()
    run = _choose_judge(hub, current_owner())
    if run is None:
        st.info("No network has been trained yet. Train one, then come back and draw for it.")
        st.page_link(
            st.Page(train.page, title="Train", default=True),
            label="Train a network",
            icon=":material/play_arrow:",
            help="Opens the Train page.",
        )
        return
    # A stroke runs this part only; while the network trains, so does a timer.
    follow = not run.status.ended
    st.fragment(_drawing, run_every=FOLLOW_SECONDS if follow else None)(run.id, follow)


def _choose_judge(hub: Hub, owner: str) -> RunInfo | None:
    """The run whose weights judge: from the address, else the last chosen, else the newest."""
    runs = [
        run
        for run in hub.runs()
        if run.status.active
        or (run.status in (Status.FINISHED, Status.STOPPED) and _has_weights(hub, run.id))
    ]
    runs.sort(key=lambda run: run.owner != owner)
    labels = {
        run.id: run_label(run) + ("" if run.owner == owner else " · somebody else’s")
        for run in runs
    }
    asked = st.query_params.get("run")
    if asked and asked not in labels:
        st.warning(f"The run “{asked[:40]}” in the address has no weights to judge with.")
    if not runs:
        return None
    ids = list(labels)
    wanted = next((x for x in (asked, st.session_state.get(state.JUDGE)) if x in labels), ids[0])
    # A selectbox keeps the label that was chosen, even when a run's status has changed it, and one
    # without a key jumps back when `index` changes: so a key for these very labels.
    chosen: str = st.selectbox(
        "Network",
        ids,
        index=ids.index(wanted),
        key=f"judge_{hash(tuple(labels.values()))}",
        format_func=labels.__getitem__,
        help="The run whose weights judge your drawing. One that is training now answers with its "
        "newest weights.",
    )
    st.session_state[state.JUDGE] = st.query_params["run"] = chosen
    return next(run for run in runs if run.id == chosen)


@st.cache_data(show_spinner=False)
def _has_weights(_hub: Hub, run_id: str) -> bool:
    """Whether a run that has ended left weights; a damaged file counts, and is named later."""
    try:
        return _hub.network(run_id) is not None
    except ValueError:
        return True


@st.cache_resource(max_entries=8, show_spinner=False)
def _final_network(_hub: Hub, run_id: str) -> Network | None:
    """The weights of a run that has ended, which never change again."""
    return _hub.network(run_id)


def _drawing(run_id: str, follow: bool) -> None:
    """The sketchpad and the answer.

    Args:
        run_id: the run that judges.
        follow: whether it had not ended when the page was drawn.
    """
    hub = service.hub()
    run = hub.run(run_id)
    if run is None or (follow and run.status.ended):
        st.rerun()  # the whole page, so that the timer ends and the choice says how it went
    left, right = st.columns(2, gap="medium")
    with left:
        canvas = sketchpad()
    with right:
        answer = st.container()
        with st.container(horizontal=True, vertical_alignment="center"):
            picture = st.container(width="content")
            fill = _fill_switch()
        try:
            if canvas is None:
                raise EmptyDrawing
            item = to_item(canvas, fill=fill)
        except EmptyDrawing:
            names = ", ".join(CLASS_NAMES[:-1])
            answer.info(f"Draw something: {names} or {CLASS_NAMES[-1]}.", icon=":material/draw:")
            return
        with answer:
            _answer(hub, run, item)
        picture.html(picture_html(item))


def _fill_switch() -> bool:
    st.session_state.setdefault(_FILL_SWITCH, st.session_state.get(state.FILL, True))
    fill = st.toggle(
        "Close and fill the outline",
        key=_FILL_SWITCH,
        help="The data set’s pictures are photos of whole things. This closes small gaps in your "
        "outline and fills it with the grey of cloth.",
    )
    st.session_state[state.FILL] = fill
    return fill


def _answer(hub: Hub, run: RunInfo, item: NDArray[np.uint8]) -> None:
    """What the network says, in words and as a bar for each label."""
    try:
        network = _final_network(hub, run.id) if run.status.ended else hub.network(run.id)
    except (StoreError, ValueError) as error:
        st.error(f"The weights of this run cannot be read. {error}")
        return
    if network is None:
        st.info("This run has no weights yet. The answer comes by itself as soon as it has.")
        return
    probabilities = network.predict(item[None])[0]
    if not np.isfinite(probabilities).all():
        st.warning(
            "This network’s numbers have grown beyond all bounds, so it has no answer. "
            "Choose another one, or train again with a smaller learning rate."
        )
        return
    best = int(probabilities.argmax())
    st.subheader(
        f"The network says: {CLASS_NAMES[best]} ({percent(probabilities[best])})", anchor=False
    )
    if not run.status.ended:
        epochs = f" after epoch {network.epoch} of {run.config.epochs}" if network.epoch else ""
        st.caption(f"Its newest weights{epochs}; the answer follows the training.")
    st.html(bars_html(probabilities))


def percent(share: float) -> str:
    """A probability as whole per cent, e.g. "93 %"."""
    return f"{100 * share:.0f} %"


def bars_html(probabilities: NDArray[np.float32]) -> str:
    """A table with a bar for each of the ten labels, in the data set's order.

    HTML rather than a Plotly chart, which Streamlit builds anew at every change of its data: these
    bars change with every stroke, and a screen reader can read them.

    Args:
        probabilities: (10,), summing to 1.
    """
    best = int(probabilities.argmax())
    rows = "".join(
        f'<tr{" class=winner" if label == best else ""}><th scope="row">{name}</th>'
        f'<td><div class="track"><div class="bar" style="width: {100 * share:.1f}%"></div></div>'
        f"</td><td>{percent(share)}</td></tr>"
        for label, (name, share) in enumerate(zip(CLASS_NAMES, probabilities, strict=True))
    )
    return f'{_STYLE}<table class="draw-bars" aria-label="Probability of each label">{rows}</table>'


def picture_html(item: NDArray[np.uint8]) -> str:
    """The picture the network gets, enlarged with every pixel to be seen.

    Args:
        item: (28, 28), bright on black.
    """
    file = io.BytesIO()
    Image.fromarray(item).save(file, "PNG")
    url = f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
    return (
        f'{_STYLE}<figure class="draw-item"><img src="{url}" alt="Your drawing as the network gets '
        'it"><figcaption>What the network gets</figcaption></figure>'
    )
