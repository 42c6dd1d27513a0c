"""Databases of every earlier version open, and lose nothing; those of a newer one are refused."""

from __future__ import annotations

import hashlib
import logging
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from playground.drawing.sketches import NewSketch
from playground.events import Progress, Status, data_of
from playground.store import migrations, sketchbook, sweeps
from playground.store import runs as store
from playground.store.runs import Store, StoreError
from playground.store.sketchbook import Sketchbook
from playground.store.summaries import Summary
from tests.conftest import empty, postgres_url

# A database as version 1 left it: four runs with their events and nine drawings, of two browsers
# and a login.
OLD = Path(__file__).parents[1] / "fixtures" / "version1.sqlite"
_FIRST = hashlib.sha256(b"first-browsers-token").hexdigest()

Open = Callable[[], Store]


def _rows(table: str) -> list[dict[str, Any]]:
    with sqlite3.connect(OLD) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]


def _old_postgres(url: str) -> None:
    """The fixture's rows in the tables of the first form."""
    engine = sa.create_engine(url)
    empty(engine)
    with engine.begin() as connection:
        migrations._first_form(connection)
        for name in ("runs", "events", "sketches", "sketchbook_owner"):
            rows = _rows(name)
            names = ", ".join(rows[0])
            values = ", ".join(f":{column}" for column in rows[0])
            connection.execute(sa.text(f"INSERT INTO {name} ({names}) VALUES ({values})"), rows)
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def open_old(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Opens the fixture with today's version, as often as it is called."""
    url = postgres_url() if request.param == "postgresql" else None
    if url:
        _old_postgres(url)
    else:
        shutil.copy(OLD, tmp_path / "playground.sqlite")
    return lambda: Store(tmp_path, url)


def test_an_old_database_opens_with_every_run_event_and_drawing(open_old: Open) -> None:
    for _ in range(2):  # the second time there is nothing left to do
        opened = open_old()
        runs = opened.runs()
        # In the order of submission as far as it is known, and numbered.
        assert [(run.id, run.number) for run in runs] == [
            ("dead00000004", 1),
            ("c0ffee000001", 2),
            ("a11ce0000002", 3),
            ("b0b000000003", 4),
        ]
        assert [run.status for run in runs] == [
            *(Status.QUEUED, Status.FINISHED, Status.RUNNING, Status.QUEUED)
        ]
        assert runs[1].reason == "All epochs done – „so“ it 'ends'."
        assert runs[3].config.twins == 1.0
        for name in ("runs", "events", "sketches"):
            with opened.engine.connect() as connection:
                count = sa.select(sa.func.count()).select_from(sa.table(name))
                assert connection.scalar(count) == len(_rows(name))
        assert len(opened.events("c0ffee000001")) == 8
        (progress,) = data_of(opened.events("c0ffee000001"), Progress)
        assert progress.loss == 1e-300
        assert len(Sketchbook(opened.engine).sketches()) == 9
        opened.close()


def test_no_name_of_a_browser_stands_in_the_database_and_it_still_owns_its_own(
    open_old: Open, tmp_path: Path
) -> None:
    opened = open_old()
    owners = [run.owner for run in opened.runs()]
    assert owners[:2] == [f"browser:{_FIRST}"] * 2
    assert owners[3] == "user:ada@example.org"
    book = Sketchbook(opened.engine)
    second = f"browser:{hashlib.sha256(b'second-browsers-token').hexdigest()}"
    assert book.owner() == second
    assert {sketch.owner for sketch in book.sketches()} == {second, "user:ada@example.org"}
    opened.close()
    for path in tmp_path.glob("playground.sqlite*"):
        assert b"-browsers-token" not in path.read_bytes()


def test_the_newest_numbers_of_an_old_run_are_what_its_events_say(open_old: Open) -> None:
    opened = open_old()
    for run in opened.runs():
        summary = Summary()
        for event in opened.events(run.id):
            summary = summary.after(event.data)
        assert run.summary == summary
        assert (run.name, run.note, run.starred) == ("", "", False)
        assert (run.parent, run.parent_epoch) == (None, 0)
    assert opened.runs()[1].summary.epochs > 0
    opened.close()


def test_numbers_of_old_events_that_cannot_be_read_are_left_out() -> None:
    bad = ['{"epoch": 1', '{"epoch": 1, "accuracy": NaN, "val_accuracy": 1, "seconds": 1}', "[]"]
    assert migrations._summary([("epoch", text) for text in bad]) == {}


def test_an_old_drawing_stays_on_its_side(open_old: Open) -> None:
    opened = open_old()
    with opened.engine.connect() as connection:
        sides = connection.execute(sa.text("SELECT id, side FROM sketches")).all()
    opened.close()
    assert {side for _, side in sides} == {"train", "test"}
    for sketch_id, side in sides:
        assert side == ("train" if int(sketch_id[-1], 16) % 2 else "test")


def test_what_owners_draw_from_now_on_is_where_most_of_their_drawings_are(open_old: Open) -> None:
    opened = open_old()
    book = Sketchbook(opened.engine)
    for owner in {sketch.owner for sketch in book.sketches()}:
        before = Counter(sketch.side for sketch in book.sketches(owner=owner))
        book.add(owner, [NewSketch(0, np.full((28, 28), len(owner), np.uint8))])
        added = Counter(sketch.side for sketch in book.sketches(owner=owner)) - before
        assert before[next(iter(added))] * 2 >= before.total()
    opened.close()


def test_it_says_what_it_did_and_keeps_the_file_as_it_was(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copy(OLD, tmp_path / "playground.sqlite")
    with caplog.at_level(logging.INFO):
        Store(tmp_path).close()
    (kept,) = tmp_path.glob("playground.form1.*.sqlite")
    assert f"from form 1 to form {len(migrations._STEPS)}" in caplog.text
    assert str(kept) in caplog.text
    assert kept.stat().st_mode & 0o077 == 0
    with sqlite3.connect(kept) as connection:
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (13,)
    caplog.clear()
    Store(tmp_path).close()
    assert len(list(tmp_path.glob("playground.form*"))) == 1
    assert caplog.text == ""


def test_a_database_older_than_the_sketchbook_opens(tmp_path: Path) -> None:
    shutil.copy(OLD, tmp_path / "playground.sqlite")
    with sqlite3.connect(tmp_path / "playground.sqlite") as connection:
        connection.execute("DROP TABLE sketches")
        connection.execute("DROP TABLE sketchbook_owner")
    opened = Store(tmp_path)
    assert len(opened.runs()) == 4
    assert Sketchbook(opened.engine).sketches() == []
    opened.close()


def test_a_newer_database_is_refused_in_words_and_left_as_it_is(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE schema_version SET version = 99"))
    url = store.engine.url.render_as_string(hide_password=False)
    with pytest.raises(StoreError, match=r"newer version .* number 99"):
        Store(store._folder, url)
    with store.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT version FROM schema_version")) == 99


def test_a_step_that_fails_leaves_the_database_as_it_was(
    open_old: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(connection: sa.Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE nonsense (x INTEGER)")
        connection.exec_driver_sql("no SQL at all")

    steps = migrations._STEPS
    monkeypatch.setattr(migrations, "_STEPS", (*steps, broken))
    with pytest.raises(StoreError, match="again"):
        open_old()
    monkeypatch.setattr(migrations, "_STEPS", steps)
    opened = open_old()
    assert len(opened.runs()) == 4
    assert not sa.inspect(opened.engine).has_table("nonsense")
    opened.close()


def test_the_steps_end_with_the_tables_that_the_store_speaks_of(store: Store) -> None:
    inspector = sa.inspect(store.engine)
    tables = _tables()
    for table in tables:
        found = {column["name"] for column in inspector.get_columns(table.name)}
        assert found == set(table.columns.keys())
    of_classes = {"classes", "class_events"}
    assert set(inspector.get_table_names()) == {t.name for t in tables} | {
        *("schema_version", *of_classes)
    }


def _tables() -> list[sa.Table]:
    rooms = (store, sketchbook, sweeps)
    return [table for room in rooms for table in room._metadata.tables.values()]
