"""Words for runs and settings, the same on every page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

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
