"""A configuration as a short, plain Keras script in the lecture's style, and as a notebook."""

from __future__ import annotations

import json
from typing import NamedTuple

from playground.config import CLASSES, RunConfig
from playground.locales import t

_OPTIMIZERS = {
    "sgd": "SGD",
    "rmsprop": "RMSprop",
    "adagrad": "Adagrad",
    "adam": "Adam",
    "adamw": "AdamW",
}
_LOAD = """\
def load_data():
    folder = os.environ.get("FASHION_MNIST")
    if folder is None:  # {downloads}
        return tf.keras.datasets.fashion_mnist.load_data()

    def read(name, header, *shape):
        with gzip.open(os.path.join(folder, name)) as file:
            return np.frombuffer(file.read(), np.uint8, offset=header).reshape(shape)

    return (
        read("train-images-idx3-ubyte.gz", 16, -1, 28, 28),
        read("train-labels-idx1-ubyte.gz", 8, -1),
    ), (
        read("t10k-images-idx3-ubyte.gz", 16, -1, 28, 28),
        read("t10k-labels-idx1-ubyte.gz", 8, -1),
    )


(x_train, y_train), (x_test, y_test) = load_data()"""


def callback_source(config: RunConfig) -> str:
    """The lecture's callback class with this configuration's metric and threshold."""
    message = t(
        "{metric} is above {threshold:g}: training ends here.",
        metric=config.monitor,
        threshold=config.stop_threshold,
    )
    said = _quoted(f"\n{message}")
    return f'''\
class StopAboveThreshold(tf.keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if logs["{config.monitor}"] > {config.stop_threshold:g}:
            print({said})
            self.model.stop_training = True'''


def _quoted(text: str) -> str:
    """A text as it is written in Python code."""
    return json.dumps(text, ensure_ascii=False)


class Start(NamedTuple):
    """The run whose weights a fork begins with, and after which epoch."""

    run_id: str
    epoch: int


def sections(
    config: RunConfig, start: Start | None = None, *, sealed: bool = False
) -> list[tuple[str, str]]:
    """The script in parts: a heading in the visitor's language and the code under it, in order.

    Args:
        config: the settings.
        start: what a run with them begins with in the playground; None with new weights.
        sealed: whether it judges on the validation images, and leaves the test images alone.
    """
    parts = [
        (t("Fashion-MNIST, classified by a dense network"), _imports(config)),
        (t("The data. FASHION_MNIST may name a folder with its four .gz files"), _data(config)),
        (t("Feature scaling"), _scaling(config)),
        (t("The network"), _network(config) + _new_weights(start)),
        (t("compile()"), _compile(config)),
    ]
    if config.early_stop:
        parts.append((t("The callback"), callback_source(config)))
    if config.schedule == "cosine":
        parts.append((t("The learning rate schedule"), _cosine(config)))
    parts.append((t("fit() and evaluate()"), _fit(config) + _judge(config, sealed=sealed)))
    return [(title, _without_test(code)) for title, code in parts] if sealed else parts


def script(config: RunConfig, start: Start | None = None, *, sealed: bool = False) -> str:
    """A Python file that trains and tests this configuration, and needs only Keras.

    Initial weights, split, scaling, label noise and hyperparameters are those of the playground.
    The order of the images is not, because `fit` shuffles them itself: results agree within the
    spread that such an order causes. Sketch twins and the sketchbook, which Keras does not know,
    are left out, and a comment says so. So is the run whose weights a fork begins with: the script
    begins with new ones. Comments are in the visitor's language. Of a sealed run it is not tested:
    the validation images take the place of the test images.
    """
    parts = sections(config, start, sealed=sealed)
    return "\n\n".join(f"# {title}\n{code}" for title, code in parts) + "\n"


def notebook(config: RunConfig, start: Start | None = None, *, sealed: bool = False) -> str:
    """The script as a Jupyter notebook (nbformat 4.4), with a cell for each section."""
    cells: list[dict[str, object]] = []
    for title, code in sections(config, start, sealed=sealed):
        cells.append(_cell("markdown", f"## {title}"))
        cells.append(_cell("code", code) | {"execution_count": None, "outputs": []})
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps(
        {
            "cells": cells,
            "metadata": {"kernelspec": kernel},
            "nbformat": 4,
            "nbformat_minor": 4,
        },
        indent=1,
    )


def _cell(kind: str, source: str) -> dict[str, object]:
    return {"cell_type": kind, "metadata": {}, "source": source.splitlines(keepends=True)}


def _imports(config: RunConfig) -> str:
    return f"""\
import gzip
import os

import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed({config.seed})"""


