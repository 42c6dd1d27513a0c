"""Final validation accuracy of our runs and of stock Keras `fit`, for every choice offered.

    python -m tests.benchmarks.same_learning --json

Each optimizer, activation and loss in turn, everything else at its default; over three seeds. Both
start from the same weights and see the images in the same order, so that they differ by nothing
but the arithmetic: Keras' own spread from seed to seed is larger than what is looked for.
"""

from __future__ import annotations

import argparse
import json
import statistics
from typing import get_args

import keras

from playground.config import Activation, Loss, Optimizer, RunConfig
from playground.dataset import load_data
from playground.events import EpochEnd, EventData
from playground.seeds import generator
from playground.training.control import Control
from playground.training.model import build_model
from playground.training.prepare import scaling_of
from playground.training.train import train

SEEDS = (1, 2, 3)


def ours(config: RunConfig) -> float:
    """Validation accuracy after the last epoch of a run as users start it."""
    events: list[EventData] = []
    train(config, load_data(), events.append, Control())
    epochs = [data for data in events if isinstance(data, EpochEnd)]
    return epochs[-1].val_accuracy


def stock(config: RunConfig) -> float:
    """The same by `fit` on NumPy arrays, with the initial weights and shuffles of `train`."""
    data = load_data()
    cut, end = config.fit_images, config.train_images
    x, y = data.x_train[:end], data.y_train[:end].astype(int)
    keras.backend.clear_session()
    start = build_model(config, *scaling_of(config, x[:cut])).get_weights()
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Flatten(),
            *(keras.layers.Dense(units, config.activation) for units in config.hidden_layers),
            keras.layers.Dense(10, "softmax"),
        ]
    )
    model.set_weights(start)
    optimizer = keras.optimizers.get(config.optimizer)
    optimizer.learning_rate = config.learning_rate
    model.compile(optimizer, config.loss, metrics=["accuracy"])
    labels = keras.utils.to_categorical(y, 10) if config.one_hot else y
    shuffle = generator(config.seed, "shuffle")
    for _ in range(config.epochs):
        order = shuffle.permutation(cut)
        model.fit(x[order], labels[order], config.batch_images, shuffle=False, verbose=0)
    return float(
        model.evaluate(x[cut:], labels[cut:], 500, return_dict=True, verbose=0)["accuracy"]
    )


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--json", action="store_true", help="print JSON, not lines")
    arguments.add_argument("--images", type=int, default=6_000)
    arguments.add_argument("--epochs", type=int, default=3)
    options = arguments.parse_args()
    choices = {"optimizer": Optimizer, "activation": Activation, "loss": Loss}
    rows = []
    for name, values in choices.items():
        for value in get_args(values):
            runs = []
            for seed in SEEDS:
                config = RunConfig.model_validate(
                    {
                        **{
                            name: value,
                            "seed": seed,
                            "early_stop": False,
                            "epochs": options.epochs,
                        },
                        "train_images": options.images,
                    }
                )
                runs.append((ours(config), stock(config)))
            means = [statistics.mean(part) for part in zip(*runs, strict=True)]
            rows.append(
                {
                    **{"setting": name, "value": value},
                    **{"playground": round(means[0], 4), "stock_fit": round(means[1], 4)},
                    "points_apart": round(100 * (means[0] - means[1]), 2),
                    "greatest_of_a_seed": round(max(100 * abs(a - b) for a, b in runs), 2),
                }
            )
            if not options.json:
                print(rows[-1], flush=True)
    found = {
        **{"seeds": len(SEEDS), "epochs": options.epochs, "images": options.images},
        "greatest_points_apart": max(abs(row["points_apart"]) for row in rows),
        "rows": rows,
    }
    if options.json:
        print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
