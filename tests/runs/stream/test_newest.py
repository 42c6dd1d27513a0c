from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from playground.network.network import Network
from playground.runs.stream.newest import NewestNetworks
from tests.conftest import NETWORK, eventually


class Source:
    """Gives each fetch a number; a test may hold fetches up."""

    def __init__(self) -> None:
        self.fetched: list[str] = []
        self.go = threading.Event()
        self.go.set()
        self.answer: Network | Exception | None = NETWORK

    def __call__(self, run_id: str) -> Network | None:
        self.fetched.append(run_id)
        assert self.go.wait(10)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer and replace(self.answer, epoch=len(self.fetched))


def test_weights_are_fetched_once_for_a_class() -> None:
    source = Source()
    newest = NewestNetworks(source, seconds=1_000)
    assert {newest.get("run").epoch for _ in range(30)} == {1}  # type: ignore[union-attr]
    assert source.fetched == ["run"]


def test_those_who_ask_at_once_wait_for_one_fetch() -> None:
    source = Source()
    source.go.clear()
    newest = NewestNetworks(source, seconds=0)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(newest.get, "run") for _ in range(8)]
        eventually(lambda: source.fetched)
        source.go.set()
    networks = {id(each.result()) for each in asked}
    assert len(networks) == len(source.fetched)


def test_while_one_fetches_the_others_go_on_with_the_network_before() -> None:
    source = Source()
    newest = NewestNetworks(source, seconds=0)
    before = newest.get("run")
    source.go.clear()
    with ThreadPoolExecutor(1) as pool:
        fetching = pool.submit(newest.get, "run")
        eventually(lambda: len(source.fetched) == 2)
        assert newest.get("run") is before
        assert not fetching.done()
        source.go.set()
    assert fetching.result() is not before


def test_old_weights_are_fetched_again_and_stay_when_there_are_none() -> None:
    source = Source()
    newest = NewestNetworks(source, seconds=0)
    newest.get("run")
    second = newest.get("run")
    assert second is not None
    assert second.epoch == 2
    source.answer = None
    assert newest.get("run") is second


def test_no_weights_yet_are_asked_for_again() -> None:
    source = Source()
    source.answer = None
    newest = NewestNetworks(source, seconds=1_000)
    assert newest.get("run") is None
    source.answer = NETWORK
    assert newest.get("run") is not None


def test_a_fetch_that_fails_says_so_to_all_and_the_next_tries_again() -> None:
    source = Source()
    source.answer = ValueError("damaged")
    source.go.clear()
    newest = NewestNetworks(source)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(newest.get, "run") for _ in range(4)]
        eventually(lambda: source.fetched)
        source.go.set()
    for each in asked:
        with pytest.raises(ValueError, match="damaged"):
            each.result()
    source.answer = NETWORK
    assert newest.get("run") is not None


def test_few_runs_are_held() -> None:
    source = Source()
    newest = NewestNetworks(source, seconds=1_000, most=2)
    for run in ("a", "b", "a", "c", "a", "b"):
        newest.get(run)
    assert source.fetched == ["a", "b", "c", "b"]
