"""Words for runs and settings, the same on every page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from playground.config import RunConfig
from playground.store.runs import RunInfo

# How a label names every other setting, where it is not the default one.
_OTHERS = {
    "epochs": "{} epochs",
    "dropout": "dropout {}",
    "l2": "L2 {}",
    "momentum": "momentum {}",
    "loss": "{}",
    "scaling": "scaling {}",
    "twins": "twins {}",
    "sketchbook": "sketchbook {}",
    "label_noise": "wrong labels {}",
    "train_images": "{:,} images",
    "validation_split": "validation {}",
    "early_stop": "no threshold",
    "stop_threshold": "threshold {}",
    "monitor": "threshold on {}",
    "keep_snapshots": "epochs not kept",
    "seed": "seed {}",
}


def config_label(config: RunConfig) -> str:
    """A configuration in a few words, e.g. "128 relu · adam 0.001 · batch 32 · dropout 0.2".

    After the first three parts it says what differs from the default settings. No two
    configurations have one label.
    """
    layers = "-".join(map(str, config.hidden_layers))
    network = f"{layers} {config.activation}"
    if not layers:
        network = "softmax regression"
        # No neuron applies it, but it is a setting of its own.
        network += "" if _is_default(config, "activation") else f" ({config.activation})"
    rate = f"{config.optimizer} {_exact(config.learning_rate)}"
    rate += " cosine" if config.schedule == "cosine" else ""
    others = [
        text.format(_exact(getattr(config, name)))
        for name, text in _OTHERS.items()
        if not _is_default(config, name)
    ]
    return " · ".join([network, rate, f"batch {config.batch_size}", *others])


def _is_default(config: RunConfig, name: str) -> bool:
    return bool(getattr(config, name) == RunConfig.model_fields[name].default)


def _exact(value: Any) -> Any:
    """A setting's value to be shown: a float as short as can be, but never rounded."""
    if isinstance(value, float):
        short = f"{value:g}"
        return short if float(short) == value else repr(value)
    return value.replace("_", " ") if isinstance(value, str) else value


def run_label(run: RunInfo) -> str:
    """A run in a line: what it is, when it was made (UTC), where it stands."""
    where = "made by another version" if run.foreign else run.status.value
    return f"{config_label(run.config)} · {run.created:%d %b %H:%M} · {where}"


def run_labels(runs: Sequence[RunInfo]) -> dict[str, str]:
    """The label of each run by its id, no two equal: by these a select box tells runs apart.

    Args:
        runs: newest first. Of equal ones each but the oldest gets a number.
    """
    seen: Counter[str] = Counter()
    labels = {}
    for run in reversed(runs):
        label = run_label(run)
        seen[label] += 1
        labels[run.id] = label if seen[label] == 1 else f"{label} · no. {seen[label]}"
    return {run.id: labels[run.id] for run in runs}


# What Streamlit changes in the text of Markdown that has been read already, where a backslash no
# longer counts: addresses, :emoji:, :material_icon: and some arrows that stand alone.
_CHANGED = re.compile(r".*(://|:.+:|@|www\.).*|<->|->|<-|--|>=|<=|~=", re.IGNORECASE)
# Cuts a word where nothing but a character of its own can stand: beside a backtick, say, and where
# Streamlit reads the name of an icon even in code.
_CUT = re.compile(r"([`$\\]|(?<=:material)/)")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def plain(text: str) -> str:
    """Words from outside as Markdown that shows them as they are: no link, no picture, no icon.

    As on any page, several spaces or line breaks are one space.
    """
    return " ".join(_plain_word(word) for word in text.split())


def _plain_word(word: str) -> str:
    if not _CHANGED.fullmatch(word):
        return _escaped(word)
    # In code nothing is changed.
    parts = enumerate(_CUT.split(word))
    return "".join(_escaped(part) if i % 2 else part and f"`{part}`" for i, part in parts)


def _escaped(word: str) -> str:
    return _PUNCTUATION.sub(r"\\\1", word)
