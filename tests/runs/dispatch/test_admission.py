"""Whose turn it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from playground.config import RunConfig
from playground.events import Status
from playground.runs.dispatch.admission import exchanged, turn_order
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


_SHAPES = {units: RunConfig(hidden_layers=(units,)).compile_key for units in (1, 2, 3)}


def _of(units: int, owner: str = "a", sweep: str = "") -> RunInfo:
    """A run with a layer of so many units."""
    config = RunConfig(hidden_layers=(units,))
    return replace(_run(owner, units), config=config, sweep=sweep)


def _begun(order: list[RunInfo], free: set[int], *others: int) -> list[int]:
    """The units of the runs that begin, if two may, and workers have networks of these units."""
    has = ({_SHAPES[units] for units in some} for some in (free, others))
    begun = exchanged(order[:2], order, [], *has)
    return [run.config.hidden_layers[0] for run in begun]


def test_within_a_sweep_what_is_compiled_goes_first_then_what_nobody_has() -> None:
    order = [_of(units, sweep="s") for units in (1, 1, 2, 3)]
    assert _begun(order, {1}) == [1, 1]
    assert _begun(order, {3}) == [3, 1]
    assert _begun(order, set()) == [1, 2]
    assert _begun(order, set(), 1) == [2, 3]
    assert _begun(order, set(), 1, 2, 3) == [1, 1]


def test_members_of_a_jigsaw_change_places_and_nobody_else() -> None:
    cells = ["c/1/0", "c/1/1", "c/1/2"]
    members = [_of(units, f"m{units}") for units in (1, 2, 3)]
    jigsaw = [replace(run, classroom=cell) for run, cell in zip(members, cells, strict=True)]
    assert _begun(jigsaw, {3}) == [3, 2]
    for belongs in ("", "c", "c/1"):
        assert _begun([replace(run, classroom=belongs) for run in members], {3}) == [1, 2]
    other = [replace(jigsaw[0], classroom="c/2/0"), *jigsaw[1:]]
    assert _begun(other, {3}) == [1, 3]
    busy = exchanged(jigsaw[:1], jigsaw, [_run("m3", 9, Status.RUNNING)], {_SHAPES[3]}, set())
    assert busy == jigsaw[:1]


def test_nobody_of_a_jigsaw_takes_the_place_of_one_whose_other_run_begins_anyway() -> None:
    cells = [("x", 1), ("y", 2), ("y", 3)]
    order = [
        replace(_of(units, owner), classroom=f"c/1/{units}", id=str(units))
        for owner, units in cells
    ]
    begun = exchanged(order[:2], order, [], {_SHAPES[3]}, set())
    assert [run.owner for run in begun] == ["x", "y"]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from((1, 2, 3)), st.booleans())))
def test_when_runs_change_places_as_many_begin_and_each_owner_as_often(
    wanted: list[tuple[str, int, bool]],
) -> None:
    order = [
        replace(_of(units, owner, sweep=owner if swept else ""), id=str(number))
        for number, (owner, units, swept) in enumerate(wanted)
    ]
    begun = exchanged(order[:3], order, [], {_SHAPES[1]}, {_SHAPES[2]})
    assert len({run.id for run in begun}) == len(order[:3])
    assert Counter(run.owner for run in begun) == Counter(run.owner for run in order[:3])
