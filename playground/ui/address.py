"""A configuration as the parameters of an address, and back, whatever an address holds.

An address says what differs from fixed values. They are the defaults that runs had when addresses
became short, and stay as they are when a default changes: so a link gives the same settings for
ever. An address without settings means the defaults of the day.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import TypeAdapter, ValidationError

from playground.config import (
    MAX_HIDDEN_LAYERS,
    MAX_UNITS,
    RunConfig,
    with_current_names,
)
from playground.locales import t

_BASE = RunConfig(
    hidden_layers=(128,),
    activation="relu",
    dropout=0.0,
    l2=0.0,
    optimizer="adam",
    momentum=0.0,
    learning_rate=0.001,
    schedule="constant",
    loss="sparse_categorical_crossentropy",
    batch_size=32,
    epochs=10,
    scaling="min_max",
    train_images=60_000,
    validation_split=1 / 6,
    split_by_seed=False,
    label_noise=0.0,
    twins=0.0,
    sketchbook=0.0,
    seed=42,
    early_stop=True,
    stop_threshold=0.90,
    monitor="accuracy",
    keep_snapshots=True,
)
# Says that an address has settings where they are all those above.
_MARK = "seed"
_UNITS = TypeAdapter(tuple[int, ...])


def to_query(config: RunConfig, otherwise: RunConfig | None = None) -> dict[str, str]:
    """The configuration as query parameters; `from_query` gives it back exactly.

    Args:
        config: any.
        otherwise: what an address without settings means; the defaults if nothing is given.
    """
    if config == (otherwise or RunConfig()) == _BASE:
        return {}
    changed = {name: _text(v) for name, v in config if v != getattr(_BASE, name)}
    return changed or {_MARK: _text(getattr(config, _MARK))}


def whole_query(config: RunConfig) -> dict[str, str]:
    """Every setting as a query parameter; `from_query` reads this form, too."""
    return {name: _text(value) for name, value in config}


def from_query(query: Mapping[str, str]) -> tuple[RunConfig, list[str]]:
    """Read a configuration from an address.

    A number out of range becomes the nearest limit; anything else that cannot be used becomes the
    setting's default. Parameters that are not settings are ignored and named.

    Args:
        query: names and values of parameters as they are in the address; former names of settings,
            too.

    Returns:
        The configuration, and one sentence for each value that could not be used.
    """
    query = with_current_names(query)
    values: dict[str, object] = {k: v for k, v in query.items() if k in RunConfig.model_fields}
    problems = [
        t("“{name}” in the address is not a setting, so it is ignored.", name=_shorten(name))
        for name in query
        if name not in values
    ]
    if values:
        values = {**_BASE.model_dump(), **values}
    try:
        return RunConfig.model_validate(values), problems
    except ValidationError as invalid:
        bad = {str(error["loc"][0]): error for error in invalid.errors()}
    for name, error in bad.items():
        values[name] = _nearest(name, query[name], error.get("ctx", {}))
        problems.append(
            t(
                "{name}={value} in the address cannot be used; {used} is used instead.",
                name=name,
                value=_shorten(query[name]),
                used=_text(values[name]),
            )
        )
    return RunConfig.model_validate(values), problems


def _nearest(name: str, text: str, passed: Mapping[str, object]) -> object:
    """The limit that a number out of range passed, else the setting's default."""
    default = RunConfig.model_fields[name].default
    if name == "hidden_layers":
        try:
            units = _UNITS.validate_python(text.split(",")[:MAX_HIDDEN_LAYERS])
        except ValidationError:
            return default
        return tuple(min(max(u, 1), MAX_UNITS) for u in units)
    return passed.get("ge", passed.get("le", default))


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _shorten(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
