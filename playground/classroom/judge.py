"""The judge of sealed activities: a thread that opens envelopes, since to judge takes its time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable

from playground.classroom.envelope import test_accuracy
from playground.classroom.rules.log import Tested
from playground.classroom.rules.state import ClassState
from playground.dataset import DatasetError, load_data
from playground.locales import english, lazy
from playground.network.network import Network
from playground.runs.dispatch.errands import Errands
from playground.runs.hub import Hub
from playground.runs.refusals import Refused
from playground.runs.results import has_result
from playground.store.runs import RunInfo, StoreError

_log = logging.getLogger(__name__)


class Judge:
    """Judges the runs of activities on the test images, one activity after the other.

    Every method may be called from any thread, and returns soon.

    Args:
        hub: has the networks.
        changed: called with a class's id when it begins or ends to judge there.
    """

    def __init__(self, hub: Hub, changed: Callable[[str], None]) -> None:
        self._hub, self._changed = hub, changed
        self._errands = Errands("envelopes")
        self._lock = threading.Lock()  # guards what follows
        self._at: set[tuple[str, int]] = set()

    def start(self) -> None:
        """Begin."""
        self._errands.start()

    def close(self) -> None:
        """End, after what it is at."""
        self._errands.close(5)

    def judging(self, class_id: str) -> frozenset[int]:
        """The openings of a class whose envelopes are being opened."""
        with self._lock:
            return frozenset(number for one, number in self._at if one == class_id)

    def open(
        self,
        state: ClassState,
        number: int,
        runs: Iterable[RunInfo],
        done: Callable[[list[Tested]], object],
    ) -> None:
        """Judge all runs of an opening that have a result; asked twice, it does so once.

        Raises:
            Refused: the network of none of them is still there, or the images are not.

        Args:
            state: of the class.
            number: of the opening.
            runs: of the opening.
            done: is given the results, in the judge's thread.
        """
        judged = [run for run in runs if has_result(run)]
        with self._lock:
            if (state.id, number) in self._at:
                return
        self._check(state, judged)
        with self._lock:
            if (state.id, number) in self._at:
                return
            self._at.add((state.id, number))
        self._changed(state.id)
        self._errands.do(self._judge, state, number, judged, done)

    def _check(self, state: ClassState, runs: list[RunInfo]) -> None:
        """Say to who asks why nothing can be judged; one network that is there is enough."""
        try:
            load_data()
        except DatasetError as error:
            raise Refused(lazy("The envelope stays closed. {reason}", reason=error)) from error
        if not any(self._network(state, run) for run in runs):
            raise Refused(
                lazy(
                    "The envelope stays closed: the network of no run of this activity is still "
                    "there to be judged. Train once more."
                )
            )

    def _judge(
        self,
        state: ClassState,
        number: int,
        runs: list[RunInfo],
        done: Callable[[list[Tested]], object],
    ) -> None:
        try:
            tested = (self._tested(state, run) for run in runs)
            done([one for one in tested if one is not None])
        except (Refused, StoreError, DatasetError) as error:
            _log.warning("The envelope of class %s stays closed: %s", state.id, error)
        finally:
            with self._lock:
                self._at.discard((state.id, number))
            self._changed(state.id)

    def _tested(self, state: ClassState, run: RunInfo) -> Tested | None:
        """How a run does on the test images; None for one whose network is gone."""
        member, network = state.member_of(run.owner), self._network(state, run)
        validated = run.summary.val_accuracy
        if network is None or member is None or validated is None:
            return None
        return Tested(
            run=run.id,
            member=member.number,
            val_accuracy=validated,
            test_accuracy=test_accuracy(network),
        )

    def _network(self, state: ClassState, run: RunInfo) -> Network | None:
        """A run's network, if it can be judged."""
        if state.member_of(run.owner) is None or run.summary.val_accuracy is None:
            return None
        try:
            return self._hub.network(run.id)
        except (StoreError, ValueError) as error:
            _log.warning("The network of run %s cannot be judged: %s", run.id, english(error))
            return None
