"""The network that a `RunConfig` describes, and the step that trains it fast.

Keras' own `fit` spends most of its time between steps. Here a step of `fit` is a whole chunk of
an epoch: micro-batches of image indices go in, and one XLA-compiled loop gathers the images,
computes the gradients and updates the weights. `fit`, `evaluate`, the optimizers, the losses and
the callbacks are Keras' own.

Compiling takes longer than a small network needs for an epoch, so a compiled network serves more
than one run: what differs between runs of one `RunConfig.compile_key` is read from variables, and
`ChunkedSequential.reset` gives them the values that a newly built network has.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from playground.config import CLASSES, IMAGE_SHAPE, Optimizer, RunConfig
from playground.locales import lazy
from playground.network.checkpoint import Checkpoint
from playground.network.network import Network
from playground.seeds import LayerSeeds, layer_seeds

_OPTIMIZERS: dict[Optimizer, Callable[..., Any]] = {
    "sgd": keras.optimizers.SGD,
    "rmsprop": keras.optimizers.RMSprop,
    "adagrad": keras.optimizers.Adagrad,
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
}
_LOSSES: dict[str, Callable[[], Any]] = {
    "sparse_categorical_crossentropy": keras.losses.SparseCategoricalCrossentropy,
    "categorical_crossentropy": keras.losses.CategoricalCrossentropy,
    "mse": keras.losses.MeanSquaredError,
    "binary_crossentropy": keras.losses.BinaryCrossentropy,
}


def build_model(
    config: RunConfig, scale: float = 1.0, offset: float = 0.0, per_update: int = 1
) -> ChunkedSequential:
    """The network of `config`, compiled, with its feature scaling inside.

    Args:
        config: the hyperparameters; its seed fixes initial weights and dropout.
        scale, offset: what feature scaling does to a pixel x in 0…255: x·scale + offset.
        per_update: micro-batches in an update.

    Returns:
        A model from images (n, 28, 28), 0 to 255, to probabilities (n, 10).
    """
    penalty = None
    if config.l2:
        penalty = keras.regularizers.L2()
        penalty.l2 = tf.Variable(config.l2)
    rescaling = tf.Variable(scale), tf.Variable(offset)
    dropout = partial(FastDropout, fixed=config.dropout_is_fixed)
    model = ChunkedSequential(_layers(config, rescaling, penalty, dropout))
    model.config, model.rescaling, model.penalty = config, (scale, offset), penalty
    model.compile(make_optimizer(config, per_update), _LOSSES[config.loss](), jit_compile=True)
    return model


def _layers(
    config: RunConfig, rescaling: tuple[Any, Any], penalty: Any, dropout: Callable[..., Any]
) -> list[Any]:
    """The layers of `config`, named as Keras names them in a program that does nothing else.

    Args:
        config: the hyperparameters; its seed fixes initial weights and dropout.
        rescaling: scale and offset of feature scaling.
        penalty: the regularizer of all kernels, or None.
        dropout: makes a layer of a rate, a seed and a name.
    """
    layers: list[Any] = [keras.Input(IMAGE_SHAPE, name="input_layer")]
    if config.scaling != "none":
        layers.append(keras.layers.Rescaling(*rescaling, name="rescaling"))
    layers.append(keras.layers.Flatten(name="flatten"))
    units = [*config.hidden_layers, CLASSES]
    for i, (n, seeds) in enumerate(zip(units, _seeds(config), strict=True)):
        number = f"_{i}" if i else ""
        layers.append(
            keras.layers.Dense(
                n,
                config.activation if i < len(config.hidden_layers) else "softmax",
                kernel_initializer=_initializer(seeds.kernel),
                kernel_regularizer=penalty,
                name=f"dense{number}",
            )
        )
        if seeds.dropout is not None:
            layers.append(dropout(config.dropout, seed=seeds.dropout, name=f"dropout{number}"))
    return layers


def _seeds(config: RunConfig) -> list[LayerSeeds]:
    return layer_seeds(config.seed, len(config.hidden_layers), dropout=bool(config.dropout))


def _initializer(seed: int) -> Any:
    """Keras' default initializer of a Dense layer's kernel, Glorot's uniform one, with a seed."""
    return keras.initializers.GlorotUniform(seed)


