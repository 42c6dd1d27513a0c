"""How a run ended, whatever the cluster makes of its task."""

from __future__ import annotations

import asyncio
import concurrent.futures
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from distributed import KilledWorker

from playground.engine import compiled
from playground.engine.outcome import outcome
from playground.engine.protocol import Result
from playground.events import Status


def _outcome(home: Path, answer: Any, status: str = "finished") -> Result | None:
    def result(timeout: float) -> Any:
        if isinstance(answer, BaseException):
            raise answer
        return answer

    return outcome(SimpleNamespace(result=result, status=status, key="train-a"), home)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A compiled network that is whole."""
    file = tmp_path / "compiled" / "machine" / "network.pb"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"\x0a\x01k")
    return file


def test_a_run_that_ended_well_leaves_what_it_learned(tmp_path: Path) -> None:
    result = Result(Status.FINISHED, "", b"m", b"n")
    assert _outcome(tmp_path, result) == result


@pytest.mark.parametrize("answer", [None, {}, {"status": "Finished"}])
def test_an_answer_that_cannot_be_read_fails_the_run(tmp_path: Path, answer: Any) -> None:
    result = _outcome(tmp_path, answer)
    assert result is not None
    assert (result.status, "cannot be read" in result.reason) == (Status.FAILED, True)


@pytest.mark.parametrize(
    "error",
    [
        OSError("the connection broke"),
        TimeoutError(),
        concurrent.futures.CancelledError(),
        asyncio.CancelledError(),
        KeyboardInterrupt(),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("status", ["finished", "cancelled", "lost"])
def test_what_could_not_be_fetched_is_no_end(
    tmp_path: Path, error: BaseException, status: str
) -> None:
    assert _outcome(tmp_path, error, status) is None


def test_only_a_worker_that_ended_is_said_to_have_ended(tmp_path: Path, kept: Path) -> None:
    killed = _outcome(tmp_path, KilledWorker("train-a", None, 0), "error")
    assert killed is not None
    assert killed.status is Status.INTERRUPTED
    assert "worker process that trained this run ended unexpectedly" in killed.reason
    failed = _outcome(tmp_path, ModuleNotFoundError("No module named 'playground'"), "error")
    assert failed == Result(Status.FAILED, "The worker failed: No module named 'playground'")
    assert kept.exists()


def test_a_failed_run_takes_no_network_with_it_that_is_whole(tmp_path: Path, kept: Path) -> None:
    failed = Result(Status.FAILED, "The worker failed: KeyError: 'accuracy'")
    assert _outcome(tmp_path, failed) == failed
    assert kept.exists()
    cut = kept.with_name("cut.pb")
    cut.write_bytes(b"\x0a\x09cut")
    result = _outcome(tmp_path, failed)
    assert result is not None
    assert "compiled network" in result.reason
    assert (kept.exists(), cut.exists()) == (True, False)


def test_a_folder_that_cannot_be_read_ends_the_run_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forget(home: Path, error: str) -> bool:
        raise PermissionError(home)

    monkeypatch.setattr(compiled, "forget_damaged", forget)
    failed = Result(Status.FAILED, "why")
    assert _outcome(tmp_path, failed) == failed
    killed = _outcome(tmp_path, KilledWorker("train-a", None, 0), "error")
    assert killed is not None
    assert killed.status is Status.INTERRUPTED
