"""Which worker is free, and when one is replaced."""

from __future__ import annotations

from playground.runs.dispatch.crew import WORN_AFTER, WORN_AT_LAST, Crew


def _crew(*workers: str, runs: int) -> Crew:
    """A crew whose first worker has trained so many runs."""
    crew = Crew()
    crew.see(frozenset(workers))
    for run in range(runs):
        crew.give(str(run), workers[0])
        crew.release(str(run))
    return crew


def test_a_worker_is_free_unless_it_trains_or_is_gone() -> None:
    crew = _crew("a", "b", runs=0)
    crew.give("run", "a")
    assert (crew.of("run"), crew.free) == ("a", ["b"])
    assert crew.see(frozenset("b")) == ["run"]
    crew.release("run")
    assert crew.free == ["b"]
    crew.see(frozenset("ab"))
    crew.give("other", "b")
    crew.release("other", gone=True)
    assert crew.free == ["a"]


def test_a_worn_worker_is_replaced_while_nobody_waits_and_another_stands_by() -> None:
    assert _crew("a", "b", runs=WORN_AFTER - 1).worn_out(waiting=False) is None
    assert _crew("a", "b", runs=WORN_AFTER).worn_out(waiting=True) is None
    assert _crew("a", runs=WORN_AFTER).worn_out(waiting=False) is None
    assert _crew("a", "b", runs=WORN_AFTER).worn_out(waiting=False) == "a"


def test_at_last_it_is_replaced_in_any_case() -> None:
    assert _crew("a", runs=WORN_AT_LAST - 1).worn_out(waiting=True) is None
    assert _crew("a", runs=WORN_AT_LAST).worn_out(waiting=True) == "a"


def test_one_is_replaced_at_a_time_and_gets_no_run_meanwhile() -> None:
    crew = _crew("a", "b", "c", runs=WORN_AT_LAST)
    for run in range(WORN_AT_LAST):
        crew.give(str(run), "b")
        crew.release(str(run))
    assert crew.worn_out(waiting=False) == "a"
    assert crew.free == ["b", "c"]
    assert crew.worn_out(waiting=False) is None
    crew.see(frozenset("abc"))  # it takes a while to end
    assert crew.free == ["b", "c"]
    crew.see(frozenset("bcd"))
    assert crew.worn_out(waiting=False) == "b"


def test_one_that_could_not_be_replaced_goes_on() -> None:
    crew = _crew("a", runs=WORN_AT_LAST)
    assert crew.worn_out(waiting=False) == "a"
    assert crew.free == []
    crew.retain("a")
    assert crew.free == ["a"]
    assert crew.worn_out(waiting=True) is None
