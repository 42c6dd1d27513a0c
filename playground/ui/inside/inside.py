"""Inside the network: neurons, layers, ten items and mistakes of a run, at any epoch.

Everything is computed from the snapshot of the chosen epoch. While the run trains, the slider at
its right end follows the newest one.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.config import RunConfig
from playground.dataset import class_name, class_names, load_data
from playground.figures.inside import items_figure, outputs_figure
from playground.figures.lesson.network import gradient_figure
from playground.lesson.items import mosaic
from playground.locales import lazy, mark, t
from playground.network.layers import Layer, layers, one_of_each, weight_images
from playground.network.network import Network
from playground.network.snapshot import Snapshot, kept_epochs
from playground.runs import service
from playground.runs.hub import Hub
from playground.seeds import split_photos
from playground.settings import settings
from playground.store.runs import RunInfo, StoreError
from playground.ui import state
from playground.ui.common.figure import show_figure
from playground.ui.common.pictures import STYLE, data_url, diverging, image_html, percent
from playground.ui.common.problems import show_errors
from playground.ui.inside.mistakes import mistakes

FOLLOW_SECONDS = 2.0
SAMPLE = 256
NEURONS = 256
COLUMNS = 16
# Grey between the neurons, whose own background is white.
GAP = 176


VIEWS = (mark("Neurons"), mark("Layers"), mark("Ten items"), mark("Mistakes"))


def inside(run: RunInfo) -> None:
    """A closed expander; nothing is computed before it is opened."""
    expander = st.expander(
        t("Inside the network"),
        key=state.INSIDE,
        on_change="rerun",
        icon=":material/visibility:",
    )
    if expander.open:
        with expander:
            every = FOLLOW_SECONDS if run.status.active else None
            st.fragment(show_errors(_section), run_every=every)(run.id)


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
        st.warning(t("The weights of this epoch cannot be read. Choose another epoch."))


def _views(hub: Hub, run: RunInfo, kept: list[int]) -> None:
    # What comes and goes is in a container: elements below keep their position, and do not vanish
    # for a moment.
    with st.container():
        epoch = _choose_epoch(run, kept)
    view = st.radio(
        t("View"),
        VIEWS,
        VIEWS.index(state.remembered(state.INSIDE_VIEW, VIEWS[0])),
        format_func=t,
        horizontal=True,
        key=state.INSIDE_VIEW,
        on_change=state.remember_widget,
        args=(state.INSIDE_VIEW,),
        help=t("What to look at."),
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
        return t(
            "“Look inside” was off for this run. Turn it on under More settings, then press Train."
        )
    days = settings().keep_models_days
    if days is not None and datetime.now(timezone.utc) - run.created > timedelta(days=days):
        return t(
            "This server keeps weights for {days:g} days; those of this run are deleted.", days=days
        )
    if run.status.ended:
        return t("This run kept no weights to look at. Press Train for a run that does.")
    return t("The first images appear as soon as training begins.")


def _choose_epoch(run: RunInfo, epochs: list[int]) -> int:
    """A slider over the kept epochs; at its right end it follows the newest one."""
    key = f"{state.INSIDE}_epoch_{run.id}"
    newest, chosen = epochs[-1], state.remembered(key)
    epoch: int = chosen if chosen in epochs else newest

    def take() -> None:
        chosen = st.session_state[key]
        state.remember(key, None if chosen == newest else chosen)

    if len(epochs) > 1:
        shown = st.session_state.get(key) == epoch
        if not shown:
            st.session_state[key] = epoch
        st.select_slider(
            t("Epoch"),
            epochs,
            epoch if shown else None,
            key=key,
            on_change=take,
            help=t(
                "0 is before training. While the run trains, the right end is the newest epoch."
            ),
        )
    thinned = len(kept_epochs(run.config)) <= run.config.epochs
    shown = t("Shown: the network {when}.", when=after(epoch))
    some = t("Only some epochs of this run are kept.")
    st.caption(f"{shown} {some}" if thinned else shown)
    return epoch


def after(epoch: int) -> str:
    """The time of a snapshot, in the middle of a sentence."""
    return t("after epoch {epoch}", epoch=epoch) if epoch else t("before training")


@st.cache_resource(max_entries=8, show_spinner=False)
def _snapshot(_hub: Hub, run_id: str, epoch: int) -> Snapshot:
    return _read(_hub, run_id, epoch)


def _read(hub: Hub, run_id: str, epoch: int) -> Snapshot:
    found = hub.archive.snapshot(run_id, epoch)
    if found is None:
        raise StoreError(lazy("The weights of this epoch are gone. Choose another epoch."))
    return found


def _neurons(network: Network, config: RunConfig, epoch: int) -> None:
    images, end = weight_images(network)
    units = len(images)
    first = 0
    if units > NEURONS:
        starts = range(0, units, NEURONS)
        first = st.selectbox(
            t("Neurons"),
            starts,
            format_func=lambda start: t(
                "{first} to {last}", first=start + 1, last=min(start + NEURONS, units)
            ),
            help=t("Which neurons of the first layer to show."),
        )
    coloured = diverging(images[first : first + NEURONS], end)
    meaning = t(
        "Each image is one neuron: its weights from the 28×28 pixels. Where it is orange, a bright "
        "pixel raises the neuron's sum; where it is blue, a bright pixel lowers it; white has no "
        "effect. The colours end at ±{end:.3g}.",
        end=end,
    )
    if config.hidden_layers:
        shown = {"first": first + 1, "last": first + len(coloured), "units": units}
        when = after(epoch)
        alt = t(
            "Weights of neurons {first} to {last} of {units} of the first layer, {when}",
            when=when,
            **shown,
        )
        sheet = mosaic(coloured, COLUMNS if len(coloured) > COLUMNS else 8, grey=GAP)
        width = sheet.shape[1]
        st.html(
            STYLE
            + '<div style="overflow-x: auto"><img class="inside-neurons" '
            + f'width="{width}" height="{len(sheet)}" style="width: 100%; height: auto; '
            + f"min-width: {width}px; max-width: {3 * width}px; image-rendering: pixelated; "
            + f'padding: 2px; background: rgb({GAP}, {GAP}, {GAP})" '
            + f'src="{data_url(sheet)}" alt="{escape(alt)}"></div>'
        )
        rows = t(
            "First layer {when}, neurons {first} to {last} of {units}, row by row.",
            when=when,
            **shown,
        )
        st.caption(f"{rows} {meaning}")
        return
    figures = [
        image_html(image, name, t("Weights of {label}", label=name), 112)
        for image, name in zip(coloured, class_names(), strict=True)
    ]
    st.html(STYLE + f'<div class="draw-pictures">{"".join(figures)}</div>')
    neurons = t("The ten output neurons {when}; there is no hidden layer.", when=after(epoch))
    st.caption(f"{neurons} {meaning}")


def _sample(config: RunConfig) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The first validation images, and their labels."""
    data = load_data()
    validation = split_photos(config).validation
    return data.x_train[validation][:SAMPLE], data.y_train[validation][:SAMPLE]


