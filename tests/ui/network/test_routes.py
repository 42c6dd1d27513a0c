"""The routes of the living network, over HTTP."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from playground.config import RunConfig
from playground.dataset import load_data
from playground.network.portrait import Watch, order
from playground.runs.hub import Hub
from playground.ui.network.items import read_item, seen
from playground.ui.network.networks import of_run, of_settings
from tests.ui.network.test_networks import finished


def floats(text: str) -> Any:
    return np.frombuffer(base64.b64decode(text), "<f4")


def test_settings_are_answered_with_their_first_weights(client: TestClient) -> None:
    answer = client.get("/api/portrait?hidden_layers=20,4&activation=tanh&seed=3&item=test-5")
    assert answer.status_code == 200
    message = answer.json()
    network = of_settings(RunConfig(hidden_layers=(20, 4), activation="tanh", seed=3)).network
    expected = network.predict(load_data().x_test[5:6])[0]
    probabilities = floats(message["portrait"]["output"]["probabilities"])
    assert np.allclose(probabilities[:10], expected, atol=1e-6)
    assert message["item"]["index"] == 5
    assert message["order"] == [list(range(20)), list(range(4))]
    assert [layer["shown"] for layer in message["portrait"]["layers"]] == [
        list(range(16)),
        list(range(4)),
    ]
    assert len(base64.b64decode(message["pictures"])) == 20 * 784


def test_neurons_that_are_asked_for_are_shown_and_nothing_is_sent_twice(client: TestClient) -> None:
    message = client.get("/api/portrait?hidden_layers=20&shown=19,3").json()
    assert message["portrait"]["layers"][0]["shown"] == [19, 3]
    assert not {"order", "faces", "pictures"} & message.keys()


def test_a_run_shows_first_the_neurons_that_count_most(client: TestClient, hub: Hub) -> None:
    run = finished(hub)
    message = client.get(f"/api/runs/{run.id}/portrait?item=test-2").json()
    network = of_run(hub, run, None).network
    assert message["order"] == [x.tolist() for x in order(network, load_data().x_test[2])]
    assert (message["portrait"]["position"], message["epochs"]) == (2, [0, 1, 2])
    first = client.get(f"/api/runs/{run.id}/portrait?epoch=0&item=test-2")
    assert first.json()["portrait"]["position"] == 0
    assert "max-age" in first.headers["cache-control"]


def test_all_who_look_at_a_run_that_trains_get_what_its_worker_shows(
    client: TestClient, hub: Hub
) -> None:
    run_id = hub.submit("me", RunConfig(hidden_layers=(20,)))

    def live() -> dict[str, Any]:
        message: dict[str, Any] = client.get(f"/api/runs/{run_id}/portrait?item=live").json()
        choice = hub.portraits.choice(run_id)
        assert choice is not None
        assert message["portrait"]["choice"] == choice.key
        assert message["order"] == [list(range(20))]
        assert len(base64.b64decode(message["pictures"])) == 20 * 784
        return message

    assert live()["portrait"]["layers"][0]["shown"] == list(range(16))
    assert live()["item"]["index"] == 0
    data = load_data()
    item = read_item("test-7", of_settings(RunConfig(hidden_layers=(20,))).network)
    hub.portraits.choose("me", run_id, Watch(seen(item), ((3, 17),)))
    message = live()
    assert (message["item"]["index"], message["item"]["label"]) == (7, data.y_test[7])
    assert message["portrait"]["layers"][0]["shown"] == [3, 17]
    drawing = item._replace(pixels=255 - item.pixels)
    hub.portraits.choose("me", run_id, Watch(seen(drawing), ((3, 17),)))
    found = live()["item"]
    assert (found["index"], found["label"]) == (None, None)
    assert base64.b64decode(found["pixels"]) == drawing.pixels.tobytes()
    # It may be another one at any time.
    answer = client.get(f"/api/runs/{run_id}/portrait?item=live&epoch=0")
    assert answer.headers["cache-control"] == "no-store"
    # No settings have a worker.
    assert client.get("/api/portrait?item=live").status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        *("seed=x", "hidden_layers=0", "hidden_layers=8,8,8,8,8,8", "activation=sine"),
        *("item=test-10000", "item=%00", "shown=1,2;3", "shown=128", "shown=-1", "shown=1,,2"),
        "shown=" + ",".join(map(str, range(17))),
        "shown=" + "0;" * 10_000,
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(client: TestClient, query: str) -> None:
    answer = client.get(f"/api/portrait?{query}")
    assert answer.status_code == 400
    assert answer.text.endswith(".")


def test_what_is_not_there_is_said(client: TestClient, hub: Hub) -> None:
    assert client.get("/api/runs/nothing/portrait").status_code == 404
    run = finished(hub)
    assert client.get(f"/api/runs/{run.id}/portrait?epoch=7").status_code == 503
    assert client.get(f"/api/runs/{run.id}/portrait?epoch=-1").status_code == 400
