"""Views of those who follow: made seldom, for them alone, and not by those who send them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from playground.classroom.live.broadcast import SECONDS_BETWEEN, SECONDS_CALM, Broadcast


class Stage:
    """What happens, one step at a time."""

    def __init__(self) -> None:
        self.now, self.made, self.text = 100.0, list[tuple[str, list[str]]](), b"1"
        self.broadcast = Broadcast(self.make, lambda: self.now)

    def make(self, class_id: str, audiences: Collection[str]) -> Iterator[tuple[str, bytes]]:
        self.made.append((class_id, sorted(audiences)))
        for audience in audiences:
            yield audience, self.text


def test_views_are_made_for_all_at_once_and_seldom() -> None:
    stage = Stage()
    broadcast, woken = stage.broadcast, list[str]()
    with (
        broadcast.follow("c", "a", lambda: woken.append("a")) as a,
        broadcast.follow("c", "b", lambda: woken.append("b")) as b,
    ):
        assert (a(), b()) == (None, None)
        assert broadcast.turn() == 0
        assert stage.made == [("c", ["a", "b"])]
        assert (a(), b(), sorted(woken)) == (b"1", b"1", ["a", "b"])
        assert broadcast.turn() is None
        for _ in range(100):
            broadcast.mark("c", "a")
        broadcast.mark("c", "nobody")
        assert broadcast.turn() == SECONDS_BETWEEN
        stage.now += SECONDS_BETWEEN
        assert broadcast.turn() == 0
        assert stage.made[1:] == [("c", ["a"])]


def test_what_others_have_done_is_told_once_in_a_while() -> None:
    stage = Stage()
    broadcast = stage.broadcast
    with (
        broadcast.follow("c", "a", lambda: None),
        broadcast.follow("c", "b", lambda: None),
        broadcast.follow("d", "a", lambda: None),
    ):
        broadcast.turn()
        broadcast.turn()
        stage.made.clear()
        for _ in range(8):  # in 2 seconds
            broadcast.mark("c", "a")
            broadcast.mark_all("c")
            stage.now += SECONDS_BETWEEN
            broadcast.turn()
        assert stage.made.count(("c", ["a"])) == 6
        assert stage.made.count(("c", ["a", "b"])) == 2
        assert len(stage.made) == 8
        broadcast.mark_all("c")
        assert broadcast.turn() == SECONDS_CALM
    broadcast.mark_all("c")
    assert broadcast.turn() is None


def test_one_class_does_not_wait_for_another() -> None:
    stage = Stage()
    broadcast = stage.broadcast
    with broadcast.follow("c", "a", lambda: None):
        broadcast.turn()
        broadcast.mark("c", "a")
        with broadcast.follow("d", "a", lambda: None):
            assert broadcast.turn() == 0
            assert stage.made[-1] == ("d", ["a"])


def test_what_nobody_follows_is_forgotten() -> None:
    stage = Stage()
    broadcast = stage.broadcast
    with broadcast.follow("c", "a", lambda: None):
        with broadcast.follow("c", "a", lambda: None):
            broadcast.turn()
        assert broadcast.newest("c", "a") == b"1"
    assert broadcast.newest("c", "a") is None
    broadcast.mark("c", "a")
    assert broadcast.turn() is None


def test_who_comes_later_gets_nothing_that_was_made_before() -> None:
    """Their page may show newer things already."""
    stage = Stage()
    broadcast = stage.broadcast
    with broadcast.follow("c", "a", lambda: None):
        broadcast.turn()
        with broadcast.follow("c", "a", lambda: None) as late:
            assert late() is None
            stage.now, stage.text = stage.now + 1, b"2"
            broadcast.turn()
            assert late() == b"2"


def test_what_cannot_be_made_keeps_nothing_from_others() -> None:
    stage = Stage()
    broadcast = stage.broadcast

    def broken(_class: str, _audiences: Collection[str]) -> Iterator[tuple[str, bytes]]:
        raise RuntimeError("broken")

    def deaf() -> None:
        raise RuntimeError("gone")

    broadcast._make = broken
    with (
        broadcast.follow("c", "a", deaf),
        broadcast.follow("c", "a", lambda: None) as hears,
    ):
        assert broadcast.turn() == 0
        broadcast._make = stage.make
        broadcast.mark("c", "a")
        stage.now += 1
        assert broadcast.turn() == 0
        assert hears() == b"1"


def test_its_thread_makes_what_changes_and_ends() -> None:
    stage = Stage()
    stage.broadcast.start()
    stage.broadcast.close()
    assert not stage.broadcast._thread.is_alive()
