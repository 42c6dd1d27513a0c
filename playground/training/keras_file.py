"""A run's `.keras` file, which any Keras loads as an ordinary compiled `Sequential`.

Keras takes a twentieth of a short run to build such a model and to save it. The files of all runs
of one compiled network differ in numbers only: so Keras makes one, and a run's file is a copy of it
with the numbers of the run.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import h5py
import numpy as np
from numpy.typing import NDArray

from playground.seeds import layer_seeds
from playground.training.model import ChunkedSequential

_METADATA, _CONFIG, _WEIGHTS = "metadata.json", "config.json", "model.weights.h5"


def keras_file(model: ChunkedSequential) -> bytes:
    """The model as a `.keras` file: pixels 0 to 255 in, probabilities out."""
    if model not in _templates:
        _templates[model] = _Template(model)
    return _templates[model].filled(model)


class _Template:
    """The `.keras` file of one run, without its weights, to be filled with those of others.

    Args:
        model: whose compiled network the runs share.
    """

    def __init__(self, model: ChunkedSequential) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.keras"
            model.plain().save(path)
            with zipfile.ZipFile(path) as file:
                self._metadata = json.loads(file.read(_METADATA))
                self._config = file.read(_CONFIG)
                weights = bytearray(file.read(_WEIGHTS))
        self._arrays: dict[str, tuple[int, np.dtype[Any]]] = {}
        with h5py.File(BytesIO(weights)) as file:
            for name, _ in _arrays(model):
                found = file[name]
                begin = found.id.get_offset()
                self._arrays[name] = begin, found.dtype
                weights[begin : begin + found.nbytes] = bytes(found.nbytes)
        # What is left is zeros for the most part: so it takes next to no memory.
        self._weights = zlib.compress(weights, 1)

    def filled(self, model: ChunkedSequential) -> bytes:
        """The file with the numbers of a model's present run."""
        weights = bytearray(zlib.decompress(self._weights))
        for name, values in _arrays(model):
            begin, dtype = self._arrays[name]
            content = values.astype(dtype).tobytes()
            weights[begin : begin + len(content)] = content
        date = datetime.now().strftime("%Y-%m-%d@%H:%M:%S")
        config = json.loads(self._config)
        _configure(config, model)
        whole = BytesIO()
        with zipfile.ZipFile(whole, "w") as file:
            file.writestr(_METADATA, json.dumps({**self._metadata, "date_saved": date}))
            file.writestr(_CONFIG, json.dumps(config))
            file.writestr(_WEIGHTS, weights)
        return whole.getvalue()


_templates: WeakKeyDictionary[ChunkedSequential, _Template] = WeakKeyDictionary()


def _arrays(model: ChunkedSequential) -> Iterator[tuple[str, NDArray[Any]]]:
    """What differs between the weights' files of two runs: names in the file, and arrays."""
    yield "optimizer/vars/1", np.array(model.config.learning_rate)
    for i, (kernel, bias) in enumerate(model.network().layers):
        number = f"_{i}" if i else ""
        yield f"layers/dense{number}/vars/0", kernel
        yield f"layers/dense{number}/vars/1", bias


def _configure(config: dict[str, Any], model: ChunkedSequential) -> None:
    """Give Keras' description of the model of another run the settings of this one."""
    run = model.config
    # As Keras does: it reads the rate from a float32 variable.
    rate = float(np.float32(run.learning_rate))
    config["compile_config"]["optimizer"]["config"]["learning_rate"] = rate
    seeds = layer_seeds(run.seed, len(run.hidden_layers), dropout=bool(run.dropout))
    dense, dropouts = iter(seeds), iter(seeds)
    for layer in config["config"]["layers"]:
        settings = layer["config"]
        if layer["class_name"] == "Rescaling":
            settings["scale"], settings["offset"] = model.rescaling
        elif layer["class_name"] == "Dense":
            settings["kernel_initializer"]["config"]["seed"] = next(dense).kernel
            if run.l2:
                settings["kernel_regularizer"]["config"]["l2"] = run.l2
        elif layer["class_name"] == "Dropout":
            settings["rate"], settings["seed"] = run.dropout, next(dropouts).dropout
