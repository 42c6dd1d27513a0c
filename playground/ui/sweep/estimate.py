"""About how long a sweep takes on this server as it is now."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import streamlit as st

from playground.config import RunConfig
from playground.experiments.differences import judged_on_the_same_images
from playground.experiments.duration import NEWEST, run_seconds, sweep_seconds
from playground.experiments.repeats import network_key
from playground.locales import plural, t
from playground.runs.hub import Hub
from playground.runs.results import follows_its_settings, has_result
from playground.ui.common.labels import duration


def how_long(hub: Hub, owner: str, configs: Sequence[RunConfig]) -> None:
    """How many runs there are, and about how long they take on this server as it is now."""
    trained = {
        network_key(run.config)
        for run in hub.runs(owner)
        if has_result(run) and follows_its_settings(run)
    }
    left = [config for config in configs if network_key(config) not in trained]
    known = len(configs) - len(left)
    said = plural("{count:,} run", "{count:,} runs", len(configs))
    if known:
        said = t("{runs}, of which {known:,} have a result already", runs=said, known=known)
    if left:
        said = t(
            "{runs}: about {time} on this server as it is now.",
            runs=said,
            time=duration(seconds_for(hub, owner, left) / 60),
        )
    else:
        said = t("{runs}.", runs=said)
    st.markdown(f"**{said}**")
    st.caption(
        t(
            "At most {most:,} runs of yours wait in the queue at once; the others follow by "
            "themselves, also when this page is closed.",
            most=hub.most_waiting,
        )
    )
    first = [config for config in configs if config.seed == configs[0].seed]
    if not judged_on_the_same_images(first):
        st.warning(
            t(
                "The combinations are judged on different images, so their validation accuracies "
                "can only be compared with care."
            )
        )


def seconds_for(hub: Hub, owner: str, configs: Sequence[RunConfig]) -> float:
    """About how many seconds it is until these runs, queued now, have ended."""
    measured = [
        (run.config, run.summary.seconds / run.summary.epochs)
        for run in islice((run for run in hub.runs() if run.summary.epochs), NEWEST)
    ]
    others: dict[str, float] = {}
    for one in hub.under_way():
        if one.run.owner != owner and not one.run.ready_made:  # that one gives way
            seconds = run_seconds(one.run.config, measured)
            others[one.run.owner] = others.get(one.run.owner, 0.0) + seconds
    return sweep_seconds(configs, measured, hub.workers, others.values())
