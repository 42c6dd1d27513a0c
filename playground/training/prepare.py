"""What a run trains, validates and tests on, and its network, ready to fit."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from playground.config import CLASSES, RunConfig
from playground.dataset import TEST_IMAGES, TRAIN_IMAGES, Dataset, Labelled
from playground.network.checkpoint import Checkpoint
from playground.seeds import generator, split_photos
from playground.training.chunks import Plan, cut_chunks, plan_chunks
from playground.training.model import ChunkedSequential, build_model

# Images in a batch of testing: few enough that what they become stays in the processor's cache.
TEST_BATCH = 500
# Batches in a step of testing: few, for Stop is obeyed between two steps.
TEST_BATCHES = 5

# Test images that are predicted at the end, so that the hooks of predict() are called, too.
PREDICTED = 32

# Compiled networks that are kept, and what their variables may take together.
MOST_NETWORKS = 8
MOST_BYTES = 256 * 2**20
# So many numbers of feature scaling are kept.
MOST_SCALINGS = 100

_PHOTOS = np.arange(TRAIN_IMAGES, dtype=np.int32)


class _Held(NamedTuple):
    """What is made of a data set once, for all runs.

    Attributes:
        data: the data set.
        images: training images, then test images.
        predicted: see `Prepared.predicted`.
        scaling: scale and offset of feature scaling, by the photos and the kind of scaling.
    """

    data: Dataset
    images: tf.Tensor
    predicted: tf.data.Dataset
    scaling: dict[Hashable, tuple[float, float]]


_newest: list[_Held] = []


class Networks:
    """Compiled networks that wait for their next run; the one that has waited longest goes first.

    A network that trains is not among them: if its run fails, it is gone.

    Attributes:
        compiled: how many this process has compiled, those that are gone included.
    """

    def __init__(self) -> None:
        self.compiled = 0
        self._networks: dict[str, tuple[Dataset, ChunkedSequential]] = {}

    @property
    def keys(self) -> tuple[str, ...]:
        """The `RunConfig.compile_key` of each."""
        return tuple(self._networks)

    def take(self, config: RunConfig, data: Dataset) -> ChunkedSequential | None:
        """The network that this run can train with, if there is one; it holds images of `data`."""
        held, model = self._networks.pop(config.compile_key, (None, None))
        return model if held is data else None

    def add(self, run: Prepared) -> None:
        """Keep a run's network for the next run of its `compile_key`."""
        self._networks[run.config.compile_key] = run.data, run.model
        while (
            len(self._networks) > MOST_NETWORKS
            or sum(model.nbytes for _, model in self._networks.values()) > MOST_BYTES
        ):
            del self._networks[next(iter(self._networks))]


networks = Networks()


@dataclass(frozen=True)
class Prepared:
    """One run, ready to fit.

    Attributes:
        config: its hyperparameters.
        data: the whole of Fashion-MNIST.
        model: the compiled network, which holds all images: the 60,000 training photos, the
            10,000 test photos, then those that were added to the photos.
        plan: how an epoch is cut into chunks.
        fit_indices: indices of the images that the weights are fitted to, (fit_images,) int32.
        start: where it goes on from; None from the beginning.
    """

    config: RunConfig
    data: Dataset
    model: ChunkedSequential
    plan: Plan
    fit_indices: NDArray[np.int32]
    start: Checkpoint | None = None

    @property
    def chunks(self) -> tf.data.Dataset:
        """The chunks of all epochs, in positions of `model.order`, as a `tf.data.Dataset`."""
        cut = self.config.fit_images, self.config.batch_images, self.plan
        return _chunks(*cut, begun=self.start is not None and self.start.epoch > 0)

    @property
    def chunks_per_epoch(self) -> int:
        """How many of them an epoch has."""
        micro_batches = self.config.steps_per_epoch * self.plan.per_update
        return len(self.plan.counts(micro_batches, first=False))

    @property
    def fit_photos(self) -> tf.data.Dataset:
        """Indices of the photos that the weights are fitted to, as a `tf.data.Dataset`."""
        return _test_batches(_PHOTOS[split_photos(self.config).fit].tobytes())

    @property
    def validation(self) -> tf.data.Dataset:
        """Indices of the validation images, as a `tf.data.Dataset`."""
        return _test_batches(_PHOTOS[split_photos(self.config).validation].tobytes())

    @property
    def validation_labels(self) -> NDArray[np.uint8]:
        """Their labels, (validation_images,)."""
        return self.data.y_train[split_photos(self.config).validation]

    @property
    def test(self) -> tf.data.Dataset:
        """Indices of the test images, as a `tf.data.Dataset`."""
        images = np.arange(TRAIN_IMAGES, TRAIN_IMAGES + TEST_IMAGES, dtype=np.int32)
        return _test_batches(images.tobytes())

    @property
    def predicted(self) -> tf.data.Dataset:
        """The test images that are predicted at the end, as a `tf.data.Dataset`.

        Of arrays, Keras would make one with functions that TensorFlow keeps for ever.
        """
        return _hold(self.data).predicted


