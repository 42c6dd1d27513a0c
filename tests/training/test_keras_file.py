"""A run's `.keras` file: to the last number what Keras saves."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any, get_args

import h5py
import keras
import numpy as np
import pytest

from playground.config import Optimizer
from playground.dataset import load_data
from playground.training.keras_file import keras_file
from playground.training.model import ChunkedSequential, build_model
from tests.training import but

pytestmark = pytest.mark.engine

OTHER = {"seed": 7, "learning_rate": 0.0123}
CASES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    *(({"optimizer": optimizer}, {}) for optimizer in get_args(Optimizer)),
    ({"hidden_layers": (8, 3), "dropout": 0.5, "l2": 0.001}, {"dropout": 0.05, "l2": 0.02}),
    ({"activation": "leaky_relu", "dropout": 0.3, "loss": "mse"}, {}),
    ({"hidden_layers": (), "scaling": "none"}, {}),
    ({"scaling": "standard"}, {"scaling": "min_max"}),
]


def _second_run(case: dict[str, Any], changes: dict[str, Any]) -> ChunkedSequential:
    """A compiled network in its second run; the first one has left its file."""
    config = but(**case)
    model = build_model(config, 0.25, 0.5)
    data = load_data()
    model.hold(data.x_train[:10], data.y_train[:10], fit_images=10, per_chunk=1)
    keras_file(model)
    model.reset(but(**{**case, **OTHER, **changes}), 0.125, -0.5)
    rng = np.random.default_rng(0)
    for variable in [*model.trainable_variables, *model.optimizer.variables[2:]]:
        variable.assign(rng.random(variable.shape))
    return model


def _contents(file: Path) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Metadata, configuration and every array of a `.keras` file, what Keras counts left out."""
    with zipfile.ZipFile(file) as opened:
        assert {entry.compress_type for entry in opened.infolist()} == {zipfile.ZIP_STORED}
        metadata, config = (json.loads(opened.read(f"{n}.json")) for n in ("metadata", "config"))
        arrays: dict[str, Any] = {}
        with h5py.File(BytesIO(opened.read("model.weights.h5"))) as weights:
            weights.visititems(
                lambda name, found: arrays.update(
                    {name: [found.dtype, found.shape, found[()].tolist()]}
                    if isinstance(found, h5py.Dataset)
                    else {name: dict(found.attrs)}
                )
            )
    metadata.pop("date_saved")
    name = config["compile_config"]["optimizer"]["config"].pop("name")
    assert arrays["optimizer/vars"].pop("name") == name
    return metadata, _without_ids(config), arrays


def _without_ids(found: Any) -> Any:
    if isinstance(found, dict):
        return {
            key: _without_ids(value) for key, value in found.items() if key != "shared_object_id"
        }
    return [_without_ids(value) for value in found] if isinstance(found, list) else found


@pytest.mark.parametrize(("case", "changes"), CASES, ids=str)
def test_the_file_of_a_network_s_second_run_is_the_one_that_keras_saves(
    case: dict[str, Any], changes: dict[str, Any], tmp_path: Path
) -> None:
    model = _second_run(case, changes)
    ours, oracle = tmp_path / "ours.keras", tmp_path / "oracle.keras"
    ours.write_bytes(keras_file(model))
    model.plain().save(oracle)
    assert _contents(ours) == _contents(oracle)


def test_what_keras_loads_goes_on_as_what_keras_has_saved(tmp_path: Path) -> None:
    model = _second_run({"dropout": 0.5}, {"dropout": 0.3})
    ours, oracle = tmp_path / "ours.keras", tmp_path / "oracle.keras"
    ours.write_bytes(keras_file(model))
    model.plain().save(oracle)
    found = []
    for file in (ours, oracle):
        loaded = keras.saving.load_model(file)
        loaded.train_on_batch(load_data().x_test[:64], load_data().y_test[:64])
        found.append([x.numpy() for x in (*loaded.variables, *loaded.optimizer.variables)])
    assert all(map(np.array_equal, *found))
