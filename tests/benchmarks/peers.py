"""Other ways to train the same network on the same images, and our own: one per process.

Each peer trains epoch after epoch and calls `lap` at the end of each; see training_speed.py.
All count loss and accuracy in training and judge the validation images after the epoch, in
batches of 500. Library imports are inside: a process loads what it measures and no more.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from playground.config import RunConfig
from playground.dataset import load_data
from playground.events import EventData
from playground.training.control import Control

VALIDATION_BATCH = 500


class Laps:
    """Says how long an epoch took, and waits until it is this process's turn again."""

    def __init__(self) -> None:
        self._start = time.perf_counter()

    def __call__(self, *_: Any) -> None:
        """An epoch has ended."""
        print(time.perf_counter() - self._start, flush=True)
        if not sys.stdin.readline():
            sys.exit()
        self._start = time.perf_counter()


Peer = Callable[[RunConfig, Laps], None]


def _arrays(config: RunConfig) -> tuple[Any, Any, Any, Any]:
    data = load_data()
    cut, end = config.fit_images, config.train_images
    return data.x_train[:cut], data.y_train[:cut], data.x_train[cut:end], data.y_train[cut:end]


def playground(config: RunConfig, lap: Laps) -> None:
    """This project as a worker runs it: live points, metrics, callback, validation, events."""
    from playground.training.train import train

    def emit(data: EventData) -> None:
        json.dumps(data.to_json())
        if data.kind == "epoch":
            lap()

    train(config, load_data(), emit, Control())


def _stock(config: RunConfig) -> Any:
    import keras

    keras.utils.set_random_seed(config.seed)
    model = keras.Sequential(
        [keras.Input((28, 28)), keras.layers.Rescaling(1 / 255), keras.layers.Flatten()]
        + [keras.layers.Dense(units, config.activation) for units in config.hidden_layers]
        + [keras.layers.Dense(10, "softmax")]
    )
    return model


def _fit(config: RunConfig, lap: Laps, **options: Any) -> None:
    import keras

    x, y, x_val, y_val = _arrays(config)
    model = _stock(config)
    model.compile(
        config.optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"], **options
    )
    model.fit(
        x,
        y,
        batch_size=config.batch_images,
        epochs=config.epochs,
        validation_data=(x_val, y_val),
        validation_batch_size=VALIDATION_BATCH,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=lap)],
        verbose=0,
    )


def stock_fit(config: RunConfig, lap: Laps) -> None:
    """Keras' `fit` on NumPy arrays, everything at its default."""
    _fit(config, lap)


def fit_with_jit(config: RunConfig, lap: Laps) -> None:
    """The same with XLA and 64 steps to a call, as the Keras guide advises for small models."""
    _fit(config, lap, jit_compile=True, steps_per_execution=64)


def pytorch(config: RunConfig, lap: Laps) -> None:
    """A hand-written loop: float32 images in memory, batches by index, fused Adam."""
    import torch

    torch.manual_seed(config.seed)
    x, y, x_val, y_val = map(torch.from_numpy, (a.copy() for a in _arrays(config)))
    x, x_val = (a.reshape(len(a), -1).float() / 255 for a in (x, x_val))
    y, y_val = y.long(), y_val.long()
    sizes = [784, *config.hidden_layers]
    layers: list[Any] = []
    for i in range(len(sizes) - 1):
        layers += [torch.nn.Linear(sizes[i], sizes[i + 1]), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers, torch.nn.Linear(sizes[-1], 10))
    adam = torch.optim.Adam(model.parameters(), fused=True)
    while True:
        loss_sum, right = torch.zeros(()), torch.zeros((), dtype=torch.long)
        for index in torch.randperm(len(x)).split(config.batch_images):
            labels = y[index]
            logits = model(x[index])
            loss = torch.nn.functional.cross_entropy(logits, labels)
            adam.zero_grad()
            loss.backward()
            adam.step()
            loss_sum += loss.detach() * len(index)
            right += (logits.argmax(1) == labels).sum()
        with torch.no_grad():
            for images, labels in zip(
                x_val.split(VALIDATION_BATCH), y_val.split(VALIDATION_BATCH), strict=True
            ):
                (model(images).argmax(1) == labels).sum().item()
        loss_sum.item()
        lap()