def prepare(
    config: RunConfig, data: Dataset, added: Labelled, start: Checkpoint | None = None
) -> Prepared:
    """Give a network the images, with the labels that it learns them under.

    It is the kept one of the configuration's `compile_key`, reset, or else a newly built one.

    Args:
        config: the hyperparameters.
        data: the whole of Fashion-MNIST.
        added: the images that are trained on besides the photos.
        start: where the run goes on from; None from the beginning.

    Raises:
        ValueError: `start` is of another network.
    """
    plan = plan_chunks(config)
    labels = np.concatenate([data.y_train, data.y_test, added.labels])
    photos = split_photos(config).fit
    others = np.arange(TRAIN_IMAGES + TEST_IMAGES, len(labels), dtype=np.int32)
    fit = np.concatenate([_PHOTOS[photos], others])
    labels[fit] = spoil_labels(labels[fit], config.label_noise, config.seed)
    scale, offset = scaling_of_run(config, data)
    model = networks.take(config, data)
    if model is not None:
        model.reset(config, scale, offset)
        model.labels.assign(labels)
        if len(added.images):
            model.images.assign(tf.concat([_hold(data).images, added.images], axis=0))
        return _begun(Prepared(config, data, model, plan, fit, start))
    # TensorFlow keeps something of every variable until then. It forgets its kernels, too, which a
    # run that builds nothing would take 25 ms to have again.
    keras.backend.clear_session()
    networks.compiled += 1
    model = build_model(config, scale, offset, plan.per_update)
    images = _hold(data).images
    if len(added.images):  # the next run may add others
        images = tf.Variable(tf.concat([images, added.images], axis=0), trainable=False)
    model.hold(
        images,
        labels,
        fit_images=config.fit_images,
        per_chunk=plan.per_chunk,
        per_test=TEST_BATCHES * TEST_BATCH,
    )
    return _begun(Prepared(config, data, model, plan, fit, start))


def _begun(run: Prepared) -> Prepared:
    """The run, where it goes on from."""
    if run.start is not None:
        run.model.restore(run.start)
    return run


def spoil_labels(labels: NDArray[np.uint8], share: float, seed: int) -> NDArray[np.uint8]:
    """Make a share of labels wrong: each chosen one becomes one of the nine others.

    Args:
        labels: (n,) uint8, 0 to 9; not changed.
        share: 0 to 1; round(share·n) labels are chosen.
        seed: fixes which labels are chosen, and what they become.
    """
    rng = generator(seed, "label_noise")
    spoiled = labels.copy()
    chosen = rng.choice(len(labels), round(share * len(labels)), replace=False)
    spoiled[chosen] = (labels[chosen] + rng.integers(1, CLASSES, len(chosen))) % CLASSES
    return spoiled


def scaling_of(config: RunConfig, images: NDArray[np.uint8]) -> tuple[float, float]:
    """Scale and offset of feature scaling, x·scale + offset, from the images trained on.

    min–max: (X − min) / (max − min). standard: (X − mean) / std, over all pixels together.
    """
    if config.scaling == "min_max":
        low, high = float(images.min()), float(images.max())
        return 1.0 / (high - low), -low / (high - low)
    if config.scaling == "standard":
        mean, std = float(images.mean()), float(images.std())
        return 1.0 / std, -mean / std
    return 1.0, 0.0


def _dataset(slices: object) -> tf.data.Dataset:
    """Slice after slice of arrays, for `fit` and `evaluate`."""
    options = tf.data.Options()
    options.autotune.enabled = False
    return tf.data.Dataset.from_tensor_slices(slices).with_options(options)


@lru_cache(maxsize=MOST_NETWORKS)
def _chunks(images: int, batch: int, plan: Plan, *, begun: bool) -> tf.data.Dataset:
    """The chunks of all epochs of so many images, in batches of so many; without end.

    For a data set that ends, `fit` makes a new iterator every epoch.
    """
    indices = np.arange(images, dtype=np.int32)
    others = _dataset(cut_chunks(indices, batch, plan)).repeat()
    if begun:
        return others
    return _dataset(cut_chunks(indices, batch, plan, first=True)).concatenate(others)


@lru_cache(maxsize=2 * MOST_NETWORKS)
def _test_batches(images: bytes) -> tf.data.Dataset:
    """Indices of images, int32, so many batches at a time; the last are filled up with -1."""
    indices = np.frombuffer(images, np.int32)
    step = TEST_BATCHES * TEST_BATCH
    padded = np.full(math.ceil(len(indices) / step) * step, -1, np.int32)
    padded[: len(indices)] = indices
    return _dataset(padded.reshape(-1, TEST_BATCHES, TEST_BATCH))


def _hold(data: Dataset) -> _Held:
    """What is made of `data` once; that of another data set is dropped."""
    if not _newest or _newest[0].data is not data:
        images = tf.constant(np.concatenate([data.x_train, data.x_test]))
        predicted = _dataset(data.x_test[None, :PREDICTED])
        _newest[:] = [_Held(data, images, predicted, {})]
    return _newest[0]


def scaling_of_run(config: RunConfig, data: Dataset) -> tuple[float, float]:
    """`scaling_of` a run's photos, kept: to look at all their pixels takes long."""
    held = _hold(data)
    key = config.split_key, config.scaling
    if key not in held.scaling:
        if len(held.scaling) >= MOST_SCALINGS:
            held.scaling.clear()
        held.scaling[key] = scaling_of(config, data.x_train[split_photos(config).fit])
    return held.scaling[key]
