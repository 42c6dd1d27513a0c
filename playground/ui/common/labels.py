"""Words for runs and settings, the same on every page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from playground.config import RunConfig
from playground.experiments.differences import Difference, differences
from playground.experiments.naming import show_value
from playground.locales import mark, t
from playground.store.runs import RunInfo

# How a label says each setting in a few words.
_PHRASES = {
    "hidden_layers": mark("layers {value}"),
    "activation": "{value}",
    "optimizer": "{value}",
    "learning_rate": mark("rate {value}"),
    "schedule": mark("{value} rate"),
    "batch_size": mark("batch {value}"),
    "epochs": mark("{value} epochs"),
    "dropout": mark("dropout {value}"),
    "l2": mark("L2 {value}"),
    "momentum": mark("momentum {value}"),
    "loss": "{value}",
    "scaling": mark("scaling {value}"),
    "twins": mark("twins {value}"),
    "sketchbook": mark("sketchbook {value}"),
    "label_noise": mark("wrong labels {value}"),
    "train_images": mark("{value:,} images"),
    "validation_split": mark("validation {value}"),
    "split_by_seed": mark("validation by seed"),
    "early_stop": mark("no threshold"),
    "stop_threshold": mark("threshold {value}"),
    "monitor": mark("threshold on {value}"),
    "keep_snapshots": mark("epochs not kept"),
    "seed": mark("seed {value}"),
}
# What the panel on Train calls each setting.
_SETTINGS = {
    "hidden_layers": mark("Hidden layers"),
    "activation": mark("Activation"),
    "dropout": mark("Dropout"),
    "l2": mark("L2"),
    "optimizer": mark("Optimizer"),
    "momentum": mark("Momentum"),
    "learning_rate": mark("Learning rate"),
    "schedule": mark("Learning rate schedule"),
    "loss": mark("Loss"),
    "batch_size": mark("Batch size"),
    "epochs": mark("Epochs"),
    "scaling": mark("Feature scaling"),
    "train_images": mark("Training images"),
    "validation_split": mark("Validation share"),
    "split_by_seed": mark("Validation images by seed"),
    "label_noise": mark("Wrong labels (share)"),
    "twins": mark("Sketch twins (share)"),
    "sketchbook": mark("Sketchbook (share)"),
    "seed": mark("Seed"),
    "early_stop": mark("Stop early"),
    "stop_threshold": mark("Stop when accuracy exceeds"),
    "monitor": mark("Watched metric"),
    "keep_snapshots": mark("Look inside"),
}
_SCHEDULES = {"constant": mark("constant"), "cosine": mark("cosine")}
# What every label of a whole configuration begins with.
_FIRST = ("hidden_layers", "activation", "optimizer", "learning_rate", "schedule", "batch_size")
_SCALING = {"none": mark("none"), "min_max": mark("min max"), "standard": mark("standard")}


def config_label(config: RunConfig) -> str:
    """A configuration in a few words, e.g. "128 relu · adam 0.001 · batch 32 · dropout 0.2".

    After the first three parts it says what differs from the default settings. No two
    configurations have one label.
    """
    layers = "-".join(map(str, config.hidden_layers))
    if layers:
        network = f"{layers} {config.activation}"
    elif _is_default(config, "activation"):
        network = t("softmax regression")
    else:  # no neuron applies it, but it is a setting of its own
        network = t("softmax regression ({activation})", activation=config.activation)
    step = f"{config.optimizer} {_exact(config.learning_rate)}"
    if config.schedule == "cosine":
        step = t("{optimizer_and_rate} cosine", optimizer_and_rate=step)
    batch = setting_phrase("batch_size", config.batch_size)
    others = [
        setting_phrase(name, getattr(config, name))
        for name in _PHRASES
        if name not in _FIRST and not _is_default(config, name)
    ]
    return " · ".join([network, step, batch, *others])


def short_name(config: RunConfig) -> str:
    """What is not the default in a run, such as "rate 0.01 · 5 epochs", or "default settings".

    Only settings that have an effect are named.
    """
    phrases = [
        setting_phrase(one.setting, one.values[1])
        for one in _changed(config)
        if one.values[1] is not None
    ]
    return " · ".join(phrases) or t("default settings")


@lru_cache(maxsize=4096)
def _changed(config: RunConfig) -> tuple[Difference, ...]:
    return differences([RunConfig(), config])


def setting_phrase(setting: str, value: object) -> str:
    """A setting and its value in a few words, such as "dropout 0.2"."""
    if setting == "hidden_layers":
        if not value:
            return t("no hidden layer")
        value = show_value(value)
    elif setting == "schedule":
        value = t(_SCHEDULES[str(value)])
    elif value == "full":
        return t("full batch")
    elif setting == "split_by_seed" and not value:
        return t("validation on the last")
    elif setting == "early_stop" and value:
        return t("with threshold")
    return t(_PHRASES[setting], value=_exact(value))


def _is_default(config: RunConfig, name: str) -> bool:
    return bool(getattr(config, name) == RunConfig.model_fields[name].default)


def _exact(value: object) -> object:
    """A setting's value to be shown: a float as short as can be, but never rounded."""
    if isinstance(value, float):
        return show_value(value)
    return t(_SCALING[value]) if isinstance(value, str) and value in _SCALING else value


