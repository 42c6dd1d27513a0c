"""Inside the network: neurons, layers, ten items and mistakes of a run, at any epoch.

All of it is computed from the snapshot of the chosen epoch; while the run trains, the slider
follows the newest one from its right end.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.config import RunConfig
from playground.dataset import CLASS_NAMES, load_data
from playground.figures.inside import items_figure, outputs_figure
from playground.figures.lesson.network import gradient_figure
from playground.lesson.items import mosaic
from playground.network.layers import Layer, layers, one_of_each, weight_images
from playground.network.network import Network
from playground.network.snapshot import Snapshot, kept_epochs
from playground.runs import service
from playground.runs.hub import Hub
from playground.settings import settings
from playground.store.runs import RunInfo, StoreError
from playground.ui import state
from playground.ui.common.figure import show_figure
from playground.ui.common.pictures import STYLE, data_url, diverging, percent, picture_html
from playground.ui.common.problems import in_words
from playground.ui.inside.mistakes import mistakes

FOLLOW_SECONDS = 2.0
SAMPLE = 256
NEURONS = 256
COLUMNS = 16
# Between neurons, whose own ground is white.
GAP = 176


def inside(run: RunInfo) -> None:
    """A closed expander; nothing is computed before it is opened."""
    expander = st.expander(
        "Inside the network",
        key=state.INSIDE,
        on_change="rerun",
        icon=":material/visibility:",
    )
    if expander.open:
        with expander:
            every = FOLLOW_SECONDS if run.status.active else None
            st.fragment(in_words(_section), run_every=every)(run.id)


def _section(run_id: str) -> None:
    hub = service.hub()
    run = hub.run(run_id)
    if run is None:  # it was deleted in another tab
        st.rerun()
    try:
        kept = hub.archive.epochs(run_id)
        if kept:
            _views(hub, run, kept)
        else:
            st.info(_why_nothing(run))
    except StoreError as error:
        st.warning(str(error))
    except ValueError:
        st.warning("The weights of this epoch cannot be read. Choose another epoch.")


def _views(hub: Hub, run: RunInfo, kept: list[int]) -> None:
    # In containers what comes and goes: whatever stands below stays in its place, and is not hidden
    # for a moment.
    with st.container():
        epoch = _choose_epoch(run, kept)
    views = ("Neurons", "Layers", "Ten items", "Mistakes")
    view = st.radio(
        "View",
        views,
        views.index(state.kept(state.INSIDE_VIEW, views[0])),
        horizontal=True,
        key=state.INSIDE_VIEW,
        on_change=state.keep,
        args=(state.INSIDE_VIEW,),
        help="What to look at.",
    )
    if view == "Neurons":
        _neurons(_snapshot(hub, run.id, epoch).network, run.config, epoch)
    elif view == "Layers":
        _layers_view(hub, run, epoch)
    elif view == "Ten items":
        _ten_items(hub, run, kept, epoch)
    else:
        mistakes(run, _snapshot(hub, run.id, epoch), epoch)


def _why_nothing(run: RunInfo) -> str:
    if not run.config.keep_snapshots:
        return (
            "“Look inside” was off for this run. Turn it on under More settings, then press Train."
        )
    days = settings().keep_models_days
    if days is not None and datetime.now(timezone.utc) - run.created > timedelta(days=days):
        return f"This server keeps weights for {days:g} days; those of this run are deleted."
    if run.status.ended:
        return "This run kept no weights to look at. Press Train for one that does."
    return "The first pictures come as soon as training begins."


def _choose_epoch(run: RunInfo, epochs: list[int]) -> int:
    """A slider over the kept epochs; at its right end it stays there, whatever comes."""
    key = f"{state.INSIDE}_epoch_{run.id}"
    newest, chosen = epochs[-1], state.kept(key)
    epoch: int = chosen if chosen in epochs else newest

    def take() -> None:
        chosen = st.session_state[key]
        state.remember(key, None if chosen == newest else chosen)

    if len(epochs) > 1:
        shown = st.session_state.get(key) == epoch
        if not shown:
            st.session_state[key] = epoch
        st.select_slider(
            "Epoch",
            epochs,
            epoch if shown else None,
            key=key,
            on_change=take,
            help="0 is before training. While the run trains, the right end is the newest epoch.",
        )
    thinned = len(kept_epochs(run.config)) <= run.config.epochs
    st.caption(
        f"Shown: the network {after(epoch)}."
        + (" Only some epochs of this run are kept." if thinned else "")
    )
    return epoch


def after(epoch: int) -> str:
    """When, in words."""
    return f"after epoch {epoch}" if epoch else "before training"


@st.cache_resource(max_entries=8, show_spinner=False)
def _snapshot(_hub: Hub, run_id: str, epoch: int) -> Snapshot:
    return _read(_hub, run_id, epoch)


def _read(hub: Hub, run_id: str, epoch: int) -> Snapshot:
    found = hub.archive.snapshot(run_id, epoch)
    if found is None:
        raise StoreError("The weights of this epoch are gone. Choose another epoch.")
    return found


def _neurons(network: Network, config: RunConfig, epoch: int) -> None:
    pictures, end = weight_images(network)
    units = len(pictures)
    first = 0
    if units > NEURONS:
        starts = range(0, units, NEURONS)
        first = st.selectbox(
            "Neurons",
            starts,
            format_func=lambda start: f"{start + 1} to {min(start + NEURONS, units)}",
            help="Which neurons of the first layer to show.",
        )
    coloured = diverging(pictures[first : first + NEURONS], end)
    meaning = (
        "Each picture is one neuron: its weights from the 28×28 pixels. Where it is orange, a "
        "bright pixel raises the neuron's sum; where it is blue, it lowers it; white does "
        f"nothing. The colours end at ±{end:.3g}."
    )
    if config.hidden_layers:
        which = f"neurons {first + 1} to {first + len(coloured)} of {units}"
        alt = f"Weights of {which} of the first layer, {after(epoch)}"
        sheet = mosaic(coloured, COLUMNS if len(coloured) > COLUMNS else 8, grey=GAP)
        width = sheet.shape[1]
        st.html(
            STYLE
            + '<div style="overflow-x: auto"><img class="inside-neurons" '
            + f'width="{width}" height="{len(sheet)}" style="width: 100%; height: auto; '
            + f"min-width: {width}px; max-width: {3 * width}px; image-rendering: pixelated; "
            + f'padding: 2px; background: rgb({GAP}, {GAP}, {GAP})" '
            + f'src="{data_url(sheet)}" alt="{alt}"></div>'
        )
        st.caption(f"First layer {after(epoch)}, {which}, row by row. {meaning}")
        return
    figures = [
        picture_html(picture, name, f"Weights of {name}", 112)
        for picture, name in zip(coloured, CLASS_NAMES, strict=True)
    ]
    st.html(STYLE + f'<div class="draw-pictures">{"".join(figures)}</div>')
    st.caption(f"The ten output neurons {after(epoch)}; there is no hidden layer. {meaning}")


def _sample(config: RunConfig) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The first validation images, and their labels."""
    data = load_data()
    stop = min(config.fit_photos + SAMPLE, config.train_images)
    return data.x_train[config.fit_photos : stop], data.y_train[config.fit_photos : stop]


