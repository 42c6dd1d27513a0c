"""Errands: in order, and none ends another."""

from __future__ import annotations

import threading

from playground.runs.dispatch.errands import Errands


def test_errands_are_done_in_order_and_one_that_fails_ends_no_other() -> None:
    done: list[int] = []

    def do(number: int) -> None:
        if number == 1:
            raise RuntimeError("no such thing")
        done.append(number)

    errands = Errands("errands")
    for number in range(4):
        errands.do(do, number)
    errands.start()
    errands.close()
    assert done == [0, 2, 3]


def test_closing_does_not_wait_for_ever() -> None:
    go_on = threading.Event()

    def wait() -> None:
        go_on.wait(30)

    errands = Errands("errands")
    errands.start()
    errands.do(wait)
    errands.close(0.01)
    assert errands._thread.is_alive()
    go_on.set()
    errands.close()


def test_what_never_began_can_be_closed() -> None:
    Errands("errands").close()
