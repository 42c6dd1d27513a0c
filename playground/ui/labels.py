"""Words for runs and settings, the same on every page."""

from __future__ import annotations

import re

from playground.config import RunConfig
from playground.runs.store import RunInfo


def config_label(config: RunConfig) -> str:
    """A configuration in a few words, e.g. "128 relu · adam 0.001 · batch 32"."""
    layers = "-".join(map(str, config.hidden_layers))
    network = f"{layers} {config.activation}" if layers else "softmax regression"
    rate = f"{config.optimizer} {config.learning_rate:g}"
    rate += " cosine" if config.schedule == "cosine" else ""
    return f"{network} · {rate} · batch {config.batch_size}"


def run_label(run: RunInfo) -> str:
    """A run in a line: what it is, when it was made (UTC), where it stands."""
    where = "made by another version" if run.foreign else run.status.value
    return f"{config_label(run.config)} · {run.created:%d %b %H:%M} · {where}"


def plain(text: str) -> str:
    """Words from outside as Markdown that shows them as they are: no link, no picture."""
    return re.sub(r"([\\`*\[\]()<>$:~#|!])", r"\\\1", text)
