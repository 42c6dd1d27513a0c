"""What a page attends to, over HTTP: a view whenever it changes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playground.runs.stream.attend import Attending, nothing
from tests.conftest import run_async


class Board:
    """Something to attend to."""

    def __init__(self, token: str) -> None:
        self.token, self.views, self.wakes = token, [b"1"], list[Callable[[], None]]()

    @contextmanager
    def watch(self, wake: Callable[[], None]) -> Iterator[None]:
        self.wakes.append(wake)
        yield
        self.wakes.remove(wake)

    def new(self) -> bytes | None:
        return self.views.pop(0) if self.views else None

    def show(self, view: bytes) -> None:
        self.views.append(view)
        for wake in self.wakes:
            wake()


def _views(messages: list[bytes]) -> list[tuple[str, object]]:
    found = [json.loads(message.removeprefix(b"data: ")) for message in messages]
    return [(one["class"], one["view"]) for one in found]


def test_a_view_is_sent_when_it_changes_and_not_too_often() -> None:
    board = Board("right")

    async def attend() -> None:
        wake = asyncio.Event()
        attending = Attending(lambda token: board if token == "right" else None, ["right", "wrong"])
        assert attending
        with attending.watch(wake):
            assert _views(list(attending.new(wake))) == [("wrong", None), ("right", 1)]
            assert list(attending.new(wake)) == []
            board.show(b"2")
            await wake.wait()
            wake.clear()
            # Too soon: it comes by itself a little later.
            sent = list(attending.new(wake))
            while not sent:
                await wake.wait()
                wake.clear()
                sent = list(attending.new(wake))
            assert _views(sent) == [("right", 2)]
        assert board.wakes == []

    run_async(attend())


def test_a_wrong_token_alone_is_nothing_to_wait_for() -> None:
    assert not Attending(nothing, ["wrong"])


def test_a_refused_token_is_gone_for_good_and_a_view_of_nothing_is_not() -> None:
    board = Board("right")
    board.views = [b"null"]

    async def attend() -> None:
        attending = Attending(lambda token: board if token == "right" else None, ["right", "wrong"])
        sent = [json.loads(one.removeprefix(b"data: ")) for one in attending.new(asyncio.Event())]
        assert [(one["class"], one.get("gone")) for one in sent] == [
            ("wrong", True),
            ("right", None),
        ]

    run_async(attend())
