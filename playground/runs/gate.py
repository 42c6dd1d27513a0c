"""The gate: what has a say in what may be queued or deleted, and which rates may be set by hand.

The hub asks it whichever way a request comes: from Train, a sweep, a repetition, a fork, a page of
Learn. A class sets one with its rules; without one, everything is allowed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from playground.config import RunConfig
from playground.events import Command
from playground.store.runs import RunInfo


@dataclass(frozen=True)
class Stamp:
    """What a run that is queued has on it.

    Attributes:
        classroom: the class, activity and cell that it belongs to, as in `RunInfo.classroom`.
        sealed: whether it is never judged on the test images.
    """

    classroom: str = ""
    sealed: bool = False


class Gate(Protocol):
    """What the hub asks; from any thread."""

    def submission(
        self, owner: str, config: RunConfig, wish: str, parent: RunInfo | None = None
    ) -> AbstractContextManager[Stamp]:
        """Whether a run may be queued; it is queued before the context ends, or not at all.

        Until then it counts, so that a limit holds also when two come at once.

        Args:
            owner: who submits it.
            config: its settings.
            wish: the `RunInfo.classroom` that the page asks for; empty for none.
            parent: the run that it goes on or forks from; None from the beginning.

        Raises:
            Refused: it may not, from the call or on entering.
        """

    def command(self, owner: str, run: RunInfo, command: Command) -> None:
        """Whether an owner's run may have another learning rate.

        Raises:
            Refused: it may not.
        """

    def deletion(self, run: RunInfo) -> None:
        """Whether an owner's run that has ended may be deleted.

        Raises:
            Refused: it may not.
        """


class OpenGate:
    """Everything is allowed; what goes on from a sealed run is sealed."""

    @contextmanager
    def submission(
        self, owner: str, config: RunConfig, wish: str, parent: RunInfo | None = None
    ) -> Iterator[Stamp]:
        """Stamp it with what was asked for."""
        del owner, config
        yield Stamp(wish, sealed=parent is not None and parent.sealed)

    def command(self, owner: str, run: RunInfo, command: Command) -> None:
        """Allow it."""

    def deletion(self, run: RunInfo) -> None:
        """Allow it."""
