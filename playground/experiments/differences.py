"""Which settings differ between runs, and whether the runs are judged on the same images.

A setting that has no effect in a run, such as the threshold without early stopping or the momentum
of Adam, counts as if it had its default value. So Adam and SGD differ in the optimizer alone, but
Adam and SGD with a momentum of 0.9 in two settings. Whether snapshots are kept never has an effect.
Sparse and one-hot cross-entropy have the same value, and are two settings all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from playground.config import RunConfig


class Difference(NamedTuple):
    """A setting that differs, and its value in each run; None where it has no effect."""

    setting: str
    values: tuple[object, ...]


def _with_layers(setting: str) -> Callable[[RunConfig], object]:
    return lambda config: getattr(config, setting) if config.hidden_layers else None


def _with_early_stop(setting: str) -> Callable[[RunConfig], object]:
    return lambda c: getattr(c, setting) if c.early_stop and c.epochs > 1 else None


# What a setting does in a configuration, where that is not simply its value. A share is a number of
# whole images in the end, and a batch has no more images than there are.
_EFFECTS: dict[str, Callable[[RunConfig], object]] = {
    "activation": _with_layers("activation"),
    "dropout": _with_layers("dropout"),
    "momentum": lambda c: c.momentum if c.optimizer == "sgd" else None,
    "schedule": lambda c: c.schedule if c.epochs > 1 else None,
    "batch_size": lambda c: c.batch_images,
    "validation_split": lambda c: c.validation_images / c.train_images,
    "label_noise": lambda c: round(c.label_noise * c.fit_images) / c.fit_images,
    "twins": lambda c: c.fit_twins / c.fit_photos,
    "sketchbook": lambda c: c.fit_sketches / c.fit_photos,
    "early_stop": lambda c: c.early_stop if c.epochs > 1 else None,
    "stop_threshold": _with_early_stop("stop_threshold"),
    "monitor": _with_early_stop("monitor"),
    "keep_snapshots": lambda c: None,
}


def effects(config: RunConfig) -> dict[str, object]:
    """What each setting does; None where it has no effect.

    Two configurations with the same effects train the same network, to the bit.
    """
    return {name: _EFFECTS.get(name, lambda _, v=value: v)(config) for name, value in config}


def differences(configs: Sequence[RunConfig]) -> tuple[Difference, ...]:
    """Exactly the settings that differ, in the order of `RunConfig`; the seed is one of them.

    Args:
        configs: any number; `values` are in their order.
    """
    all_effects = [effects(config) for config in configs]
    found = []
    for name, field in RunConfig.model_fields.items():
        done = [effect[name] for effect in all_effects]
        values = [getattr(config, name) for config in configs]
        shown = [None if effect is None else v for effect, v in zip(done, values, strict=True)]
        # Both must differ: one batch size does not become two because a run has fewer images than
        # a batch, and two batch sizes do the same where both are more than all images.
        if _differ(shown, field.default) and _differ(done, field.default):
            found.append(Difference(name, tuple(shown)))
    return tuple(found)


def _differ(values: list[object], default: object) -> bool:
    return len({default if value is None else value for value in values}) > 1


def judged_on_the_same_images(configs: Sequence[RunConfig]) -> bool:
    """Whether the validation accuracies of the runs can be compared."""
    return len({config.split_key for config in configs}) <= 1
