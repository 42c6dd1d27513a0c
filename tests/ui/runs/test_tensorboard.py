"""Logs of runs, read by the real TensorBoard."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from playground.events import Evaluation, EventData
from playground.ui.runs.tensorboard import logs_of
from tests.conftest import Place, epoch_end, progress, report


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """An empty folder."""
    folder = tmp_path / "logs"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def _without_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    """TensorBoard reads with its own code where there is this module."""
    monkeypatch.setitem(sys.modules, "tensorboard.compat.notf", ModuleType("notf"))


def unzipped(place: Place, names: dict[str, str], folder: Path, *, test: bool = False) -> list[str]:
    """Unzip the logs of runs; returns the folders of the runs."""
    runs = [run for run_id in names if (run := place.hub.run(run_id))]
    with zipfile.ZipFile(io.BytesIO(logs_of(place.hub, runs, names, test=test))) as archive:
        archive.extractall(folder)
    return sorted(path.name for path in folder.iterdir())


def scalars(folder: Path) -> dict[str, list[tuple[float, int, Any]]]:
    """What TensorBoard reads there: wall time, step and value of each tag."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    read = EventAccumulator(str(folder), size_guidance={"scalars": 0}).Reload()
    return {
        tag: [(e.wall_time, e.step, pytest.approx(e.value)) for e in read.Scalars(tag)]
        for tag in read.Tags()["scalars"]
    }


def trained(place: Place, *happened: EventData, **settings: Any) -> str:
    run_id = place.run(**settings)
    place.tell(lambda: report(place.hub, run_id, *happened))
    return run_id


def test_tensorboard_reads_every_epoch_with_keras_tags(place: Place, logs: Path) -> None:
    run_id = trained(
        place,
        progress(0.5, step_epochs=(0.1, 0.5), step_losses=(2.5, 0.75), steps=10, time=99.0),
        epoch_end(1, loss=0.5, val_accuracy=0.25, learning_rate=0.01, time=100.5),
        epoch_end(2, loss=0.125, val_accuracy=0.75, learning_rate=0.005, time=200.5),
        Evaluation(accuracy=0.5, loss=1.0, confusion=[[0] * 10] * 10, time=201.0),
    )
    [folder] = unzipped(place, {run_id: "mine"}, logs)
    train = scalars(logs / folder / "train")
    assert train["epoch_loss"] == [(100.5, 0, 0.5), (200.5, 1, 0.125)]
    assert train["epoch_accuracy"] == [(100.5, 0, 0.8), (200.5, 1, 0.8)]
    assert train["epoch_learning_rate"] == [(100.5, 0, 0.01), (200.5, 1, 0.005)]
    assert train["batch_loss"] == [(99.0, 1, 2.5), (99.0, 5, 0.75)]
    assert scalars(logs / folder / "validation") == {
        "epoch_loss": [(100.5, 0, 0.6), (200.5, 1, 0.6)],
        "epoch_accuracy": [(100.5, 0, 0.25), (200.5, 1, 0.75)],
    }
    assert not (logs / folder / "test").exists()
    judged = logs / "judged"
    [folder] = unzipped(place, {run_id: "mine"}, judged, test=True)
    assert scalars(judged / folder / "test") == {
        "epoch_loss": [(201.0, 1, 1.0)],
        "epoch_accuracy": [(201.0, 1, 0.5)],
    }


def test_tensorboard_reads_the_settings(place: Place, logs: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

    run_id = trained(place, hidden_layers=(64, 32), learning_rate=0.05)
    [folder] = unzipped(place, {run_id: "mine"}, logs)
    read = EventAccumulator(str(logs / folder)).Reload()
    [content] = read.PluginTagToContent("hparams").values()
    told = HParamsPluginData.FromString(content).session_start_info.hparams
    assert told["hidden_layers"].string_value == "64-32"
    assert told["learning_rate"].number_value == 0.05
    assert told["early_stop"].bool_value
    run = place.hub.run(run_id)
    assert run is not None
    assert set(told) == set(type(run.config).model_fields)


def test_each_run_has_a_folder_that_every_file_system_takes(place: Place, logs: Path) -> None:
    names = ["the same", "the same", "../../etc: 넓은 망 / C,ON?.", "…", "long " * 100]
    folders = unzipped(place, {trained(place): name for name in names}, logs)
    assert folders == [
        "etc-넓은-망-CON-3",
        "-".join(["long"] * 12) + "-5",
        "run-4",
        "the-same-1",
        "the-same-2",
    ]


def test_numbers_of_a_version_without_times_come_in_order(place: Place, logs: Path) -> None:
    run_id = trained(place, epoch_end(1), epoch_end(2, time=4e9), epoch_end(3))
    run = place.hub.run(run_id)
    assert run is not None
    [folder] = unzipped(place, {run_id: "old"}, logs)
    times = [time for time, _, _ in scalars(logs / folder / "train")["epoch_loss"]]
    assert times == [run.created.timestamp(), 4e9, 4e9]
