"""The routes of slow motion, over HTTP."""

from __future__ import annotations

import base64
import gzip
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from playground.config import RunConfig
from playground.dataset import load_data
from playground.events import Status
from playground.network.by_hand.optimizers import fresh
from playground.network.by_hand.step import walk
from playground.network.checkpoint import Checkpoint
from playground.network.network import Network
from playground.network.portrait import MOST_BYTES
from playground.network.snapshot import Snapshot
from playground.runs.gate import OpenGate, Stamp
from playground.runs.hub import Hub
from playground.ui.network.items import faces
from playground.ui.network.networks import of_run, of_settings
from playground.ui.network.steps import MOST_UPDATES
from tests.conftest import eventually, report, status
from tests.ui.network.test_networks import CONFIG, finished


def floats(text: str) -> Any:
    return np.frombuffer(base64.b64decode(text), "<f4")


def test_a_step_is_answered_with_its_numbers(client: TestClient) -> None:
    answer = client.get("/api/step?hidden_layers=20,4&seed=3&l2=0.01&batches=5,9,2&look=1")
    assert answer.status_code == 200
    message = answer.json()
    config = RunConfig(hidden_layers=(20, 4), seed=3, l2=0.01)
    data, indices = load_data(), [5, 9, 2]
    network = of_settings(config).network
    expected = walk(
        network, data.x_test[indices], data.y_test[indices], loss=config.loss, l2=config.l2
    )
    assert message["loss"] == pytest.approx(expected.loss, abs=1e-6)
    assert message["losses"] == pytest.approx(expected.losses.tolist(), abs=1e-6)
    assert message["loss"] == pytest.approx(np.mean(message["losses"]) + message["penalty"])
    assert [image["index"] for image in message["images"]] == indices
    assert message["item"]["index"] == 9
    first, second, last = message["layers"]
    assert np.allclose(floats(first["delta"]).reshape(3, 16), expected.deltas[0][:, :16])
    assert np.allclose(floats(second["from"]).reshape(16, 4), expected.gradients[1][0][:16])
    assert np.allclose(floats(last["bias"]), expected.gradients[2][1])
    pixels, strongest = first["pixels"], floats(first["strongest"]).reshape(16, 3)
    for neuron in range(16):
        own = expected.gradients[0][0][:, neuron]
        assert np.allclose(own[pixels[neuron]], strongest[neuron])
        assert np.abs(strongest[neuron]).max() == pytest.approx(np.abs(own).max())


def test_a_weight_is_updated_as_by_its_optimizer(client: TestClient) -> None:
    query = "hidden_layers=20&optimizer=sgd&momentum=0.5&learning_rate=0.1&l2=0.01"
    config = RunConfig(
        hidden_layers=(20,), optimizer="sgd", momentum=0.5, learning_rate=0.1, l2=0.01
    )
    data, start = load_data(), of_settings(config).network
    standing = fresh(config, start.layers)
    for batch in ([0, 1], [0, 1], [2]):
        network = Network(start.activation, start.scale, start.offset, standing.layers)
        found = walk(network, data.x_test[batch], data.y_test[batch], loss=config.loss, l2=0.01)
        before, standing = standing, standing.updated(config, 0.1, found.gradients)
    weight = client.get(
        f"/api/step?{query}&batches=0,1;0,1;2&weight=1,7,3&only=weight",
    ).json()
    assert weight.keys() == {"weight"}
    got = weight["weight"]
    assert (got["layer"], got["from"], got["to"]) == (1, 7, 3)
    assert got["value"] == pytest.approx(before.layers[1][0][7, 3], abs=1e-7)
    assert got["after"] == pytest.approx(standing.layers[1][0][7, 3], abs=1e-7)
    assert got["before"] == pytest.approx([before.memory[2][0][7, 3]], abs=1e-7)
    bias = got["bias"]
    assert bias["value"] == pytest.approx(before.layers[1][1][3], abs=1e-7)
    assert bias["after"] == pytest.approx(standing.layers[1][1][3], abs=1e-7)
    assert bias["before"] == pytest.approx([before.memory[3][0][3]], abs=1e-7)
    assert bias["gradient"] == pytest.approx(sum(got["deltas"]), abs=1e-6)
    parts = sum(x * delta for x, delta in zip(got["inputs"], got["deltas"], strict=True))
    assert got["gradient"] == pytest.approx(parts + got["penalty"], abs=1e-6)
    whole = client.get(f"/api/step?{query}&batches=0,1;0,1;2&weight=1,3").json()
    assert whole["updates"] == 2
    assert whole["optimizer"]["number"] == 3
    sizes = np.abs(found.gradients[1][0][:16, 3])
    assert (whole["weight"]["from"], whole["weight"]["to"]) == (int(sizes.argmax()), 3)