def setting_name(setting: str) -> str:
    """What a setting of `RunConfig` is called on the screen."""
    return t(_SETTINGS[setting])


def setting_value(setting: str, value: object) -> str:
    """A setting's value on the screen: never rounded, `–` for None, where it has no effect."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return t("yes") if value else t("no")
    if setting == "validation_split":
        return f"{value:.4g}"
    if setting == "schedule":
        return t(_SCHEDULES[str(value)])
    if value == "full":
        return t("full batch")
    if value == ():
        return t("none")
    return show_value(value) if isinstance(value, tuple) else str(_exact(value))


def given_name(run: RunInfo) -> str:
    """What a run is called beside its settings: by its owner, or the server; empty if nothing."""
    return t("Ready-made for drawings") if run.ready_made else run.name


def run_label(run: RunInfo) -> str:
    """A run in a line: what it is, when it was made (UTC), its status."""
    if run.ready_made:
        return f"{given_name(run)} · {t(run.status.value)}"
    made = t("{date:%d %b %H:%M}", date=run.created)
    status = t("made by another version") if run.foreign else t(run.status.value)
    return f"{config_label(run.config)} · {made} · {status}"


def run_labels(runs: Sequence[RunInfo]) -> dict[str, str]:
    """The label of each run by its id, no two equal: by these a select box tells runs apart.

    Args:
        runs: newest first. Of equal ones each except the oldest gets a number.
    """
    seen: Counter[str] = Counter()
    labels = {}
    for run in reversed(runs):
        label = run_label(run)
        seen[label] += 1
        number = t("no. {number}", number=seen[label])
        labels[run.id] = label if seen[label] == 1 else f"{label} · {number}"
    return {run.id: labels[run.id] for run in runs}


def duration(minutes: float) -> str:
    """A time for people, in seconds below two minutes and in whole minutes above."""
    if minutes < 2:
        return t("{seconds:.0f} s", seconds=60 * minutes)
    hours, rest = divmod(int(minutes), 60)
    if hours:
        return t("{hours} h {minutes} min", hours=hours, minutes=rest)
    return t("{minutes} min", minutes=rest)


# What stands below a run's name is no longer than it.
_LONGEST_ORIGIN = 40


def origin_label(run: RunInfo, parent: RunInfo | None) -> str:
    """Where a run goes on from another one.

    Args:
        run: has a parent.
        parent: that run; None if it has been deleted.
    """
    if parent is None:
        return t("Goes on from a deleted run after epoch {epoch}", epoch=run.parent_epoch)
    name = given_name(parent) or short_name(parent.config)
    if len(name) > _LONGEST_ORIGIN:
        name = f"{name[: _LONGEST_ORIGIN - 1].rstrip()}…"
    return t("Goes on from {run} after epoch {epoch}", run=name, epoch=run.parent_epoch)


# What Streamlit changes in Markdown's text after it has been parsed, where a backslash no longer
# counts: addresses, :emoji:, :material_icon: and some arrows that stand alone.
_CHANGED = re.compile(r".*(://|:.+:|@|www\.).*|<->|->|<-|--|>=|<=|~=", re.IGNORECASE)
# Cuts a word at characters that must stand outside of code: a backtick, say, and where Streamlit
# reads the name of an icon even in code.
_CUT = re.compile(r"([`$\\]|(?<=:material)/)")
# What Markdown may read as its own. A label of a form is read aloud as it is written, backslashes
# and all, so marks that end a sentence have none; a number with one would begin a list.
_PUNCTUATION = re.compile(r"([#$&*/:<>@\[-`{-~]|^[+\-])")
_NUMBER = re.compile(r"(\d+)([.)])")


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
    if number := _NUMBER.fullmatch(word):
        return f"{number[1]}\\{number[2]}"
    return _PUNCTUATION.sub(r"\\\1", word)
