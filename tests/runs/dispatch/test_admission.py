"""Whose turn it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from playground.config import RunConfig
from playground.events import Status
from playground.runs.dispatch.admission import turn_order
from playground.store.runs import RunInfo

_START = datetime(2026, 1, 1, tzinfo=timezone.utc)


def _run(owner: str, second: int, status: Status = Status.QUEUED) -> RunInfo:
    created = _START + timedelta(seconds=second)
    return RunInfo(f"{owner}{second}", owner, RunConfig(), status, "", created)


def test_of_an_owners_runs_those_of_sweeps_come_last() -> None:
    runs = [replace(_run("a", i), sweep="s" if i < 3 else "") for i in range(5)]
    order = turn_order([*runs, _run("b", 9)], [], {})
    assert [run.id for run in order] == ["a3", "b9", "a4", "a0", "a1", "a2"]


def _turns(queued: str, active: str = "", before: str = "") -> str:
    """Owners by letter, in the order they came; the owners in the order they are admitted."""
    order = turn_order(
        [_run(owner, i) for i, owner in enumerate(queued)],
        [_run(owner, 1_000 + i, Status.RUNNING) for i, owner in enumerate(active)],
        {owner: turn for turn, owner in enumerate(before, 1)},
    )
    return "".join(run.owner for run in order)


def test_first_come_first_served_between_owners() -> None:
    assert _turns("cab") == "cab"


def test_an_owner_of_many_runs_does_not_hold_up_the_others() -> None:
    assert _turns("aaaabc") == "abcaaa"
    assert _turns("aab", active="a") == "baa"
    assert _turns("ab", active="aab") == "ba"


def test_on_a_single_worker_owners_take_turns() -> None:
    assert _turns("aaab", before="a") == "baaa"
    assert _turns("aabbc", before="cab") == "cabab"


def test_nobody_waits_no_order() -> None:
    assert _turns("", active="ab") == ""


@given(st.text("abc", max_size=12), st.text("abc", max_size=4))
def test_everyone_once_own_runs_in_order_and_shares_level(queued: str, active: str) -> None:
    runs = [_run(owner, i) for i, owner in enumerate(queued)]
    order = turn_order(runs, [_run(o, 99, Status.PAUSED) for o in active], {})
    assert Counter(run.id for run in order) == Counter(run.id for run in runs)
    share, waiting = Counter(active), list(runs)
    for run in order:
        assert share[run.owner] == min(share[other.owner] for other in waiting)
        assert run == next(w for w in waiting if w.owner == run.owner)
        share[run.owner] += 1
        waiting.remove(run)