def make_optimizer(config: RunConfig, per_update: int = 1) -> Any:
    """The optimizer of `config`, with Keras' defaults for what it does not set.

    Args:
        config: the hyperparameters.
        per_update: micro-batches in an update; their gradients are averaged.
    """
    options: dict[str, Any] = {"learning_rate": config.learning_rate}
    if config.optimizer == "sgd":
        options["momentum"] = config.momentum
    if per_update > 1:
        options["gradient_accumulation_steps"] = per_update
    return _OPTIMIZERS[config.optimizer](**options)


def _compiled(step: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    """A step, compiled by XLA, as the function of a data set's iterator that Keras calls."""
    function = tf.function(step, jit_compile=True, autograph=False)
    return lambda iterator: function(next(iterator))


class FastDropout(keras.layers.Dropout):  # type: ignore[misc]
    """Keras' Dropout, telling XLA which random number generator to use: ThreeFry.

    With the generator that XLA chooses on a CPU, 25,000 × 512 numbers take 5.6 s; with this one
    0.02 s. For compiled steps only: outside XLA, TensorFlow has no ThreeFry.

    Args:
        rate: 0 to 1, 1 excluded.
        seed: of the generator.
        name: of the layer.
        fixed: whether the rate stays; see `RunConfig.dropout_is_fixed`.
    """

    def __init__(
        self, rate: float, *, seed: int, name: str | None = None, fixed: bool = False
    ) -> None:
        super().__init__(rate, seed=seed, name=name)
        scale = 1 / (1 - rate)
        self._threshold, self._scale = tf.Variable(rate), scale if fixed else tf.Variable(scale)

    def reset(self, rate: float, seed: int) -> None:
        """Become a new layer of this rate, 0 to 1, 1 excluded, and this seed."""
        if isinstance(self._scale, tf.Variable):
            self._threshold.assign(rate)
            self._scale.assign(1 / (1 - rate))
        self.seed_generator.state.assign([seed, 0])

    def call(self, inputs: Any, training: bool = False) -> Any:
        """As Keras' Dropout: a share `rate` becomes 0, the rest is scaled up by 1/(1 - rate)."""
        if not training:
            return inputs
        seed = tf.cast(self.seed_generator.next() % tf.int32.max, tf.int32)
        numbers = tf.random.stateless_uniform(tf.shape(inputs), seed, alg="threefry")
        return tf.where(numbers >= self._threshold, inputs * self._scale, 0.0)


class ChunkedSequential(keras.Sequential):  # type: ignore[misc]
    """A `Sequential` that trains on chunks of an epoch: micro-batches of indices of held images.

    A chunk of s micro-batches of m images is (positions, weights, count):

    - positions in `order`, int32 (s, m), -1 for none;
    - float32 (s,), which turn the mean over a micro-batch's m images into its share of the
      batch's mean;
    - how many of the micro-batches are in use, int32 ().

    All chunks of a run have one shape, so that XLA compiles once. `order` holds indices of images
    and is shuffled each epoch. Testing takes batches of indices of images, int32 (s, m), -1 for
    none, and none is followed by none.

    Attributes:
        config: the hyperparameters of its present run.
        rescaling: scale and offset of that run's feature scaling.
        penalty: the regularizer of all kernels; None without one.
    """

    config: RunConfig
    rescaling: tuple[float, float]
    penalty: Any
    train_function: Any
    test_function: Any

    def hold(
        self,
        images: Any,
        labels: NDArray[np.uint8],
        *,
        fit_images: int,
        per_chunk: int,
        per_test: int = 1,
    ) -> None:
        """Hold what the steps gather from, and make room for what they leave behind.

        Args:
            images: (n, 28, 28) uint8, 0 to 255; an array, or a tensor or variable, which is not
                copied.
            labels: (n,), 0 to 9.
            fit_images: how many images an epoch trains on; the first ones, until `order` is set.
            per_chunk: micro-batches in a chunk.
            per_test: images in a step of testing, s·m.
        """
        self.images = images if isinstance(images, tf.Variable) else tf.convert_to_tensor(images)
        self.labels = tf.Variable(labels.astype(np.int32), trainable=False)
        self.accuracy = keras.metrics.Mean("accuracy")
        self.order = tf.Variable(tf.range(fit_images), trainable=False)
        self.chunk_losses = tf.Variable(tf.zeros(per_chunk), trainable=False)
        self.predicted = tf.Variable(tf.zeros(per_test, tf.int32), trainable=False)
        self.optimizer.build(self.trainable_variables)
        # Each begins as one number throughout: 0, and Adagrad's sums of squares as 0.1.
        self._begins_as = [x.numpy().flat[0] for x in self.optimizer.variables]

    def reset(self, config: RunConfig, scale: float, offset: float) -> None:
        """Become what `build_model` builds, with the compiled steps of now; `hold` comes before.

        Args:
            config: the hyperparameters; `compile_key` is that of the run before.
            scale, offset: see `build_model`.
        """
        self.config, self.rescaling = config, (scale, offset)
        seeds = _seeds(config)
        for layer, of_layer in zip(self._of(keras.layers.Dense), seeds, strict=True):
            kernel = layer.kernel
            kernel.assign(_initializer(of_layer.kernel)(kernel.shape, kernel.dtype))
            layer.bias.assign(tf.zeros_like(layer.bias))
        for layer, of_layer in zip(self._of(FastDropout), seeds, strict=False):
            layer.reset(config.dropout, of_layer.dropout)
        for layer in self._of(keras.layers.Rescaling):
            layer.scale.assign(scale)
            layer.offset.assign(offset)
        if self.penalty is not None:
            self.penalty.l2.assign(config.l2)
        for variable, value in zip(self.optimizer.variables, self._begins_as, strict=True):
            variable.assign(tf.fill(variable.shape, value))
        self.optimizer.learning_rate = config.learning_rate

    def checkpoint(self, epoch: int) -> Checkpoint:
        """Copies of all that training changes, after so many epochs."""
        return Checkpoint(
            epoch,
            self._dense(),
            tuple(variable.numpy() for variable in self.optimizer.variables),
            tuple(layer.seed_generator.state.numpy() for layer in self._of(FastDropout)),
        )

    def restore(self, start: Checkpoint) -> None:
        """Stand where another training stood; what `start` has not stays as it is.

        Raises:
            ValueError: it is of another network or another optimizer.
        """
        weights = [x for layer in self._of(keras.layers.Dense) for x in (layer.kernel, layer.bias)]
        states = [layer.seed_generator.state for layer in self._of(FastDropout)]
        for variables, values in (
            (weights, [x for layer in start.layers for x in layer]),
            (self.optimizer.variables, start.optimizer),
            (states, start.dropout),
        ):
            if not values:
                continue
            if [tuple(x.shape) for x in variables] != [x.shape for x in values]:
                raise ValueError(
                    lazy("What this run was to go on from belongs to a network of another shape.")
                )
            for variable, value in zip(variables, values, strict=True):
                variable.assign(value)
        self.optimizer.learning_rate = start.rate_by_hand or self.config.learning_rate

    def _of(self, kind: type[Any]) -> list[Any]:
        """The layers of a kind, from first to last."""
        return [layer for layer in self.layers if isinstance(layer, kind)]

    @property
    def nbytes(self) -> int:
        """Bytes of its variables. Images that it holds as a tensor are shared and do not count."""
        own = [*self.variables, *self.optimizer.variables, self.order, self.labels]
        if isinstance(self.images, tf.Variable):
            own.append(self.images)
        return sum(math.prod(x.shape) * tf.as_dtype(x.dtype).size for x in own)

    def make_train_function(self, force: bool = False) -> None:
        """As in Keras, without its second graph around the step, which costs 1 ms a call."""
        if self.train_function is None or force:
            self.train_function = _compiled(self.train_step)

    def make_test_function(self, force: bool = False) -> None:
        """As `make_train_function`."""
        if self.test_function is None or force:
            self.test_function = _compiled(self.test_step)

    def _forward(self, indices: Any, weight: Any, training: bool) -> tuple[Any, Any, Any, Any]:
        """The loss of images (m,), predicted labels (m,), how many are right, and how many seen."""
        present = indices >= 0
        index = tf.maximum(indices, 0)
        labels = tf.gather(self.labels, index)
        probabilities = self(tf.gather(self.images, index), training=training)
        loss = self.compute_loss(
            y=tf.one_hot(labels, CLASSES) if self.config.one_hot else labels,
            y_pred=probabilities,
            sample_weight=tf.cast(present, tf.float32) * weight,
            training=training,
        )
        predicted = tf.argmax(probabilities, axis=-1, output_type=tf.int32)
        right = tf.reduce_sum(tf.cast(present & (labels == predicted), tf.float32))
        return loss, predicted, right, tf.reduce_sum(tf.cast(present, tf.float32))

    def _add(self, loss: Any, images: Any, right: Any, seen: Any) -> dict[str, Any]:
        """Add a step to the epoch's metrics; returns the step's own."""
        self._loss_tracker.update_state(loss, sample_weight=images)
        self.accuracy.update_state(right / seen, sample_weight=seen)
        return {"loss": loss, "accuracy": right / seen}

    def train_step(self, data: Any) -> dict[str, Any]:
        """Train on one chunk; returns the chunk's own mean loss and accuracy.

        The loss of every micro-batch is left in `chunk_losses`, float32 (s,).
        """
        positions, weights, count = data
        indices = tf.where(positions < 0, -1, tf.gather(self.order, tf.maximum(positions, 0)))
        variables = self.trainable_variables

        def body(i: Any, losses: Any, sums: Any) -> tuple[Any, ...]:
            with tf.GradientTape() as tape:
                loss, _, right, seen = self._forward(indices[i], weights[i], True)
            self.optimizer.apply_gradients(
                zip(tape.gradient(loss, variables), variables, strict=True)
            )
            # A micro-batch's share: m / weight is the images in its batch, over its micro-batches.
            share = indices.shape[1] / weights[i]
            losses = tf.tensor_scatter_nd_update(losses, [[i]], [loss])
            return i + 1, losses, sums + tf.stack([loss * share, share, right, seen])

        nothing = tf.constant(0), tf.zeros(indices.shape[0]), tf.zeros(4)
        _, losses, sums = tf.while_loop(lambda i, *_: i < count, body, nothing)
        self.chunk_losses.assign(losses)
        loss, images, right, seen = tf.unstack(sums)
        return self._add(loss / images, images, right, seen)

    def test_step(self, indices: Any) -> dict[str, Any]:
        """Test on some batches; returns the mean loss and accuracy of all that were tested so far.

        The predicted labels are left in `predicted`, int32 (s·m,).
        """

        def body(i: Any, predicted: Any, sums: Any) -> tuple[Any, ...]:
            images = tf.reduce_sum(tf.cast(indices[i] >= 0, tf.float32))
            weight = indices.shape[1] / images
            loss, labels, right, seen = self._forward(indices[i], weight, False)
            predicted = tf.tensor_scatter_nd_update(predicted, [[i]], [labels])
            return i + 1, predicted, sums + tf.stack([loss * images, images, right, seen])

        # A call costs as much outside the network as 250 images in it: hence some batches a call.
        count = tf.reduce_sum(tf.cast(indices[:, 0] >= 0, tf.int32))
        nothing = tf.constant(0), tf.zeros(indices.shape, tf.int32), tf.zeros(4)
        _, predicted, sums = tf.while_loop(lambda i, *_: i < count, body, nothing)
        self.predicted.assign(tf.reshape(predicted, [-1]))
        loss, images, right, seen = tf.unstack(sums)
        self._add(loss / images, images, right, seen)
        logs: dict[str, Any] = self.get_metrics_result()
        return logs

    def network(self) -> Network:
        """The present weights, for inference without TensorFlow."""
        scale, offset = self.rescaling if self.config.scaling != "none" else (1.0, 0.0)
        dense = self._of(keras.layers.Dense)
        return Network(
            activation=dense[0].activation.__name__ if len(dense) > 1 else "linear",
            scale=scale,
            offset=offset,
            layers=self._dense(),
        )

    def _dense(self) -> tuple[tuple[Any, Any], ...]:
        """Copies of the weights and the bias of each Dense layer."""
        return tuple((x.kernel.numpy(), x.bias.numpy()) for x in self._of(keras.layers.Dense))

    def plain(self) -> Any:
        """An ordinary compiled `keras.Sequential` of the same weights, which any Keras can load."""
        config = self.config
        penalty = keras.regularizers.L2(config.l2) if config.l2 else None
        layers = _layers(config, self.rescaling, penalty, keras.layers.Dropout)
        model = keras.Sequential(layers, name="sequential")
        for variable, ours in zip(model.weights, self.weights, strict=True):
            variable.assign(ours)
        optimizer, loss = make_optimizer(config), _LOSSES[config.loss]()
        model.compile(optimizer, loss, metrics=["accuracy"])
        # Keras warns when it loads a file whose optimizer was never built.
        model.optimizer.build(model.trainable_variables)
        return model
