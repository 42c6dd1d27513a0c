"""The generated script: it says what the configuration says, and runs on its own."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import keras
import numpy as np
import pytest

from playground.config import Activation, Loss, Optimizer, RunConfig, Scaling, Schedule
from playground.dataset import DATA, load_data
from playground.events import EpochEnd, EventData
from playground.script import Start, callback_source, notebook, script, sections
from playground.seeds import split_photos
from playground.training.control import Control
from playground.training.train import train

EVERYTHING = RunConfig(
    hidden_layers=(32, 16),
    dropout=0.1,
    l2=0.0001,
    optimizer="sgd",
    momentum=0.9,
    learning_rate=0.01,
    loss="categorical_crossentropy",
    batch_size=64,
    epochs=5,
    scaling="standard",
    train_images=30_000,
    validation_split=1 / 3,  # 10,000 images, so that chance in them is small
    split_by_seed=True,
    label_noise=0.1,
    early_stop=False,
)


def variants() -> list[RunConfig]:
    changes: list[dict[str, Any]] = [{}, {"batch_size": "full"}, {"hidden_layers": ()}]
    for name, options in (
        ("activation", Activation),
        ("optimizer", Optimizer),
        ("loss", Loss),
        ("scaling", Scaling),
        ("schedule", Schedule),
    ):
        changes += [{name: option} for option in get_args(options)]
    return [RunConfig.model_validate(EVERYTHING.model_dump() | change) for change in changes]


def test_of_a_fork_it_says_that_it_begins_with_new_weights() -> None:
    start = Start("abc123", 3)
    source = script(EVERYTHING, start)
    compile(source, "script", "exec")
    assert "# In the playground this run begins with the weights of run abc123 after" in source
    assert 'load_model("fashion-mnist-abc123.keras")' in source
    assert "abc123" in notebook(EVERYTHING, start)
    assert "abc123" not in script(EVERYTHING)


@pytest.mark.parametrize("config", variants())
def test_every_configuration_gives_valid_code_in_both_forms(config: RunConfig) -> None:
    compile(script(config), "script", "exec")
    book = json.loads(notebook(config))
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 4)
    code = ["".join(c["source"]) for c in book["cells"] if c["cell_type"] == "code"]
    assert code == [code for _, code in sections(config)]
    assert len(book["cells"]) == 2 * len(code)


@pytest.mark.parametrize("config", variants())
def test_of_a_sealed_run_it_leaves_the_test_images_alone(config: RunConfig) -> None:
    source = script(config, sealed=True)
    compile(source, "script", "exec")
    assert "_test" not in source
    assert "est accuracy" not in source
    assert "_test" not in notebook(config, sealed=True)
    assert "model.evaluate(x_val, y_val)" in source
    kept = [line for line in script(config).splitlines() if "_test" not in line]
    assert kept[:-1] == [line for line in source.splitlines() if line in kept[:-1]]


@pytest.mark.engine
def test_of_a_sealed_run_it_judges_on_the_validation_images(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FASHION_MNIST", str(DATA))
    parts = [code for _, code in sections(EVERYTHING, sealed=True)]
    [chosen] = [line for line in parts[-1].splitlines() if line.startswith("x_val")]
    names: dict[str, Any] = {"np": np, "os": os, "gzip": gzip}
    names["tf"] = SimpleNamespace(keras=keras)
    exec("\n".join([*parts[1:3], chosen]), names)
    photos = split_photos(EVERYTHING)
    data = load_data()
    fitted = data.x_train[photos.fit]
    expected = (data.x_train[photos.validation] - fitted.mean()) / fitted.std()
    np.testing.assert_allclose(names["x_val"], expected, atol=1e-5)
    assert (names["y_val"].argmax(axis=1) == data.y_train[photos.validation]).all()


def test_the_callback_is_the_lectures_with_threshold_and_metric() -> None:
    config = RunConfig(stop_threshold=0.8, monitor="val_accuracy")
    source = callback_source(config)
    assert 'if logs["val_accuracy"] > 0.8:' in source
    assert "self.model.stop_training = True" in source
    assert source in script(config)
    assert "callbacks=[StopAboveThreshold()]" in script(config)


def test_without_a_threshold_there_is_no_callback() -> None:
    assert "allback" not in script(RunConfig(early_stop=False))


def test_the_schedule_of_the_script_is_that_of_the_run() -> None:
    config = RunConfig(schedule="cosine", learning_rate=0.004, epochs=7)
    source = dict(sections(config))["The learning rate schedule"]
    names: dict[str, Any] = {"np": np}
    exec(source, names)
    rates = [names["cosine"](epoch, 0.0) for epoch in range(7)]
    assert rates == pytest.approx([config.rate_at(epoch) for epoch in range(7)])
    used = "callbacks=[StopAboveThreshold(), tf.keras.callbacks.LearningRateScheduler(cosine)]"
    assert used in script(config)
    assert "cosine" not in script(RunConfig())


def test_sketches_are_left_out_and_it_says_so() -> None:
    with_sketches = RunConfig(twins=1.0, batch_size="full")
    assert "# Left out: the sketches" in script(with_sketches)
    assert "batch_size=50000," in script(with_sketches)
    assert "x_train[:50000].min()" in script(with_sketches)
    assert "Left out" not in script(RunConfig())


def _run(config: RunConfig, folder: Path) -> dict[str, float]:
    """Run the script in a clean process; what it prints at the end."""
    path = folder / "fashion_mnist.py"
    path.write_text(script(config), "utf-8")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "KERAS"))}
    done = subprocess.run(
        [sys.executable, path],
        cwd=folder,
        env=env | {"FASHION_MNIST": str(DATA), "CUDA_VISIBLE_DEVICES": "-1"},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = re.findall(r"^(Validation|Test) accuracy: ([\d.]+)$", done.stdout, re.MULTILINE)
    return {name: float(value) for name, value in found} | {
        "epochs": max(map(int, re.findall(r"^Epoch (\d+)/", done.stdout, re.MULTILINE)))
    }


@pytest.mark.engine
@pytest.mark.parametrize(
    "config",
    [
        EVERYTHING,
        RunConfig(
            train_images=20_000,
            validation_split=0.5,
            epochs=10,
            batch_size=128,
            monitor="val_accuracy",
            stop_threshold=0.83,
        ),
    ],
    ids=["everything", "callback"],
)
def test_it_reproduces_the_run_in_a_clean_process(config: RunConfig, tmp_path: Path) -> None:
    events: list[EventData] = []
    train(config, load_data(), events.append, Control())
    epochs = [data for data in events if isinstance(data, EpochEnd)]
    found = _run(config, tmp_path)
    # Where two orders of the images cross the threshold may be an epoch apart.
    assert (found["epochs"] < config.epochs) == (len(epochs) < config.epochs) == config.early_stop
    assert found["Validation"] == pytest.approx(epochs[-1].val_accuracy, abs=0.01)
