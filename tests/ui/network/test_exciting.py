"""What excites a neuron, over HTTP."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from starlette.testclient import TestClient

from playground.config import RunConfig
from playground.dataset import load_data
from playground.network.network import Network
from playground.runs.hub import Hub
from playground.ui.network.items import read_item
from playground.ui.network.networks import of_run, of_settings
from tests.ui.network.test_networks import finished

LASTS = "private, max-age=600"


def expect_the_five_best(network: Network, layer: int, neuron: int, found: object) -> None:
    data = load_data()
    outputs = network.activations(data.x_test)[layer][:, neuron]
    best = np.argsort(-outputs, kind="stable")[:5]
    assert isinstance(found, list)
    assert [one["index"] for one in found] == best.tolist()
    assert [one["label"] for one in found] == data.y_test[best].tolist()
    assert np.allclose([one["value"] for one in found], outputs[best], rtol=1e-5)
    pixels = base64.b64decode(found[0]["pixels"])
    assert pixels == data.x_test[best[0]].tobytes()


def test_of_settings_and_of_a_run_s_epochs(client: TestClient, hub: Hub) -> None:
    config = RunConfig(hidden_layers=(20, 4), seed=3)
    answer = client.get("/api/exciting?hidden_layers=20,4&seed=3&layer=1&neuron=2")
    expect_the_five_best(of_settings(config).network, 1, 2, answer.json())
    run = finished(hub)
    for epoch, query in ((None, ""), (1, "epoch=1&")):
        answer = client.get(f"/api/runs/{run.id}/exciting?{query}layer=0&neuron=0")
        assert answer.headers["cache-control"] == ("no-store" if epoch is None else LASTS)
        expect_the_five_best(of_run(hub, run, epoch).network, 0, 0, answer.json())


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/exciting?hidden_layers=4&layer=0&neuron=4", 400),
        ("/api/exciting?hidden_layers=4&layer=1&neuron=0", 400),
        ("/api/exciting?hidden_layers=4&layer=-1&neuron=0", 400),
        ("/api/exciting?hidden_layers=4", 400),
        ("/api/exciting?hidden_layers=much&layer=0&neuron=0", 400),
        ("/api/runs/nobody/exciting?layer=0&neuron=0", 404),
    ],
)
def test_what_there_is_not_is_refused(
    client: TestClient, hub: Hub, address: str, status: int
) -> None:
    assert client.get(address).status_code == status


def test_the_hardest_items_come_in_order() -> None:
    data = load_data()
    network = of_settings(RunConfig(hidden_layers=(8,), seed=5)).network
    given = network.predict(data.x_test)[np.arange(len(data.y_test)), data.y_test]
    order = np.argsort(given, kind="stable")
    assert [read_item(f"hardest-{k}", network).number for k in range(3)] == order[:3].tolist()