def test_a_run_goes_on_from_its_own_optimizer_where_it_stands(client: TestClient, hub: Hub) -> None:
    run = finished(hub)
    network = of_run(hub, run, None).network
    arrays = [array for layer in network.layers for array in layer]
    kept = [np.full(array.shape, 0.25, np.float32) for array in arrays for _ in range(2)]
    optimizer = (np.array(64), np.array(0.001), *kept)
    hub.archive.save_checkpoint(run.id, Checkpoint(2, network.layers, optimizer).to_bytes())
    here = client.get(f"/api/runs/{run.id}/step?epoch=2&batches=4").json()
    assert (here["optimizer"]["remembered"], here["optimizer"]["number"]) == (True, 65)
    assert here["weight"]["before"] == [0.25, 0.25]
    earlier = client.get(f"/api/runs/{run.id}/step?epoch=1&batches=4").json()
    assert (earlier["optimizer"]["remembered"], earlier["optimizer"]["number"]) == (False, 1)
    assert earlier["portrait"]["position"] == 1
    assert earlier["optimizer"]["rate"] == CONFIG.learning_rate


def test_the_optimizer_of_a_run_that_pauses_is_asked_of_its_worker(
    client: TestClient, hub: Hub
) -> None:
    run_id = hub.submit("local", CONFIG)
    hub.dispatcher.on_workers(frozenset({"w"}))
    network = of_settings(CONFIG).network
    none = np.array([], np.uint8)
    hub.archive.save(run_id, {epoch: Snapshot(network, none).to_bytes() for epoch in (0, 1)})
    arrays = [array for layer in network.layers for array in layer]
    optimizer = (np.array(32), np.array(0.001), *(array for array in arrays for _ in range(2)))
    report(hub, run_id, status(Status.RUNNING), status(Status.PAUSED))
    eventually(lambda: hub.run(run_id).status is Status.PAUSED)  # type: ignore[union-attr]

    def found() -> tuple[bool, float]:
        got = client.get(f"/api/runs/{run_id}/step?epoch=1&batches=4").json()["optimizer"]
        return got["remembered"], got["rate"]

    assert found() == (False, 0.001)
    stands = Checkpoint(1, network.layers, optimizer, rate_by_hand=0.5).to_bytes()
    hub._engine.stands = stands  # type: ignore[attr-defined]
    assert found() == (True, 0.5)


@pytest.mark.parametrize(
    "query",
    [
        *("batches=", "batches=10000", "batches=-1", "batches=1;;2", "batches=x"),
        *("batches=" + ",".join("0" * 9), "batches=" + ";".join("0" * (MOST_UPDATES + 2))),
        *("batches=1&look=1", "weight=1", "weight=9,0", "weight=1,128,0", "weight=1,0,10"),
        *("shown=1;2", "shown=128", "loss=hinge", "learning_rate=nan", "batches=" + "0;" * 9_999),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(client: TestClient, query: str) -> None:
    answer = client.get(f"/api/step?{query}")
    assert answer.status_code == 400
    assert answer.text.endswith(".")


def test_what_is_not_there_is_said(client: TestClient, hub: Hub) -> None:
    assert client.get("/api/runs/nothing/step").status_code == 404
    run = finished(hub)
    assert client.get(f"/api/runs/{run.id}/step?epoch=7").status_code == 503


def test_a_large_network_makes_fewer_updates(client: TestClient) -> None:
    query = "hidden_layers=1024,1024,1024,1024,1024"
    assert client.get(f"/api/step?{query}&batches=0").json()["most_updates"] == 3
    assert client.get(f"/api/step?{query}&batches=0;0;0;0;0;0").status_code == 400


def test_no_network_makes_a_large_answer(client: TestClient) -> None:
    query = "hidden_layers=17,17,17,17,17&activation=tanh&batches=10,21,32,43,54,65,76,87"
    content = client.get(f"/api/step?{query}").content
    assert len(content) <= MOST_BYTES
    assert len(gzip.compress(content)) < len(content)


def test_a_network_that_has_diverged_is_answered(client: TestClient) -> None:
    query = "optimizer=sgd&learning_rate=10&scaling=none&loss=mse&batches=" + ";".join("0" * 9)
    message = client.get(f"/api/step?{query}").json()
    assert message["updates"] == 8


def test_of_a_sealed_run_only_the_faces_are_walked_through(hub: Hub, client: TestClient) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(OpenGate, "submission", lambda *_: nullcontext(Stamp(sealed=True)))
        run = finished(hub)
    one, two, *_ = faces().tolist()
    other = next(index for index in range(100) if index not in faces())
    assert client.get(f"/api/runs/{run.id}/step?batches={one};{two},{one}").status_code == 200
    for batches in (f"{other}", f"{one},{other}", f"{other};{one}"):
        for only in ("", "&weight=0,1&only=weight"):
            asked = f"/api/runs/{run.id}/step?batches={batches}{only}"
            assert client.get(asked).status_code == 400
