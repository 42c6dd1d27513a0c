"""Runs of another version, from the store to the page: there to be read, and never trained."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from playground.config import RunConfig
from playground.events import Command, Event, Status, StatusChange
from playground.runs import service
from playground.runs.hub import Hub
from playground.store.runs import RunInfo, Store
from tests.conftest import FakeCluster, eventually, status


def _script() -> None:
    from playground.ui.pages import train

    train.page()


def test_a_run_of_another_version_is_read_and_not_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    for run_id in ("theirs", "ours"):
        store.add_run(
            RunInfo(run_id, "me", RunConfig(seed=3), Status.QUEUED, "", datetime.now(timezone.utc))
        )
        store.append([Event(run_id, 1, status(Status.QUEUED))])
    changed = '{"seed": 3, "unheard_of": 1}'
    with store.engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE runs SET config = :config WHERE id = 'theirs'"), {"config": changed}
        )
    cluster = FakeCluster()
    hub = Hub(store, cluster)
    hub.start()
    service.use(hub)
    monkeypatch.setattr("playground.ui.pages.train.current_owner", lambda: "me")
    hub.dispatcher.on_workers(frozenset({"one", "two"}))
    eventually(lambda: cluster.submitted)
    hub.command("me", "theirs", Command("stop"))
    assert [run_id for run_id, _, _ in cluster.submitted] == ["ours"]

    last = hub.subscribe("theirs", 0, lambda event: None)[-1]
    assert isinstance(last.data, StatusChange)
    assert last.data.status.ended
    assert "another version" in last.data.reason

    app = AppTest.from_function(_script, default_timeout=30)
    app.query_params["run"] = "theirs"
    app.run()
    assert not app.exception
    assert any("unheard" in info.value for info in app.info)
    assert any("made by another version" in label for label in app.selectbox[-1].options)

    hub.close()
    service.use(None)
    opened = sa.create_engine(f"sqlite:///{tmp_path / 'playground.sqlite'}")
    with opened.connect() as connection:
        row = connection.execute(
            sa.text("SELECT config, status FROM runs WHERE id = 'theirs'")
        ).one()
    opened.dispose()
    assert tuple(row) == (changed, "Queued")  # as the other version left it
