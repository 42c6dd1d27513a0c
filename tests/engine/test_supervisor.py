"""What the engine makes of what a cluster says, step by step, without one."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from distributed import TimeoutError as NoAnswer

from playground.config import RunConfig
from playground.engine import compiled, supervisor
from playground.engine.client import Engine
from playground.engine.protocol import Job, Result
from playground.engine.supervisor import Supervisor
from playground.engine.tasks import Message
from playground.events import Command, Status
from tests.conftest import epoch_end
from tests.engine import Heard

CONFIG = RunConfig()


class Task:
    """A future whose end the test decides."""

    def __init__(self) -> None:
        self.status, self.key = "finished", "train"
        self.error: BaseException | None = None
        self.released = False
        self._callback: Any = None

    def add_done_callback(self, callback: Any) -> None:
        self._callback = callback

    def release(self) -> None:
        self.released = True

    def result(self, timeout: float) -> Result:
        if self.error is not None:
            raise self.error
        return Result(Status.FINISHED, "")

    def end(self, error: BaseException | None = None, status: str = "finished") -> None:
        self.error, self.status = error, status
        self._callback(self)


class FakeConnection:
    """A connection in memory: holds tasks, and can be troubled."""

    def __init__(self) -> None:
        self.broken = False
        self.trouble: Exception | None = None
        self.refuses: Exception | None = None
        self.there = frozenset({"w"})
        self.published: set[str] = set()
        self.tasks: dict[str, Task] = {}
        self.calls: list[tuple[Any, ...]] = []
        self.closed = False

    def workers(self) -> frozenset[str]:
        if self.trouble is not None:
            raise self.trouble
        return self.there

    def submit(self, job: Job, worker: str) -> Task:
        if self.refuses is not None:
            raise self.refuses
        return self.tasks.setdefault(job.run_id, Task())

    def find(self, run_id: str) -> Task | None:
        return self.tasks.get(run_id)

    def publish(self, run_id: str, future: Any) -> None:
        self.published.add(run_id)

    def unpublish(self, run_id: str) -> None:
        self.published.discard(run_id)

    def call(self, worker: str, function: Any, *args: Any, seconds: float) -> None:
        self.calls.append((worker, function.__name__, *args))
        if self.trouble is not None:
            raise self.trouble

    def restart(self, worker: str) -> None:
        self.calls.append((worker, "restart"))

    def close(self) -> None:
        self.closed = True


class Scene:
    """A supervisor whose thread is the test's, and what it talks to."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.heard = Heard()
        self.watch = Supervisor(self.heard, home, "tcp://cluster:8786")
        self.link = FakeConnection()
        self.now = 0.0
        monkeypatch.setattr(supervisor, "time", SimpleNamespace(monotonic=lambda: self.now))
        monkeypatch.setattr(self.watch, "_connect", lambda: self.link)

    def beat(self) -> None:
        """What the thread does at each heartbeat."""
        self.watch.step()

    def submit(self, run_id: str) -> Task:
        self.watch.submit(Job(run_id, CONFIG), "w")
        self.beat()
        return self.link.tasks[run_id]


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(tmp_path, monkeypatch)


def _message(run_id: str, number: int) -> Message:
    return {
        "run_id": run_id,
        "number": number,
        "worker": "w",
        "kind": "epoch",
        "data": epoch_end(number).to_json(),
    }


def test_a_run_is_submitted_kept_and_let_go(scene: Scene) -> None:
    task = scene.submit("a")
    assert scene.link.published == {"a"}
    task.end()
    assert scene.heard.done["a"].status is Status.FINISHED
    scene.beat()
    assert scene.link.published == set()


