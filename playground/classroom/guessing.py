"""What the networks of a class make of its drawings: a thread that has them guess."""

from __future__ import annotations

import threading
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from playground.classroom.gate import is_of, stamp
from playground.classroom.rules.state import ClassState, Drawing, Opening
from playground.config import IMAGE_SHAPE
from playground.events import Status
from playground.network.network import Network
from playground.runs.dispatch.errands import Errands
from playground.runs.hub import Hub
from playground.store.runs import RunInfo, StoreError


@dataclass(frozen=True)
class Guess:
    """What one member's network calls a drawing.

    Attributes:
        run: of the network.
        label: the most likely one.
        probability: of that label, 0 to 1.
    """

    run: str
    label: int
    probability: float


# By the drawing's index in its opening, then by member.
Guesses = Mapping[int, Mapping[int, Guess]]


def newest_networks(state: ClassState, opening: Opening, runs: Iterable[RunInfo]) -> dict[int, str]:
    """The newest run of each member in an opening that has ended with a network.

    Args:
        state: of the class.
        opening: one of its.
        runs: of the class, newest first.
    """
    numbers = {member.owner: member.number for member in state.present}
    found: dict[int, str] = {}
    for run in runs:
        ended = run.status in (Status.FINISHED, Status.STOPPED)
        if ended and run.owner in numbers and is_of(run, stamp(state.id, opening.number)):
            found.setdefault(numbers[run.owner], run.id)
    return found


def guess(network: Network, drawing: Drawing) -> tuple[int, float] | None:
    """The label that a network gives a drawing, and its probability; None if it has no answer."""
    item = np.frombuffer(b64decode(drawing.item), np.uint8).reshape(1, *IMAGE_SHAPE)
    probabilities = network.predict(item)[0]
    if not np.isfinite(probabilities).all():
        return None
    label = int(probabilities.argmax())
    return label, float(probabilities[label])


class Guessing:
    """Has networks guess what others have drawn. Every method returns at once, in any thread.

    What is guessed follows from drawings and networks, so it is in memory only.

    Args:
        hub: has the networks.
        changed: called with a class's id when there are new guesses.
    """

    def __init__(self, hub: Hub, changed: Callable[[str], None]) -> None:
        self._hub, self._changed = hub, changed
        self._errands = Errands("guesses")
        self._lock = threading.Lock()  # guards what follows
        self._known: dict[tuple[str, int], dict[int, dict[int, Guess]]] = {}

    def start(self) -> None:
        """Begin."""
        self._errands.start()

    def close(self) -> None:
        """End, after what it is at."""
        self._errands.close(5)

    def forget(self, class_id: str) -> None:
        """Forget a class that is gone."""
        with self._lock:
            for key in [key for key in self._known if key[0] == class_id]:
                del self._known[key]

    def known(self, class_id: str, number: int) -> Guesses:
        """What has been guessed in an opening."""
        with self._lock:
            found = self._known.get((class_id, number), {})
            return {index: dict(guesses) for index, guesses in found.items()}

    def look(self, state: ClassState, runs: Iterable[RunInfo]) -> None:
        """Have guessed what has not been yet of what the class is at.

        Args:
            state: of the class.
            runs: of the class, newest first.
        """
        at = state.at
        if at is not None and at.activity.draw and at.drawings:
            self._errands.do(self._look, state, at, newest_networks(state, at, runs))

    def _look(self, state: ClassState, at: Opening, newest: dict[int, str]) -> None:
        known, new = self.known(state.id, at.number), False
        for member, run_id in newest.items():
            missing = [
                (index, drawing)
                for index, drawing in enumerate(at.drawings)
                if drawing.member != member and self._is_new(known, index, member, run_id)
            ]
            network = self._network(run_id) if missing else None
            for index, drawing in missing:
                found = guess(network, drawing) if network else None
                if found is not None:
                    self._note(state.id, at.number, index, member, Guess(run_id, *found))
                    new = True
        if new:
            self._changed(state.id)

    @staticmethod
    def _is_new(known: Guesses, index: int, member: int, run_id: str) -> bool:
        before = known.get(index, {}).get(member)
        return before is None or before.run != run_id

    def _note(self, class_id: str, number: int, index: int, member: int, found: Guess) -> None:
        with self._lock:
            of_opening = self._known.setdefault((class_id, number), {})
            of_opening.setdefault(index, {})[member] = found

    def _network(self, run_id: str) -> Network | None:
        try:
            return self._hub.network(run_id)
        except (StoreError, ValueError):  # it takes no part
            return None
