"""Every setting of a run, with its default, its limits and its URL and JSON forms.

The one frozen `RunConfig` is validated at every door: widget, address, file and worker.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

Activation = Literal["sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu", "linear"]
Optimizer = Literal["sgd", "rmsprop", "adagrad", "adam", "adamw"]
Loss = Literal[
    "sparse_categorical_crossentropy", "categorical_crossentropy", "mse", "binary_crossentropy"
]
Scaling = Literal["none", "min_max", "standard"]
Schedule = Literal["constant", "cosine"]
Metric = Literal["accuracy", "val_accuracy"]
BatchSize = Literal[1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, "full"]

MAX_HIDDEN_LAYERS = 5
MAX_UNITS = 1024
IMAGE_SHAPE = (28, 28)
CLASSES = 10

# What settings were called in version 0.1: stored runs, addresses and scripts still say so.
_FORMER_NAMES = {"stop": "early_stop", "inside": "keep_snapshots"}
_Value = TypeVar("_Value")


def _split_units(value: Any) -> Any:
    """The URL form of hidden layers, "128,64" or "none", as a list."""
    if isinstance(value, str):
        return [] if value in ("", "none") else value.split(",")
    return value


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


Units = Annotated[int, Field(ge=1, le=MAX_UNITS)]
HiddenLayers = Annotated[tuple[Units, ...], BeforeValidator(_split_units)]


def with_current_names(values: Mapping[str, _Value]) -> dict[str, _Value]:
    """Settings under the names that they have now; where both names are there, the new one counts.

    Args:
        values: by name, former names included; other names stay as they are.
    """
    former = {_FORMER_NAMES[name]: value for name, value in values.items() if name in _FORMER_NAMES}
    return former | {name: value for name, value in values.items() if name not in _FORMER_NAMES}


class RunConfig(BaseModel):
    """The hyperparameters of one run; immutable and hashable. Reads former names of settings, too.

    Raises:
        pydantic.ValidationError: a value is unknown, of the wrong type or out of range.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    hidden_layers: HiddenLayers = Field(
        (128,),
        max_length=MAX_HIDDEN_LAYERS,
        description="Units of each hidden Dense layer, first to last; "
        "none at all is softmax regression.",
    )
    activation: Activation = Field(
        "relu", description="The function each hidden neuron applies to its weighted sum."
    )
    dropout: float = Field(
        0.0,
        ge=0.0,
        le=0.9,
        description="Share of each hidden layer's outputs switched off at random in every "
        "training step.",
    )
    l2: float = Field(
        0.0,
        ge=0.0,
        le=0.1,
        description="L2 penalty: this times the sum of squared weights is added to the loss.",
    )
    optimizer: Optimizer = Field(
        "adam", description="How the gradients change the weights. Adam is the strong default."
    )
    momentum: float = Field(
        0.0,
        ge=0.0,
        le=0.99,
        description="For sgd: how much of the last step is carried into the next.",
    )
    learning_rate: float = Field(
        0.001, ge=1e-5, le=10.0, description="The size of each step downhill (log scale)."
    )
    schedule: Schedule = Field(
        "constant",
        description="The learning rate over the epochs: constant, or falling to nearly 0 along "
        "half a cosine. Small last steps let a network settle. A rate set by hand while it trains "
        "ends the schedule.",
    )
    loss: Loss = Field(
        "sparse_categorical_crossentropy",
        description="What training makes small. Sparse takes integer labels, "
        "the other three one-hot ones.",
    )
    batch_size: Annotated[BatchSize, BeforeValidator(_number)] = Field(
        32, description="Training images per weight update; 'full' is all of them at once."
    )
    epochs: int = Field(
        10, ge=1, le=200, description="Passes over the training images, at the most."
    )
    scaling: Scaling = Field(
        "min_max",
        description="Feature scaling of the pixels: none, min–max to 0…1, or standardisation "
        "to mean 0 and deviation 1.",
    )
    train_images: int = Field(
        60_000,
        ge=100,
        le=60_000,
        description="How many of the 60,000 training images this run may use, "
        "validation images included.",
    )
    validation_split: float = Field(
        1 / 6,
        ge=0.05,
        le=0.5,
        description="Validation share: the last images, kept aside to judge hyperparameters.",
    )
    label_noise: float = Field(
        0.0, ge=0.0, le=0.5, description="Share of training labels made wrong on purpose."
    )
    twins: float = Field(
        0.0,
        ge=0.0,
        le=2.0,
        description="Sketch twins added, for each training photo: what a hand might have drawn. "
        "1 is as many as photos; with none, drawings are hardly recognised.",
    )
    sketchbook: float = Field(
        0.0,
        ge=0.0,
        le=1.0,
        description="Warped copies of the sketchbook's training drawings to add, for each "
        "training photo. 0.1 is one for ten.",
    )
    seed: int = Field(
        42,
        ge=0,
        le=2**31 - 1,
        description="Fixes initial weights, shuffling, dropout and all else that is random: the "
        "same settings give the same numbers again.",
    )
    early_stop: bool = Field(
        True,
        description="End training after the first epoch whose watched metric is above "
        "the threshold.",
    )
    stop_threshold: float = Field(
        0.90, ge=0.0, le=1.0, description="The metric must be above this to end training."
    )
    monitor: Metric = Field(
        "accuracy",
        description="The metric the threshold watches: on training or on validation images.",
    )
    keep_snapshots: bool = Field(
        True,
        description="Keep the weights of the epochs, so that one can look inside the network: at "
        "most 50 epochs and 64 MiB a run; of a longer run or a large network not every epoch.",
    )

    @model_validator(mode="before")
    @classmethod
    def _read_former_names(cls, values: Any) -> Any:
        return with_current_names(values) if isinstance(values, Mapping) else values

    @property
    def validation_images(self) -> int:
        """Images kept for validation: the last of `train_images`, as Keras' split takes them."""
        return self.train_images - self.fit_photos

    @property
    def fit_photos(self) -> int:
        """Photos of the data set the weights are fitted to (at least 1)."""
        return math.floor(self.train_images * (1.0 - self.validation_split))

    @property
    def fit_twins(self) -> int:
        """Sketch twins the weights are fitted to as well."""
        return round(self.twins * self.fit_photos)

    @property
    def fit_sketches(self) -> int:
        """Warped copies of the sketchbook's drawings the weights are fitted to as well."""
        return round(self.sketchbook * self.fit_photos)

    @property
    def fit_images(self) -> int:
        """All images the weights are fitted to."""
        return self.fit_photos + self.fit_twins + self.fit_sketches

    @property
    def batch_images(self) -> int:
        """Images in one batch, the batch size or all images if that is fewer."""
        full = self.fit_images
        return full if self.batch_size == "full" else min(self.batch_size, full)

    @property
    def steps_per_epoch(self) -> int:
        """Weight updates in one epoch; the last batch may be smaller."""
        return math.ceil(self.fit_images / self.batch_images)

    @property
    def one_hot(self) -> bool:
        """Whether the loss takes one-hot labels rather than integer ones."""
        return self.loss != "sparse_categorical_crossentropy"

    def rate_at(self, epoch: int) -> float:
        """The learning rate of an epoch, the first being 0.

        Cosine: learning_rate · (1 + cos(π · epoch / epochs)) / 2, as SGDR (arXiv 1608.03983,
        equation 5) without restarts.
        """
        if self.schedule == "constant":
            return self.learning_rate
        return self.learning_rate * (1 + math.cos(math.pi * epoch / self.epochs)) / 2

    def layer_table(self) -> list[dict[str, Any]]:
        """The network layer by layer, as Keras' `summary()` would list it.

        Returns:
            Rows with `layer` (name), `output_shape` (tuple, None is the batch) and `parameters`.
        """
        inputs = math.prod(IMAGE_SHAPE)
        rows: list[dict[str, Any]] = [_row("Input", (None, *IMAGE_SHAPE))]
        if self.scaling != "none":
            rows.append(_row("Rescaling", (None, *IMAGE_SHAPE)))
        rows.append(_row("Flatten", (None, inputs)))
        for units in self.hidden_layers:
            rows.append(_row(f"Dense, {self.activation}", (None, units), (inputs + 1) * units))
            if self.dropout:
                rows.append(_row("Dropout", (None, units)))
            inputs = units
        rows.append(_row("Dense, softmax", (None, CLASSES), (inputs + 1) * CLASSES))
        return rows

    @property
    def parameters(self) -> int:
        """Trainable parameters of the whole network."""
        return sum(row["parameters"] for row in self.layer_table())

    def to_query(self) -> dict[str, str]:
        """The whole configuration as query parameters; `from_query` gives it back exactly."""
        return {name: _format(value) for name, value in self}

    @classmethod
    def limits(cls, name: str) -> tuple[Any, Any]:
        """The least and the greatest value of a numeric setting."""
        bounds = cls.model_fields[name].metadata
        return (
            next(bound.ge for bound in bounds if hasattr(bound, "ge")),
            next(bound.le for bound in bounds if hasattr(bound, "le")),
        )

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[RunConfig, list[str]]:
        """Read a configuration from an address, whatever it holds.

        A number out of range becomes the nearest limit; anything else that cannot be used
        becomes the field's default. Parameters that are no settings are left out, and named.

        Args:
            query: names and values of parameters as they are in the address; former names of
                settings, too.

        Returns:
            The configuration, and one sentence for each value that could not be used.
        """
        query = with_current_names(query)
        values: dict[str, Any] = {k: v for k, v in query.items() if k in cls.model_fields}
        problems = [
            f"“{_shorten(name)}” in the address is not a setting, so it is ignored."
            for name in query
            if name not in values
        ]
        try:
            return cls.model_validate(values), problems
        except ValidationError as invalid:
            bad = {str(error["loc"][0]): error for error in invalid.errors()}
        for name, error in bad.items():
            values[name] = _nearest(cls, name, values[name], error)
            problems.append(
                f"{name}={_shorten(query[name])} in the address cannot be used; "
                f"{_format(values[name])} is used instead."
            )
        return cls.model_validate(values), problems


def _nearest(cls: type[RunConfig], name: str, text: str, error: Any) -> Any:
    """The limit that a number out of range passed, else the field's default."""
    if name == "hidden_layers":
        limit = TypeAdapter(tuple[int, ...])
        try:
            units = limit.validate_python(_split_units(text)[:MAX_HIDDEN_LAYERS])
        except ValidationError:
            return cls.model_fields[name].default
        return tuple(min(max(u, 1), MAX_UNITS) for u in units)
    limits = error.get("ctx", {})
    return limits.get("ge", limits.get("le", cls.model_fields[name].default))


def _row(layer: str, shape: tuple[int | None, ...], parameters: int = 0) -> dict[str, Any]:
    return {"layer": layer, "output_shape": shape, "parameters": parameters}


def _format(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _shorten(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


# Of all that was tried, this learns drawings best, and still photos; see docs/sketch_accuracy.md.
KNOWS_DRAWINGS = RunConfig(
    hidden_layers=(1024,),
    dropout=0.2,
    learning_rate=0.002,
    schedule="cosine",
    batch_size=512,
    twins=1.0,
    early_stop=False,
)
