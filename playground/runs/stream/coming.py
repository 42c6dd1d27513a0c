"""Runs that a stream is asked for before they are there: a press of Train begins them."""

from __future__ import annotations

from time import monotonic

from playground.runs.hub import Hub

# Within so many seconds after the press a run is there, or there is none.
_SECONDS = 3.0
# So often it is looked for, in seconds: nothing happens to it in its first moments.
LOOK_SECONDS = 0.01


class Coming:
    """The runs that one stream still waits for; false when there are none. Lives on the event loop.

    Args:
        hub: will have them.
        run_ids: that it has not yet.
    """

    def __init__(self, hub: Hub, run_ids: set[str]) -> None:
        self._hub, self._missing = hub, run_ids
        self._until = monotonic() + _SECONDS

    def __bool__(self) -> bool:
        return bool(self._missing)

    def come(self) -> set[str]:
        """Those that are there now; each is said once."""
        there = {run_id for run_id in self._missing if self._hub.run(run_id)}
        self._missing = self._missing - there
        return there

    def given_up(self) -> set[str]:
        """Those that have not come in time; each is said once."""
        if monotonic() < self._until:
            return set()
        given_up, self._missing = self._missing, set()
        return given_up
