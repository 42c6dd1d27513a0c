"""A run that a crash has broken off goes on, and is what it would have been without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from playground.events import EpochEnd, data_of
from playground.network.network import Network
from playground.store.runs import RunInfo, Store
from tests.conftest import eventually
from tests.e2e import server as app
from tests.e2e.server import SOON, TRAINED, Server, button, status, traces, train, wait_for_epoch

# Some seconds on one core, with dropout: its random numbers go on, too.
SETTINGS = "epochs=5&early_stop=false&hidden_layers=8&dropout=0.1&train_images=60000&batch_size=16"


@pytest.fixture
def single(tmp_path: Path) -> Iterator[Server]:
    running = app.Server(tmp_path / "home", workers=1)
    yield running
    running.stop()


def test_after_a_crash_a_run_goes_on_to_what_it_would_have_been(page: Page, single: Server) -> None:
    train(page, single, SETTINGS)
    wait_for_epoch(page, 1)
    # Otherwise the run goes on from its start, which shows nothing.
    eventually(lambda: list(single.home.rglob("checkpoint-*.npz")), SOON / 1000)
    single.kill()
    single.start()
    page.goto(page.url)
    expect(status(page)).to_contain_text("Interrupted", timeout=3 * SOON)
    expect(status(page)).to_contain_text("Press Go on")
    expect(button(page, "Stop")).to_have_count(0)
    button(page, "Go on").click()
    expect(page.get_by_text("Goes on from")).to_be_visible(timeout=SOON)
    expect(status(page)).to_contain_text("Finished", timeout=TRAINED)
    names = ("Training", "Validation")
    curves = [trace["x"] for trace in traces(page, "loss") if trace["name"] in names]
    assert curves == [list(range(1, 6))] * 2  # those before the crash, too
    # One without a break.
    train(page, single, SETTINGS)
    expect(status(page)).to_contain_text("Finished", timeout=TRAINED)
    single.stop()

    store = Store(single.home)
    broken_off, gone_on, unbroken = store.runs()
    assert (gone_on.parent, unbroken.parent) == (broken_off.id, None)
    assert 1 <= gone_on.parent_epoch < 5
    assert _history(store, gone_on) == _history(store, unbroken)
    for one, other in zip(_weights(store, gone_on), _weights(store, unbroken), strict=True):
        np.testing.assert_array_equal(one, other)
    store.close()


def _history(store: Store, run: RunInfo) -> list[Any]:
    epochs = data_of(store.events(run.id), EpochEnd)
    return [epoch.model_dump(exclude={"seconds", "time"}) for epoch in epochs]


def _weights(store: Store, run: RunInfo) -> list[Any]:
    content = store.artefact(run.id, "network.npz")
    assert content is not None
    return [array for layer in Network.from_bytes(content).layers for array in layer]