def scikit_learn(config: RunConfig, lap: Laps) -> None:
    """`MLPClassifier`, an epoch a call."""
    from sklearn.neural_network import MLPClassifier

    x, y, x_val, y_val = _arrays(config)
    x, x_val = (a.reshape(len(a), -1).astype(np.float32) / 255 for a in (x, x_val))
    model = MLPClassifier(
        config.hidden_layers, alpha=0.0, batch_size=config.batch_images, random_state=config.seed
    )
    while True:
        model.partial_fit(x, y, classes=range(10))
        model.score(x_val, y_val)
        lap()


def jax_scan(config: RunConfig, lap: Laps) -> None:
    """`lax.scan` over the epoch's steps, one compiled call; the last batch in a call of its own."""
    import jax
    import jax.numpy as jnp

    x, y, x_val, y_val = map(jnp.asarray, _arrays(config))
    batch, full = config.batch_images, len(x) // config.batch_images
    sizes = [784, *config.hidden_layers, 10]
    keys = jax.random.split(jax.random.key(config.seed), len(sizes))
    params = [
        (jax.nn.initializers.glorot_uniform()(k, (m, n)), jnp.zeros(n))
        for k, m, n in zip(keys, sizes[:-1], sizes[1:], strict=False)
    ]

    def forward(params: Any, images: Any) -> Any:
        h = images.reshape(len(images), -1).astype(jnp.float32) / 255
        for w, b in params[:-1]:
            h = jax.nn.relu(h @ w + b)
        return h @ params[-1][0] + params[-1][1]

    def loss_of(params: Any, images: Any, labels: Any) -> Any:
        logits = forward(params, images)
        picked = jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], 1)
        return -picked.mean(), (logits.argmax(1) == labels).sum()

    def step(state: Any, index: Any) -> Any:
        params, m, v, t = state
        labels = y[index].astype(jnp.int32)
        (loss, right), g = jax.value_and_grad(loss_of, has_aux=True)(params, x[index], labels)
        t = t + 1
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        rate = 0.001 * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        params = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + 1e-7), params, m, v)
        return (params, m, v, t), (loss, right)

    zeros = jax.tree.map(jnp.zeros_like, params)
    state: Any = (params, zeros, jax.tree.map(jnp.copy, zeros), jnp.float32(0))
    epoch = jax.jit(lambda state, rows: jax.lax.scan(step, state, rows), donate_argnums=0)
    last = jax.jit(step, donate_argnums=0)
    judge = jax.jit(lambda params, images, labels: loss_of(params, images, labels)[1])
    shuffle = np.random.default_rng(config.seed)
    while True:
        order = shuffle.permutation(len(x)).astype(np.int32)
        state, (losses, _) = epoch(state, order[: full * batch].reshape(full, batch))
        if len(x) % batch:
            state, _ = last(state, order[full * batch :])
        for i in range(0, len(x_val), VALIDATION_BATCH):
            part = slice(i, i + VALIDATION_BATCH)
            judge(state[0], x_val[part], y_val[part].astype(jnp.int32)).block_until_ready()
        losses.block_until_ready()
        lap()


def matrix_products(config: RunConfig, lap: Laps) -> None:
    """The floor: the matrix products of an epoch's training and nothing else, in NumPy's BLAS."""
    random = np.random.default_rng(0)
    sizes = [784, *config.hidden_layers, 10]
    batch = config.batch_images
    x = [random.random((batch, size), np.float32) for size in sizes]
    w = [random.random(shape, np.float32) for shape in pairwise(sizes)]
    y, dw = [np.empty_like(a) for a in x], [np.empty_like(a) for a in w]
    steps = config.fit_images / batch
    while True:
        for _ in range(math.ceil(steps)):
            for i in range(len(w)):
                np.matmul(x[i], w[i], out=y[i + 1])
                np.matmul(x[i].T, x[i + 1], out=dw[i])
                if i:
                    np.matmul(x[i + 1], w[i].T, out=y[i])
        lap()


PEERS: dict[str, Peer] = {
    "playground": playground,
    "stock fit": stock_fit,
    "fit, jit, 64 steps a call": fit_with_jit,
    "PyTorch": pytorch,
    "scikit-learn": scikit_learn,
    "JAX lax.scan": jax_scan,
    "matrix products alone": matrix_products,
}

if __name__ == "__main__":
    PEERS[sys.argv[1]](RunConfig.model_validate_json(sys.argv[2]), Laps())