def test_the_end_of_one_run_is_told_though_the_listener_failed_at_another(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = scene.submit("a"), scene.submit("b")
    told: list[str] = []

    def fail(run_id: str, _: Any) -> None:
        told.append(run_id)
        raise OSError("no space left")

    monkeypatch.setattr(scene.heard, "on_done", fail)
    first.end()
    second.end()
    assert told == ["a", "b"]


def test_a_run_that_cannot_be_submitted_fails_alone(scene: Scene) -> None:
    scene.link.refuses = TypeError("cannot pickle")
    scene.watch.submit(Job("a", CONFIG), "w")
    scene.beat()
    assert scene.heard.done["a"].status is Status.FAILED
    scene.link.refuses = None
    scene.submit("b").end()
    assert scene.heard.done["b"].status is Status.FINISHED


def test_a_run_whose_worker_went_before_it_began_says_so(scene: Scene) -> None:
    scene.watch.submit(Job("a", CONFIG), "gone")
    scene.beat()
    assert scene.heard.done["a"].status is Status.INTERRUPTED
    assert "before this run could begin" in scene.heard.done["a"].reason


def test_a_run_is_handed_over_before_the_workers_are_asked_for(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.beat()
    tasks = scene.link.tasks
    monkeypatch.setattr(scene.link, "workers", lambda: frozenset({"w"} if tasks else ()))
    scene.submit("a").end()
    assert scene.heard.done["a"].status is Status.FINISHED


def test_a_worker_that_goes_while_a_run_is_handed_over_leaves_none_waiting(scene: Scene) -> None:
    scene.beat()
    scene.link.there = frozenset()
    task = scene.submit("a")
    assert "before this run could begin" in scene.heard.done["a"].reason
    assert task.released
    assert scene.link.published == set()


def test_a_heartbeat_that_fails_closes_nothing(scene: Scene) -> None:
    scene.submit("a")
    scene.heard.told.clear()
    scene.link.trouble = NoAnswer()
    scene.beat()
    assert scene.watch.connection is scene.link  # type: ignore[comparison-overlap]
    assert not scene.heard.told
    scene.link.trouble = None
    scene.beat()
    assert scene.heard.told == [(frozenset({"w"}), "")]
    assert not scene.heard.done


def test_a_cluster_that_does_not_answer_is_given_up_after_the_grace(scene: Scene) -> None:
    scene.submit("a")
    scene.link.trouble = NoAnswer()
    scene.now = supervisor.GRACE_SECONDS - 1
    scene.beat()
    assert not scene.heard.done
    scene.now = supervisor.GRACE_SECONDS + 1
    scene.beat()
    assert scene.heard.done["a"].status is Status.INTERRUPTED
    assert "connection to the cluster was lost" in scene.heard.done["a"].reason
    assert scene.heard.workers == frozenset()
    assert scene.heard.problem == (
        "Training is not available: the cluster at tcp://cluster:8786 cannot be reached. "
        "The person who runs this server can start it."
    )
    assert scene.link.closed


def test_what_is_lost_with_the_connection_is_taken_up_by_the_next(scene: Scene) -> None:
    task = scene.submit("a")
    scene.link.broken = True
    task.end(OSError("connection lost"), "cancelled")
    assert not scene.heard.done
    scene.beat()
    assert scene.watch.connection is None
    former, scene.link = scene.link, FakeConnection()
    assert former.closed
    scene.link.tasks, scene.link.published = {"a": Task()}, {"a"}
    scene.beat()
    task.end()  # an old callback that is late
    assert not scene.heard.done
    scene.link.tasks["a"].end()
    assert scene.heard.done["a"].status is Status.FINISHED


def test_a_connection_that_breaks_again_and_again_ends_no_run(scene: Scene) -> None:
    task = scene.submit("a")
    for _ in range(supervisor._MOST_FETCHES + 1):
        scene.link.broken = True
        task.end(OSError("connection lost"), "cancelled")
        scene.beat()
        scene.link = FakeConnection()
        task = scene.link.tasks["a"] = Task()
        scene.beat()
    assert not scene.heard.done


def test_a_run_that_a_restarted_cluster_does_not_know_is_interrupted(scene: Scene) -> None:
    scene.submit("a")
    scene.link.broken = True
    scene.beat()
    scene.link = FakeConnection()
    scene.beat()
    assert "it was restarted, or" in scene.heard.done["a"].reason


def test_a_result_is_asked_for_again_and_not_for_ever(scene: Scene) -> None:
    task = scene.submit("a")
    for _ in range(supervisor._MOST_FETCHES):
        assert not scene.heard.done
        task.end(NoAnswer())
        scene.beat()
    assert scene.heard.done["a"].status is Status.INTERRUPTED
    assert "did not hand over" in scene.heard.done["a"].reason


def test_each_message_is_passed_on_once_and_in_order(scene: Scene) -> None:
    scene.submit("a")
    for number in (1, 2, 1, 2, 3, 5, 4, 5, 6):
        scene.watch.on_message(_message("a", number))
    assert scene.heard.epochs("a") == [1, 2, 3, 5, 6]


def test_strays_are_stopped_and_one_that_cannot_be_troubles_nobody(scene: Scene) -> None:
    scene.submit("a")
    scene.watch.on_message(_message("stray", 7))
    scene.link.trouble = None

    def call(*args: Any, **_: Any) -> None:
        scene.link.calls.append(args)
        raise NoAnswer

    scene.link.call = call  # type: ignore[method-assign]
    scene.beat()
    assert [args[2] for args in scene.link.calls] == ["stray"]
    assert scene.heard.workers == frozenset({"w"})
    assert not scene.link.closed


def test_a_run_that_the_hub_forgot_is_let_go_and_ends_silently(scene: Scene) -> None:
    task = scene.submit("a")
    scene.watch.forget("a")
    assert task.released
    task.end()
    scene.beat()
    assert not scene.heard.done
    assert scene.link.published == set()


def test_nothing_is_said_once_it_closes(scene: Scene) -> None:
    task = scene.submit("a")
    scene.watch._closing.set()
    task.end()
    scene.watch.on_message(_message("a", 1))
    scene.link.broken = True
    scene.beat()
    assert not scene.heard.done
    assert not scene.heard.events
    assert len(scene.heard.told) == 1


def test_a_cluster_without_workers_is_a_problem_once_they_stay_away(scene: Scene) -> None:
    scene.beat()
    scene.link.there = frozenset()
    scene.beat()
    assert scene.heard.problem == ""  # a worker that is replaced is away for a moment
    scene.now += supervisor.GRACE_SECONDS
    scene.beat()
    assert "no worker has joined the cluster at tcp://cluster:8786" in scene.heard.problem
    scene.link.there = frozenset({"w"})
    scene.beat()
    assert scene.heard.problem == ""


def _engine(scene: Scene, home: Path) -> Engine:
    engine = Engine(home)
    engine._listener = scene.heard
    engine._supervisor = scene.watch
    scene.beat()
    return engine


def test_a_worker_that_does_not_answer_is_said_in_words(scene: Scene, tmp_path: Path) -> None:
    engine = _engine(scene, tmp_path)
    scene.link.trouble = NoAnswer()
    with pytest.raises(ConnectionError, match="does not answer now"):
        engine.command("a", "w", Command("pause"))
    scene.link.trouble = KeyError("w")
    with pytest.raises(ConnectionError, match="cannot be reached now"):
        engine.network("a", "w")


def test_replacing_a_worker_tidies_up_what_is_compiled(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "compiled" / "folder" / "old.pb"
    old.parent.mkdir(parents=True)
    old.write_bytes(bytes(10))
    monkeypatch.setattr(compiled, "MAX_BYTES", 5)
    _engine(scene, tmp_path)._restart("w")
    assert not old.exists()
    assert scene.link.calls == [("w", "restart")]
