"""How the classes of a server stand now, for those who look."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator

from playground.classroom.gate import read_stamp
from playground.classroom.guessing import Guessing
from playground.classroom.judge import Judge
from playground.classroom.live.presence import Live
from playground.classroom.rooms.rooms import Rooms
from playground.classroom.rules.state import ClassState
from playground.classroom.views.audiences import takes_part, view
from playground.classroom.views.scene import Scene
from playground.classroom.views.shapes import View
from playground.classroom.views.shared import Trained, trained
from playground.runs.hub import Hub
from playground.store.runs import RunInfo

_NOTHING = b"null"
# Those of other classes are made again when somebody looks.
_MOST_SCENES = 16


class Scenes:
    """Scenes of classes, one for all who look at the same. Every method works from any thread.

    Args:
        hub: has the runs.
        rooms: the classes.
        live: who is here.
        judge: which envelopes are being opened.
        guessing: what the networks call drawings.
    """

    def __init__(
        self, hub: Hub, rooms: Rooms, live: Live, judge: Judge, guessing: Guessing
    ) -> None:
        self._hub, self._rooms, self._live = hub, rooms, live
        self._judge, self._guessing = judge, guessing
        self._lock = threading.Lock()  # guards the scenes
        self._scenes: dict[str, tuple[int, Scene]] = {}

    def runs(self, class_id: str) -> tuple[RunInfo, ...]:
        """The runs that belong to a class, the newest first."""
        return tuple(run for run in self._hub.runs() if read_stamp(run.classroom)[0] == class_id)

    def of(self, class_id: str) -> Scene | None:
        """How a class stands now; None if there is none. Reads no store."""
        # Asked before all else: what changes meanwhile has another one.
        revision = self._live.revision(class_id)
        room = self._rooms.room(class_id)
        if room is None or room.state is None:
            return None
        state, runs = room.state, self.runs(class_id)
        with self._lock:
            known = self._scenes.get(class_id)
        # Runs may be deleted, which nobody is told.
        if known and known[0] == revision and (known[1].state, known[1].runs) == (state, runs):
            return known[1]
        scene = Scene(
            state,
            room.row.code,
            runs,
            self._live.presence(class_id),
            dict(room.turned),
            self._judge.judging(class_id),
            self._guessing.known(class_id, state.shown or 0),
        )
        with self._lock:
            self._scenes.pop(class_id, None)
            self._scenes[class_id] = (revision, scene)
            while len(self._scenes) > _MOST_SCENES:
                del self._scenes[next(iter(self._scenes))]
        return scene

    def view(self, state: ClassState, audience: str) -> View | None:
        """What an audience may see of a class; None if that is nothing any more."""
        scene = self.of(state.id)
        return view(scene, audience) if scene and takes_part(scene.state, audience) else None

    def trained(self, class_id: str) -> tuple[Trained, ...]:
        """The runs of what a class is at, for its teacher alone. Reads no store."""
        scene = self.of(class_id)
        return trained(scene) if scene else ()

    def encoded(self, class_id: str, audiences: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """What audiences may see of a class now, as JSON; `null` for nothing any more."""
        scene = self.of(class_id)
        for audience in audiences:
            there = scene is not None and takes_part(scene.state, audience)
            yield audience, scene.encode(view(scene, audience)) if scene and there else _NOTHING

    def forget(self, class_id: str) -> None:
        """Forget a class that is gone."""
        with self._lock:
            self._scenes.pop(class_id, None)