@st.cache_data(max_entries=256, show_spinner=False)
def _layers(_hub: Hub, run_id: str, epoch: int, config: RunConfig) -> list[Layer]:
    return layers(_snapshot(_hub, run_id, epoch).network, *_sample(config), config)


def _layers_view(hub: Hub, run: RunInfo, epoch: int) -> None:
    found = _layers(hub, run.id, epoch, run.config)
    images = len(_sample(run.config)[0])
    saturating = run.config.activation in ("sigmoid", "tanh")
    st.table(
        [
            {
                t("Layer"): t(layer.name),
                t("Units"): f"{layer.units:,}",
                t("Mean"): f"{layer.mean:.3f}",
                t("Deviation"): f"{layer.deviation:.3f}",
                t("Saturated") if saturating else t("Dead"): "–"
                if layer.idle is None
                else percent(layer.idle),
                t("Gradient"): f"{layer.gradient:.3g}",
            }
            for layer in found
        ]
    )
    sentences = (
        t(
            "Each layer {when}, on {images} validation images. Mean and deviation: of its outputs.",
            when=after(epoch),
            images=images,
        ),
        t(
            "Saturated: the share of units that are near an end of their range (sigmoid below 0.05 "
            "or above 0.95, tanh beyond ±0.9) for more than half of the images; they learn slowly."
        )
        if saturating
        else t("Dead: the share of units whose output is above 0 for none of these images."),
        t(
            "Gradient: the length (L2 norm) of the loss's gradient with respect to the layer's "
            "weights and biases."
        ),
    )
    st.caption(" ".join(sentences))
    show_figure(
        outputs_figure(found),
        t(
            "How the outputs of each layer are distributed. The title gives the share of outputs "
            "that are exactly 0; the bars leave these out."
        ),
        "inside-outputs",
    )
    norms = {after(epoch): [layer.gradient for layer in found]}
    if epoch and 0 in hub.archive.epochs(run.id):
        start = _layers(hub, run.id, 0, run.config)
        norms[after(0)] = [layer.gradient for layer in start]
    show_figure(
        gradient_figure(norms),
        t("The length of each layer's gradient: where it is small, the layer learns slowly."),
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
    for label, index in enumerate(one_of_each(data.y_test)):
        called = int(now[label].argmax())
        verdict = "✓" if called == label else "✗"
        caption = f"{verdict} {class_name(called)} {percent(float(now[label, called]))}"
        alt = t("{label}, called {called}", label=class_name(label), called=class_name(called))
        figures.append(image_html(data.x_test[index], caption, alt, 112))
    st.html(STYLE + f'<div class="draw-pictures">{"".join(figures)}</div>')
    right = int((now.argmax(axis=1) == np.arange(10)).sum())
    st.caption(
        t(
            "Ten test images, the first of each label, and what the network calls them {when}: "
            "{right} of 10 are right (✓).",
            when=after(epoch),
            right=right,
        )
    )
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