def _data(config: RunConfig) -> str:
    lines = [_LOAD.replace("{downloads}", t("downloads the data set the first time"))]
    if config.fit_images > config.fit_photos:
        lines.append("# " + t("Left out: the sketches that this network also learned from."))
    if config.train_images < 60_000:
        lines.append(
            f"x_train, y_train = x_train[:{config.train_images}], y_train[:{config.train_images}]"
        )
    if config.split_by_seed:
        comment = t("The seed draws the validation images: they are the last ones now.")
        lines.append(f"""
# {comment}
rng = np.random.default_rng(np.random.SeedSequence({config.seed}, spawn_key=(4,)))
order = rng.permutation({config.train_images})
x_train, y_train = x_train[order], y_train[order]""")
    if config.label_noise:
        chosen = round(config.label_noise * config.fit_photos)
        comment = t(
            "{wrong} of the {labels} labels that the network learns from are made wrong.",
            wrong=chosen,
            labels=config.fit_photos,
        )
        lines.append(f"""
# {comment}
rng = np.random.default_rng({config.seed})
wrong = rng.choice({config.fit_photos}, {chosen}, replace=False)
y_train = y_train.copy()
y_train[wrong] = (y_train[wrong] + rng.integers(1, {CLASSES}, len(wrong))) % {CLASSES}""")
    if config.one_hot:
        lines.append(f"""
y_train = tf.keras.utils.to_categorical(y_train, {CLASSES})
y_test = tf.keras.utils.to_categorical(y_test, {CLASSES})""")
    return "\n".join(lines)


def _scaling(config: RunConfig) -> str:
    fitted = f"x_train[:{config.fit_photos}]"
    if config.scaling == "min_max":
        return f"""\
low, high = {fitted}.min(), {fitted}.max()
x_train = (x_train.astype("float32") - low) / (high - low)
x_test = (x_test.astype("float32") - low) / (high - low)"""
    if config.scaling == "standard":
        return f"""\
mean, std = {fitted}.mean(), {fitted}.std()
x_train = ((x_train - mean) / std).astype("float32")
x_test = ((x_test - mean) / std).astype("float32")"""
    comment = t("None: the pixels stay 0 to 255.")
    return f"""\
# {comment}
x_train = x_train.astype("float32")
x_test = x_test.astype("float32")"""


def _network(config: RunConfig) -> str:
    penalty = f", kernel_regularizer=tf.keras.regularizers.L2({config.l2:g})" if config.l2 else ""
    layers = ["tf.keras.Input((28, 28))", "tf.keras.layers.Flatten()"]
    for units in config.hidden_layers:
        layers.append(f'tf.keras.layers.Dense({units}, activation="{config.activation}"{penalty})')
        if config.dropout:
            layers.append(f"tf.keras.layers.Dropout({config.dropout:g})")
    layers.append(f'tf.keras.layers.Dense({CLASSES}, activation="softmax"{penalty})')
    inside = "".join(f"        {layer},\n" for layer in layers)
    return f"model = tf.keras.Sequential(\n    [\n{inside}    ]\n)\nmodel.summary()"


def _new_weights(start: Start | None) -> str:
    """A comment on what a fork begins with; empty for other runs."""
    if start is None:
        return ""
    said = t(
        "In the playground this run begins with the weights of run {run} after epoch {epoch}.",
        run=start.run_id,
        epoch=start.epoch,
    )
    new = t("This script begins with new weights, and trains all epochs.")
    model = t("If that run ended there, its downloaded model has these weights:")
    file = f"fashion-mnist-{start.run_id}.keras"
    load = f'model.set_weights(tf.keras.models.load_model("{file}").get_weights())'
    return f"\n\n# {said}\n# {new}\n# {model}\n# {load}"


def _compile(config: RunConfig) -> str:
    options = f"learning_rate={config.learning_rate!r}"
    if config.optimizer == "sgd" and config.momentum:
        options += f", momentum={config.momentum!r}"
    return f"""\
model.compile(
    optimizer=tf.keras.optimizers.{_OPTIMIZERS[config.optimizer]}({options}),
    loss="{config.loss}",
    metrics=["accuracy"],
)"""


def _cosine(config: RunConfig) -> str:
    return f"""\
def cosine(epoch, rate):
    return {config.learning_rate!r} * (1 + np.cos(np.pi * epoch / {config.epochs})) / 2"""


def _fit(config: RunConfig) -> str:
    batch = config.fit_photos if config.batch_size == "full" else config.batch_size
    used = ["StopAboveThreshold()"] if config.early_stop else []
    if config.schedule == "cosine":
        used.append("tf.keras.callbacks.LearningRateScheduler(cosine)")
    callbacks = f"\n    callbacks=[{', '.join(used)}]," if used else ""
    validation = _quoted(t("Validation accuracy:"))
    return f"""\
history = model.fit(
    x_train,
    y_train,
    batch_size={batch},
    epochs={config.epochs},
    validation_split={config.validation_split!r},{callbacks}
)
print({validation}, round(history.history["val_accuracy"][-1], 4))
"""


def _judge(config: RunConfig, *, sealed: bool) -> str:
    if not sealed:
        test = _quoted(t("Test accuracy:"))
        return f"""\
loss, accuracy = model.evaluate(x_test, y_test)
print({test}, round(accuracy, 4))"""
    comment = t("The test images are sealed: the validation images judge, which fit() set apart.")
    said = _quoted(t("Validation accuracy with the final weights:"))
    return f"""\
# {comment}
x_val, y_val = x_train[{config.fit_photos}:], y_train[{config.fit_photos}:]
loss, accuracy = model.evaluate(x_val, y_val)
print({said}, round(accuracy, 4))"""


def _without_test(code: str) -> str:
    """Code that has no test images."""
    lines = code.replace("(x_test, y_test) = load_data()", "_ = load_data()").splitlines()
    return "\n".join(line for line in lines if not line.startswith(("x_test", "y_test")))
