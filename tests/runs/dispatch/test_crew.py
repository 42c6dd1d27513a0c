"""Which worker is free, and when one is replaced."""

from __future__ import annotations

from playground.config import RunConfig
from playground.engine.protocol import Compiled
from playground.runs.dispatch.crew import WORN_AFTER, WORN_AT_LAST, Crew, usual

DEFAULT = RunConfig().compile_key


def _crew(*workers: str, compiled: int = 0) -> Crew:
    """A crew whose first worker has compiled so many networks."""
    crew = Crew()
    crew.see(frozenset(workers))
    _train(crew, workers[0], compiled)
    return crew


def _train(crew: Crew, worker: str, compiled: int, *kept: str) -> None:
    """Let a worker train a run, after which it says what it has compiled."""
    crew.give("run", worker, "key")
    crew.learn("run", Compiled(compiled, frozenset(kept)))
    crew.release("run")


def test_a_worker_is_free_unless_it_trains_or_is_gone() -> None:
    crew = _crew("a", "b", compiled=0)
    crew.give("run", "a", "key")
    assert (crew.of("run"), crew.free) == ("a", ["b"])
    assert crew.see(frozenset("b")) == ["run"]
    crew.release("run")
    assert crew.free == ["b"]
    crew.see(frozenset("ab"))
    crew.give("other", "b", "key")
    crew.release("other", gone=True)
    assert crew.free == ["a"]


def test_a_worn_worker_is_replaced_while_nobody_waits_and_another_stands_by() -> None:
    assert _crew("a", "b", compiled=WORN_AFTER - 1).worn_out(waiting=False) is None
    assert _crew("a", "b", compiled=WORN_AFTER).worn_out(waiting=True) is None
    assert _crew("a", compiled=WORN_AFTER).worn_out(waiting=False) is None
    assert _crew("a", "b", compiled=WORN_AFTER).worn_out(waiting=False) == "a"


def test_at_last_it_is_replaced_in_any_case() -> None:
    assert _crew("a", compiled=WORN_AT_LAST - 1).worn_out(waiting=True) is None
    assert _crew("a", compiled=WORN_AT_LAST).worn_out(waiting=True) == "a"


def test_one_is_replaced_at_a_time_and_gets_no_run_meanwhile() -> None:
    crew = _crew("a", "b", "c", compiled=WORN_AT_LAST)
    _train(crew, "b", WORN_AT_LAST)
    assert crew.worn_out(waiting=False) == "a"
    assert crew.free == ["b", "c"]
    assert crew.worn_out(waiting=False) is None
    crew.see(frozenset("abc"))  # it takes a while to end
    assert crew.free == ["b", "c"]
    crew.see(frozenset("bcd"))
    assert crew.worn_out(waiting=False) == "b"


def test_one_that_could_not_be_replaced_goes_on() -> None:
    crew = _crew("a", compiled=WORN_AT_LAST)
    assert crew.worn_out(waiting=False) == "a"
    assert crew.free == []
    crew.retain("a")
    assert crew.free == ["a"]
    assert crew.worn_out(waiting=True) is None


def test_runs_do_not_wear_a_worker_out_that_compiles_nothing() -> None:
    crew = _crew("a", "b")
    for _ in range(10 * WORN_AT_LAST):
        _train(crew, "a", 1)
        assert crew.worn_out(waiting=False) is None


def test_a_run_whose_worker_does_not_say_counts_as_one_compiled() -> None:
    crew = _crew("a", compiled=WORN_AT_LAST - 1)
    crew.give("run", "a", "key")
    crew.learn("run", None)
    crew.release("run")
    assert crew.worn_out(waiting=True) == "a"


def test_one_that_could_not_be_replaced_is_worn_out_again_after_as_many() -> None:
    crew = _crew("a", compiled=WORN_AT_LAST)
    crew.worn_out(waiting=False)
    crew.retain("a")
    _train(crew, "a", 2 * WORN_AT_LAST - 1)
    assert crew.worn_out(waiting=False) is None
    _train(crew, "a", 2 * WORN_AT_LAST)
    assert crew.worn_out(waiting=False) == "a"


def test_a_run_goes_to_the_free_worker_that_has_its_network() -> None:
    crew = _crew("a", "b", "c")
    _train(crew, "b", 2, "x", "y")
    assert crew.choose(["x"]) == ["b"]
    assert crew.choose(["x", "y"]) == ["b", "a"]
    assert crew.choose(["other", "x"]) == ["a", "b"]
    crew.give("run", "b", "key")
    assert crew.choose(["x"]) == ["a"]  # it does not wait


def test_a_network_is_with_its_worker_from_the_moment_that_it_begins() -> None:
    crew = _crew("a", "b", "c")
    _train(crew, "b", 1, "x")
    crew.give("run", "a", "y")
    default = RunConfig().compile_key
    assert crew.at_hand == {"x", default}
    assert crew.elsewhere == {"y"}


def test_a_new_network_goes_to_the_worker_that_has_compiled_least() -> None:
    crew = _crew("a", "b", compiled=2)
    assert crew.choose(["new"]) == ["b"]


def test_a_worker_begins_with_the_default_network() -> None:
    crew = _crew("a", "b", compiled=2)
    assert crew.choose([DEFAULT]) == ["b"]
    crew.see(frozenset("b"))
    crew.see(frozenset("ab"))  # another process
    _train(crew, "b", 1, "x")
    assert crew.choose([DEFAULT]) == ["a"]


def test_the_networks_that_are_used_most_are_compiled_at_once() -> None:
    default, once = RunConfig(), RunConfig(hidden_layers=(7,))
    wide, deep = RunConfig(hidden_layers=(512,)), RunConfig(hidden_layers=(64, 64))
    drawn = RunConfig(twins=1.0)
    newest = wide.model_copy(update={"learning_rate": 0.02})
    runs = [once, newest, wide, *[default] * 9, *[drawn] * 5, *[deep] * 3, wide, wide]
    assert usual(runs) == (newest, deep)
    assert usual([default, once]) == ()
