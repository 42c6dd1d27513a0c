"""The run store, on SQLite and PostgreSQL, also when database or disk refuse."""

from __future__ import annotations

import json
import math
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from playground.config import RunConfig
from playground.events import EpochEnd, Event, Status, StatusChange
from playground.store.runs import RefusedError, RunInfo, Store, StoreError
from tests.conftest import epoch_end, postgres_url, progress

_START = datetime(2026, 1, 1, 12, 30, 15, 123456, tzinfo=timezone.utc)


def _run(name: str = "a", after: int = 0) -> RunInfo:
    config = RunConfig(hidden_layers=(3, 2), learning_rate=1e-5, batch_size="full")
    created = _START + timedelta(seconds=after)
    return RunInfo(name, "me · Ω", config, Status.QUEUED, "", created)


def _status(name: str, seq: int, status: Status, reason: str = "") -> Event:
    return Event(name, seq, StatusChange(status=status, reason=reason))


def _with_loss(loss: float) -> EpochEnd:
    """What no door lets in."""
    return epoch_end().model_copy(update={"loss": loss})


def test_a_run_comes_back_as_it_was_in_the_order_of_submission(store: Store) -> None:
    # The clock may be set back meanwhile.
    child = replace(_run("c", 0), parent="gone", parent_epoch=7)
    runs = [store.add_run(run) for run in (_run("b", 2), _run("a", 1), child)]
    assert [run.number for run in runs] == [1, 2, 3]
    assert store.runs() == runs
    assert replace(runs[0], number=0) == _run("b", 2)


def test_many_who_submit_at_once_get_numbers_of_their_own(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        runs = list(pool.map(store.add_run, [_run(f"run{n}") for n in range(40)]))
    assert sorted(run.number for run in runs) == list(range(1, 41))


def _change(store: Store, table: str, column: str, value: str, run: str = "id") -> None:
    """Write a value as another version might have, or somebody by hand."""
    statement = f"UPDATE {table} SET {column} = :value WHERE {run} = 'a'"
    with store.engine.begin() as connection:
        connection.execute(sa.text(statement), {"value": value})


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("config", '{"epochs": 7, "unheard_of": 1}', "cannot read: unheard_of."),
        ("config", '{"epochs": "many", "seed": 7}', "cannot read: epochs."),
        ("config", '{"epochs": 7, "stop": "perhaps"}', "cannot read: early_stop."),
        ("config", "[1, 2]", "config"),
        ("status", "Resting", "status=Resting"),
    ],
)
def test_a_run_of_another_version_stands_in_the_history(
    store: Store, column: str, value: str, words: str
) -> None:
    for name in ("a", "b"):
        store.add_run(_run(name))
    _change(store, "runs", column, value)
    first, second = store.runs()
    assert (first.id, first.owner) == ("a", "me · Ω")
    assert "another version" in first.foreign
    assert words in first.foreign
    assert first.status.ended  # it can neither wait nor train here
    assert second.foreign == ""
    # What is known of it is shown; what is stored stays as it is.
    if value.startswith('{"epochs": 7'):
        assert first.config == RunConfig(epochs=7)
    with store.engine.connect() as connection:
        stored = connection.scalar(sa.text(f"SELECT {column} FROM runs WHERE id = 'a'"))
    assert str(stored).startswith(value[:3]) or isinstance(stored, (dict, list))


def test_a_run_whose_settings_are_stored_under_former_names_is_like_any_other(
    store: Store,
) -> None:
    store.add_run(_run("a"))
    _change(store, "runs", "config", '{"stop": false, "inside": false, "epochs": 7}')
    [run] = store.runs()
    assert run.config == RunConfig(early_stop=False, keep_snapshots=False, epochs=7)
    assert run.foreign == ""


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [("config", "{broken", "config"), ("created", "the day before", "created")],
)
def test_a_damaged_row_stands_in_the_history(
    tmp_path: Path, column: str, value: str, words: str
) -> None:
    store = Store(tmp_path)  # PostgreSQL itself keeps such values out
    for name in ("a", "b"):
        store.add_run(_run(name))
    _change(store, "runs", column, value)
    first, second = store.runs()
    assert words in first.foreign
    assert (second.id, second.foreign) == ("b", "")
    store.close()


