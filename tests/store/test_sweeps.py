"""Sweeps are kept as they are, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from playground.store.runs import Store
from playground.store.sweeps import SweepRow, SweepStore
from tests.store.test_runs import _run

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
ROW = SweepRow("a", "me · Ω", {"axes": [1, "full", 0.1], "seeds": [1]}, "going", NOW, NOW)


def test_what_was_written_is_read_the_oldest_first(store: Store) -> None:
    sweeps = SweepStore(store.engine)
    older = replace(ROW, id="b", created=NOW - timedelta(hours=1))
    for row in (ROW, older):
        sweeps.add(row)
    assert sweeps.all() == [older, ROW]
    later = NOW + timedelta(minutes=5)
    sweeps.set_state("a", "paused", later)
    assert sweeps.all()[1] == replace(ROW, state="paused", since=later)
    sweeps.delete("b")
    assert [row.id for row in sweeps.all()] == ["a"]


def test_a_run_keeps_which_page_of_learn_has_started_it(store: Store) -> None:
    store.add_run(replace(_run("one"), lesson="batch"))
    store.add_run(_run("two"))
    assert [run.lesson for run in store.runs()] == ["batch", ""]


def test_a_run_keeps_which_sweep_it_belongs_to(store: Store) -> None:
    store.add_run(replace(_run("one"), sweep="a"))
    store.add_run(_run("two"))
    assert [run.sweep for run in store.runs()] == ["a", ""]
