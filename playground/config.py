"""Every setting of a run, with its default, its limits and its JSON form.

The one frozen `RunConfig` is validated at every door: widget, address, file and worker.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from playground.locales import mark

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


def _split_units(value: object) -> object:
    """The text form of hidden layers, "128,64" or "none", as a list."""
    if isinstance(value, str):
        return [] if value in ("", "none") else value.split(",")
    return value


def _number(value: object) -> object:
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


class LayerRow(NamedTuple):
    """A layer as Keras' `summary()` lists it; in a shape None is the batch."""

    layer: str
    output_shape: tuple[int | None, ...]
    parameters: int = 0


class RunConfig(BaseModel):
    """The hyperparameters of one run; immutable and hashable. Reads former names of settings, too.

    Raises:
        pydantic.ValidationError: a value is unknown, of the wrong type or out of range.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    hidden_layers: HiddenLayers = Field(
        (128,),
        max_length=MAX_HIDDEN_LAYERS,
        description=mark(
            "Units of each hidden Dense layer, from first to last. Without any, the network is "
            "softmax regression."
        ),
    )
    activation: Activation = Field(
        "relu",
        description=mark("The function that each hidden neuron applies to its weighted sum."),
    )
    dropout: float = Field(
        0.0,
        ge=0.0,
        le=0.9,
        description=mark(
            "The share of each hidden layer's outputs that is switched off at random in every "
            "training step."
        ),
    )
    l2: float = Field(
        0.0,
        ge=0.0,
        le=0.1,
        description=mark(
            "L2 penalty: this number times the sum of the squared weights is added to the loss."
        ),
    )
    optimizer: Optimizer = Field(
        "adam", description=mark("How the gradients change the weights. Adam is a good default.")
    )
    momentum: float = Field(
        0.0,
        ge=0.0,
        le=0.99,
        description=mark("For sgd: how much of the last step is carried over into the next."),
    )
    learning_rate: float = Field(
        0.001, ge=1e-5, le=10.0, description=mark("The size of each step downhill (log scale).")
    )
    schedule: Schedule = Field(
        "constant",
        description=mark(
            "The learning rate over the epochs: constant, or falling to nearly 0 along half a "
            "cosine wave. Small last steps let a network settle. A rate that is set by hand "
            "during training ends the schedule."
        ),
    )
    loss: Loss = Field(
        "sparse_categorical_crossentropy",
        description=mark(
            "What training makes small. The sparse one takes integer labels, the other three take "
            "one-hot labels."
        ),
    )
    batch_size: Annotated[BatchSize, BeforeValidator(_number)] = Field(
        32,
        description=mark(
            "Training images for each update of the weights; “full batch” takes all of them at "
            "once."
        ),
    )
    epochs: int = Field(
        10,
        ge=1,
        le=200,
        description=mark("How many times the run goes through the training images at most."),
    )
    scaling: Scaling = Field(
        "min_max",
        description=mark(
            "Feature scaling of the pixels: none, min–max to 0…1, or standardisation to mean 0 "
            "and standard deviation 1."
        ),
    )
    train_images: int = Field(
        60_000,
        ge=100,
        le=60_000,
        description=mark(
            "How many of the 60,000 training images this run may use, validation images included."
        ),
    )
    validation_split: float = Field(
        1 / 6,
        ge=0.05,
        le=0.5,
        description=mark(
            "Validation share: the images that are not trained on but used to judge the "
            "hyperparameters. They are the last ones, unless the seed draws them."
        ),
    )
    split_by_seed: bool = Field(
        False,
        description=mark(
            "Draws the validation images by the seed, from the images that this run may use. So "
            "runs with other seeds are judged on other images."
        ),
    )
    label_noise: float = Field(
        0.0,
        ge=0.0,
        le=0.5,
        description=mark("The share of training labels that is made wrong on purpose."),
    )
    twins: float = Field(
        0.0,
        ge=0.0,
        le=2.0,
        description=mark(
            "Sketch twins for each training photo: what a hand might have drawn. With 1 there are "
            "as many twins as photos; without twins, drawings are hardly recognised."
        ),
    )
    sketchbook: float = Field(
        0.0,
        ge=0.0,
        le=1.0,
        description=mark(
            "Warped copies of the sketchbook's training drawings for each training photo. 0.1 "
            "means one for every ten photos."
        ),
    )
    seed: int = Field(
        42,
        ge=0,
        le=2**31 - 1,
        description=mark(
            "Fixes the initial weights, the shuffling, the dropout and everything else that is "
            "random: the same settings give the same numbers again."
        ),
    )
    early_stop: bool = Field(
        True,
        description=mark(
            "Ends training after the first epoch whose watched metric is above the threshold."
        ),
    )
    stop_threshold: float = Field(
        0.90, ge=0.0, le=1.0, description=mark("The metric must be above this to end training.")
    )
    monitor: Metric = Field(
        "accuracy",
        description=mark(
            "The metric that the threshold watches: on training or on validation images."
        ),
    )
    keep_snapshots: bool = Field(
        True,
        description=mark(
            "Keeps the weights of the epochs, so that you can look inside the network: at most 50 "
            "epochs and 64 MiB for each run. Of a longer run or a large network some epochs are "
            "left out."
        ),
    )

    @model_validator(mode="before")
    @classmethod
    def _read_former_names(cls, values: object) -> object:
        return with_current_names(values) if isinstance(values, Mapping) else values

    @property
    def validation_images(self) -> int:
        """Images kept for validation; `seeds.split_photos` says which."""
        return self.train_images - self.fit_photos

    @property
    def split_key(self) -> tuple[int, int, int | None]:
        """Equal for configurations that are fitted to and validated on the same photos."""
        return self.train_images, self.fit_photos, self.seed if self.split_by_seed else None

    @property
    def fit_photos(self) -> int:
        """How many photos of the data set the weights are fitted to, 1 or more."""
        return math.floor(self.train_images * (1.0 - self.validation_split))

    @property
    def fit_twins(self) -> int:
        """How many sketch twins the weights are fitted to as well."""
        return round(self.twins * self.fit_photos)

    @property
    def fit_sketches(self) -> int:
        """How many warped copies of sketchbook drawings the weights are fitted to as well."""
        return round(self.sketchbook * self.fit_photos)

    @property
    def fit_images(self) -> int:
        """How many images the weights are fitted to in all."""
        return self.fit_photos + self.fit_twins + self.fit_sketches

    @property
    def batch_images(self) -> int:
        """Images in one batch: the batch size, or all images if these are fewer."""
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

    @property
    def compile_key(self) -> str:
        """What the compiled form of the network depends on.

        Runs of one key can train with the same compiled network: learning rate, seed, labels,
        epochs, the rates of dropout and L2 and the numbers of feature scaling are its variables.
        """
        parts = (
            self.hidden_layers,
            self.activation,
            self.optimizer,
            self.momentum if self.optimizer == "sgd" else 0,
            self.loss,
            self.batch_images,
            self.fit_images,
            self.fit_images - self.fit_photos,
            self.dropout if self.dropout_is_fixed else self.dropout > 0,
            self.l2 > 0,
            self.scaling != "none",
        )
        return " ".join(map(str, parts))

    @property
    def dropout_is_fixed(self) -> bool:
        """Whether the rate of dropout is compiled in rather than a variable.

        XLA multiplies constants that follow each other: the slope of leaky_relu and 1/(1 - rate).
        With a variable the product is rounded twice, and the last bit of the weights differs.
        """
        return self.activation == "leaky_relu"

    def rate_at(self, epoch: int) -> float:
        """The learning rate of an epoch, the first being 0.

        Cosine: learning_rate · (1 + cos(π · epoch / epochs)) / 2, as SGDR (arXiv 1608.03983,
        equation 5) without restarts.
        """
        if self.schedule == "constant":
            return self.learning_rate
        return self.learning_rate * (1 + math.cos(math.pi * epoch / self.epochs)) / 2

    def layer_table(self) -> list[LayerRow]:
        """The network layer by layer, as Keras' `summary()` would list it."""
        inputs = math.prod(IMAGE_SHAPE)
        rows = [LayerRow("Input", (None, *IMAGE_SHAPE))]
        if self.scaling != "none":
            rows.append(LayerRow("Rescaling", (None, *IMAGE_SHAPE)))
        rows.append(LayerRow("Flatten", (None, inputs)))
        for units in self.hidden_layers:
            rows.append(LayerRow(f"Dense, {self.activation}", (None, units), (inputs + 1) * units))
            if self.dropout:
                rows.append(LayerRow("Dropout", (None, units)))
            inputs = units
        rows.append(LayerRow("Dense, softmax", (None, CLASSES), (inputs + 1) * CLASSES))
        return rows

    @property
    def parameters(self) -> int:
        """Trainable parameters of the whole network."""
        return sum(row.parameters for row in self.layer_table())

    @classmethod
    def limits(cls, name: str) -> tuple[float, float]:
        """The lowest and the highest value of a numeric setting."""
        bounds = cls.model_fields[name].metadata
        return (
            next(bound.ge for bound in bounds if hasattr(bound, "ge")),
            next(bound.le for bound in bounds if hasattr(bound, "le")),
        )


# Of all that was tried, this learns drawings best, and photos too; see docs/sketch_accuracy.md.
KNOWS_DRAWINGS = RunConfig(
    hidden_layers=(1024,),
    dropout=0.2,
    learning_rate=0.002,
    schedule="cosine",
    batch_size=512,
    twins=1.0,
    early_stop=False,
)