def test_an_event_of_another_version_hides_no_other(store: Store) -> None:
    store.add_run(_run())
    known = [_status("a", 1, Status.PAUSED), Event("a", 2, epoch_end())]
    store.append(known)
    others: list[tuple[str, object]] = [
        ("weather", {"rain": 1}),
        ("status", {"status": "Resting", "reason": ""}),
        ("epoch", {"epoch": "first"}),
        ("status", {"status": "Paused", "reason": "", "since": 1}),
    ]
    with store.engine.begin() as connection:
        for seq, (kind, data) in enumerate(others, 3):
            connection.execute(
                sa.text("INSERT INTO events (run_id, seq, kind, data) VALUES ('a', :s, :k, :d)"),
                {"s": seq, "k": kind, "d": json.dumps(data)},
            )
    assert store.events("a") == [*known, _status("a", 6, Status.PAUSED)]
    _change(store, "events", "data", "[]", "kind = 'epoch' AND run_id")
    assert [event.seq for event in store.events("a")] == [1, 6]
    assert store.last_seqs(["a"]) == {"a": 6}


def test_a_time_in_another_zone_is_the_same_moment(store: Store) -> None:
    store.add_run(_run())
    (run,) = store.runs()
    assert run.created == _START
    assert run.created.utcoffset() == timedelta(0)


def test_events_come_back_in_order_and_set_the_status(store: Store) -> None:
    store.add_run(_run())
    events = [
        _status("a", 1, Status.QUEUED),
        Event("a", 2, progress(loss=1e-300)),
        _status("a", 3, Status.FAILED, "„Because“ – 'so' \"there\""),
    ]
    store.append(events[:2])
    store.append(events[2:])
    assert store.events("a") == events
    assert store.events("a", after=1) == events[1:]
    assert store.events("a", after=3) == []
    assert store.last_seqs(["a", "nobody"]) == {"a": 3, "nobody": 0}
    (run,) = store.runs()
    assert StatusChange(status=run.status, reason=run.reason) == events[2].data


def test_events_are_written_all_or_none(store: Store) -> None:
    store.add_run(_run())
    store.append([_status("a", 1, Status.QUEUED)])
    with pytest.raises(RefusedError):
        store.append([_status("a", 2, Status.FINISHED), Event("a", 3, _with_loss(math.nan))])
    assert store.last_seqs(["a"]) == {"a": 1}
    assert store.runs()[0].status is Status.QUEUED


