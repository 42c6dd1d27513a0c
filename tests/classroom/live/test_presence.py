"""Who is here, and who is told."""

from __future__ import annotations

from playground.classroom.live.presence import Live


def test_only_those_are_told_whom_it_concerns() -> None:
    live, told = Live(), list[str]()
    with (
        live.attend("c", "member-1", lambda: told.append("one")),
        live.attend("c", "teacher", lambda: told.append("teacher")),
        live.attend("other", "member-1", lambda: told.append("elsewhere")),
    ):
        told.clear()
        live.touch("c", ("teacher",))
        assert told == ["teacher"]
        told.clear()
        live.touch("c")
        assert sorted(told) == ["one", "teacher"]
    told.clear()
    live.touch("c")
    assert told == []


def test_one_who_does_not_hear_keeps_nothing_from_others() -> None:
    live, told = Live(), list[str]()

    def broken() -> None:
        raise RuntimeError("gone")

    with live.attend("c", "member-1", broken), live.attend("c", "x", lambda: told.append("x")):
        told.clear()
        live.touch("c")
    assert "x" in told


def test_a_screen_is_known_by_its_page_and_by_whether_it_listens() -> None:
    live = Live()
    assert live.presence("c")("member-1").page is None
    live.saw("c", "member-1", "draw")
    since = live.presence("c")("member-1").since
    live.saw("c", "member-1", "draw")
    seen = live.presence("c")("member-1")
    assert (seen.here, seen.page, seen.since) == (False, "draw", since)
    with live.attend("c", "member-1", lambda: None):
        assert live.presence("c")("member-1").here
    live.forget("c")
    assert live.presence("c")("member-1").page is None


def test_every_change_has_another_revision() -> None:
    live = Live()
    seen = {live.revision("c")}
    live.saw("c", "member-1", "")
    seen.add(live.revision("c"))
    live.touch("c", ())
    seen.add(live.revision("c"))
    assert len(seen) == 3


def test_one_wake_may_listen_for_two_audiences() -> None:
    live, told = Live(), list[str]()

    def wake() -> None:
        told.append("both")

    with live.attend("c", "teacher", wake):
        with live.attend("c", "screen", wake):
            for audience in ("teacher", "screen"):
                told.clear()
                live.touch("c", (audience,))
                assert told == ["both"]
        told.clear()
        live.touch("c", ("teacher",))
        live.touch("c", ("screen",))
        assert told == ["both"]