@st.cache_data(max_entries=256, show_spinner=False)
def _layers(_hub: Hub, run_id: str, epoch: int, config: RunConfig) -> list[Layer]:
    return layers(_snapshot(_hub, run_id, epoch).network, *_sample(config), config)


def _layers_view(hub: Hub, run: RunInfo, epoch: int) -> None:
    found = _layers(hub, run.id, epoch, run.config)
    images = len(_sample(run.config)[0])
    idle = "Saturated" if run.config.activation in ("sigmoid", "tanh") else "Dead"
    st.table(
        [
            {
                "Layer": layer.name,
                "Units": f"{layer.units:,}",
                "Mean": f"{layer.mean:.3f}",
                "Deviation": f"{layer.deviation:.3f}",
                idle: "–" if layer.idle is None else percent(layer.idle),
                "Gradient": f"{layer.gradient:.3g}",
            }
            for layer in found
        ]
    )
    words = (
        "Saturated: the share of units that are near an end of their range (sigmoid below 0.05 or "
        "above 0.95, tanh beyond ±0.9) for more than half of the images; they learn slowly."
        if idle == "Saturated"
        else "Dead: the share of units whose output is above 0 for none of these images."
    )
    st.caption(
        f"Each layer {after(epoch)}, on {images} validation images: mean and deviation of its "
        f"outputs. {words} Gradient: the length (L2 norm) of the loss's gradient by the layer's "
        "weights and biases."
    )
    show_figure(
        outputs_figure(found),
        "How the outputs of each layer are spread. Outputs that are exactly 0 stand in the title, "
        "and not in the bars.",
        "inside-outputs",
    )
    norms = {after(epoch): [layer.gradient for layer in found]}
    if epoch and 0 in hub.archive.epochs(run.id):
        start = _layers(hub, run.id, 0, run.config)
        norms[after(0)] = [layer.gradient for layer in start]
    show_figure(
        gradient_figure(norms),
        "The length of each layer's gradient: where it is small, the layer learns slowly.",
        "inside-gradients",
    )


@st.cache_data(max_entries=4096, show_spinner=False)
def _judged_ten(_hub: Hub, run_id: str, epoch: int) -> NDArray[np.float32]:
    """Probabilities (10, 10) of the ten items at an epoch."""
    data = load_data()
    network = _read(_hub, run_id, epoch).network
    return network.predict(data.x_test[one_of_each(data.y_test)])


def _ten_items(hub: Hub, run: RunInfo, kept: list[int], epoch: int) -> None:
    probabilities = np.stack([_judged_ten(hub, run.id, one) for one in kept])
    now = probabilities[kept.index(epoch)]
    data = load_data()
    figures = []
    for label, place in enumerate(one_of_each(data.y_test)):
        called = int(now[label].argmax())
        verdict = "✓" if called == label else "✗"
        caption = f"{verdict} {CLASS_NAMES[called]} {percent(float(now[label, called]))}"
        alt = f"A {CLASS_NAMES[label]}, called {CLASS_NAMES[called]}"
        figures.append(picture_html(data.x_test[place], caption, alt, 112))
    st.html(STYLE + f'<div class="draw-pictures">{"".join(figures)}</div>')
    right = int((now.argmax(axis=1) == np.arange(10)).sum())
    st.caption(
        f"Ten test images, the first of each label, and what the network calls them "
        f"{after(epoch)}: {right} of 10 are right (✓)."
    )
    show_figure(
        items_figure(kept, probabilities, epoch),
        "How the probabilities of these ten items change: the right label's, and that of the "
        "strongest wrong one, which need not be the same at every epoch. The dashed line is the "
        "epoch shown above.",
        "inside-items",
    )
    with st.expander(f"All ten probabilities of each item {after(epoch)}"):
        st.dataframe(
            {"Item": CLASS_NAMES}
            | {name: [percent(float(x)) for x in now[:, i]] for i, name in enumerate(CLASS_NAMES)},
            hide_index=True,
        )