def test_a_commit_whose_answer_is_lost_is_tried_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost: list[int] = []

    def answer_lost(connection: Any) -> None:
        if not lost:
            lost.append(1)
            connection.connection.commit()
            raise sa.exc.OperationalError("COMMIT", {}, Exception("connection lost"))

    sa.event.listen(store.engine, "commit", answer_lost)
    store.add_run(_run())
    assert [run.id for run in store.runs()] == ["a"]
    lost.clear()
    events = [_status("a", 1, Status.QUEUED), _status("a", 2, Status.FINISHED)]
    with pytest.raises(StoreError):
        store.append(events)
    store.append(events)
    assert store.events("a") == events


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_what_is_no_json_is_refused_and_can_be_set_aside(
    store: Store, bad: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add_run(_run())
    event = Event("a", 1, _with_loss(bad))
    with pytest.raises(RefusedError):
        store.append([event])
    assert store.events("a") == []
    store.set_aside("a", 1, "epoch", event.data.to_json(), "It cannot be written.")
    monkeypatch.setattr("playground.store.runs.MAX_REFUSED_BYTES", 10)
    store.set_aside("a", 1, "epoch", {}, "Too much.")
    (line,) = (store._folder / "refused.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["refused"] == "It cannot be written."


def test_it_is_all_there_after_opening_again(tmp_path: Path) -> None:
    first = Store(tmp_path)
    run = first.add_run(_run())
    first.append([_status("a", 1, Status.QUEUED)])
    first.save_artefact("a", "network.npz", b"123")
    first.close()
    second = Store(tmp_path)
    assert second.runs() == [run]
    assert second.last_seqs(["a"]) == {"a": 1}
    assert second.artefact("a", "network.npz") == b"123"
    second.close()


def test_sqlite_writes_ahead(tmp_path: Path) -> None:
    Store(tmp_path).close()
    connection = sqlite3.connect(tmp_path / "playground.sqlite")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_an_artefact_is_replaced_whole_and_absent_ones_are_none(store: Store) -> None:
    assert store.artefact("a", "model.keras") is None
    store.save_artefact("a", "model.keras", b"first")
    store.save_artefact("a", "model.keras", b"second")
    assert store.artefact("a", "model.keras") == b"second"


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.store.database.BUSY_SECONDS", 0.1)


@pytest.mark.usefixtures("_impatient")
def test_a_locked_database_is_named(tmp_path: Path) -> None:
    store = Store(tmp_path)
    run = store.add_run(_run())
    other = sqlite3.connect(tmp_path / "playground.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked by another program"):
        store.append([_status("a", 1, Status.QUEUED)])
    assert store.runs() == [run]  # reading goes on
    other.execute("ROLLBACK")
    other.close()
    store.append([_status("a", 1, Status.QUEUED)])
    store.close()


@pytest.mark.usefixtures("_impatient")
def test_what_was_to_be_written_does_not_change_the_reason(tmp_path: Path) -> None:
    store = Store(tmp_path)
    other = sqlite3.connect(tmp_path / "playground.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked by another program"):
        store.add_run(replace(_run(), owner="user:fuller@example.org"))
    other.close()
    store.close()


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.add_run(_run())
    # SQLite itself then reports what it reports when the disk is full.
    sa.event.listen(
        store.engine,
        "checkout",
        lambda connection, *_: connection.execute("PRAGMA max_page_count=1"),
    )
    with pytest.raises(StoreError, match="disk of the server is full"):
        store.append([_status("a", 1, Status.FAILED, "x" * 100_000)])
    store.close()


def test_a_full_disk_is_named_for_artefacts_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.token_hex", lambda _: "x")
    store = Store(tmp_path)
    if not Path("/dev/full").exists():
        pytest.skip("this platform has no /dev/full")
    (tmp_path / "artefacts" / "a").mkdir()
    (tmp_path / "artefacts" / "a" / "network.npz.xx.partial").symlink_to("/dev/full")
    with pytest.raises(StoreError, match="disk of the server is full"):
        store.save_artefact("a", "network.npz", b"x" * 100_000)
    store.close()


def test_a_read_only_database_is_named(tmp_path: Path) -> None:
    Store(tmp_path).close()
    store = Store(tmp_path, f"sqlite:///file:{tmp_path}/playground.sqlite?mode=ro&uri=true")
    with pytest.raises(StoreError, match="read-only"):
        store.add_run(_run())
    store.close()


@pytest.mark.skipif(os.getuid() == 0, reason="root may write to read-only folders")
def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="read-only"):
        Store(tmp_path / "store")
    tmp_path.chmod(0o700)


def test_a_folder_that_cannot_be_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="again"):
        Store(tmp_path / "file")


def test_a_database_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "playground.sqlite").write_bytes(b"This is no database at all. " * 100)
    with pytest.raises(StoreError, match="damaged"):
        Store(tmp_path)


def test_a_database_out_of_reach_is_an_error_in_words(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(StoreError, match="again"):
        Store(tmp_path, "postgresql+psycopg://nobody@127.0.0.1:1/none")


def test_a_database_without_an_encoding_keeps_every_letter(tmp_path: Path) -> None:
    url = sa.make_url(postgres_url())
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE IF EXISTS playground_ascii")
        connection.exec_driver_sql(
            "CREATE DATABASE playground_ascii TEMPLATE template0 ENCODING 'SQL_ASCII' "
            "LC_COLLATE 'C' LC_CTYPE 'C'"
        )
    url = url.set(database="playground_ascii")
    for _ in range(2):  # the second time with what is there
        store = Store(tmp_path, url.render_as_string(hide_password=False))
        if not store.runs():
            store.add_run(_run())
            store.append([_status("a", 1, Status.FAILED, "„Because“ 한국어")])
        (run,) = store.runs()
        assert (run.owner, run.reason) == ("me · Ω", "„Because“ 한국어")
        assert run.foreign == ""
        assert store.events("a") == [_status("a", 1, Status.FAILED, "„Because“ 한국어")]
        store.close()
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE playground_ascii")
    engine.dispose()
