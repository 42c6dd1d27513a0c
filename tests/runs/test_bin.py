"""The bin: deletes in time, unless taken back, and keeps nobody waiting."""

from __future__ import annotations

from collections.abc import Callable

from playground.runs.bin import Bin
from tests.conftest import eventually

LONG = 1000.0


def test_what_is_taken_back_stays_and_the_rest_is_deleted_at_the_end() -> None:
    deleted: list[str] = []
    thrown = Bin(deleted.append, LONG)
    thrown.put(["a", "b"])
    thrown.put(["c"])
    assert [name in thrown for name in "acd"] == [True, True, False]
    thrown.take_back(["b", "never thrown"])
    assert "b" not in thrown
    assert deleted == []
    thrown.close()
    assert deleted == ["a", "c"]
    assert "a" not in thrown
    thrown.close()
    assert deleted == ["a", "c"]


def test_it_empties_itself_also_after_one_that_cannot_be_deleted() -> None:
    deleted: list[str] = []

    def delete(run_id: str) -> None:
        if run_id == "bad":
            raise OSError("no")
        deleted.append(run_id)

    thrown = Bin(delete, 0.01)
    thrown.put(["bad", "good"])
    eventually(lambda: deleted == ["good"] and "bad" not in thrown and "good" not in thrown)


def test_what_is_thrown_away_again_has_its_whole_time_again() -> None:
    deleted: list[str] = []
    timers: list[Callable[[], None]] = []
    thrown = Bin(deleted.append, LONG)
    thrown.put(["a"])
    timers += [timer.function for timer in thrown._timers]
    thrown.take_back(["a"])
    thrown.put(["a"])
    timers[0]()
    assert deleted == []
    assert "a" in thrown
    thrown.close()
    assert deleted == ["a"]
